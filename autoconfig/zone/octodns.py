"""A plan for octoDNS: a document of YAML a zone, as its provider of files has them.

octoDNS wants the keys of every mapping in order. A name in such a file has all of its records; so
what the plan keeps at a name stands beside what it adds there.
"""

import json
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from autoconfig.problems import printable
from autoconfig.zone.comments import about, added, of_the_zone, relative
from autoconfig.zone.plan import Plan
from autoconfig.zone.record import Record, Srv
from autoconfig.zone.words import Words

Yaml: TypeAlias = dict[str, "Yaml"] | list["Yaml"] | str | int

REMOVE: Words = {
    "en": "Remove from the file, under these names:",
    "fr": "À supprimer du fichier, sous ces noms :",
}
PUT: Words = {
    "en": "Each name below takes the place of the one in the file. Keep what else that has there.",
    "fr": "Chaque nom ci-dessous remplace celui du fichier. Gardez ce que celui-ci a d'autre.",
}


def octodns(plans: Sequence[Plan], lang: str) -> str:
    """The documents of all plans, each for the file that its comment names."""
    return "\n".join(line for plan in plans for line in _plan(plan, lang))


def _plan(plan: Plan, lang: str) -> Iterator[str]:
    names = _names(plan)
    if names:
        yield f"--- # {plan.domain}.yaml"
    for line in (*about(plan, REMOVE, lang, Record.line), *of_the_zone(plan, lang)):
        yield f"# {line}"
    if names:
        yield f"# {PUT[lang]}"
    for name in sorted(names):
        yield f"{json.dumps(name)}:"
        yield from (f"  {line}" for line in _block(names[name]))
    yield ""


def _names(plan: Plan) -> dict[str, Yaml]:
    """What stands at each name to which something is added: a set of records, or several."""
    records = [entry.record for entry in added(plan)]
    touched = {record.name for record in records}
    records += [entry.record for entry in plan.keep if entry.record.name in touched]
    sets: dict[str, dict[str, list[Record]]] = {}
    for record in records:
        types = sets.setdefault(relative(record.name, plan.domain), {})
        types.setdefault(record.type, []).append(record)
    return {name: _one_or_all([*map(_set, types.values())]) for name, types in sets.items()}


def _set(records: Sequence[Record]) -> Yaml:
    value = _one_or_all([*map(_value, records)])
    key = "values" if isinstance(value, list) else "value"
    return {"ttl": records[0].ttl, "type": records[0].type, key: value}


def _one_or_all(values: list[Yaml]) -> Yaml:
    return values[0] if len(values) == 1 else values


def _value(record: Record) -> Yaml:
    match record.type, Srv.parse(record.value):
        case "SRV", Srv(priority, weight, port, host):
            return {"priority": priority, "weight": weight, "port": port, "target": host}
        case "TXT", _:  # without quotes; backslashes stay, and one stands before a semicolon
            return record.value[1:-1].replace('\\"', '"').replace(";", "\\;")
    return record.value


def _block(value: Yaml) -> Iterator[str]:
    """The lines of a value. Texts are quoted, as JSON does it, lest one has a meaning in YAML."""
    match value:
        case dict():
            for key in sorted(value):
                first, *others = _block(value[key])
                nested = isinstance(value[key], dict | list)
                yield from (f"{key}:", f"  {first}") if nested else (f"{key}: {first}",)
                yield from (f"  {line}" for line in others)
        case list():
            for each in value:
                first, *others = _block(each)
                yield from (f"- {first}", *(f"  {line}" for line in others))
        case str():
            yield json.dumps(printable(value), ensure_ascii=False)
        case _:
            yield str(value)

"""The facts that several offers have: written once, and put in the place of each use.

`{ like = "NAME", source = […] }` stands for the entry NAME of `[shared.KEY]`, where KEY is the key
under which it stands. In an array the rows of the entry take its place, elsewhere its table; each
gets the other keys of the use. So the sources stand at the use: where it was read that this offer
has it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from autoconfig.offers.model import SharedEntries
from autoconfig.problems import Problem, quoted
from autoconfig.typed_toml import closest_keys, valid_part

LIKE = "like"
_ELSEWHERE = {"source": "source, beside `like`, where the entry is used"}

Entries: TypeAlias = Mapping[str, Mapping[str, Any]]
"""The tables `[shared.…]`: entries by the key that they are for, then by name."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """The tables of a file, with each entry in the place of its uses.

    `problems`: mistakes in the entries, and names that no entry has; None stands in `tables` in the
    place of each. `moved`: for a row that does not stand there in the file, the place of its item.
    """

    tables: dict[str, Any]
    problems: list[Problem]
    moved: Mapping[str, str]

    def as_written(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems in `tables`, each once and at its place in the file."""
        return list(dict.fromkeys(map(self._at_its_place, problems)))

    def _at_its_place(self, problem: Problem) -> Problem:
        row, rest = problem.where, ""
        while row and row not in self.moved:
            row, dot, key = row.rpartition(".")
            rest = f"{dot}{key}{rest}"
        return Problem(self.moved[row] + rest, problem.message) if row else problem


def expand(written: Mapping[str, Any], known: Entries) -> Expanded:
    """Put the entries of the file's own `[shared.…]`, and those `known`, where they are used."""
    shared, problems = valid_part(written.get("shared", {}), SharedEntries, "shared", _ELSEWHERE)
    entries = _entries(shared or {}, known, [problem.where for problem in problems])
    tables = {**written, "shared": None if problems else shared}
    if "offer" in written:
        tables["offer"] = _expanded(written["offer"], "offer", entries)
    moved: dict[str, str] = {}
    for place, key, value in _walk(written.get("offer"), "offer", "offer"):
        if isinstance(value, list):
            moved |= _moved(value, key, place, entries)
        elif isinstance(value, dict) and LIKE in value:
            problems += _unknown(value[LIKE], key, f"{place}.{LIKE}", entries)
    return Expanded(tables, problems, moved)


def _entries(shared: dict[str, Any], known: Entries, wrong: Iterable[str]) -> Entries:
    """The own entries above those that are known, with None for one in which something is wrong."""
    entries = {key: dict(known.get(key, {})) for key in SharedEntries.__struct_fields__}
    for key, own in shared.items():
        for name, entry in (own or {}).items():
            place = f"shared.{key}.{name}."
            right = not any(f"{each}.".startswith(place) for each in wrong)
            entries[key][name] = entry if right else None
    return entries


def _expanded(value: Any, key: str, entries: Entries) -> Any:
    """The value of a key, with the entries in it."""
    if isinstance(value, list):
        return [row for item in value for row in _rows(item, key, entries)]
    if not isinstance(value, dict):
        return value
    if LIKE not in value:
        return {below: _expanded(each, below, entries) for below, each in value.items()}
    entry = _entry(value, key, entries)
    return value if isinstance(entry, list) else _merged(entry, value)  # the types refuse a list


def _rows(item: Any, key: str, entries: Entries) -> list[Any]:
    """The rows of an array that an item stands for: one, unless it uses an entry."""
    entry = _entry(item, key, entries)
    if isinstance(entry, list):
        return [_merged(row, item) for row in entry]
    return [_expanded(item, key, entries)]


def _entry(value: Any, key: str, entries: Entries) -> Any:
    """The entry that a value uses; None if it uses none, or one that is not right."""
    name = value.get(LIKE) if isinstance(value, dict) else None
    return entries.get(key, {}).get(name) if isinstance(name, str) else None


def _merged(entry: dict[str, Any] | None, use: dict[str, Any]) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {**entry, **{key: each for key, each in use.items() if key != LIKE}}


def _walk(value: Any, key: str, place: str) -> Iterator[tuple[str, str, Any]]:
    """Every value in the tables: its place, the key that it stands under, and itself."""
    yield place, key, value
    if isinstance(value, dict):
        for below, each in value.items():
            yield from _walk(each, below, f"{place}.{below}")
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _walk(item, key, f"{place}.{number}")


def _moved(items: list[Any], key: str, place: str, entries: Entries) -> dict[str, str]:
    """The places of the rows that have another number than their item, and the item's."""
    numbers = [n for n, item in enumerate(items, 1) for _ in _rows(item, key, entries)]
    pairs = enumerate(numbers, 1)
    return {f"{place}.{row}": f"{place}.{item}" for row, item in pairs if row != item}


def _unknown(name: Any, key: str, place: str, entries: Entries) -> Iterator[Problem]:
    """A problem if no entry has the name."""
    if key not in entries:
        known = ", ".join(entries)
        yield Problem(place, f"nothing is shared as {key}; known keys of [shared]: {known}")
    elif name not in [*entries[key]]:
        near = closest_keys([name], entries[key]) if isinstance(name, str) else {}
        hint = f"did you mean {quoted(near[name])}? " if near else ""
        known = ", ".join(map(quoted, entries[key])) or "none yet"
        message = f"found {quoted(name)}: {hint}The entries of [shared.{key}] are {known}"
        yield Problem(place, message)

"""A plan for Terraform: a resource a record, of the provider `ovh/ovh`.

Never `ovh_domain_zone_import`, which rules a zone as a whole. The provider's documentation has the
arguments, and how a record that is there already comes under a resource (read 2026-11-26).
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from autoconfig.names import Domain
from autoconfig.problems import printable
from autoconfig.zone.comments import about, added, of_the_zone, relative
from autoconfig.zone.plan import Plan
from autoconfig.zone.record import Record
from autoconfig.zone.words import NEEDED, Words

KIND = "ovh_domain_zone_record"

REMOVE: Words = {
    "en": "Remove first, by the resource or in the control panel; or import as said below:",
    "fr": "À supprimer d'abord, par la ressource ou dans l'espace client ; ou à importer :",
}
IMPORT: Words = {
    "en": "to change the record that is there, by its number:",
    "fr": "pour changer l'enregistrement présent, par son numéro :",
}


def terraform(plans: Sequence[Plan], lang: str) -> str:
    """The resources of all plans, each with a label of its own, which stays the same."""
    labels: Counter[str] = Counter()
    return "\n".join(line for plan in plans for line in _plan(plan, lang, labels))


def _plan(plan: Plan, lang: str, labels: Counter[str]) -> Iterator[str]:
    for line in (*about(plan, REMOVE, lang, Record.line), *of_the_zone(plan, lang)):
        yield f"# {line}"
    yield ""
    for entry in added(plan):
        label = _label(entry.record, labels)
        yield f"# {NEEDED[entry.needed][lang]}"
        if entry.old and entry.old.type == entry.record.type:
            yield f"# {IMPORT[lang]} terraform import {KIND}.{label} ID.{plan.domain}"
        yield f'resource "{KIND}" "{label}" {{'
        yield from (*_arguments(entry.record, plan.domain), "}", "")


def _label(record: Record, labels: Counter[str]) -> str:
    """A name in HCL: letters first; a number where two records have the same."""
    label = "_".join(re.findall(r"[a-z0-9-]+", f"{record.type.lower()}.{record.name}"))
    labels[label] += 1
    return label if labels[label] == 1 else f"{label}_{labels[label]}"


def _arguments(record: Record, domain: Domain) -> Iterator[str]:
    arguments = {
        "zone": _quoted(domain),
        "subdomain": _quoted(relative(record.name, domain)),
        "fieldtype": _quoted(record.type),
        "ttl": str(record.ttl),
        "target": _quoted(record.value),
    }
    return (f"  {key:<9} = {value}" for key, value in arguments.items())


def _quoted(text: str) -> str:
    """A string of HCL, in which nothing is a template."""
    escaped = json.dumps(printable(text), ensure_ascii=False)
    return escaped.replace("${", "$${").replace("%{", "%%{")

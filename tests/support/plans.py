"""Zones as short lines, plans as short lines, and zones to which a plan has been applied."""

from collections.abc import Iterable, Sequence

from autoconfig.names import Domain
from autoconfig.offers.model import Service
from autoconfig.zone.compare import make_plan
from autoconfig.zone.plan import Act, Entry, Plan, Target
from autoconfig.zone.record import Record
from tests.support.services import CATALOGUE

DOMAIN = Domain("example.fr")
TARGET = Target(Domain("autoconfig.agency.example"))

DEFAULT_ZONE = """\
_autodiscover._tcp SRV 0 0 443 mailconfig.ovh.net.
_imaps._tcp SRV 0 0 993 ssl0.ovh.net.
_submission._tcp SRV 0 0 465 ssl0.ovh.net.
autoconfig CNAME mailconfig.ovh.net.
autodiscover CNAME mailconfig.ovh.net.
"""
"""What zones have that OVHcloud created, as far as a plan looks at it."""


def held(text: str, domain: Domain = DOMAIN) -> list[Record]:
    """The records of lines such as `autoconfig CNAME server.example.`; `@` is the domain."""
    parts = [line.split(maxsplit=2) for line in text.splitlines()]
    return [Record(_name(label, domain), kind, value) for label, kind, value in parts]


def _name(label: str, domain: Domain) -> str:
    if label.endswith("."):
        return label
    return f"{domain}." if label == "@" else f"{label}.{domain}."


def planned(service: Service, text: str, target: Target = TARGET) -> Plan:
    """The plan of the domain, from the lines of its zone."""
    return make_plan(DOMAIN, service, held(text), target, CATALOGUE)


def told(plan: Plan, *labels: str) -> list[str]:
    """The entries as lines, all or those at some labels: what, record, old record, reason."""
    names = [_name(label, plan.domain) for label in labels]
    entries = [(act, entry) for act in Act for entry in plan.of(act)]
    return [
        _line(act, entry, plan.domain)
        for act, entry in entries
        if not labels or entry.record.name in names
    ]


def _line(act: Act, entry: Entry, domain: Domain) -> str:
    record, old = entry.record, entry.old
    needed = "needed" if entry.needed else "helps"
    label = record.name.removesuffix(f".{domain}.")
    words = [act if act is Act.KEEP else f"{act} {needed}", label, record.type, record.value]
    if old:
        words += ["<", old.type, old.value]
    return f"{' '.join(words)} ({entry.why})"


def applied(present: Sequence[Record], entries: Iterable[Entry], plan: Plan) -> list[Record]:
    """The zone after some changes of the plan."""
    chosen = list(entries)
    gone = {each.old.said for each in chosen if each.old}
    gone |= {each.record.said for each in plan.delete if each in chosen}
    new = [each.record for each in chosen if each not in plan.delete]
    return [*(each for each in present if each.said not in gone), *new]

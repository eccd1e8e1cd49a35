"""The way back: from a journal to the records that were there before.

A record that the journal tells of was there before if it first went, and was not if it first came.
So it does not matter which of the writes were done: what is there now decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from autoconfig.account.changes import Said, Work
from autoconfig.account.journal import Line, Was, Write
from autoconfig.account.zones import SET_ASIDE, Copy, Stored
from autoconfig.names import Domain
from autoconfig.zone.plan import Entry, Plan, Remark, What, Why
from autoconfig.zone.record import Record
from autoconfig.zone.text import read_zone


@dataclass(frozen=True, slots=True)
class Before:
    """What a journal tells of a zone.

    `whole`: all that it had. `gone`, `new`: the records that went and were there, and those that
    came and were not. `spelled`: how the API had them.
    """

    whole: frozenset[Said] = frozenset()
    gone: dict[Said, Record] = field(default_factory=dict)
    new: dict[Said, Record] = field(default_factory=dict)
    spelled: dict[Said, Stored] = field(default_factory=dict)

    def note(self, write: Write) -> None:
        """Take up a write: what it tells first of a record counts."""
        for stored, records in ((write.old, self.gone), (write.new, self.new)):
            for record in stored.records(write.zone) if stored else ():
                if stored and record.said not in self.spelled:
                    records[record.said], self.spelled[record.said] = record, stored


def read_back(lines: Iterable[Line]) -> dict[Domain, Before]:
    """What a journal tells, by zone."""
    zones: dict[Domain, Before] = {}
    for line in lines:
        match line:
            case Was():
                zone = read_zone(line.text, line.zone, f"the zone {line.zone} as it was")
                zones[line.zone] = Before(frozenset(record.said for record in zone.records))
            case Write():
                zones.setdefault(line.zone, Before()).note(line)
    return zones


def way_back(before: Before, copy: Copy) -> tuple[Plan, Work]:
    """The plan that leads back from what a zone is now, with its work.

    A name with a record that neither was there before nor came by the journal is left alone.
    """
    touched = {record.name for record in (*before.gone.values(), *before.new.values())}
    here = {
        record.said: record
        for record in copy.zone.records
        if record.name in touched and record.type not in SET_ASIDE
    }
    known = before.whole | before.spelled.keys()
    left = {record.name for said, record in here.items() if said not in known}
    ending = [
        record for said, record in before.new.items() if said in here and record.name not in left
    ]
    coming = [
        record
        for said, record in before.gone.items()
        if said not in here and record.name not in left
    ]
    zone = copy.zone.origin
    remarks = (Remark(What.LEFT_ALONE, {"name": name}) for name in sorted(left))
    plan = replace(_plan(zone, ending, coming), remarks=tuple(remarks))
    interest: dict[str, tuple[str, ...]] = {}
    for record in (*ending, *coming):
        interest[record.name] = (*interest.get(record.name, ()), record.type)
    work = Work.of([plan], copy, {zone: interest})
    return plan, replace(work, spelled=before.spelled)


def _plan(zone: Domain, ending: Iterable[Record], coming: Iterable[Record]) -> Plan:
    """The plan by which records end and others come, one in the place of another of its name."""
    delete, comes = [*ending], []
    for record in coming:
        old = next((each for each in delete if each.name == record.name), None)
        if old:
            delete.remove(old)
        comes.append(Entry(record, Why.AS_BEFORE, needed=True, old=old))
    return Plan(
        domain=zone,
        service=None,
        create=tuple(entry for entry in comes if not entry.old),
        replace=tuple(entry for entry in comes if entry.old),
        delete=tuple(Entry(record, Why.AS_BEFORE, needed=True) for record in delete),
    )

"""The records that a wildcard of a zone answers at a name that is not there (RFC 4592).

They are no records of the name: one that is created there takes their place. So a plan passes them
over, but for those that are as good as what it would create.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from autoconfig.zone.plan import Target
from autoconfig.zone.record import Record, absolute, by_name


class Seen(NamedTuple):
    """What is answered at the names of a domain: records of theirs, and those of wildcards."""

    records: Sequence[Record]
    wild: Sequence[Record] = ()

    @classmethod
    def of_zone(cls, records: Sequence[Record], names: Mapping[str, Sequence[str]]) -> "Seen":
        """By all records of a zone. `names`: those that are looked at, and the types."""
        zone = by_name(records)
        there = {above for name in zone for above in _and_above(name)}
        wild = (
            record._replace(name=name)
            for name, kinds in names.items()
            if name not in there
            for record in zone.get(f"*.{_encloser(name, there)}", ())
            if record.type in kinds or record.type == "CNAME"
        )
        return cls(records, tuple(wild))

    def counted(self, target: Target) -> tuple[Record, ...]:
        """The records from which a plan is made: with what wildcards say of MX and the target."""
        right = {str(each) for each in (*target.addresses, *target.known)}
        right |= {absolute(target.host)} if target.host else set()
        as_good = (each for each in self.wild if each.type == "MX" or each.value in right)
        return (*self.records, *as_good)


def _and_above(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]


def _encloser(name: str, there: set[str]) -> str:
    """The closest name above that is there."""
    return next((each for each in _and_above(name) if each in there), "")

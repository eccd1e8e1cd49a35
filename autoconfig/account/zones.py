"""The DNS zones of an account: read whole, and written one record at a time.

A zone has two copies at OVHcloud: the one that is edited, which is read and written here, and the
one that name servers serve, which a refresh makes equal to it. A record has a number there, by
which it is changed; the numbers change when somebody edits the zone as text, so they are read just
before they are used.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import msgspec

from autoconfig.account.client import Account, part
from autoconfig.account.refusals import Absent
from autoconfig.account.shapes import understood
from autoconfig.names import Domain, parse_domain
from autoconfig.problems import InvalidName
from autoconfig.zone.record import Record
from autoconfig.zone.text import Zone, read_zone

WRITABLE = frozenset({"A", "AAAA", "CNAME", "SRV", "TXT"})
"""The types that a plan may hold. NS and MX, and the API's own SPF, DKIM and DMARC, never."""

SET_ASIDE = ("NS", "MX")
"""Types of which a zone has several, and a plan none: one call lists them, and saves theirs."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A record in the words of the API: `name` below the zone, "" at its top.

    `target`: as it was typed, relative to the zone without final dot. `ttl`: in seconds, 0 for
    the zone's own.
    """

    name: str
    type: str
    target: str
    ttl: int = 0

    @classmethod
    def of(cls, record: Record, zone: Domain) -> "Stored":
        """A record of a plan."""
        name = record.name.removesuffix(f"{zone}.").removesuffix(".")
        return cls(name, record.type, record.value, record.ttl)

    def records(self, zone: Domain) -> tuple[Record, ...]:
        """What it means: one record, or none where programs cannot be told of it (`ALIAS`).

        The zone's text goes through the same reader, so that the two can be compared.
        """
        ttl = f"{self.ttl} " if self.ttl else ""
        line = f"{self.name or '@'} {ttl}IN {self.type} {self.target}\n"
        return read_zone(line, zone, f"{self.name or zone} in the zone {zone}").records


class _Answer(msgspec.Struct):
    """A record as the API shows it, where some may be null."""

    field_type: str = msgspec.field(name="fieldType")
    target: str
    sub_domain: str | None = msgspec.field(name="subDomain", default=None)
    ttl: int | None = None

    @property
    def stored(self) -> Stored:
        return Stored(self.sub_domain or "", self.field_type, self.target, self.ttl or 0)


class Held(NamedTuple):
    """A record that a zone holds, with its number."""

    id: int
    stored: Stored
    record: Record


class Copy(NamedTuple):
    """A zone, and the text of it that OVHcloud exports."""

    zone: Zone
    text: str


class Zones:
    """The zones of an account. All of it raises `AccountError`."""

    def __init__(self, account: Account) -> None:
        self._account = account

    @cached_property
    def names(self) -> frozenset[Domain]:
        """The names of all zones, which may come in either form, and in any case."""
        names: set[Domain] = set()
        for text in understood(self._account.get("/domain/zone"), list[str]):
            with suppress(InvalidName):  # of a zone that has no domain of ours
                names.add(parse_domain(text))
        return frozenset(names)

    def holding(self, domain: Domain) -> Domain | None:
        """The zone with the records of a domain: of it, or of what it is below; None if elsewhere.

        Dots tell nothing: `mail.example.co.uk` may be in any of three zones.
        """
        labels = domain.split(".")
        above = (Domain(".".join(labels[number:])) for number in range(len(labels)))
        return next((name for name in above if name in self.names), None)

    def copy(self, zone: Domain) -> Copy:
        """The zone in the copy that is edited. Raises `ConfigurationError` if it is unreadable."""
        text = understood(self._account.get(f"{zone_path(zone)}/export"), str)
        return Copy(read_zone(text, zone, f"the zone {zone} at OVHcloud"), text)

    def held(
        self, zone: Zone, names: Collection[str], read: Callable[[int], object] = bool
    ) -> Iterator[Held]:
        """The records at some names, each read now. `zone`: what the text said before.

        Every record of the zone is read, since the API's filters are patterns, with `SET_ASIDE`
        left out where that saves calls. A record that is removed meanwhile is absent.
        """
        path = zone_path(zone.origin)
        for number in self._numbers(path, zone.records):
            try:
                found = self._account.get(f"{path}/record/{number}")
            except Absent:
                continue
            read(1)
            stored = understood(found, _Answer).stored
            if _absolute(stored.name, zone.origin) in names and stored.type not in SET_ASIDE:
                yield from (Held(number, stored, each) for each in stored.records(zone.origin))

    def _numbers(self, path: str, records: Sequence[Record]) -> list[int]:
        several = Counter(record.type for record in records)
        numbers = dict.fromkeys(understood(self._account.get(f"{path}/record"), list[int]))
        for kind in SET_ASIDE:
            if several[kind] > 1:
                found = self._account.get(f"{path}/record", fieldType=kind)
                for number in understood(found, list[int]):
                    numbers.pop(number, None)
        return [*numbers]


class ZoneEditor:
    """Writes into one zone, and nothing but what is planned.

    `planned`: every record that may come or go. Another one, or one of a type that no plan holds,
    is a fault of this program, and raises `AssertionError` before any call.
    """

    def __init__(self, account: Account, zone: Domain, planned: Collection[Record]) -> None:
        self._account, self._path, self._zone = account, zone_path(zone), zone
        self._planned = {record.said for record in planned}

    def write(self, old: Held | None, new: Stored | None) -> int:
        """Create `new`, remove `old`, or give `old` the value of `new`, which has its type.

        Gives the number of a record that was created, 0 where the API does not say it. Raises
        `AccountError`.
        """
        self._require(old.stored if old else None, new)
        record = f"{self._path}/record/{old.id if old else ''}".rstrip("/")
        if new is None:
            self._account.delete(record)
            return 0
        body = {"subDomain": new.name, "target": new.target, "ttl": new.ttl}
        if old is None:
            answer = self._account.post(record, fieldType=new.type, **body)
            return answer.get("id") or 0 if isinstance(answer, dict) else 0
        self._account.put(record, **body)
        return 0

    def refresh(self) -> None:
        """Have the zone served as it is now."""
        self._account.post(f"{self._path}/refresh")

    def _require(self, old: Stored | None, new: Stored | None) -> None:
        changes = [each for each in (old, new) if each]
        for each in changes:
            said = {record.said for record in each.records(self._zone)}
            if each.type not in WRITABLE or not said or not said <= self._planned:
                raise AssertionError(f"not of the plan: {each} in {self._zone}")
        if len({each.type for each in changes}) != 1:
            raise AssertionError(f"a record keeps its type: {changes}")


def zone_path(zone: Domain) -> str:
    """The path of a zone."""
    return f"/domain/zone/{part(zone)}"


def _absolute(name: str, zone: Domain) -> str:
    return f"{name}.{zone}.".lower() if name else f"{zone}."

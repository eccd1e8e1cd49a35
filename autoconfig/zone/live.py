"""The records that the DNS holds, as the resolver and each name server of the zone have them.

A change reaches the servers of a zone one after the other, and a resolver when the time of what it
keeps is over. So each copy is read. The newest one is what is there; the others are behind.

Nothing is taken for absent that is not: a copy is whole, or it is none.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial, reduce
from itertools import chain, filterfalse
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import dns.rdatatype
from dns.rdatatype import SOA, RdataType

from autoconfig.detect.lookup import in_time
from autoconfig.detect.question import Own
from autoconfig.detect.records import LookUpFailed
from autoconfig.detect.survey import side_by_side
from autoconfig.names import Domain
from autoconfig.zone.plan import Plan
from autoconfig.zone.presentation import stated
from autoconfig.zone.record import Record
from autoconfig.zone.servers import Servers

LONGEST_NAME = 254
"""Characters of a name with its final dot (RFC 1035 section 2.3.4); none that is longer exists."""

Interest: TypeAlias = Mapping[str, tuple[str, ...]]
"""Names, absolute, and the types of records that are looked at there."""
_Ask: TypeAlias = Callable[[str, RdataType], Awaitable[Own]]
"""Puts a question. Raises `LookUpFailed`."""


class Live(NamedTuple):
    """The records at the names of a domain, as the newest copy has them.

    `behind`: the copies that say otherwise, by the name server that has them. `asked`: the name
    servers of the zone that have said all. `unreached`: those that have not. `wild`: what a
    wildcard answers at these names, which is no record of theirs. `failure`: the reason for which
    nothing is known.
    """

    records: tuple[Record, ...] = ()
    behind: Mapping[str, tuple[Record, ...]] = MappingProxyType({})
    asked: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    wild: tuple[Record, ...] = ()
    failure: str = ""


async def look(
    interests: Mapping[Domain, Interest],
    servers: Servers,
    resolver: str,
    settled: Callable[[int], object],
) -> dict[Domain, Live]:
    """What is there at the names of each domain, in their order.

    `resolver`: its name, for people. `settled`: as in `side_by_side`.
    """

    async def look_at(domain: Domain) -> Live:
        names = {
            name: kinds for name, kinds in interests[domain].items() if len(name) <= LONGEST_NAME
        }
        try:
            return await _look(domain, names, servers, resolver)
        except LookUpFailed as failure:
            return Live(failure=str(failure))

    found = await side_by_side([*interests], look_at, settled)
    return dict(zip(interests, found, strict=True))


def with_pending(plan: Plan, live: Live) -> Plan:
    """A plan with what is not everywhere yet: what it keeps, and what the newest copy has no more.

    MX records are read to tell the offer, and are none of the plan's.
    """
    here = {each.said for each in live.records}
    places: dict[tuple[str, str, str], tuple[Record, list[str]]] = {}
    for server, records in live.behind.items():
        there = {each.said for each in records}
        missing = (each.record for each in plan.keep if each.record.said not in there)
        left = (each for each in records if each.said not in here and each.type != "MX")
        for each in (*missing, *left):
            places.setdefault(each.said, (each, []))[1].append(server)
    return replace(plan, pending=tuple((each, tuple(names)) for each, names in places.values()))


class _Standing(NamedTuple):
    """What stands at a name. `exists`: whether the name does."""

    name: str
    records: tuple[Record, ...]
    exists: bool


class _Copy(NamedTuple):
    """What stands at the names by one source, whole; nothing if that could not be reached.

    `serial`: that of the zone (RFC 1035 section 3.3.13).
    """

    source: str
    names: Sequence[_Standing] = ()
    serial: int = 0
    reached: bool = True

    @property
    def records(self) -> tuple[Record, ...]:
        return tuple(chain.from_iterable(each.records for each in self.names))


async def _look(domain: Domain, interest: Interest, servers: Servers, resolver: str) -> Live:
    """Raises `LookUpFailed`."""
    zone, hosts = await servers.zone(domain)
    ours, *theirs = await in_time(
        None,
        _copy(resolver, interest, servers.resolve),
        *(_copy_of(host, zone, interest, servers) for host in hosts),
    )
    names = [each for each in ours.names if each.name != f"{domain}."]
    return _compared(ours, theirs, await _wild(names, interest, servers.resolve))


async def _copy(source: str, interest: Interest, ask: _Ask) -> _Copy:
    names = (_standing(name, kinds, ask) for name, kinds in interest.items())
    return _Copy(source, await in_time(None, *names))


async def _copy_of(host: str, zone: str, interest: Interest, servers: Servers) -> _Copy:
    """The copy of a name server, which knows of the zone that it has it."""
    for address in await servers.addresses(host):
        ask = partial(servers.ask, address)
        try:
            soa = await ask(zone, SOA)
            for start in soa.records:
                if start.rdtype == SOA:
                    return (await _copy(host, interest, ask))._replace(serial=start.serial)
        except LookUpFailed:
            continue
    return _Copy(host, reached=False)


async def _standing(name: str, kinds: Sequence[str], ask: _Ask) -> _Standing:
    """What stands at a name. One type is asked for after the other, as long as there may be more.

    A CNAME admits nothing beside it, and is in the answer to any question.
    """
    records: list[Record] = []
    own = Own()
    for kind in [each for each in kinds if each != "CNAME"] or kinds:
        own = await ask(name, dns.rdatatype.from_text(kind))
        records += (stated(name, each, own.ttl) for each in own.records)
        if not own.exists or any(each.type == "CNAME" for each in records):
            break
    return _Standing(name, tuple(records), own.exists)


async def _wild(
    names: Sequence[_Standing], interest: Interest, ask: _Ask
) -> set[tuple[str, str, str]]:
    """What wildcards answer: the name below which they stand, with type and value.

    There is none where a name does not exist. Else a name is asked for that nobody has.
    """
    siblings: dict[str, list[_Standing]] = {}
    for each in names:
        siblings.setdefault(_above(each.name), []).append(each)
    found = set()
    for above, there in siblings.items():
        kinds = {kind: 0 for each in there if each.records for kind in interest[each.name]}
        if kinds and all(each.exists for each in there):
            wild = await _standing(f"{secrets.token_hex(8)}.{above}", [*kinds], ask)
            found |= {(above, each.type, each.value) for each in wild.records}
    return found


def _above(name: str) -> str:
    return name.partition(".")[2]


def _compared(ours: _Copy, theirs: Sequence[_Copy], wild: Set[tuple[str, str, str]]) -> Live:
    """The newest copy, and how the others differ. The resolver's counts if there is no other."""
    reached = [each for each in theirs if each.reached]
    newest = reduce(_newer, reached) if reached else ours

    def stands(record: Record) -> bool:
        return (_above(record.name), record.type, record.value) not in wild

    records = tuple(filter(stands, newest.records))
    said = {each.said for each in records}
    others = {
        each.source: tuple(filter(stands, each.records))
        for each in (*reached, ours)
        if each is not newest
    }
    return Live(
        records,
        {place: other for place, other in others.items() if {each.said for each in other} != said},
        tuple(each.source for each in reached),
        tuple(each.source for each in theirs if not each.reached),
        tuple(filterfalse(stands, newest.records)),
    )


def _newer(one: _Copy, other: _Copy) -> _Copy:
    """The copy with the higher serial, as RFC 1982 section 3.2 compares them; else the first."""
    return other if 0 < (other.serial - one.serial) % 2**32 < 2**31 else one

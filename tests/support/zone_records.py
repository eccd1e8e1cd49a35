"""The records of `zones.ZONES` as a resolver would find them, without any server."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import dns.name
import dns.rdatatype
import dns.zone
from dns.name import Name
from dns.rdatatype import RdataType

from autoconfig.detect.records import LookUpFailed, Mx, Records, Srv
from tests.support.zones import ZONES, Kept, Zone

MOST_ALIASES = 8
"""Names in a chain that a resolver follows at least."""


def records(zone: Zone, selectors: Iterable[str] = ()) -> Records:
    """What the domain of the zone holds. `selectors`: of DKIM. Raises `LookUpFailed`."""
    domain = dns.name.from_text(zone.domain)
    mx = [Mx(each.preference, _text(each.exchange)) for each in _found(domain, dns.rdatatype.MX)]
    srv = [
        Srv(each.priority, each.weight, each.port, _text(each.target))
        for each in _found(_below(domain, "_autodiscover", "_tcp"), dns.rdatatype.SRV)
    ]
    dkim = {
        selector: _text(target)
        for selector in selectors
        if (target := _alias(_below(domain, selector, "_domainkey")))
    }
    return Records(tuple(mx), tuple(srv), dkim, ttl=3600)


def _below(domain: Name, *labels: str) -> Name | None:
    try:
        return dns.name.Name([label.encode() for label in labels] + list(domain.labels))
    except dns.name.NameTooLong:
        return None


def _text(name: Name) -> str:
    return name.to_text(omit_final_dot=True).lower().removesuffix(".") if name.labels[0] else ""


def _found(name: Name | None, kind: RdataType) -> Iterator[Any]:
    """The records of a name, or of what it is an alias of."""
    for _ in range(MOST_ALIASES):
        if name is None:
            return
        own = list(_own(name, kind))
        yield from own
        name = None if own else _alias(name)
    if name is not None:
        raise LookUpFailed("too many aliases")


def _alias(name: Name | None) -> Name | None:
    """The name that it stands for, by a CNAME of its own or a DNAME above it (RFC 6672)."""
    if name is None:
        return None
    targets: list[Name] = [each.target for each in _own(name, dns.rdatatype.CNAME)]
    for upper in _above(name):
        own = _own(upper, dns.rdatatype.DNAME)
        targets += [name.relativize(upper).concatenate(each.target) for each in own]
    return targets[0] if targets else None


def _above(name: Name) -> Iterator[Name]:
    while len(name.labels) > 1:
        name = name.parent()
        yield name


def _own(name: Name, kind: RdataType) -> Iterator[Any]:
    zone = next((zone for zone in _by_depth() if name.is_subdomain(_apex(zone))), None)
    if zone is None or zone.kept is Kept.NOWHERE:
        return
    if not zone.kept.answers:
        raise LookUpFailed(f"the name server of {zone.apex} is {zone.kept.name.lower()}")
    parsed = _parsed(zone)
    for upper in (name, *_above(name)):
        if upper == _apex(zone):
            break
        if parsed.get_rdataset(upper, dns.rdatatype.NS):
            raise LookUpFailed(f"{upper} is delegated to nobody")
    found = parsed.get_rdataset(_existing(parsed, name), kind)
    yield from found or ()


def _existing(zone: dns.zone.Zone, name: Name) -> Name:
    """The name itself, or the wildcard that stands for it (RFC 4592)."""
    encloser = name
    while not any(each.is_subdomain(encloser) for each in zone.nodes):
        encloser = encloser.parent()
    return name if encloser == name else dns.name.Name([b"*", *encloser.labels])


@cache
def _apex(zone: Zone) -> Name:
    return dns.name.from_text(zone.apex)


@cache
def _parsed(zone: Zone) -> dns.zone.Zone:
    return dns.zone.from_text(zone.bind, _apex(zone), relativize=False)


@cache
def _by_depth() -> list[Zone]:
    return sorted(ZONES, key=lambda zone: -len(_apex(zone).labels))

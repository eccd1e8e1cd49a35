"""The program finds in each zone what the table's own reader does, which asks no server."""

import asyncio
from collections.abc import Iterable

import pytest

from autoconfig.config.settings import NameServer
from autoconfig.detect.lookup import Resolver
from autoconfig.detect.records import LookUpFailed, Records
from autoconfig.detect.signs import Signs
from autoconfig.offers.catalogue import load_catalogue
from tests.real.dns.name_servers import RESOLVER, ROOT, UNREACHABLE
from tests.support.zone_records import records
from tests.support.zones import ZONES, Kept, Zone

SELECTORS = Signs.of(load_catalogue()).dkim_selectors
EVERY = pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.id)


def look_up(zone: Zone, *servers: str, selectors: Iterable[str] = ()) -> Records | None:
    """None if it failed."""
    resolver = Resolver([NameServer(server, 53) for server in servers])
    try:
        return asyncio.run(resolver.records(zone.domain, [*selectors]))
    except LookUpFailed:
        return None


def read(zone: Zone, selectors: Iterable[str] = ()) -> Records | None:
    try:
        return records(zone, selectors)
    except LookUpFailed:
        return None


def plain(found: Records | None) -> object:
    """The records in some order, without the time that they live."""
    return found and (sorted(found.mx), sorted(found.srv), dict(found.dkim))


@EVERY
def test_records_of_a_zone_are_found(zone: Zone) -> None:
    assert plain(look_up(zone, RESOLVER)) == plain(read(zone))


@EVERY
def test_so_is_dkim(zone: Zone) -> None:
    found = look_up(zone, RESOLVER, selectors=SELECTORS)
    assert plain(found) == plain(read(zone, SELECTORS))


@EVERY
def test_so_it_is_where_the_first_of_two_name_servers_is_dead(zone: Zone) -> None:
    """Within the deadline of a look-up, which it would miss if it waited for the first."""
    found = look_up(zone, UNREACHABLE, RESOLVER)
    assert plain(found) == plain(read(zone))


@pytest.mark.parametrize(
    "zone",
    [zone for zone in ZONES if zone.kept is not Kept.FORGED],  # which takes a resolver to see
    ids=lambda zone: zone.id,
)
def test_name_server_of_the_zone_can_be_asked_itself(zone: Zone) -> None:
    """What it does not know, such as the zone that an alias leads to, is never absent."""
    found = plain(look_up(zone, ROOT, selectors=SELECTORS))
    assert found == plain(read(zone, SELECTORS)) or (found is None and leads_away(zone))


def leads_away(zone: Zone) -> bool:
    return not zone.kept.answers or any(kind in zone.text for kind in ("CNAME", "DNAME", "NS"))


@pytest.mark.parametrize(
    ("name", "ttl"),
    [
        ("time-to-live-of-zero", range(1)),
        ("mx-plan", range(61)),
        ("exchange-on-ex5", range(3000, 3601)),
    ],
)
def test_answers_are_kept_as_long_as_the_zone_says(name: str, ttl: range) -> None:
    """What is absent, by its SOA (RFC 2308 section 5): OVHcloud's says 60 seconds."""
    zone = next(zone for zone in ZONES if zone.id == name)
    found = look_up(zone, RESOLVER)
    assert found is not None
    assert found.ttl in ttl

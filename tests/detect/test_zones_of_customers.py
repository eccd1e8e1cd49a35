"""The table of zones that other tests go over: whole, and right without any server of names."""

from collections import Counter
from collections.abc import Callable

import pytest

from autoconfig.detect.records import LookUpFailed
from autoconfig.offers.catalogue import Catalogue, load_catalogue
from tests.support.zone_records import records
from tests.support.zones import ZONES, Zone

EVERY = pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.id)


@pytest.mark.parametrize(
    "key", [lambda zone: zone.id, lambda zone: zone.domain], ids=["id", "name"]
)
def test_every_zone_is_another(key: Callable[[Zone], str]) -> None:
    assert [name for name, times in Counter(map(key, ZONES)).items() if times > 1] == []


@EVERY
def test_zone_fails_where_its_name_servers_do(zone: Zone) -> None:
    try:
        records(zone)
    except LookUpFailed:
        confidence = "failed"
    else:
        confidence = zone.served.confidence
    assert zone.served.confidence == confidence


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@EVERY
def test_answered_zone_is_of_a_service_that_can_be_configured(
    zone: Zone, catalogue: Catalogue
) -> None:
    for expected in filter(lambda each: each.is_answered, (zone.expected, zone.served)):
        service, _ = catalogue.service(str(expected.offer), str(expected.region), expected.server)
        assert service.offer.id == expected.offer

"""Names for which a certificate may be had: of detected domains, and only where they lead to us."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.dns.asking_zones import BASE_HOST, LEADING, NOT_LEADING, UNCERTAIN
from tests.real.dns.name_servers import RESOLVER, UNREACHABLE
from tests.real.dns.sites import CONFIGURED, Site, autoconfig, reading_dns
from tests.support.serving import asked
from tests.support.zones import Zone

BASE_URL = f"https://{BASE_HOST}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    text = reading_dns(RESOLVER, base_url=BASE_URL)
    with autoconfig(text, tmp_path_factory.mktemp("site")) as found:
        yield found


def ask(site: Site, name: str) -> int:
    return site.ask(asked("GET", f"/ask?domain={name}", "127.0.0.1")).status


@pytest.mark.parametrize("zone", LEADING, ids=lambda zone: zone.id)
def test_detected_name_that_leads_to_us_may_have_a_certificate(zone: Zone, site: Site) -> None:
    assert ask(site, f"autoconfig.{zone.domain}") == 200
    assert ask(site, zone.domain) == 404  # at which no client asks


@pytest.mark.parametrize("zone", NOT_LEADING, ids=lambda zone: zone.id)
def test_other_name_may_not(zone: Zone, site: Site) -> None:
    assert ask(site, f"autoconfig.{zone.domain}") == 404


@pytest.mark.parametrize("zone", UNCERTAIN, ids=lambda zone: zone.id)
def test_failed_look_up_is_no_yes(zone: Zone, site: Site) -> None:
    assert ask(site, f"autoconfig.{zone.domain}") == 503


def test_name_of_another_prefix_is_judged_by_itself(site: Site) -> None:
    """This one leads nowhere, though `autoconfig.` leads to us."""
    assert ask(site, f"autodiscover.{LEADING[0].domain}") == 404


@pytest.mark.parametrize(
    "name", [f"autoconfig.{CONFIGURED}", f"autodiscover.{CONFIGURED}", BASE_HOST]
)
def test_configured_name_needs_no_name_server(name: str, tmp_path: Path) -> None:
    with autoconfig(reading_dns(UNREACHABLE, base_url=BASE_URL), tmp_path) as site:
        assert ask(site, name) == 200
        assert ask(site, f"autoconfig.{LEADING[0].domain}") == 503

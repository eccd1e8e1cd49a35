"""A server that reads the DNS answers as one does whose operator knows every domain."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import pytest
from lxml import etree

from tests.real.dns.middleman import ADDRESS, Middleman
from tests.real.dns.name_servers import RESOLVER
from tests.real.dns.sites import (
    CONFIGURED,
    Site,
    about,
    autoconfig,
    configured,
    gunicorn,
    reading_dns,
)
from tests.support.requests import (
    DAV,
    EVERY_MOZILLA,
    MOBILESYNC,
    MOBILESYNC_ANSWER,
    POX,
    SOAP,
    V2,
    WELL_KNOWN,
    pox,
)
from tests.support.serving import Answer, Asked, asked
from tests.support.zones import ZONES, Zone

PROVIDER = "autoconfig.zone-901.com"
"""A name that the server has, and no customer."""
LONGEST_HOST = 253

FAILING = [zone for zone in ZONES if zone.served.confidence == "failed"]
DECIDED = [zone for zone in ZONES if zone not in FAILING]
GUESSED = [zone for zone in ZONES if zone.served.confidence == "guess"]


def each(zones: Sequence[Zone]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("zone", zones, ids=lambda zone: zone.id)


SITES: dict[str, Callable[[Path], AbstractContextManager[Site]]] = {
    "autoconfig serve": lambda folder: autoconfig(reading_dns(RESOLVER), folder),
    "with the system's resolver": lambda folder: autoconfig(reading_dns(), folder),
    "gunicorn": lambda folder: gunicorn(reading_dns(RESOLVER), folder),
    "gunicorn that loads before it forks": lambda folder: gunicorn(
        reading_dns(RESOLVER), folder, "--preload"
    ),
}


@pytest.fixture(scope="module", params=SITES)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with SITES[request.param](tmp_path_factory.mktemp("site")) as found:
        yield found


Questions: TypeAlias = Callable[[Zone], list[Asked]]
Knowing: TypeAlias = Callable[[Zone, Questions], list[Answer]]


@pytest.fixture(scope="module")
def knowing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowing]:
    """The answers of a server whose operator knows every domain."""
    with autoconfig(configured(ZONES), tmp_path_factory.mktemp("knowing")) as found:
        yield cache(lambda zone, questions: [found.ask(each) for each in questions(zone)])


def for_programs(zone: Zone) -> list[Asked]:
    """By the names of the domain, and by an address at a name of the provider's."""
    address = quote(f"alice@{zone.domain}")
    mobile = pox(f"alice@{zone.domain}", namespace=MOBILESYNC, schema=MOBILESYNC_ANSWER)
    body = pox(f"alice@{zone.domain}").encode()
    by_address = [
        *(asked("GET", f"{path}?emailaddress={address}", PROVIDER) for path in EVERY_MOZILLA),
        asked("GET", f"{V2}?Email={address}&Protocol=AutodiscoverV1", PROVIDER),
        asked("GET", f"{V2}/v1.0/{address}?Protocol=ActiveSync", PROVIDER),
        Asked("POST", POX, {"Host": PROVIDER, "Content-Type": "text/xml"}, body),
        Asked("POST", POX, {"Host": PROVIDER, "Content-Type": "text/xml"}, mobile.encode()),
    ]
    by_name = [
        asked("GET", WELL_KNOWN, zone.domain),
        asked("HEAD", WELL_KNOWN, zone.domain),
        asked("GET", DAV[0], zone.domain),
    ]
    if len(f"autodiscover.{zone.domain}") <= LONGEST_HOST:
        host = {"Host": f"autodiscover.{zone.domain}"}
        by_name += [
            *(asked("GET", path, f"autoconfig.{zone.domain}") for path in EVERY_MOZILLA),
            Asked("POST", POX, host, b""),
            Asked("POST", POX, {**host, "Content-Type": "text/xml"}, body),
            Asked("GET", POX, host),
            Asked("POST", SOAP, host, b"<Envelope/>"),
        ]
    return by_address + by_name


def for_people(zone: Zone) -> list[Asked]:
    address = quote(f"alice@{zone.domain}")
    return [
        Asked("GET", target, {"Host": host, "Accept-Language": lang})
        for target, host in (("/", zone.domain), (f"/?emailaddress={address}", PROVIDER))
        for lang in ("fr", "en")
    ]


@each(DECIDED)
def test_programs_get_what_the_configuration_would_say(
    zone: Zone, site: Site, knowing: Knowing
) -> None:
    answers = knowing(zone, for_programs)
    for question, wanted in zip(for_programs(zone), answers, strict=True):
        assert site.ask(question) == wanted, question


@each([zone for zone in DECIDED if zone not in GUESSED])
def test_people_get_what_the_configuration_would_say(
    zone: Zone, site: Site, knowing: Knowing
) -> None:
    answers = knowing(zone, for_people)
    for question, wanted in zip(for_people(zone), answers, strict=True):
        assert site.ask(question) == wanted, question


@each(GUESSED)
def test_page_says_that_it_is_a_guess(zone: Zone, site: Site, knowing: Knowing) -> None:
    """Every server is the same, in the same words and rows."""
    for question, known in zip(for_people(zone), knowing(zone, for_people), strict=True):
        found = site.ask(question)
        assert found.status == known.status == 200
        assert servers_on(found) == servers_on(known) != []
        assert doubts(found) > doubts(known) == 0


def servers_on(page: Answer) -> list[str]:
    """Hosts, ports and the like, in their order."""
    return [str(cell.xpath("string()")) for cell in etree.HTML(page.body).iterfind(".//dd")]


def doubts(page: Answer) -> int:
    """How often it says that DNS is all that it goes by."""
    return str(etree.HTML(page.body).xpath("string()")).count("DNS")


@each(FAILING)
def test_failed_look_up_is_said_in_the_form_of_the_client(zone: Zone, site: Site) -> None:
    for question in for_programs(zone) + for_people(zone):
        found = site.ask(question)
        headers = dict(found.headers)
        assert found.status == 503, question
        assert headers["cache-control"] == "no-store"
        assert 1 <= int(headers["retry-after"]) <= 30
        assert (found.body == b"") == (question.method == "HEAD")
        if question.method == "HEAD":
            continue
        match headers["content-type"].partition(";")[0]:
            case "text/xml":
                assert etree.fromstring(found.body).findtext(".//{*}ErrorCode") == "603"
            case "application/json":
                assert json.loads(found.body)["ErrorCode"] == "ServerBusy"
            case "text/html":
                assert found.body.startswith(b"<!DOCTYPE html>")


def test_metrics_count_look_ups_and_name_no_domain(tmp_path: Path) -> None:
    with autoconfig(reading_dns(RESOLVER), tmp_path, workers=1) as site:
        for zone in ZONES:
            site.status(zone.domain if len(zone.domain) < 200 else CONFIGURED)
        text = site.ask(asked("GET", "/metrics")).body.decode()
    for word in ("known", "guess", "none", "undecided", "failed"):
        assert f'"{word}"' in text
    assert "zone-" not in text
    assert "mail.ovh" not in text


@pytest.mark.parametrize(
    "name",
    [
        CONFIGURED,
        *("shop.test", "a.example", "b.invalid", "a.localhost", "printer.local"),
        *("abc.onion", "nas.home.arpa", "x.alt", "vpn.internal", "1.0.0.127.in-addr.arpa"),
    ],
)
def test_no_name_server_is_asked_about(name: str, tmp_path: Path) -> None:
    with Middleman() as middleman, autoconfig(reading_dns(ADDRESS), tmp_path) as site:
        site.ask(about(name))
        site.ask(asked("GET", "/", name))
        assert middleman.asked == 0
        site.ask(about("zone-002.com"))
        assert middleman.asked == 2


def test_provider_needs_no_domain_in_the_configuration(tmp_path: Path) -> None:
    """Thunderbird asks so by the host of the MX, and its domain."""
    zone = next(zone for zone in ZONES if zone.id == "exchange-on-ex4")
    text = f'detect = true\nresolvers = ["{RESOLVER}"]\nbase_url = "https://{PROVIDER}"\n'
    target = f"{EVERY_MOZILLA[0]}?emailaddress=alice%40{zone.domain}"
    with autoconfig(text, tmp_path) as site:
        for host in (PROVIDER, "autoconfig.mail.zone-902.com", "autoconfig.zone-902.com"):
            found = site.ask(asked("GET", target, host))
            assert found.status == 200
            assert str(zone.served.server).encode() in found.body
        assert site.ask(asked("GET", "/", PROVIDER)).status == 200
        assert site.ask(asked("GET", EVERY_MOZILLA[0], PROVIDER)).status in (400, 404)

"""A service resolved from an offer, a region and the server that the control panel shows."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest
from msgspec import structs

from autoconfig.names import parse_domain
from autoconfig.offers.catalogue import Catalogue, load_catalogue
from autoconfig.offers.model import Offer, Region, Service
from autoconfig.problems import ConfigurationError, Problem
from tests.offers.test_offers_file import OWN_OFFERS
from tests.support.services import SERVICES

CATALOGUE = load_catalogue()
ALIASES = [
    (alias, offer.id) for offer in CATALOGUE.offers.values() for alias in (offer.id, *offer.aliases)
]
EVERY_SERVICE = pytest.mark.parametrize("name", SERVICES)
SHARED = pytest.mark.parametrize("offer", ["mx-plan", "zimbra-starter", "zimbra-pro"])

SERVER = {"email-pro": "pro1", "exchange-hosted": "ex4", "exchange-private": "mail.example.com"}
"""What to name in Europe, where a server is required."""

HOSTS = {
    "mx-plan-eu": ["imap.mail.ovh.net", "pop.mail.ovh.net", "smtp.mail.ovh.net"],
    "mx-plan-ca": ["imap.mail.ovh.ca", "pop.mail.ovh.ca", "smtp.mail.ovh.ca"],
    "mx-plan-apac": ["imap.mail.ovh.ca", "pop.mail.ovh.ca", "smtp.mail.ovh.ca"],
    "mx-plan-eu-ssl0": ["ssl0.ovh.net"],
    "zimbra-starter-eu": ["imap.mail.ovh.net", "pop.mail.ovh.net", "smtp.mail.ovh.net"],
    "zimbra-pro-eu": ["imap.mail.ovh.net", "pop.mail.ovh.net", "smtp.mail.ovh.net"],
    "email-pro-eu": ["pro1.mail.ovh.net"],
    "exchange-hosted-eu": ["ex4.mail.ovh.net"],
    "exchange-hosted-ca": ["ex.mail.ovh.ca"],
    "exchange-private-eu": ["mail.example.com"],
}


def _refused(offer: str, region: str = "eu", server: str | None = None) -> Problem:
    with pytest.raises(ConfigurationError) as caught:
        CATALOGUE.service(offer, region, server)
    (problem,) = caught.value.problems
    return problem


def _host(offer: str, server: str, region: str = "eu") -> str | None:
    return CATALOGUE.service(offer, region, server)[0].host


# --------------------------------------------------------------------------------- what is resolved


def test_every_offer_in_every_region_has_a_service() -> None:
    assert set(SERVICES) == set(HOSTS)


@EVERY_SERVICE
def test_servers_have_the_hosts_of_the_service(name: str) -> None:
    assert list(dict.fromkeys(server.host for server in SERVICES[name].servers)) == HOSTS[name]


def test_service_has_every_field_of_its_region_that_is_published() -> None:
    of_the_service = {"offer": Offer, "region": str, "host": str | None}
    published = get_type_hints(Region, include_extras=True)
    del published["server"], published["also_in"]
    assert get_type_hints(Service, include_extras=True) == of_the_service | published


@EVERY_SERVICE
def test_no_host_is_left_to_be_filled_in(name: str) -> None:
    published = {**structs.asdict(SERVICES[name]), "offer": None}
    assert "{server}" not in repr(published)


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "mx-plan-eu-ssl0"])
def test_service_says_what_its_region_says_with_its_own_host(name: str) -> None:
    service = SERVICES[name]
    region = msgspec.json.encode(service.offer.regions[service.region])
    expected = json.loads(region.replace(b"{server}", (service.host or "").encode()))
    del expected["server"], expected["also_in"]
    published = json.loads(msgspec.json.encode(service))
    assert {key: published[key] for key in expected} == expected


def test_services_are_told_apart_by_identity() -> None:
    first, second = (CATALOGUE.service("mx-plan")[0] for _ in range(2))
    assert first != second
    assert len({first, second, first}) == 2


@EVERY_SERVICE
def test_every_published_host_is_a_host_name(name: str) -> None:
    hosts = [server.host for server in SERVICES[name].servers]
    assert [parse_domain(host) for host in hosts] == hosts


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("mx-plan-eu", None),
        ("mx-plan-ca", None),
        ("mx-plan-eu-ssl0", "ssl0.ovh.net"),
        ("email-pro-eu", "pro1.mail.ovh.net"),
        ("exchange-hosted-ca", "ex.mail.ovh.ca"),
        ("exchange-private-eu", "mail.example.com"),
    ],
)
def test_service_has_a_host_of_its_own_or_none(name: str, host: str | None) -> None:
    assert SERVICES[name].host == host


def test_region_is_europe_unless_another_is_named() -> None:
    assert CATALOGUE.service("mx-plan")[0].region == "eu"


@pytest.mark.parametrize("region", ["ca", "apac"])
def test_service_keeps_the_region_that_was_named(region: str) -> None:
    assert CATALOGUE.service("mx-plan", region)[0].region == region


def test_asia_has_the_servers_of_canada() -> None:
    assert SERVICES["mx-plan-apac"].servers == SERVICES["mx-plan-ca"].servers


def test_exchange_links_are_those_of_its_own_host() -> None:
    service = CATALOGUE.service("exchange-hosted", "eu", "ex4")[0]
    assert service.activesync is not None
    assert service.activesync.url == "https://ex4.mail.ovh.net/Microsoft-Server-ActiveSync"
    assert service.ews is not None
    assert service.ews.url == "https://ex4.mail.ovh.net/EWS/Exchange.asmx"


def test_exchange_sends_outlook_to_its_own_host() -> None:
    own = CATALOGUE.service("exchange-hosted", "eu", "ex4")[0].autodiscover
    assert own is not None
    assert (own.xml, own.svc, own.json) == (
        "https://ex4.mail.ovh.net/autodiscover/autodiscover.xml",
        "https://ex4.mail.ovh.net/autodiscover/autodiscover.svc",
        "https://ex4.mail.ovh.net/autodiscover/autodiscover.json",
    )


def test_webmail_of_private_exchange_is_on_its_own_host() -> None:
    assert {page.url for page in SERVICES["exchange-private-eu"].webmail} == {
        "https://mail.example.com"
    }


def test_servers_of_protocols_come_most_preferred_first() -> None:
    servers = SERVICES["mx-plan-eu"].of("smtp", "imap")
    assert [(server.protocol, server.port) for server in servers] == [
        ("smtp", 465),
        ("smtp", 587),
        ("imap", 993),
    ]


def test_offer_is_as_old_as_the_oldest_of_its_sources(tmp_path: Path) -> None:
    old = '\n[source.old]\ntitle = "Old"\nwhere = "https://x.example"\nverified = 2020-02-02\n'
    text = OWN_OFFERS.replace(
        'gigabytes = 7, source = ["guide"]', 'gigabytes = 7, source = ["old"]'
    )
    (tmp_path / "own.toml").write_text(text + old, encoding="utf-8")
    catalogue: Catalogue = load_catalogue(tmp_path / "own.toml")
    assert catalogue.verified(catalogue.offers["acme-mail"]) == date(2020, 2, 2)


# --------------------------------------------------------------------------------- numbered servers

NUMBERED = [
    *(("email-pro", host) for host in ("pro1", "pro2", "pro3")),
    *(("exchange-hosted", host) for host in ("ex", "ex2", "ex3", "ex4", "ex5")),
]


@pytest.mark.parametrize(("offer", "label"), NUMBERED)
def test_observed_host_is_taken_without_warning(offer: str, label: str) -> None:
    service, doubts = CATALOGUE.service(offer, "eu", f"{label}.mail.ovh.net")
    assert (service.host, doubts) == (f"{label}.mail.ovh.net", [])


@pytest.mark.parametrize(("offer", "label"), NUMBERED)
def test_first_label_alone_stands_for_the_host(offer: str, label: str) -> None:
    assert _host(offer, label) == f"{label}.mail.ovh.net"


UNSEEN = pytest.mark.parametrize(
    ("offer", "label"),
    [
        ("email-pro", "pro4"),
        ("email-pro", "pro99"),
        ("exchange-hosted", "ex1"),
        ("exchange-hosted", "ex6"),
    ],
)


@UNSEEN
def test_number_that_was_never_observed_is_taken(offer: str, label: str) -> None:
    assert _host(offer, label) == f"{label}.mail.ovh.net"


@UNSEEN
def test_number_that_was_never_observed_is_a_warning_that_says_which_were(
    offer: str, label: str
) -> None:
    (doubt,) = CATALOGUE.service(offer, "eu", label)[1]
    seen = [f"{name}.mail.ovh.net" for owner, name in NUMBERED if owner == offer]
    assert doubt.where == "server"
    assert [host for host in (f"{label}.mail.ovh.net", *seen) if host not in doubt.message] == []


@pytest.mark.parametrize(
    ("offer", "server"),
    [
        ("email-pro", "pro.mail.ovh.net"),
        ("email-pro", "pro0.mail.ovh.net"),
        ("email-pro", "pro01.mail.ovh.net"),
        ("email-pro", "pro100.mail.ovh.net"),
        ("email-pro", "pro1.mail.ovh.ca"),
        ("email-pro", "pro1.mail.ovh.net.example"),
        ("email-pro", "smtp.pro1.mail.ovh.net"),
        ("exchange-hosted", "ex0.mail.ovh.net"),
        ("exchange-hosted", "exchange.mail.ovh.net"),
    ],
)
def test_host_outside_the_numbered_family_is_refused(offer: str, server: str) -> None:
    assert _refused(offer, "eu", server).where == "server"


# ----------------------------------------------------------------------------------- shared servers


def _ways(service: Service) -> list[tuple[str, int, str]]:
    return [(server.protocol, server.port, server.socket) for server in service.servers]


@SHARED
def test_ssl0_is_published_for_every_protocol_when_it_is_named(offer: str) -> None:
    service, doubts = CATALOGUE.service(offer, "eu", "ssl0.ovh.net")
    assert {server.host for server in service.servers} == {"ssl0.ovh.net"}
    assert doubts == []


@SHARED
def test_ssl0_has_the_ports_of_the_hosts_that_it_stands_for(offer: str) -> None:
    named, usual = CATALOGUE.service(offer, "eu", "ssl0.ovh.net")[0], CATALOGUE.service(offer)[0]
    assert _ways(named) == _ways(usual)


@pytest.mark.parametrize("region", ["ca", "apac"])
def test_ssl0_is_refused_outside_europe_by_naming_its_region(region: str) -> None:
    problem = _refused("mx-plan", region, "ssl0.ovh.net")
    assert problem.where == "server"
    assert '"ssl0.ovh.net"' in problem.message
    assert 'region "eu"' in problem.message


@SHARED
def test_shared_offer_takes_no_other_server(offer: str) -> None:
    problem = _refused(offer, "eu", "mail.example.com")
    assert problem.where == "server"
    assert "ssl0.ovh.net" in problem.message


@pytest.mark.parametrize("key", ["server", "--server"])
def test_host_that_is_published_anyway_is_said_to_need_no_naming(key: str) -> None:
    host = CATALOGUE.service("mx-plan")[0].servers[0].host
    with pytest.raises(ConfigurationError) as caught:
        CATALOGUE.service("mx-plan", "eu", host, key)
    assert caught.value.problems == (
        Problem("server", f'found "{host}": that is mx-plan\'s default; leave {key} out'),
    )


@pytest.mark.parametrize("key", ["server", "--server"])
@pytest.mark.parametrize(("offer", "region"), [("mx-plan", "eu"), ("exchange-hosted", "ca")])
def test_advice_names_the_key_as_the_operator_writes_it(offer: str, region: str, key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        CATALOGUE.service(offer, region, "mail.example.com", key)
    assert f"leave {key} out or write " in caught.value.problems[0].message


# --------------------------------------------------------------------------------- Exchange servers


@pytest.mark.parametrize(
    "server", [None, "ex.mail.ovh.ca", "https://EX.mail.ovh.ca/owa/"], ids=["none", "host", "url"]
)
def test_hosted_exchange_in_canada_has_one_fixed_host(server: str | None) -> None:
    service, doubts = CATALOGUE.service("exchange-hosted", "ca", server)
    assert (service.host, doubts) == ("ex.mail.ovh.ca", [])


@pytest.mark.parametrize("server", ["ex.mail.ovh.net", "ex4.mail.ovh.net", "ex2.mail.ovh.ca"])
def test_hosted_exchange_in_canada_takes_no_other_host(server: str) -> None:
    problem = _refused("exchange-hosted", "ca", server)
    assert problem.where == "server"
    assert "ex.mail.ovh.ca" in problem.message.replace(f'"{server}"', "")


@pytest.mark.parametrize(
    "server",
    ["mail.example.com", "example.com", "mail.notovh.net", "ovh.net.example.com"],
)
def test_private_exchange_takes_any_host_of_the_customer(server: str) -> None:
    assert _host("exchange-private", server) == server


@pytest.mark.parametrize(
    "server", ["ovh.net", "mail.ovh.net", "private.mail.ovh.ca", "MAIL.OVH.NET"]
)
def test_private_exchange_takes_no_host_of_ovhcloud(server: str) -> None:
    assert _refused("exchange-private", "eu", server).where == "server"


def test_host_of_private_exchange_may_be_an_international_name() -> None:
    assert _host("exchange-private", "mail.café.example") == "mail.xn--caf-dma.example"


@pytest.mark.parametrize("offer", ["mx-plan", "email-pro", "exchange-hosted"])
def test_host_of_the_customer_is_said_to_be_for_private_exchange(offer: str) -> None:
    message = _refused(offer, "eu", "mail.example.com").message
    assert "only exchange-private takes a host of your own; for " in message


@pytest.mark.parametrize("offer", ["email-pro", "exchange-hosted", "exchange-private"])
def test_offer_with_servers_of_its_own_needs_one(offer: str) -> None:
    problem = _refused(offer)
    assert problem.where == "server"
    assert "is missing" in problem.message
    assert "such as" in problem.message


# ------------------------------------------------------------------------------ the names of offers


@pytest.mark.parametrize(("alias", "offer"), ALIASES, ids=[alias for alias, _ in ALIASES])
@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(str, id="as it is"),
        pytest.param(str.upper, id="in capitals"),
        pytest.param(lambda alias: f" {alias} ", id="with spaces around"),
        pytest.param(lambda alias: alias.replace("-", " "), id="with spaces"),
        pytest.param(lambda alias: alias.replace("-", "_"), id="with underscores"),
    ],
)
def test_alias_is_known_however_it_is_typed(
    alias: str, offer: str, typed: Callable[[str], str]
) -> None:
    assert CATALOGUE.service(typed(alias), "eu", SERVER.get(offer))[0].offer.id == offer


@pytest.mark.parametrize(
    ("written", "offer"),
    [
        ("MX Plan", "mx-plan"),
        ("  Zimbra   Pro ", "zimbra-pro"),
        ("Zimbra", "zimbra-starter"),
        ("E-mail Pro", "email-pro"),
        ("Hosted Exchange", "exchange-hosted"),
        ("EXCHANGE_HOSTED", "exchange-hosted"),
        ("Private\tExchange", "exchange-private"),
    ],
)
def test_offer_is_found_by_the_name_that_people_use(written: str, offer: str) -> None:
    assert CATALOGUE.service(written, "eu", SERVER.get(offer))[0].offer.id == offer

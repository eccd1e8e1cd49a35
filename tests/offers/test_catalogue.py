"""A service resolved from an offer, a region and the server that the control panel shows."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest
from msgspec import structs

from autoconfig.names import parse_domain
from autoconfig.offers.catalogue import DEFAULT_REGION, load_catalogue, with_host
from autoconfig.offers.hosting import Fixed, Numbered, Own, ServerRule, Shared
from autoconfig.offers.model import Link, Offer, Region, Service
from autoconfig.problems import ConfigurationError
from tests.support.own_offers import OWN_OFFERS
from tests.support.services import CATALOGUE, SERVICES, server_for, service_of

REGIONS = [
    (offer.id, name, region.server)
    for offer in CATALOGUE.offers.values()
    for name, region in offer.regions.items()
]
NAMES = [
    (name, offer.id) for offer in CATALOGUE.offers.values() for name in (offer.id, *offer.aliases)
]
NAMED = "mx-plan-eu-ssl0"
"""The service on a shared host that was named."""

every_service = pytest.mark.parametrize("name", SERVICES)
every_region = pytest.mark.parametrize(("offer", "region"), [each[:2] for each in REGIONS], ids=str)


def _refused(offer: str, region: str, server: str | None = None, key: str = "server") -> str:
    """What is said of a server."""
    with pytest.raises(ConfigurationError) as caught:
        CATALOGUE.service(offer, region, server, key)
    (problem,) = caught.value.problems
    assert problem.where == "server"
    return problem.message


def _host(offer: str, region: str, server: str) -> str | None:
    return CATALOGUE.service(offer, region, server)[0].host


# -------------------------------------------------------------------------------- what is resolved


@every_service
def test_service_is_on_its_host_alone_if_it_has_one(name: str) -> None:
    service = SERVICES[name]
    hosts = {server.host for server in service.servers}
    if service.host is None:
        assert hosts == {s.host for s in service.offer.regions[service.region].servers}
    else:
        assert hosts == {service.host}


@every_region
def test_service_has_a_host_unless_the_hosts_are_shared(offer: str, region: str) -> None:
    rule = CATALOGUE.offers[offer].regions[region].server
    assert (service_of(offer, region).host is None) == isinstance(rule, Shared)


def test_service_has_every_field_of_its_region_that_is_published() -> None:
    of_the_service = {"offer": Offer, "region": str, "host": str | None, "guessed": bool}
    published = get_type_hints(Region, include_extras=True)
    del published["server"], published["also_in"]
    assert get_type_hints(Service, include_extras=True) == of_the_service | published


@every_service
def test_no_host_is_left_to_be_filled_in(name: str) -> None:
    published = {**structs.asdict(SERVICES[name]), "offer": None}
    assert "{server}" not in repr(published)


def test_host_is_filled_in_however_deep_it_stands() -> None:
    link = Link("https://{server}/x", ("guide",))
    found = with_host({"a": ("{server}", {"b": link}), "c": None, "d": 1}, "box.example")
    filled = Link("https://box.example/x", ("guide",))
    assert found == {"a": ("box.example", {"b": filled}), "c": None, "d": 1}


@pytest.mark.parametrize("name", [name for name in SERVICES if name != NAMED])
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


@every_service
def test_every_published_host_is_a_host_name(name: str) -> None:
    hosts = [server.host for server in SERVICES[name].servers]
    assert [parse_domain(host) for host in hosts] == hosts


def test_region_is_europe_unless_another_is_named() -> None:
    assert CATALOGUE.service("mx-plan")[0].region == "eu"


@every_region
def test_service_keeps_the_region_that_was_named(offer: str, region: str) -> None:
    assert service_of(offer, region).region == region


@pytest.mark.parametrize(
    ("offer", "region", "like"),
    [
        (offer.id, name, first)
        for offer in CATALOGUE.offers.values()
        for first, region in offer.region.items()
        for name in region.also_in
    ],
)
def test_region_like_another_has_its_servers(offer: str, region: str, like: str) -> None:
    assert service_of(offer, region).servers == service_of(offer, like).servers


@pytest.mark.parametrize(
    "name", [name for name, service in SERVICES.items() if service.offer.outlook == "exchange"]
)
def test_exchange_and_its_autodiscover_are_on_its_own_host(name: str) -> None:
    service = SERVICES[name]
    assert service.activesync
    assert service.ews
    assert service.autodiscover
    own = service.autodiscover
    for url in (service.activesync.url, service.ews.url, own.xml, own.svc, own.json):
        assert url.startswith(f"https://{service.host}/")


@every_service
def test_servers_of_protocols_come_most_preferred_first(name: str) -> None:
    service = SERVICES[name]
    outgoing = [server for server in service.servers if server.protocol == "smtp"]
    imap = [server for server in service.servers if server.protocol == "imap"]
    assert [*service.of("smtp", "imap")] == [*outgoing, *imap]


def test_offer_is_as_old_as_the_oldest_of_its_sources(tmp_path: Path) -> None:
    old = '\n[source.old]\ntitle = "Old"\nwhere = "https://x.example"\nverified = 2020-02-02\n'
    text = OWN_OFFERS.replace(
        'gigabytes = 7, source = ["guide"]', 'gigabytes = 7, source = ["old"]'
    )
    (tmp_path / "own.toml").write_text(text + old, encoding="utf-8")
    catalogue = load_catalogue(tmp_path / "own.toml")
    assert catalogue.verified(catalogue.offers["acme-mail"]) == date(2020, 2, 2)


# -------------------------------------------------------------------------------- numbered servers

NUMBERED = [(offer, region, rule) for offer, region, rule in REGIONS if isinstance(rule, Numbered)]
OBSERVED = [(offer, region, host) for offer, region, rule in NUMBERED for host in rule.observed]


@pytest.mark.parametrize(("offer", "region", "host"), OBSERVED)
def test_observed_host_is_taken_without_warning(offer: str, region: str, host: str) -> None:
    service, doubts = CATALOGUE.service(offer, region, host)
    assert (service.host, doubts) == (host, [])


@pytest.mark.parametrize(("offer", "region", "host"), OBSERVED)
def test_first_label_alone_stands_for_the_host(offer: str, region: str, host: str) -> None:
    assert _host(offer, region, host.partition(".")[0]) == host


@pytest.mark.parametrize(("offer", "region", "rule"), NUMBERED)
def test_number_that_was_never_observed_is_taken_with_a_warning_that_says_which_were(
    offer: str, region: str, rule: Numbered
) -> None:
    host = rule.pattern.replace("{n}", "98")
    service, (doubt,) = CATALOGUE.service(offer, region, host.partition(".")[0])
    assert service.host == host
    assert doubt.where == "server"
    assert [each for each in (host, *rule.observed) if each not in doubt.message] == []


@pytest.mark.parametrize(("offer", "region", "rule"), NUMBERED)
@pytest.mark.parametrize("number", ["", "0", "01", "100", "-1", "change"])
def test_host_with_another_number_is_refused(
    offer: str, region: str, rule: Numbered, number: str
) -> None:
    host = rule.pattern.replace("{n}", number)
    if number == "" and rule.number_optional:
        assert _host(offer, region, host) == host
    else:
        assert f'"{host}"' in _refused(offer, region, host)


@pytest.mark.parametrize(("offer", "region", "host"), OBSERVED)
@pytest.mark.parametrize("other", ["smtp.{}", "{}.example", "x{}"])
def test_host_outside_the_numbered_family_is_refused(
    offer: str, region: str, host: str, other: str
) -> None:
    assert "control panel" in _refused(offer, region, other.format(host))


# ---------------------------------------------------------------------------------- shared servers

SHARED = [(offer, region, rule) for offer, region, rule in REGIONS if isinstance(rule, Shared)]
SHARED_NAMED = [(offer, region, rule) for offer, region, rule in SHARED if rule.named]
SHARED_HOSTS = [(offer, region, host) for offer, region, rule in SHARED for host in rule.named]


@pytest.mark.parametrize(("offer", "region", "host"), SHARED_HOSTS)
def test_shared_host_that_is_named_is_published_for_every_protocol(
    offer: str, region: str, host: str
) -> None:
    service, doubts = CATALOGUE.service(offer, region, host)
    usual = CATALOGUE.service(offer, region)[0]
    assert doubts == []
    assert service.servers == tuple(structs.replace(each, host=host) for each in usual.servers)


@pytest.mark.parametrize(
    ("offer", "region", "host", "home"),
    [
        (offer, region, host, home)
        for offer, home, host in SHARED_HOSTS
        for other, region, rule in REGIONS
        if other == offer and not rule.accepts(host)
    ],
)
def test_shared_host_is_refused_in_other_regions_by_naming_its_own(
    offer: str, region: str, host: str, home: str
) -> None:
    message = _refused(offer, region, host)
    assert message.startswith(f'found "{host}": that is {offer} in region "{home}"; ')


@pytest.mark.parametrize(("offer", "region", "rule"), SHARED)
def test_shared_offer_takes_no_other_server(offer: str, region: str, rule: Shared) -> None:
    message = _refused(offer, region, "mail.example.com")
    assert "leave server out" in message
    assert [host for host in rule.named if host not in message] == []


@pytest.mark.parametrize(
    ("offer", "region", "host"),
    [(offer, region, host) for offer, region, rule in SHARED for host in rule.not_for_mail],
)
def test_host_that_is_not_for_mail_is_said_to_be_so(offer: str, region: str, host: str) -> None:
    assert "takes no IMAP, POP or SMTP" in _refused(offer, region, host)


@pytest.mark.parametrize("key", ["server", "--server"])
def test_host_that_is_published_anyway_is_said_to_need_no_naming(key: str) -> None:
    host = CATALOGUE.service("mx-plan")[0].servers[0].host
    assert _refused("mx-plan", "eu", host, key) == (
        f'found "{host}": that is mx-plan\'s default; leave {key} out'
    )


# --------------------------------------------------------------------------------- Exchange servers

FIXED = [(offer, region, rule) for offer, region, rule in REGIONS if isinstance(rule, Fixed)]
OWN = [(offer, region, rule) for offer, region, rule in REGIONS if isinstance(rule, Own)]


@pytest.mark.parametrize(("offer", "region", "rule"), FIXED)
@pytest.mark.parametrize("named", ["", "{}", "https://{}/owa/"], ids=["none", "host", "url"])
def test_fixed_host_need_not_be_named(offer: str, region: str, rule: Fixed, named: str) -> None:
    server = named.format(rule.host.upper()) or None
    service, doubts = CATALOGUE.service(offer, region, server)
    assert (service.host, doubts) == (rule.host, [])


@pytest.mark.parametrize(("offer", "region", "rule"), FIXED)
@pytest.mark.parametrize("server", ["mail.example.com", "ex4", "x.{}"])
def test_offer_with_a_fixed_host_takes_no_other(
    offer: str, region: str, rule: Fixed, server: str
) -> None:
    server = server.format(rule.host)
    assert rule.host in _refused(offer, region, server).replace(f'"{server}"', "")


@pytest.mark.parametrize("key", ["server", "--server"])
@pytest.mark.parametrize(("offer", "region", "rule"), [*SHARED_NAMED, *FIXED])
def test_advice_names_the_key_as_the_operator_writes_it(
    offer: str, region: str, rule: ServerRule, key: str
) -> None:
    assert f"leave {key} out or write " in _refused(offer, region, "mail.example.com", key)


@pytest.mark.parametrize(("offer", "region", "rule"), OWN)
@pytest.mark.parametrize(
    "host", ["mail.example.com", "example.com", "mail.not{}", "{}.example.com"]
)
def test_offer_with_a_host_of_the_customer_takes_any(
    offer: str, region: str, rule: Own, host: str
) -> None:
    for suffix in rule.never_under:
        assert _host(offer, region, host.format(suffix)) == host.format(suffix)


@pytest.mark.parametrize(("offer", "region", "rule"), OWN)
@pytest.mark.parametrize("host", ["{}", "mail.{}", "private.mail.{}", "MAIL.{}"])
def test_offer_with_a_host_of_the_customer_takes_none_of_ovhcloud(
    offer: str, region: str, rule: Own, host: str
) -> None:
    for suffix in rule.never_under:
        assert rule.such_as in _refused(offer, region, host.format(suffix))


def test_host_of_private_exchange_may_be_an_international_name() -> None:
    assert _host("exchange-private", "eu", "mail.café.example") == "mail.xn--caf-dma.example"


@pytest.mark.parametrize(("offer", "region", "rule"), [*SHARED, *NUMBERED, *FIXED])
def test_host_of_the_customer_is_said_to_be_for_the_offers_that_take_it(
    offer: str, region: str, rule: ServerRule
) -> None:
    takers = " or ".join(dict.fromkeys(taker for taker, _, _ in OWN))
    expected = f"only {takers} takes a host of your own; for {offer} in region "
    assert expected in _refused(offer, region, "mail.example.com")


@pytest.mark.parametrize(("offer", "region", "rule"), [*NUMBERED, *OWN])
def test_offer_with_servers_of_its_own_needs_one(offer: str, region: str, rule: ServerRule) -> None:
    message = _refused(offer, region)
    assert "is missing" in message
    assert "such as" in message


# ------------------------------------------------------------------------------ the names of offers


@pytest.mark.parametrize(("name", "offer"), NAMES, ids=[name for name, _ in NAMES])
@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(str, id="as it is"),
        pytest.param(str.upper, id="in capitals"),
        pytest.param(lambda name: f" {name} ", id="with spaces around"),
        pytest.param(lambda name: re.sub("[- ]", " \t", name), id="with blanks"),
        pytest.param(lambda name: re.sub("[- ]", "_", name), id="with underscores"),
    ],
)
def test_identifier_or_alias_is_known_however_it_is_typed(
    name: str, offer: str, typed: Callable[[str], str]
) -> None:
    server = server_for(offer)
    assert CATALOGUE.service(typed(name), DEFAULT_REGION, server)[0].offer.id == offer

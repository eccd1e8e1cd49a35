"""The rules that the packaged offers keep, whatever their values are.

The values have been read by a person in the golden files: no test says them again.
"""

import ast
import re
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from autoconfig.offers.catalogue import DEFAULT_REGION
from autoconfig.offers.consistency import citations
from autoconfig.offers.hosting import Numbered, Own, Shared
from autoconfig.offers.model import (
    DefaultRecord,
    Dkim,
    FormerMx,
    NoMailbox,
    Offer,
    PerhapsNoMailbox,
    Region,
    Server,
    ServerUnknown,
    Sign,
    SignOfOffer,
    SignRule,
    Source,
)
from tests.support.documents import DOCUMENTS
from tests.support.golden import GOLDEN
from tests.support.services import CATALOGUE, server_for

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "autoconfig").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())

AnySign = TypeVar("AnySign", bound=SignRule)

OFFERS = CATALOGUE.offers
SOURCES = CATALOGUE.sources
REGIONS = {
    f"{offer.id}-{name}": region
    for offer in OFFERS.values()
    for name, region in offer.region.items()
}
SERVERS = {
    f"{name}-{server.protocol}-{server.port}": server
    for name, region in REGIONS.items()
    for server in region.servers
}
every_offer = pytest.mark.parametrize("offer", OFFERS.values(), ids=list(OFFERS))
every_region = pytest.mark.parametrize("region", REGIONS.values(), ids=list(REGIONS))
every_server = pytest.mark.parametrize("server", SERVERS.values(), ids=list(SERVERS))
every_sign = pytest.mark.parametrize(
    "sign", CATALOGUE.signs, ids=[type(sign).__name__ for sign in CATALOGUE.signs]
)
every_source = pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))


def _cited(offer: Offer) -> set[str]:
    return {name for _, name in citations(msgspec.to_builtins(offer), "offer")}


def _regions(*rules: type) -> pytest.MarkDecorator:
    """For the regions that have such a rule for their host."""
    chosen = {name: region for name, region in REGIONS.items() if isinstance(region.server, rules)}
    return pytest.mark.parametrize("region", chosen.values(), ids=list(chosen))


def _hosts(region: Region) -> set[str]:
    return {server.host for server in region.servers}


# ------------------------------------------------------------------------------------------ sources


@every_server
def test_server_names_a_source(server: Server) -> None:
    assert server.source


@every_offer
def test_every_fact_of_an_offer_names_sources_that_exist(offer: Offer) -> None:
    assert _cited(offer) <= set(SOURCES)


@every_sign
def test_sign_names_sources_that_exist(sign: Sign) -> None:
    assert {*sign.source} <= set(SOURCES)


def test_every_source_is_cited() -> None:
    others = (*CATALOGUE.signs, *CATALOGUE.account.values())
    cited = {name for each in others for name in each.source}
    assert cited.union(*map(_cited, OFFERS.values())) == set(SOURCES)


def test_keys_can_be_made_where_mail_services_are() -> None:
    assert set(CATALOGUE.account) == {name for offer in OFFERS.values() for name in offer.region}


@every_source
def test_source_says_where_it_is(source: Source) -> None:
    assert source.where.startswith(("https://", "public "))


@every_source
def test_source_was_read_on_a_day_after_its_publication(source: Source) -> None:
    assert (source.published or date.min) <= source.verified


# ------------------------------------------------------------------------------------------- offers


def test_no_offer_of_the_contract_is_missing() -> None:
    assert set(OFFERS) >= {
        *("mx-plan", "zimbra-starter", "zimbra-pro", "zimbra-business"),
        *("email-pro", "exchange-hosted", "exchange-private", "exchange-dedicated"),
    }


NAMES = {
    "MX Plan": "mx-plan",
    "Zimbra Starter": "zimbra-starter",
    "Zimbra Pro": "zimbra-pro",
    "Zimbra Business": "zimbra-business",
    "Email Pro": "email-pro",
    "Hosted Exchange": "exchange-hosted",
    "Private Exchange": "exchange-private",
    "Dedicated Exchange": "exchange-dedicated",
}
"""The offers by the names under which customers see them."""
OLD_NAMES = {"E-mail Pro": "email-pro", "Trusted Exchange": "exchange-dedicated"}


@pytest.mark.parametrize(("name", "offer"), (NAMES | OLD_NAMES).items())
def test_name_that_customers_see_or_saw_is_understood(name: str, offer: str) -> None:
    assert CATALOGUE.service(name, server=server_for(offer))[0].offer.id == offer


@pytest.mark.parametrize(("name", "offer"), NAMES.items())
def test_offer_is_shown_by_the_name_that_customers_see(name: str, offer: str) -> None:
    assert (OFFERS[offer].name, OFFERS[offer].display_name) == (name, f"OVHcloud {name}")


@pytest.mark.parametrize("name", OLD_NAMES)
def test_old_name_is_shown_nowhere(name: str) -> None:
    files = [*(ROOT / each for each in DOCUMENTS), *TEMPLATES, *GOLDEN.glob("*ml")]
    assert [path for path in files if name in path.read_text(encoding="utf-8")] == []


@every_offer
def test_offer_is_sold_in_the_region_that_counts_if_none_is_named(offer: Offer) -> None:
    assert DEFAULT_REGION in offer.regions


@every_offer
def test_login_is_the_full_address_with_a_normal_password(offer: Offer) -> None:
    assert (offer.login.username, offer.login.authentication) == (
        "%EMAILADDRESS%",
        "password-cleartext",
    )


def test_oauth2_is_named_nowhere() -> None:
    assert "oauth" not in repr(OFFERS).lower()


@every_offer
def test_offer_is_documented_in_french_and_english(offer: Offer) -> None:
    assert [page.lang for page in offer.documentation] == ["fr", "en"]


@every_offer
def test_quota_can_only_be_extended(offer: Offer) -> None:
    if offer.quota:
        assert offer.quota.gigabytes <= (offer.quota.extendable_to or offer.quota.gigabytes)


@every_offer
def test_quota_is_contested_by_another_size_from_other_pages(offer: Offer) -> None:
    if offer.quota and (other := offer.quota.contested):
        assert other.gigabytes != offer.quota.gigabytes
        assert not {*other.source} & {*offer.quota.source}


# ------------------------------------------------------------------------------------------ servers

STANDARD = dict.fromkeys((993, 995, 465), "SSL") | dict.fromkeys((143, 110, 587, 25), "STARTTLS")
"""RFC 8314 section 7, RFC 3207, RFC 2595. Thunderbird goes by the port, whatever else is said."""


@every_server
def test_no_socket_is_plain(server: Server) -> None:
    assert server.socket in {"SSL", "STARTTLS"}


@every_server
def test_standard_port_has_the_encryption_that_belongs_to_it(server: Server) -> None:
    assert server.socket == STANDARD.get(server.port, server.socket)


@every_region
def test_region_has_imap_and_smtp_and_prefers_imap_to_pop3(region: Region) -> None:
    protocols = [server.protocol for server in region.servers]
    assert {"imap", "smtp"} <= set(protocols)
    assert protocols.index("imap") < [*protocols, "pop3"].index("pop3")


@_regions(Numbered, Own)
def test_server_of_its_own_sends_by_starttls_alone(region: Region) -> None:
    """Guides list a port for TLS at once for the shared servers of MX Plan and Zimbra only."""
    assert {s.socket for s in region.servers if s.protocol == "smtp"} == {"STARTTLS"}


@every_region
def test_service_with_a_host_publishes_that_alone(region: Region) -> None:
    own = not isinstance(region.server, Shared)
    assert (_hosts(region) == {"{server}"}) == own
    assert ("{server}" in _hosts(region)) == own


@every_region
def test_no_host_is_one_that_is_not_for_mail_clients(region: Region) -> None:
    rules = [each.server for each in REGIONS.values()]
    hidden = {host for rule in rules if isinstance(rule, Shared) for host in rule.not_for_mail}
    assert not _hosts(region) & hidden
    assert not re.search("mailconfig", " ".join(_hosts(region)))


@_regions(Numbered)
def test_host_was_observed_once(region: Region) -> None:
    assert isinstance(region.server, Numbered)
    assert len({*region.server.observed}) == len(region.server.observed)


@every_offer
def test_exchange_has_its_services_on_its_own_host_and_other_offers_elsewhere(offer: Offer) -> None:
    for region in offer.region.values():
        links = [each and each.url for each in (region.activesync, region.ews)]
        own = [bool(url and url.startswith("https://{server}/")) for url in links]
        assert own == [offer.outlook == "exchange"] * 2
        assert (region.autodiscover is not None) == (offer.outlook == "exchange")


# ---------------------------------------------------------------------------------------------- DNS


@every_region
def test_mail_exchangers_come_by_preference(region: Region) -> None:
    preferences = [record.preference for record in region.dns.mx]
    assert preferences == sorted(set(preferences))


def test_mail_exchangers_are_the_same_for_all_offers_of_a_region() -> None:
    regions = [each for offer in OFFERS.values() for each in offer.regions.items()]
    shared = {(name, region.dns.mx) for name, region in regions if region.dns.mx}
    assert len(shared) == len({name for name, _ in shared})


@_regions(Own)
def test_server_of_the_customer_has_no_shared_mail_exchanger(region: Region) -> None:
    assert region.dns.mx == ()


@every_region
def test_spf_record_says_who_may_send_and_doubts_all_others(region: Region) -> None:
    assert re.fullmatch(r"v=spf1( (include|ip4|ip6):\S+)+ ~all", region.dns.spf or "")


@every_region
def test_autodiscover_record_leads_to_the_own_host_if_there_is_one(region: Region) -> None:
    target = region.dns.autodiscover_srv
    assert (target == "{server}") == (not isinstance(region.server, Shared))
    assert target not in _hosts(region) - {"{server}"}


# ------------------------------------------------------------------------- the facts have one place

FACT = re.compile(r"ovh\.(?:net|ca|com)\b|\b(?:993|995|465|587|143|110)\b", re.IGNORECASE)


def _values(source: str) -> list[str]:
    """What Python text holds as values: its comments and docstrings are left out."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        str(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in prose
    ]


def test_facts_are_looked_for_in_values_and_not_in_comments() -> None:
    source = '"""See ovh.net."""\nHOST = f"pro{1}.mail.ovh.net"  # or ovh.ca\nPORT = 993\n'
    assert sorted(filter(FACT.search, _values(source))) == [".mail.ovh.net", "993"]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_holds_a_host_or_a_mail_port(module: Path) -> None:
    values = _values(module.read_text(encoding="utf-8"))
    assert [value for value in values if FACT.search(value)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_a_host_or_a_mail_port(template: Path) -> None:
    text = re.sub(r"{#.*?#}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert FACT.findall(text) == []


def _mx() -> dict[str, set[str]]:
    """The hosts that take mail for the offers of a region, by the region's first name."""
    hosts: dict[str, set[str]] = {}
    for offer in OFFERS.values():
        for name, region in offer.region.items():
            hosts.setdefault(name, set()).update(record.host for record in region.dns.mx)
    return hosts


def _signs(kind: type[AnySign]) -> list[AnySign]:
    return [sign for sign in CATALOGUE.signs if isinstance(sign, kind)]


@pytest.mark.parametrize("name", _mx())
def test_one_offer_of_those_with_the_same_mail_exchangers_is_the_guess(name: str) -> None:
    regions = [
        each for offer in OFFERS.values() for key, each in offer.region.items() if key == name
    ]
    assert [each.dns.mx != () for each in regions if each.dns.fallback] == [True]


def test_no_mail_exchanger_is_of_two_regions() -> None:
    hosts = [host for each in _mx().values() for host in each]
    assert len(hosts) == len({*hosts})


@every_region
def test_mail_comes_straight_to_a_host_of_the_service_alone(region: Region) -> None:
    if region.dns.mx_direct:
        assert region.dns.mx_direct == "{server}"
        assert not isinstance(region.server, Shared)


@pytest.mark.parametrize("sign", _signs(SignOfOffer), ids=lambda sign: type(sign).__name__)
def test_sign_of_an_offer_is_in_a_region_where_its_mail_exchangers_are_shared(
    sign: SignOfOffer,
) -> None:
    assert OFFERS[sign.offer].region[sign.region].dns.mx


def test_mail_exchangers_of_former_times_are_none_of_today() -> None:
    former = {host for sign in _signs(FormerMx) for host in sign.hosts}
    forwarding = {sign.mx for sign in _signs(NoMailbox)}
    today = set().union(*_mx().values())
    assert former
    assert forwarding
    assert not former & today | forwarding & (today | former)


def test_mail_exchangers_without_mailboxes_are_some_of_a_region_in_another_order() -> None:
    sets = [{record.host for record in sign.mx} for sign in _signs(PerhapsNoMailbox)]
    assert [any(some < each for each in _mx().values()) for some in sets] == [True] * len(sets)


@pytest.mark.parametrize(
    "sign", [*_signs(DefaultRecord), *_signs(ServerUnknown)], ids=lambda sign: type(sign).__name__
)
def test_record_that_tells_no_server_leads_to_none(sign: DefaultRecord | ServerUnknown) -> None:
    assert [name for name, each in REGIONS.items() if _may_lead_to(each, sign.srv)] == []


def _may_lead_to(region: Region, host: str) -> bool:
    rule = region.server
    own = not isinstance(rule, Own) and rule.accepts(host)
    return own or host in {region.dns.autodiscover_srv, *_hosts(region)}


@pytest.mark.parametrize("sign", _signs(Dkim), ids=lambda sign: sign.offer)
def test_selector_that_tells_an_offer_can_be_asked_for(sign: Dkim) -> None:
    offer = OFFERS[sign.offer].region[sign.region]
    assert [name for name in offer.dns.dkim_selectors if "{id}" not in name]
    assert not offer.server.required

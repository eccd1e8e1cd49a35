"""The offers: the packaged file against the facts that were read, and every mistake in such a file.

The tables of facts were written from OVHcloud's guides, not from `offers.toml`.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autoconfig.offers.catalogue import PACKAGED, load_catalogue
from autoconfig.problems import ConfigurationError, Problem
from tests.support.own_offers import OFFER, OWN_OFFERS, SOURCE

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "autoconfig").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())

WRITTEN: dict[str, Any] = tomllib.loads(PACKAGED.read_text(encoding="utf-8"))
OFFERS: dict[str, dict[str, Any]] = {offer["id"]: offer for offer in WRITTEN["offer"]}
REGIONS: dict[str, dict[str, Any]] = {
    f"{offer['id']}-{name}": region
    for offer in OFFERS.values()
    for name, region in offer["region"].items()
}
SERVERS: list[tuple[str, dict[str, Any]]] = [
    (name, server) for name, region in REGIONS.items() for server in region["servers"]
]
EVERY_SERVER = pytest.mark.parametrize(
    ("region", "server"),
    SERVERS,
    ids=[f"{name}-{server['protocol']}-{server['port']}" for name, server in SERVERS],
)
EVERY_REGION = pytest.mark.parametrize("region", REGIONS.values(), ids=list(REGIONS))
EVERY_OFFER = pytest.mark.parametrize("offer", OFFERS.values(), ids=list(OFFERS))
EVERY_SOURCE = pytest.mark.parametrize(
    "source", WRITTEN["source"].values(), ids=list(WRITTEN["source"])
)

MX_PLAN_EUROPE = [
    "imap imap.mail.ovh.net 993 SSL",
    "pop3 pop.mail.ovh.net 995 SSL",
    "smtp smtp.mail.ovh.net 465 SSL",
    "smtp smtp.mail.ovh.net 587 STARTTLS",
]
OWN_HOST = [
    "imap {server} 993 SSL",
    "pop3 {server} 995 SSL",
    "smtp {server} 587 STARTTLS",
]
PUBLISHED = {
    "mx-plan-eu": MX_PLAN_EUROPE,
    "mx-plan-ca": [
        "imap imap.mail.ovh.ca 993 SSL",
        "pop3 pop.mail.ovh.ca 995 SSL",
        "smtp smtp.mail.ovh.ca 465 SSL",
        "smtp smtp.mail.ovh.ca 587 STARTTLS",
    ],
    "zimbra-starter-eu": MX_PLAN_EUROPE,
    "zimbra-pro-eu": MX_PLAN_EUROPE,
    "email-pro-eu": OWN_HOST,
    "exchange-hosted-eu": OWN_HOST,
    "exchange-hosted-ca": OWN_HOST,
    "exchange-private-eu": OWN_HOST,
}

SOLD_IN = {
    "mx-plan": {"eu", "ca", "apac"},
    "zimbra-starter": {"eu"},
    "zimbra-pro": {"eu"},
    "email-pro": {"eu"},
    "exchange-hosted": {"eu", "ca"},
    "exchange-private": {"eu"},
}

QUOTAS = {
    "mx-plan": (5, None),
    "zimbra-starter": (15, None),
    "zimbra-pro": (50, None),
    "email-pro": (15, None),
    "exchange-hosted": (50, 300),
    "exchange-private": (50, None),
}

EXCHANGERS = ["1 mx0", "5 mx1", "50 mx2", "100 mx3", "200 mx4"]

AUTODISCOVER_SRV = {
    "mx-plan-eu": None,
    "mx-plan-ca": None,
    "zimbra-starter-eu": "zimbra1.mail.ovh.net",
    "zimbra-pro-eu": "zimbra1.mail.ovh.net",
    "email-pro-eu": "{server}",
    "exchange-hosted-eu": "{server}",
    "exchange-hosted-ca": "{server}",
    "exchange-private-eu": "{server}",
}

BEYOND_IMAP = {
    "mx-plan-eu": set(),
    "mx-plan-ca": set(),
    "zimbra-starter-eu": {"caldav"},
    "zimbra-pro-eu": {"activesync", "ews_host", "caldav"},
    "email-pro-eu": set(),
    "exchange-hosted-eu": {"activesync", "ews", "autodiscover"},
    "exchange-hosted-ca": {"activesync", "ews", "autodiscover"},
    "exchange-private-eu": {"activesync", "ews", "autodiscover"},
}


def _tables(value: object) -> Iterator[dict[str, Any]]:
    """Every table inside `value`, itself included."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _tables(each)
    elif isinstance(value, list):
        for each in value:
            yield from _tables(each)


def _cited(value: object) -> set[str]:
    return {name for table in _tables(value) for name in table.get("source", ())}


# ----------------------------------------------------------------------- the packaged file: sources


@EVERY_SERVER
def test_server_names_sources_that_exist(region: str, server: dict[str, Any]) -> None:
    assert server["source"], region
    assert set(server["source"]) <= set(WRITTEN["source"]), region


@EVERY_OFFER
def test_every_fact_of_an_offer_names_sources_that_exist(offer: dict[str, Any]) -> None:
    assert _cited(offer) <= set(WRITTEN["source"])


def test_every_source_is_cited() -> None:
    assert _cited(WRITTEN["offer"]) == set(WRITTEN["source"])


@EVERY_SOURCE
def test_source_says_where_it_is(source: dict[str, Any]) -> None:
    assert source["where"].startswith(("https://", "public "))


@EVERY_SOURCE
def test_source_was_read_on_a_day_after_its_publication(source: dict[str, Any]) -> None:
    assert source["verified"] >= source.get("published", date.min)


# ------------------------------------------------------------------------- the packaged file: facts


def test_the_offers_are_those_that_the_contract_names() -> None:
    assert set(OFFERS) == set(SOLD_IN)


@EVERY_OFFER
def test_offer_is_sold_in_the_regions_of_the_guides(offer: dict[str, Any]) -> None:
    sold = {
        each
        for name, region in offer["region"].items()
        for each in (name, *region.get("also_in", ()))
    }
    assert sold == SOLD_IN[offer["id"]]


@pytest.mark.parametrize("name", REGIONS)
def test_servers_are_those_of_the_guides_in_order_of_preference(name: str) -> None:
    servers = REGIONS[name]["servers"]
    assert [
        "{protocol} {host} {port} {socket}".format(**server) for server in servers
    ] == PUBLISHED[name]


@EVERY_SERVER
def test_no_socket_is_plain(region: str, server: dict[str, Any]) -> None:
    assert server["socket"] in {"SSL", "STARTTLS"}, region


@EVERY_SERVER
def test_port_is_one_of_the_guides_with_the_encryption_that_belongs_to_it(
    region: str, server: dict[str, Any]
) -> None:
    known = {
        ("imap", 993, "SSL"),
        ("pop3", 995, "SSL"),
        ("smtp", 465, "SSL"),
        ("smtp", 587, "STARTTLS"),
    }
    assert (server["protocol"], server["port"], server["socket"]) in known, region


def test_port_465_is_published_for_mx_plan_and_zimbra_only() -> None:
    offers = {name.rpartition("-")[0] for name, server in SERVERS if server["port"] == 465}
    assert offers == {"mx-plan", "zimbra-starter", "zimbra-pro"}


@pytest.mark.parametrize(
    "name", ["email-pro-eu", "exchange-hosted-eu", "exchange-hosted-ca", "exchange-private-eu"]
)
def test_exchange_and_email_pro_send_by_587_starttls_alone(name: str) -> None:
    ways = [(s["port"], s["socket"]) for s in REGIONS[name]["servers"] if s["protocol"] == "smtp"]
    assert ways == [(587, "STARTTLS")]


@EVERY_REGION
def test_region_has_imap_and_smtp(region: dict[str, Any]) -> None:
    assert {"imap", "smtp"} <= {server["protocol"] for server in region["servers"]}


def test_no_host_is_one_that_the_guides_do_not_give_to_clients() -> None:
    text = str([server["host"] for _, server in SERVERS])
    assert not re.search(r"mxplan|mailconfig|ssl0\.ovh\.ca|ex1\.", text)


@EVERY_OFFER
def test_login_is_the_full_address_with_a_normal_password(offer: dict[str, Any]) -> None:
    login = offer["login"]
    assert (login["username"], login["authentication"]) == ("%EMAILADDRESS%", "password-cleartext")


def test_oauth2_is_named_nowhere() -> None:
    assert "oauth" not in str(WRITTEN).lower()


@EVERY_OFFER
def test_quota_is_that_of_the_guide(offer: dict[str, Any]) -> None:
    quota = offer["quota"]
    assert (quota["gigabytes"], quota.get("extendable_to")) == QUOTAS[offer["id"]]


@EVERY_OFFER
def test_names_fit_where_clients_show_them(offer: dict[str, Any]) -> None:
    assert 0 < len(offer["display_name"]) <= 30
    assert 0 < len(offer["short_name"]) <= 12


@EVERY_OFFER
def test_offer_is_documented_in_french_and_english(offer: dict[str, Any]) -> None:
    assert [page["lang"] for page in offer["documentation"]] == ["fr", "en"]


@pytest.mark.parametrize("name", REGIONS)
def test_only_the_services_that_a_guide_offers_stand_beside_imap(name: str) -> None:
    beyond = {"activesync", "ews", "ews_host", "caldav", "autodiscover"}
    assert beyond & set(REGIONS[name]) == BEYOND_IMAP[name]


@pytest.mark.parametrize("name", REGIONS)
def test_outlook_is_sent_to_exchange_for_exchange_alone(name: str) -> None:
    offer = OFFERS[name.rpartition("-")[0]]
    assert (offer["outlook"] == "exchange") == name.startswith("exchange")


@pytest.mark.parametrize(
    ("name", "hosts"),
    [
        ("email-pro-eu", ["pro1", "pro2", "pro3"]),
        ("exchange-hosted-eu", ["ex", "ex2", "ex3", "ex4", "ex5"]),
    ],
)
def test_observed_hosts_are_those_seen_in_public(name: str, hosts: list[str]) -> None:
    assert REGIONS[name]["server"]["observed"] == [f"{host}.mail.ovh.net" for host in hosts]


@pytest.mark.parametrize("name", [name for name in REGIONS if name != "exchange-private-eu"])
def test_mail_exchangers_are_the_shared_ones_of_the_region(name: str) -> None:
    zone = "ca" if name.endswith("-ca") else "net"
    found = ["{preference} {host}".format(**mx) for mx in REGIONS[name]["dns"]["mx"]]
    assert found == [f"{exchanger}.mail.ovh.{zone}" for exchanger in EXCHANGERS]


def test_private_exchange_has_no_shared_mail_exchanger() -> None:
    assert "mx" not in REGIONS["exchange-private-eu"]["dns"]


@pytest.mark.parametrize("name", [name for name in REGIONS if name != "exchange-private-eu"])
def test_spf_names_the_one_include_that_all_regions_share(name: str) -> None:
    assert REGIONS[name]["dns"]["spf"] == "v=spf1 include:mx.ovh.com ~all"


@pytest.mark.parametrize("name", REGIONS)
def test_autodiscover_record_is_that_of_the_guides_and_zones(name: str) -> None:
    assert REGIONS[name]["dns"].get("autodiscover_srv") == AUTODISCOVER_SRV[name]


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


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_module_holds_a_host_or_a_mail_port(module: Path) -> None:
    values = _values(module.read_text(encoding="utf-8"))
    assert [value for value in values if FACT.search(value)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_host_or_a_mail_port(template: Path) -> None:
    text = re.sub(r"{#.*?#}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert FACT.findall(text) == []


# ------------------------------------------------------------------------------ a file of one's own

AUTODISCOVER = """
[offer.region.eu.autodiscover]
xml = "https://{server}/a.xml"
svc = "https://{server}/a.svc"
json = "https://{server}/a.json"
source = ["guide"]
"""


class Mistake(NamedTuple):
    """A file with one mistake: `old` was replaced by `new` in a good one.

    `where`: the tables and the key that must be named, outermost first. `says`: what the message
    must hold of what was found and what to write.
    """

    old: str
    new: str
    where: tuple[str, ...]
    says: tuple[str, ...]


FIRST = 'port = 993, socket = "SSL"'
SMTP = '  { protocol = "smtp", host = "{server}", port = 587, socket = "STARTTLS"'
MISTAKES = {
    "missing-key": Mistake('name = "Acme Mail"\n', "", ("offer.1", "name"), ("missing",)),
    "missing-key-of-a-source": Mistake(
        "verified = 2026-11-24\n", "", ("source.guide", "verified"), ("missing",)
    ),
    "unknown-key": Mistake(
        "outlook =", "colour = 1\noutlook =", ("offer.1", "colour"), ("no such key", "aliases")
    ),
    "misspelt-key": Mistake(
        "aliases =", "alias =", ("offer.1", "alias"), ("no such key", '"aliases"')
    ),
    "quota-as-text": Mistake(
        "= 7", '= "7"', ("offer.1", "quota", "gigabytes"), ('"7"', "a number of gigabytes")
    ),
    "aliases-as-text": Mistake('["acme"]', '"acme"', ("offer.1", "aliases"), ('"acme"', "array")),
    "day-as-text": Mistake(
        "= 2026-11-24", '= "soon"', ("source.guide", "verified"), ('"soon"', "date")
    ),
    "port-0": Mistake(
        FIRST,
        'port = 0, socket = "SSL"',
        ("offer.1", "region.eu", "servers.1", "port"),
        ("found 0", "from 1 to 65535"),
    ),
    "port-70000": Mistake(
        FIRST,
        'port = 70000, socket = "SSL"',
        ("offer.1", "region.eu", "servers.1", "port"),
        ("found 70000", "from 1 to 65535"),
    ),
    "plain-socket": Mistake(
        FIRST,
        'port = 993, socket = "plain"',
        ("offer.1", "region.eu", "servers.1", "socket"),
        ('"plain"', "SSL", "STARTTLS"),
    ),
    "unknown-protocol": Mistake(
        'protocol = "imap"',
        'protocol = "jmap"',
        ("offer.1", "region.eu", "servers.1", "protocol"),
        ('"jmap"', "imap", "pop3", "smtp"),
    ),
    "oauth2": Mistake(
        "password-cleartext",
        "OAuth2",
        ("offer.1", "login", "authentication"),
        ('"OAuth2"', "password-cleartext"),
    ),
    "http-url": Mistake(
        'url = "https://docs',
        'url = "http://docs',
        ("offer.1", "documentation.1", "url"),
        ('"http://docs.example/guide"', "https://"),
    ),
    "unknown-source": Mistake(
        'gigabytes = 7, source = ["guide"]',
        'gigabytes = 7, source = ["gide"]',
        ("offer.1", "quota", "source"),
        ('"gide"', "[source"),
    ),
    "no-source": Mistake(
        'gigabytes = 7, source = ["guide"]',
        "gigabytes = 7, source = []",
        ("offer.1", "quota", "source"),
        ("[source",),
    ),
    "duplicate-id": Mistake(
        OFFER,
        OFFER + OFFER.replace('"acme"', '"acme-2"'),
        ("offer.2", "id"),
        ('"acme-mail"', "two offers"),
    ),
    "duplicate-alias": Mistake(
        OFFER,
        OFFER + OFFER.replace('"acme-mail"', '"acme-2"'),
        ("offer.2", "aliases"),
        ('"acme"', "two offers"),
    ),
    "exchange-without-autodiscover": Mistake(
        'outlook = "imap"',
        'outlook = "exchange"',
        ("offer.1", "region.eu", "autodiscover"),
        ("missing", 'outlook = "exchange"'),
    ),
    "imap-with-autodiscover": Mistake(
        OFFER,
        OFFER + AUTODISCOVER,
        ("offer.1", "region.eu", "autodiscover"),
        ("unused", 'outlook = "imap"'),
    ),
    "unknown-outlook": Mistake(
        'outlook = "imap"', 'outlook = "eas"', ("offer.1", "outlook"), ('"eas"', "exchange")
    ),
    "region-without-smtp": Mistake(
        SMTP,
        SMTP.replace("smtp", "pop3"),
        ("offer.1", "region.eu", "servers"),
        ("smtp",),
    ),
    "region-with-one-server": Mistake(
        SMTP + ', source = ["guide"] },\n',
        "",
        ("offer.1", "region.eu", "servers"),
        ("smtp",),
    ),
    "region-without-imap": Mistake(
        'protocol = "imap"',
        'protocol = "pop3"',
        ("offer.1", "region.eu", "servers"),
        ("imap",),
    ),
    "no-region": Mistake(
        OFFER[OFFER.index("\n[offer.region.eu]") :],
        "\n[offer.region]\n",
        ("offer.1", "region"),
        ("region",),
    ),
    "observed-host-outside-the-pattern": Mistake(
        '["box1.acme.example"]',
        '["box1.acme.example", "bax2.acme.example"]',
        ("offer.1", "region.eu", "server", "observed"),
        ('"bax2.acme.example"', "pattern"),
    ),
    "pattern-without-number": Mistake(
        "box{n}", "box", ("offer.1", "region.eu", "server", "pattern"), ("box.acme", "{n}")
    ),
    "display-name-too-long": Mistake(
        'display_name = "Acme Mail"',
        f'display_name = "{"A" * 31}"',
        ("offer.1", "display_name"),
        ("A" * 31, "30"),
    ),
    "short-name-too-long": Mistake(
        'short_name = "Acme"',
        f'short_name = "{"A" * 13}"',
        ("offer.1", "short_name"),
        ("A" * 13, "12"),
    ),
    "unknown-kind-of-server": Mistake(
        '"numbered"',
        '"many"',
        ("offer.1", "region.eu", "server"),
        ("many", "shared", "numbered", "fixed", "own"),
    ),
    "no-kind-of-server": Mistake(
        'kind = "numbered"\n',
        "",
        ("offer.1", "region.eu", "server"),
        ("kind", "shared", "numbered", "fixed", "own"),
    ),
    "fixed-host-that-is-missing": Mistake(
        'kind = "numbered"\npattern = "box{n}.acme.example"\nobserved = ["box1.acme.example"]\n',
        'kind = "fixed"\n',
        ("offer.1", "region.eu", "server", "host"),
        ("missing", "a host name"),
    ),
    "server-in-the-documentation": Mistake(
        'url = "https://docs',
        'url = "https://{server}',
        ("offer.1", "documentation.1", "url"),
        ('"https://{server}', "https://"),
    ),
    "newline-after-a-url": Mistake(
        'url = "https://docs.example/guide"',
        'url = "https://docs.example/guide\\n"',
        ("offer.1", "documentation.1", "url"),
        ("guide\\n", "https://"),
    ),
    "verified-in-the-future": Mistake(
        "= 2026-11-24", "= 2999-01-01", ("source.guide", "verified"), ("2999-01-01", "write")
    ),
    "no-quota": Mistake(
        "gigabytes = 7", "gigabytes = 0", ("offer.1", "quota", "gigabytes"), ("0", "more than 0")
    ),
    "misspelt-placeholder-in-a-url": Mistake(
        "dns = {",
        'caldav = { url = "https://{sever}/dav", source = ["guide"] }\ndns = {',
        ("offer.1", "region.eu", "caldav", "url"),
        ("{sever}", "{server}"),
    ),
    "id-with-spaces": Mistake('"acme-mail"', '"Acme Mail"', ("offer.1", "id"), ('"Acme Mail"',)),
    "wrong-schema-version": Mistake("= 1\n", "= 2\n", ("schema_version",), ("found 2", "1")),
    "no-schema-version": Mistake(
        "schema_version = 1\n", "", ("schema_version",), ("missing", "schema_version = 1")
    ),
}
EVERY_MISTAKE = pytest.mark.parametrize("mistake", MISTAKES.values(), ids=list(MISTAKES))


def _problems(folder: Path, text: str) -> list[Problem]:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(folder / "own.toml")
    return list(caught.value.problems)


def _only_problem(folder: Path, mistake: Mistake) -> Problem:
    assert mistake.old in OWN_OFFERS
    problems = _problems(folder, OWN_OFFERS.replace(mistake.old, mistake.new, 1))
    assert len(problems) == 1, problems
    return problems[0]


@EVERY_MISTAKE
def test_mistake_in_an_offers_file_is_named_by_file_table_and_key(
    mistake: Mistake, tmp_path: Path
) -> None:
    problem = _only_problem(tmp_path, mistake)
    path = re.escape(str(tmp_path / "own.toml"))
    assert re.fullmatch(f"{path}: {'.*'.join(map(re.escape, mistake.where))}", problem.where)


@EVERY_MISTAKE
def test_mistake_in_an_offers_file_says_what_was_found_and_what_to_write(
    mistake: Mistake, tmp_path: Path
) -> None:
    problem = _only_problem(tmp_path, mistake)
    assert [part for part in mistake.says if part not in problem.message] == []


@EVERY_MISTAKE
def test_mistake_in_an_offers_file_is_explained_without_a_regular_expression(
    mistake: Mistake, tmp_path: Path
) -> None:
    assert "regex" not in _only_problem(tmp_path, mistake).message


def test_all_mistakes_of_an_offers_file_are_reported_in_one_go(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace("verified =", "read =").replace("= 7", '= "7"').replace("993", "0")
    places = [problem.where.partition(": ")[2] for problem in _problems(tmp_path, text)]
    assert places == [
        "source.guide.read",
        "source.guide.verified",
        "offer.1.quota.gigabytes",
        "offer.1.region.eu.servers.1.port",
    ]


def test_contradictions_are_reported_together_with_wrong_types(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace("= 7", '= "7"').replace('"smtp"', '"pop3"').replace("993", "0")
    text = text.replace('SSL", source = ["guide"]', 'SSL", source = ["gide"]') + OFFER
    places = [problem.where.partition(": ")[2] for problem in _problems(tmp_path, text)]
    assert places == [
        "offer.1.quota.gigabytes",
        "offer.1.region.eu.servers.1.port",
        "offer.1.region.eu.servers.1.source",
        "offer.1.region.eu.servers",
        "offer.2.id",
        "offer.2.aliases",
    ]


def test_what_is_wrong_already_contradicts_nothing(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace('protocol = "imap"', 'protocol = "jmap"').replace(
        'outlook = "imap"', 'outlook = "exchange"'
    )
    text = text.replace("dns = {", "autodiscover = 5\ndns = {")
    places = [problem.where.partition(": ")[2] for problem in _problems(tmp_path, text)]
    assert places == ["offer.1.region.eu.autodiscover", "offer.1.region.eu.servers.1.protocol"]


def test_missing_sources_are_not_missed_at_each_fact(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace(SOURCE[SOURCE.index("[source") :], "")
    assert [problem.where.partition(": ")[2] for problem in _problems(tmp_path, text)] == ["source"]


def test_own_host_is_refused_wherever_hosts_are_shared(tmp_path: Path) -> None:
    rule = OWN_OFFERS[OWN_OFFERS.index("kind =") : OWN_OFFERS.rindex("source =")]
    text = OWN_OFFERS.replace(rule, 'kind = "shared"\n').replace(
        "dns = {",
        'caldav = { url = "https://{server}/dav", source = ["guide"] }\n'
        'webmail = [{ lang = "en", url = "https://{server}", text = "Mail", source = ["guide"] }]\n'
        'dns = { autodiscover_srv = "{server}", ',
    )
    problems = _problems(tmp_path, text)
    assert [problem.where.partition(".eu.")[2] for problem in problems] == [
        "caldav.url",
        "webmail.1.url",
        "dns.autodiscover_srv",
        "servers.1.host",
        "servers.2.host",
    ]
    assert {"{server}" in problem.message for problem in problems} == {True}


def test_exchange_has_a_host(tmp_path: Path) -> None:
    rule = OWN_OFFERS[OWN_OFFERS.index("kind =") : OWN_OFFERS.rindex("source =")]
    text = OWN_OFFERS.replace(rule, 'kind = "shared"\n').replace('"imap"\n', '"exchange"\n')
    text = (text + AUTODISCOVER).replace("{server}", "mail.example.com")
    (problem,) = _problems(tmp_path, text)
    assert problem.where.endswith("offer.1.region.eu.server")
    assert 'kind = "fixed"' in problem.message


def test_empty_file_is_told_which_tables_it_needs(tmp_path: Path) -> None:
    messages = [problem.message for problem in _problems(tmp_path, "")]
    tables = ("schema_version = 1", "[source.…]", "[[offer]]")
    assert [table in message for table, message in zip(tables, messages, strict=True)] == [True] * 3


def test_packaged_file_has_no_mistake() -> None:
    """A start does not look for contradictions in it."""
    assert load_catalogue(PACKAGED).offers == load_catalogue().offers


def test_a_region_without_imap_and_smtp_is_told_so_in_that_order(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace('"imap", host', '"pop3", host').replace('"smtp"', '"pop3"')
    messages = [problem.message for problem in _problems(tmp_path, text)]
    assert [re.findall("imap|smtp", message) for message in messages] == [["imap"], ["smtp"]]


def test_packaged_offers_are_there_without_a_file() -> None:
    assert list(load_catalogue().offers) == list(OFFERS)


def test_own_file_adds_its_offers_to_the_packaged_ones(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN_OFFERS, encoding="utf-8")
    assert list(load_catalogue(tmp_path / "own.toml").offers) == [*OFFERS, "acme-mail"]


def test_own_file_replaces_a_packaged_offer_of_the_same_id(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace('"acme-mail"', '"mx-plan"')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    catalogue = load_catalogue(tmp_path / "own.toml")
    assert list(catalogue.offers) == list(OFFERS)
    assert catalogue.offers["mx-plan"].name == "Acme Mail"


def test_own_file_may_cite_a_packaged_source(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace(
        'gigabytes = 7, source = ["guide"]', 'gigabytes = 7, source = ["quota"]'
    )
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    assert load_catalogue(tmp_path / "own.toml").offers["acme-mail"].quota.source == ("quota",)


def test_own_offer_stands_above_a_packaged_alias_of_its_name(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace('"acme-mail"', '"zimbra"')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    catalogue = load_catalogue(tmp_path / "own.toml")
    assert catalogue.service("zimbra", "eu", "box1")[0].offer.name == "Acme Mail"


def test_own_alias_stands_above_packaged_names(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace('["acme"]', '["mx-plan", "zimbra"]')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    catalogue = load_catalogue(tmp_path / "own.toml")
    for name in ("mx-plan", "zimbra"):
        assert catalogue.service(name, "eu", "box1")[0].offer.id == "acme-mail"
    assert catalogue.service("mxplan")[0].offer.id == "mx-plan"


def test_alias_of_an_offer_that_replaces_another_stands_above_packaged_ones(
    tmp_path: Path,
) -> None:
    text = OWN_OFFERS.replace('"acme-mail"', '"mx-plan"').replace('["acme"]', '["zimbra"]')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    catalogue = load_catalogue(tmp_path / "own.toml")
    assert catalogue.service("zimbra", "eu", "box1")[0].offer.name == "Acme Mail"
    assert "mxplan" not in catalogue.names

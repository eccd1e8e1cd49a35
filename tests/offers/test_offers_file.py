"""A file of offers of one's own: what it adds, and every mistake in it."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from autoconfig.offers.catalogue import PACKAGED, load_catalogue
from autoconfig.offers.model import Dkim
from autoconfig.problems import ConfigurationError, Problem
from tests.support.own_offers import AUTODISCOVER, OFFER, OWN_OFFERS, SOURCE

PACKAGED_OFFERS = list(load_catalogue().offers)


class Mistake(NamedTuple):
    """A file with one mistake: `old` was replaced by `new` in a good one.

    `where`: the tables and the key that must be named, outermost first. `says`: what the message
    must hold of what was found and what to write.
    """

    old: str
    new: str
    where: tuple[str, ...]
    says: tuple[str, ...]


MX = 'mx = [{ preference = 1, host = "mx.acme.example" }]'
SHARED = (
    OFFER.replace("dns = {", f"dns = {{ fallback = true, {MX},")
    .replace('kind = "numbered"\npattern = "box{n}.acme.example"\n', 'kind = "shared"\n')
    .replace('observed = ["box1.acme.example"]\n', "")
    .replace("{server}", "imap.acme.example")
)
SIGN = """
[[sign]]
means = "dkim"
offer = "acme-mail"
region = "eu"
below = "dkim.acme.example"
source = ["guide"]
"""
ACCOUNT = """
[account.eu]
key_page = "https://keys.acme.example/"
service_account_guide = "https://docs.acme.example/"
source = ["guide"]
"""
IN_API = OFFER.replace(
    "quota =", 'api = { family = "zimbra", values = ["pro"], source = ["guide"] }\nquota ='
)
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
    "two-offers-with-one-name-in-the-api": Mistake(
        OFFER,
        IN_API + IN_API.replace('"acme-mail"', '"acme-2"').replace('"acme"', '"acme-3"'),
        ("offer.2", "api.values"),
        ('"pro"', "two offers"),
    ),
    "fallback-without-mx": Mistake(
        OFFER,
        SHARED.replace(f" {MX},", ""),
        ("offer.1", "region.eu", "dns.fallback"),
        ("unused", "mx"),
    ),
    "fallback-on-a-server-that-nobody-names": Mistake(
        "dns = {",
        f"dns = {{ fallback = true, {MX},",
        ("offer.1", "region.eu", "dns.fallback"),
        ("found true", '"numbered"'),
    ),
    "two-fallbacks-for-one-mx": Mistake(
        OFFER,
        SHARED + SHARED.replace('"acme-mail"', '"acme-2"').replace('"acme"', '"acme-3"'),
        ("offer.2", "region.eu", "dns.fallback"),
        ("found true", "offer.1.region.eu", "remove"),
    ),
    "sign-of-an-unknown-kind": Mistake(
        OFFER,
        OFFER + SIGN.replace('"dkim"', '"dmarc"'),
        ("sign.1",),
        ('"dmarc"', '"dkim"', '"default-record"'),
    ),
    "sign-of-an-unknown-offer": Mistake(
        OFFER,
        OFFER + SIGN.replace("acme-mail", "acme-male"),
        ("sign.1", "offer"),
        ('"acme-male"', "acme-mail", PACKAGED_OFFERS[0]),
    ),
    "sign-in-a-region-where-the-offer-is-not": Mistake(
        OFFER, OFFER + SIGN.replace('"eu"', '"ca"'), ("sign.1", "region"), ('"ca"', '"eu"')
    ),
    "sign-with-an-unknown-source": Mistake(
        OFFER, OFFER + SIGN.replace("guide", "gide"), ("sign.1", "source"), ('"gide"', "[source")
    ),
    "sign-without-a-host": Mistake(
        OFFER,
        OFFER + SIGN.replace('below = "dkim.acme.example"\n', ""),
        ("sign.1", "below"),
        ("missing", "a host name"),
    ),
    "page-for-keys-in-the-clear": Mistake(
        OFFER,
        OFFER + ACCOUNT.replace("https://keys", "http://keys"),
        ("account.eu", "key_page"),
        ("an https:// address",),
    ),
    "page-for-keys-with-an-unknown-source": Mistake(
        OFFER, OFFER + ACCOUNT.replace('guide"]', 'gide"]'), ("account.eu", "source"), ('"gide"',)
    ),
    "account-that-is-no-table": Mistake(
        SOURCE, SOURCE.replace("\n\n", "\naccount = { eu = 1 }\n\n"), ("account.eu",), ("1",)
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


def test_sign_of_an_offer_in_which_something_is_wrong_is_not_missed(tmp_path: Path) -> None:
    text = (OWN_OFFERS + SIGN).replace('id = "acme-mail"', 'id = "Acme Mail"')
    (problem,) = _problems(tmp_path, text)
    assert problem.where.endswith("offer.1.id")


def test_sign_may_be_of_a_packaged_offer(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        OWN_OFFERS + SIGN.replace("acme-mail", PACKAGED_OFFERS[0]), encoding="utf-8"
    )
    signs = load_catalogue(tmp_path / "own.toml").signs
    assert signs[:-1] == load_catalogue().signs
    assert isinstance(signs[-1], Dkim)
    assert signs[-1].below == "dkim.acme.example"


def test_fallback_of_ones_own_may_stand_beside_the_packaged_one(tmp_path: Path) -> None:
    packaged = load_catalogue()
    (shared,) = {
        offer.region["eu"].dns.mx[0].host
        for offer in packaged.offers.values()
        if offer.region["eu"].dns.fallback
    }
    (tmp_path / "own.toml").write_text(
        SOURCE + SHARED.replace("mx.acme.example", shared), encoding="utf-8"
    )
    assert {*load_catalogue(tmp_path / "own.toml").offers} == {*packaged.offers, "acme-mail"}


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
    assert list(load_catalogue().offers) == PACKAGED_OFFERS


def test_own_file_adds_its_offers_to_the_packaged_ones(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN_OFFERS, encoding="utf-8")
    assert list(load_catalogue(tmp_path / "own.toml").offers) == [*PACKAGED_OFFERS, "acme-mail"]


def test_own_file_replaces_a_packaged_offer_of_the_same_id(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace('"acme-mail"', '"mx-plan"')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    catalogue = load_catalogue(tmp_path / "own.toml")
    assert list(catalogue.offers) == PACKAGED_OFFERS
    assert catalogue.offers["mx-plan"].name == "Acme Mail"


def test_own_file_may_cite_a_packaged_source(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace(
        'gigabytes = 7, source = ["guide"]', 'gigabytes = 7, source = ["quota"]'
    )
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    quota = load_catalogue(tmp_path / "own.toml").offers["acme-mail"].quota
    assert quota
    assert quota.source == ("quota",)


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


def test_mistake_in_the_packaged_offers_is_said_as_in_those_of_an_operator(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """To whoever changes them: the offers are trusted only as far as they fit their types."""
    changed = tmp_path / "offers.toml"
    changed.write_text(PACKAGED.read_text().replace('short_name = "', 'short_name = "The new ', 1))
    monkeypatch.setattr("autoconfig.offers.catalogue.PACKAGED", changed)
    with pytest.raises(ConfigurationError) as refused:
        load_catalogue()
    assert "offer.1.short_name: found" in str(refused.value)
    assert "write at most 12 characters" in str(refused.value)

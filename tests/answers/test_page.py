"""`/`: the page for people, whose it is, and in which language."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from autoconfig.answers.page import field_page
from autoconfig.config.load import Config, load_config
from autoconfig.documents.formats import LANGUAGES
from autoconfig.documents.text import STYLE
from autoconfig.guides.load import load_guides
from autoconfig.guides.model import Device
from autoconfig.names import EmailAddress
from autoconfig.web import create_app
from tests.support.client import FROM_HTTP, host
from tests.support.own_offers import OWN_OFFERS
from tests.support.services import RENDERINGS
from tests.support.structure import Structure

FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.5"}
PREFERRED = {"en": {}, "fr": FRENCH}
"""The headers of a reader of each language."""

every_language = pytest.mark.parametrize("language", LANGUAGES)


def of_domain(config: Config, domain: str, language: str) -> bytes:
    """The page of a domain."""
    address = EmailAddress.parse(f"a@{domain}")
    service = config.served.find(address.domain)
    assert service is not None
    name = {"en": "page-domain", "fr": "page-domain-fr"}[language]
    return RENDERINGS.of(service)[name].fill(address.domain)


def of_address(config: Config, text: str, language: str) -> bytes:
    """The page of a person."""
    address = EmailAddress.parse(text)
    service = config.served.find(address)
    assert service is not None
    name = {"en": "page", "fr": "page-fr"}[language]
    return RENDERINGS.of(service)[name].fill(address.domain, address)


def assert_asks(response: TestResponse, status: int, language: str, typed: str = "") -> None:
    """It is the page with the field, of the status, in the language. `typed`: what it holds."""
    assert (response.status_code, response.get_data(as_text=True)) == (
        status,
        field_page(language, status, typed),
    )
    assert '<input id="emailaddress" name="emailaddress"' in response.get_data(as_text=True)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Vary"] == "Accept-Language"
    assert "form-action 'self'" in response.headers["Content-Security-Policy"]


def assert_is_not_found(response: TestResponse) -> None:
    """It is the page for a name of which nothing is known, in both languages and without field."""
    page = response.get_data(as_text=True)
    assert response.status_code == 404
    assert '<p lang="fr">' in page
    assert '<p lang="en">' in page
    assert "<form" not in page


# ------------------------------------------------------------------------------------- of a domain


@every_language
@pytest.mark.parametrize(
    "name",
    ["example.fr", "autoconfig.example.fr", "autodiscover.example.fr:8000", "www.example.fr"],
)
def test_root_is_the_page_of_the_domain(
    client: FlaskClient, config: Config, name: str, language: str
) -> None:
    response = client.get("/", headers={**host(name), **PREFERRED[language]})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert response.headers["Vary"] == "Accept-Language, User-Agent"
    assert "form-action 'self'" in response.headers["Content-Security-Policy"]
    assert response.data == of_domain(config, "example.fr", language)


@every_language
@pytest.mark.parametrize("accepted", ["en", "fr", "de"])
def test_language_in_the_query_stands_above_that_of_the_reader(
    client: FlaskClient, config: Config, language: str, accepted: str
) -> None:
    headers = {**host("example.fr"), "Accept-Language": accepted}
    response = client.get(f"/?lang={language}", headers=headers)
    assert response.data == of_domain(config, "example.fr", language)


@pytest.mark.parametrize("domain", ["example.fr", "exchange.example"])
def test_french_sign_is_never_alone_at_the_beginning_of_a_line(config: Config, domain: str) -> None:
    """French writes a space before it, at which a narrow phone would break the line."""
    page = re.sub(r"<style>.*</style>", "", of_domain(config, domain, "fr").decode(), flags=re.S)
    signs = re.findall(r"(.)[:;!?](?=[ <])", page)
    assert signs
    assert {*signs} == {"\N{NO-BREAK SPACE}"}


def test_unknown_language_in_the_query_is_ignored(client: FlaskClient, config: Config) -> None:
    response = client.get("/?lang=de", headers={**host("example.fr"), **FRENCH})
    assert response.data == of_domain(config, "example.fr", "fr")


def test_page_of_each_language_has_a_version_of_its_own(client: FlaskClient) -> None:
    english, french = (
        client.get("/", headers={**host("example.fr"), **PREFERRED[each]}) for each in LANGUAGES
    )
    assert english.headers["ETag"] != french.headers["ETag"]
    known = {**host("example.fr"), "If-None-Match": english.headers["ETag"]}
    assert client.get("/", headers=known).status_code == 304
    assert client.get("/", headers=known).headers["Vary"] == "Accept-Language, User-Agent"
    assert client.get("/", headers={**known, **FRENCH}).status_code == 200


def test_plain_http_is_no_reason_to_redirect_people(client: FlaskClient) -> None:
    assert client.get("/", headers={**host("example.fr"), **FROM_HTTP}).status_code == 200


@pytest.mark.parametrize("query", ["x", "None=a@exchange.example", "email=a@exchange.example"])
def test_another_parameter_does_not_matter(client: FlaskClient, config: Config, query: str) -> None:
    response = client.get(f"/?{query}", headers=host("example.com"))
    assert response.data == of_domain(config, "example.com", "en")


# ------------------------------------------------------------------------------------ of a person


@every_language
@pytest.mark.parametrize(
    "name", ["example.fr", "exchange.example", "localhost:8000", "unknown.example", "", "192.0.2.1"]
)
def test_address_stands_above_any_host(
    client: FlaskClient, config: Config, name: str, language: str
) -> None:
    url = "/?emailaddress=Alice%2Bnews@Example.fr"
    response = client.get(url, headers={**host(name), **PREFERRED[language]})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Vary"] == "Accept-Language, User-Agent"
    assert "form-action 'none'; img-src 'self' data:" in response.headers["Content-Security-Policy"]
    assert "ETag" not in response.headers
    assert "<code>Alice+news<wbr>@example.fr</code>" in response.get_data(as_text=True)
    assert response.data == of_address(config, "Alice+news@example.fr", language)


def test_configured_address_has_a_page_of_its_own(client: FlaskClient, config: Config) -> None:
    response = client.get("/?emailaddress=boss@example.fr", headers=host("example.fr"))
    assert b"<code>ex4." in response.data
    assert response.data == of_address(config, "boss@example.fr", "en")


def test_address_is_escaped(client: FlaskClient) -> None:
    response = client.get("/?emailaddress=%3Cb%3E%26%22@example.fr")
    assert "<code>&lt;b&gt;&amp;&#34;<wbr>@example.fr</code>" in response.get_data(as_text=True)


@pytest.mark.parametrize("value", ["", "%20", "%25EMAILADDRESS%25"])
def test_no_address_is_as_none(client: FlaskClient, config: Config, value: str) -> None:
    response = client.get(f"/?emailaddress={value}", headers=host("example.fr"))
    assert response.data == of_domain(config, "example.fr", "en")


@every_language
@pytest.mark.parametrize("name", ["example.fr", "localhost", "unknown.example"])
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("alice@unknown.example", 404),
        ("alice@www.example.fr", 404),
        ("alice@autoconfig.example.fr", 404),
        ("alice", 400),
        ("a@b@example.fr", 400),
        ("%3Cscript%3E", 400),
        ("a%00@example.fr", 400),
    ],
)
def test_address_without_settings_is_asked_for_again(
    client: FlaskClient, address: str, status: int, name: str, language: str
) -> None:
    url = f"/?emailaddress={address}"
    response = client.get(url, headers={**host(name), **PREFERRED[language]})
    assert_asks(response, status, language, unquote(address))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("alice@unknown.exemple", "alice@unknown.exemple"),
        ("Alice+new s@unknown.example", "Alice+new s@unknown.example"),
        ('"><script>alert(1)</script>', "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("é" * 254, "é" * 254),
        ("a" * 255, ""),
    ],
    ids=["address", "signs", "markup", "longest", "too long"],
)
def test_what_was_typed_stays_in_the_field(client: FlaskClient, typed: str, kept: str) -> None:
    page = client.get("/", query_string={"emailaddress": typed}, headers=host("example.fr"))
    assert f'type="email" value="{kept}" ' in page.get_data(as_text=True)


# ---------------------------------------------------------------------------------- a field for it


@every_language
@pytest.mark.parametrize(
    "name",
    [
        "autoconfig.agency.example",
        "AutoConfig.Agency.Example.:8000",
        "localhost",
        "localhost:8000",
        "my_machine",
        "127.0.0.1:8000",
        "192.0.2.1",
        "[::1]:8000",
        "[2001:DB8::1]",
    ],
)
def test_root_asks_for_an_address_where_the_host_says_no_domain(
    client: FlaskClient, name: str, language: str
) -> None:
    assert_asks(client.get("/", headers={**host(name), **PREFERRED[language]}), 200, language)
    other = {"en": "fr", "fr": "en"}[language]
    chosen = client.get(f"/?lang={other}", headers={**host(name), **PREFERRED[language]})
    assert_asks(chosen, 200, other)


@pytest.mark.parametrize(
    "name",
    [
        "unknown.example",
        "autoconfig.unknown.example",
        "agency.example",
        "www.agency.example",
        "localhost.example",
        "127.0.0.1.example",
        "autoconfig.",
        "",
        ":8000",
        "::1",
        "[::1",
        "a b",
        "localhost/x",
    ],
)
def test_root_of_a_name_of_which_nothing_is_known_is_not_found(
    client: FlaskClient, name: str
) -> None:
    assert_is_not_found(client.get("/", environ_overrides={"HTTP_HOST": name}))


@pytest.mark.parametrize("name", ["autoconfig.agency.example", "", "no name", "unknown.example"])
def test_without_a_base_no_host_is_the_operators(config: Config, name: str) -> None:
    client = create_app(replace(config, base_url=None)).test_client()
    assert_is_not_found(client.get("/", environ_overrides={"HTTP_HOST": name}))


def test_base_under_a_domain_that_is_served_has_the_page_of_that(config: Config) -> None:
    client = create_app(replace(config, base_url="https://autoconfig.example.fr")).test_client()
    response = client.get("/", headers=host("autoconfig.example.fr"))
    assert response.data == of_domain(config, "example.fr", "en")


def test_domain_of_which_single_addresses_are_served_asks_for_one(tmp_path: Path) -> None:
    file = tmp_path / "autoconfig.toml"
    file.write_text('service = [{offer = "mx-plan", addresses = ["a@alone.example"]}]')
    client = create_app(file).test_client()
    for name in ("autoconfig.alone.example", "www.alone.example", "alone.example"):
        assert_asks(client.get("/", headers=host(name)), 200, "en")
    assert client.get("/?emailaddress=a@alone.example").status_code == 200
    typed = "b@alone.example"
    assert_asks(client.get(f"/?emailaddress={typed}"), 404, "en", typed)


# ------------------------------------------------------------------------------- for each device

AGENTS: Mapping[str, str] = {
    "android": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0 Mobile",
    "iphone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Safari",
    "mac": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
    "windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Edg/140",
    "linux": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}
"""A browser on each device, as it names itself."""

UNKNOWN = {"none": "", "a program": "curl/8.14.1", "a phone of old": "Nokia6230/2.0 (04.44)"}


def guides(page: str) -> list[tuple[str, str]]:
    """The guides of a page, in order: the id, and the tag that begins it."""
    return re.findall(r"<!--guide (\S+)-->(<[^>]+>)", page)


@pytest.mark.parametrize("url", ["/", "/?emailaddress=alice@example.fr"])
@pytest.mark.parametrize("device", AGENTS)
def test_guides_for_the_device_stand_first_and_the_likeliest_is_open(
    client: FlaskClient, config: Config, device: Device, url: str
) -> None:
    headers = {**host("example.fr"), "User-Agent": AGENTS[device]}
    found = guides(client.get(url, headers=headers).get_data(as_text=True))
    ordered = [each for each in load_guides().order(device) if each in dict(found)]
    assert [each for each, _ in found] == ordered
    assert [each for each, tag in found if " open>" in tag] == ordered[:1]


@pytest.mark.parametrize("agent", UNKNOWN.values(), ids=UNKNOWN)
def test_page_claims_nothing_of_a_device_that_is_unknown(client: FlaskClient, agent: str) -> None:
    response = client.get("/", headers={**host("example.fr"), "User-Agent": agent})
    found = guides(response.get_data(as_text=True))
    windows = [each for each in load_guides().order("windows") if each in dict(found)]
    assert [each for each, _ in found] == windows
    assert not any(" open>" in tag for _, tag in found)


def test_page_is_the_same_on_every_device_but_for_the_order(client: FlaskClient) -> None:
    pages = {
        "".join(sorted(response.get_data(as_text=True).replace('" open>', '">')))
        for agent in AGENTS.values()
        for response in [client.get("/", headers={**host("example.fr"), "User-Agent": agent})]
    }
    assert len(pages) == 1


def test_page_for_each_device_has_a_version_of_its_own(client: FlaskClient) -> None:
    requests = [{**host("example.fr"), "User-Agent": agent} for agent in AGENTS.values()]
    tags = [client.get("/", headers=headers).headers["ETag"] for headers in requests]
    assert len({*tags}) == len(AGENTS)
    for headers, tag in zip(requests, tags, strict=True):
        for known in tags:
            again = client.get("/", headers={**headers, "If-None-Match": known})
            assert again.status_code == (304 if known == tag else 200)


def test_address_that_looks_like_the_beginning_of_a_guide_moves_nothing(
    client: FlaskClient,
) -> None:
    for local in ("<!--guide iphone-->", "<!--guides-->", "<details"):
        query = {"emailaddress": f"{local.replace(' ', '')}@example.fr"}
        headers = {**host("example.fr"), "User-Agent": AGENTS["mac"]}
        page = client.get("/", query_string=query, headers=headers).get_data(as_text=True)
        plain = client.get("/?emailaddress=a@example.fr", headers=headers).get_data(as_text=True)
        assert guides(page) == guides(plain)


# --------------------------------------------------------------------------------------- its form


PAGES = {
    "domain": ("/", "example.fr"),
    "Exchange": ("/", "exchange.example"),
    "person": ("/?emailaddress=alice@example.com", "example.fr"),
    "Zimbra": ("/?emailaddress=alice@zimbra.example", "example.fr"),
    "field": ("/", "localhost"),
    "not served": ("/?emailaddress=alice@unknown.example", "localhost"),
    "malformed": ("/?emailaddress=alice", "localhost"),
    "unknown": ("/", "unknown.example"),
    "no URL": ("/nothing", "example.fr"),
}
every_page = pytest.mark.parametrize(("url", "name"), PAGES.values(), ids=PAGES)


@every_page
@every_language
def test_page_holds_nothing_that_is_wider_than_a_narrow_phone(
    client: FlaskClient, url: str, name: str, language: str
) -> None:
    """No table, which does not reflow; and long names break.

    Measured in Chromium from 320 pixels, with an address of 64 and 67 letters: nothing overflows.
    """
    page = client.get(url, headers={**host(name), **PREFERRED[language]}).get_data(as_text=True)
    structure = Structure(page)
    tags = [tag for tag, _ in structure.elements]
    assert not {"table", "pre", "iframe", "script", "svg"} & set(tags)
    viewport = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    assert ("meta", viewport) in structure.elements
    (style,) = re.findall(r"<style>(.*)</style>", page, flags=re.DOTALL)
    assert "overflow-wrap: anywhere" in style
    assert "nowrap" not in style


@every_page
def test_policy_of_a_page_admits_its_style_and_no_other(
    client: FlaskClient, url: str, name: str
) -> None:
    """Where this fails, the style has changed, and `documents.text.STYLE` is to say so."""
    response = client.get(url, headers=host(name))
    page = response.get_data(as_text=True)
    (style,) = re.findall(r"<style>(.*)</style>", page, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"sha256-{digest}" == STYLE
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src '{STYLE}'; form-action ")
    assert policy.endswith("; base-uri 'none'; frame-ancestors 'none'")
    assert not re.search(r'<\w[^>]* (?:style|on\w+)=|="javascript:', page)


@every_page
@every_language
def test_page_is_in_one_language_and_has_one_main_part(
    client: FlaskClient, url: str, name: str, language: str
) -> None:
    """But for the link to the other language."""
    page = client.get(url, headers={**host(name), **PREFERRED[language]}).get_data(as_text=True)
    elements = Structure(page).elements
    assert [tag for tag, _ in elements].count("main") == 1
    said = [each["lang"] for tag, each in elements if "lang" in each and tag != "a"]
    knows_no_reader = name == "unknown.example" or url == "/nothing"
    assert said == (["fr", "fr", "en"] if knows_no_reader else [language])


@every_page
@every_language
def test_headings_are_in_order_below_one_and_ids_are_unique(
    client: FlaskClient, url: str, name: str, language: str
) -> None:
    page = client.get(url, headers={**host(name), **PREFERRED[language]}).get_data(as_text=True)
    elements = Structure(page).elements
    levels = [int(tag[1]) for tag, _ in elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [each["id"] for _, each in elements if "id" in each]
    assert len({*ids}) == len(ids)


@pytest.mark.parametrize("name", ["domain", "person", "Zimbra", "field", "not served"])
@every_language
def test_link_to_the_other_language_leads_to_the_same_page_in_it(
    client: FlaskClient, name: str, language: str
) -> None:
    url, at = PAGES[name]
    headers = {**host(at), **PREFERRED[language]}
    elements = Structure(client.get(url, headers=headers).get_data(as_text=True)).elements
    (link,) = (each for tag, each in elements if tag == "a" and "lang" in each)
    (other,) = {*LANGUAGES} - {language}
    assert link["hreflang"] == link["lang"] == other
    followed = client.get(str(link["href"]), headers=headers)
    keeps = name == "not served"  # asks for the address anew
    assert (
        followed.data
        == client.get("/" if keeps else url, headers={**host(at), **PREFERRED[other]}).data
    )


@every_language
def test_form_of_a_domain_leads_to_the_page_of_a_person_in_the_language(
    client: FlaskClient, config: Config, language: str
) -> None:
    page = client.get("/", headers={**host("example.fr"), **PREFERRED[language]})
    elements = Structure(page.get_data(as_text=True)).elements
    (form,) = (each for tag, each in elements if tag == "form")
    fields = {str(each["name"]): each.get("value") for tag, each in elements if tag == "input"}
    typed = "Alice+news@example.fr"
    filled = client.get(str(form["action"]), query_string={**fields, "emailaddress": typed})
    assert filled.data == of_address(config, typed, language)


def test_links_of_a_person_have_the_address_in_them(client: FlaskClient) -> None:
    page = client.get("/?emailaddress=a%26b%2Bc@zimbra.example").get_data(as_text=True)
    links = [each.get("href") or each.get("src") for _, each in Structure(page).elements]
    own = {str(each) for each in links if str(each).startswith("/")}
    assert own >= {
        "/?emailaddress=a%26b%2Bc@zimbra.example&lang=fr",
        "/?lang=en",
        "/email.mobileconfig?email=a%26b%2Bc@zimbra.example&for=iphone",
        "/qr.svg?email=a%26b%2Bc@zimbra.example&for=iphone",
    }


@every_language
@pytest.mark.parametrize("url", ["/", "/?emailaddress=alice@zimbra.example"])
def test_page_makes_one_request(client: FlaskClient, url: str, language: str) -> None:
    """Codes are in closed parts of it, and wait until these are opened."""
    page = client.get(url, headers={**host("zimbra.example"), **PREFERRED[language]})
    elements = Structure(page.get_data(as_text=True)).elements
    assert all(each["loading"] == "lazy" for tag, each in elements if tag == "img")
    assert not {"script", "video", "object"} & {tag for tag, _ in elements}
    assert {each["href"] for tag, each in elements if tag == "link"} <= {"data:,"}


@every_language
@pytest.mark.parametrize("status", [200, 400, 404])
def test_field_has_a_label_and_keeps_the_language(language: str, status: int) -> None:
    elements = Structure(field_page(language, status)).elements
    fields = {each["name"]: each for tag, each in elements if tag == "input"}
    assert ("label", {"for": fields["emailaddress"]["id"]}) in elements
    assert fields["lang"]["value"] == language
    (form,) = (each for tag, each in elements if tag == "form")
    assert form == {"action": "/"}
    described = str(fields["emailaddress"]["aria-describedby"]).split()
    assert {*described} <= {each.get("id") for _, each in elements}
    mistakes = [each["id"] for _, each in elements if each.get("role") == "alert"]
    assert mistakes == [each for each in described if each == "mistake"]
    assert bool(mistakes) == ("aria-invalid" in fields["emailaddress"]) == (status != 200)


def test_links_that_are_in_another_language_alone_are_shown_as_such(tmp_path: Path) -> None:
    """Of an offer of one's own, which need not have both: a reader needs the webmail anyway."""
    webmail = '{ lang = "en", url = "https://mail.example/", text = "Mail", source = ["guide"] }'
    offers = OWN_OFFERS.replace("[offer.region.eu]", f"[offer.region.eu]\nwebmail = [{webmail}]")
    (tmp_path / "offers.toml").write_text(offers)
    file = tmp_path / "autoconfig.toml"
    file.write_text(
        'offers_file = "offers.toml"\n[[service]]\noffer = "acme-mail"\nserver = "box1"\n'
        'domains = ["own.example"]\n'
    )
    pages = [of_domain(load_config(file), "own.example", language) for language in LANGUAGES]
    for url in (b"https://mail.example/", b"https://docs.example/guide"):
        assert [page.count(b'<a href="%s">' % url) for page in pages] == [1, 0]
        own = b'<a href="%s" lang="en" hreflang="en">' % url
        assert [page.count(own) for page in pages] == [0, 1]

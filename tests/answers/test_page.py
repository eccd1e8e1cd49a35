"""`/`: the page for people, whose it is, and in which language."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from autoconfig.answers.page import field_page
from autoconfig.config.load import Config
from autoconfig.documents.formats import LANGUAGES
from autoconfig.names import EmailAddress
from autoconfig.web import create_app
from tests.support.client import FROM_HTTP, host
from tests.support.services import RENDERINGS

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


def assert_asks(response: TestResponse, status: int, language: str) -> None:
    """It is the page with the field, of the status, in the language."""
    assert (response.status_code, response.get_data(as_text=True)) == (
        status,
        field_page(language, status),
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
    assert response.headers["Vary"] == "Accept-Language"
    assert "form-action 'none'" in response.headers["Content-Security-Policy"]
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
    assert client.get("/", headers=known).headers["Vary"] == "Accept-Language"
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
    assert response.headers["Vary"] == "Accept-Language"
    assert "ETag" not in response.headers
    assert "<dd>Alice+news@example.fr</dd>" in response.get_data(as_text=True)
    assert response.data == of_address(config, "Alice+news@example.fr", language)


def test_configured_address_has_a_page_of_its_own(client: FlaskClient, config: Config) -> None:
    response = client.get("/?emailaddress=boss@example.fr", headers=host("example.fr"))
    assert b"<dd>ex4." in response.data
    assert response.data == of_address(config, "boss@example.fr", "en")


def test_address_is_escaped(client: FlaskClient) -> None:
    response = client.get("/?emailaddress=%3Cb%3E%26%22@example.fr")
    assert "<dd>&lt;b&gt;&amp;&#34;@example.fr</dd>" in response.get_data(as_text=True)


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
    assert_asks(response, status, language)


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
    assert_asks(client.get("/?emailaddress=b@alone.example"), 404, "en")


# --------------------------------------------------------------------------------------- its form


class Structure(HTMLParser):
    """The elements of a page with their attributes, and the text of the style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


PAGES = {
    "domain": ("/", "example.fr"),
    "Exchange": ("/", "exchange.example"),
    "person": ("/?emailaddress=alice@example.com", "example.fr"),
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
    """No table, which does not reflow; no width of its own; and long names break.

    Measured in Chromium 280 to 390 pixels wide, with a name of 128 letters: nothing overflows.
    """
    page = client.get(url, headers={**host(name), **PREFERRED[language]}).get_data(as_text=True)
    structure = Structure(page)
    tags = [tag for tag, _ in structure.elements]
    assert not {"table", "pre", "img", "iframe", "script", "svg"} & set(tags)
    viewport = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    assert ("meta", viewport) in structure.elements
    (style,) = re.findall(r"<style>(.*)</style>", page, flags=re.DOTALL)
    assert "overflow-wrap: anywhere" in style
    assert "nowrap" not in style
    assert set(re.findall(r"[^-]width: ([^;}\s]+)", style)) <= {"100%"}


@every_page
@every_language
def test_page_is_in_one_language_and_has_one_main_part(
    client: FlaskClient, url: str, name: str, language: str
) -> None:
    page = client.get(url, headers={**host(name), **PREFERRED[language]}).get_data(as_text=True)
    elements = Structure(page).elements
    assert [tag for tag, _ in elements].count("main") == 1
    assert [tag for tag, _ in elements].count("h1") == 1
    said = [attributes["lang"] for _, attributes in elements if "lang" in attributes]
    knows_no_reader = name == "unknown.example" or url == "/nothing"
    assert said == (["fr", "fr", "en"] if knows_no_reader else [language])


@every_language
@pytest.mark.parametrize("status", [200, 400, 404])
def test_field_has_a_label_and_keeps_the_language(language: str, status: int) -> None:
    elements = Structure(field_page(language, status)).elements
    fields = {each["name"]: each for tag, each in elements if tag == "input"}
    assert ("label", {"for": fields["emailaddress"]["id"]}) in elements
    assert fields["lang"]["value"] == language
    (form,) = (each for tag, each in elements if tag == "form")
    assert form == {"action": "/"}
    described = fields["emailaddress"].get("aria-describedby")
    mistakes = [each["id"] for _, each in elements if each.get("role") == "alert"]
    assert mistakes == ([] if status == 200 else [described])

"""What holds for every input, with inputs made up by Hypothesis."""

import datetime
import json
import re
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import idna
import pytest
from flask import Flask
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from autoconfig.answers.endpoints import CASELESS_PREFIX, canonical_path
from autoconfig.answers.pox_request import parse_request, read_plainly, read_with_lxml
from autoconfig.config.load import load_config
from autoconfig.documents.formats import FORMATS
from autoconfig.documents.placeholders import ADDRESS, DOMAIN, LOCAL_PART, UNICODE_DOMAIN
from autoconfig.documents.text import HTML, TextKind
from autoconfig.errors import MalformedAddress, MalformedRequest
from autoconfig.names import Domain, EmailAddress, parse_domain, unicode_domain
from autoconfig.offers.catalogue import PACKAGED
from autoconfig.problems import ConfigurationError, InvalidName
from tests.answers.test_hostile import (
    EVERY_URL,
    MOBILESYNC,
    MOBILESYNC_ANSWER,
    OUTLOOK,
    OUTLOOK_ANSWER,
    POX,
    answered,
    ask,
)
from tests.support.services import DOCUMENTS, EVERY_DOCUMENT

PLACEHOLDERS = (ADDRESS, DOMAIN, LOCAL_PART, UNICODE_DOMAIN)

scalar_values = st.characters(codec="utf-8")
"""Characters that can be encoded: no surrogates."""

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
domains = st.builds(
    lambda names, last: parse_domain(".".join((*names, last))),
    st.lists(labels, min_size=1, max_size=3),
    st.sampled_from(("com", "example", "fr", "xn--p1ai")),
)
letters = st.characters(categories=("Ll", "Lu", "Lo", "Lm", "Mn", "Nd"))
typed_domains = st.lists(
    st.one_of(st.text(letters, min_size=1, max_size=8), labels), min_size=1, max_size=4
).map(lambda names: ".".join((*names, "fr")))
"""As people might type them; many are none."""

printable = st.characters(exclude_categories=("C", "Z"), exclude_characters="@")
local_parts = st.one_of(
    st.text(printable, min_size=1, max_size=30),
    st.lists(
        st.sampled_from((*PLACEHOLDERS, "%", "&", "<", ">", '"', "'", "&amp;", "]]>", "\\1", "a")),
        min_size=1,
        max_size=6,
    ).map("".join),
)
addresses = st.builds(EmailAddress, local_parts, domains)


# ------------------------------------------------------------------------------------------ names


def is_host_name(text: str) -> bool:
    """RFC 952 and 1123 in lower case, two labels or more: written without a regular expression."""
    names = text.split(".")
    return (
        len(text) <= 253
        and len(names) >= 2
        and all(1 <= len(name) <= 63 for name in names)
        and set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
        and not any(name.startswith("-") or name.endswith("-") for name in names)
        and not names[-1].isdigit()
    )


@given(st.one_of(st.text(), typed_domains))
@example("\ud800.fr")
@example("é" * 300)
@example("\u0661.\u0662")
@example("xn--é.fr")
@example("a\u3002fr")
def test_any_text_is_a_host_name_or_invalid(text: str) -> None:
    try:
        domain = parse_domain(text)
    except InvalidName:
        return
    assert is_host_name(domain)


@given(domains)
def test_host_name_is_its_own_one_form(domain: Domain) -> None:
    assert parse_domain(domain) == domain


def read(text: str) -> str | None:
    try:
        return parse_domain(text)
    except InvalidName:
        return None


@given(st.one_of(domains, st.from_regex(r"[a-z0-9.-]{1,80}", fullmatch=True), st.text()))
@example("a.b\n")
@example(f"{'a.' * 126}b")
@example(f"{'a.' * 127}b")
def test_domain_in_its_one_form_is_read_as_any_other(text: str) -> None:
    """What needs no change goes a shorter way, which a blank before it bars."""
    assert read(text) == read(f" {text}")


@given(typed_domains)
@example("İ.fr")
@example("é.b..")
def test_reading_a_domain_twice_is_reading_it_once(text: str) -> None:
    with suppress(InvalidName):
        domain = parse_domain(text)
        assert parse_domain(domain) == domain


@given(st.one_of(typed_domains, domains))
@example("straße.de")
@example("ᏣᎳᎩ.com")
@example("xn--zzzzzzzz.example")
def test_domain_as_people_read_it_leads_back_to_it(text: str) -> None:
    with suppress(InvalidName):
        domain = parse_domain(text)
        assert parse_domain(unicode_domain(domain)) == domain


@given(typed_domains)
@example("ΔΣ.gr")
@example("ΔΣ-Δ.gr")
@example("STRASSE.DE")
def test_domain_in_capitals_is_the_one_that_unicode_s_rules_give(text: str) -> None:
    try:
        expected = idna.encode(text, uts46=True).decode("ascii")
        domain = parse_domain(text)
    except (idna.IDNAError, InvalidName):
        assume(False)  # noqa: FBT003  # Hypothesis' own way to say so
    assert domain == expected


@given(domains)
def test_final_dot_and_capitals_and_blanks_do_not_matter(domain: Domain) -> None:
    assert parse_domain(f" {domain.upper()}.\n") == domain


@given(domains)
def test_two_final_dots_are_no_domain_in_either_form(domain: Domain) -> None:
    for text in (f"{domain}..", f"é.{domain}.."):
        with pytest.raises(InvalidName):
            parse_domain(text)


@given(st.one_of(st.text(), st.builds("{}@{}".format, local_parts, typed_domains)))
@example("a@b@example.com")
@example("a\ud800@example.com")
@example(f"{'a' * 242}@example.com")
@example(f"{'a' * 100}@{'é.' * 30}fr")
@example("a@\r\nexample.com")
def test_any_text_is_an_address_in_its_one_form_or_invalid(text: str) -> None:
    try:
        address = EmailAddress.parse(text)
    except InvalidName:
        return
    assert EmailAddress.parse(str(address)) == address


@given(addresses)
def test_address_is_read_as_it_was_typed(address: EmailAddress) -> None:
    assert EmailAddress.parse(f"\t{address} ") == address


@given(addresses, st.integers(min_value=0), st.characters(categories=("Cc", "Cf", "Zs", "Zl")))
def test_address_with_an_invisible_character_inside_is_invalid(
    address: EmailAddress, place: int, invisible: str
) -> None:
    text = str(address)
    place = place % len(address.local)
    with pytest.raises(InvalidName):
        EmailAddress.parse(f"x{text[:place]}{invisible}{text[place:]}")


@given(
    addresses.map(str)
    | st.builds("{}@{}".format, st.text(string.printable[:94], max_size=70), domains | st.text())
)
@example("a" * 64 + "@" + "b." * 94 + "fr")
@example("a" * 65 + "@" + "b." * 94 + "fr")
@example("a" * 64 + "@" + "b." * 95 + "fr")
def test_plain_address_is_read_as_any_other(text: str) -> None:
    def read(typed: str) -> EmailAddress | None:
        with suppress(InvalidName):
            return EmailAddress.parse(typed)
        return None

    assert read(text) == read(f" {text}")  # which is not plain


@given(addresses)
def test_mailbox_of_an_address_is_an_address(address: EmailAddress) -> None:
    assert EmailAddress.parse(address.mailbox).domain == address.domain


# --------------------------------------------------------------------------------------- requests

TAGS = ("Autodiscover", "Request", "EMailAddress", "AcceptableResponseSchema", "X", "a:b")
NAMESPACES = (OUTLOOK, MOBILESYNC, OUTLOOK_ANSWER, MOBILESYNC_ANSWER, "", "}", "{", "a}b[", "urn:x")
TEXTS = st.one_of(
    st.sampled_from(("alice@example.com", OUTLOOK_ANSWER, MOBILESYNC_ANSWER, "&x;", "&#0;", "")),
    st.text(scalar_values, max_size=20),
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037")


def element(tag: str, namespace: str | None, content: str) -> str:
    declaration = "" if namespace is None else f' xmlns="{namespace}"'
    return f"<{tag}{declaration}>{content}</{tag}>"


elements = st.recursive(
    TEXTS,
    lambda inside: st.builds(
        element,
        st.sampled_from(TAGS),
        st.none() | st.sampled_from(NAMESPACES),
        st.lists(inside, max_size=4).map("".join),
    ),
    max_leaves=8,
)
fields = st.lists(
    st.builds(element, st.sampled_from(TAGS[2:4]), st.none(), TEXTS) | elements, max_size=4
).map("".join)
documents = st.builds(
    "{}{}".format,
    st.sampled_from(
        (
            "",
            "\r\n ",
            '<?xml version="1.0"?>',
            '<?xml version="1.0" encoding="UTF-7"?>',
            '<?xml version="1.0" encoding="x"?>',
            "<!DOCTYPE a>",
            '<!DOCTYPE a [<!ENTITY x "y">]>',
            "<!-- --><?x?>",
        )
    ),
    st.builds(
        element,
        st.sampled_from(("Autodiscover", "Autodiscover", "Request")),
        st.sampled_from(NAMESPACES),
        st.builds(element, st.just("Request"), st.none(), fields) | elements,
    ),
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Requests that are nearly right: in any encoding, with some bytes put in place of others."""
    body = draw(documents).encode(draw(st.sampled_from(ENCODINGS)), errors="replace")
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 5)))
    junk = draw(st.binary(max_size=5)) if draw(st.booleans()) else body[start:end]
    return body[:start] + junk + body[end:]


@given(st.one_of(st.binary(), bodies()))
@example(b'<a xmlns="}"/>')
@example(b'<a xmlns="a}b[c=\'"/>')
@example(b'<?xml version="1.0" encoding="x"?><a/>')
def test_any_body_is_a_request_or_malformed(body: bytes) -> None:
    try:
        request = parse_request(body)
    except (MalformedRequest, MalformedAddress):
        return
    assert request.address
    assert request.schema == request.schema.lower() != ""


@given(addresses, st.sampled_from(ENCODINGS[:6]), st.sampled_from(("", " \r\n")))
def test_address_is_read_from_a_request_in_any_unicode_encoding(
    address: EmailAddress, encoding: str, blanks: str
) -> None:
    content = element("EMailAddress", None, "TEXT") + element(
        "AcceptableResponseSchema", None, OUTLOOK_ANSWER
    )
    declared = "UTF-16" if encoding in ("utf-16-le", "utf-16-be") else ""
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = prolog + element("Autodiscover", OUTLOOK, element("Request", None, content))
    escaped = "".join(f"&#{ord(character)};" for character in str(address))
    body = text.replace("TEXT", f"{blanks}{escaped}{blanks}").encode(encoding)
    assert parse_request(body).address == str(address)


blanks = st.text("\t\n\r ", max_size=2)


PLAIN = "".join(set(string.printable[:94]) - {*"<>&"})


@st.composite
def usual_bodies(draw: st.DrawFn) -> bytes:
    """Requests as clients write them: nothing but what is needed, and blanks between all of it."""
    quote = draw(st.sampled_from("\"'"))
    encoding = draw(st.sampled_from(("", f" encoding={quote}utf-8{quote}")))
    declaration = f"<?xml version={quote}1.0{quote}{encoding}?>"
    namespace = draw(st.sampled_from((OUTLOOK, MOBILESYNC)))
    tokens = (
        draw(st.sampled_from(("", "\ufeff"))),
        draw(st.sampled_from(("", declaration))),
        f"<Autodiscover xmlns={quote}{namespace}{quote}",
        ">",
        "<Request>",
        "<EMailAddress>",
        draw(st.text(PLAIN, min_size=1)),
        "</EMailAddress>",
        "<AcceptableResponseSchema>",
        draw(st.sampled_from((OUTLOOK_ANSWER, MOBILESYNC_ANSWER)) | st.text(PLAIN, min_size=1)),
        "</AcceptableResponseSchema>",
        "</Request>",
        "</Autodiscover>",
        "",
    )
    return "".join(draw(blanks) + token for token in tokens).encode()


@given(usual_bodies())
def test_usual_request_is_read_without_lxml_and_the_same(body: bytes) -> None:
    read = read_plainly(body)
    assert read is not None
    assert read == read_with_lxml(body)


@given(usual_bodies(), st.data())
def test_what_is_read_without_lxml_is_what_lxml_reads(body: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 5)))
    changed = body[:start] + data.draw(st.binary(max_size=5)) + body[end:]
    read = read_plainly(changed)
    if read is not None:
        assert read == read_with_lxml(changed)


# -------------------------------------------------------------------------------------- documents

Node = tuple[str, dict[str, str], str, str]


UNSIGNED = [(service, format) for service, format in EVERY_DOCUMENT if not FORMATS[format].finish]
"""A signature is one of the filled document, so it changes with the names."""


def strings(value: object) -> Iterator[str]:
    """Every text in what JSON was read as."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def nodes(content: bytes, kind: TextKind) -> list[Node]:
    """Every element with its attributes, its text and what follows it; of JSON, every text.

    Raises if it is not of its kind.
    """
    if kind.name == "JSON":
        return [("", {}, text, "") for text in strings(json.loads(content))]
    parser = etree.HTMLParser(encoding="utf-8") if kind is HTML else etree.XMLParser()
    return [
        (str(each.tag), {str(k): str(v) for k, v in each.items()}, each.text or "", each.tail or "")
        for each in etree.fromstring(content, parser).iter()
    ]


def named(found: list[Node], replace: Callable[[str], str]) -> list[Node]:
    return [
        (
            tag,
            {name: replace(value) for name, value in attributes.items()},
            replace(text),
            replace(tail),
        )
        for tag, attributes, text, tail in found
    ]


@pytest.mark.parametrize(("service", "format"), UNSIGNED)
@settings(max_examples=15)
@given(address=addresses)
@example(address=EmailAddress("%EMAILDOMAIN%", Domain("example.com")))
@example(address=EmailAddress("%EMAILADDRESS%%EMAILLOCALPART%", Domain("xn--caf-dma.example")))
@example(address=EmailAddress("<a>&amp;\"'", Domain("example.com")))
def test_filled_document_says_the_names_and_nothing_else_has_changed(
    service: str, format: str, address: EmailAddress
) -> None:
    document = DOCUMENTS[service][format]
    values = {
        ADDRESS: str(address),
        DOMAIN: address.domain,
        LOCAL_PART: address.local,
        UNICODE_DOMAIN: unicode_domain(address.domain),
    }
    ours = re.compile("|".join(document.format.fills))
    template = nodes(document.text.encode(), document.format.kind)
    filled = nodes(document.fill(address.domain, address), document.format.kind)
    assert filled == named(template, lambda text: ours.sub(lambda found: values[found[0]], text))


@pytest.mark.parametrize(("service", "format"), EVERY_DOCUMENT)
@settings(max_examples=15)
@given(address=addresses)
def test_no_placeholder_of_ours_is_left_but_one_that_was_typed(
    service: str, format: str, address: EmailAddress
) -> None:
    typed = {name for name in PLACEHOLDERS if name in str(address)}
    content = DOCUMENTS[service][format].fill(address.domain, address).decode()
    left = {name for name in FORMATS[format].fills if name in content}
    assert left <= typed


@given(st.sampled_from(PLACEHOLDERS), domains)
def test_placeholder_that_a_person_has_typed_stays(local: str, domain: Domain) -> None:
    address = EmailAddress(local, domain)
    content = DOCUMENTS["mx-plan-eu"]["autodiscover"].fill(domain, address)
    logins = {each.text for each in etree.fromstring(content).iter("{*}LoginName")}
    assert logins == {f"{local}@{domain}"}


# ------------------------------------------------------------------------------------ application

values = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=40).map(lambda text: text.encode(errors="replace")),
    st.builds(lambda address: str(address).encode(), addresses),
    st.sampled_from((b"example.com", b"exchange.example", b"alice@example.com", b"http", b"")),
).map(lambda content: content.decode("latin-1"))
"""Bytes as WSGI writes them."""

paths = st.one_of(
    st.sampled_from(EVERY_URL),
    st.sampled_from(EVERY_URL).map(str.upper),
    st.builds("{}/{}".format, st.sampled_from(EVERY_URL), values),
    values.map("/{}".format),
)
queries = st.lists(
    st.builds(
        "{}={}".format,
        st.sampled_from(("emailaddress", "Email", "Protocol", "")) | values,
        values | st.sampled_from(("AutodiscoverV1", "activesync", "%", "%FF")),
    ),
    max_size=4,
).map("&".join)
headers = st.dictionaries(
    st.sampled_from(
        (
            "HTTP_HOST",
            "HTTP_X_FORWARDED_FOR",
            "HTTP_X_FORWARDED_PROTO",
            "HTTP_X_FORWARDED_HOST",
            "HTTP_IF_NONE_MATCH",
            "REMOTE_ADDR",
            "CONTENT_LENGTH",
            "CONTENT_TYPE",
        )
    ),
    values,
    max_size=4,
)
methods = st.sampled_from(("GET", "HEAD", "POST", "OPTIONS", "PUT", "X")) | values


@settings(max_examples=400)
@given(
    path=paths,
    method=methods,
    query=queries | values,
    body=st.binary(max_size=200) | bodies(),
    environ=headers,
)
@example(path="/", method="GET", query="\xff", body=b"", environ={})
def test_no_request_makes_the_server_fail(
    app: Flask, path: str, method: str, query: str, body: bytes, environ: dict[str, str]
) -> None:
    assert ask(app, path, method=method, query=query, body=body, environ=environ).status < 500


@given(body=st.binary(max_size=200) | bodies())
def test_any_posted_body_is_answered_in_xml(app: Flask, body: bytes) -> None:
    answered(app, POX, method="POST", body=body)


@given(st.one_of(st.text(), st.text().map(CASELESS_PREFIX.__add__), paths))
@example("/AutoDiscover/\u0130")
def test_canonical_path_is_its_own_canonical_path(path: str) -> None:
    canonical = canonical_path(path)
    assert canonical_path(canonical) == canonical


@given(paths)
def test_canonical_path_below_no_autodiscover_is_as_it_was(path: str) -> None:
    assume(not path.lower().startswith(CASELESS_PREFIX))
    assert canonical_path(path) == path


@given(st.text(scalar_values, max_size=20))
@example("é")
def test_canonical_path_stays_the_utf_8_that_it_was(text: str) -> None:
    path = f"{CASELESS_PREFIX}{text}".encode().decode("latin-1")
    assert (
        canonical_path(path).encode("latin-1").decode().lower()
        == f"{CASELESS_PREFIX}{text}".lower()
    )


# ---------------------------------------------------------------------------------- configuration

texts = st.text(scalar_values, max_size=20)
scalars = st.one_of(
    texts,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.dates(),
    st.times().map(lambda time: time.replace(fold=0)),
    st.datetimes(timezones=st.just(datetime.UTC) | st.none()).map(
        lambda time: time.replace(fold=0)
    ),
)
junk = st.recursive(
    scalars,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
    max_leaves=4,
)
files = st.one_of(
    st.sampled_from(("", ".", "..", "\0", "a\0b", "x" * 300, "none.txt", "config.toml")), texts
)
services = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "offer": st.sampled_from(("mx-plan", "email-pro", "exchange-private", "MX Plan"))
            | junk,
            "region": st.sampled_from(("eu", "ca", "mars")) | junk,
            "server": st.sampled_from(("pro1", "https://mail.example.com:443/owa", "ssl0.ovh.net"))
            | junk,
            "domains": st.lists(domains | typed_domains | junk, max_size=3) | junk,
            "domains_file": files | junk,
            "addresses": st.lists(addresses.map(str) | junk, max_size=3) | junk,
        },
    ),
    junk,
)
configurations = st.one_of(
    st.fixed_dictionaries(
        {"service": st.lists(services, max_size=3) | junk},
        optional={
            "base_url": st.builds("https://{}{}".format, domains, texts) | texts | junk,
            "trusted_proxies": st.lists(st.ip_addresses().map(str) | junk, max_size=3) | junk,
            "offers_file": files | junk,
            "x.y": junk,
        },
    ),
    st.dictionaries(texts, junk, max_size=4),
)


def toml(value: object) -> str:
    """A value as TOML writes it on one line."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case bool():
            return str(value).lower()
        case datetime.date() | datetime.time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{toml(key)} = {toml(each)}' for key, each in value.items())}}}"
        case _:
            return str(value)


def write(path: Path, tables: Mapping[str, object]) -> None:
    lines = (f"{toml(key)} = {toml(value)}\n" for key, value in tables.items())
    path.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("configuration")


@given(st.dictionaries(texts, junk, max_size=3))
def test_toml_of_these_tests_is_toml(tables: dict[str, object]) -> None:
    lines = (f"{toml(key)} = {toml(value)}\n" for key, value in tables.items())
    assert repr(tomllib.loads("".join(lines))) == repr(tables)


@settings(max_examples=40)
@given(tables=configurations)
@example(tables={"service": [{"offer": "mx-plan", "domains_file": "\0"}]})
@example(tables={"offers_file": "\0", "service": [{"offer": "mx-plan", "domains": ["a.fr"]}]})
def test_any_configuration_is_loaded_or_wrong(folder: Path, tables: dict[str, object]) -> None:
    write(folder / "config.toml", tables)
    with suppress(ConfigurationError):
        load_config(folder / "config.toml")


@settings(max_examples=40)
@given(content=st.binary(max_size=60) | texts.map(str.encode))
@example(content=b"\xff")
@example(content=b"# nothing\n")
def test_any_bytes_as_a_list_of_domains_are_loaded_or_wrong(folder: Path, content: bytes) -> None:
    (folder / "domains.txt").write_bytes(content)
    write(folder / "list.toml", {"service": [{"offer": "mx-plan", "domains_file": "domains.txt"}]})
    with suppress(ConfigurationError):
        load_config(folder / "list.toml")


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in tables and lists that a value stands in: the container and its key."""
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    for key in keys:
        yield value, key
        yield from places(value[key])


@st.composite
def mutilated_offers(draw: st.DrawFn) -> dict[str, object]:
    """The packaged offers with one value put in place of another, or left out."""
    tables: dict[str, object] = tomllib.loads(PACKAGED.read_text())
    container, key = draw(st.sampled_from(list(places(tables))))
    if draw(st.booleans()):
        del container[key]
    else:
        container[key] = draw(junk)
    return tables


@settings(max_examples=40)
@given(offers=mutilated_offers() | st.dictionaries(texts, junk, max_size=3))
@example(offers={"offer": [{"region": {"eu": {"servers": [{}], "server": {}}}, "aliases": [{}]}]})
def test_any_file_of_offers_is_loaded_or_wrong(folder: Path, offers: dict[str, object]) -> None:
    write(folder / "offers.toml", offers)
    service = {"offer": "mx-plan", "domains": ["example.com"]}
    write(folder / "own.toml", {"offers_file": "offers.toml", "service": [service]})
    with suppress(ConfigurationError):
        load_config(folder / "own.toml")

"""Documents filled with any names: these are said, and nothing else has changed."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from autoconfig.documents.formats import FORMATS
from autoconfig.documents.placeholders import PLACEHOLDERS as ROWS
from autoconfig.documents.text import JSON, SCANNED, TextKind
from autoconfig.names import Domain, EmailAddress
from tests.support.services import DOCUMENTS, EVERY_DOCUMENT
from tests.support.strategies import PLACEHOLDERS, addresses, domains

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
    if kind in (JSON, SCANNED):
        return [("", {}, text, "") for text in strings(json.loads(content))]
    parser = etree.HTMLParser(encoding="utf-8") if kind.name == "HTML" else etree.XMLParser()
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
    values = {name: row.value(address.domain, address) for name, row in ROWS.items()}
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

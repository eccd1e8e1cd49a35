"""A document filled in: its placeholders, its kind of text, and its last step."""

import json
import re
from dataclasses import replace
from urllib.parse import parse_qs
from xml.sax.saxutils import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from autoconfig.documents import render as rendering
from autoconfig.documents.devices import DEVICES
from autoconfig.documents.document import Document
from autoconfig.documents.formats import FORMATS, Format
from autoconfig.documents.placeholders import PLACEHOLDERS, UUIDS
from autoconfig.documents.render import Renderings
from autoconfig.documents.text import HTML, JSON, TEXT, XML, TextKind
from autoconfig.errors import MalformedAddress
from autoconfig.names import EmailAddress
from tests.support.services import SERVICES, service_of

ADDRESS = EmailAddress.parse("o'k@xn--caf-dma.fr")
EVERY_PLACEHOLDER = tuple(PLACEHOLDERS)


def format_of(kind: TextKind, *fills: str) -> Format:
    return Format("throw-away", "none.txt", kind, fills=fills)


def filled(*placeholders: str, address: EmailAddress = ADDRESS) -> list[str]:
    document = Document.from_text(format_of(TEXT, *EVERY_PLACEHOLDER), "\n".join(placeholders))
    return document.fill(address.domain, address).decode().split("\n")


def test_every_placeholder_of_a_document_is_filled_in() -> None:
    values = filled(*EVERY_PLACEHOLDER)
    assert values[:5] == [
        "xn--caf-dma.fr",
        "café.fr",
        "o'k@xn--caf-dma.fr",
        "o'k",
        "o%27k@xn--caf-dma.fr",
    ]
    assert not set(values) & set(EVERY_PLACEHOLDER)


@pytest.mark.parametrize("local", ["a+b", "a&b=c", "ü", "%40", "~._-", "a/?#"])
def test_quoted_address_is_one_value_in_a_query(local: str) -> None:
    address = EmailAddress.parse(f"{local}@example.fr")
    (quoted,) = filled("%QUOTEDADDRESS%", address=address)
    assert parse_qs(f"email={quoted}", strict_parsing=True) == {"email": [str(address)]}
    assert re.fullmatch(r"(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+@example\.fr", quoted)


def test_uuids_are_those_of_this_product_for_ever() -> None:
    """A profile with another UUID would not replace the one on somebody's device."""
    address = EmailAddress.parse("alice@example.fr")
    assert dict(zip(UUIDS, filled(*UUIDS, address=address), strict=True)) == {
        "%UUID:PROFILE%": "00031EC0-3660-56B0-ADCD-504BC3D42012",
        "%UUID:MAIL%": "D488EAA4-5729-522A-A7ED-D3ADBD4D6564",
        "%UUID:EAS%": "279839B1-3AC1-5F1D-889D-BC0DF9784E6A",
        "%UUID:EWS%": "B005A959-F570-59FA-B341-3D2E26AA46BB",
        "%UUID:CALDAV%": "B0CC6697-2D38-52E8-A51D-0AC4BE26CC3D",
    }


def test_uuids_are_of_the_mailbox_however_it_is_typed() -> None:
    typed, other = (EmailAddress.parse(f"{local}@example.fr") for local in ("Alice", "alicia"))
    plain = filled(*UUIDS, address=EmailAddress.parse("alice@example.fr"))
    assert filled(*UUIDS, address=typed) == plain
    assert not set(filled(*UUIDS, address=other)) & set(plain)
    assert len(set(plain)) == len(UUIDS)


def test_placeholder_that_a_format_does_not_fill_is_left_for_the_client() -> None:
    document = Document.from_text(format_of(TEXT, "%EMAILDOMAIN%"), "%EMAILADDRESS% %EMAILDOMAIN%")
    assert document.fill(ADDRESS.domain, ADDRESS) == b"%EMAILADDRESS% xn--caf-dma.fr"


def test_document_without_placeholders_stays_as_it_is() -> None:
    document = Document.from_text(format_of(TEXT), "100 % the same")
    assert document.fill(ADDRESS.domain) == b"100 % the same"


@pytest.mark.parametrize("name", [name for name, row in PLACEHOLDERS.items() if row.personal])
@pytest.mark.parametrize("others", ["", " %EMAILDOMAIN%"], ids=["alone", "among others"])
def test_personal_placeholder_needs_an_address(name: str, others: str) -> None:
    format = format_of(TEXT, name, "%EMAILDOMAIN%")
    assert format.needs_address
    with pytest.raises(MalformedAddress):
        Document.from_text(format, name + others).fill(ADDRESS.domain)


@given(st.text())
def test_value_is_escaped_for_the_kind_of_text(text: str) -> None:
    assert json.loads(f'"{JSON.escape(text)}"') == text
    for markup in (XML, HTML):
        escaped = str(markup.escape(text))
        assert not set("<>\"'") & set(escaped)
        assert unescape(escaped, {"&#34;": '"', "&#39;": "'"}) == text
    assert TEXT.escape(text) == text


def test_last_step_of_a_format_comes_after_filling() -> None:
    format = replace(format_of(TEXT, "%EMAILDOMAIN%"), finish=bytes.upper)
    assert Document.from_text(format, "%EMAILDOMAIN%").fill(ADDRESS.domain) == b"XN--CAF-DMA.FR"


def test_document_of_a_service_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = []
    monkeypatch.setattr(
        rendering, "document", lambda format, service, **more: rendered.append(format.name)
    )
    renderings = Renderings()
    for _ in range(2):
        assert set(renderings.of(SERVICES["zimbra-pro-eu"])) == set(FORMATS)
    assert rendered == list(FORMATS)


def test_services_that_are_alike_have_the_same_documents() -> None:
    """A provider may write hundreds of tables that name one of ten servers."""
    renderings = Renderings()
    one, alike = service_of("exchange-hosted"), service_of("exchange-hosted")
    assert one != alike
    assert renderings.of(one) is renderings.of(alike)
    for other in (structs.replace(one, guessed=True), service_of("exchange-hosted", "ca")):
        assert renderings.of(other) is not renderings.of(one)


def test_what_documents_have_in_common_is_held_once() -> None:
    documents = Renderings().of(SERVICES["exchange-private-eu"])
    page = documents["page-domain"]
    held = {id(piece) for piece in page.pieces}
    assert len(page.orders) == len(DEVICES)
    for order in page.orders.values():
        assert sum(len(piece) for piece in order.pieces if id(piece) not in held) < 100
        assert len(order.text) == len(page.text) + len(" open")

"""Texts of an `offers_file` reach XML, HTML, PHP and terminals: no character breaks one of them."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from autoconfig.documents.render import Renderings
from autoconfig.documents.text import XML
from autoconfig.names import EmailAddress
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.problems import ConfigurationError
from tests.support.own_offers import OWN_OFFERS
from tests.support.strategies import scalar_values

Place = tuple[str | int, ...]
CONTROL = ("\0", "\b", "\t", "\n", "\v", "\x1b", "\x7f", "\x85", "\x9f")
NONCHARACTERS = ("\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001ffff", "\U0010fffe")


def _places(value: Any, place: Place = ()) -> Iterator[Place]:
    """The place of every string in tables and arrays."""
    if isinstance(value, str):
        yield place
    pairs = value.items() if isinstance(value, dict) else ()
    for key, each in enumerate(value) if isinstance(value, list) else pairs:
        yield from _places(each, (*place, key))


PLACES = list(_places(tomllib.loads(OWN_OFFERS)))


def _with(place: Place, text: str) -> Mapping[str, Any]:
    """The offers with a text put behind the one that stands in a place."""
    tables = tomllib.loads(OWN_OFFERS)
    container: Any = tables
    for key in place[:-1]:
        container = container[key]
    container[place[-1]] += text
    return tables


def _write(path: Path, tables: Mapping[str, Any]) -> None:
    lines = [f"{key} = {_toml(value)}\n" for key, value in tables.items()]
    path.write_text("".join(lines), encoding="utf-8")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_toml(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


ONE_OF_EACH = [
    *((("offer", 0, "display_name"), character) for character in CONTROL + NONCHARACTERS),
    *((place, "\x1b") for place in PLACES),
]


@pytest.mark.parametrize(("place", "character"), ONE_OF_EACH, ids=ascii)
def test_character_that_no_text_needs_is_refused_everywhere(
    tmp_path: Path, place: Place, character: str
) -> None:
    _write(tmp_path / "own.toml", _with(place, character))
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(tmp_path / "own.toml")
    assert all(each.isprintable() for each in str(caught.value).splitlines())


@pytest.mark.parametrize("text", ["é", "'", '"', "&", "<b>", "]]>", "\u2028", "😀", "{{ 1 }}"])
def test_any_other_character_is_taken_in_a_name(tmp_path: Path, text: str) -> None:
    _write(tmp_path / "own.toml", _with(("offer", 0, "display_name"), text))
    assert load_catalogue(tmp_path / "own.toml").offers["acme-mail"].display_name.endswith(text)


@given(place=st.sampled_from(PLACES), text=st.text(scalar_values, max_size=3))
def test_documents_of_any_offer_that_is_taken_are_well_formed(
    tmp_path_factory: pytest.TempPathFactory, place: Place, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "offers.toml"
    _write(path, _with(place, text))
    try:
        catalogue = load_catalogue(path)
        service, _ = catalogue.service("acme-mail", server="box1")
    except ConfigurationError:
        return
    address = EmailAddress.parse("alice@example.com")
    for document in Renderings().of(service).values():
        if document.format.kind is XML:
            etree.fromstring(document.fill(address.domain, address))

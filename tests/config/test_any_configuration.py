"""Configurations that Hypothesis makes up are loaded or wrong, and nothing else happens."""

import datetime
import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autoconfig.config.load import load_config
from autoconfig.offers.catalogue import PACKAGED
from autoconfig.problems import ConfigurationError
from tests.support.strategies import addresses, domains, scalar_values, typed_domains

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
            "protocols": st.lists(st.sampled_from(("imap", "pop3", "smtp")) | junk, max_size=4)
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
            "detect": st.booleans() | junk,
            "generator": st.booleans() | junk,
            "resolvers": st.lists(st.ip_addresses().map(str) | domains | junk, max_size=3) | junk,
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

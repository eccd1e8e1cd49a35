"""What must hold for any bytes; each target with the inputs to begin from.

Atheris mutates the inputs by what code they reach (`make fuzz`); the tests run each input, and
mutations of it made up blindly.
"""

import atexit
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from urllib.parse import unquote

from flask import Flask

from autoconfig.config.load import load_config
from autoconfig.names import Domain
from autoconfig.offers.catalogue import PACKAGED
from autoconfig.problems import ConfigurationError
from autoconfig.web import create_app
from autoconfig.wsgi.exchange import Exchange
from tests.fuzz import corpus
from tests.support.asking import Reply, answered
from tests.support.claims import (
    assert_blanks_around_a_domain_do_not_matter,
    assert_body_is_a_request_or_malformed,
    assert_domain_as_people_read_it_leads_back_to_it,
    assert_domain_that_was_read_is_read_again_as_itself,
    assert_text_is_a_host_name_or_invalid,
    assert_text_is_a_zone_or_a_mistake,
    assert_text_is_an_address_in_its_one_form_or_invalid,
)
from tests.support.hostile import BAD_HOSTS, NO_ADDRESS
from tests.support.recipes import EXAMPLE
from tests.support.zone_texts import ODD, PANEL

STATUSES = {200, 204, 302, 304, 400, 404, 405, 413}
"""Every one that the application has, but 500 and 503."""


@dataclass(frozen=True, slots=True)
class Target:
    """`holds`: raises where something does not. `longest`: bytes of an input."""

    holds: Callable[[bytes], None]
    inputs: Iterable[bytes]
    longest: int


_NAMES = (
    assert_text_is_a_host_name_or_invalid,
    assert_text_is_an_address_in_its_one_form_or_invalid,
    assert_blanks_around_a_domain_do_not_matter,
    assert_domain_that_was_read_is_read_again_as_itself,
    assert_domain_as_people_read_it_leads_back_to_it,
)


def names(data: bytes) -> None:
    """Any text is a domain, or an address, in its one form; or `InvalidName`."""
    text = data.decode(errors="surrogateescape")
    for assert_claim in _NAMES:
        assert_claim(text)


# ------------------------------------------------------------------------------------ application


@cache
def _apps() -> tuple[Flask, Flask]:
    """With prepared answers and without; redirects name the host that was asked for."""
    config = replace(load_config(EXAMPLE), base_url=None)
    prepared, unprepared = create_app(config), create_app(config)
    assert isinstance(unprepared.wsgi_app, Exchange)
    unprepared.wsgi_app.prepared.clear()
    return prepared, unprepared


def application(data: bytes) -> None:
    """Any environ gets an answer that keeps the contract, the same whether it is prepared or not.

    The bytes are a request as it goes over the wire, but nothing in it is refused beforehand. A
    header `Client` is the client's address.
    """
    head, _, content = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    path, _, query = rest.rpartition(" ")[0].partition("?")
    path = unquote(path, "latin-1")
    environ: dict[str, object] = {
        "HTTP_" + name.upper().replace("-", "_"): value.strip(" ")
        for name, _, value in (line.partition(":") for line in lines)
    }
    environ["REMOTE_ADDR"] = environ.pop("HTTP_CLIENT", "127.0.0.1")
    environ["CONTENT_LENGTH"] = environ.pop("HTTP_CONTENT_LENGTH", str(len(content)))
    like = "/" + path.lstrip("/")
    prepared, unprepared = (
        answered(app, path, method=method, query=query, body=content, environ=environ, like=like)
        for app in _apps()
    )
    assert prepared.status in STATUSES
    location = prepared.headers.get("Location", "https://example.com/")
    assert re.fullmatch(r"https://[a-z0-9.-]+/[!-~]*", location)
    if like != "/metrics":
        assert _without_time(prepared) == _without_time(unprepared)


def _without_time(reply: Reply) -> Reply:
    return replace(reply, body=re.sub(rb'(?<=<Error Time=")[^"]+', b"", reply.body))


# ---------------------------------------------------------------------------------- configuration

FILES = ("config.toml", "offers.toml", "domains.txt")


@cache
def _folder() -> Path:
    """One for as long as the process lives."""
    folder = Path(mkdtemp())
    atexit.register(rmtree, folder)
    return folder


def configuration(data: bytes) -> None:
    """Files, with NUL between them, are a configuration, or wrong in a way that can be said."""
    folder = _folder()
    contents = data.split(b"\0", len(FILES) - 1)
    for file, content in zip(FILES, contents, strict=False):
        (folder / file).write_bytes(content)
    try:
        load_config(folder / FILES[0])
    except ConfigurationError as error:
        problems, said = error.problems, str(error)
    else:
        return
    assert problems
    assert all(problem.message for problem in problems)
    assert said.encode()


def zone(data: bytes) -> None:
    """Any text is a zone, or has a mistake, whether it needs a domain or not."""
    text = data.decode(errors="replace")
    for origin in (Domain("example.fr"), None):
        assert_text_is_a_zone_or_a_mistake(text, origin)


_OWN = b'offers_file = "offers.toml"\n[[service]]\noffer = "mx-plan"\ndomains = ["example.com"]\n'
_LIST = b'[[service]]\noffer = "mx-plan"\ndomains_file = "domains.txt"\n'

TARGETS: Mapping[str, Target] = {
    "xml": Target(
        assert_body_is_a_request_or_malformed,
        [each.partition(b"\r\n\r\n")[2] for each in corpus.REQUESTS if each.startswith(b"POST")],
        4096,
    ),
    "names": Target(
        names,
        [
            *(text.encode() for text in NO_ADDRESS.values()),
            *(host.encode("latin-1") for host in BAD_HOSTS.values() if host),
            *(text.encode() for text in ("straße.de", "ΔΣ-Δ.gr", "alice@café.example")),
        ],
        512,
    ),
    "application": Target(application, corpus.REQUESTS, 4096),
    "configuration": Target(
        configuration,
        [
            EXAMPLE.read_bytes(),
            b"\0".join((_OWN, PACKAGED.read_bytes())),
            b"\0".join((_LIST, b"", "example.com # one\n\ncafé.example\n".encode())),
        ],
        65536,
    ),
    "zone": Target(zone, [PANEL.encode(), *map(str.encode, ODD)], 4096),
}

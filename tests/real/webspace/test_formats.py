"""What is added to a copy of the project by rows is answered under web servers as by the server.

How formats and a redirect are added, and what the server makes of them, is in
`tests/project/test_new_format.py`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from autoconfig.documents.text import JSON
from tests.real.programs import Server, autoconfig_serve
from tests.real.webspace.questions import Question, ask
from tests.real.webspace.servers import Web, apache_with_fpm, apache_with_module, nginx
from tests.support.copied import Copy
from tests.support.recipes import EXAMPLE
from tests.support.throw_away import (
    HOSTILE_LOCAL_PART,
    LEADS_TO,
    REDIRECT,
    add_formats,
    add_redirect,
)

LEAFLET, CARD, SIGNED = "/mail/leaflet.json", "/mail/leaflet-card.json", "/mail/leaflet-signed.json"
ADDRESS = f"{HOSTILE_LOCAL_PART}@example.com"
SERVERS = {"module": apache_with_module, "fpm": apache_with_fpm, "nginx": nginx}


@pytest.fixture(scope="module")
def copy(space: Path) -> Copy:
    copied = Copy.into(space / "copy")
    add_formats(copied)
    add_redirect(copied)
    return copied


@pytest.fixture(scope="module")
def serve(space: Path, copy: Copy) -> Iterator[Server]:
    with autoconfig_serve(EXAMPLE, space / "copy-serve", copy.environ) as server:
        yield server


def web_of(request: pytest.FixtureRequest, space: Path, copy: Copy) -> Iterator[Web]:
    """A web server over the tree that the copy exports for it."""
    folder = space / f"{request.fixturename}-{request.param}"
    target = "nginx" if request.param == "nginx" else "apache"
    copy.autoconfig("export", folder / "tree", "--for", target, "--config", EXAMPLE)
    with SERVERS[request.param](folder / "tree", folder / "server") as server:
        yield server


@pytest.fixture(scope="module", params=["module", "fpm"])
def apache(request: pytest.FixtureRequest, space: Path, copy: Copy) -> Iterator[Web]:
    yield from web_of(request, space, copy)


@pytest.fixture(scope="module", params=SERVERS)
def web(request: pytest.FixtureRequest, space: Path, copy: Copy) -> Iterator[Web]:
    yield from web_of(request, space, copy)


@pytest.mark.parametrize(
    "question",
    [
        Question("GET", f"{LEAFLET}?", "example.com"),
        Question("GET", LEAFLET, "Example.COM"),
        Question("GET", LEAFLET, "unknown.example"),
        Question("PUT", LEAFLET, "example.com"),
        Question("GET", f"{CARD}?emailaddress={quote(ADDRESS)}", "localhost"),
        Question("GET", CARD, "example.com"),
        Question("GET", f"{CARD}?emailaddress=alice@unknown.example", "example.com"),
        Question("GET", REDIRECT, "www.example.com"),
        Question("POST", REDIRECT, "example.com"),
        Question("GET", REDIRECT, "unknown.example"),
    ],
    ids=lambda question: f"{question.method} {question.target} {question.host}",
)
def test_program_answers_as_the_server(serve: Server, apache: Web, question: Question) -> None:
    answer = ask(apache.port, question)
    assert not answer.from_file
    assert answer == ask(serve.port, question)


def test_program_escapes_the_address_for_json(apache: Web) -> None:
    answer = ask(apache.port, Question("GET", f"{CARD}?emailaddress={quote(ADDRESS)}"))
    assert json.loads(answer.body)["address"] == ADDRESS
    assert f'"address": "{JSON.escape(ADDRESS)}"'.encode() in answer.body


def test_signed_format_is_not_on_web_space(serve: Server, apache: Web) -> None:
    question = Question("GET", SIGNED, "example.com")
    assert ask(serve.port, question).status == 200
    answer = ask(apache.port, question)
    assert (answer.status, answer.body) == (404, b"There is nothing at this address.\n")


def test_file_is_sent_as_the_server_sends_it(serve: Server, web: Web) -> None:
    """But for the validator, which is the web server's own."""
    question = Question("GET", LEAFLET, "autoconfig.example.com")
    server, answer = ask(serve.port, question), ask(web.port, question)
    expected = {name: value for name, value in server.headers.items() if name != "ETag"}
    got = {name: value for name, value in answer.headers.items() if name != "ETag"}
    assert answer.from_file
    assert (answer.status, got, answer.body) == (200, expected, server.body)
    assert got["Content-Disposition"] == 'attachment; filename="leaflet.json"'


def test_redirect_leads_to_the_target_in_its_row(serve: Server, web: Web) -> None:
    for port in (serve.port, web.port):
        answer = ask(port, Question("GET", REDIRECT, "autoconfig.example.com"))
        assert (answer.status, answer.headers["Location"]) == (
            302,
            LEADS_TO.format(offer="mx-plan"),
        )

"""Requests that are to make the server believe something else about a client: what arrives there.

WSGI takes `X_Forwarded-Host` for `X-Forwarded-Host`, and a proxy drops the headers that
`Connection` names. Each attack is a request as bytes, before every web server of `deploy/`; behind
it, a server that records what it is told. An attack may be refused, or it changes nothing of that.
"""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from autoconfig.wsgi.environ import FORWARDED
from tests.real.hosting.fronts import Front
from tests.real.hosting.recorder import Recorder, wsgi_name
from tests.support.requests import MOZILLA, POX

HOST, LIE = "autoconfig.example.fr", "autoconfig.exchange.example"
BELIEVED = (*sorted(FORWARDED), "HTTP_HOST", "HTTP_CONTENT_LENGTH")
"""What the server goes by."""
LINE = f"GET {MOZILLA} HTTP/1.1"
ABSOLUTE = f"GET SCHEME://{HOST}{MOZILLA} HTTP/1.1"
POST = f"POST {POX} HTTP/1.1"

both_schemes = pytest.mark.parametrize("scheme", ["http", "https"])


def spellings(name: str) -> Iterator[str]:
    """Every way to write a header that WSGI calls `name`."""
    first, *words = name.removeprefix("HTTP_").split("_")
    for separators in product("-_", repeat=len(words)):
        text = "".join([first, *(s + w for s, w in zip(separators, words, strict=True))])
        yield from {text, text.lower(), text.title()}


def one(*headers: str, line: str = LINE, host: str = f"Host: {HOST}", body: str = "") -> bytes:
    return ("\r\n".join((line, host, *headers, "", "")) + body).encode()


def named(connection: str) -> bytes:
    """A request of which a proxy is to drop headers of its own. Its body has a length."""
    return one(f"Connection: {connection}", "Content-Length: 4", line=POST, body="abcd")


PLAIN = [name.removeprefix("HTTP_").replace("_", "-") for name in sorted(FORWARDED)]
FORGED = [spelled for name in sorted(FORWARDED) for spelled in spellings(name)]
HOP_BY_HOP = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Host", "Content-Length"]
HONEST = {"GET": one("Connection: close"), "POST": named("close")}
ATTACKS: Mapping[str, tuple[str, list[bytes]]] = {
    "spelled": ("GET", [one("Connection: close", f"{name}: {LIE}") for name in FORGED]),
    "twice": ("GET", [one("Connection: close", *[f"{name}: {LIE}"] * 2) for name in FORGED]),
    "blanks": ("GET", [one("Connection: close", f"{name} : {LIE}") for name in PLAIN]),
    "folded": ("GET", [one("Connection: close", f"{name}:", f" {LIE}") for name in PLAIN]),
    "behind a fold": ("GET", [one("Connection: close", "A: b", f" c\n{n}: {LIE}") for n in PLAIN]),
    "behind a bare CR": ("GET", [one("Connection: close", f"A: b\r{n}: {LIE}") for n in PLAIN]),
    "hop by hop": (
        "POST",
        [
            named(connection)
            for name in (*HOP_BY_HOP, ", ".join(HOP_BY_HOP))
            for connection in (
                f"close, {name}",
                f"{name.lower()}",
                f"{name},close",
                f"close\r\nConnection: {name}",
                f"{name}\r\nConnection: close",
                f"close;{name}",
                f"keep-alive , {name.upper()}",
            )
        ],
    ),
    "old hop by hop": ("POST", [named(f"close\r\nProxy-Connection: {n}") for n in HOP_BY_HOP]),
    "a host in the request line": (
        "GET",
        [one("Connection: close", line=ABSOLUTE, host=f"Host: {h}") for h in (LIE, "", HOST)],
    ),
    "two hosts": (
        "GET",
        [
            one("Connection: close", f"Host: {LIE}"),
            one("Connection: close", f"Host: {HOST}", host=f"Host: {LIE}"),
            one("Connection: close", f"host : {LIE}"),
        ],
    ),
}


def answer_to(front: Front, scheme: str, request: bytes) -> bytes:
    """The status line, or nothing from a server that closes."""
    with front.connection(HOST, scheme) as connection:
        connection.sendall(request.replace(b"SCHEME", scheme.encode()))
        return connection.recv(65536).partition(b"\r\n")[0]


def told(front: Front, recorder: Recorder, scheme: str, request: bytes) -> dict[str, list[str]]:
    """What the server goes by, of a request that reached it."""
    before = len(recorder.heads)
    said = answer_to(front, scheme, request)
    if len(recorder.heads) == before:
        assert said == b"" or said.split()[1] == b"400", said
        return {}
    headers = recorder.told()
    return {name: headers[name] for name in BELIEVED if name in headers}


@both_schemes
@pytest.mark.parametrize("name", ATTACKS)
def test_client_changes_nothing_of_what_the_server_goes_by(
    recorded: Front, recorder: Recorder, scheme: str, name: str
) -> None:
    method, attacks = ATTACKS[name]
    honest = told(recorded, recorder, scheme, HONEST[method])
    assert honest["HTTP_X_FORWARDED_PROTO"] == [scheme]
    assert honest["HTTP_X_FORWARDED_HOST"] == honest["HTTP_HOST"] == [HOST]
    assert honest["HTTP_X_FORWARDED_FOR"] == ["127.0.0.1"]
    differ = [
        (request, found)
        for request in attacks
        if (found := told(recorded, recorder, scheme, request)) not in ({}, honest)
    ]
    assert not differ


def test_spellings_are_those_that_wsgi_takes_for_one() -> None:
    assert {wsgi_name(name) for name in FORGED} == FORWARDED
    assert len({name.lower() for name in FORGED}) == 3 * 4 + 2

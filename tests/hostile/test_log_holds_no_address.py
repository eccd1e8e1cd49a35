"""Each request leaves one line, of which no part is forged or personal."""

import re
from collections.abc import Callable, Mapping

import pytest
from flask import Flask

from tests.support.asking import NOTHING, Environ, answered, ask, post
from tests.support.hostile import GARBAGE, LINE, MARKUP
from tests.support.requests import CODE, EVERY_URL, MOZILLA, POX, PROFILE, V2, pox
from tests.support.tables import table

LEAKS: Mapping[str, tuple[str, str, str, Environ]] = {
    "query": (MOZILLA, "GET", "emailaddress=alice@example.com", NOTHING),
    "JSON query": (V2, "GET", "Email=alice@example.com&Protocol=AutodiscoverV1", NOTHING),
    "JSON path": (f"{V2}/v1.0/alice@example.com", "GET", "", NOTHING),
    "JSON path in capitals": (f"{V2.upper()}/V1.0/ALICE@EXAMPLE.COM", "GET", "", NOTHING),
    "JSON path with CR LF": (f"{V2}/v1.0/alice\r\nforged@example.com", "GET", "", NOTHING),
    "path that is not ours": ("/alice@example.com", "GET", "", NOTHING),
    "path with CR LF": ("/x\r\nalice", "GET", "", NOTHING),
    "path under a path of ours": (f"{MOZILLA}/alice@example.com", "GET", "", NOTHING),
    "two slashes and the address": ("//alice@example.com", "GET", "", NOTHING),
    "query of a page": ("/", "GET", "emailaddress=alice@example.com", NOTHING),
    "query of a page that knows nothing": ("/", "GET", "emailaddress=alice@x.example", NOTHING),
    "query of a code": (CODE, "GET", "email=alice@example.com", NOTHING),
    "query of a code that is refused": (CODE, "GET", "email=alice@x.example", NOTHING),
    "query of a profile": (PROFILE, "GET", "email=alice@example.com", NOTHING),
    "query of a profile of nobody": (PROFILE, "GET", "email=alice@x.example&for=mac", NOTHING),
    "query of Autodiscover": (POX, "GET", "domain=alice@example.com", NOTHING),
    "language": ("/", "GET", "", {"HTTP_ACCEPT_LANGUAGE": "alice@example.com\r\nforged"}),
    "script name": ("/", "GET", "", {"SCRIPT_NAME": "/alice@example.com"}),
    "host": ("/", "GET", "", {"HTTP_HOST": "alice@example.com"}),
    "host of markup": ("/", "GET", "", {"HTTP_HOST": MARKUP}),
    "host with CR LF": ("/", "GET", "", {"HTTP_HOST": "example.com\r\nalice"}),
    "port of the host": ("/", "GET", "", {"HTTP_HOST": "example.com:alice@example.com"}),
    "method": ("/", "alice@example.com", "", NOTHING),
    "method with CR LF": ("/", "GET\r\nalice", "", NOTHING),
    "method of quotes": ("/", 'GET / HTTP/1.1" 200 1 "alice', "", NOTHING),
    "query with CR LF": ("/", "GET", "alice@example.com\r\nforged", NOTHING),
    "query that is no UTF-8": ("/", "GET", "alice@example.com\xff", NOTHING),
    "referrer": ("/", "GET", "", {"HTTP_REFERER": "https://x/?alice@example.com"}),
    "agent": ("/", "GET", "", {"HTTP_USER_AGENT": "alice@example.com\r\nforged"}),
    "user": ("/", "GET", "", {"REMOTE_USER": "alice@example.com"}),
    "no client address": ("/", "GET", "", {"REMOTE_ADDR": None}),
    **{
        f"{header[5:].replace('_', '-').lower()}: {name}": ("/", "GET", "", {header: value})
        for header in ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO")
        for name, value in GARBAGE.items()
    },
}


@pytest.mark.parametrize(("path", "method", "query", "environ"), table(LEAKS))
def test_request_leaves_one_line_without_the_address_in_the_log(
    app: Flask,
    lines: Callable[[], list[str]],
    path: str,
    method: str,
    query: str,
    environ: Environ,
) -> None:
    ask(app, path, method=method, query=query, environ=environ)
    (line,) = lines()
    assert LINE.fullmatch(line)
    assert not re.search("@|alice|forged|injected", line, re.IGNORECASE)


@pytest.mark.parametrize(
    "body",
    table(
        {
            "answered": pox(),
            "unknown": pox("alice@unknown.example"),
            "malformed address": pox("alice@"),
            "malformed request": pox("alice@example.com") + "<",
            "CR LF": pox("alice&#13;&#10;forged@example.com"),
        }
    ),
)
def test_posted_address_is_not_logged(
    app: Flask, lines: Callable[[], list[str]], body: str
) -> None:
    post(app, body)
    (line,) = lines()
    assert LINE.fullmatch(line)
    assert not re.search("@|alice|forged", line)


@pytest.mark.parametrize("path", EVERY_URL)
def test_every_url_leaves_one_line_in_the_log(
    app: Flask, lines: Callable[[], list[str]], path: str
) -> None:
    answered(app, path)
    (line,) = lines()
    assert LINE.fullmatch(line)

"""What proxies forward, and where a redirect may lead."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from autoconfig.config.load import Config
from autoconfig.web import create_app
from tests.support.asking import answered, post
from tests.support.hostile import BAD_HOSTS, FORGED, GARBAGE, LONG, MARKUP
from tests.support.requests import MOZILLA, POX, V2, pox, quoted
from tests.support.tables import table

STRANGER = "203.0.113.9"
"""A client that is none of the trusted proxies."""


@pytest.fixture
def baseless(config: Config) -> Flask:
    """A server without `base_url`, whose redirects name the host that was asked for."""
    return create_app(replace(config, base_url=None))


@pytest.mark.parametrize(
    "client_address",
    table(
        {
            "another network": STRANGER,
            "IPv6": "2001:db8::1",
            "mapped IPv6": "::ffff:203.0.113.9",
            "scope of IPv6": "fe80::1%lo",
            "name": "localhost",
            "junk": "127.0.0.1\0",
            "two addresses": "127.0.0.1, 203.0.113.9",
        }
    ),
)
@pytest.mark.parametrize("header", FORGED)
def test_forwarded_header_of_a_stranger_changes_nothing(
    app: Flask, header: str, client_address: str
) -> None:
    plain = {"REMOTE_ADDR": client_address}
    forged = {**plain, header: FORGED[header]}
    assert answered(app, POX, environ=forged) == answered(app, POX, environ=plain)


def test_forwarded_address_of_a_stranger_is_not_logged(
    app: Flask, lines: Callable[[], list[str]]
) -> None:
    answered(app, environ={**FORGED, "REMOTE_ADDR": STRANGER})
    (line,) = lines()
    assert line.split()[1] == STRANGER


def test_forwarded_header_in_another_spelling_is_not_taken(app: Flask) -> None:
    environ = {"HTTP_FORWARDED": "for=198.51.100.7;proto=http;host=exchange.example"}
    assert answered(app, POX, environ=environ).status == 200


@pytest.mark.parametrize("value", table(GARBAGE))
@pytest.mark.parametrize("header", FORGED)
@pytest.mark.parametrize("path", [MOZILLA, POX, "/"])
def test_garbage_of_a_trusted_proxy_is_no_failure(
    app: Flask, path: str, header: str, value: str
) -> None:
    answered(app, path, environ={header: value})


@pytest.mark.parametrize("value", table({**GARBAGE, "https": "https", "both": "http, https"}))
def test_only_http_is_plain_http(app: Flask, value: str) -> None:
    assert post(app, pox(), {"HTTP_X_FORWARDED_PROTO": value}).status == 200


@pytest.mark.parametrize("value", table({"http": "http", "the last": "https, http"}))
def test_plain_http_leads_to_the_base_url(app: Flask, value: str) -> None:
    reply = post(app, pox(), {"HTTP_X_FORWARDED_PROTO": value})
    assert reply.headers["Location"] == f"https://autoconfig.agency.example{POX}"


@pytest.mark.parametrize("host", table(BAD_HOSTS))
@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_redirect_leads_to_a_plain_host_whatever_was_asked_for(
    baseless: Flask, header: str, host: str | None
) -> None:
    reply = post(baseless, pox(), {"HTTP_X_FORWARDED_PROTO": "http", header: host})
    assert reply.status == 302
    assert re.fullmatch(rf"https://[a-z0-9.-]+{POX}", reply.headers["Location"])


INJECTIONS = {
    "CR LF": "x\r\nSet-Cookie: a=b",
    "encoded CR LF": "x%0d%0aSet-Cookie:a=b",
    "markup": MARKUP,
    "another parameter": "x&Email=bob@evil.example#",
    "another host": "x@evil.example/",
    "no ASCII": "é\u2028\u202e",
    "long": "x" * LONG,
}


@pytest.mark.parametrize("value", table(INJECTIONS))
@pytest.mark.parametrize("domain", ["example.com", "exchange.example"])
def test_protocol_stays_inside_its_place_in_the_redirect(
    app: Flask, domain: str, value: str
) -> None:
    reply = answered(
        app,
        V2,
        query=f"Email=alice@{domain}&Protocol={quoted(value)}",
        environ={"HTTP_X_FORWARDED_PROTO": "http"},
    )
    target = urlsplit(reply.headers["Location"])
    assert (
        target.netloc
        == {
            "example.com": "autoconfig.agency.example",
            "exchange.example": "ex4.mail.ovh.net",
        }[domain]
    )
    assert parse_qs(target.query) == {"Email": [f"alice@{domain}"], "Protocol": [value]}
    assert target.fragment == ""


@pytest.mark.parametrize(
    "local",
    table({name: INJECTIONS[name] for name in ("encoded CR LF", "markup")})
    + table({"parameters": "a&Protocol=x#y?z", "slashes": "//evil.example/", "no ASCII": "é"}),
)
def test_address_stays_inside_its_place_in_the_redirect(app: Flask, local: str) -> None:
    reply = answered(
        app,
        V2,
        query=f"Email={quoted(local)}@exchange.example&Protocol=Ews",
        environ={"HTTP_X_FORWARDED_PROTO": "http"},
    )
    target = urlsplit(reply.headers["Location"])
    assert (target.scheme, target.netloc) == ("https", "ex4.mail.ovh.net")
    assert parse_qs(target.query) == {"Email": [f"{local}@exchange.example"], "Protocol": ["Ews"]}

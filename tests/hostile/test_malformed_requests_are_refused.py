"""Bodies and addresses that are wrong, and the error code that Outlook gets."""

import pytest
from flask import Flask

from autoconfig.answers.pox_request import MAX_BODY
from tests.support.asking import post
from tests.support.hostile import BAD_XML, NO_ADDRESS
from tests.support.requests import MOBILESYNC_ANSWER, pox, xml
from tests.support.tables import table


@pytest.mark.parametrize("body", table(BAD_XML))
def test_malformed_request_is_error_600(app: Flask, body: bytes) -> None:
    assert len(body) <= MAX_BODY
    reply = post(app, body)
    assert (reply.status, reply.error_code) == (400, "600")


WITH_BLANK = {"blank": "alice b@example.com", "quoted blank": '"alice b"@example.com'}
"""Malformed as well, but in a URL a space stands for `+`."""


@pytest.mark.parametrize("address", table({**NO_ADDRESS, **WITH_BLANK}))
def test_malformed_address_is_error_600(app: Flask, address: str) -> None:
    reply = post(app, pox(xml(address)))
    assert (reply.status, reply.error_code) == (400, "600")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    table(
        {
            "unknown domain": (pox("alice@unknown.example"), 404, "500"),
            "part of a domain": (pox("alice@sub.example.com"), 404, "500"),
            "domain with more before": (pox("alice@notexample.com"), 404, "500"),
            "name that clients ask for": (pox("alice@autodiscover.example.com"), 404, "500"),
            "punycode junk": (pox("alice@xn--zzzzzzzz.example"), 404, "500"),
            "look-alike": (pox("alice@ex\u0430mple.com"), 404, "500"),
            "schema of markup": (pox(schema="&lt;hostile/>"), 400, "601"),
            "schema of another": (pox(schema="http://www.example.com/"), 400, "601"),
            "long schema": (pox(schema="x" * 7000), 400, "601"),
            "ActiveSync where there is none": (pox(schema=MOBILESYNC_ANSWER), 404, "601"),
        }
    ),
)
def test_error_code_says_what_is_not_served(app: Flask, body: str, status: int, code: str) -> None:
    reply = post(app, body)
    assert (reply.status, reply.error_code) == (status, code)

"""Autodiscover version 2, which has the address in its query or in its path."""

import json
import re

import pytest
from flask import Flask

from tests.support.asking import answered
from tests.support.hostile import JSON_ERRORS, LONG, MARKUP
from tests.support.requests import V2, raw
from tests.support.tables import table


@pytest.mark.parametrize(("query", "status", "code"), table(JSON_ERRORS))
def test_hostile_json_query_gets_its_error_code(
    app: Flask, query: str, status: int, code: str
) -> None:
    reply = answered(app, V2, query=query)
    assert (reply.status, reply.error_code) == (status, code)


@pytest.mark.parametrize(("query", "status", "code"), table(JSON_ERRORS))
def test_json_error_echoes_letters_and_digits_at_most(
    app: Flask, query: str, status: int, code: str
) -> None:
    message = json.loads(answered(app, V2, query=query).body)["ErrorMessage"]
    assert re.fullmatch(r"[A-Za-z0-9 .,:'@-]{1,200}", message)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    table(
        {
            "not an address": ("alice", 400, "InvalidEmail"),
            "two at signs": ("a@b@example.com", 400, "InvalidEmail"),
            "CR": ("alice@example.com\rX: y", 400, "InvalidEmail"),
            "NUL": ("alice@example.com\0", 400, "InvalidEmail"),
            "markup": (MARKUP, 400, "InvalidEmail"),
            "long": (f"{'a' * LONG}@example.com", 400, "InvalidEmail"),
            "no UTF-8": ("\xff\xfe@\xff", 400, "InvalidEmail"),
            "bidirectional": (raw("alice\u202e@example.com"), 400, "InvalidEmail"),
            "slash": ("../alice@unknown.example", 404, "UserNotFound"),
            "unknown domain": ("alice@unknown.example", 404, "UserNotFound"),
            "nothing": ("", 404, "NotFound"),
        }
    ),
)
def test_hostile_address_in_the_path_gets_its_error_code(
    app: Flask, address: str, status: int, code: str
) -> None:
    reply = answered(app, f"{V2}/v1.0/{address}", query="Protocol=AutodiscoverV1")
    assert (reply.status, reply.error_code) == (status, code)


@pytest.mark.parametrize(
    "address",
    table(
        {
            "domain in Unicode": "alice@café.example",
            "domain in capitals": "ALICE@CAFÉ.EXAMPLE",
            "domain in punycode": "alice@xn--caf-dma.example",
            "local part in Unicode": "élise@example.com",
            "local part with a slash": "a/b@example.com",
        }
    ),
)
@pytest.mark.parametrize("base", [V2, "/AutoDiscover/AutoDiscover.json"])
def test_address_in_the_path_is_answered_in_any_letters(
    app: Flask, base: str, address: str
) -> None:
    reply = answered(app, raw(f"{base}/v1.0/{address}"), query="Protocol=AutodiscoverV1")
    assert reply.status == 200

"""Addresses in the query of a Mozilla URL."""

import re

import pytest
from flask import Flask

from tests.support.asking import answered
from tests.support.hostile import GARBAGE, MARKUP, NO_ADDRESS, QUERIES
from tests.support.requests import CODE, EVERY_MOZILLA, MOZILLA, POX, PROFILE, V2, quoted
from tests.support.tables import table


@pytest.mark.parametrize("path", [*EVERY_MOZILLA, "/"])
@pytest.mark.parametrize(("query", "status"), table(QUERIES))
def test_hostile_query_gets_the_status_of_its_address(
    app: Flask, path: str, query: str, status: int
) -> None:
    assert answered(app, path, query=query).status == status


@pytest.mark.parametrize("of", ["profile", "thunderbird"])
@pytest.mark.parametrize(("query", "status"), table(QUERIES))
def test_hostile_query_for_a_code_gets_that_status_or_is_a_bad_request(
    app: Flask, of: str, query: str, status: int
) -> None:
    """It needs an address, and one that the phone takes."""
    query = re.sub("emailaddress", "email", query, flags=re.IGNORECASE)
    assert answered(app, CODE, query=f"of={of}&{query}").status in {status, 400}


@pytest.mark.parametrize(
    "query",
    table(
        {
            "raw byte": "emailaddress=\xff@example.com",
            "encoded byte": "emailaddress=%FF@example.com",
            "overlong": "emailaddress=%C0%BC@example.com",
            "surrogate": "emailaddress=%ED%A0%80@example.com",
            "raw surrogate": "emailaddress=\xed\xa0\x80@example.com",
            "raw byte in a name": "\xff=1",
            "raw byte in another parameter": "emailaddress=alice@example.com&x=\xc3",
        }
    ),
)
@pytest.mark.parametrize("path", [MOZILLA, POX, V2, "/"])
def test_query_that_is_no_utf_8_is_the_client_s_fault_at_most(
    app: Flask, path: str, query: str
) -> None:
    answered(app, path, query=query)


@pytest.mark.parametrize(
    ("path", "name"), [(MOZILLA, "emailaddress"), ("/", "emailaddress"), (PROFILE, "email")]
)
@pytest.mark.parametrize("address", table(NO_ADDRESS))
def test_malformed_address_in_a_query_is_bad_request(
    app: Flask, path: str, name: str, address: str
) -> None:
    assert answered(app, path, query=f"{name}={quoted(address)}").status == 400


@pytest.mark.parametrize("value", table(GARBAGE))
def test_garbage_for_a_device_is_no_device(app: Flask, value: str) -> None:
    asked = "email=alice@exchange.example"
    garbage = answered(app, PROFILE, query=f"{asked}&for={quoted(value)}")
    assert garbage == answered(app, PROFILE, query=asked)


@pytest.mark.parametrize("value", table(GARBAGE))
def test_garbage_for_a_language_is_no_language(app: Flask, value: str) -> None:
    environ = {"HTTP_ACCEPT_LANGUAGE": value}
    assert answered(app, query=f"lang={quoted(value)}", environ=environ) == answered(app)


@pytest.mark.parametrize("value", table(GARBAGE))
def test_garbage_for_a_domain_is_none_that_is_served(app: Flask, value: str) -> None:
    reply = answered(app, POX, query=f"domain={quoted(value)}")
    assert reply.status == (404 if value.strip() else 200)


@pytest.mark.parametrize(
    "query",
    table(
        {
            "markup": f"emailaddress={quoted(MARKUP)}@example.com",
            "placeholder": "emailaddress=%25EMAILDOMAIN%25@example.com",
            "template": "emailaddress={{7*7}}@example.com",
            "other parameters": "emailaddress=alice@example.com&domain=unknown.example",
        }
    ),
)
def test_document_is_the_same_for_every_address_of_the_domain(app: Flask, query: str) -> None:
    assert answered(app, MOZILLA, query=query).body == answered(app, MOZILLA).body

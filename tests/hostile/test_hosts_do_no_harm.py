"""The Host header, which is anything a client likes."""

import pytest
from flask import Flask

from tests.support.asking import answered, post
from tests.support.hostile import BAD_HOSTS
from tests.support.requests import MOZILLA, POX, SOAP, WELL_KNOWN, pox
from tests.support.tables import table


@pytest.mark.parametrize("host", table(BAD_HOSTS))
@pytest.mark.parametrize("path", [MOZILLA, WELL_KNOWN, POX, SOAP, "/"])
def test_host_that_is_no_domain_of_ours_is_not_found(
    app: Flask, path: str, host: str | None
) -> None:
    assert answered(app, path, environ={"HTTP_HOST": host}).status == 404


@pytest.mark.parametrize("host", table(BAD_HOSTS))
def test_address_stands_above_any_host(app: Flask, host: str | None) -> None:
    reply = answered(
        app, MOZILLA, query="emailaddress=alice@example.com", environ={"HTTP_HOST": host}
    )
    assert reply.status == 200


@pytest.mark.parametrize("host", table(BAD_HOSTS))
def test_posted_address_stands_above_any_host(app: Flask, host: str | None) -> None:
    assert post(app, pox(), {"HTTP_HOST": host}).status == 200


@pytest.mark.parametrize("host", table(BAD_HOSTS))
def test_health_does_not_depend_on_the_host(app: Flask, host: str | None) -> None:
    assert answered(app, "/healthz", environ={"HTTP_HOST": host}).status == 200


@pytest.mark.parametrize(
    "host",
    table(
        {
            "capitals": "EXAMPLE.COM",
            "port": "example.com:8000",
            "empty port": "example.com:",
            "port out of range": "example.com:99999",
            "final dot": "example.com.",
            "final dot and port": "example.com.:443",
            "prefix in capitals": "AutoConfig.Example.com",
            "punycode in capitals": "XN--CAF-DMA.example",
        }
    ),
)
def test_odd_spelling_of_our_host_is_answered(app: Flask, host: str) -> None:
    assert answered(app, MOZILLA, environ={"HTTP_HOST": host}).status == 200

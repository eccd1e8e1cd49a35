"""The Host header, which is anything a client likes."""

import pytest
from flask import Flask

from tests.support.asking import answered, post
from tests.support.hostile import BAD_HOSTS, TWO_HOSTS
from tests.support.requests import DAV, EVERY_MOZILLA, EVERY_URL, MOZILLA, POX, SOAP, pox
from tests.support.tables import table


@pytest.mark.parametrize("host", table(BAD_HOSTS))
@pytest.mark.parametrize("path", [*EVERY_MOZILLA, POX, SOAP, *DAV])
def test_host_that_is_no_domain_of_ours_is_not_found(
    app: Flask, path: str, host: str | None
) -> None:
    assert answered(app, path, environ={"HTTP_HOST": host}).status == 404


@pytest.mark.parametrize("host", table(BAD_HOSTS))
def test_root_of_a_host_that_is_no_domain_is_a_page_that_knows_nothing(
    app: Flask, host: str | None
) -> None:
    """An address of the machine is asked for a person's; any other is not found."""
    reply = answered(app, environ={"HTTP_HOST": host})
    assert (reply.status, b"<form" in reply.body) in ((200, True), (404, False))
    assert b"ovh" not in reply.body


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


@pytest.mark.parametrize("host", table(TWO_HOSTS))
@pytest.mark.parametrize("path", EVERY_URL)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_two_hosts_are_a_bad_request(app: Flask, path: str, method: str, host: str) -> None:
    """RFC 9112 section 3.2: whatever stands between us and the client may have taken the other."""
    for query in ("", "emailaddress=alice@example.com", "Email=alice@example.com&Protocol=Ews"):
        reply = answered(app, path, method=method, query=query, environ={"HTTP_HOST": host})
        assert reply.status == 400


def test_hosts_that_proxies_forward_are_a_list_of_which_the_last_counts(app: Flask) -> None:
    forwarded = {"HTTP_X_FORWARDED_HOST": "unknown.example, example.com"}
    assert answered(app, MOZILLA, environ={"HTTP_HOST": "x.example", **forwarded}).status == 200


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

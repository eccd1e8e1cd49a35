"""Requests that Hypothesis makes up, near those that are answered."""

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autoconfig.names import HOST_NAME
from tests.support.asking import answered, ask
from tests.support.detecting import ToldDetector, application, configuration
from tests.support.requests import POX, raw
from tests.support.strategies import bodies, domains, paths, typed_domains, values

queries = st.lists(
    st.builds(
        "{}={}".format,
        st.sampled_from(("emailaddress", "Email", "Protocol", "of", "")) | values,
        values | st.sampled_from(("AutodiscoverV1", "activesync", "thunderbird", "%", "%FF")),
    ),
    max_size=4,
).map("&".join)
headers = st.dictionaries(
    st.sampled_from(
        (
            "HTTP_HOST",
            "HTTP_X_FORWARDED_FOR",
            "HTTP_X_FORWARDED_PROTO",
            "HTTP_X_FORWARDED_HOST",
            "HTTP_IF_NONE_MATCH",
            "REMOTE_ADDR",
            "CONTENT_LENGTH",
            "CONTENT_TYPE",
        )
    ),
    values,
    max_size=4,
)
methods = st.sampled_from(("GET", "HEAD", "POST", "OPTIONS", "PUT", "X")) | values


@settings(max_examples=400)
@given(
    path=paths,
    method=methods,
    query=queries | values,
    body=st.binary(max_size=200) | bodies(),
    environ=headers,
)
@example(path="/", method="GET", query="\xff", body=b"", environ={})
def test_no_request_makes_the_server_fail(
    app: Flask, path: str, method: str, query: str, body: bytes, environ: dict[str, str]
) -> None:
    assert ask(app, path, method=method, query=query, body=body, environ=environ).status < 500


@pytest.fixture(scope="module")
def detecting() -> tuple[Flask, ToldDetector]:
    """An application that has the DNS asked, and what it asks."""
    detector = ToldDetector()
    return application(configuration(), detector), detector


@settings(max_examples=400)
@given(
    path=paths | st.just("/ask"),
    method=methods,
    query=queries | values | st.builds("domain={}".format, typed_domains.map(raw) | values),
    body=st.binary(max_size=200) | bodies(),
    environ=headers | st.builds(lambda name: {"HTTP_HOST": name}, domains | values),
)
@example(path="/ask", method="GET", query="domain=autoconfig.fr", body=b"", environ={})
@example(path="/", method="GET", query="", body=b"", environ={"HTTP_HOST": "192.0.2.1"})
def test_no_request_has_the_dns_asked_about_what_is_no_domain(
    detecting: tuple[Flask, ToldDetector],
    path: str,
    method: str,
    query: str,
    body: bytes,
    environ: dict[str, str],
) -> None:
    app, detector = detecting
    detector.asked.clear()
    assert ask(app, path, method=method, query=query, body=body, environ=environ).status < 500
    assert all(HOST_NAME.fullmatch(name) for name in detector.asked)


@given(body=st.binary(max_size=200) | bodies())
def test_any_posted_body_is_answered_in_xml(app: Flask, body: bytes) -> None:
    answered(app, POX, method="POST", body=body)

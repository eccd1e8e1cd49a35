"""Requests that Hypothesis makes up, near those that are answered."""

from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.asking import answered, ask
from tests.support.requests import POX
from tests.support.strategies import bodies, paths, values

queries = st.lists(
    st.builds(
        "{}={}".format,
        st.sampled_from(("emailaddress", "Email", "Protocol", "")) | values,
        values | st.sampled_from(("AutodiscoverV1", "activesync", "%", "%FF")),
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


@given(body=st.binary(max_size=200) | bodies())
def test_any_posted_body_is_answered_in_xml(app: Flask, body: bytes) -> None:
    answered(app, POX, method="POST", body=body)

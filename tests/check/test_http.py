"""One request and its answer: what is sent, and what is taken of whatever comes."""

import asyncio
import gzip
import zlib
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoconfig.check.connect import Stream, Unconnected
from autoconfig.check.http import Response, exchange
from autoconfig.check.seen import MOST_BODY, Fault, Request
from tests.support.web_server import page

URL = "http://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a@example.com"
GET = Request("GET", URL)
POST = Request("POST", "http://example.com/a", "outlook", "a&b@example.com")


class Written:
    """A writer that keeps what is sent."""

    def __init__(self) -> None:
        self.sent = b""

    def write(self, octets: bytes) -> None:
        self.sent += octets

    async def drain(self) -> None:
        """Nothing waits."""


def talk(answer: bytes, request: Request = GET, *, ends: bool = True) -> tuple[Response, bytes]:
    """What is read of an answer, and what was sent."""

    async def talking() -> tuple[Response, bytes]:
        reader, writer = asyncio.StreamReader(), Written()
        reader.feed_data(answer)
        if ends:
            reader.feed_eof()
        stream = Stream(reader, cast(Any, writer), ip_address("127.0.0.1"))
        return await exchange(stream, request), writer.sent

    return asyncio.run(talking())


def fault(answer: bytes) -> Fault:
    with pytest.raises(Unconnected) as caught:
        talk(answer)
    return caught.value.fault


# ---------------------------------------------------------------------------------- what is sent


def test_request_names_its_host_and_its_target() -> None:
    _, sent = talk(page())
    assert sent.startswith(b"GET /mail/config-v1.1.xml?emailaddress=a@example.com HTTP/1.1\r\n")
    assert b"\r\nHost: autoconfig.example.com\r\n" in sent
    assert sent.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://example.com", b"/"),
        ("http://example.com/?a=b+c%2Bd", b"/?a=b+c%2Bd"),
        ("http://example.com/a?b=\u00e9 \x01@c#d", b"/a?b=%C3%A9%20%01@c"),
    ],
)
def test_target_holds_nothing_that_ends_a_line(url: str, target: bytes) -> None:
    _, sent = talk(page(), Request("GET", url))
    assert sent.split(b"\r\n")[0] == b"GET " + target + b" HTTP/1.1"


def test_posted_request_asks_for_the_address_in_its_schema() -> None:
    _, sent = talk(page(), POST)
    head, _, body = sent.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Content-Type: text/xml; charset=utf-8" in head
    assert b"<EMailAddress>a&amp;b@example.com</EMailAddress>" in body
    assert b'xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/request' in body
    assert b"/autodiscover/outlook/responseschema/2006a</Acceptable" in body


def test_device_asks_in_its_own_schema() -> None:
    _, sent = talk(page(), POST._replace(schema="mobilesync"))
    assert b"mobilesync/requestschema/2006" in sent
    assert b"mobilesync/responseschema/2006<" in sent


# -------------------------------------------------------------------------------- what is taken


def test_answer_is_read() -> None:
    answer = page(b"<a/>", "Location: /b", media_type="Text/XML", status="302 Found")
    response, _ = talk(answer, ends=False)
    assert response == Response(302, "Text/XML", "/b", b"<a/>", keeps=True)


@pytest.mark.parametrize(
    "answer",
    [
        page(b"<a/>", "Connection: close"),
        b"HTTP/1.0 200 OK\r\n\r\n<a/>",
        page(b"<a/>") + b"more",
    ],
    ids=["closed", "until-the-end", "trailing"],
)
def test_connection_that_cannot_be_used_again_is_not(answer: bytes) -> None:
    response, _ = talk(answer)
    assert (response.body, response.keeps) == (b"<a/>", False)


def test_interim_answers_are_passed_over() -> None:
    response, _ = talk(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 3 + page(b"<a/>"))
    assert response.body == b"<a/>"


def test_body_comes_in_chunks() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    response, _ = talk(head + b"2\r\n<a\r\n2;x=y\r\n/>\r\n0\r\n\r\n")
    assert (response.body, response.keeps) == (b"<a/>", True)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"<a/>")),
        ("X-GZIP ", gzip.compress(b"<a/>")),
        ("deflate", zlib.compress(b"<a/>")),
        ("identity", b"<a/>"),
        ("", b"<a/>"),
    ],
)
def test_coding_is_taken_away(coding: str, body: bytes) -> None:
    response, _ = talk(page(body, f"Content-Encoding: {coding}"))
    assert response.body == b"<a/>"


@pytest.mark.parametrize(
    ("answer", "fault_of_it"),
    [
        (b"", Fault.CLOSED),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", Fault.CLOSED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<a/>", Fault.CLOSED),
        (b"220 mx.example ESMTP\r\n", Fault.NOT_HTTP),
        (b"\x15\x03\x03\x00\x02\x02\x46", Fault.NOT_HTTP),
        (b"<html></html>\r\n\r\n", Fault.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", Fault.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nbad\r\n\r\n", Fault.NOT_HTTP),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", Fault.NOT_HTTP),
        (page(b"<a/>", "Content-Encoding: gzip"), Fault.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 2**17, Fault.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 2**15, Fault.TOO_LARGE),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2**17, Fault.TOO_LARGE),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;a=" + b"b" * 2**22,
            Fault.TOO_LARGE,
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 2**17,
            Fault.TOO_LARGE,
        ),
        (page(b"a" * (MOST_BODY + 1)), Fault.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * (MOST_BODY + 1), Fault.TOO_LARGE),
        (page(gzip.compress(bytes(2**26)), "Content-Encoding: gzip"), Fault.TOO_LARGE),
    ],
    ids=lambda value: str(value) if isinstance(value, Fault) else None,
)
def test_answer_that_is_none_is_at_fault(answer: bytes, fault_of_it: Fault) -> None:
    assert fault(answer) is fault_of_it


def test_body_may_be_as_large_as_is_said() -> None:
    response, _ = talk(page(b"a" * MOST_BODY))
    assert len(response.body) == MOST_BODY


def test_connection_that_is_reset_is_closed() -> None:
    async def talking() -> None:
        reader = asyncio.StreamReader()
        reader.set_exception(ConnectionResetError(104, "reset"))
        stream = Stream(reader, cast(Any, Written()), ip_address("127.0.0.1"))
        await exchange(stream, GET)

    with pytest.raises(Unconnected) as caught:
        asyncio.run(talking())
    assert (caught.value.fault, caught.value.detail) == (Fault.CLOSED, "reset")


PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.0 304 Not Modified\r\n",
        b"Content-Length: 3\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Connection: close\r\n",
        b"Location: \xff\r\n",
        b" folded\r\n",
        b"\r\n",
        b"3\r\nabc\r\n",
        b"0\r\n\r\n",
        gzip.compress(b"abc"),
    ]
)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=20))).map(b"".join))
def test_whatever_comes_is_an_answer_or_a_fault(answer: bytes) -> None:
    """Nothing else is raised."""
    with suppress(Unconnected):
        response, _ = talk(answer)
        assert 200 <= response.status < 1000

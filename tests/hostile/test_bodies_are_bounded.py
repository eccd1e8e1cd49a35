"""How much of a body is read, whatever it says of its length."""

import io
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import pytest
from flask import Flask

from autoconfig.answers.pox_request import MAX_BODY
from autoconfig.errors import Busy
from tests.support.asking import NOTHING, Environ, answered, ask, assert_form, post
from tests.support.hostile import LINE
from tests.support.requests import EVERY_URL, POX, pox
from tests.support.tables import table

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Endless(io.RawIOBase):
    """A body without end that counts how much of it was read, and stops who would read it all."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        assert self.taken <= 10 * MAX_BODY
        size = memoryview(buffer).nbytes
        memoryview(buffer)[:] = b"a" * size
        self.taken += size
        return size

    def readall(self) -> NoReturn:
        raise AssertionError("read to the end")


class InvalidChunkSize(Exception):
    """Of no class that others would know, as gunicorn 27 has its own."""


class Broken:
    """A body as servers have it that cannot be read: they raise, or return what is no body."""

    def __init__(self, found: object) -> None:
        self.found = found

    def read(self, size: int) -> object:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.mark.parametrize(
    "environ",
    table(
        {
            "chunked": {"CONTENT_LENGTH": None, "wsgi.input_terminated": True},
            "of a length": {"CONTENT_LENGTH": "10"},
        }
    ),
)
@pytest.mark.parametrize(
    "found",
    table(
        {
            "werkzeug's error": OSError("Invalid chunk size: alice@example.com"),
            "gunicorn's error": InvalidChunkSize("alice@example.com"),
            "client gone": ConnectionResetError("alice@example.com"),
            "time-out": TimeoutError(),
            "nothing": None,
            "no bytes": "text",
            "short": b"abc",
            "empty": b"",
        }
    ),
)
def test_body_that_cannot_be_read_is_error_600_and_no_fault_of_ours(
    app: Flask, lines: Callable[[], list[str]], environ: Environ, found: object
) -> None:
    reply = answered(app, POX, method="POST", environ={**environ, "wsgi.input": Broken(found)})
    assert (reply.status, reply.error_code) == (400, "600")
    (line,) = lines()
    assert LINE.fullmatch(line)


def test_body_for_which_there_is_no_room_is_refused_as_a_busy_server_does(app: Flask) -> None:
    body = {"CONTENT_LENGTH": "10", "wsgi.input": Broken(Busy())}
    reply = ask(app, POX, method="POST", environ=body)
    assert_form(reply, POX, "POST")
    assert (reply.status, reply.error_code) == (503, "603")


@pytest.mark.parametrize(
    "environ",
    table(
        {
            "20 MiB": {"CONTENT_LENGTH": str(20 * 1024 * 1024)},
            "one byte too many": {"CONTENT_LENGTH": str(MAX_BODY + 1)},
            "more than a machine word": {"CONTENT_LENGTH": "9" * 30},
            "chunked": {"CONTENT_LENGTH": None, "wsgi.input_terminated": True},
            "chunked, with a length that lies": {
                "CONTENT_LENGTH": "10",
                "wsgi.input_terminated": True,
            },
        }
    ),
)
def test_body_that_is_too_long_is_not_read_further(app: Flask, environ: Environ) -> None:
    body = Endless()
    reply = answered(app, POX, method="POST", environ={**environ, "wsgi.input": body})
    assert (reply.status, reply.error_code) == (413, "600")
    assert body.taken <= MAX_BODY + 1


@pytest.mark.parametrize(
    "body",
    table(
        {
            "50,000 tags": b"<a>" * 50_000,
            "50,000 nested elements": b"<a>" * 50_000 + b"</a>" * 50_000,
            "20 MiB of a request": pox().encode() + b" " * 20 * 1024 * 1024,
            "20 MiB of blanks": b" " * 20 * 1024 * 1024,
            "one byte too many": pox().encode().ljust(MAX_BODY + 1),
        }
    ),
)
@pytest.mark.parametrize(
    "environ",
    table(
        {
            "by its length": NOTHING,
            "chunked": {"CONTENT_LENGTH": None, "wsgi.input_terminated": True},
        }
    ),
)
def test_request_that_is_too_long_is_refused(app: Flask, body: bytes, environ: Environ) -> None:
    reply = post(app, body, environ)
    assert (reply.status, reply.error_code) == (413, "600")


def test_odd_body_for_which_no_thread_can_be_had_is_error_603(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain one needs none."""

    def fail(thread: threading.Thread) -> NoReturn:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", fail)
    reply = app.test_client().post(POX, data=pox(inside="<!-- odd -->"))
    assert reply.status_code == 503
    assert "<ErrorCode>603</ErrorCode>" in reply.text
    assert post(app, pox()).status == 200


@pytest.mark.parametrize(
    "length",
    table(
        {
            "none": None,
            "empty": "",
            "nought": "0",
            "too short": "10",
            "too long": "5000",
            "negative": "-1",
            "very negative": "-99999999999999999999",
            "text": "many",
            "exponent": "1e3",
            "hexadecimal": "0x100",
            "two": "300, 300",
            "full-width digits": "\xef\xbc\x91\xef\xbc\x92",
            "with a line break": "300\r\nX: y",
        }
    ),
)
def test_length_that_lies_is_error_600(app: Flask, length: str | None) -> None:
    reply = post(app, pox(), {"CONTENT_LENGTH": length})
    assert (reply.status, reply.error_code) == (400, "600")


@pytest.mark.parametrize("path", EVERY_URL)
def test_body_of_a_get_is_not_read(app: Flask, path: str) -> None:
    body = Endless()
    answered(app, path, environ={"CONTENT_LENGTH": "1000", "wsgi.input": body})
    assert body.taken == 0

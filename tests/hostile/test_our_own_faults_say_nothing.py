"""Bugs of ours: the answer has its form, and the log no address."""

import re
from collections.abc import Callable
from typing import NoReturn

import pytest
from flask import Flask

from autoconfig.answers import respond
from autoconfig.answers.endpoints import Kind
from autoconfig.documents.document import Document
from tests.support.asking import ask, assert_form
from tests.support.hostile import LINE
from tests.support.requests import EVERY_URL, POX, SOAP, V2


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours, with an address in its message and in that of its cause."""

    message = "alice@example.com\r\nforged"

    def fail(*_: object) -> NoReturn:
        try:
            raise KeyError(message)
        except KeyError as cause:
            raise RuntimeError(message) from cause

    monkeypatch.setattr(respond, "ANSWERS", dict.fromkeys(Kind, fail))
    monkeypatch.setattr(Document, "fill", fail)


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("path", EVERY_URL)
def test_our_own_fault_is_told_in_the_client_s_form(app: Flask, path: str) -> None:
    reply = ask(app, path, query="emailaddress=alice@example.com&Email=alice@example.com")
    assert reply.status == 500
    assert_form(reply, path)
    assert b"alice@example.com" not in reply.body


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("path", "code"), [(POX, "603"), (SOAP, "603"), (V2, "InternalError")], ids=["POX", "SOAP", "2"]
)
def test_our_own_fault_has_an_error_code(app: Flask, path: str, code: str) -> None:
    assert ask(app, path).error_code == code


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("path", EVERY_URL)
def test_our_own_fault_leaves_its_place_but_no_address_in_the_log(
    app: Flask, lines: Callable[[], list[str]], path: str
) -> None:
    ask(app, path, query="emailaddress=alice@example.com")
    fault, access = lines()
    assert fault.startswith("RuntimeError while answering")
    assert LINE.fullmatch(access)
    assert not re.search("@|alice|forged", fault + access)

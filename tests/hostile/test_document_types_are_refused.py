"""Entities and whatever else could make the XML parser read or fetch something."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from autoconfig.answers.pox_request import MAX_BODY
from tests.support.asking import post
from tests.support.hostile import DOCTYPES, ENCODINGS, SECRET
from tests.support.requests import pox
from tests.support.tables import table


@pytest.fixture
def secret_file(tmp_path: Path) -> str:
    """The file: URL of what no client may read."""
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path.as_uri()


@pytest.fixture
def listener() -> Iterator[str]:
    """The http: URL of a server on this machine, to which nobody must have connected."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield "http://127.0.0.1:{}/{}".format(server.getsockname()[1], SECRET)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("encode", table(ENCODINGS))
@pytest.mark.parametrize(("prolog", "address"), table(DOCTYPES))
def test_document_type_is_refused_in_every_encoding(
    app: Flask,
    secret_file: str,
    listener: str,
    prolog: str,
    address: str,
    encode: Callable[[str], bytes],
) -> None:
    text = pox(address, prolog=prolog).replace("FILE", secret_file).replace("HTTP", listener)
    body = encode(text)
    fits = len(body) <= MAX_BODY
    reply = post(app, body)
    assert (reply.status, reply.error_code) == (400 if fits else 413, "600")


@pytest.mark.parametrize(
    "inside",
    table(
        {
            "XInclude of a file": (
                '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="FILE" parse="text"/>'
            ),
            "XInclude over http": (
                '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="HTTP"/>'
            ),
            "schema location": (
                '<b xmlns:x="http://www.w3.org/2001/XMLSchema-instance" '
                'x:schemaLocation="urn:x HTTP" x:noNamespaceSchemaLocation="FILE"/>'
            ),
            "base": '<b xml:base="HTTP"/>',
            "style sheet": '<?xml-stylesheet type="text/xsl" href="HTTP"?>',
            "processing instruction": '<?php echo "FILE"; ?>',
        }
    ),
)
def test_what_points_elsewhere_is_not_followed(
    app: Flask, secret_file: str, listener: str, inside: str
) -> None:
    body = pox(inside=inside).replace("FILE", secret_file).replace("HTTP", listener)
    reply = post(app, body)
    assert (reply.status, reply.logins) == (200, {"alice@example.com"})


def test_style_sheet_before_the_request_is_not_fetched(app: Flask, listener: str) -> None:
    reply = post(app, pox(prolog=f'<?xml-stylesheet type="text/xsl" href="{listener}"?>'))
    assert reply.status == 200

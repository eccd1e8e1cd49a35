"""Asking the application in its own process, and the contract that every answer keeps.

Requests are raw WSGI environments (PEP 3333: bytes written as latin-1), because Flask's test client
would mend what is wrong with them, or fail itself.
"""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Flask
from lxml import etree
from werkzeug.test import create_environ, run_wsgi_app

from autoconfig.answers.endpoints import BY_PATH
from autoconfig.documents.formats import FORMATS
from autoconfig.documents.text import HTML
from tests.support.hostile import SECRET
from tests.support.requests import CODE, EVERY_MOZILLA, PLAIN, POX

Environ = Mapping[str, object]
NOTHING: Environ = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error_code(self) -> str:
        """The `ErrorCode` of either Autodiscover; empty where there is none."""
        if self.headers["Content-Type"] == "application/json":
            return str(json.loads(self.body).get("ErrorCode", ""))
        return etree.fromstring(self.body).findtext(".//{*}ErrorCode") or ""

    @property
    def logins(self) -> set[str]:
        """Every `LoginName` of an Autodiscover answer."""
        return {element.text or "" for element in etree.fromstring(self.body).iter("{*}LoginName")}


def ask(
    app: Flask,
    path: str = "/",
    *,
    method: str = "GET",
    query: str = "",
    body: bytes = b"",
    environ: Environ = NOTHING,
) -> Reply:
    """Send a request for example.com as it is, without any check. A value of None is left out."""
    given: dict[str, object] = {
        **create_environ(),
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "example.com",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    present = {name: value for name, value in given.items() if value is not None}
    chunks, status, headers = run_wsgi_app(app, present, buffered=True)
    for name, value in headers:
        assert not re.search(r"[\r\n\0]", name + value)
        (name + value).encode("latin-1")
    return Reply(int(status[:3]), dict(headers), b"".join(chunks))


def answered(  # noqa: PLR0913  # the parameters of `ask`, and what the path is taken for
    app: Flask,
    path: str = "/",
    *,
    method: str = "GET",
    query: str = "",
    body: bytes = b"",
    environ: Environ = NOTHING,
    like: str | None = None,
) -> Reply:
    """The reply, which keeps the contract of its URL. `like`: a plainer spelling of the path."""
    reply = ask(app, path, method=method, query=query, body=body, environ=environ)
    assert_contract(reply, like or path, method)
    return reply


def assert_contract(reply: Reply, path: str, method: str = "GET") -> None:
    """What every answer keeps, whatever was asked."""
    assert reply.status < 500
    assert_form(reply, path, method)


def assert_form(reply: Reply, path: str, method: str = "GET") -> None:
    """The contract of an answer that may be our own fault."""
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers.get("Content-Type") == content_type(path, reply.status)
    for leak in ("Traceback", 'File "', SECRET, "<hostile", "<HOSTILE", "<script"):
        assert leak.encode() not in reply.body
    if reply.status >= 400 and not (path in EVERY_MOZILLA and reply.status == 404):
        assert reply.headers["Cache-Control"] == "no-store"
    if reply.status in (204, 304) or method == "HEAD":
        assert reply.body == b""
        return
    assert int(reply.headers["Content-Length"]) == len(reply.body)
    match reply.headers["Content-Type"].partition(";")[0]:
        case "text/xml":
            assert reply.body.startswith(b"<?xml")
            etree.fromstring(reply.body)
        case "application/json":
            json.loads(reply.body)
        case "text/html":
            assert reply.body.startswith(b"<!DOCTYPE html>")
        case "image/svg+xml":
            assert etree.fromstring(reply.body).tag == "{http://www.w3.org/2000/svg}svg"
        case _:
            reply.body.decode("ascii")


def content_type(path: str, status: int) -> str | None:
    """The media type for the client that asks for this path; a redirect is text for a person.

    Written down here for the URLs that clients know; for a further one, its row says it.
    """
    lowered = path.lower()
    if status in (204, 304):
        return None
    if status == 302 or path in PLAIN:
        version = "version=0.0.4; " if (path, status) == ("/metrics", 200) else ""
        return f"text/plain; {version}charset=utf-8"
    if lowered.startswith("/autodiscover/autodiscover.json"):
        return "application/json"
    if lowered.startswith("/autodiscover/"):
        return "text/xml; charset=utf-8"
    if path.startswith(("/mail/", "/v1.1/", "/.well-known/")):
        return "text/xml; charset=utf-8" if status == 200 else "text/plain; charset=utf-8"
    kind, row = HTML, BY_PATH.get(path)
    if row is not None:
        kind = FORMATS[row.format].kind if row.format and status == 200 else row.errors
    return "image/svg+xml" if (path, status) == (CODE, 200) else kind.media_type


def post(app: Flask, body: str | bytes, environ: Environ = NOTHING) -> Reply:
    content = body if isinstance(body, bytes) else body.encode()
    return answered(app, POX, method="POST", body=content, environ=environ)

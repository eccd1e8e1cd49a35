"""Hostile requests: whatever is sent, the answer keeps the contract that `answered` asserts.

Requests are raw WSGI environments (PEP 3333: bytes written as latin-1), because Flask's test client
would mend what is wrong with them, or fail itself.
"""

import io
import json
import logging
import re
import resource
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from lxml import etree
from werkzeug.test import create_environ, run_wsgi_app

from autoconfig.answers import respond
from autoconfig.answers.endpoints import Kind
from autoconfig.answers.pox_request import MAX_BODY, parse_request
from autoconfig.config.load import Config
from autoconfig.documents.document import Document
from autoconfig.errors import ClientError
from autoconfig.web import create_app

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOZILLA = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
POX = "/autodiscover/autodiscover.xml"
SOAP = "/autodiscover/autodiscover.svc"
V2 = "/autodiscover/autodiscover.json"
EVERY_URL = (MOZILLA, WELL_KNOWN, POX, SOAP, V2, f"{V2}/v1.0/alice@example.com", "/", "/healthz")

PLAIN = ("/healthz", "/readyz", "/metrics", "/ask")
"""What programs of the operator ask."""

SCHEMAS = "http://schemas.microsoft.com/exchange/autodiscover/"
OUTLOOK = f"{SCHEMAS}outlook/requestschema/2006"
MOBILESYNC = f"{SCHEMAS}mobilesync/requestschema/2006"
OUTLOOK_ANSWER = f"{SCHEMAS}outlook/responseschema/2006a"
MOBILESYNC_ANSWER = f"{SCHEMAS}mobilesync/responseschema/2006"

SECRET = "content-of-the-entity"  # noqa: S105  # not a password: what no answer may hold
MARKUP = "<hostile/>"
LONG = 10_000
STRANGER = "203.0.113.9"
"""A client that is none of the trusted proxies."""

Environ = Mapping[str, object]
NOTHING: Environ = MappingProxyType({})


def table(rows: Mapping[str, object]) -> list[object]:
    """The rows of a table as parameters with their names as ids; a tuple is several parameters."""
    return [
        pytest.param(*(row if isinstance(row, tuple) else (row,)), id=name)
        for name, row in rows.items()
    ]


# ------------------------------------------------------------------------------- asking, answered


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
    mozilla = path in (MOZILLA, WELL_KNOWN)
    if reply.status >= 400 and not (mozilla and reply.status == 404):
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
        case _:
            reply.body.decode("ascii")


def content_type(path: str, status: int) -> str | None:
    """The media type for the client that asks for this path; a redirect is text for a person."""
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
    if path.startswith(("/mail/", "/.well-known/")):
        return "text/xml; charset=utf-8" if status == 200 else "text/plain; charset=utf-8"
    return "text/html; charset=utf-8"


def raw(text: str) -> str:
    """UTF-8 as WSGI writes it."""
    return text.encode().decode("latin-1")


def pox(
    address: str = "alice@example.com",
    *,
    prolog: str = "",
    inside: str = "",
    namespace: str = OUTLOOK,
    schema: str = OUTLOOK_ANSWER,
) -> str:
    """An Autodiscover request, of which anything may be wrong; nothing is escaped."""
    return (
        f'{prolog}<Autodiscover xmlns="{namespace}"><Request>'
        f"<EMailAddress>{address}</EMailAddress>"
        f"<AcceptableResponseSchema>{schema}</AcceptableResponseSchema>{inside}"
        "</Request></Autodiscover>"
    )


def xml(text: str) -> str:
    """The text escaped, its line breaks too, which a parser would normalise."""
    return re.sub(r"[<>&\r\n\t]", lambda found: f"&#{ord(found[0])};", text)


def post(app: Flask, body: str | bytes, environ: Environ = NOTHING) -> Reply:
    content = body if isinstance(body, bytes) else body.encode()
    return answered(app, POX, method="POST", body=content, environ=environ)


# ----------------------------------------------------------------------- document types, entities

LAUGHS = '<!ENTITY l0 "lol">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)

DOCTYPES = {
    "file": ('<!DOCTYPE a [<!ENTITY x SYSTEM "FILE">]>', "&x;@example.com"),
    "http": ('<!DOCTYPE a [<!ENTITY x SYSTEM "HTTP">]>', "&x;@example.com"),
    "public identifier": ('<!DOCTYPE a [<!ENTITY x PUBLIC "-//x//x" "HTTP">]>', "&x;@example.com"),
    "file as external subset": ('<!DOCTYPE a SYSTEM "FILE">', "alice@example.com"),
    "http as external subset": ('<!DOCTYPE a SYSTEM "HTTP">', "alice@example.com"),
    "http as public subset": ('<!DOCTYPE a PUBLIC "-//x//x" "HTTP">', "alice@example.com"),
    "parameter entity from http": (
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "HTTP"> %p;]>',
        "alice@example.com",
    ),
    "parameter entity from file": (
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "FILE"> %p;]>',
        "alice@example.com",
    ),
    "parameter entity that makes an entity": (
        f"<!DOCTYPE a [<!ENTITY % p '<!ENTITY x \"{SECRET}\">'> %p;]>",
        "&x;@example.com",
    ),
    "internal entity": (f'<!DOCTYPE a [<!ENTITY x "{SECRET}">]>', "&x;@example.com"),
    "internal entity with an element": (
        f'<!DOCTYPE a [<!ENTITY x "<b>{SECRET}</b>">]>',
        "&x;@example.com",
    ),
    "entity redefines amp": ('<!DOCTYPE a [<!ENTITY amp "&#38;#38;">]>', "a&amp;b@example.com"),
    "billion laughs": (f"<!DOCTYPE a [{LAUGHS}]>", "&l9;@example.com"),
    "billion laughs in an attribute": (
        f"<!DOCTYPE a [{LAUGHS}]>",
        'alice@example.com<b c="&l9;"/>',
    ),
    "billion laughs as a default value": (
        f'<!DOCTYPE a [{LAUGHS}<!ATTLIST EMailAddress c CDATA "&l9;">]>',
        "alice@example.com",
    ),
    "quadratic blow-up": (
        f'<!DOCTYPE a [<!ENTITY x "{"x" * 300}">]>',
        f"{'&x;' * 300}@example.com",
    ),
    "entity of itself": ('<!DOCTYPE a [<!ENTITY x "&x;">]>', "&x;@example.com"),
    "entities of each other": (
        '<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]>',
        "&x;@example.com",
    ),
    "notation": (
        '<!DOCTYPE a [<!NOTATION n SYSTEM "HTTP"><!ENTITY x SYSTEM "FILE" NDATA n>]>',
        "alice@example.com",
    ),
    "default of the address": (
        f'<!DOCTYPE a [<!ATTLIST EMailAddress c CDATA "{SECRET}">]>',
        "alice@example.com",
    ),
    "nothing in it": ("<!DOCTYPE Autodiscover>", "alice@example.com"),
    "nothing in its brackets": ("<!DOCTYPE Autodiscover []>", "alice@example.com"),
    "after a comment": ("<!-- x --><!DOCTYPE Autodiscover>", "alice@example.com"),
    "in lower case": ("<!doctype Autodiscover>", "alice@example.com"),
}


def declared(encoding: str, text: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'


def utf_7(text: str) -> bytes:
    """Every `<` and `&` in base 64, so that no byte of markup stands after the declaration."""
    hidden = text.replace("+", "+-").replace("&", "+ACY-").replace("<", "+ADw-")
    return declared("UTF-7", hidden).encode()


ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "UTF-16LE": lambda text: declared("UTF-16", text).encode("utf-16-le"),
    "UTF-16BE": lambda text: declared("UTF-16", text).encode("utf-16-be"),
    "UTF-16LE with BOM": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16BE with BOM": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-32LE": lambda text: b"\xff\xfe\0\0" + text.encode("utf-32-le"),
    "UTF-32BE": lambda text: b"\0\0\xfe\xff" + text.encode("utf-32-be"),
    "UTF-7": utf_7,
    "EBCDIC": lambda text: declared("IBM037", text).encode("cp037"),
    "ISO-2022-JP with an escape in the word": lambda text: declared(
        "ISO-2022-JP", text.replace("DOCTYPE", "DOC\x1b(BTYPE")
    ).encode(),
    "HZ with a broken line in the word": lambda text: declared(
        "HZ-GB-2312", text.replace("DOCTYPE", "DOC~\nTYPE")
    ).encode(),
    "Latin-1 said to be UTF-16": lambda text: declared("UTF-16", text).encode("latin-1"),
    "an unknown one": lambda text: declared("x-hostile", text).encode(),
}


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


# ------------------------------------------------------------------------------ what is answered


@pytest.mark.parametrize(
    "body",
    table(
        {
            "UTF-8 with BOM": pox().encode("utf-8-sig"),
            "BOM and then blanks": b"\xef\xbb\xbf\r\n " + pox().encode(),
            "blanks around a BOM": b" \n\xef\xbb\xbf\r\n " + pox().encode(),
            "UTF-8 with BOM and declaration": declared("UTF-8", pox()).encode("utf-8-sig"),
            "UTF-8 with BOM and a line before": ("\n" + pox()).encode("utf-8-sig"),
            "UTF-16 with BOM": pox().encode("utf-16"),
            "UTF-16LE with BOM": b"\xff\xfe" + declared("UTF-16", pox()).encode("utf-16-le"),
            "UTF-16BE with BOM": b"\xfe\xff" + declared("UTF-16", pox()).encode("utf-16-be"),
            "UTF-16BE with BOM and a line before": b"\xfe\xff" + ("\n" + pox()).encode("utf-16-be"),
            "UTF-16LE, declared": declared("UTF-16LE", pox()).encode("utf-16-le"),
            "UTF-16BE, declared": declared("UTF-16BE", pox()).encode("utf-16-be"),
            "Latin-1, declared": declared("ISO-8859-1", pox()).encode("latin-1"),
            "blanks before the declaration": b" \r\n\t" + declared("UTF-8", pox()).encode(),
            "blanks around the address": pox("\r\n  alice@example.com\t\n").encode(),
            "CDATA": pox("<![CDATA[alice@example.com]]>").encode(),
            "half a CDATA": pox("alice<![CDATA[@]]>example.com").encode(),
            "comment inside the address": pox("alice<!-- @x -->@example.com").encode(),
            "instruction inside the address": pox("alice<?x @x?>@example.com").encode(),
            "character references": pox("&#97;lice&#x40;example.com").encode(),
            "schema in capitals": pox(schema=OUTLOOK_ANSWER.upper()).encode(),
            "unknown elements": pox(inside="<X><Y>bob@x.example</Y></X>").encode(),
            "another namespace's address": pox(
                inside='<EMailAddress xmlns="urn:x">bob@x.example</EMailAddress>'
            ).encode(),
            "prefix": (
                pox()
                .replace("xmlns=", "xmlns:a=")
                .replace("</", "</a:")
                .replace("<A", "<a:A")
                .replace("<R", "<a:R")
                .replace("<E", "<a:E")
                .encode()
            ),
            "the largest there may be": pox(inside=f"<X>{'x' * MAX_BODY}").encode()[:1]
            + pox(inside="<X/>").encode()[1:].ljust(MAX_BODY - 1),
        }
    ),
)
def test_odd_but_valid_request_is_answered(app: Flask, body: bytes) -> None:
    reply = post(app, body)
    assert (reply.status, reply.logins) == (200, {"alice@example.com"})


@pytest.mark.parametrize(
    "local",
    table(
        {
            "markup": MARKUP,
            "end of the element": "</LoginName><hostile/>",
            "script": "<script>alert(1)</script>",
            "CDATA": "]]><![CDATA[",
            "comment": "<!--",
            "quotes": "'\"",
            "ampersand": "a&b&amp;c",
            "entity": "&x;",
            "quoted": '"alice"',
            "our placeholder": "%EMAILDOMAIN%",
            "the same placeholder": "%EMAILADDRESS%",
            "template": "{{7*7}}",
            "path": "../../etc/passwd",
            "beyond the first plane": "\U0001d51e",
        }
    ),
)
def test_local_part_comes_back_escaped_to_the_letter(app: Flask, local: str) -> None:
    reply = post(app, pox(xml(f"{local}@example.com")))
    assert (reply.status, reply.logins) == (200, {f"{local}@example.com"})


# ------------------------------------------------------------------------------- what is refused

BAD_XML: Mapping[str, bytes] = {
    "empty": b"",
    "blanks": b" \r\n\t ",
    "as many blanks as fit": b" " * MAX_BODY,  # minutes, if they are tried in every division
    "as many blanks as fit, and a tag": b"<Autodiscover".rjust(MAX_BODY),
    "as many blanks as fit in a tag": b"<Autodiscover".ljust(MAX_BODY),
    "BOM alone": b"\xef\xbb\xbf",
    "half a BOM": b"\xff",
    "two BOMs": b"\xef\xbb\xbf" + pox().encode("utf-8-sig"),
    "NULs": b"\0" * 100,
    "NUL in the address": pox("alice\0@example.com").encode(),
    "NUL after the end": pox().encode() + b"\0",
    "every byte": bytes(range(256)),
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0",
    "JSON": b'{"EMailAddress": "alice@example.com"}',
    "HTML": b"<!doctype html><p>hello",
    "form": b"EMailAddress=alice%40example.com",
    "declaration alone": b'<?xml version="1.0"?>',
    "comment alone": b"<!-- x -->",
    "truncated": pox().encode()[:-5],
    "text after the end": pox().encode() + b"x",
    "twice": pox().encode() * 2,
    "UTF-16 with half a character": pox().encode("utf-16")[:-1],
    "UTF-16 without its first byte": pox().encode("utf-16")[1:],
    "UTF-16 said to be UTF-8": b"\xff\xfe" + pox().encode(),
    "overlong UTF-8": pox("alice\0\0@example.com").encode().replace(b"\0\0", b"\xc0\xbc"),
    "surrogate in UTF-8": pox("alice\0@example.com").encode().replace(b"\0", b"\xed\xa0\x80"),
    "UTF-8 beyond Unicode": pox("a\0@example.com").encode().replace(b"\0", b"\xf4\x90\x80\x80"),
    "unpaired surrogate in UTF-16": pox("a\ud800@example.com").encode("utf-16", "surrogatepass"),
    "reference to NUL": pox("alice&#0;@example.com").encode(),
    "reference to a control character": pox("alice&#1;@example.com").encode(),
    "reference to a surrogate": pox("alice&#xD800;@example.com").encode(),
    "reference to no character": pox("alice&#xFFFF;@example.com").encode(),
    "reference beyond Unicode": pox("alice&#x7FFFFFFFF;@example.com").encode(),
    "control character": pox("alice\x01@example.com").encode(),
    "undeclared entity": pox("alice&nbsp;@example.com").encode(),
    "bare ampersand": pox("a&b@example.com").encode(),
    "unescaped markup": pox("<hostile>@example.com").encode(),
    "attribute twice": pox(inside='<X a="1" a="2"/>').encode(),
    "attribute with markup": pox(inside=f'<X a="{MARKUP}"/>').encode(),
    "undeclared prefix": pox(inside="<x:X/>").encode(),
    "the xml prefix rebound": pox(inside='<X xmlns:xml="urn:x"/>').encode(),
    "colons": pox(inside="<a:b:c/>").encode(),
    "CDATA without end": pox("<![CDATA[alice@example.com").encode(),
    "comment with two hyphens": pox("alice<!-- -- -->@example.com").encode(),
    "instruction named xml": pox(inside='<?xml version="1.0"?>').encode(),
    "as many tags as fit": b"<a>" * (MAX_BODY // 3),
    "nested as deep as fits": b"<a>" * 1170 + b"</a>" * 1170,
    "nested as deep as fits, in the address": pox("<a>" * 1080 + "</a>" * 1080).encode(),
    "wrong root": b"<html/>",
    "wrong case": pox().replace("Autodiscover", "autodiscover").encode(),
    "no namespace": pox(namespace="").encode(),
    "namespace in capitals": pox(namespace=OUTLOOK.upper()).encode(),
    "namespace with a blank": pox(namespace=f"{OUTLOOK} ").encode(),
    "namespace of the answer": pox(namespace=OUTLOOK_ANSWER).encode(),
    "namespace with a brace": pox(namespace="}").encode(),
    "namespace that is a path": pox(namespace="a}b[c='").encode(),
    "namespace of markup": pox(namespace="&lt;hostile/>").encode(),
    "no Request": f'<Autodiscover xmlns="{OUTLOOK}"/>'.encode(),
    "Request of another namespace": (
        pox().replace("<Request>", f'<Request xmlns="{MOBILESYNC}">').encode()
    ),
    "Request one level down": (
        f'<Autodiscover xmlns="{OUTLOOK}">{pox(namespace=OUTLOOK)}</Autodiscover>'.encode()
    ),
    "two Requests": pox().replace("</Request>", "</Request><Request/>").encode(),
    "a thousand Requests": pox().replace("</Request>", "</Request>" + "<Request/>" * 780).encode(),
    "no schema": pox(schema="").encode(),
    "no address": pox("").encode(),
    "no address but XInclude": pox('<include xmlns="http://www.w3.org/2001/XInclude"/>').encode(),
    "LegacyDN instead of the address": (
        pox().replace("EMailAddress>", "LegacyDN>").replace("alice@", "/o=x/").encode()
    ),
}


@pytest.mark.parametrize("body", table(BAD_XML))
def test_malformed_request_is_error_600(app: Flask, body: bytes) -> None:
    assert len(body) <= MAX_BODY
    reply = post(app, body)
    assert (reply.status, reply.error_code) == (400, "600")


NO_ADDRESS = {
    "two at signs": "alice@evil@example.com",
    "two at signs together": "alice@@example.com",
    "at sign alone": "@",
    "no at sign": "alice",
    "no local part": "@example.com",
    "no domain": "alice@",
    "quoted at sign": '"alice@evil"@example.com',
    "blank before the domain": "alice@ example.com",
    "line break before the domain": "alice@\r\nexample.com",
    "two addresses": "alice@example.com,bob@example.com",
    "name and address": "Alice<alice@example.com>",
    "CR LF": "alice@example.com\r\nSet-Cookie: a=b",
    "CR LF in the local part": "alice\r\nX:b@example.com",
    "tab": "alice\tb@example.com",
    "delete": "alice\x7f@example.com",
    "C1 control": "alice\x85b@example.com",
    "line separator": "alice\u2028b@example.com",
    "right-to-left override": "alice\u202e@example.com",
    "isolate": "alice\u2066@example.com",
    "zero-width space": "alice\u200b@example.com",
    "zero-width joiner": "alice\u200d@example.com",
    "soft hyphen": "alice\u00ad@example.com",
    "byte order mark": "alice\ufeff@example.com",
    "no-break space": "alice\u00a0b@example.com",
    "private use": "alice\ue000@example.com",
    "tag character": "alice\U000e0041@example.com",
    "full-width at sign": "alice\uff20example.com",
    "override in the domain": "alice@exa\u202emple.com",
    "markup in the domain": "alice@<hostile/>.com",
    "underscore in the domain": "alice@exam_ple.com",
    "empty label": "alice@example..com",
    "one label": "alice@localhost",
    "IP address": "alice@127.0.0.1",
    "IP literal": "alice@[127.0.0.1]",
    "IPv6 literal": "alice@[IPv6:::1]",
    "label of a hyphen": "alice@-.com",
    "label of 64": f"alice@{'a' * 64}.com",
    "punycode of nothing": "alice@xn--.com",
    "255 octets": f"{'a' * 243}@example.com",
    "long local part": f"{'a' * 7000}@example.com",
    "long domain": f"alice@{'a.' * 3500}com",
    "long domain that is no ASCII": f"alice@{'é.' * 2000}com",
}

WITH_BLANK = {"blank": "alice b@example.com", "quoted blank": '"alice b"@example.com'}
"""Malformed as well, but in a URL a space stands for `+`."""


@pytest.mark.parametrize("address", table({**NO_ADDRESS, **WITH_BLANK}))
def test_malformed_address_is_error_600(app: Flask, address: str) -> None:
    reply = post(app, pox(xml(address)))
    assert (reply.status, reply.error_code) == (400, "600")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    table(
        {
            "unknown domain": (pox("alice@unknown.example"), 404, "500"),
            "part of a domain": (pox("alice@sub.example.com"), 404, "500"),
            "domain with more before": (pox("alice@notexample.com"), 404, "500"),
            "name that clients ask for": (pox("alice@autodiscover.example.com"), 404, "500"),
            "punycode junk": (pox("alice@xn--zzzzzzzz.example"), 404, "500"),
            "look-alike": (pox("alice@ex\u0430mple.com"), 404, "500"),
            "schema of markup": (pox(schema="&lt;hostile/>"), 400, "601"),
            "schema of another": (pox(schema="http://www.example.com/"), 400, "601"),
            "long schema": (pox(schema="x" * 7000), 400, "601"),
            "ActiveSync where there is none": (pox(schema=MOBILESYNC_ANSWER), 404, "601"),
        }
    ),
)
def test_error_code_says_what_is_not_served(app: Flask, body: str, status: int, code: str) -> None:
    reply = post(app, body)
    assert (reply.status, reply.error_code) == (status, code)


# ------------------------------------------------------------------------------- length of a body


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


# -------------------------------------------------------------------------- addresses in the query


def quoted(text: str) -> str:
    """Every byte percent-encoded."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


QUERIES = {
    "empty": ("emailaddress=", 200),
    "without value": ("emailaddress", 200),
    "placeholder": ("emailaddress=%25EMAILADDRESS%25", 200),
    "placeholder as it is": ("emailaddress=%EMAILADDRESS%", 200),
    "capitals": ("EMAILADDRESS=alice@example.com", 200),
    "raw plus": ("emailaddress=alice+x@example.com", 200),
    "domain in raw UTF-8": (raw("emailaddress=alice@café.example"), 200),
    "domain in UTF-8": ("emailaddress=alice@caf%C3%A9.example", 200),
    "ideographic full stop": ("emailaddress=alice@example%E3%80%82com", 200),
    "twice: the first counts": (
        "emailaddress=alice@example.com&emailaddress=alice@unknown.example",
        200,
    ),
    "twice in two cases: the first counts": (
        "EmailAddress=alice@unknown.example&emailaddress=alice@example.com",
        404,
    ),
    "array": ("emailaddress[]=alice@unknown.example", 200),
    "markup in the local part": (f"emailaddress={quoted(MARKUP)}@example.com", 200),
    "raw markup in the local part": (f"emailaddress={MARKUP}@example.com", 200),
    "our placeholder as local part": ("emailaddress=%25EMAILDOMAIN%25@example.com", 200),
    "template as local part": ("emailaddress={{7*7}}@example.com", 200),
    "markup in a name": (f"{MARKUP}={MARKUP}", 200),
    "NUL in a name": ("%00=%00", 200),
    "only separators": ("&&&===&;&", 200),
    "long": ("x" * LONG, 200),
    "thousands of parameters": ("&".join(f"p{n}={n}" for n in range(5000)), 200),
    "thousands of addresses": ("emailaddress=alice@example.com&" * 1000, 200),
    "semicolon": ("emailaddress=alice@example.com;x=y", 400),
    "not an address": ("emailaddress=alice", 400),
    "double encoding": ("emailaddress=alice%2540example.com", 400),
    "double encoding of CR LF": ("emailaddress=alice@example.com%250D%250A", 400),
    "percent at the end": ("emailaddress=alice@example.com%", 400),
    "half an escape": ("emailaddress=alice@example.com%4", 400),
    "escape of no digits": ("emailaddress=alice@example.com%zz", 400),
    "bytes that are no UTF-8 in the domain": ("emailaddress=alice@ex%FFample.com", 400),
    "raw bytes that are no UTF-8 in the domain": ("emailaddress=alice@ex\xffample.com", 400),
    "overlong UTF-8 in the domain": ("emailaddress=alice@%C0%AE.com", 400),
    "surrogate in the domain": ("emailaddress=alice@%ED%A0%80.com", 400),
    "CR LF raw": ("emailaddress=alice@example.com\r\nSet-Cookie: a=b", 400),
    "long address": (f"emailaddress={'a' * LONG}@example.com", 400),
    "long domain": (f"emailaddress=alice@{'a' * LONG}.com", 400),
    "unknown domain": ("emailaddress=alice@unknown.example", 404),
    "punycode junk": ("emailaddress=alice@xn--zzzzzzzz.example", 404),
}


@pytest.mark.parametrize("path", [MOZILLA, WELL_KNOWN])
@pytest.mark.parametrize(("query", "status"), table(QUERIES))
def test_hostile_query_gets_the_status_of_its_address(
    app: Flask, path: str, query: str, status: int
) -> None:
    assert answered(app, path, query=query).status == status


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


@pytest.mark.parametrize("address", table(NO_ADDRESS))
def test_malformed_address_in_a_query_is_bad_request(app: Flask, address: str) -> None:
    assert answered(app, MOZILLA, query=f"emailaddress={quoted(address)}").status == 400


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


# -------------------------------------------------------------------------------- Autodiscover v2

JSON_ERRORS = {
    "no address": ("", 400, "InvalidEmail"),
    "empty address": ("Email=&Protocol=AutodiscoverV1", 400, "InvalidEmail"),
    "placeholder": ("Email=%EMAILADDRESS%&Protocol=AutodiscoverV1", 400, "InvalidEmail"),
    "two at signs": ("Email=a@b@example.com&Protocol=AutodiscoverV1", 400, "InvalidEmail"),
    "CR LF in the address": (
        "Email=alice@example.com%0D%0AX:%20y&Protocol=AutodiscoverV1",
        400,
        "InvalidEmail",
    ),
    "CR LF in the local part": ("Email=a%0D%0Ab@example.com", 400, "InvalidEmail"),
    "NUL in the address": ("Email=alice@example.com%00", 400, "InvalidEmail"),
    "long address": (f"Email={'a' * LONG}@example.com", 400, "InvalidEmail"),
    "markup for an address": (f"Email={MARKUP}", 400, "InvalidEmail"),
    "unknown domain": ("Email=alice@unknown.example", 404, "UserNotFound"),
    "path of a known attack": (
        "@evil.example/owa/?&Email=autodiscover/autodiscover.json%3F@evil.example",
        404,
        "UserNotFound",
    ),
    "no protocol": ("Email=alice@example.com", 400, "InvalidProtocol"),
    "empty protocol": ("Email=alice@example.com&Protocol=", 400, "InvalidProtocol"),
    "protocol that the service lacks": (
        "Email=alice@example.com&Protocol=ActiveSync",
        400,
        "InvalidProtocol",
    ),
    "markup for a protocol": (
        f"Email=alice@example.com&Protocol={quoted(MARKUP)}",
        400,
        "InvalidProtocol",
    ),
    "CR LF in the protocol": (
        "Email=alice@example.com&Protocol=AutodiscoverV1%0D%0AX:%20y",
        400,
        "InvalidProtocol",
    ),
    "quotes in the protocol": (
        "Email=alice@example.com&Protocol=%22%7D%2C%7B%22a%22%3A%22",
        400,
        "InvalidProtocol",
    ),
    "NUL after the protocol": (
        "Email=alice@example.com&Protocol=AutodiscoverV1%00",
        400,
        "InvalidProtocol",
    ),
    "long protocol": (
        f"Email=alice@example.com&Protocol={'P' * LONG}",
        400,
        "InvalidProtocol",
    ),
    "protocol that is no UTF-8": (
        "Email=alice@example.com&Protocol=%FF%FE",
        400,
        "InvalidProtocol",
    ),
    "bidirectional protocol": (
        "Email=alice@example.com&Protocol=%E2%80%AEActiveSync",
        400,
        "InvalidProtocol",
    ),
}


@pytest.mark.parametrize(("query", "status", "code"), table(JSON_ERRORS))
def test_hostile_json_query_gets_its_error_code(
    app: Flask, query: str, status: int, code: str
) -> None:
    reply = answered(app, V2, query=query)
    assert (reply.status, reply.error_code) == (status, code)


@pytest.mark.parametrize(("query", "status", "code"), table(JSON_ERRORS))
def test_json_error_echoes_letters_and_digits_at_most(
    app: Flask, query: str, status: int, code: str
) -> None:
    message = json.loads(answered(app, V2, query=query).body)["ErrorMessage"]
    assert re.fullmatch(r"[A-Za-z0-9 .,:'@-]{1,200}", message)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    table(
        {
            "not an address": ("alice", 400, "InvalidEmail"),
            "two at signs": ("a@b@example.com", 400, "InvalidEmail"),
            "CR": ("alice@example.com\rX: y", 400, "InvalidEmail"),
            "NUL": ("alice@example.com\0", 400, "InvalidEmail"),
            "markup": (MARKUP, 400, "InvalidEmail"),
            "long": (f"{'a' * LONG}@example.com", 400, "InvalidEmail"),
            "no UTF-8": ("\xff\xfe@\xff", 400, "InvalidEmail"),
            "bidirectional": (raw("alice\u202e@example.com"), 400, "InvalidEmail"),
            "slash": ("../alice@unknown.example", 404, "UserNotFound"),
            "unknown domain": ("alice@unknown.example", 404, "UserNotFound"),
            "nothing": ("", 404, "NotFound"),
        }
    ),
)
def test_hostile_address_in_the_path_gets_its_error_code(
    app: Flask, address: str, status: int, code: str
) -> None:
    reply = answered(app, f"{V2}/v1.0/{address}", query="Protocol=AutodiscoverV1")
    assert (reply.status, reply.error_code) == (status, code)


@pytest.mark.parametrize(
    "address",
    table(
        {
            "domain in Unicode": "alice@café.example",
            "domain in capitals": "ALICE@CAFÉ.EXAMPLE",
            "domain in punycode": "alice@xn--caf-dma.example",
            "local part in Unicode": "élise@example.com",
            "local part with a slash": "a/b@example.com",
        }
    ),
)
@pytest.mark.parametrize("base", [V2, "/AutoDiscover/AutoDiscover.json"])
def test_address_in_the_path_is_answered_in_any_letters(
    app: Flask, base: str, address: str
) -> None:
    reply = answered(app, raw(f"{base}/v1.0/{address}"), query="Protocol=AutodiscoverV1")
    assert reply.status == 200


# -------------------------------------------------------------------------------- the Host header

BAD_HOSTS = {
    "none": None,
    "empty": "",
    "blank": " ",
    "dot": ".",
    "port alone": ":80",
    "IPv4": "192.0.2.1",
    "IPv4 with port": "192.0.2.1:8000",
    "IPv6": "[2001:db8::1]",
    "IPv6 with port": "[2001:db8::1]:80",
    "IPv6 without brackets": "2001:db8::1",
    "IPv6 without its end": "[2001:db8",
    "brackets": "[]",
    "one label": "localhost",
    "with user": "alice@example.com",
    "with user and password": "alice:secret@example.com",
    "port of letters": "example.com:junk",
    "negative port": "example.com:-1",
    "two ports": "example.com:80:80",
    "with path": "example.com/mail",
    "with query": "example.com?x",
    "with fragment": "example.com#x",
    "with scheme": "http://example.com",
    "two values": "example.com, unknown.example",
    "blank inside": "example .com",
    "CR LF": "example.com\r\nX-Injected: y",
    "NUL": "example.com\0",
    "NUL inside": "example\0.com",
    "markup": "<hostile/>.example",
    "template": "{{7*7}}.example",
    "underscore": "exam_ple.com",
    "wildcard": "*.example.com",
    "percent-encoded": "example%2Ecom",
    "raw UTF-8": raw("café.example"),
    "bytes that are no UTF-8": "\xff\xfe.com",
    "punycode junk": "xn--zzzzzzzz.example",
    "punycode of nothing": "xn--.example",
    "empty first label": ".example.com",
    "empty label": "example..com",
    "two final dots": "example.com..",
    "label of 64": f"{'a' * 64}.example.com",
    "254 characters": f"{'a.' * 126}ab",
    "long": "a" * LONG,
    "long, of labels": "a." * (LONG // 2) + "com",
    "unknown": "unknown.example",
    "prefix alone": "autoconfig.",
    "prefix and one label": "autoconfig.com",
    "prefix twice": "autoconfig.autoconfig.example.com",
}


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


# ------------------------------------------------------------------------- paths, methods, headers


@pytest.mark.parametrize(
    "path",
    table(
        {
            "CR LF": "/x\r\nSet-Cookie: a=b",
            "NUL": "/x\0",
            "NUL after a path of ours": f"{MOZILLA}\0",
            "blank after a path of ours": f"{POX} ",
            "markup": f"/{MARKUP}",
            "markup under /mail/": f"/mail/{MARKUP}",
            "markup under /autodiscover/": f"/autodiscover/{MARKUP}",
            "markup in capitals": f"/AUTODISCOVER/{MARKUP.upper()}",
            "markup after the JSON path": f"{V2}{MARKUP}",
            "dots": "/mail/../../etc/passwd",
            "dots to a path of ours": f"/x/..{MOZILLA}",
            "encoded dots": "/%2e%2e/%2e%2e/etc/passwd",
            "backslashes": "/..\\..\\etc\\passwd",
            "overlong dots": "/\xc0\xae\xc0\xae/etc/passwd",
            "no UTF-8": "/\xff\xfe",
            "no UTF-8 under /autodiscover/": "/autodiscover/\xff\xfe",
            "surrogate": "/\xed\xa0\x80",
            "bidirectional": raw("/mail/\u202elmx.1.1v-gifnoc"),
            "parameters of a path": f"{MOZILLA};x=y",
            "slash at the end": f"{MOZILLA}/",
            "slash at the end under /autodiscover/": f"{POX}/",
            "slashes inside": "/mail//config-v1.1.xml",
            "capitals": MOZILLA.upper(),
            "Kelvin sign": raw("/autodis\u212aover/autodiscover.xml"),
            "long s": raw("/autodi\u017fcover/autodiscover.xml"),
            "long": "/" + "x" * LONG,
            "long under /autodiscover/": "/autodiscover/" + "x" * LONG,
            "many slashes": "/x" + "/" * LONG,
            "address": "/alice@example.com",
            "file of ours": "/autoconfig/offers.toml",
            "attack on others": "/.git/config",
            "known attack": f"{V2}@evil.example/owa",
            "template": "/{{7*7}}",
            "placeholder of the route": "/autodiscover/autodiscover.json/v1.0/",
        }
    ),
)
def test_hostile_path_is_not_found(app: Flask, path: str) -> None:
    assert answered(app, path).status == 404


@pytest.mark.parametrize(
    ("path", "like"),
    table(
        {
            "empty": ("", "/"),
            "two slashes": ("//", "/"),
            "two slashes before a path of ours": (f"/{MOZILLA}", MOZILLA),
            "absolute form": (f"http://example.com{MOZILLA}", "/http"),
            "asterisk": ("*", "/*"),
            "no slash": ("mail/config-v1.1.xml", MOZILLA),
            "slashes for an address": (f"{V2}/v1.0///", V2),
            "CR LF in an address": (f"{V2}/v1.0/alice@example.com\r\nX: y", V2),
        }
    ),
)
def test_path_of_an_odd_form_is_answered_in_some_way(app: Flask, path: str, like: str) -> None:
    answered(app, path, like=like)


@pytest.mark.parametrize(
    "path", [POX.upper(), "/AutoDiscover/AutoDiscover.Xml", "/aUTODISCOVER/autodiscover.XML"]
)
def test_letter_case_of_an_autodiscover_path_does_not_matter(app: Flask, path: str) -> None:
    assert answered(app, path, method="POST", body=pox().encode()).status == 200


@pytest.mark.parametrize("path", EVERY_URL)
@pytest.mark.parametrize(
    "method",
    table(
        {
            "unknown": "HOSTILE",
            "lower case": "delete",
            "long": "A" * LONG,
            "empty": "",
            "markup": MARKUP,
            "CR LF": "GET\r\nX: y",
            "address": "alice@example.com",
            "no ASCII": "G\xcbT",
            **{name: name for name in ("PUT", "DELETE", "TRACE", "CONNECT", "PROPFIND", "PATCH")},
        }
    ),
)
def test_method_that_is_not_taken_names_those_that_are(app: Flask, path: str, method: str) -> None:
    reply = answered(app, path, method=method)
    allowed = {"GET", "HEAD", "OPTIONS"} | ({"POST"} if path in (POX, SOAP) else set())
    assert (reply.status, set(reply.headers["Allow"].split(", "))) == (405, allowed)


@pytest.mark.parametrize("path", EVERY_URL)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_head_and_options_are_answered_without_a_body(app: Flask, path: str, method: str) -> None:
    assert answered(app, path, method=method).body == b""


@pytest.mark.parametrize(
    "environ",
    table(
        {
            "HTTP/1.0 without Host": {"SERVER_PROTOCOL": "HTTP/1.0", "HTTP_HOST": None},
            "no client address": {"REMOTE_ADDR": None},
            "empty client address": {"REMOTE_ADDR": ""},
            "client address of junk": {"REMOTE_ADDR": "<hostile/>"},
            "client on IPv6 with scope": {"REMOTE_ADDR": "fe80::1%eth0"},
            "client on mapped IPv6": {"REMOTE_ADDR": "::ffff:203.0.113.9"},
            "content type of junk": {"CONTENT_TYPE": "<hostile/>; charset=\xff"},
            "content type of a form": {"CONTENT_TYPE": "multipart/form-data; boundary=x"},
            "content type of another charset": {"CONTENT_TYPE": "text/xml; charset=UTF-7"},
            "content encoding": {"HTTP_CONTENT_ENCODING": "gzip"},
            "cookies of junk": {"HTTP_COOKIE": f"session={MARKUP}; =;;; \xff=\xff"},
            "language of junk": {"HTTP_ACCEPT_LANGUAGE": f"{MARKUP};q=\xff,,,;q=x"},
            "authorization of junk": {"HTTP_AUTHORIZATION": "Basic \xff:"},
            "validators of junk": {
                "HTTP_IF_NONE_MATCH": f'W/"{MARKUP}", "\xff',
                "HTTP_IF_MODIFIED_SINCE": MARKUP,
                "HTTP_IF_RANGE": '"',
            },
            "ranges of junk": {"HTTP_RANGE": "bytes=-0,9-1,999999999999999999999-"},
            "long header": {"HTTP_USER_AGENT": MARKUP * LONG},
            "schemes of junk": {"wsgi.url_scheme": "<hostile/>"},
        }
    ),
)
def test_hostile_header_does_not_change_the_answer(app: Flask, environ: Environ) -> None:
    reply = post(app, pox(), environ)
    assert (reply.status, reply.logins) == (200, {"alice@example.com"})


@pytest.mark.parametrize("path", EVERY_URL)
def test_upgrade_to_another_protocol_is_no_failure(app: Flask, path: str) -> None:
    answered(app, path, environ={"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade"})


# ------------------------------------------------------------------------- proxies and redirects

FORGED = {
    "HTTP_X_FORWARDED_FOR": "198.51.100.7",
    "HTTP_X_FORWARDED_PROTO": "http",
    "HTTP_X_FORWARDED_HOST": "exchange.example",
    "HTTP_X_FORWARDED_PORT": "1",
    "HTTP_X_FORWARDED_PREFIX": "/x",
}

GARBAGE = {
    "empty": "",
    "blank": " ",
    "commas": ",,,",
    "markup": MARKUP,
    "CR LF": "x\r\nX-Injected: y",
    "NUL": "\0",
    "no UTF-8": "\xff\xfe",
    "long": "x" * LONG,
    "many": "x, " * LONG,
    "address": "alice@example.com",
    "IPv6 that does not end": "[::1",
    "scope of IPv6": "fe80::1%eth0",
    "scope that is an address": "fe80::1%alice@example.com",
    "scope that forges a line": 'fe80::1%x - - [] "GET" 200 1 forged',
    "port of junk": "example.com:alice@example.com",
    "colons": ":::",
}

LINE = re.compile(
    r'(?:-|[a-z0-9.-]+):\d+ [0-9a-f:.-]+(?:%[a-z0-9]+)? - - \[[\w/: +]+\] "(?:[A-Z]+|-) '
    r'(?:-|/[a-z0-9/.<>-]*) HTTP/1\.[01]" \d{3} (?:\d+|-)'
)
"""Apache's `vhost_common`, from the first character to the last: nothing else has a place in it."""


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the access log and our other logs have got since the test began."""
    caplog.set_level(logging.INFO, logger="autoconfig")
    caplog.set_level(logging.INFO, logger="autoconfig.access")
    caplog.clear()
    return lambda: [record.getMessage() for record in caplog.records]


@pytest.fixture
def baseless(config: Config) -> Flask:
    """A server without `base_url`, whose redirects name the host that was asked for."""
    return create_app(replace(config, base_url=None))


@pytest.mark.parametrize(
    "client_address",
    table(
        {
            "another network": STRANGER,
            "IPv6": "2001:db8::1",
            "mapped IPv6": "::ffff:203.0.113.9",
            "scope of IPv6": "fe80::1%lo",
            "name": "localhost",
            "junk": "127.0.0.1\0",
            "two addresses": "127.0.0.1, 203.0.113.9",
        }
    ),
)
@pytest.mark.parametrize("header", FORGED)
def test_forwarded_header_of_a_stranger_changes_nothing(
    app: Flask, header: str, client_address: str
) -> None:
    plain = {"REMOTE_ADDR": client_address}
    forged = {**plain, header: FORGED[header]}
    assert answered(app, POX, environ=forged) == answered(app, POX, environ=plain)


def test_forwarded_address_of_a_stranger_is_not_logged(
    app: Flask, lines: Callable[[], list[str]]
) -> None:
    answered(app, environ={**FORGED, "REMOTE_ADDR": STRANGER})
    (line,) = lines()
    assert line.split()[1] == STRANGER


def test_forwarded_header_in_another_spelling_is_not_taken(app: Flask) -> None:
    environ = {"HTTP_FORWARDED": "for=198.51.100.7;proto=http;host=exchange.example"}
    assert answered(app, POX, environ=environ).status == 200


@pytest.mark.parametrize("value", table(GARBAGE))
@pytest.mark.parametrize("header", FORGED)
@pytest.mark.parametrize("path", [MOZILLA, POX, "/"])
def test_garbage_of_a_trusted_proxy_is_no_failure(
    app: Flask, path: str, header: str, value: str
) -> None:
    answered(app, path, environ={header: value})


@pytest.mark.parametrize("value", table({**GARBAGE, "https": "https", "both": "http, https"}))
def test_only_http_is_plain_http(app: Flask, value: str) -> None:
    assert post(app, pox(), {"HTTP_X_FORWARDED_PROTO": value}).status == 200


@pytest.mark.parametrize("value", table({"http": "http", "the last": "https, http"}))
def test_plain_http_leads_to_the_base_url(app: Flask, value: str) -> None:
    reply = post(app, pox(), {"HTTP_X_FORWARDED_PROTO": value})
    assert reply.headers["Location"] == f"https://autoconfig.agency.example{POX}"


@pytest.mark.parametrize("host", table(BAD_HOSTS))
@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_redirect_leads_to_a_plain_host_whatever_was_asked_for(
    baseless: Flask, header: str, host: str | None
) -> None:
    reply = post(baseless, pox(), {"HTTP_X_FORWARDED_PROTO": "http", header: host})
    assert reply.status == 302
    assert re.fullmatch(rf"https://[a-z0-9.-]+{POX}", reply.headers["Location"])


INJECTIONS = {
    "CR LF": "x\r\nSet-Cookie: a=b",
    "encoded CR LF": "x%0d%0aSet-Cookie:a=b",
    "markup": MARKUP,
    "another parameter": "x&Email=bob@evil.example#",
    "another host": "x@evil.example/",
    "no ASCII": "é\u2028\u202e",
    "long": "x" * LONG,
}


@pytest.mark.parametrize("value", table(INJECTIONS))
@pytest.mark.parametrize("domain", ["example.com", "exchange.example"])
def test_protocol_stays_inside_its_place_in_the_redirect(
    app: Flask, domain: str, value: str
) -> None:
    reply = answered(
        app,
        V2,
        query=f"Email=alice@{domain}&Protocol={quoted(value)}",
        environ={"HTTP_X_FORWARDED_PROTO": "http"},
    )
    target = urlsplit(reply.headers["Location"])
    assert (
        target.netloc
        == {
            "example.com": "autoconfig.agency.example",
            "exchange.example": "ex4.mail.ovh.net",
        }[domain]
    )
    assert parse_qs(target.query) == {"Email": [f"alice@{domain}"], "Protocol": [value]}
    assert target.fragment == ""


@pytest.mark.parametrize(
    "local",
    table({name: INJECTIONS[name] for name in ("encoded CR LF", "markup")})
    + table({"parameters": "a&Protocol=x#y?z", "slashes": "//evil.example/", "no ASCII": "é"}),
)
def test_address_stays_inside_its_place_in_the_redirect(app: Flask, local: str) -> None:
    reply = answered(
        app,
        V2,
        query=f"Email={quoted(local)}@exchange.example&Protocol=Ews",
        environ={"HTTP_X_FORWARDED_PROTO": "http"},
    )
    target = urlsplit(reply.headers["Location"])
    assert (target.scheme, target.netloc) == ("https", "ex4.mail.ovh.net")
    assert parse_qs(target.query) == {"Email": [f"{local}@exchange.example"], "Protocol": ["Ews"]}


# -------------------------------------------------------------------------------- what is logged

LEAKS: Mapping[str, tuple[str, str, str, Environ]] = {
    "query": (MOZILLA, "GET", "emailaddress=alice@example.com", NOTHING),
    "JSON query": (V2, "GET", "Email=alice@example.com&Protocol=AutodiscoverV1", NOTHING),
    "JSON path": (f"{V2}/v1.0/alice@example.com", "GET", "", NOTHING),
    "JSON path in capitals": (f"{V2.upper()}/V1.0/ALICE@EXAMPLE.COM", "GET", "", NOTHING),
    "JSON path with CR LF": (f"{V2}/v1.0/alice\r\nforged@example.com", "GET", "", NOTHING),
    "path that is not ours": ("/alice@example.com", "GET", "", NOTHING),
    "path with CR LF": ("/x\r\nalice", "GET", "", NOTHING),
    "path under a path of ours": (f"{MOZILLA}/alice@example.com", "GET", "", NOTHING),
    "two slashes and the address": ("//alice@example.com", "GET", "", NOTHING),
    "script name": ("/", "GET", "", {"SCRIPT_NAME": "/alice@example.com"}),
    "host": ("/", "GET", "", {"HTTP_HOST": "alice@example.com"}),
    "host of markup": ("/", "GET", "", {"HTTP_HOST": MARKUP}),
    "host with CR LF": ("/", "GET", "", {"HTTP_HOST": "example.com\r\nalice"}),
    "port of the host": ("/", "GET", "", {"HTTP_HOST": "example.com:alice@example.com"}),
    "method": ("/", "alice@example.com", "", NOTHING),
    "method with CR LF": ("/", "GET\r\nalice", "", NOTHING),
    "method of quotes": ("/", 'GET / HTTP/1.1" 200 1 "alice', "", NOTHING),
    "query with CR LF": ("/", "GET", "alice@example.com\r\nforged", NOTHING),
    "query that is no UTF-8": ("/", "GET", "alice@example.com\xff", NOTHING),
    "referrer": ("/", "GET", "", {"HTTP_REFERER": "https://x/?alice@example.com"}),
    "agent": ("/", "GET", "", {"HTTP_USER_AGENT": "alice@example.com\r\nforged"}),
    "user": ("/", "GET", "", {"REMOTE_USER": "alice@example.com"}),
    "no client address": ("/", "GET", "", {"REMOTE_ADDR": None}),
    **{
        f"{header[5:].replace('_', '-').lower()}: {name}": ("/", "GET", "", {header: value})
        for header in ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO")
        for name, value in GARBAGE.items()
    },
}


@pytest.mark.parametrize(("path", "method", "query", "environ"), table(LEAKS))
def test_request_leaves_one_line_without_the_address_in_the_log(
    app: Flask,
    lines: Callable[[], list[str]],
    path: str,
    method: str,
    query: str,
    environ: Environ,
) -> None:
    ask(app, path, method=method, query=query, environ=environ)
    (line,) = lines()
    assert LINE.fullmatch(line)
    assert not re.search("@|alice|forged|injected", line, re.IGNORECASE)


@pytest.mark.parametrize(
    "body",
    table(
        {
            "answered": pox(),
            "unknown": pox("alice@unknown.example"),
            "malformed address": pox("alice@"),
            "malformed request": pox("alice@example.com") + "<",
            "CR LF": pox("alice&#13;&#10;forged@example.com"),
        }
    ),
)
def test_posted_address_is_not_logged(
    app: Flask, lines: Callable[[], list[str]], body: str
) -> None:
    post(app, body)
    (line,) = lines()
    assert LINE.fullmatch(line)
    assert not re.search("@|alice|forged", line)


@pytest.mark.parametrize("path", EVERY_URL)
def test_every_url_leaves_one_line_in_the_log(
    app: Flask, lines: Callable[[], list[str]], path: str
) -> None:
    answered(app, path)
    (line,) = lines()
    assert LINE.fullmatch(line)


# --------------------------------------------------------------------------------- our own faults


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


# ----------------------------------------------------------------------------------------- memory


def memory_used(body: bytes) -> tuple[int, int]:
    """The most memory used (in KiB) after parsing the body some times, and 200 times more."""

    def parse() -> None:
        with suppress(ClientError):
            parse_request(body)

    for _ in range(10):
        parse()
    first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(200):
        parse()
    return first, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16LE with BOM", "UTF-7"])
def test_laughter_costs_no_memory(encoding: str) -> None:
    """In a process of its own: what other tests have used would hide what this one uses.

    It comes from a fork server, because Linux counts for a new program what its parent has used.
    """
    prolog = f"<!DOCTYPE a [{LAUGHS}]>"
    texts = (pox('<b c="&l9;"/>' + "&l9;" * number, prolog=prolog) for number in range(2000))
    body = [body for body in map(ENCODINGS[encoding], texts) if len(body) <= MAX_BODY][-1]
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as processes:
        first, last = processes.submit(memory_used, body).result()
    assert first < 256 * 1024
    assert last - first < 200 * MAX_BODY // 1024  # less than a body for each time


def memory_for_new_names(rounds: int) -> tuple[int, int]:
    """The memory in use (in KiB) after some requests with new names, and after all."""

    def in_use() -> int:
        return int(re.findall(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[0])

    def parse(number: int) -> None:
        parse_request(pox(inside="".join(f"<n{number}x{i}/>" for i in range(500))).encode())

    for number in range(100):
        parse(number)
    first = in_use()
    for number in range(100, rounds):
        parse(number)
    return first, in_use()


def test_names_never_seen_before_are_not_kept() -> None:
    """libxml2 keeps each for as long as the thread lives: 500 names a request, some 20 KiB."""
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as processes:
        first, last = processes.submit(memory_for_new_names, 1100).result()
    assert last - first < 1000 * 20 / 4

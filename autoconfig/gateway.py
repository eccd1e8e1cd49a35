"""WSGI (PEP 3333) on both sides of `answers`: an environ read, headers and a log line written.

Flask in `web` and the thin layer in `fast` both go through here, so they cannot disagree on who
asked, on a header or on what is logged.
"""

import time
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, TypeAlias

from autoconfig.answers import Answer
from autoconfig.autodiscover import MAX_BODY
from autoconfig.config import Network
from autoconfig.documents import HTML
from autoconfig.endpoints import Endpoint
from autoconfig.errors import BodyTooLarge, MalformedRequest
from autoconfig.metrics import Metrics
from autoconfig.request import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Header: TypeAlias = tuple[str, str]
Log: TypeAlias = Callable[[str], object]
"""Takes one line of the access log, without its end."""

CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Pages have their style in them and nothing else; no script, no frame, no form."""

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"))
_VERSIONS = {"HTTP/1": "HTTP/1.0", "HTTP/1.0": "HTTP/1.0", "HTTP/1.1": "HTTP/1.1"}
"""`SERVER_PROTOCOL`, as servers write it."""


class Proxies:
    """The web servers in front of us: only their `X-Forwarded-*` headers count."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._networks = tuple(networks)
        self.trusts = lru_cache(maxsize=4096)(self._trusts)

    def _trusts(self, client: str) -> bool:
        if not client:  # a unix socket: who may open it is for the file system to say
            return True
        try:
            address = ip_address(client)
        except ValueError:
            return False
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return any((mapped or address) in network for network in self._networks)


def read(environ: "WSGIEnvironment", proxies: Proxies, path_address: str | None = None) -> Request:
    """What the client asked. Of a forwarded header the last value counts: the nearest proxy's."""
    get = environ.get
    host = get("HTTP_X_FORWARDED_HOST", "")
    scheme = get("HTTP_X_FORWARDED_PROTO", "")
    client = get("HTTP_X_FORWARDED_FOR", "")
    trusted = proxies.trusts(get("REMOTE_ADDR", ""))
    forwarded = host or scheme or client or "HTTP_FORWARDED" in environ or "HTTP_VIA" in environ
    return Request(
        method=environ["REQUEST_METHOD"],
        host=_last(host) if host and trusted else get("HTTP_HOST", ""),
        query_string=get("QUERY_STRING", ""),
        read_body=lambda: read_body(environ),
        plain_http=trusted and _last(scheme).lower() == "http",
        local=trusted and not forwarded,
        path_address=path_address,
        client=_last(client) if client and trusted else get("REMOTE_ADDR", ""),
    )


def read_body(environ: "WSGIEnvironment") -> bytes:
    """The body. Raises `BodyTooLarge`, without reading a body that says how long it is."""
    text = environ.get("CONTENT_LENGTH") or "0"
    if not (text.isascii() and text.isdigit()):
        raise MalformedRequest
    length = int(text[: len(str(MAX_BODY)) + 1])
    if length > MAX_BODY:
        raise BodyTooLarge
    # Whether the server ends the stream where the body ends, as it must for one in chunks.
    ends = environ.get("wsgi.input_terminated", False)
    body = bytes(environ["wsgi.input"].read(MAX_BODY + 1 if ends else length))
    if len(body) > MAX_BODY:
        raise BodyTooLarge
    if len(body) < length:  # the client has gone
        raise MalformedRequest
    return body


def headers(answer: Answer, endpoint: Endpoint | None) -> list[Header]:
    """Every header of a response."""
    found = [
        ("Cache-Control", answer.cache),
        ("X-Content-Type-Options", "nosniff"),
        *answer.headers,
    ]
    if answer.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        found.append(("Content-Length", str(len(answer.body))))
    if answer.media_type:
        found.append(("Content-Type", answer.media_type))
    if endpoint is not None and endpoint.any_origin:
        found.append(("Access-Control-Allow-Origin", "*"))
    if answer.media_type == HTML:
        found.append(("Content-Security-Policy", CONTENT_POLICY))
    if answer.etag is not None:
        found.append(("ETag", f'"{answer.etag}"'))
    return found


@cache
def status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


class Journal:
    """Where answers are noted: a line in the access log, and the counters."""

    def __init__(self, log: Log, metrics: Metrics) -> None:
        self._log = log
        self._metrics = metrics

    def note(
        self,
        environ: "WSGIEnvironment",
        client: str,
        endpoint: Endpoint | None,
        answer: Answer,
        began: float,
    ) -> None:
        """Note an answer. `began`: the `perf_counter` at which it was asked for."""
        self._log(log_line(environ, client, endpoint, answer))
        took = time.perf_counter() - began
        self._metrics.count(endpoint, answer.offer_class, answer.status, took)


def log_line(
    environ: "WSGIEnvironment", client: str, endpoint: Endpoint | None, answer: Answer
) -> str:
    """One line in Apache's `vhost_common` form, with the domain that was asked for.

    No address stands in it: the query is left out, and so is a path that is not ours. Nothing that
    a client wrote goes in as it is, so no line can be forged.
    """
    method = environ["REQUEST_METHOD"]
    return (
        f"{answer.domain or '-'}:{environ.get('SERVER_PORT', '-')} {_written(client)} - - "
        f"[{_moment(int(time.time()))}] "
        f'"{method if method in _METHODS else "-"} {endpoint.path if endpoint else "-"} '
        f'{_VERSIONS.get(environ.get("SERVER_PROTOCOL", ""), "-")}" '
        f"{answer.status} {0 if method == 'HEAD' else len(answer.body)}"
    )


def _last(header: str) -> str:
    """The value that the nearest proxy has added."""
    return header.rpartition(",")[2].strip()


@lru_cache(maxsize=1)
def _moment(second: int) -> str:
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(second))


@lru_cache(maxsize=4096)
def _written(client: str) -> str:
    """An IP address, or nothing: a trusted proxy may have passed on anything."""
    try:
        return "-" if "%" in client else str(ip_address(client))  # a zone may be any text
    except ValueError:
        return "-"

"""WSGI (PEP 3333) on both sides of an answer: an environ read, headers written."""

from collections.abc import Iterable
from functools import cache, lru_cache
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, TypeAlias

from autoconfig.answers.answer import Answer
from autoconfig.answers.endpoints import ANY_ORIGIN, NOSNIFF, Endpoint
from autoconfig.answers.pox_request import MAX_BODY
from autoconfig.answers.request import Request
from autoconfig.config.settings import Network
from autoconfig.documents.text import TextKind
from autoconfig.errors import BodyTooLarge, ClientError, MalformedRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Header: TypeAlias = tuple[str, str]

FORWARDED = frozenset(
    f"HTTP_{name}"
    for name in ("X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "FORWARDED", "VIA")
)
"""The headers of proxies, as WSGI names them. Those without X only show that there is one."""


class Proxies:
    """The web servers in front of us: only their `X-Forwarded-*` headers count."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._networks = tuple(networks)
        self.trusts = lru_cache(maxsize=4096)(self._trusts)

    def _trusts(self, client: str) -> bool:
        if not client:  # a unix socket: the file system decides who may open it
            return True
        try:
            address = ip_address(client)
        except ValueError:
            return False
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return any((mapped or address) in network for network in self._networks)


def sender(environ: "WSGIEnvironment", proxies: Proxies) -> tuple[str, str]:
    """The IP address of the client and the host that it asked for, as they were given.

    Of a forwarded header the last value counts: the nearest proxy's.
    """
    client, host = environ.get("REMOTE_ADDR", ""), environ.get("HTTP_HOST", "")
    forwarded_for = environ.get("HTTP_X_FORWARDED_FOR")
    forwarded_host = environ.get("HTTP_X_FORWARDED_HOST")
    if (forwarded_for or forwarded_host) and proxies.trusts(client):
        client = _last(forwarded_for) if forwarded_for else client
        host = _last(forwarded_host) if forwarded_host else host
    return client, host


def is_plain_http(environ: "WSGIEnvironment", proxies: Proxies) -> bool:
    """Whether a proxy that we trust says that the client came without TLS."""
    scheme = environ.get("HTTP_X_FORWARDED_PROTO")
    plain = scheme is not None and _last(scheme).lower() == "http"
    return plain and proxies.trusts(environ.get("REMOTE_ADDR", ""))


def read(
    environ: "WSGIEnvironment", proxies: Proxies, host: str, path_address: str | None = None
) -> Request:
    """The client's request. `host`: as `sender` has it."""
    local = FORWARDED.isdisjoint(environ) and proxies.trusts(environ.get("REMOTE_ADDR", ""))
    return Request(
        environ["REQUEST_METHOD"],
        host,
        environ.get("QUERY_STRING", ""),
        lambda: read_body(environ),
        is_plain_http(environ, proxies),
        local,
        path_address,
        environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        environ.get("HTTP_USER_AGENT", ""),
    )


def read_body(environ: "WSGIEnvironment") -> bytes:
    """The body. Raises `BodyTooLarge`, without reading one that says so, or `MalformedRequest`."""
    text = environ.get("CONTENT_LENGTH") or "0"
    if not (text.isascii() and text.isdigit()):
        raise MalformedRequest
    length = int(text[: len(str(MAX_BODY)) + 1])
    if length > MAX_BODY:
        raise BodyTooLarge
    # True if the server ends the stream where the body ends, as it must for one in chunks.
    ends = environ.get("wsgi.input_terminated", False)
    try:
        body = bytes(environ["wsgi.input"].read(MAX_BODY + 1 if ends else length))
    except ClientError:
        raise
    except Exception:  # noqa: BLE001  # each server has its own for a broken chunk or a client gone
        raise MalformedRequest from None
    if len(body) > MAX_BODY:
        raise BodyTooLarge
    if len(body) < length:  # the client has gone
        raise MalformedRequest
    return body


def headers(answer: Answer, endpoint: Endpoint | None) -> list[Header]:
    """Every header of a response."""
    constant = constant_headers(endpoint, answer.kind, answer.cache)
    if answer.kind is None:  # RFC 9110 section 8.6: a 204 says no length
        return [*constant, *answer.headers]
    return [*answer.headers, *completed(constant, answer.body, answer.etag)]


def completed(constant: tuple[Header, ...], body: bytes, etag: str | None) -> list[Header]:
    """The constant headers, then those that depend on the request."""
    found = [*constant, ("Content-Length", str(len(body)))]
    if etag is not None:
        found.append(("ETag", f'"{etag}"'))
    return found


@cache
def constant_headers(
    endpoint: Endpoint | None, kind: TextKind | None, cache: str
) -> tuple[Header, ...]:
    """The headers that are the same for every request."""
    found = [("Cache-Control", cache), NOSNIFF]
    if kind is not None:
        found.append(("Content-Type", kind.media_type))
    if endpoint is not None and endpoint.any_origin:
        found.append(ANY_ORIGIN)
    if kind is not None:
        found += kind.headers
    return tuple(found)


@cache
def status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def _last(header: str) -> str:
    """The value that the nearest proxy has added."""
    return header.rpartition(",")[2].strip()

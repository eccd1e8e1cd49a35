"""What nearly everybody asks, answered without Flask: look-ups in front of it.

A URL that is written as our table has it, asked by one of its own methods, is answered here by the
functions that answer it in Flask's views too; what is saved is Flask's routing, request and
response objects, four fifths of the time. Of a document that is the same for everybody at a domain,
all but the domain is made beforehand, and a name in a form that needs no reading is looked up as it
is: that saves two thirds of what is left. Everything else goes on to Flask, which answers all of it
correctly, with or without this layer.
"""

import re
import time
from collections.abc import Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from autoconfig.answers.endpoints import CERTIFIED_PREFIXES, ENDPOINTS, Endpoint, Kind
from autoconfig.answers.respond import State, filled, respond
from autoconfig.config.directory import Directory, Site
from autoconfig.documents.formats import Document
from autoconfig.names import Domain
from autoconfig.wsgi.environ import (
    Header,
    Proxies,
    completed,
    constant_headers,
    headers,
    read,
    status_line,
)
from autoconfig.wsgi.journal import Journal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BY_METHOD = {(method, each.path): each for each in ENDPOINTS for method in each.methods}

_NAME = "([a-z0-9.-]{1,180})"
_PLAIN_HOST = re.compile(rf"(?:{'|'.join(map(re.escape, CERTIFIED_PREFIXES))})?{_NAME}")
_NO_QUERY = re.compile(r"(?!)")
_PLAIN_QUERIES = {
    each: re.compile(rf"{each.parameter}=[A-Za-z0-9._-]{{1,64}}(?:@|%40){_NAME}")
    if each.parameter
    else _NO_QUERY
    for each in ENDPOINTS
    if each.kind is Kind.DOCUMENT
}
"""Names that are what they say, as nearly all are; `request` reads the others."""


class _Ready(NamedTuple):
    """All of an answer but the domain: a document of a site under a URL."""

    document: Document
    headers: tuple[Header, ...]
    offer_class: str


class Fast:
    """WSGI middleware (PEP 3333). `app`: answers what this does not."""

    def __init__(
        self, app: "WSGIApplication", state: State, proxies: Proxies, journal: Journal
    ) -> None:
        self.app = app
        self._state = state
        self._directory = state.config.directory
        self._ready = dict(_ready(self._directory))
        self._proxies = proxies
        self._journal = journal

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        endpoint = _BY_METHOD.get((method, environ.get("PATH_INFO", "")))
        if endpoint is None or "HTTP_IF_NONE_MATCH" in environ:
            return self.app(environ, start_response)
        began = time.perf_counter()
        looked_up = self._look_up(environ, endpoint)
        domain: str | None
        if looked_up is not None:
            domain, (document, constant, offer_class), body = looked_up
            status, client = 200, environ.get("REMOTE_ADDR", "")
            start_response("200 OK", completed(constant, body, document.etag(domain)))
        else:
            asked = read(environ, self._proxies)
            answer = respond(asked, endpoint, self._state)
            body, status, client = answer.body, answer.status, asked.client
            domain, offer_class = answer.domain, answer.offer_class
            start_response(status_line(status), headers(answer, endpoint))
        sent, took = len(body), time.perf_counter() - began
        port, protocol = environ.get("SERVER_PORT", "-"), environ.get("SERVER_PROTOCOL", "-")
        self._journal.note(
            (endpoint, domain, offer_class, status, sent, took, port, client, method, protocol)
        )
        return [body]

    def _look_up(
        self, environ: "WSGIEnvironment", endpoint: Endpoint
    ) -> tuple[Domain, _Ready, bytes] | None:
        """The domain that is asked about, and the answer, if that takes no more than look-ups."""
        pattern = _PLAIN_QUERIES.get(endpoint)
        if (
            pattern is None
            or "HTTP_X_FORWARDED_FOR" in environ
            or "HTTP_X_FORWARDED_HOST" in environ
        ):
            return None
        query = environ.get("QUERY_STRING")
        found = (
            pattern.fullmatch(query)
            if query
            else _PLAIN_HOST.fullmatch(environ.get("HTTP_HOST", ""))
        )
        if found is None:
            return None
        domain = Domain(found[1])
        site = self._directory.domains.get(domain)
        ready = self._ready.get((endpoint, site)) if site else None
        if ready is None or domain in self._directory.mailbox_domains:
            return None
        try:
            return domain, ready, ready.document.fill(domain)
        except Exception:  # noqa: BLE001  # a bug of ours, which `respond` will meet and tell
            return None


def _ready(directory: Directory) -> Iterator[tuple[tuple[Endpoint, Site], _Ready]]:
    """What `answers.filled` says of each document that is the same for everybody at a domain."""
    for site, endpoint in product(directory.services(), ENDPOINTS):
        document = site.documents.get(endpoint.format or "")
        if document is not None:
            answer = filled(document.format.name, Domain("example.com"), site)
            if answer.etag is not None:
                constant = constant_headers(endpoint, answer.media_type, answer.cache)
                yield (endpoint, site), _Ready(document, constant, answer.offer_class)

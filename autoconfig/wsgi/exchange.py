"""One request, from environ to log line, whatever its spelling, its method and its proxy.

The row of the table of URLs is found by its path. Of a document that is the same for everybody at a
domain, all but the domain has been prepared; `respond` answers everything else. HEAD, conditional
requests, refusals and our own faults go the same way, and each request is noted once. A URL that is
not in the table goes to the application behind, which is Flask's.
"""

import re
import time
from collections.abc import Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from werkzeug.http import parse_etags

from autoconfig.answers.answer import State, document_answer
from autoconfig.answers.endpoints import (
    BY_PATH,
    ENDPOINTS,
    Endpoint,
    Kind,
    endpoint_at,
)
from autoconfig.answers.metrics import NONE
from autoconfig.answers.page import READERS, Reader, reader_of
from autoconfig.answers.respond import respond
from autoconfig.documents.document import Document
from autoconfig.documents.formats import FORMATS, in_language
from autoconfig.names import HOST_PREFIXES, NOT_FOR_MAIL, Domain, EmailAddress, mail_domain
from autoconfig.offers.model import Service
from autoconfig.wsgi.environ import (
    Header,
    Proxies,
    completed,
    constant_headers,
    headers,
    is_plain_http,
    read,
    sender,
    status_line,
)
from autoconfig.wsgi.journal import Answered, Journal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from autoconfig.detect.detector import Detector

_NAME = "(?P<domain>[a-z0-9.-]{1,180})"
_PLAIN_HOST = re.compile(rf"(?:{'|'.join(map(re.escape, HOST_PREFIXES))})?{_NAME}")
_PLAIN_QUERIES = {
    each: re.compile(rf"{each.parameter}=(?P<local>[A-Za-z0-9._-]{{1,64}})(?:@|%40){_NAME}")
    for each in ENDPOINTS
    if each.parameter and each.kind is Kind.DOCUMENT
}
"""Names already in canonical form, as nearly all are: they can be looked up without parsing."""

_PAGE = BY_PATH["/"]

Asked: TypeAlias = Endpoint | Reader
"""What decides on a document of a service: the URL, but its reader at that of the page."""

_PREPARED: tuple[tuple[Asked, Endpoint, str, str | None], ...] = (
    *(
        (endpoint, endpoint, endpoint.format, None)
        for endpoint in ENDPOINTS
        if endpoint.format and not FORMATS[endpoint.format].needs_address
    ),
    *(
        (reader, _PAGE, in_language("page-domain", reader.language), reader.device)
        for reader in READERS
    ),
)
"""The documents that need no address: for what, at which URL, in which format, on which device."""

_PLAIN_HOSTS = {endpoint: _PLAIN_HOST for _, endpoint, _, _ in _PREPARED}
_PREPARED_METHODS = ("GET", "HEAD")
_BODY_HEADERS = ("Content-Type", "Content-Length")


class Prepared(NamedTuple):
    """A response prepared at start-up; only the domain is filled in per request."""

    document: Document
    headers: tuple[Header, ...]
    cacheable: bool
    offer_class: str


class Exchange:
    """WSGI application (PEP 3333). `beyond`: answers the URLs that are not in our table.

    `prepared`: by endpoint, of the page by reader, and by service; without it every answer is the
    same, and slower. A service that the DNS tells is added when it is first seen, unless it was
    expected.
    """

    def __init__(
        self, beyond: "WSGIApplication", state: State, proxies: Proxies, journal: Journal
    ) -> None:
        self._beyond = beyond
        self._state = state
        self._served = state.config.served
        self._base_host = state.base_host
        self._detector = state.detector
        self._prefixed = frozenset(d for d in self._served.domains if d.startswith(HOST_PREFIXES))
        """Domains such as `autoconfig.fr`, which are names of other domains in form."""
        self._ready = {*state.detector.expected()} if state.detector else set()
        """Services that the DNS may tell, and whose answers are prepared."""
        self.prepared = dict(_prepared(state, (*self._served.services(), *self._ready)))
        self._proxies = proxies
        self._journal = journal

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        began = time.perf_counter()
        path = environ.get("PATH_INFO") or "/"
        endpoint, address = BY_PATH.get(path), None
        if endpoint is None:
            endpoint, address = endpoint_at(path)
            if endpoint is None:
                return self._pass_on(environ, start_response, began)
        client, host = sender(environ, self._proxies)
        method = environ["REQUEST_METHOD"]
        ready = self._look_up(environ, endpoint, host) if method in _PREPARED_METHODS else None
        if ready is not None:
            domain: str | None
            domain, (written, constant, cacheable, offer_class), body = ready
            status, etag = 200, written.etag(domain) if cacheable else None
            found = completed(constant, body, etag)
        else:
            request = read(environ, self._proxies, host, address)
            answer = respond(request, endpoint, self._state)
            body, _, status, _, _, etag, domain, offer_class = answer
            found = headers(answer, endpoint)
        if etag is not None and "HTTP_IF_NONE_MATCH" in environ and _has_already(environ, etag):
            status, body = 304, b""
            found = [header for header in found if header[0] not in _BODY_HEADERS]
        if method == "HEAD":
            body = b""
        start_response(status_line(status), found)
        self._note(environ, client, began, (endpoint, domain, offer_class, status, len(body)))
        return [body]

    def _look_up(
        self, environ: "WSGIEnvironment", endpoint: Endpoint, host: str
    ) -> tuple[Domain, Prepared, bytes] | None:
        """The domain that is asked about, and the answer, if that takes no more than look-ups."""
        query = environ.get("QUERY_STRING") or ""
        pattern = (_PLAIN_QUERIES if query else _PLAIN_HOSTS).get(endpoint)
        found = pattern.fullmatch(query or host) if pattern else None
        if found is None or host in self._prefixed or "," in host:
            return None
        domain = Domain(found["domain"])
        asked: Asked = endpoint
        if endpoint is _PAGE:
            if host == self._base_host:  # there the DNS is not asked
                return None
            languages = environ.get("HTTP_ACCEPT_LANGUAGE", "")
            asked = reader_of(languages, environ.get("HTTP_USER_AGENT", ""))
        name: Domain | EmailAddress = domain  # an address is made only where one may count
        if query and domain in self._served.mailbox_domains:
            name = EmailAddress(found["local"], domain)
        if endpoint.over_tls and is_plain_http(environ, self._proxies):
            return None
        try:
            service = self._served.find(name)
            if service is None and self._detector is not None:
                service = self._detected(self._detector, domain, None if query else host)
            prepared = self.prepared.get((asked, service)) if service else None
            return (domain, prepared, prepared.document.fill(domain)) if prepared else None
        except Exception:  # noqa: BLE001  # a bug of ours, which `respond` will meet and report
            return None

    def _detected(self, detector: "Detector", domain: Domain, host: str | None) -> Service | None:
        """The service of a domain, if the DNS has just told it.

        `host`: if that says the domain. One that may mean another is left to `domain_of_host`.
        """
        plain = host is None or mail_domain(Domain(host)) == domain
        if not plain or domain.startswith(NOT_FOR_MAIL):
            return None
        service = detector.cached(domain)
        if service is not None and service not in self._ready:
            self._ready.add(service)
            self.prepared.update(_prepared(self._state, [service]))
        return service

    def _pass_on(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", began: float
    ) -> Iterable[bytes]:
        """The answer of the application behind. Its length is what it says."""
        client, _ = sender(environ, self._proxies)

        def noting(status: str, found: list[Header], *failure: Any) -> Any:
            length = next((v for name, v in found if name.lower() == "content-length"), "")
            sent = int(length) if length.isdecimal() and environ["REQUEST_METHOD"] != "HEAD" else 0
            code = status.partition(" ")[0]
            answered = (None, None, NONE, int(code) if code.isdecimal() else 0, sent)
            self._note(environ, client, began, answered)
            return start_response(status, found, *failure)

        return self._beyond(environ, noting)

    def _note(
        self, environ: "WSGIEnvironment", client: str, began: float, answered: Answered
    ) -> None:
        took, port = time.perf_counter() - began, environ.get("SERVER_PORT", "-")
        method, protocol = environ["REQUEST_METHOD"], environ.get("SERVER_PROTOCOL", "-")
        self._journal.note((*answered, took, port, client, method, protocol))


def _has_already(environ: "WSGIEnvironment", etag: str) -> bool:
    """Whether the client has these bytes: RFC 9110 section 13.1.2."""
    known = environ["HTTP_IF_NONE_MATCH"]
    return known == f'"{etag}"' or parse_etags(known).contains_weak(etag)


def _prepared(
    state: State, services: Iterable[Service]
) -> Iterator[tuple[tuple[Asked, Service], Prepared]]:
    """The answer that `respond` gives for each document that needs no address."""
    any_domain = Domain("example.com")
    for service, (asked, endpoint, format, device) in product(services, _PREPARED):
        written = state.renderings.of(service).get(format)
        if written is not None:
            answer = document_answer(format, any_domain, service, state.renderings, device)
            constant = (*answer.headers, *constant_headers(endpoint, answer.kind, answer.cache))
            cacheable, offer_class = answer.etag is not None, answer.offer_class
            ready = Prepared(written.on(device), constant, cacheable, offer_class)
            yield (asked, service), ready

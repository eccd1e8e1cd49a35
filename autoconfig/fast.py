"""What nearly everybody asks, answered without Flask: look-ups in front of it.

A URL that is written as our table has it, asked by one of its own methods, is answered here by the
functions that answer it in Flask's views too; what is saved is Flask's routing, request and
response objects, four fifths of the time. A name in a form that needs no reading saves the half of
what is left. Everything else goes on to Flask, which answers all of it correctly, with or without
this layer.
"""

import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from autoconfig.answers import State, filled, refused, respond
from autoconfig.endpoints import CERTIFIED_PREFIXES, ENDPOINTS, Endpoint, Kind
from autoconfig.gateway import Proxies, headers, read, status_line
from autoconfig.journal import Journal
from autoconfig.names import Domain

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BY_METHOD = {(method, each.path): each for each in ENDPOINTS for method in each.methods}

_NAME = "([a-z0-9.-]{1,180})"
_PLAIN_HOST = re.compile(rf"(?:{'|'.join(map(re.escape, CERTIFIED_PREFIXES))})?{_NAME}")
_NO_QUERY = re.compile(r"(?!)")
_PLAIN_QUERIES = {
    each.path: re.compile(rf"{each.parameter}=[A-Za-z0-9._-]{{1,64}}(?:@|%40){_NAME}")
    if each.parameter
    else _NO_QUERY
    for each in ENDPOINTS
    if each.kind is Kind.DOCUMENT
}
"""Names that are what they say, as nearly all are; `request` reads the others."""


class Fast:
    """WSGI middleware (PEP 3333). `app`: answers what this does not."""

    def __init__(
        self, app: "WSGIApplication", state: State, proxies: Proxies, journal: Journal
    ) -> None:
        self.app = app
        self._state = state
        self._directory = state.config.directory
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
        domain = self._plain_domain(environ, endpoint)
        if domain is not None:
            client = environ.get("REMOTE_ADDR", "")
            try:
                answer = filled(endpoint.format, domain, self._directory.domains[domain])
            except Exception as error:  # noqa: BLE001  # as in `respond`
                answer = refused(error, endpoint)
        else:
            asked = read(environ, self._proxies)
            answer = respond(asked, endpoint, self._state)
            client = asked.client
        start_response(status_line(answer.status), headers(answer, endpoint))
        self._journal.note(
            (
                endpoint,
                answer.domain,
                answer.offer_class,
                answer.status,
                len(answer.body),
                time.perf_counter() - began,
                environ.get("SERVER_PORT", "-"),
                client,
                method,
                environ.get("SERVER_PROTOCOL", "-"),
            )
        )
        return [answer.body]

    def _plain_domain(self, environ: "WSGIEnvironment", endpoint: Endpoint) -> Domain | None:
        """The domain whose document is asked for, if that can be told by looking it up."""
        pattern = _PLAIN_QUERIES.get(endpoint.path)
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
        domain = Domain(found[1]) if found else None
        if domain in self._directory.domains and domain not in self._directory.mailbox_domains:
            return domain
        return None

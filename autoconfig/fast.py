"""What nearly everybody asks, answered without Flask: a table look-up in front of it.

A URL as the table writes it, asked by one of its own methods. The answer is that of `answers`, the
headers and the log line are those of `gateway`, as in Flask's own views; what is saved is Flask's
routing, request and response objects, four fifths of the time of an answer. Everything else goes
on to Flask, which answers all of it correctly, with or without this layer.
"""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from autoconfig.answers import State, respond
from autoconfig.endpoints import ENDPOINTS
from autoconfig.gateway import Journal, Proxies, headers, read, status_line

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PLAIN = {(method, each.path): each for each in ENDPOINTS for method in each.methods}


class Fast:
    """WSGI middleware (PEP 3333). `app`: answers what this does not."""

    def __init__(
        self, app: "WSGIApplication", state: State, proxies: Proxies, journal: Journal
    ) -> None:
        self.app = app
        self._state = state
        self._proxies = proxies
        self._journal = journal

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        endpoint = _PLAIN.get((environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")))
        if endpoint is None or "HTTP_IF_NONE_MATCH" in environ:
            return self.app(environ, start_response)
        began = time.perf_counter()
        asked = read(environ, self._proxies)
        answer = respond(asked, endpoint, self._state)
        start_response(status_line(answer.status), headers(answer, endpoint))
        self._journal.note(environ, asked.client, endpoint, answer, began)
        return [answer.body]

"""The Flask application: routing, and what is rare, such as HEAD and conditional requests.

`autoconfig.web:create_app` is the WSGI application for those who bring their own server. What it
answers is `answers`; what of it goes over the wire is `gateway`; in front of it stands `fast`.
"""

import logging
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from autoconfig import errors
from autoconfig.answers import respond as answers
from autoconfig.answers.endpoints import (
    ENDPOINTS,
    Endpoint,
    canonical_path,
    endpoint_at,
    errors_under,
)
from autoconfig.answers.metrics import Metrics
from autoconfig.answers.respond import Answer, State
from autoconfig.config.load import Config, config_path, load_config
from autoconfig.wsgi import environ as gateway
from autoconfig.wsgi.environ import Proxies
from autoconfig.wsgi.exchange import Fast
from autoconfig.wsgi.journal import Journal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

access_log = logging.getLogger("autoconfig.access")
"""One line a request at level INFO."""

_OF_A_BODY = ("Content-Type", "Content-Length")
_ASKED, _BEGAN = "autoconfig.environ", "autoconfig.began"


def create_app(config: Config | Path | None = None, journal: Journal | None = None) -> Flask:
    """The application, with its configuration loaded and every document rendered.

    `config`: one that is loaded, or where it is (default: `AUTOCONFIG_CONFIG`, else
    `autoconfig.toml` here). `journal`: where answers are noted (default: the logger
    `autoconfig.access`, and counters of this process). Raises `ConfigurationError`.
    """
    if not isinstance(config, Config):
        config = load_config(config_path(config))
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # or Flask would redirect a doubled slash
    proxies = Proxies(config.trusted_proxies)
    journal = journal or Journal(access_log.info, Metrics())
    state = State(config, journal.metrics)
    for endpoint in ENDPOINTS:
        app.add_url_rule(
            endpoint.path.replace("<address>", "<path:address>"),
            endpoint.path,
            _view(endpoint, state, proxies),
            methods=[*endpoint.methods, "OPTIONS"],
            provide_automatic_options=False,
        )
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(Exception, _fail)
    app.after_request(_noting(journal, proxies))
    app.wsgi_app = Fast(  # type: ignore[method-assign]  # as Flask documents it
        _Routable(app.wsgi_app), state, proxies, journal
    )
    return app


def _view(endpoint: Endpoint, state: State, proxies: Proxies) -> Callable[..., Response]:
    def view(address: str | None = None) -> Response:
        asked = gateway.read(request.environ[_ASKED], proxies, address)
        return _response(answers.respond(asked, endpoint, state), endpoint)

    return view


def _response(answer: Answer, endpoint: Endpoint | None) -> Response:
    found = gateway.headers(answer, endpoint)
    if answer.etag is not None and request.if_none_match.contains_weak(answer.etag):
        answer = answer._replace(body=b"", status=HTTPStatus.NOT_MODIFIED.value)
        found = [(name, value) for name, value in found if name not in _OF_A_BODY]
    g.answer = answer
    response = Response(answer.body, answer.status)
    response.headers.clear()
    response.headers.extend(found)
    return response


def _refuse(error: HTTPException) -> Response:
    """What Flask itself refuses, in the client's form."""
    endpoint = endpoint_at(request.path)
    style = endpoint.errors if endpoint else errors_under(request.path)
    refused: errors.ClientError = errors.MalformedRequest()
    if isinstance(error, MethodNotAllowed) and endpoint is not None:
        refused = errors.MethodNotAllowed(allow=endpoint.allow)
    elif error.code == errors.NotFound.status:
        refused = errors.NotFound()
    return _response(answers.refusal(refused, style, endpoint), endpoint)


def _fail(error: Exception) -> Response:
    return _response(answers.failure(error, errors_under(request.path), None), None)


def _noting(journal: Journal, proxies: Proxies) -> Callable[[Response], Response]:
    def note(response: Response) -> Response:
        environ, answer = request.environ[_ASKED], g.answer
        what = (endpoint_at(request.path), answer.domain, answer.offer_class, answer.status)
        sent = 0 if request.method == "HEAD" else len(answer.body)
        took = time.perf_counter() - request.environ[_BEGAN]
        port, protocol = environ.get("SERVER_PORT", "-"), environ.get("SERVER_PROTOCOL", "-")
        client = gateway.read(environ, proxies).client
        journal.note((*what, sent, took, port, client, request.method, protocol))
        return response

    return note


class _Routable:
    """What Flask routes by: the path as our table writes it, and not the host, which Flask judges.

    The environ as it came is put aside for `gateway`, which takes any host.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        routed = {
            **environ,
            "PATH_INFO": canonical_path(environ.get("PATH_INFO") or "/"),
            "HTTP_HOST": "localhost",
            _ASKED: environ,
            _BEGAN: time.perf_counter(),
        }
        return self._app(routed, start_response)

"""The Flask application: routing, proxies, errors and the access log around `answers`.

`autoconfig.web:create_app` is the WSGI application for those who bring their own server.
"""

import logging
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from autoconfig import answers, errors
from autoconfig.autodiscover import MAX_BODY
from autoconfig.config import Config, Network, config_path, load_config
from autoconfig.documents import HTML
from autoconfig.endpoints import ENDPOINTS, Endpoint, canonical_path, errors_under
from autoconfig.request import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

access_log = logging.getLogger("autoconfig.access")
log = logging.getLogger("autoconfig")

CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Pages have their style in them and nothing else; no script, no frame, no form."""

_HOST, _LOCAL = "autoconfig.host", "autoconfig.local"
_BY_PATH = {endpoint.path: endpoint for endpoint in ENDPOINTS}
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"))


def create_app(config: Config | Path | None = None) -> Flask:
    """The application, with its configuration loaded and every document rendered.

    `config`: one that is loaded, or where it is (default: `AUTOCONFIG_CONFIG`, else
    `autoconfig.toml` here). Raises `ConfigurationError`.
    """
    if not isinstance(config, Config):
        config = load_config(config_path(config))
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY + 1  # one more tells a body that is too long
    app.url_map.merge_slashes = False  # or Flask would redirect a doubled slash
    for endpoint in ENDPOINTS:
        app.add_url_rule(
            endpoint.path.replace("<address>", "<path:address>"),
            endpoint.path,
            _view(endpoint, config),
            methods=[*endpoint.methods, "OPTIONS"],
            provide_automatic_options=False,
        )
    app.register_error_handler(errors.ClientError, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(Exception, _fail)
    app.after_request(_log_access)
    app.wsgi_app = _TrustedProxies(  # type: ignore[method-assign]  # as Flask documents it
        ProxyFix(_Routable(app.wsgi_app), x_host=1), config.trusted_proxies
    )
    return app


def _view(endpoint: Endpoint, config: Config) -> Callable[..., Response]:
    def view(address: str | None = None) -> Response:
        asked = Request(
            method=request.method,
            host=request.environ[_HOST],
            query=_query(request.environ.get("QUERY_STRING", "")),
            read_body=_read_body,
            plain_http=_last(request.environ.get("HTTP_X_FORWARDED_PROTO", "")) == "http",
            local=request.environ[_LOCAL],
            path_address=address,
        )
        return _response(answers.answer(asked, endpoint, config), endpoint)

    return view


def _query(text: str) -> dict[str, str]:
    """The first value of each parameter; bytes that are no UTF-8 are replaced."""
    decoded = text.encode("latin-1", errors="replace").decode(errors="replace")
    pairs = parse_qsl(decoded, keep_blank_values=True)
    return {name.lower(): value for name, value in reversed(pairs)}


def _last(header: str) -> str:
    """The value that the nearest proxy has added."""
    return header.rpartition(",")[2].strip().lower()


def _read_body() -> bytes:
    body = request.get_data(cache=False)
    if len(body) > MAX_BODY:  # of a chunked body, Flask gives the beginning
        raise errors.BodyTooLarge
    return body


def _response(answer: answers.Answer, endpoint: Endpoint | None) -> Response:
    response = Response(answer.body, answer.status, content_type=answer.media_type)
    if not answer.media_type:
        del response.headers["Content-Type"]
    g.domain = answer.domain
    response.headers["Cache-Control"] = answer.cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.update(answer.headers)
    if endpoint is not None and endpoint.any_origin:
        response.headers["Access-Control-Allow-Origin"] = "*"
    if answer.media_type == HTML:
        response.headers["Content-Security-Policy"] = CONTENT_POLICY
    if answer.etag is not None:
        response.set_etag(answer.etag)
        response.make_conditional(request)
    return response


def _refuse(error: errors.ClientError) -> Response:
    endpoint = _BY_PATH.get(request.url_rule.endpoint if request.url_rule else request.path)
    style = endpoint.errors if endpoint else errors_under(request.path)
    return _response(answers.refusal(error, style, endpoint), endpoint)


def _refuse_http(error: HTTPException) -> Response:
    """What Flask itself refuses, in the client's form."""
    if isinstance(error, MethodNotAllowed):
        allow = _BY_PATH[request.path].allow if request.path in _BY_PATH else error.valid_methods
        return _refuse(errors.MethodNotAllowed(allow=allow or ()))
    known = {404: errors.NotFound, 413: errors.BodyTooLarge}
    return _refuse(known.get(error.code or 500, errors.MalformedRequest)())


def _fail(error: Exception) -> Response:
    """Our own fault. The log gets the place and the kind: the message may hold an address."""
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s while answering\n%s", type(error).__name__, place.rstrip())
    return _refuse(errors.InternalError())


def _log_access(response: Response) -> Response:
    """One line a request in Apache's `vhost_common` form, with the domain that was asked for.

    No address stands in it: the query is left out, and a path that is not ours too. Nothing that a
    client wrote goes in as it is, so no line can be forged.
    """
    if access_log.isEnabledFor(logging.INFO):
        access_log.info(
            '%s:%s %s - - [%s] "%s %s %s" %d %s',
            g.get("domain") or "-",
            request.environ["werkzeug.proxy_fix.orig"]["SERVER_PORT"],
            _client(),
            datetime.now(UTC).strftime("%d/%b/%Y:%H:%M:%S %z"),
            request.method if request.method in _METHODS else "-",
            request.path if request.path in _BY_PATH else _rule_path(),
            request.environ.get("SERVER_PROTOCOL", "-"),
            response.status_code,
            response.content_length if response.content_length is not None else "-",
        )
    return response


def _rule_path() -> str:
    """The path with its address left out; a path that is not ours may hold anything."""
    return request.url_rule.endpoint if request.url_rule else "-"


def _client() -> str:
    """The client's IP address. A trusted proxy may have passed on anything, so it is read first."""
    text = request.remote_addr or ""
    try:
        return "-" if "%" in text else str(ip_address(text))  # a zone may be any text
    except ValueError:
        return "-"


class _Routable:
    """What Flask routes by: the path as our table writes it, and not the host, which Flask judges.

    The host that the client named is put aside for `Request`, which takes any.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ["PATH_INFO"] = canonical_path(environ.get("PATH_INFO") or "/")
        environ[_HOST] = environ.get("HTTP_HOST", "")
        environ["HTTP_HOST"] = "localhost"
        return self._app(environ, start_response)


class _TrustedProxies:
    """Lets `X-Forwarded-*` through from the networks of our proxies only.

    A request of the proxy's own has none of them.
    """

    def __init__(self, app: "WSGIApplication", networks: Iterable[Network]) -> None:
        self._app = app
        self._networks = tuple(networks)
        self._trusts = lru_cache(maxsize=4096)(self._is_trusted)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        forwarded = [name for name in environ if name.startswith("HTTP_X_FORWARDED_")]
        trusted = self._trusts(environ.get("REMOTE_ADDR", ""))
        environ[_LOCAL] = trusted and not forwarded
        for name in () if trusted else forwarded:
            del environ[name]
        return self._app(environ, start_response)

    def _is_trusted(self, client: str) -> bool:
        if not client:  # a unix socket: who may open it is for the file system to say
            return True
        try:
            address = ip_address(client)
        except ValueError:
            return False
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return any((mapped or address) in network for network in self._networks)

"""`autoconfig serve`: the Flask application on granian.

Why granian, and why not as a plain WSGI server. Of the servers that were measured on two cores with
a constant Flask answer it is the fastest (18,700 requests/s; gunicorn gthread 9,400, sync 6,000;
waitress 5,000), and its network side is not Python: a slow header or a slow reader costs a little
memory, no thread. But as a WSGI server it lets the application's thread wait for the body: 600
clients that each held back the rest of a body stopped it altogether, where waitress would have gone
on. So it is used through its own interface, RSGI, where the body is awaited: `_Bridge` collects at
most `MAX_BODY` bytes of it within `BODY_SECONDS` and only then calls the application, which takes a
fraction of a millisecond and never waits. The same 600 clients then cost the others nothing.
"""

import asyncio
import io
import sys
from collections.abc import AsyncIterable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from autoconfig.autodiscover import MAX_BODY
from autoconfig.web import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

BODY_SECONDS = 10
"""How long a client may take to send a body of a few hundred bytes."""
HEADER_SECONDS = 10
"""How long a client may take to send its request line and headers."""
MAX_HEADER = 16 * 1024
"""Bytes of request line and headers together."""
STOP_SECONDS = 20
"""How long requests in flight may take after SIGTERM."""
CONNECTIONS = 4096
"""Requests in flight in one worker before it stops accepting connections."""

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "access": {"format": "%(message)s"},
        "message": {"format": "%(asctime)s %(levelname)s %(message)s"},
    },
    "handlers": {
        "access": {
            "class": "logging.StreamHandler",
            "formatter": "access",
            "stream": "ext://sys.stdout",
        },
        "message": {"class": "logging.StreamHandler", "formatter": "message"},
    },
    "loggers": {
        "autoconfig": {"handlers": ["message"], "level": "INFO"},
        "autoconfig.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        "_granian": {"handlers": ["message"], "level": "WARNING", "propagate": False},
    },
}
"""Access lines go to standard output, everything else to standard error."""


def serve(config: Path, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight are finished.

    Raises `OSError` if the address cannot be bound.
    """
    server = Granian(
        target="autoconfig",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        websockets=False,
        http=HTTPModes.http1,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=MAX_HEADER
        ),
        log_dictconfig=LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.serve(target_loader=partial(_load, config), wrap_loader=False)


def _load(config: Path) -> "_Bridge":
    return _Bridge(create_app(config))


class _Headers(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...


class _Scope(Protocol):
    """The request line and headers, as RSGI has them."""

    method: str
    path: str
    query_string: str
    http_version: str
    scheme: str
    server: str
    client: str
    headers: _Headers


class _HTTP(AsyncIterable[bytes], Protocol):
    """The connection, as RSGI has it: the body comes out in chunks, the response goes in."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...


class _Bridge:
    """Calls a WSGI application (PEP 3333) for each RSGI request, once its body is there."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    async def __call__(self, scope: _Scope, http: _HTTP) -> None:
        environ = _environ(scope)
        declared = int(environ.get("CONTENT_LENGTH") or 0)
        body = b""
        if scope.method == "POST" and declared <= MAX_BODY:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    body = await _read(http)
            except TimeoutError:
                http.response_bytes(408, [("connection", "close")], b"")
                return
            environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = io.BytesIO(body)
        status, headers, answer = _call(self._app, environ)
        http.response_bytes(status, headers, answer)


async def _read(http: _HTTP) -> bytes:
    """The body, or its beginning if it is longer than any that will be read."""
    body = bytearray()
    async for chunk in http:
        body += chunk
        if len(body) > MAX_BODY:
            break
    return bytes(body)


def _environ(scope: _Scope) -> "WSGIEnvironment":
    host, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _latin(scope.path),
        "QUERY_STRING": _latin(scope.query_string),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope.headers.items():
        if "_" in name or name == "transfer-encoding":
            continue  # X_Forwarded_Proto would pass for the header of a proxy; the body is whole
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


def _latin(text: str) -> str:
    """Bytes as WSGI writes them in a string (PEP 3333, "Unicode Issues")."""
    return text.encode(errors="replace").decode("latin-1")


def _call(
    app: "WSGIApplication", environ: "WSGIEnvironment"
) -> tuple[int, list[tuple[str, str]], bytes]:
    started: list[tuple[int, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
        started[:] = [(int(status[:3]), headers)]

    chunks = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = started[0]
    return status, headers, body

"""The stand-in as an HTTP server on loopback: it numbers, logs and checks each call."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.support.ovh_api import doors
from tests.support.ovh_api.answers import Answer, Refusal, good
from tests.support.ovh_api.faults import Fault
from tests.support.ovh_api.routes import Request, found
from tests.support.ovh_api.state import State

KEYS = ("application_key", "application_secret", "consumer_key")
SERVICE_ACCOUNT = ("client_id", "client_secret")
TOKEN = "/auth/oauth2/token"  # noqa: S105  # a path


class Call(NamedTuple):
    """`path`: with its query, and without the version of the API, but for v2."""

    method: str
    path: str
    body: bytes = b""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Server:
    """`calls`: those so far, refused ones too. `faults`: the first that meets a call acts."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self._lock = Lock()
        server = self

        class Handler(_Handler):
            api = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = False
        self._thread = Thread(target=partial(self._http.serve_forever, poll_interval=0.01))
        self.port: int = self._http.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"{self.base}/1.0"

    @property
    def token_url(self) -> str:
        return f"{self.base}{TOKEN}"

    def environment(self, *, by_token: bool = False) -> dict[str, str]:
        """The variables by which a process has keys to the account.

        `by_token`: those of the service account. The library takes it at endpoints that it knows
        by name, so a test has to change its tables, too.
        """
        names = SERVICE_ACCOUNT if by_token else KEYS
        keys = {f"OVH_{name.upper()}": getattr(self.state, name) for name in names}
        loopback = {"OAUTHLIB_INSECURE_TRANSPORT": "1"} if by_token else {}
        return {"OVH_ENDPOINT": self.url, **keys, **loopback}

    def called(self, *methods: str) -> list[str]:
        """The calls so far, of these methods or all, but for those of authentication."""
        return [
            str(call)
            for call in self.calls
            if not call.path.startswith("/auth/") and (not methods or call.method in methods)
        ]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Answer | None:
        """The answer to a request; None breaks the connection."""
        path = target.removeprefix("/1.0").removeprefix("/v1")
        with self._lock:
            self.calls.append(Call(method, path, body))
            number = len(self.calls)
            fault = next((each for each in self.faults if each.meets(number, method, path)), None)
        effect = partial(self._locked, method, target, path, headers, body)
        answer = fault.act(effect) if fault else effect()
        return answer and answer._replace(
            headers={**answer.headers, "X-OVH-QUERYID": f"EU.ext-1.{number:08x}.0001.abcdef"}
        )

    def _locked(
        self, method: str, target: str, path: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        with self._lock:
            try:
                return self._effect(method, target, path, headers, body)
            except Refusal as refusal:
                return refusal.answer(self.state.form)

    def _effect(
        self, method: str, target: str, path: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        parts = urlsplit(path)
        if (method, parts.path) == ("POST", TOKEN):
            return doors.token(self.state, headers, body)
        if (method, parts.path) == ("GET", "/auth/time"):
            return good(doors.now(self.state))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(method, parts.path, query, headers, json.loads(body or b"null"))
        way = doors.enter(self.state, request, f"http://{headers.get('host')}{target}", body)
        if (method, parts.path) == ("GET", "/auth/details"):
            return doors.details(self.state, way)
        if (method, parts.path) == ("GET", "/auth/currentCredential"):
            return doors.credential(self.state)
        action, act = found(request)
        doors.require_right(self.state, way, request, action)
        return act(self.state, request)


class _Handler(BaseHTTPRequestHandler):
    """By HTTP/1.0: no connection of a client is left open, which other tests would count."""

    api: Server
    disable_nagle_algorithm = True
    wbufsize = -1

    def finish(self) -> None:
        with suppress(OSError):  # a client that has gone
            super().finish()

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        answer = self.api.answer(self.command, self.path, headers, body)
        if answer is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815  # the library's names

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: `Server.calls` has all."""


@contextmanager
def stand_in(state: State | None = None) -> Iterator[Server]:
    """OVHcloud's API for an account, until the block ends."""
    server = Server(state or State())
    server.start()
    try:
        yield server
    finally:
        server.stop()

"""Mail servers on loopback that say what a test has written, and note what they hear.

`server_at` is a server of a service that never existed; `network_to` leads to its stand-in.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from enum import Enum, auto
from typing import TypeAlias

import trustme
from msgspec import structs

from autoconfig.check.connect import ConnectTo, Network
from autoconfig.offers.model import Server, Service
from tests.support.services import service_of
from tests.support.web_server import web_server

HOST = "mail.example"
AUTHORITY = trustme.CA()


class Turn(Enum):
    """What a server does when it does not speak."""

    HEAR = auto()
    """Wait for a line."""
    TLS = auto()
    """Go over to TLS."""
    STAY = auto()
    """Say nothing more, until the client has gone."""


HEAR, TLS, STAY = Turn


def trusting() -> ssl.SSLContext:
    """What a client has that trusts the authority of these servers."""
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def certified(name: str = HOST) -> ssl.SSLContext:
    """What a server has that has a certificate for the name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(name).configure_cert(context)
    return context


CERTIFIED = certified()


Step: TypeAlias = bytes | Turn | Callable[[], Iterable[bytes]]
"""Octets to send, a `Turn`, or what makes octets, each when it comes."""


class Script:
    """A talk, step by step. `heard`: the lines of all clients."""

    def __init__(self, *steps: Step) -> None:
        self.heard: list[bytes] = []
        self._steps = steps

    def __call__(self, connection: socket.socket) -> None:
        with ExitStack() as open_ones:
            for step in self._steps:
                if step is TLS:
                    connection = CERTIFIED.wrap_socket(connection, server_side=True)
                    open_ones.enter_context(connection)
                elif step is HEAR:
                    self.heard.append(_line(connection))
                elif step is STAY:
                    while connection.recv(4096):
                        pass
                elif isinstance(step, bytes):
                    connection.sendall(step)
                elif not isinstance(step, Turn):
                    for octets in step():
                        connection.sendall(octets)


def _line(connection: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        octet = connection.recv(1)
        if not octet:
            raise ConnectionError
        line += octet
    return line.removesuffix(b"\r\n")


def server_at(protocol: str, port: int, socket: str = "SSL", host: str = HOST) -> Server:
    """A server as the offers have them."""
    return Server(protocol=protocol, host=host, port=port, socket=socket, source=())  # type: ignore[arg-type]  # texts are what TOML has


def service_with(*servers: Server) -> Service:
    """A service with these servers and no others."""
    return structs.replace(service_of("mx-plan"), servers=servers)


@contextmanager
def network_to(
    scripts: Mapping[int, Callable[[socket.socket], None]],
    *,
    at_once: Mapping[int, ssl.SSLContext] | None = None,
) -> Iterator[Network]:
    """A network in which each port of every host leads to a server with its script.

    `at_once`: for ports where TLS begins at once, what the server has. Any other port is closed.
    """
    with ExitStack() as running:
        places = [ConnectTo("", None, "127.0.0.1", 1)]
        for port, script in scripts.items():
            server = running.enter_context(web_server(script, (at_once or {}).get(port)))
            places.insert(0, ConnectTo("", port, "127.0.0.1", server.port))
        yield Network(connect_to=places, tls=trusting())

"""What the tests of asking share: a network whose names and servers are on loopback."""

import asyncio
import socket
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from autoconfig.check.connect import Network, parse_connect_to
from tests.support.certificates import trusting
from tests.support.name_server import Reply, Server, name_server, records

Result = TypeVar("Result")

HOST = "autoconfig.example.com"
HERE = "127.0.0.1"
HERE_BY_6 = "::ffff:127.0.0.1"
"""Loopback of IPv4, by a connection of IPv6: machines without `::1` have it as well."""


def addresses(host: str, *texts: str) -> dict[str, Reply]:
    """The records of a host: A or AAAA by the text."""
    replies: dict[str, Reply] = {}
    for kind, there in (
        ("A", [each for each in texts if ":" not in each]),
        ("AAAA", [each for each in texts if ":" in each]),
    ):
        lines = [f"{host}. 300 {kind} {each}" for each in there]
        replies |= {f"{host} {kind}": records(*lines)} if lines else {}
    return replies


@contextmanager
def network(
    replies: Mapping[str, Reply] | None = None, ports: Mapping[int, int] | None = None
) -> Iterator[tuple[Network, Server]]:
    """A network with these names, and the server that knows them. `ports`: where they are here."""
    with name_server(addresses(HOST, HERE) if replies is None else replies) as server:
        told = [parse_connect_to(f":{port}::{here}") for port, here in (ports or {}).items()]
        yield Network([server.address], told, trusting()), server


def run(question: Coroutine[Any, Any, Result]) -> Result:
    """What a question comes to, and nothing that the event loop complains about."""

    async def watched() -> Result:
        complaints: list[Mapping[str, Any]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, complaint: complaints.append(complaint))
        try:
            return await question
        finally:
            await asyncio.sleep(0)
            assert not complaints

    return asyncio.run(watched())


@contextmanager
def full() -> Iterator[int]:
    """The port of a server that takes no more connections, and refuses none."""
    with socket.create_server((HERE, 0), backlog=0) as listener:
        port: int = listener.getsockname()[1]
        waiting = []
        for _ in range(3):
            each = socket.socket()
            each.settimeout(0)
            each.connect_ex((HERE, port))
            waiting.append(each)
        yield port
        for each in waiting:
            each.close()

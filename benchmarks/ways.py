"""The same server, asked in other ways: behind a proxy, in capitals, with HEAD, for a 304.

The load is a loop in Python, which asks Python servers as fast as wrk does. wrk itself cannot ask
with HEAD: it waits for the body that the answer announces and does not have.
"""

import math
import select
import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks import servers
from benchmarks.measuring import Unusable, interleaved
from benchmarks.processes import cpu_seconds, fetch
from benchmarks.questions import MOZILLA, WAYS, Question, addresses
from benchmarks.servers import Server
from benchmarks.throughput import check
from benchmarks.wrk import CONNECTIONS, Load

SECONDS = 0.5
"""Of a round: little, so that ways meet the same disturbances."""
BUFFER = 2**16
"""Bytes, more than an answer has: nearly all of them are read at once."""


def measure(folder: Path, rounds: int) -> Mapping[Question, Sequence[Load]]:
    """Raises `Unusable` if one of the answers is wrong."""
    (address,) = addresses(1, 1)
    with servers.autoconfig(folder, 1) as server:
        headers, _ = fetch(server.port, MOZILLA.request(address))
        cases = {}
        for question in WAYS:
            check(server, question, [address], headers["ETag"])
            request = question.request(address, headers["ETag"])
            status = f"HTTP/1.1 {question.status}".encode()
            whole = (status, b"\r\n\r\n" + question.answer_to(address))
            cases[question.title] = partial(load, server, request, whole)
        measured = interleaved("other ways", rounds, cases).values()
    return dict(zip(WAYS, measured, strict=True))


def load(
    server: Server, request: bytes, whole: tuple[bytes, bytes], connected: int = CONNECTIONS
) -> Load:
    """Repeat a request on so many connections. `whole`: how each answer begins and ends.

    Raises `Unusable` if one begins otherwise, or if none ends so.
    """
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            for _ in range(connected)
        ]
        before = cpu_seconds(server.pid)
        answers = _repeat(connections, request, whole, time.monotonic() + SECONDS)
        cpu = cpu_seconds(server.pid) - before
    if not answers:
        raise Unusable(f"{server.name} gives no whole answer within {SECONDS} s")
    return Load(answers / SECONDS, math.nan, cpu * 1e6 / answers)


def _repeat(
    connections: Iterable[socket.socket], request: bytes, whole: tuple[bytes, bytes], until: float
) -> int:
    """The number of whole answers."""
    (begin, end), answers = whole, 0
    asked = {connection.fileno(): connection for connection in connections}
    parts = dict.fromkeys(asked, b"")
    with select.epoll() as poll:
        for connection in asked.values():
            poll.register(connection, select.EPOLLIN)
            connection.sendall(request)
        while time.monotonic() < until:
            for number, _ in poll.poll(1):
                answer = parts[number] + asked[number].recv(BUFFER)
                if not answer.startswith(begin):
                    raise Unusable(f"under load, an answer is: {answer[:200]!r}")
                parts[number] = answer
                if answer.endswith(end):
                    answers += 1
                    parts[number] = b""
                    asked[number].sendall(request)
    return answers

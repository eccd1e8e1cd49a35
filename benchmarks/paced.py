"""Requests of which each is sent once, over many connections: so many a second, or at full speed.

wrk repeats its requests, and sends as many as are answered. Here every request may be for another
domain, and those that wait for an answer hold back no others.
"""

import math
import re
import select
import socket
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

BUFFER = 2**16
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSED = "closed"


@dataclass(slots=True)
class Answers:
    """`seconds`: how long each took. `statuses`: how often each came; `CLOSED` is no answer.

    `rate`: how many a second were sent.
    """

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    rate: float = math.nan

    @property
    def p99(self) -> float:
        """Milliseconds that 99 of 100 answers take at most."""
        return sorted(self.seconds)[math.ceil(len(self.seconds) * 0.99) - 1] * 1e3

    def other_than(self, status: int) -> int:
        """How many requests have another answer, or none."""
        return self.statuses.total() - self.statuses[str(status)]


def ask_each(
    port: int, requests: Sequence[bytes], connections: int, rate: float = math.inf
) -> Answers:
    """Send each request once, `rate` a second, and wait for all the answers.

    A request counts from when it is sent, and from when it was due if all connections were waiting.
    """
    with ExitStack() as stack:
        return _Asking(stack, port, connections).run(requests, rate)


class _Asking:
    """The connections: those that are free, and what the others have asked and read so far."""

    def __init__(self, stack: ExitStack, port: int, connections: int) -> None:
        self._stack, self._port = stack, port
        self._poll = stack.enter_context(select.epoll())
        self._sockets: dict[int, socket.socket] = {}
        self._free: list[int] = []
        self._waiting: dict[int, tuple[float, bytes]] = {}
        self._answers = Answers()
        for _ in range(connections):
            self._connect()

    def run(self, requests: Sequence[bytes], rate: float) -> Answers:
        begin, late = time.monotonic(), False
        for number, request in enumerate(requests):
            due = begin + number / rate
            while (now := time.monotonic()) < due or not self._free:
                late = now >= due and math.isfinite(rate)
                self._receive(max(due - now, 0) if self._free else 1)
            self._send(request, due if late else now)
        self._answers.rate = len(requests) / (time.monotonic() - begin)
        while self._waiting:
            self._receive(1)
        return self._answers

    def _connect(self) -> None:
        connection = self._stack.enter_context(socket.create_connection(("127.0.0.1", self._port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._poll.register(connection, select.EPOLLIN)
        self._sockets[connection.fileno()] = connection
        self._free.append(connection.fileno())

    def _send(self, request: bytes, since: float) -> None:
        number = self._free.pop()
        self._waiting[number] = (since, b"")
        with suppress(OSError):  # the server has closed it, as reading will show
            self._sockets[number].sendall(request)

    def _receive(self, seconds: float) -> None:
        for number, _ in self._poll.poll(seconds):
            received = b""
            with suppress(OSError):
                received = self._sockets[number].recv(BUFFER)
            since, before = self._waiting.pop(number, (0.0, b""))
            answer = before + received
            if received and not _is_whole(answer):
                self._waiting[number] = (since, answer)
                continue
            if since:
                self._answers.seconds.append(time.monotonic() - since)
                self._answers.statuses[answer[9:12].decode() if received else CLOSED] += 1
            if received:
                self._free.append(number)
            else:
                self._replace(number)

    def _replace(self, number: int) -> None:
        """Instead of a connection that the server has closed."""
        if number in self._free:
            self._free.remove(number)
        self._sockets.pop(number).close()
        self._connect()


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)

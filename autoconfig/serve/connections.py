"""Connections of a worker: one that keeps it waiting is ended, and sooner where there are many.

Granian limits the time for a header, and no other. The kernel limits the time for taking what was
sent, and it knows how long ago something went out on a connection: nothing does while a client
takes no answer, or sends no end of its request.
"""

import errno
import resource
import select
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from autoconfig.detect.findings import MOST_LOOKUPS
from autoconfig.serve.limits import ANSWER_SECONDS, CONNECTIONS, CROWDED_SECONDS, UNTAKEN

LOOK_SECONDS = 1.0
"""The least pause between two looks; a quarter of it where there are many."""
SHARE = 0.05
"""The share of a processor that looking may take."""
OTHER_FILES = 51 + 2 * MOST_LOOKUPS
"""Open files of a worker that are no connections, and do not come from the other workers: 48, those
of an event loop, and the two questions of each look-up.
"""
FILES_FOR_EACH = 8
"""Open files that a worker has in common with each of the others."""

_TCP_INFO = struct.Struct("B43xI")
"""Of the kernel's `tcp_info`: the state, and the milliseconds since data was last sent."""
_LISTENS = 10
_AT_ONCE = struct.pack("ii", 1, 0)
"""`SO_LINGER`: what was not taken yet is thrown away."""


def allow_connections(workers: int) -> int:
    """The number of connections that a worker may have, for which this user may open files.

    The usual limit of 1,024 open files is raised as far as it may be. Raises `OSError` if it does
    not even leave one.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most == resource.RLIM_INFINITY:
        return CONNECTIONS
    found = most - _other_files(workers)
    if found < 1:
        reason = f"the system gives no more than {most} open files (ulimit -n, LimitNOFILE)"
        raise OSError(errno.EMFILE, reason, f"--workers {workers}")
    return min(CONNECTIONS, found)


def _other_files(workers: int) -> int:
    return OTHER_FILES + FILES_FOR_EACH * workers


class Watch:
    """Ends late connections, in a thread.

    `connections`: how many there may be; `is_stuck`: whether those that keep us waiting are too
    many for another reason.
    """

    def __init__(self, connections: int, workers: int, is_stuck: Callable[[], bool]) -> None:
        self._is_stuck = is_stuck
        self._numbers = range(connections + _other_files(workers))
        self._poll = select.poll()
        for number in self._numbers:
            self._poll.register(number, 0)
        self._many = len(self._open_files()) + connections * 3 / 4

    def start(self) -> None:
        """Raises `RuntimeError` where the system has no more threads."""
        if hasattr(socket, "TCP_INFO"):  # on Linux
            Thread(target=self._run, name="watch", daemon=True).start()

    def _run(self) -> None:
        while True:
            began = time.thread_time()
            files = self._open_files()
            is_crowded = len(files) > self._many or self._is_stuck()
            for number in files:
                with suppress(OSError):  # it has just been closed, or is no connection
                    _look(number, CROWDED_SECONDS if is_crowded else ANSWER_SECONDS)
            pause = LOOK_SECONDS / 4 if is_crowded else LOOK_SECONDS
            time.sleep(max(pause, (time.thread_time() - began) / SHARE))

    def _open_files(self) -> set[int]:
        """Asked of `poll`, as reading a folder lets other threads in for each name."""
        closed = (number for number, event in self._poll.poll(0) if event & select.POLLNVAL)
        return set(self._numbers).difference(closed)


def _look(number: int, seconds: float) -> None:
    """End a connection on which nothing has gone out for so long.

    Its other limits are set on the way; a new connection has them from the socket that listens.
    """
    connection = socket.socket(fileno=number)
    try:
        state, since = _state(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNTAKEN)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, ANSWER_SECONDS * 1000)
        if state != _LISTENS and since > seconds:
            with connection.dup() as own:  # as Granian may have given the number to another one
                if _state(own)[1] > seconds:
                    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                    own.shutdown(socket.SHUT_RDWR)
    finally:
        connection.detach()


def _state(connection: socket.socket) -> tuple[int, float]:
    """Its state in the kernel, and the seconds since data was last sent on it."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    state, since = _TCP_INFO.unpack(info)
    return state, since / 1000

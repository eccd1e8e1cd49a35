"""The processes that the parent has forked: what it hands to them, and that they end with it.

A socket leads to each of them. The parent alone holds its end of it, so the kernel closes it when
the parent is gone, in whatever way it ended.
"""

import os
import socket
import threading
from collections.abc import Callable
from typing import IO, NoReturn

from autoconfig.answers.refusal import report


class Children:
    """The children of this process, or in a child the way to its parent."""

    def __init__(self) -> None:
        self._forking = threading.Lock()  # as two threads of the parent do so
        self._ends: list[socket.socket] = []
        self._parent: socket.socket

    def watch_forks(self) -> None:
        """Lead a socket to every process that is forked from now on."""
        os.register_at_fork(
            before=self._before_fork,
            after_in_parent=self._after_fork,
            after_in_child=self._forget_the_others,
        )

    def hand_over(self, file: IO[bytes]) -> None:
        """Give a file to every child. One that cannot take it has lost its parent, and ends."""
        with self._forking:
            for end in [*self._ends]:
                try:
                    socket.send_fds(end, [b"\n"], [file.fileno()])
                except OSError:
                    self._ends.remove(end)
                    end.close()

    def end_with_parent(self, take: Callable[[int], None]) -> NoReturn:
        """In a child: take each descriptor that is handed over, and end when the parent is gone.

        A child that cannot take one ends too: a new one has what the parent has.
        """
        try:
            while (received := socket.recv_fds(self._parent, 1, 1))[0]:
                (descriptor,) = received[1]
                take(descriptor)
                os.close(descriptor)
        except BaseException as error:  # noqa: BLE001  # it must not go on as it was
            report(error, "taking over a configuration, so this worker is replaced")
        finally:
            os._exit(1)

    def _before_fork(self) -> None:
        self._forking.acquire()
        self._ends = [end for end in self._ends if not _is_closed(end)]
        end, self._parent = socket.socketpair()
        end.settimeout(0)  # a child that reads nothing must not hold the parent up
        self._ends.append(end)

    def _after_fork(self) -> None:
        self._parent.close()
        self._forking.release()

    def _forget_the_others(self) -> None:
        for end in self._ends:
            end.close()
        self._ends.clear()
        self._forking.release()


def _is_closed(end: socket.socket) -> bool:
    try:
        return not end.recv(1)
    except BlockingIOError:
        return False
    except OSError:  # it had not read everything
        return True

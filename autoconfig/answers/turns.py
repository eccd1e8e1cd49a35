"""Turns: work for a processor that one thread does at a time, while others wait for theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from autoconfig.errors import Busy


class Turns:
    """The turns at a kind of work that takes milliseconds.

    Python runs one thread at a time, so two at such work end no sooner than one after the other;
    but any other thread then waits for both. `most`: how many may wait or work at once.
    """

    def __init__(self, most: int) -> None:
        self._places = BoundedSemaphore(most)
        self._turn = Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn, and have it. Raises `Busy` at once if too many wait already."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            with self._turn:
                yield
        finally:
            self._places.release()

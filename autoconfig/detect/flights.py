"""The look-ups under way in a process: one at a time of each name, in a thread with an event loop.

Requests wait for them in threads of their own. The loop's thread begins with the first look-up,
after every fork of a server that forks, and is a daemon: it holds up no end of the program.
"""

import asyncio
import os
import threading
import weakref
from collections.abc import Callable, Coroutine, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

from autoconfig.errors import Busy

Result = TypeVar("Result")

END_SECONDS = 1.0
"""The time that the loop has to end what is under way, at the end of the program."""


class Flights:
    """The look-ups of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0
        self._under_way: dict[Hashable, Future[Any]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def wait(
        self,
        key: Hashable,
        begin: Callable[[], Coroutine[Any, Any, Result]],
        seconds: float,
        most: int,
    ) -> Result:
        """The result of what is under way by this key, or is begun now.

        `most`: how many may wait at once. Raises `Busy` at once beyond that, `TimeoutError` after
        so many seconds, and whatever the coroutine raises.
        """
        with self._lock:
            if self._waiting >= most:
                raise Busy
            flight: Future[Result] = self._under_way.get(key) or self._begin(key, begin)
            self._waiting += 1
        try:
            return flight.result(seconds)
        finally:
            with self._lock:
                self._waiting -= 1

    def _begin(
        self, key: Hashable, begin: Callable[[], Coroutine[Any, Any, Result]]
    ) -> Future[Result]:
        self._loop = self._loop or self._start()
        flight = asyncio.run_coroutine_threadsafe(begin(), self._loop)
        self._under_way[key] = flight
        flight.add_done_callback(lambda _: self._under_way.pop(key))
        return flight

    def _start(self) -> asyncio.AbstractEventLoop:
        loop, end = asyncio.new_event_loop(), asyncio.Event()
        thread = threading.Thread(target=_run, args=[loop, end], name="look-ups", daemon=True)
        thread.start()
        weakref.finalize(self, _end, loop, end, thread)
        return loop


def of_this_process(flights: dict[int, Flights]) -> Flights:
    """Those by the number of this process. One that is forked begins with none under way."""
    own = os.getpid()
    return flights.get(own) or flights.setdefault(own, Flights())


def _run(loop: asyncio.AbstractEventLoop, end: asyncio.Event) -> None:
    """Run the loop; at the end, cancel what is still under way."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(end.wait())


def _end(loop: asyncio.AbstractEventLoop, end: asyncio.Event, thread: threading.Thread) -> None:
    """End the loop and its thread.

    In a process that was forked the thread is over, and its loop is woken in vain.
    """
    loop.call_soon_threadsafe(end.set)
    if thread is not threading.current_thread():
        thread.join(END_SECONDS)

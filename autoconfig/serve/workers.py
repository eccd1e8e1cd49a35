"""Granian's workers: their threads, and how long it goes on replacing them."""

import logging
import os
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.server.mp import MPServer

from autoconfig.serve.application import Application
from autoconfig.serve.limits import RETRY_SECONDS, SPARE_DEATHS
from autoconfig.serve.threads import may_wait, share

log = logging.getLogger("autoconfig")


class Server(MPServer):
    """Granian, which goes on where a worker cannot be started, or dies a few times.

    No worker wants more threads than the system gives, with which Granian would end it.
    """

    def __init__(self, application: Application, threads: int, **more: Any) -> None:
        """`threads`: how many a worker may have for requests."""
        super().__init__(blocking_threads=threads, **more)
        self._application = application
        self._most_threads = threads
        self._begun: set[int] = set()
        self.respawned_wrks = Replacements()  # type: ignore[assignment]  # all it needs of a dict

    def _spawn_worker(self, idx: int, *given: Any, **more: Any) -> Any:
        if idx in self._begun:  # it takes another's place, and others may have taken threads
            self._insist(self._choose_threads)
        self._begun.add(idx)
        self._application.bodies.most, self._application.findings.most = may_wait(
            self.blocking_threads
        )
        worker = super()._spawn_worker(idx, *given, **more)
        worker.inner.start = partial(self._insist, worker.inner.start)
        worker._watch = partial(self._insist, worker._watch)  # type: ignore[method-assign]
        return worker

    def _choose_threads(self) -> None:
        self.blocking_threads = share(self.workers, self._most_threads)

    def _insist(self, start: Callable[[], None]) -> None:
        """Start a process, or a thread that watches it, once the system has one to give.

        Granian would leave its main loop: the other workers go on, and nobody hears a signal.
        """
        while True:
            try:
                return start()
            except (OSError, RuntimeError) as error:
                log.error("a worker cannot be started yet: %s", error)
            time.sleep(RETRY_SECONDS)
            if self.interrupt_signal:
                self._stop_workers()  # type: ignore[no-untyped-call]
                os._exit(0)  # one that nobody watches ends with its parent


class Replacements:
    """When each worker was replaced; Granian asks before it replaces one once more.

    It ends the server if a worker dies within 5.5 seconds of its replacement. A program that cannot
    run must end so, for whoever watches it to start it anew; but where memory is short, the kernel
    may kill a worker twice. So the answer is the moment of the last replacement but `SPARE_DEATHS`.
    """

    def __init__(self) -> None:
        self._moments: dict[int, deque[float]] = {}

    def __setitem__(self, worker: int, moment: float) -> None:
        self._moments.setdefault(worker, deque(maxlen=SPARE_DEATHS + 1)).append(moment)

    def get(self, worker: int, default: float) -> float:
        moments = self._moments.get(worker)
        return moments[0] if moments and len(moments) > SPARE_DEATHS else default

    def clear(self) -> None:
        """Forget nothing: Granian clears it whenever it replaces any worker."""

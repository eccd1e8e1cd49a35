"""Request bodies, which are awaited in threads: how many at once, and for how long."""

import logging
import os
import time
from typing import Protocol

from autoconfig.errors import Busy
from autoconfig.serve.limits import BODIES, BODY_SECONDS

log = logging.getLogger("autoconfig")


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Body:
    """A body that is awaited in turn."""

    def __init__(self, stream: _Stream, bodies: "Bodies") -> None:
        self._stream = stream
        self._bodies = bodies

    def read(self, size: int) -> bytes:
        """Raises `Busy`."""
        since = self._bodies.since
        if len(since) >= BODIES:
            self._bodies.refuse()
        since[id(self)] = time.monotonic()
        try:
            return self._stream.read(size)
        finally:
            del since[id(self)]


class Bodies:
    """The bodies that this worker waits for. `since`: the time at which each was asked for."""

    def __init__(self) -> None:
        self.since: dict[int, float] = {}

    def refuse(self) -> None:
        """Raises `Busy`, unless most of the bodies are overdue: then the worker ends at once."""
        overdue = time.monotonic() - BODY_SECONDS
        late = sum(since < overdue for since in [*self.since.values()])
        if late > BODIES / 2:
            log.error("%d request bodies do not come: this worker is replaced", late)
            os._exit(1)
        raise Busy

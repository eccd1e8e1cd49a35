"""Request bodies, each of which is awaited in a thread: how many at once."""

from typing import Protocol

from autoconfig.errors import Busy


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Bodies:
    """The bodies that this worker waits for. `most`: how many there may be."""

    def __init__(self) -> None:
        self.most = 0
        self._awaited: set[int] = set()

    def are_too_many(self) -> bool:
        """Whether there is no room for another."""
        return len(self._awaited) >= self.most

    def read(self, stream: _Stream, size: int) -> bytes:
        """Wait for a body. Raises `Busy`."""
        if self.are_too_many():
            raise Busy
        self._awaited.add(id(stream))
        try:
            return stream.read(size)
        finally:
            self._awaited.discard(id(stream))


class Body:
    """A body that is awaited among the others."""

    def __init__(self, stream: _Stream, bodies: Bodies) -> None:
        self._stream = stream
        self._bodies = bodies

    def read(self, size: int) -> bytes:
        """Raises `Busy`."""
        return self._bodies.read(self._stream, size)

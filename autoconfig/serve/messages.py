"""Standard error, to which messages go. No message holds up an answer, a reload or the end."""

import io
import os
import sys
from contextlib import suppress
from select import PIPE_BUF, select

STANDARD_ERROR = 2
PATIENCE = 1.0
"""Seconds that a message waits for its reader; after one has waited in vain, the next does not."""


def use_standard_streams() -> None:
    """Put the null device where a standard stream is closed, and `Messages` in front of errors.

    A file or a connection would get its number else, and with it the lines of the log.
    """
    for descriptor in range(STANDARD_ERROR + 1):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # which takes the lowest number that is free
    if sys.stderr is sys.__stderr__:  # a test may have another in its place
        sys.stderr = Messages()


class Messages(io.TextIOBase):
    """Standard error, as far as it is read; the rest is lost, as where a disk is full."""

    def __init__(self) -> None:
        self._patience = PATIENCE

    def write(self, text: str) -> int:
        """Write in pieces that a pipe takes at once when it has room."""
        data = memoryview(text.encode(errors="backslashreplace"))
        with suppress(OSError):
            while data and select([], [STANDARD_ERROR], [], self._patience)[1]:
                data = data[os.write(STANDARD_ERROR, data[:PIPE_BUF]) :]
        self._patience = 0 if data else PATIENCE
        return len(text)

"""Standard output, to which the workers write the access log."""

import os
import time
from select import PIPE_BUF

STANDARD_OUTPUT = 1
RETRY_SECONDS = 0.5
"""The pause before the next attempt: the reader may come back, and a disk may be emptied."""


def write_lines(lines: str) -> None:
    """Write lines of the access log, however long that takes.

    Whole lines, in pieces that a pipe takes at once: the workers share it, and longer ones would
    mix when it is full. Each failure may pass: nobody reads a FIFO any more, a disk is full.
    """
    data, start = f"{lines}\n".encode(), 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + PIPE_BUF) + 1 or len(data)
        try:
            start += os.write(STANDARD_OUTPUT, data[start:end])
        except OSError:
            time.sleep(RETRY_SECONDS)

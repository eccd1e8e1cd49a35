"""Standard output, to which the workers write the access log."""

import os
from contextlib import suppress
from select import PIPE_BUF

STANDARD_OUTPUT = 1


def write_lines(lines: str) -> None:
    """Lines of the access log; where nobody reads it any more, answers go on.

    Whole lines, in pieces that a pipe takes at once: the workers share it, and longer ones would
    mix when it is full.
    """
    data, start = f"{lines}\n".encode(), 0
    with suppress(OSError):
        while start < len(data):
            end = data.rfind(b"\n", start, start + PIPE_BUF) + 1 or len(data)
            start += os.write(STANDARD_OUTPUT, data[start:end])

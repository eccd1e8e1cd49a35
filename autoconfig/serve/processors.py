"""The processors that workers run on."""

import os
from contextlib import suppress


def stay_on_processor(number: int, workers: int) -> None:
    """Keep a worker on one processor, if there is a worker for each, as nginx does on request.

    Python's lock lets only one of its threads run at a time anyway. On one processor they do not
    wake each other across processors for it, which costs a quarter of the time.
    """
    if hasattr(os, "sched_getaffinity"):  # on Linux
        processors = sorted(os.sched_getaffinity(0))
        if workers >= len(processors):
            with suppress(OSError):  # a sandbox may forbid it
                os.sched_setaffinity(0, {processors[number % len(processors)]})

"""Threads of a worker: no more than the system gives, as Granian ends with the first that it lacks.

A limit may be the user's (`ulimit -u`), a group's (`TasksMax`, a container's), the system's or one
of memory, and others take their part of it. So it is tried out.
"""

import _thread
import errno
import os
import sys

from autoconfig.detect.findings import MOST_LOOKUPS
from autoconfig.serve.limits import (
    ALL_THREADS,
    BODIES,
    LEAST_THREADS,
    LOOKUPS,
    OWN_THREADS,
    THREADS,
)

STACK = 2 * 1024 * 1024
"""Bytes of memory that a thread of Granian's has for itself, touched or not."""
IN_VAIN = 1e6
"""Seconds for which a thread that is only begun waits for its turn to run."""


def share(workers: int, wanted: int = THREADS) -> int:
    """How many requests each worker may answer at once: it has a thread for each.

    Raises `OSError` if the system does not give as many as they need.
    """
    found = fitting(min(wanted, max(LEAST_THREADS, ALL_THREADS // workers)), workers)
    if found < LEAST_THREADS:
        least = workers * (LEAST_THREADS + OWN_THREADS) * 4 // 3
        reason = f"the system gives fewer than {least} threads (ulimit -u, TasksMax)"
        raise OSError(errno.EAGAIN, reason, f"--workers {workers}")
    return found


def may_wait(threads: int) -> tuple[int, int]:
    """How many of a worker's threads may wait for bodies, and how many for look-ups in the DNS.

    One at least is left for requests that need neither.
    """
    bodies = threads * BODIES // 100
    return bodies, min(MOST_LOOKUPS, (threads - bodies) * LOOKUPS // 100)


def fitting(wanted: int, workers: int) -> int:
    """`wanted` for each worker, or fewer where the system does not give them.

    A quarter of what it gives is left to others then, and to a worker that takes another's place.
    """
    all_wanted = workers * (wanted + OWN_THREADS)
    found = obtainable(all_wanted)
    return wanted if found == all_wanted else found * 3 // 4 // workers - OWN_THREADS


def obtainable(wanted: int) -> int:
    """How many of so many threads can be had now. A process begins them, and ends with them."""
    reader, writer = os.pipe()
    try:
        child = os.fork()
    except OSError:  # not even one
        os.close(writer)
        os.close(reader)
        return 0
    if not child:
        os.write(writer, str(_begin(wanted)).encode())
        os._exit(0)
    os.close(writer)
    with open(reader, encoding="ascii") as found:
        count = int(found.read() or 0)
    os.waitpid(child, 0)
    return count


def _begin(wanted: int) -> int:
    sys.setswitchinterval(IN_VAIN)
    _thread.stack_size(STACK)
    lock = _thread.allocate_lock()
    lock.acquire()
    for begun in range(wanted):
        try:
            _thread.start_new_thread(lock.acquire, ())
        except RuntimeError:
            return begun
    return wanted

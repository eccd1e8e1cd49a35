"""Signals, in the parent and in the workers."""

import signal
import sys
import threading
from collections.abc import Callable

STOPPING = (signal.SIGTERM, signal.SIGINT)
RELOADING = (signal.SIGHUP,)


def hold_reloads() -> None:
    """Until the server runs, let SIGHUP wait for it, and SIGTERM end the process.

    Each would do otherwise by default: SIGHUP end it, and SIGTERM nothing to the first process of a
    container.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, RELOADING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def hear(numbers: tuple[signal.Signals, ...], before: Callable[[], None] = lambda: None) -> None:
    """Run the handlers of these signals in a thread of their own, where they cannot be missed.

    The kernel may hand a signal to a thread of Granian's which is not Python's; the main thread,
    which runs Python's handlers, then sleeps on until the next one. A signal that comes while its
    handler runs waits for it; more of the same are one. `before`: called before each handler.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)  # as every thread from now on inherits it
    threading.Thread(target=_handle, args=[numbers, before], daemon=True).start()


def _handle(numbers: tuple[signal.Signals, ...], before: Callable[[], None]) -> None:
    while True:
        number = signal.sigwait(numbers)
        before()
        handler = signal.getsignal(number)
        if callable(handler):
            handler(number, None)

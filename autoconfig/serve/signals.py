"""Signals, in the parent and in the workers."""

import signal
import threading

from autoconfig.answers.metrics import Metrics

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def hold_reloads() -> None:
    """Let SIGHUP wait until `serve` handles it; before that it would end the process."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])


def await_signals(metrics: Metrics | None = None) -> None:
    """Run the handlers of signals in a thread of their own, where they cannot be missed.

    The kernel may hand a signal to a thread of Granian's which is not Python's; the main thread,
    which runs Python's handlers, then sleeps on until the next one. `metrics`: those of a server
    that stops with this process.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # as every thread from now on inherits it
    threading.Thread(target=_handle_signals, args=[metrics], daemon=True).start()


def _handle_signals(metrics: Metrics | None) -> None:
    while True:
        number = signal.sigwait(SIGNALS)
        if metrics and number != signal.SIGHUP:
            metrics.stop()
        handler = signal.getsignal(number)
        if callable(handler):
            handler(number, None)

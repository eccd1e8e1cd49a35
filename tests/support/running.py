"""What tests of running programs share."""

import socket
import time
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds that anything may take which ends by itself: a test waits no longer than it must."""


def until(condition: Callable[[], bool]) -> bool:
    """Wait for it; whether it has come true."""
    end = time.monotonic() + PATIENCE
    while not (reached := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return reached


def free_port() -> int:
    """A TCP port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port

"""Word to systemd, as sd_notify(3) describes it: its `Type=notify` waits for it."""

import os
import socket
from contextlib import suppress


def say_ready() -> None:
    """Say that the configuration is loaded and the port taken, if systemd waits to hear it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.connect(address.replace("@", "\0", 1))  # a name in the abstract namespace
            notify.send(b"READY=1")

"""GNOME's programs of mail, by the functions of their libraries that look settings up.

Each is a program of ours that calls one of them: `python -m tests.real.clients.PROGRAM ADDRESS`
prints what it finds, or ends with the message of the library. A process of its own forgets.
"""

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.real.programs import Command, program, running

POINTER, TEXT = ctypes.c_void_p, ctypes.c_char_p
ANSWER_SECONDS = 60


class GError(ctypes.Structure):
    """Of GLib."""

    _fields_ = (("domain", ctypes.c_uint32), ("code", ctypes.c_int), ("message", TEXT))


class Failure:
    """Where a function says why it failed; its last argument is `reference`."""

    def __init__(self) -> None:
        self._error = ctypes.POINTER(GError)()
        self.reference = ctypes.byref(self._error)

    def __str__(self) -> str:
        return f"nothing found: {self._error.contents.message.decode()}"


def function(library: ctypes.CDLL, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of a library, with the types of C."""
    found = library[name]
    found.restype, found.argtypes = result, arguments
    return found


def look_up(name: str, address: str, folder: Path) -> tuple[int, str]:
    """The exit status of a program, and all that it said; a session of D-Bus is beside it."""
    module: Command = [sys.executable, "-m", f"tests.real.clients.{name}", address]
    env = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    command = [program("dbus-run-session"), "--", *module]
    with running(command, folder / "log", env) as process:
        status = process.wait(ANSWER_SECONDS)
    return status, (folder / "log").read_text()

"""A Python that lacks what Linux has and Windows has not, as far as that can be taken away here.

Run as a program with the arguments of `autoconfig`, and with `-X warn_default_encoding`: a file
that would be read in the encoding of the system, whatever that is, is an error. Not tried so: paths
with backslashes and drive letters, a console of Windows, open files, which it does not replace.
"""

import asyncio
import os
import select
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

MODULES = ("fcntl", "grp", "pwd", "resource", "termios", "granian")
NAMES = {
    os: ("fork", "memfd_create", "register_at_fork", "sched_getaffinity", "getuid", "geteuid"),
    signal: ("SIGHUP", "SIGKILL", "pthread_sigmask", "sigwait"),
    select: ("PIPE_BUF", "poll", "epoll"),
}
"""What a module of the standard library lacks there."""

_open = os.open


def open_no_folder(path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
    """`os.open`, as Windows has it."""
    if Path(path).is_dir():
        raise PermissionError(13, "Permission denied", path)
    return _open(path, flags, mode, **more)


def take_away() -> None:
    """Whatever imports after this finds nothing of all that; `asyncio` has what it needs here."""
    asyncio.run(asyncio.sleep(0))
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]  # as Python documents it
    for module, names in NAMES.items():
        for name in names:
            delattr(module, name)
    os.open = open_no_folder
    warnings.filterwarnings("error", category=EncodingWarning, module="autoconfig")


if __name__ == "__main__":
    take_away()
    from autoconfig.cli import main

    main(prog_name="autoconfig")

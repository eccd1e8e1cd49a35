"""Real programs beside a test: found, started, waited for, and gone after it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from tests.support.running import free_port

INSTALL = "tests/real/install installs it, as `make clients`, `dns`, `world` and the like do first"
STOP_SECONDS = 10
PATH = f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
"""The programs of this environment come first."""

T = TypeVar("T")
Command: TypeAlias = Sequence[str | Path]


@dataclass(frozen=True, slots=True)
class Server:
    """`autoconfig serve`. Its access log is in `log`."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]


def program(*names: str) -> str:
    """The path of the first of the programs that is there. If none is, the test fails."""
    for name in names:
        if found := shutil.which(name, path=PATH):
            return found
    raise AssertionError(f"{names[0]} is missing; {INSTALL}")


@contextmanager
def running(
    command: Command, log: Path, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program, and whatever it starts, until the block ends. What it says goes to `log`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        _signal(process, signal.SIGKILL)  # its children too
        process.wait()


@contextmanager
def listening(
    command: Command, ports: Sequence[int], log: Path, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that accepts connections on its ports."""
    with running(command, log, env) as process:

        def is_up() -> bool:
            assert process.poll() is None, f"{command[0]} has ended:\n{log.read_text()}"
            return all(map(accepts, ports))

        wait_for(is_up, f"{command[0]} on {ports}")
        yield process


@contextmanager
def autoconfig_serve(
    config: Path,
    folder: Path,
    env: Mapping[str, str] | None = None,
    autoconfig: Command | None = None,
) -> Iterator[Server]:
    """The server, with one worker. What it says goes into the folder. `autoconfig`: the program."""
    folder.mkdir(exist_ok=True)
    port, log = free_port(), folder / "autoconfig.log"
    command: Command = [*(autoconfig or [program("autoconfig")]), "serve", "--config", config]
    command = [*command, "--port", str(port), "--workers", "1"]
    with listening(command, [port], log, env) as process:
        yield Server(port, log, process)


@contextmanager
def public_folder() -> Iterator[Path]:
    """One that a web server may enter under another user, which pytest's own folders forbid."""
    with tempfile.TemporaryDirectory(prefix="autoconfig-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def accepts(port: int) -> bool:
    """Whether somebody accepts TCP connections on a port of loopback."""
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=5)):
        return True
    return False


def wait_for(probe: Callable[[], T | None], what: str, seconds: float = 30) -> T:
    """The first true answer of `probe`. Raises `TimeoutError`, which says what did not come."""
    until = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not after {seconds} seconds")
        time.sleep(0.05)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """To the whole process group, of which some may still run when its leader has ended."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)

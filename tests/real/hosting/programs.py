"""Real programs beside a test: found, started, waited for, and gone after it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeAlias, TypeVar

DEPLOY = Path(__file__).parents[3] / "deploy"
STOP_SECONDS = 10
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"

PACKAGES = {
    "apache2": "apache2-bin",
    "caddy": "caddy",
    "curl": "curl",
    "ip": "iproute2",
    "nginx": "nginx-light",
    "nsenter": "util-linux",
    "openssl": "openssl",
    "systemd-analyze": "systemd",
    "unshare": "util-linux",
}
"""The Debian package of each program that `install` sees to."""

T = TypeVar("T")
Command: TypeAlias = Sequence[str | Path]


def program(name: str) -> str:
    """The path of a program. One that is missing fails the test, with the package to install."""
    found = shutil.which(name, path=PATH)
    assert found, (
        f"{name} is missing: apt install {PACKAGES[name]}, or run tests/real/hosting/install"
    )
    return found


def changed(path: Path, changes: Mapping[str, str]) -> str:
    """The text of a file of `deploy/` with what a test must change: ports, paths, the CA."""
    text = path.read_text()
    for old, new in changes.items():
        assert old in text, f"{path.name} has no {old!r}"
        text = text.replace(old, new)
    return text


def steps(path: Path) -> list[str]:
    """The commands of the opening comment, which a reader copies: its indented lines."""
    opening = re.match(r"(#.*\n)+", path.read_text())
    assert opening, f"{path.name} does not open with a comment"
    joined = opening[0].replace("\\\n#", "")
    return [" ".join(line.split()) for line in re.findall(r"^#   (.*)$", joined, re.MULTILINE)]


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

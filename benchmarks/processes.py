"""Servers as the kernel sees them: started, waited for, asked, weighed (proc(5)), and ended."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path

from benchmarks.measuring import Unusable

START_SECONDS = 300
STOP_SECONDS = 30
TICK = os.sysconf("SC_CLK_TCK")
"""Units of CPU time in a second."""
MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Member:
    """A process of a server. `cpu`: seconds, with those of its children that have ended."""

    pid: int
    parent: int
    cpu: float

    def resident(self) -> float:
        """Megabytes of memory in use, shared ones included."""
        return _megabytes(self.pid, "status", "VmRSS:")

    def proportional(self) -> float:
        """Megabytes of memory in use, those that n processes share counted as one n-th."""
        return _megabytes(self.pid, "smaps_rollup", "Pss:")


def program(name: str) -> str:
    """The path of a Debian program. Raises `Unusable`."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not found:
        raise Unusable(f"{name} is missing: run benchmarks/install")
    return found


@contextmanager
def running(
    command: Sequence[str], log: Path, environ: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program and all that it starts, until the block ends.

    What it writes to standard error goes to `log`; what it writes to standard output, such as an
    access log, to a file beside it.
    """
    with log.open("wb") as errors, log.with_suffix(".out").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env={**os.environ, **(environ or {})},
            start_new_session=True,  # by which `members` finds what belongs to it
        )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def members(leader: int) -> list[Member]:
    """All processes of a program that `running` has started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == leader:  # its session
                    cpu = sum(map(int, fields[11:15])) / TICK
                    found.append(Member(int(entry.name), int(fields[1]), cpu))
    return found


def cpu_seconds(leader: int) -> float:
    """The CPU time, user and system, of all processes of a program that `running` has started."""
    return sum(each.cpu for each in members(leader))


def wait_for(probe: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until `probe` is true of a process. Raises `Unusable` with the end of its log."""
    until = time.monotonic() + START_SECONDS
    while not probe():
        if process.poll() is not None or time.monotonic() > until:
            raise Unusable(f"{log.stem} does not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.01)


def answers(port: int, request: bytes) -> bool:
    """Whether a server answers a request with 200."""
    try:
        ask(port, request)
    except (OSError, HTTPException, Unusable):
        return False
    return True


def ask(port: int, request: bytes, status: int = HTTPStatus.OK) -> bytes:
    """The body of the answer to a request as it goes over the wire. Raises `Unusable`."""
    return fetch(port, request, status)[1]


def fetch(port: int, request: bytes, status: int = HTTPStatus.OK) -> tuple[HTTPMessage, bytes]:
    """The headers and the body of an answer with that status. Raises `Unusable` of another."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        response = HTTPResponse(connection, method=request.split()[0].decode())
        response.begin()
        body = response.read()
        response.close()
    if response.status != status:
        raise Unusable(f"the server on port {port} answers {response.status}: {body[:200]!r}")
    return response.headers, body


def _megabytes(pid: int, file: str, key: str) -> float:
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    kibibytes = next(int(line.split()[1]) for line in lines if line.startswith(key))
    return kibibytes * 1024 / MEGABYTE

"""Programs that run beside a test and are gone after it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias, TypeVar

STOP_SECONDS = 10

T = TypeVar("T")
StrPath: TypeAlias = str | Path


@contextmanager
def running(
    command: Sequence[StrPath], log: Path, env: Mapping[str, str] | None = None
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

"""wrk: a load of requests over 32 connections, and what it says about it."""

import math
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Unusable
from benchmarks.processes import cpu_seconds, program

CONNECTIONS = 32
PATIENCE = "60s"
"""How long wrk waits for one answer: longer than the slowest of the servers takes."""
SCRIPT = Path(__file__).with_name("wrk.lua")

ENOUGH = 500
"""Answers without which there is no 99th percentile to speak of: five lie above it."""

_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
_SIZES = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}


@dataclass(frozen=True, slots=True)
class Load:
    """One round of one server. `p99`: milliseconds that 99 of 100 answers take at most.

    NaN where there are fewer than `ENOUGH`: wrk leaves out the answers that come after the round.
    `cpu`: microseconds of CPU an answer, of all processes of the server.
    """

    rate: float
    p99: float
    cpu: float


def load(port: int, leader: int, requests: Path, seconds: int, size: int) -> Load:
    """Send the requests of a file in turn; each answer is to have a body of `size` bytes.

    `leader`: the server's first process.
    """
    command = [program("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command += ["--timeout", PATIENCE, "-s", str(SCRIPT), f"http://127.0.0.1:{port}/", "--"]
    before = cpu_seconds(leader)
    run = subprocess.run([*command, str(requests)], capture_output=True, text=True, check=False)
    if run.returncode:
        raise Unusable(f"wrk has failed: {run.stderr or run.stdout}")
    return parse(run.stdout, size, cpu_seconds(leader) - before)


def parse(output: str, size: int, cpu: float) -> Load:
    """`cpu`: seconds that the server took.

    Raises `Unusable` if a request failed, or if answers were not whole.

    wrk counts only statuses of 400 and more as failed; a redirection shows in the bytes.
    """
    for failure in re.findall(r"(?:Socket errors|Non-2xx).*", output):
        raise Unusable(f"requests failed, so their speed says nothing: {failure}")
    count, read, unit = _find(r"(\d+) requests in .*, ([\d.]+)([KMG]?B) read", output)
    if float(read) * _SIZES[unit] * 1.01 < int(count) * size:  # wrk rounds to three digits
        raise Unusable(f"answers were shorter than {size} bytes: {count} in {read} {unit}")
    (rate,) = _find(r"Requests/sec: +([\d.]+)", output)
    p99, scale = _find(r" 99% +([\d.]+)(us|ms|s|m)", output)
    slowest = float(p99) * _UNITS[scale] if int(count) >= ENOUGH else math.nan
    return Load(float(rate), slowest, cpu * 1e6 / int(count))


def _find(pattern: str, output: str) -> tuple[str, ...]:
    found = re.search(pattern, output)
    if not found:
        raise Unusable(f"wrk does not say what was expected of it:\n{output}")
    return found.groups()

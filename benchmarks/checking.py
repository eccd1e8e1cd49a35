"""`check`: the seconds for one domain and for those of an agency, in a world that answers at once,
after a time, or not at all."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.answering import HOME, domain
from benchmarks.measuring import Unusable, interleaved
from benchmarks.processes import running, wait_for
from benchmarks.servers import BIN
from tests.support.running import free_port
from tests.support.services import service_of

NEVER = 3600.0
AGENCY = 400


class Case(NamedTuple):
    """Domains, the seconds of an answer of the DNS and of the web, and those of all that may be."""

    title: str
    domains: int
    dns: float
    web: float
    limit: float
    thunderbird: str


CASES = (
    Case("one domain, answers at once", 1, 0, 0, 1, "right"),
    Case("one domain, no answer of the web", 1, 0, NEVER, 6, "undecided"),
    Case("one domain, no answer at all", 1, NEVER, NEVER, 6, "undecided"),
    Case(f"{AGENCY} domains, answers in 50 ms", AGENCY, 0.05, 0.05, 60, "right"),
)


def measure(folder: Path, rounds: int) -> Mapping[Case, Sequence[float]]:
    """Seconds, round by round. Raises `Unusable` if a verdict is wrong."""
    cases = {case.title: partial(_seconds, case, folder) for case in CASES}
    measured = interleaved("check", rounds, cases)
    return {case: measured[case.title] for case in CASES}


def _seconds(case: Case, folder: Path) -> float:
    world = folder / f"{time.monotonic_ns()}"
    world.mkdir(parents=True)
    numbers = [str(each) for each in (case.domains, case.dns, case.web)]
    command = [sys.executable, "-m", "benchmarks.answering", str(world), *numbers]
    log, ports = world / "log", world / "ports"
    with running(command, log) as process:
        wait_for(ports.exists, process, log)
        names, http, https = ports.read_text().split()
        places = {80: http, 443: https}
        places |= {each.port: str(free_port()) for each in service_of("mx-plan").servers}
        options = ["--offer", "mx-plan", "--json", "--resolver", f"{HOME}:{names}"]
        for port, here in places.items():
            options += ["--connect-to", f":{port}::{here}"]
        began = time.monotonic()
        found = subprocess.run(
            [str(BIN / "autoconfig"), "check", "-", *options],
            input="\n".join(map(domain, range(case.domains))),
            env={**os.environ, "SSL_CERT_FILE": str(world / "ca.pem")},
            capture_output=True,
            text=True,
            check=False,  # a program that is to be told of the domain decides the exit code
        )
        seconds = time.monotonic() - began
    results = [
        verdict["result"]
        for each in json.loads(found.stdout or "[]")
        for verdict in each["verdicts"]
        if verdict["client"] == "Thunderbird"
    ]
    if results != [case.thunderbird] * case.domains:
        raise Unusable(f"check finds another result in this world: {set(results)} {found.stderr}")
    return seconds

"""What a server costs before it has answered anything: CPU time and memory, by number of domains.

The CPU time is that of all its processes, from the command until /healthz answers and none of them
works any more: an answer alone would leave out the worker that is ready last.
"""

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.measuring import Unusable, interleaved
from benchmarks.processes import answers, ask, cpu_seconds, members, running, wait_for
from benchmarks.questions import QUESTIONS, addresses, write_config
from benchmarks.servers import HEALTH, WORKERS, serve_command
from tests.support.running import free_port

SIZES = (1, 1_000, 10_000, 100_000)
MILLION = 1_000_000
IDLE_SECONDS = 0.5
IDLE_CPU = 0.02
"""Seconds of CPU in `IDLE_SECONDS` that are not work: two ticks of the kernel's clock."""
ASKED = 50


@dataclass(frozen=True, slots=True)
class Start:
    """`seconds`: from the command to the first answer. `cpu`: in seconds. Memory in megabytes:
    `worker` of the largest one, `whole` of all processes with what they share counted once."""

    seconds: float
    cpu: float
    worker: float
    whole: float


def measure(folder: Path, rounds: int, *, million: bool) -> dict[int, list[Start]]:
    """Starts by number of domains; a million is started once."""
    cases = {f"{size:,} domains": partial(start, folder / f"{size}", size) for size in SIZES}
    starts = dict(zip(SIZES, interleaved("start-up", rounds, cases).values(), strict=True))
    if million:
        last = partial(start, folder / f"{MILLION}", MILLION)
        starts[MILLION] = interleaved("start-up", 1, {f"{MILLION:,} domains": last}).popitem()[1]
    return starts


def start(folder: Path, domains: int) -> Start:
    """Start a server, let it settle, ask it a little and weigh it."""
    config, port = write_config(folder, domains), free_port()
    log, begin = folder / "autoconfig.log", time.monotonic()
    with running(serve_command(config, port), log) as process:
        wait_for(lambda: answers(port, HEALTH), process, log)
        seconds = time.monotonic() - begin
        cpu = _settled(process.pid)
        for question in QUESTIONS:
            for address in addresses(ASKED, domains):
                if ask(port, question.request(address)) != question.answer_to(address):
                    raise Unusable(f"a wrong answer to {address} among {domains} domains")
        processes = members(process.pid)
        workers = [each.resident() for each in processes if each.parent == process.pid]
        if len(workers) < WORKERS:
            raise Unusable(f"{len(workers)} workers have started, not {WORKERS}")
        return Start(seconds, cpu, max(workers), sum(each.proportional() for each in processes))


def _settled(leader: int) -> float:
    """The CPU time of all processes once they have nothing to do."""
    before = -1.0
    while True:
        cpu = cpu_seconds(leader)
        if cpu - before <= IDLE_CPU:
            return before
        before = cpu
        time.sleep(IDLE_SECONDS)

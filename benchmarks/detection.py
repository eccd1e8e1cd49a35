"""Domains that stand in no configuration: what they cost beside configured ones, and what they do
to configured ones when no name server answers.

Each server is asked for both kinds. What a look-up costs is the CPU time of a request that is the
first for its domain, less that of the same request again; the name server is another process. The
flood is a process of its own, which asks for names that nobody has asked for before.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

from benchmarks import servers, zones
from benchmarks.measuring import Unusable, interleaved, progress
from benchmarks.paced import ask_each
from benchmarks.processes import cpu_seconds, members
from benchmarks.questions import AUTODISCOVER, BY_HOST, MOZILLA, Question, addresses, write_requests
from benchmarks.servers import Server
from benchmarks.throughput import TURNS, check
from benchmarks.wrk import CONNECTIONS, Load, load

QUESTIONS = (MOZILLA, BY_HOST, AUTODISCOVER)
MANY = 100_000
"""Domains that a worker keeps at most."""
PROBED = 1_000
"""Configured domains that are asked for beside the flood."""
LOOK_UPS = 16
"""Requests at once that make a server look up; fewer than it lets wait."""
BARE = 2_000
"""Domains of a round that are looked up by dnspython alone, too."""
ENOUGH = 16
"""How often a domain is asked about, on any connection, until each worker knows it."""

FLOOD = 10_000
"""Made-up domains a second."""
FLOOD_CONNECTIONS = 256
"""More than requests wait for a name server, so that the flood goes on."""
PROBES = 1_000
"""Requests a second for configured domains beside the flood."""
AHEAD_SECONDS = 2
"""For which the flood runs before anything is measured: longer than a look-up lasts."""

NO_FLOOD = "no flood"
NO_DETECT = "flood, no detection"
DEAD = "flood, dead name server"
ALIVE = "flood, name server that answers"


@dataclass(frozen=True, slots=True)
class Hits:
    """One question about so many domains in turn, configured ones and detected ones."""

    question: Question
    domains: int
    configured: Sequence[Load]
    detected: Sequence[Load]


@dataclass(frozen=True, slots=True)
class Beside:
    """A round of requests for configured domains. `flood`: requests a second beside them.

    `p99`: in milliseconds. `failed`: how many were not answered, or not with 200.
    """

    flood: float
    p99: float
    failed: int


@dataclass(frozen=True, slots=True)
class Detection:
    """`firsts`: rounds of requests that are the first for their domains; `again`: of the same ones.

    `bare`: microseconds of CPU time of a domain's queries by dnspython alone, in the same rounds.
    `grown`: megabytes, of a worker that has come to know `domains`. `beside`: by what runs.
    """

    hits: Sequence[Hits]
    firsts: Sequence[Load]
    again: Sequence[Load]
    bare: Sequence[float]
    domains: int
    grown: float
    beside: Mapping[str, Sequence[Beside]]

    @property
    def look_ups(self) -> Sequence[float]:
        """Microseconds of CPU time that each took, round by round."""
        rounds = zip(self.firsts, self.again, strict=True)
        return [first.cpu - again.cpu for first, again in rounds]


def measure(folder: Path, rounds: int, seconds: int, *, quick: bool) -> Detection:
    """Raises `Unusable` if an answer is wrong."""
    fresh = count(MANY)  # numbers of domains for which nobody has asked yet
    turns, many = (1_000, MANY // 10) if quick else (TURNS, MANY)
    with zones.name_server(folder / "nsd") as resolver:
        first = _detecting(resolver)
        with servers.autoconfig(folder / "detect", turns, first) as server:
            hits = [
                _hits(folder, server, question, domains, rounds, seconds)
                for domains in (1, turns)
                for question in QUESTIONS
            ]
        known = _known(folder / "known", resolver, rounds, many)
        beside = _beside(folder / "flood", first, fresh, rounds, seconds)
    return Detection(hits, *known, beside)


def _detecting(resolver: str) -> str:
    return f'detect = true\nresolvers = ["{resolver}"]\n'


def _hits(
    folder: Path, server: Server, question: Question, domains: int, rounds: int, seconds: int
) -> Hits:
    asked = addresses(domains, domains)
    kinds = {"configured": asked, "detected": [f"{each}.{zones.PARENT}" for each in asked]}
    cases = {}
    for kind, each in kinds.items():
        size = check(server, question, each)
        ask_each(server.port, [question.request(address) for address in each] * ENOUGH, LOOK_UPS)
        file = write_requests(folder / f"{question.method}-{domains}-{kind}", question, each)
        cases[kind] = partial(load, server.port, server.pid, file, seconds, size)
    what = f"{question.title}, {domains:,} domains"
    return Hits(question, domains, *interleaved(what, rounds, cases).values())


def _known(
    folder: Path, resolver: str, rounds: int, many: int
) -> tuple[Sequence[Load], Sequence[Load], Sequence[float], int, float]:
    """What a worker takes to know one more domain, and to know so many more than none."""
    with servers.autoconfig(folder, 1, _detecting(resolver), workers=1) as server:
        (worker,) = (each for each in members(server.pid) if each.parent == server.pid)
        for question in QUESTIONS:
            check(server, question, addresses(1, 1))
        before = worker.resident()
        firsts, again, bare = [], [], []
        numbers, each = iter(range(many)), many // rounds
        for number in range(1, rounds + 1):
            progress(f"{many:,} domains come to be known, round {number} of {rounds}")
            domains = [zones.detected(number) for number in islice(numbers, each)]
            made_up = list(map(_request, domains))
            firsts.append(_ask(server, made_up))
            again.append(_ask(server, made_up))
            bare.append(zones.bare_queries(resolver, domains[:BARE], LOOK_UPS))
        return firsts, again, bare, many, worker.resident() - before


def _ask(server: Server, requests: Sequence[bytes]) -> Load:
    before = cpu_seconds(server.pid)
    answers = ask_each(server.port, requests, LOOK_UPS)
    if answers.other_than(HTTPStatus.OK):
        raise Unusable(f"{server.name} does not answer all: {answers.statuses}")
    cpu = cpu_seconds(server.pid) - before
    return Load(answers.rate, answers.p99, cpu * 1e6 / len(requests))


def _beside(
    folder: Path, first: str, fresh: Iterator[int], rounds: int, seconds: int
) -> Mapping[str, Sequence[Beside]]:
    """`first`: of the configuration of a server whose name server answers."""
    with zones.silent_name_server() as dead, ExitStack() as stack:
        kinds = {NO_DETECT: "", DEAD: _detecting(dead), ALIVE: first}
        up = {
            kind: stack.enter_context(servers.autoconfig(folder / f"{number}", PROBED, each))
            for number, (kind, each) in enumerate(kinds.items())
        }
        cases = {NO_FLOOD: partial(probe, up[DEAD], seconds)}
        cases |= {kind: partial(_made_up, each, fresh, seconds) for kind, each in up.items()}
        return interleaved("beside", rounds, cases)


def _made_up(server: Server, fresh: Iterator[int], seconds: int) -> Beside:
    numbers = islice(fresh, FLOOD * (AHEAD_SECONDS + seconds))
    requests = [_request(zones.detected(each)) for each in numbers]
    return flooded(server, requests, FLOOD_CONNECTIONS, FLOOD, seconds)


def flooded(
    server: Server, requests: Sequence[bytes], connections: int, rate: float, seconds: int
) -> Beside:
    """What is left of `probe` beside these requests, sent by another process, `rate` a second."""
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        flood = pool.submit(ask_each, server.port, requests, connections, rate)
        time.sleep(AHEAD_SECONDS)
        measured = probe(server, seconds)
        return replace(measured, flood=flood.result().rate)


def probe(server: Server, seconds: int) -> Beside:
    """Requests for configured domains, of which the server has `PROBED`."""
    requests = [MOZILLA.request(address) for address in addresses(PROBES * seconds, PROBED)]
    answers = ask_each(server.port, requests, CONNECTIONS, PROBES)
    return Beside(0, answers.p99, answers.other_than(HTTPStatus.OK))


def _request(domain: str) -> bytes:
    return MOZILLA.request(f"alice@{domain}")

"""What has been measured, and what was to be reached."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.checking import Case
from benchmarks.commands import Timing
from benchmarks.detection import DEAD, NO_DETECT, NO_FLOOD, Detection
from benchmarks.measuring import Spread, ratio, spread
from benchmarks.people import ACCOUNT, LINK, NO_CODES, PAGE, PROFILE, SOME_CODES, People
from benchmarks.people import MOZILLA as DOCUMENT
from benchmarks.questions import (
    AUTODISCOVER,
    CAPITALS,
    CAPITALS_POST,
    HEAD,
    MOZILLA,
    PROXIED,
    UNCHANGED,
    Question,
)
from benchmarks.startup import Start
from benchmarks.throughput import MANY, Comparison, Contestant
from benchmarks.wrk import Load

NGINX: Contestant = ("nginx, a file", 1)
WSGI: Contestant = ("WSGI, a constant", 1)
OURS: Contestant = ("autoconfig", 1)
OURS_MANY: Contestant = ("autoconfig", MANY)

SHARES = {MOZILLA: 0.75, AUTODISCOVER: 0.35}
"""The least share of the requests/s of nginx."""

CPU_TIMES = {MOZILLA: 1.3, AUTODISCOVER: 1.7}
"""The most CPU time an answer, as a multiple of a constant's without a framework.

1.2 and 1.56 were measured on a quiet machine; a tenth is for noise.
"""

BARE = 1.9
"""The most CPU time of a look-up, as a multiple of that of dnspython's two queries alone.

They take 0.8 ms on a quiet machine, and a look-up is to take 1.5.
"""

PAGE_TIMES = {PAGE: 1.3}
"""The most CPU time of a page, as a multiple of that of the Mozilla document."""

MADE_MILLISECONDS = 15
"""The most CPU time of a profile or a QR code, and the most by which codes may hold up others."""

WAY_SHARES = (
    (PROXIED, MOZILLA, 0.9),
    (CAPITALS, MOZILLA, 0.8),
    (CAPITALS_POST, AUTODISCOVER, 0.8),
    (HEAD, MOZILLA, 0.8),
    (UNCHANGED, MOZILLA, 0.8),
)
"""A way of asking, the usual one beside it, and the least share of its requests/s."""


@dataclass(slots=True)
class Results:
    """A part that was left out is empty. `starts`: by number of domains."""

    requests: Sequence[Comparison] = ()
    ways: Mapping[Question, Sequence[Load]] = field(default_factory=dict)
    starts: Mapping[int, Sequence[Start]] = field(default_factory=dict)
    commands: Sequence[Timing] = ()
    detection: Detection | None = None
    people: People | None = None
    checks: Mapping[Case, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """Met if the median lies within the limits."""

    name: str
    measured: Spread
    low: float | None = None
    high: float | None = None

    @property
    def wanted(self) -> str:
        if self.high is None:
            return f"≥ {self.low}"
        return f"≤ {self.high}" if self.low is None else f"{self.low} to {self.high}"

    @property
    def is_met(self) -> bool:
        median = self.measured.median
        return (self.low is None or self.low <= median) and (
            self.high is None or median <= self.high
        )


def targets(results: Results) -> Iterator[Target]:
    for comparison in results.requests:
        yield from _repeated(comparison) if comparison.requests == 1 else _in_turn(comparison)
    for way, usual, share in WAY_SHARES if results.ways else ():
        rate = against(results.ways[way], results.ways[usual], lambda load: load.rate)
        yield Target(f"{way.title}, share of {usual.title}", rate, low=share)
    if MANY in results.starts:
        name, starts = f"start-up, {MANY:,} domains", results.starts[MANY]
        yield Target(f"{name}, s of CPU", across(starts, lambda start: start.cpu), high=1)
        yield Target(f"{name}, MB a worker", across(starts, lambda start: start.worker), high=100)
    for command in results.commands:
        measured = ratio(command.seconds, command.beside_seconds)
        yield Target(f"{command.command}, against {command.beside}", measured, high=2)
    for case, seconds in results.checks.items():
        yield Target(f"check, {case.title}, s", spread(seconds), high=case.limit)
    if results.people:
        yield from _people(results.people)
    if results.detection:
        yield from _detection(results.detection)


def _repeated(comparison: Comparison) -> Iterator[Target]:
    question, loads = comparison.question, comparison.loads
    rate = against(loads[OURS], loads[NGINX], lambda load: load.rate)
    yield Target(f"{question.title}, share of nginx", rate, low=SHARES[question])
    p99 = against(loads[OURS], loads[NGINX], lambda load: load.p99)
    yield Target(f"{question.title}, p99 against nginx", p99, high=3)
    cpu = against(loads[OURS], loads[WSGI], lambda load: load.cpu)
    yield Target(f"{question.title}, CPU against bare WSGI", cpu, high=CPU_TIMES[question])


def _in_turn(comparison: Comparison) -> Iterator[Target]:
    rate = against(comparison.loads[OURS_MANY], comparison.loads[OURS], lambda load: load.rate)
    yield Target(f"{comparison.question.title}, {MANY:,} domains against 1", rate, 0.9, 1.1)


def _people(found: People) -> Iterator[Target]:
    for page, times in PAGE_TIMES.items():
        cpu = against(found.loads[page], found.loads[DOCUMENT], lambda load: load.cpu)
        yield Target(f"{page.title}, CPU against {DOCUMENT.title}", cpu, high=times)
    for made in (PROFILE, LINK, ACCOUNT):
        milliseconds = spread([load.cpu / 1e3 for load in found.loads[made]])
        yield Target(f"{made.title}, ms of CPU", milliseconds, high=MADE_MILLISECONDS)
    beside, alone = found.beside[SOME_CODES], found.beside[NO_CODES]
    failed = spread([each.failed for each in beside])
    yield Target(f"{SOME_CODES}: failed requests", failed, high=0)
    later = [each.p99 - without.p99 for each, without in zip(beside, alone, strict=True)]
    yield Target(f"{SOME_CODES}: p99 later, ms", spread(later), high=MADE_MILLISECONDS)


def _detection(found: Detection) -> Iterator[Target]:
    for hits in found.hits:
        rate = against(hits.detected, hits.configured, lambda load: load.rate)
        name = f"{hits.question.title}, {hits.domains:,} detected against configured"
        yield Target(name, rate, low=0.9)
    look_ups = found.look_ups
    yield Target("a look-up, ms of CPU", spread([each / 1e3 for each in look_ups]), high=1.5)
    yield Target("a look-up, against two bare queries", ratio(look_ups, found.bare), high=BARE)
    dead = found.beside[DEAD]
    failed = spread([beside.failed for beside in dead])
    yield Target(f"{DEAD}: failed requests", failed, high=0)
    for without in (NO_DETECT, NO_FLOOD):
        p99 = ratio([each.p99 for each in dead], [each.p99 for each in found.beside[without]])
        yield Target(f"{DEAD}: p99 against {without}", p99, high=2)
    grown = spread([found.grown])
    yield Target(f"{found.domains:,} detected domains, MB a worker", grown, high=60)


def against(loads: Sequence[Load], base: Sequence[Load], value: Callable[[Load], float]) -> Spread:
    """A figure as a multiple of the one beside it in the same round."""
    return ratio([value(load) for load in loads], [value(load) for load in base])


def across(starts: Sequence[Start], value: Callable[[Start], float]) -> Spread:
    return spread([value(start) for start in starts])

"""What has been measured, and what was to be reached."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.commands import Timing
from benchmarks.measuring import Spread, ratio, spread
from benchmarks.questions import AUTODISCOVER, MOZILLA
from benchmarks.startup import Start
from benchmarks.throughput import MANY, Comparison, Contestant

NGINX: Contestant = ("nginx, a file", 1)
OURS: Contestant = ("autoconfig", 1)
OURS_MANY: Contestant = ("autoconfig", MANY)

SHARES = {MOZILLA: 0.75, AUTODISCOVER: 0.35}
"""The least share of the requests/s of nginx."""


@dataclass(slots=True)
class Results:
    """A part that was left out is empty. `starts`: by number of domains."""

    requests: Sequence[Comparison] = ()
    starts: Mapping[int, Sequence[Start]] = field(default_factory=dict)
    commands: Sequence[Timing] = ()


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
        name = comparison.question.title
        if comparison.requests == 1:
            share = SHARES[comparison.question]
            yield Target(f"{name}, share of nginx", rates(comparison, OURS), low=share)
            yield Target(f"{name}, p99 against nginx", slowness(comparison, OURS), high=3)
        else:
            many = rates(comparison, OURS_MANY, OURS)
            yield Target(f"{name}, {MANY:,} domains against 1", many, 0.9, 1.1)
    if MANY in results.starts:
        name, starts = f"start-up, {MANY:,} domains", results.starts[MANY]
        yield Target(f"{name}, s of CPU", across(starts, lambda start: start.cpu), high=1)
        yield Target(f"{name}, MB a worker", across(starts, lambda start: start.worker), high=100)
    for command in results.commands:
        measured = ratio(command.seconds, command.beside_seconds)
        yield Target(f"{command.command}, against {command.beside}", measured, high=2)


def rates(comparison: Comparison, one: Contestant, base: Contestant = NGINX) -> Spread:
    """The share in the requests/s of another server."""
    loads = comparison.loads
    return ratio([load.rate for load in loads[one]], [load.rate for load in loads[base]])


def slowness(comparison: Comparison, one: Contestant, base: Contestant = NGINX) -> Spread:
    """The 99th percentile as a multiple of another server's."""
    loads = comparison.loads
    return ratio([load.p99 for load in loads[one]], [load.p99 for load in loads[base]])


def across(starts: Sequence[Start], value: Callable[[Start], float]) -> Spread:
    return spread([value(start) for start in starts])

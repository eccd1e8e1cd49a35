"""Rounds, ratios, and a word to the person who waits."""

import math
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


class Unusable(Exception):
    """A measurement that would mean nothing. It ends the run: this sentence, exit code 1."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What the rounds say: their median, and how far they are apart."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """NaN throughout if one of the values is."""
    if any(map(math.isnan, values)):
        return Spread(math.nan, math.nan, math.nan)
    return Spread(statistics.median(values), min(values), max(values))


def ratio(values: Sequence[float], base: Sequence[float]) -> Spread:
    """Each value to the one of the same round, so that what disturbed both drops out."""
    return spread([value / beside for value, beside in zip(values, base, strict=True)])


def interleaved(what: str, rounds: int, cases: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
    """Measure every case once, then every case again: each meets the same disturbances."""
    measured: dict[str, list[T]] = {name: [] for name in cases}
    for number in range(1, rounds + 1):
        for name, measure in cases.items():
            progress(f"{what}, round {number} of {rounds}: {name}")
            measured[name].append(measure())
    return measured


def progress(text: str) -> None:
    sys.stderr.write(f"{text}\n")

"""Counters of one server's processes, in memory that they share, and their text for Prometheus.

Every label has a handful of values that are written down here or in the tables, so nobody outside
can make them grow: no domain, no address. A worker writes into a row of its own, which its
successor takes over; so processes never wait for each other, and counting costs a microsecond.
"""

import mmap
import os
import struct
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import accumulate, product
from typing import TYPE_CHECKING, TypeAlias

from autoconfig.answers.endpoints import ENDPOINTS, Endpoint
from autoconfig.detect.findings import HIT, REFUSED
from autoconfig.detect.rule import Confidence

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

NONE = "none"
"""Label for requests to unknown URLs or unknown domains."""
FORMAT_LABELS = (*dict.fromkeys(each.label for each in ENDPOINTS), NONE)
OFFER_CLASSES = ("imap", "exchange", NONE)
STATUSES = (200, 204, 302, 304, 400, 404, 405, 413, 500, 503)
"""The statuses of our own answers; a route that an operator adds may have others."""
OTHER = "other"
SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Upper bounds of the histogram; answers take some ten microseconds."""

RESULTS = (*map(str, Confidence), REFUSED, HIT)
LOOK_UP_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5)
"""Upper bounds of the histogram of look-ups, which have a deadline of 1.5 seconds."""

_LABELS = product(FORMAT_LABELS, OFFER_CLASSES, (*map(str, STATUSES), OTHER))
_CELLS = {labels: cell for cell, labels in enumerate(_LABELS)}
_CELL_OF = {
    (endpoint, offer_class, status): _CELLS[
        endpoint.label if endpoint else NONE, offer_class, str(status)
    ]
    for endpoint, offer_class, status in product((*ENDPOINTS, None), OFFER_CLASSES, STATUSES)
}
_OTHER_CELL = _CELLS[NONE, NONE, OTHER]
_SUM = len(_CELLS) + len(SECONDS) + 1
_DROPPED = _SUM + 1
_RESULTS = _DROPPED + 1
_LOOK_UPS = _RESULTS + len(RESULTS)
_LOOK_UP_SUM = _LOOK_UPS + len(LOOK_UP_SECONDS) + 1
_WIDTH = _LOOK_UP_SUM + 1
"""Cells of a row: the requests, the buckets and the one without bound, the sum of seconds, and the
lines of the access log that were dropped; then of look-ups the results, the buckets and the one
without bound, and the sum of seconds.
"""
_RESULT_CELL = {result: cell for cell, result in enumerate(RESULTS, _RESULTS)}


Counted: TypeAlias = tuple[Endpoint | None, str, int]
"""The key of a counter: endpoint (None for a URL that is not ours), class of offer and status."""

_BUCKET = partial(bisect_left, SECONDS)


class Metrics:
    """Counters of one server. `loaded` and `stopping` are for the parent to write."""

    def __init__(self, processes: int = 1) -> None:
        """`processes`: how many may count at once."""
        self._counting = threading.Lock()
        self._cells = _shared(_WIDTH * processes)
        self._owners = _shared(processes)
        self._whole = _shared(3)  # when loaded, how many failures, whether stopping
        self.row = 0
        """The row that this process counts in."""
        self.load_ended(well=True)

    def give_row(self) -> None:
        """Choose the row of a process that is about to be forked: one whose last owner is gone.

        If there is none, forks have failed before, and it is one that was chosen for them.
        """
        ours = os.getpid()
        owners = [int(owner) for owner in self._owners]
        ranks = [2 if owner != ours and _lives(owner) else owner == ours for owner in owners]
        self.row = ranks.index(min(ranks))
        self._owners[self.row] = ours  # until the new process says its own

    def take_row(self) -> None:
        """Count in the row that was chosen: for the new process."""
        self._owners[self.row] = os.getpid()

    def count(self, kinds: Mapping[Counted, int], seconds: Collection[float]) -> None:
        """Count answers. `kinds`: how many of each; `seconds`: how long each took."""
        buckets = Counter(map(_BUCKET, seconds))
        start = self.row * _WIDTH
        with self._counting:
            for kind, count in kinds.items():
                self._cells[start + _CELL_OF.get(kind, _OTHER_CELL)] += count
            for bucket, count in buckets.items():
                self._cells[start + len(_CELLS) + bucket] += count
            self._cells[start + _SUM] += sum(seconds)

    def count_look_up(self, result: str, seconds: float) -> None:
        """Count one of `RESULTS`. `seconds`: that it took, if a look-up was made."""
        start = self.row * _WIDTH
        with self._counting:
            self._cells[start + _RESULT_CELL[result]] += 1
            if result not in (HIT, REFUSED):
                self._cells[start + _LOOK_UPS + bisect_left(LOOK_UP_SECONDS, seconds)] += 1
                self._cells[start + _LOOK_UP_SUM] += seconds

    def drop_lines(self, number: int) -> None:
        """Count lines of the access log that nobody took in time."""
        self._cells[self.row * _WIDTH + _DROPPED] += number

    def load_ended(self, *, well: bool) -> None:
        """Note that the configuration was loaded, or that a new one was refused."""
        if well:
            self._whole[0] = time.time()
        else:
            self._whole[1] += 1

    @property
    def stopping(self) -> bool:
        """Whether the server has been told to stop."""
        return bool(self._whole[2])

    def stop(self) -> None:
        self._whole[2] = 1

    def text(self) -> bytes:
        """Everything, in Prometheus' text format 0.0.4."""
        from prometheus_client import generate_latest  # noqa: PLC0415  # a tenth of the start

        return generate_latest(self)

    def collect(self) -> Iterator["Metric"]:
        """The metrics, as Prometheus' library asks a collector for them."""
        from prometheus_client.core import (  # noqa: PLC0415  # as in `text`
            CounterMetricFamily,
            GaugeMetricFamily,
        )

        sums = [sum(self._cells[cell::_WIDTH]) for cell in range(_WIDTH)]
        requests = CounterMetricFamily(
            "autoconfig_requests", "Answers.", labels=("format", "offer_class", "status")
        )
        for labels, cell in _CELLS.items():
            if sums[cell]:
                requests.add_metric(labels, sums[cell])
        yield requests
        times = sums[len(_CELLS) : _SUM + 1]
        yield _histogram("autoconfig_seconds", "Time that an answer took.", SECONDS, times)
        yield GaugeMetricFamily(
            "autoconfig_configuration_age_seconds",
            "Time since the configuration in force was loaded.",
            time.time() - self._whole[0],
        )
        yield CounterMetricFamily(
            "autoconfig_reload_failures", "Configurations that were refused.", self._whole[1]
        )
        yield CounterMetricFamily(
            "autoconfig_log_lines_dropped",
            "Lines of the access log that nobody took in time.",
            sums[_DROPPED],
        )
        look_ups = CounterMetricFamily(
            "autoconfig_lookups", "Look-ups in the DNS.", labels=("result",)
        )
        for result in RESULTS:
            if result != HIT:
                look_ups.add_metric((result,), sums[_RESULT_CELL[result]])
        yield look_ups
        yield CounterMetricFamily(
            "autoconfig_lookup_cache_hits",
            "Questions for which a look-up's result was kept.",
            sums[_RESULT_CELL[HIT]],
        )
        times = sums[_LOOK_UPS:]
        about = "Time that a look-up in the DNS took."
        yield _histogram("autoconfig_lookup_seconds", about, LOOK_UP_SECONDS, times)


def _histogram(name: str, about: str, bounds: Sequence[float], cells: Sequence[float]) -> "Metric":
    """`cells`: the buckets, the one without bound, and the sum."""
    from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415  # as in `text`

    *buckets, total = cells
    counts = accumulate(buckets)
    return HistogramMetricFamily(
        name, about, [*zip((*map(str, bounds), "+Inf"), counts, strict=True)], total
    )


def _shared(length: int) -> "memoryview[float]":
    """Zeros that forked processes have in common, without a file of any kind."""
    return memoryview(mmap.mmap(-1, length * struct.calcsize("d"))).cast("d")


def _lives(pid: int) -> bool:
    with suppress(OSError):
        os.kill(pid, 0)
        return pid != 0
    return False

"""What a process keeps of its look-ups, whatever configuration is in force."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from autoconfig.detect.rule import Confidence, Finding
from autoconfig.names import Domain

if TYPE_CHECKING:  # a server that looks nothing up needs no event loop
    from autoconfig.detect.flights import Flights

MOST_LOOKUPS = 64
"""Requests that may wait for look-ups at once; each has a thread."""
MOST_KEPT = 100_000
"""Domains of which the findings are kept; with more, those that were asked for the longest ago go.
They take some 47 MB.
"""
LEAST_FRESH, MOST_FRESH = 60, 3600
"""Seconds for which a service that was found is taken for that of the domain; its TTL decides
between them.
"""
NOTHING_FRESH = 300
"""The same where no service was found: most often, somebody is about to set the zone up."""
FAILURE_FRESH = 30
"""Seconds for which the DNS is left alone after a look-up that failed."""
GOOD = 86400
"""Seconds for which a service that was found goes on, where look-ups fail after that."""

FAILED = Finding(Confidence.FAILED)
SERVED = frozenset({Confidence.KNOWN, Confidence.GUESS})
"""The findings that name a service."""
HIT, REFUSED = "hit", "refused"
"""Results beside those of look-ups: a finding was kept, or too many requests waited already."""


class _Kept(NamedTuple):
    finding: Finding
    fresh_until: float
    good_until: float


class Findings:
    """The findings of a process, and the look-ups that are under way.

    `most`: how many requests may wait for look-ups at once. `flights`: by the process that makes
    them. `clock`: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, kept: int = MOST_KEPT) -> None:
        self.most = MOST_LOOKUPS
        self.clock = clock
        self.flights: dict[int, Flights] = {}
        self._most_kept = kept
        # No lock: each of its operations is one for the interpreter.
        self._kept: OrderedDict[Domain, _Kept] = OrderedDict()

    def fresh(self, domain: Domain) -> Finding | None:
        """What was found a short time ago, a failure too."""
        kept = self._kept.get(domain)
        if kept is None or kept[1] <= self.clock():
            return None
        try:  # noqa: SIM105  # a fifth of the time
            self._kept.move_to_end(domain)
        except KeyError:  # another thread has just let it go
            pass
        return kept[0]

    def good(self, domain: Domain) -> Finding | None:
        """The service that was found within a day."""
        kept = self._kept.get(domain)
        return kept.finding if kept and kept.good_until > self.clock() else None

    def keep(self, domain: Domain, finding: Finding, ttl: int) -> None:
        """Keep what a look-up found. `ttl`: seconds, as the zone says."""
        now = self.clock()
        if finding.confidence in SERVED:
            fresh = max(LEAST_FRESH, min(ttl, MOST_FRESH))
            self._put(domain, _Kept(finding, now + fresh, now + GOOD))
        else:
            self._put(domain, _Kept(finding, now + NOTHING_FRESH, now))

    def keep_failure(self, domain: Domain) -> Finding:
        """Note that a look-up failed, and give what goes on instead: what was good, or `FAILED`."""
        now = self.clock()
        kept = self._kept.get(domain)
        if kept is None or kept.good_until <= now:
            kept = _Kept(FAILED, now, now)
        self._put(domain, kept._replace(fresh_until=now + FAILURE_FRESH))
        return kept.finding

    def _put(self, domain: Domain, kept: _Kept) -> None:
        self._kept[domain] = kept
        self._kept.move_to_end(domain)
        while len(self._kept) > self._most_kept:
            self._kept.popitem(last=False)

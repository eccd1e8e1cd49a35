"""Many domains: asked side by side, told in order, and once more where the look-up failed."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from autoconfig.detect.records import LookUpFailed, Mx, Records
from autoconfig.detect.rule import Confidence
from autoconfig.detect.signs import Signs
from autoconfig.detect.survey import AT_ONCE, Detected, survey
from autoconfig.names import Domain
from autoconfig.offers.catalogue import load_catalogue

SIGNS = Signs.of(load_catalogue())
DOMAINS = [Domain(f"customer-{number}.example") for number in range(3 * AT_ONCE)]


class Zones:
    """Name servers that say the same of every domain, after `failures` of its look-ups."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.asked: Counter[Domain] = Counter()
        self.at_once = self.most = 0

    async def ask(self, domain: Domain) -> Records:
        self.asked[domain] += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        for _ in range(hash(domain) % 7 + 1):  # they end in another order than they begin
            await asyncio.sleep(0)
        self.at_once -= 1
        if self.asked[domain] <= self.failures:
            raise LookUpFailed(f"SERVFAIL {self.asked[domain]}")
        return Records(mx=(Mx(10, "mx.example.com"),))


def surveyed(zones: Zones, domains: Sequence[Domain] = DOMAINS) -> tuple[list[Detected], int]:
    """What was found, and how many domains were said to be settled."""
    settled: list[int] = []
    found = asyncio.run(survey(domains, zones.ask, SIGNS, settled.append))
    return found, sum(settled)


def test_domains_are_told_in_their_order() -> None:
    found, settled = surveyed(Zones())
    assert [each.domain for each in found] == DOMAINS
    assert {each.finding.confidence for each in found} == {Confidence.NONE}
    assert settled == len(DOMAINS)


def test_as_many_domains_are_asked_at_once_as_may_be_and_no_more() -> None:
    zones = Zones()
    surveyed(zones)
    assert zones.most == AT_ONCE


def test_domain_is_asked_once_if_there_is_an_answer() -> None:
    zones = Zones()
    surveyed(zones)
    assert set(zones.asked.values()) == {1}


def test_look_up_that_fails_is_made_once_more() -> None:
    zones = Zones(failures=1)
    found, settled = surveyed(zones)
    assert set(zones.asked.values()) == {2}
    assert {each.finding.confidence for each in found} == {Confidence.NONE}
    assert settled == len(DOMAINS)


def test_look_up_that_fails_twice_is_failed_and_never_none() -> None:
    found, settled = surveyed(Zones(failures=2))
    assert [each.domain for each in found] == DOMAINS
    assert {(each.finding.confidence, each.failure) for each in found} == {
        (Confidence.FAILED, "SERVFAIL 2")
    }
    assert settled == len(DOMAINS)


def test_interrupted_survey_leaves_no_task_behind() -> None:
    async def interrupted() -> int:
        zones = Zones()
        task = asyncio.create_task(survey(DOMAINS, zones.ask, SIGNS, lambda _: None))
        while not zones.most:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return len(asyncio.all_tasks())

    assert asyncio.run(interrupted()) == 1

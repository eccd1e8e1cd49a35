"""`autoconfig check` finds nothing to mend in a healthy domain, and asks each question once."""

from collections import Counter
from typing import NamedTuple

import pytest

from tests.real.world.case import Fault
from tests.real.world.checks import Ended, about, check
from tests.real.world.faults import HEALTHY, expected
from tests.real.world.odd_web import Asked
from tests.real.world.world import World

every_offer = pytest.mark.parametrize("case", HEALTHY, ids=lambda each: each.id)
TOLD_BY_DNS = [
    each
    for each in HEALTHY
    if each.id in ("mx-plan-eu", "zimbra-starter-eu", "email-pro-eu", "exchange-hosted-eu")
]
SOON = 5.0
"""Seconds that a busy machine may take for what takes one by itself."""


class Look(NamedTuple):
    """A check, and what the servers and the resolver of the world were asked for it."""

    ended: Ended
    asked: Counter[Asked]
    questions: Counter[tuple[str, str]]


@pytest.fixture(scope="module")
def looks(the_world: World) -> dict[str, Look]:
    """That of every healthy domain, by its id."""
    return {each.id: _look(the_world, each) for each in HEALTHY}


def _look(world: World, case: Fault) -> Look:
    ended = about(world, case, before=world.forget)
    return Look(ended, Counter(world.asked()), Counter(world.questions()))


@every_offer
def test_there_is_nothing_to_mend(case: Fault, looks: dict[str, Look]) -> None:
    ended = looks[case.id].ended
    checked = ended.checked()
    assert checked.results == expected(case)
    assert checked.found["problems"] == []
    assert {each["result"] for each in checked.found["mail_servers"]} == {"ok"}
    assert ended.code == 0


@every_offer
def test_each_url_is_asked_once_by_each_version_of_ip(case: Fault, looks: dict[str, Look]) -> None:
    times = looks[case.id].asked
    assert len(times) > 50
    assert {asked for asked, number in times.items() if number > 1} == set()


@every_offer
def test_each_record_is_asked_once(case: Fault, looks: dict[str, Look]) -> None:
    times = looks[case.id].questions
    assert len(times) > 20
    assert {asked for asked, number in times.items() if number > 1} == set()


@every_offer
def test_it_is_soon_done(case: Fault, looks: dict[str, Look]) -> None:
    assert looks[case.id].ended.seconds < SOON


@pytest.mark.parametrize("case", TOLD_BY_DNS, ids=lambda each: each.id)
def test_the_dns_tells_the_offer_where_nobody_else_does(case: Fault, the_world: World) -> None:
    checked = check(the_world, str(case.domain)).checked()
    assert checked.found["told_by"] == "dns"
    assert checked.found["offer"] == case.offer

"""What a check costs those whom it asks, and how long it may take."""

from collections import Counter

import pytest

from tests.real.world.case import Fault
from tests.real.world.checks import about
from tests.real.world.faults import FAULTS, HEALTHY
from tests.real.world.world import World

BY_ID = {each.id: each for each in (*HEALTHY, *FAULTS)}
START = 4.0
"""Seconds that a busy machine may take to start the command and to end it."""


@pytest.mark.parametrize("case", HEALTHY, ids=lambda each: each.id)
def test_each_url_is_asked_once_by_each_version_of_ip(case: Fault, the_world: World) -> None:
    the_world.forget()
    about(the_world, case)
    times = Counter(the_world.asked())
    assert len(times) > 50
    assert {asked for asked, number in times.items() if number > 1} == set()


@pytest.mark.parametrize("case", HEALTHY, ids=lambda each: each.id)
def test_each_record_is_asked_once(case: Fault, the_world: World) -> None:
    the_world.forget()
    about(the_world, case)
    times = Counter(the_world.questions())
    assert len(times) > 20
    assert {asked for asked, number in times.items() if number > 1} == set()


@pytest.mark.parametrize("id", ["everything-hangs", "silent-zone", "trickle", "hostile-endless"])
def test_check_ends_where_nothing_does(id: str, the_world: World) -> None:  # noqa: A002  the case's
    assert about(the_world, BY_ID[id]).seconds < 6.0 + START


def test_check_is_quick_where_all_answers_at_once(the_world: World) -> None:
    assert about(the_world, BY_ID["mx-plan-eu"]).seconds < 1.0 + START

"""`autoconfig check` says of each fault what every mail program comes to, and what to mend."""

import pytest

from tests.real.world.case import Fault
from tests.real.world.checks import Checked, Ended, about, all_about
from tests.real.world.faults import FAULTS, HEALTHY, expected
from tests.real.world.world import World

every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.id)
every_offer = pytest.mark.parametrize("case", HEALTHY, ids=lambda each: each.id)
BAD = {"wrong", "nothing", "undecided"}


@pytest.fixture(scope="module")
def ended(the_world: World) -> dict[str, Ended]:
    """The checks of all faults."""
    return all_about(the_world, FAULTS)


@pytest.fixture
def checked(fault: Fault, ended: dict[str, Ended]) -> Checked:
    """That of a fault."""
    return ended[fault.id].checked()


@every_fault
def test_verdicts_are_those_of_the_facts(fault: Fault, checked: Checked) -> None:
    wanted = expected(fault)
    assert {each: checked.results[each] for each in wanted} == wanted


@every_fault
def test_problem_is_told(fault: Fault, checked: Checked) -> None:
    assert set(fault.problems) <= checked.problems


@every_fault
def test_every_problem_has_a_cure(fault: Fault, checked: Checked) -> None:
    assert all(each["what"] and each["cure"] for each in checked.found["problems"])


@every_fault
def test_exit_code_tells_whether_a_program_fails(fault: Fault, ended: dict[str, Ended]) -> None:
    verdicts = ended[fault.id].checked().found["verdicts"]
    bad = any(each["counts"] and each["result"] in BAD for each in verdicts)
    assert ended[fault.id].code == (1 if bad else 0)


@every_offer
def test_healthy_domain_has_no_problem(case: Fault, the_world: World) -> None:
    ended = about(the_world, case)
    checked = ended.checked()
    assert checked.results == expected(case)
    assert checked.found["problems"] == []
    assert {each["result"] for each in checked.found["mail_servers"]} == {"ok"}
    assert ended.code == 0

"""`autoconfig check` says of each fault what every mail program comes to, and what to mend."""

import pytest

from autoconfig.zone.hosts import alike
from tests.real.world.addresses import OURS
from tests.real.world.case import Fault
from tests.real.world.checks import Checked, Ended, about, check
from tests.real.world.faults import FAULTS, expected
from tests.real.world.world import World
from tests.support.services import service_of

BY_ID = {each.id: each for each in FAULTS}
every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.id)
BAD = {"wrong", "nothing", "undecided"}
PATIENCE, START = 6.0, 4.0
"""Seconds: of the command where nobody answers; of a busy machine, to start it and to end it."""


@pytest.fixture
def checked(fault: Fault, ended: dict[str, Ended]) -> Checked:
    """That of a fault."""
    return ended[fault.id].checked()


@every_fault
def test_verdicts_are_those_of_the_facts(fault: Fault, checked: Checked) -> None:
    wanted = expected(fault)
    assert {each: checked.results[each] for each in wanted} == wanted


@every_fault
def test_servers_are_those_of_the_service_where_all_is_right_alone(
    fault: Fault, checked: Checked
) -> None:
    service = service_of(fault.boss) if fault.boss else fault.service
    known = {
        (each.protocol, host, each.port, each.socket)
        for each in service.servers
        for host in (each.host, *alike(service, each.protocol))
    }
    for verdict in checked.found["verdicts"]:
        of_mail = [each for each in verdict["servers"] if not each["url"]]
        named = {
            tuple(each[key] for key in ("protocol", "host", "port", "socket")) for each in of_mail
        }
        if verdict["result"] in ("right", "asks"):
            assert named <= known, verdict
        if verdict["result"] == "wrong":
            assert named - known or len(of_mail) < len(verdict["servers"]), verdict


@every_fault
def test_problem_is_told(fault: Fault, checked: Checked) -> None:
    assert set(fault.problems) <= checked.problems


@every_fault
def test_every_problem_is_told_once_with_its_cure(fault: Fault, checked: Checked) -> None:
    told = [each["what"] for each in checked.found["problems"]]
    assert len(told) == len(set(told))
    assert all(each["what"] and each["cure"] for each in checked.found["problems"])


@every_fault
def test_exit_code_tells_whether_a_program_fails(fault: Fault, ended: dict[str, Ended]) -> None:
    verdicts = ended[fault.id].checked().found["verdicts"]
    bad = any(each["counts"] and each["result"] in BAD for each in verdicts)
    assert ended[fault.id].code == (1 if bad else 0)


@every_fault
def test_command_ends_in_time(fault: Fault, ended: dict[str, Ended]) -> None:
    assert ended[fault.id].seconds < PATIENCE + START


def test_nothing_is_fetched_that_an_answer_names(the_world: World) -> None:
    the_world.forget()
    assert about(the_world, BY_ID["hostile-outside"]).found
    assert [asked for asked in the_world.asked() if asked.host == "www.hoster.example"] == []


def test_server_is_checked_before_the_dns_leads_to_it(the_world: World) -> None:
    """`--connect-to`, as curl has it: the name does not exist yet."""
    fault = BY_ID["no-such-name"]
    ways = (
        word
        for port in (80, 443)
        for word in ("--connect-to", f"autoconfig.{fault.domain}:{port}:{OURS.four}:{port}")
    )
    results = check(the_world, fault.subject, "--config", str(the_world.config), *ways)
    assert results.checked().results["thunderbird"] == "right"

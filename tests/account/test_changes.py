"""From a plan to single writes: their order, the check before them, and what a failure leaves."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from autoconfig.account.changes import Moved, Work, Writing, recheck
from autoconfig.account.client import Account
from autoconfig.account.journal import Journal, read_journal
from autoconfig.account.refusals import AccountError, Unsettled
from autoconfig.account.zones import Zones
from autoconfig.names import Domain
from autoconfig.zone.plan import Entry, Plan, Why
from autoconfig.zone.record import Record
from tests.support.ovh_api import Fault, Server, StoredZone, faults
from tests.support.ovh_api.answers import Answer, bad

ZONE = Domain("example.fr")
NAME = f"autoconfig.{ZONE}."


def record(text: str) -> Record:
    kind, _, value = text.partition(" ")
    return Record(NAME, kind, value)


def work(account: Account, gone: Sequence[str], new: Sequence[str]) -> Work:
    """The work by which records go from a name and come there, in the zone as it is now."""
    coming, going = (
        tuple(Entry(record(each), Why.AS_BEFORE, needed=True) for each in some)
        for some in (new, gone)
    )
    return Work.of([Plan(ZONE, None, coming, delete=going)], Zones(account).copy(ZONE), {})


def put(zone: StoredZone, *records: str) -> None:
    """Let a name of the zone have these records and no others."""
    zone.edited.clear()
    for each in records:
        kind, _, value = each.partition(" ")
        zone.put("autoconfig", kind, value)


ALIAS, OTHER_ALIAS = "CNAME us.example.org.", "CNAME old.example.net."
OLD_4, OLD_6, NEW_4, NEW_6 = "A 192.0.2.1", "AAAA 2001:db8::1", "A 192.0.2.9", "AAAA 2001:db8::9"


@pytest.mark.parametrize(
    ("there", "wanted", "writes"),
    [
        ([], [ALIAS], [f"create {ALIAS}"]),
        ([OTHER_ALIAS], [], [f"delete {OTHER_ALIAS}"]),
        ([OTHER_ALIAS], [ALIAS], [f"replace {ALIAS} (was old.example.net.)"]),
        ([OLD_4, OLD_6], [ALIAS], [f"delete {OLD_4}", f"delete {OLD_6}", f"create {ALIAS}"]),
        ([ALIAS], [NEW_4, NEW_6], [f"delete {ALIAS}", f"create {NEW_4}", f"create {NEW_6}"]),
        ([OLD_4, OLD_6], [NEW_6], [f"delete {OLD_4}", f"replace {NEW_6} (was 2001:db8::1)"]),
        ([OLD_4], [NEW_4, NEW_6], [f"replace {NEW_4} (was 192.0.2.1)", f"create {NEW_6}"]),
        ([OLD_4, OLD_4], [], [f"delete {OLD_4}", f"delete {OLD_4}"]),
    ],
    ids=["new", "gone", "alias", "to alias", "from alias", "one left", "one more", "twice there"],
)
def test_what_goes_comes_before_what_comes(
    account: Account, zone: StoredZone, there: list[str], wanted: list[str], writes: list[str]
) -> None:
    """A record whose type stays is changed in one call; one that is there twice goes twice."""
    put(zone, *there)
    (found,) = recheck(work(account, there, wanted), Zones(account), bool)
    assert [str(each).replace(f"{NAME} ", "") for each in found] == writes


@pytest.mark.parametrize(
    ("there", "wanted", "number"),
    [([OLD_4, OLD_6], [ALIAS], 3), ([OLD_4], [NEW_4, NEW_6], 2), ([ALIAS], [OTHER_ALIAS], 1)],
)
def test_writes_are_counted_before(
    account: Account, zone: StoredZone, there: list[str], wanted: list[str], number: int
) -> None:
    put(zone, *there)
    task = work(account, there, wanted)
    (found,) = recheck(task, Zones(account), bool)
    assert task.writes == len(found) == number


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ([], f"{NAME} {OLD_4}"),
        ([NEW_4], f"{NAME} {OLD_4}, {NAME} {NEW_4}"),
        ([OLD_4, 'TXT "mine"'], f'{NAME} TXT "mine"'),
    ],
    ids=["gone", "another", "one more"],
)
def test_zone_that_has_changed_since_the_plan_is_not_written(
    account: Account, zone: StoredZone, then: list[str], told: str
) -> None:
    put(zone, OLD_4)
    task = work(account, [OLD_4], [ALIAS])
    put(zone, *then)
    with pytest.raises(Moved, match="somebody has changed the zone") as moved:
        recheck(task, Zones(account), bool)
    assert f"({told})" in str(moved.value)


def test_change_at_another_name_is_none_of_ours(account: Account, zone: StoredZone) -> None:
    put(zone, OLD_4)
    task = work(account, [OLD_4], [ALIAS])
    zone.put("www", "A", "192.0.2.7")
    zone.put("autoconfig", "MX", "1 mx1.example.net.")
    assert recheck(task, Zones(account), bool)


def test_work_that_is_only_a_refresh_reads_no_record(account: Account, server: Server) -> None:
    assert recheck(work(account, [], []), Zones(account), bool) == ()
    assert server.called() == [f"GET /domain/zone/{ZONE}/export"]


@pytest.mark.parametrize(
    ("gone", "new", "rules"),
    [
        ([], [ALIAS], {"POST record"}),
        ([ALIAS], [], {"DELETE record/0"}),
        ([ALIAS], [OTHER_ALIAS], {"PUT record/0"}),
        ([OLD_4, OLD_6], [ALIAS], {"POST record", "DELETE record/0"}),
        ([OLD_4], [NEW_4, NEW_6], {"POST record", "PUT record/0"}),
    ],
)
def test_calls_of_a_work_are_known_before(
    account: Account, gone: list[str], new: list[str], rules: set[str]
) -> None:
    calls = work(account, gone, new).calls
    wanted = {*rules, "POST refresh"}
    assert {f"{method} {path.removeprefix(f'/domain/zone/{ZONE}/')}" for method, path in calls} == (
        wanted
    )


# ---------------------------------------------------------------------------------------- writing


def write(account: Account, task: Work, told: list[str]) -> None:
    names = recheck(task, Zones(account), bool)
    with Journal(Path("journal")) as journal:
        writing = Writing(task, account, journal, lambda change: told.append(str(change)))
        writing.write(names)
        writing.refresh()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def kinds(path: Path = Path("journal")) -> list[str]:
    return [type(line).__name__ for line in read_journal(path)]


def test_zone_is_refreshed_once_when_all_is_written(
    account: Account, zone: StoredZone, server: Server
) -> None:
    put(zone, OLD_4, OLD_6)
    told: list[str] = []
    write(account, work(account, [OLD_4, OLD_6], [ALIAS]), told)
    assert zone.lines(served=True) == zone.lines() == [f"autoconfig 3600 {ALIAS}"]
    assert [call.split()[0] for call in server.called("POST", "DELETE", "PUT")] == [
        *("DELETE", "DELETE", "POST", "POST")
    ]
    assert len(told) == 3
    assert kinds() == ["Was", *("Write", "Done") * 3, "Refresh", "Refreshed"]


REFUSED = faults.refuse(bad("no"))


def done(effect: faults.Effect) -> Answer:
    """No fault."""
    return effect()


def test_record_that_went_for_one_that_cannot_come_is_put_back(
    account: Account, zone: StoredZone, server: Server
) -> None:
    """As the API had it: its spelling and its time."""
    zone.edited.clear()
    zone.put("autoconfig", "CNAME", "Old", 600)
    there = zone.lines()
    server.faults.append(Fault(REFUSED, method="POST", times=1))
    told: list[str] = []
    with pytest.raises(AccountError, match="no"):
        write(account, work(account, ["CNAME old.example.fr."], [NEW_4, NEW_6]), told)
    assert zone.lines() == there
    assert told[-1] == f"put back {NAME} CNAME old.example.fr."
    assert kinds() == ["Was", "Write", "Done", "Write", "Write", "Done"]
    assert zone.refreshed == 0


def test_record_that_cannot_be_put_back_is_said(
    account: Account, zone: StoredZone, server: Server
) -> None:
    put(zone, OTHER_ALIAS)
    server.faults.append(Fault(REFUSED, method="POST"))
    with pytest.raises(AccountError, match=f"{NAME} {OTHER_ALIAS} could not be put back: "):
        write(account, work(account, [OTHER_ALIAS], [NEW_4]), [])
    assert zone.lines() == []


def test_nothing_is_put_back_beside_what_has_come(
    account: Account, zone: StoredZone, server: Server
) -> None:
    put(zone, OTHER_ALIAS)
    task = work(account, [OTHER_ALIAS], [NEW_4, NEW_6])
    server.faults += [Fault(done, method="POST", times=1), Fault(REFUSED, method="POST")]
    with pytest.raises(AccountError):
        write(account, task, [])
    assert zone.lines() == [f"autoconfig 3600 {NEW_4}"]


def test_nothing_is_put_back_where_nothing_was_to_come(
    account: Account, zone: StoredZone, server: Server
) -> None:
    put(zone, OLD_4, OLD_6)
    server.faults += [Fault(done, method="DELETE", times=1), Fault(REFUSED, method="DELETE")]
    with pytest.raises(AccountError):
        write(account, work(account, [OLD_4, OLD_6], []), [])
    assert zone.lines() == [f"autoconfig 0 {OLD_6}"]


def test_nothing_is_put_back_where_the_new_record_may_have_come(
    account: Account, zone: StoredZone, server: Server
) -> None:
    put(zone, OTHER_ALIAS)
    server.faults.append(Fault(faults.broken_after, method="POST"))
    with pytest.raises(Unsettled):
        write(account, work(account, [OTHER_ALIAS], [NEW_4]), [])
    assert zone.lines() == [f"autoconfig 3600 {NEW_4}"]
    assert kinds()[-1] == "Write"

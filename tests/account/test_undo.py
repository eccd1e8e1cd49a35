"""The way back from a journal to what a zone was, as far as it is as the journal left it."""

import pytest

from autoconfig.account.journal import Done, Line, Refreshed, Was, Write
from autoconfig.account.undo import read_back, way_back
from autoconfig.account.zones import Copy, Stored
from autoconfig.names import Domain
from autoconfig.zone.plan import Plan, What
from autoconfig.zone.text import read_zone

ZONE = Domain("example.fr")
OLD, NEW = "autoconfig CNAME old.example.net.", "autoconfig CNAME us.example.org."
FOUR, SIX = "autodiscover A 192.0.2.1", "autodiscover AAAA 2001:db8::1"
ALIAS = "autodiscover CNAME us.example.org."
SERVER = "_imaps._tcp SRV 0 1 993 mail.example.net."
THEIRS = "autoconfig CNAME theirs.example.com."
BESIDE = 'www TXT "mine"'


def stored(text: str | None) -> Stored | None:
    if text is None:
        return None
    name, kind, target = text.split(" ", 2)
    return Stored(name, kind, target)


def journal(was: list[str], *writes: tuple[str | None, str | None]) -> list[Line]:
    """A journal of writes, each of an old and a new record."""
    lines: list[Line] = [Was(ZONE, "\n".join(was))]
    for number, (old, new) in enumerate(writes, 1):
        lines += [Write(ZONE, number, stored(old), stored(new)), Done(ZONE, number)]
    return lines


def back(lines: list[Line], now: list[str]) -> Plan:
    text = "\n".join(now)
    before = read_back(lines)[ZONE]
    return way_back(before, Copy(read_zone(text, ZONE, "now"), text))[0]


def told(plan: Plan) -> list[str]:
    """The plan, each entry in the words of these tests."""
    words = {"create": plan.create, "delete": plan.delete}
    lines = [f"{word} {said(each.record)}" for word, some in words.items() for each in some]
    return [
        *lines,
        *(f"{said(each.record)} for {said(each.old)}" for each in plan.replace if each.old),
    ]


def said(record: tuple[object, ...]) -> str:
    name, kind, value = map(str, record[:3])
    return f"{name.removesuffix(f'.{ZONE}.')} {kind} {value}"


WRITES = ((OLD, NEW), (FOUR, None), (SIX, None), (None, ALIAS), (None, SERVER))
WAS = [OLD, FOUR, SIX, BESIDE]
ALL_BACK = [
    *(f"create {SIX}", f"delete {SERVER}", f"{OLD} for {NEW}", f"{FOUR} for {ALIAS}"),
]


@pytest.mark.parametrize(
    ("now", "plan"),
    [
        ([NEW, ALIAS, SERVER, BESIDE], ALL_BACK),
        (WAS, []),
        ([NEW, FOUR, SIX, BESIDE], [f"{OLD} for {NEW}"]),
        ([OLD, SIX, BESIDE], [f"create {FOUR}"]),
        ([OLD, BESIDE], [f"create {FOUR}", f"create {SIX}"]),
        ([OLD, ALIAS, BESIDE], [f"create {SIX}", f"{FOUR} for {ALIAS}"]),
        ([OLD, FOUR, SIX], []),
        ([NEW, ALIAS, SERVER, "www A 192.0.2.7"], ALL_BACK),
    ],
    ids=[
        *("all written", "none written", "one written", "one gone", "both gone"),
        *("alias come", "other name gone", "other name changed"),
    ],
)
def test_what_is_there_decides_what_leads_back(now: list[str], plan: list[str]) -> None:
    """Whichever of the writes were done, and whether the journal knows of it or not."""
    lines = journal(WAS, *WRITES)
    assert told(back(lines, now)) == plan
    assert told(back([line for line in lines if not isinstance(line, Done)], now)) == plan


def test_name_that_somebody_has_changed_since_is_left_alone() -> None:
    plan = back(journal(WAS, *WRITES), [THEIRS, ALIAS, SERVER])
    assert told(plan) == [f"create {SIX}", f"delete {SERVER}", f"{FOUR} for {ALIAS}"]
    assert [(each.what, dict(each.values)) for each in plan.remarks] == [
        (What.LEFT_ALONE, {"name": "autoconfig.example.fr."})
    ]


def test_record_beside_that_was_there_before_is_nobodys_change() -> None:
    other = "_imaps._tcp SRV 0 1 993 other.example.net."
    lines = journal([other], (None, SERVER))
    assert told(back(lines, [other, SERVER])) == [f"delete {SERVER}"]


def test_record_that_was_put_back_was_there_before() -> None:
    lines = journal(WAS, (OLD, None), (None, OLD))
    assert told(back(lines, [FOUR])) == [f"create {OLD}"]
    assert told(back(lines, [OLD])) == []


def test_record_comes_back_as_the_api_had_it() -> None:
    old = Stored("AutoConfig", "CNAME", "old", 600)
    lines: list[Line] = [Was(ZONE, "www A 192.0.2.1"), Write(ZONE, 1, old, stored(NEW))]
    before = read_back(lines)[ZONE]
    _, work = way_back(before, Copy(read_zone(NEW, ZONE, "now"), NEW))
    (record,) = work.new
    assert work.spelled[record.said] == old


def test_journal_of_several_zones_is_read_by_zone() -> None:
    other = Domain("example.com")
    lines = [*journal(WAS, *WRITES), Was(other, "@ A 192.0.2.1"), Refreshed(other)]
    assert read_back(lines).keys() == {ZONE, other}


def test_journal_whose_first_line_is_missing_still_leads_back() -> None:
    lines = journal(WAS, *WRITES)[1:]
    assert told(back(lines, [NEW, ALIAS, SERVER])) == ALL_BACK

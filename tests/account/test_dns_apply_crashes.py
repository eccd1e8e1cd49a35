"""`autoconfig dns --apply` that breaks off at any call, and what the next run makes of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from click.testing import Result

from autoconfig.account.client import Account
from tests.support.applying import DOMAIN, MX, Customer, customer, end
from tests.support.ovh_api import Fault, StoredZone, faults

ZONE = f"""
{MX}
autoconfig CNAME old.example.net.
autodiscover A 192.0.2.20
autodiscover AAAA 2001:db8::20
_autodiscover._tcp SRV 0 0 443 old.example.net.
_imaps._tcp SRV 0 0 {end("imap", "SSL")}
_pop3s._tcp SRV 0 0 {end("pop3", "SSL")}
_submissions._tcp SRV 0 0 {end("smtp", "SSL")}
_imap._tcp SRV 0 0 0 .
_pop3._tcp SRV 0 0 0 .
"""
"""A zone whose plan has each kind of change, and few more."""


Run: TypeAlias = Callable[[], Result]


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Customer]:
    with customer(tmp_path, monkeypatch, ZONE) as owner:
        yield owner


class Killed(BaseException):
    """The process ends, and none of its code runs any more."""


class _From(Fault):
    """Acts at a call; at all that follow, there is no network."""

    def __init__(self, number: int, act: Callable[[faults.Effect], None]) -> None:
        super().__init__(act, number)

    def meets(self, number: int, method: str, path: str) -> bool:
        assert self.number is not None
        if number > self.number:
            self.act = faults.broken_before
        return number >= self.number


class Break(NamedTuple):
    """What breaks a run off at a call: its connection, before its effect or after it.

    `killed`: the process ends there, too, and the journal with it.
    """

    act: Callable[[faults.Effect], None]
    killed: bool

    def at(self, number: int, owner: Customer, run: Run) -> None:
        """Run, and break off there."""
        owner.server.calls.clear()
        owner.server.faults = [_From(number, self.act)]
        with pytest.MonkeyPatch.context() as patch:
            if self.killed:
                patch.setattr(Account, "_send", _killed_at(number, owner, Account._send))
                with pytest.raises(Killed):
                    run()
            else:
                assert run().exit_code == 1
        owner.server.faults = []


def _killed_at(number: int, owner: Customer, send: Callable[..., Any]) -> Callable[..., Any]:
    def sending(*arguments: Any) -> Any:
        answer = send(*arguments)
        if len(owner.server.calls) >= number:
            raise Killed
        return answer

    return sending


BREAKS = {
    "lost": Break(faults.broken_before, killed=False),
    "done": Break(faults.broken_after, killed=False),
    "killed before": Break(faults.broken_before, killed=True),
    "killed after": Break(faults.broken_after, killed=True),
}
KILLS = {name: each for name, each in BREAKS.items() if each.killed}
"""Those that leave least behind."""


def begin(owner: Customer) -> None:
    """The zone as it was, and no journal."""
    for path in owner.journals():
        path.unlink()
    owner.state.zones[DOMAIN] = StoredZone.of(DOMAIN, ZONE)


def calls(owner: Customer, run: Run) -> tuple[range, range]:
    """The numbers of the calls of a whole run: those before the first write, and the others."""
    owner.server.calls.clear()
    assert run().exit_code == 0
    methods = [call.method for call in owner.server.calls]
    first = next(number for number, method in enumerate(methods, 1) if method != "GET")
    return range(1, first), range(first, len(methods) + 1)


def test_run_that_breaks_off_before_its_first_write_changes_nothing(owner: Customer) -> None:
    begin(owner)
    was = owner.zone.lines()
    reads, _ = calls(owner, owner.apply)
    for number in reads:
        begin(owner)
        Break(faults.broken_before, killed=True).at(number, owner, owner.apply)
        assert owner.zone.lines() == was
        assert owner.journals() == []


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_next_run_mends_what_a_broken_one_left(owner: Customer, broken: Break) -> None:
    """The wanted zone is there and served, each record once; and the journals lead back."""
    begin(owner)
    was = owner.zone.lines()
    _, writes = calls(owner, owner.apply)
    wanted = owner.zone.lines()
    assert len(writes) == 7
    for number in writes:
        begin(owner)
        broken.at(number, owner, owner.apply)
        assert owner.apply().exit_code == 0, number
        assert owner.zone.lines(served=True) == owner.zone.lines() == wanted, number
        for journal in reversed(owner.journals()):
            owner.run("--undo", str(journal), "--yes")
        assert owner.zone.lines(served=True) == owner.zone.lines() == was, number


@pytest.mark.parametrize("broken", KILLS.values(), ids=KILLS)
def test_broken_run_is_undone_at_once(owner: Customer, broken: Break) -> None:
    begin(owner)
    was = owner.zone.lines()
    _, writes = calls(owner, owner.apply)
    for number in writes:
        begin(owner)
        broken.at(number, owner, owner.apply)
        (journal,) = owner.journals()
        assert owner.run("--undo", str(journal), "--yes").exit_code == 0, number
        assert owner.zone.lines(served=True) == owner.zone.lines() == was, number


@pytest.mark.parametrize("broken", KILLS.values(), ids=KILLS)
def test_undo_that_breaks_off_goes_on_when_it_is_run_again(owner: Customer, broken: Break) -> None:
    begin(owner)
    was = owner.zone.lines()
    owner.apply()
    (journal,) = owner.journals()
    written = owner.zone.edited

    def undo() -> Result:
        return owner.run("--undo", str(journal), "--yes")

    def begin_again() -> None:
        for path in owner.journals()[1:]:
            path.unlink()
        owner.zone.edited, owner.zone.served = dict(written), dict(written)

    begin_again()
    _, writes = calls(owner, undo)
    assert len(writes) == 7
    for number in writes:
        begin_again()
        broken.at(number, owner, undo)
        assert undo().exit_code == 0, number
        assert owner.zone.lines(served=True) == owner.zone.lines() == was, number

"""The changes of a zone: from a plan to single writes, each checked, noted and done.

The API knows no transaction. So the records are read again just before, a write is in the journal
before it is done, nothing is served until all of a zone is written, and the first failure ends it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from autoconfig.account.client import Account
from autoconfig.account.journal import Done, Journal, Refresh, Refreshed, Was
from autoconfig.account.refusals import AccountError, Unsettled
from autoconfig.account.zones import (
    SET_ASIDE,
    Copy,
    Held,
    Stored,
    ZoneEditor,
    Zones,
    zone_path,
)
from autoconfig.names import Domain
from autoconfig.zone.live import Interest
from autoconfig.zone.plan import Plan, What
from autoconfig.zone.record import Record

Said: TypeAlias = tuple[str, str, str]
Places: TypeAlias = Counter[tuple[str, str]]
"""Numbers of records, by name and type."""


class Moved(AccountError):
    """Somebody has changed a record since the plan was made. Nothing is written into its zone."""


class Create(NamedTuple):
    """A record comes."""

    new: Record

    def __str__(self) -> str:
        return f"create {self.new.line()}"


class Replace(NamedTuple):
    """A record becomes another one of its type, and its name is never without."""

    old: Held
    new: Record

    def __str__(self) -> str:
        return f"replace {self.new.line()} (was {self.old.record.value})"


class Delete(NamedTuple):
    """A record goes."""

    old: Held

    def __str__(self) -> str:
        return f"delete {self.old.record.line()}"


class PutBack(Create):
    """A record that went comes again, since what it went for cannot come."""

    def __str__(self) -> str:
        return f"put back {self.new.line()}"


Change: TypeAlias = Create | Replace | Delete
"""One write."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done in one zone.

    `copy`: the zone from which the plan was made. `gone`, `new`: the records that go, and those
    that come. `spelled`: how the API had a record that comes back. `interests`: the names at which
    name servers should serve all that. `stale`: whether the zone holds what was written earlier,
    and is not served.
    """

    copy: Copy
    gone: tuple[Record, ...]
    new: tuple[Record, ...]
    interests: Mapping[Domain, Interest]
    spelled: Mapping[Said, Stored] = field(default_factory=dict)
    stale: bool = False

    @classmethod
    def of(cls, plans: Sequence[Plan], copy: Copy, interests: Mapping[Domain, Interest]) -> "Work":
        """The work of the plans of all domains in a zone."""
        gone: dict[Said, Record] = {}
        new: dict[Said, Record] = {}
        for plan in plans:
            for entry in (*plan.replace, *plan.delete):
                old = entry.old or entry.record
                gone[old.said] = old
            for entry in (*plan.replace, *plan.create):
                new[entry.record.said] = entry.record
        stale = any(each.what is What.NOT_SERVED for plan in plans for each in plan.remarks)
        return cls(copy, tuple(gone.values()), tuple(new.values()), interests, stale=stale)

    @property
    def zone(self) -> Domain:
        """The name of the zone."""
        return self.copy.zone.origin

    @property
    def names(self) -> frozenset[str]:
        """The names at which something changes, absolute."""
        return frozenset(record.name for record in (*self.gone, *self.new))

    @property
    def after(self) -> tuple[Record, ...]:
        """The records of the zone when all is done."""
        gone = {record.said for record in self.gone}
        return (*(each for each in self.copy.zone.records if each.said not in gone), *self.new)

    @property
    def writes(self) -> int:
        """The number of changes: a record of a type may take the place of another one."""
        gone, new = self._counts
        return (gone | new).total()

    @property
    def _counts(self) -> tuple[Places, Places]:
        gone, new = (
            Counter((each.name, each.type) for each in some) for some in (self.gone, self.new)
        )
        return gone, new

    @property
    def calls(self) -> frozenset[tuple[str, str]]:
        """The kinds of calls that write it, each as a method and a path, by which rights go."""
        gone, new = self._counts
        path = zone_path(self.zone)
        counts = {
            ("POST", f"{path}/record"): new - gone,
            ("PUT", f"{path}/record/0"): new & gone,
            ("DELETE", f"{path}/record/0"): gone - new,
            ("POST", f"{path}/refresh"): 1,
        }
        return frozenset(call for call, count in counts.items() if count)


def recheck(
    work: Work, zones: Zones, read: Callable[[int], object]
) -> tuple[tuple[Change, ...], ...]:
    """Read the records at the names of the work again, and give the writes of each name.

    `read` is called with each number of records read. Raises `Moved` if they are not those from
    which the plan was made, `AccountError`.
    """
    held = [*zones.held(work.copy.zone, work.names, read)] if work.names else []
    now = {each.record.said for each in held}
    then = {
        record.said
        for record in work.copy.zone.records
        if record.name in work.names and record.type not in SET_ASIDE
    }
    if now != then:
        differing = ", ".join(" ".join(said) for said in sorted(now ^ then))
        raise Moved(
            f"somebody has changed the zone {work.zone} since the plan was made "
            f"({differing}): nothing is written into it"
        )
    names = dict.fromkeys(record.name for record in (*work.new, *work.gone))
    return tuple(tuple(_at(name, work, held)) for name in names)


def _at(name: str, work: Work, held: Sequence[Held]) -> Iterator[Change]:
    """The writes of a name: what goes comes before what comes.

    A CNAME stands alone (RFC 1034 section 3.6.2), so the API refuses it beside what is still
    there, and others beside it.
    """
    gone = {record.said for record in work.gone if record.name == name}
    old = [each for each in held if each.record.said in gone]
    new = [record for record in work.new if record.name == name]
    pairs = _pairs(old, new)
    replaced, coming = {pair.old for pair in pairs}, {pair.new for pair in pairs}
    yield from (Delete(each) for each in old if each not in replaced)
    yield from pairs
    yield from (Create(record) for record in new if record not in coming)


def _pairs(old: Iterable[Held], new: Sequence[Record]) -> list[Replace]:
    """Records of the same type, of which one can take the other's place."""
    pairs, coming = [], [*new]
    for each in old:
        same = next((record for record in coming if record.type == each.stored.type), None)
        if same:
            coming.remove(same)
            pairs.append(Replace(each, same))
    return pairs


class Writing:
    """The writing of one zone. `tell` is called with each change that is done."""

    def __init__(
        self, work: Work, account: Account, journal: Journal, tell: Callable[[Change], object]
    ) -> None:
        self._zone, self._text = work.zone, work.copy.text
        self._editor = ZoneEditor(account, self._zone, (*work.gone, *work.new))
        self._journal, self._tell = journal, tell
        self._spelled = dict(work.spelled)

    def write(self, names: Iterable[Sequence[Change]]) -> None:
        """Write the changes, name by name, and stop at the first failure.

        Raises `AccountError`, `OSError` of the journal.
        """
        self._journal.note(Was(self._zone, self._text))
        for changes in names:
            self._write_name(changes)

    def _write_name(self, changes: Sequence[Change]) -> None:
        """What goes for a record that can then not come is put back."""
        ended: list[Held] = []
        for change in changes:
            try:
                self._write(change)
            except Unsettled:  # it may have come
                raise
            except AccountError as error:
                if isinstance(changes[-1], Create):
                    self._put_back(ended, error)
                raise
            ended = [*ended, change.old] if isinstance(change, Delete) else []

    def _put_back(self, ended: Iterable[Held], failure: AccountError) -> None:
        for each in ended:
            self._spelled[each.record.said] = each.stored
            try:
                self._write(PutBack(each.record))
            except AccountError as error:
                message = f"{failure}; {each.record.line()} could not be put back: {error}"
                raise AccountError(message) from error

    def _write(self, change: Change) -> None:
        new = None if isinstance(change, Delete) else self._stored(change.new)
        old = None if isinstance(change, Create) else change.old
        number = self._journal.intend(self._zone, old, new)
        created = self._editor.write(old, new)
        self._journal.note(Done(self._zone, number, created))
        self._tell(change)

    def _stored(self, record: Record) -> Stored:
        return self._spelled.get(record.said) or Stored.of(record, self._zone)

    def refresh(self) -> None:
        """Have the zone served as it is. Raises as `write` does."""
        self._journal.note(Refresh(self._zone))
        self._editor.refresh()
        self._journal.note(Refreshed(self._zone))

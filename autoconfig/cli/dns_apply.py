"""`autoconfig dns --apply` and `--undo`: the plan is carried out in the customer's zones.

Nothing is written that has not been shown and agreed to, and everything written is in a journal.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import click

from autoconfig.account.changes import Change, PutBack, Work, Writing, recheck
from autoconfig.account.client import Account
from autoconfig.account.journal import Journal, left_behind, read_journal, unserved
from autoconfig.account.planning import Make, Sources, Task, plan_back, plan_domains, settles
from autoconfig.account.refusals import Refused
from autoconfig.account.rights import lacking
from autoconfig.account.served import is_served
from autoconfig.account.undo import read_back
from autoconfig.account.zones import SET_ASIDE, Zones
from autoconfig.cli.output import counted, progress, say
from autoconfig.names import Domain
from autoconfig.problems import AutoconfigError
from autoconfig.zone.live import Interest, Live
from autoconfig.zone.plan import Plan

ROUNDS, PAUSE = 5, 2.0
"""The times that name servers are asked for what was written, and the seconds between them: they
have a zone some seconds after its refresh, as a rule.
"""

WRITE = {
    "en": "Write these {changes} into {zones} at OVHcloud?",
    "fr": "Écrire {changes} dans {zones} chez OVHcloud ? (oui : y, non : n)",
}
REFRESH = {
    "en": "Refresh {zones} at OVHcloud?",
    "fr": "Rafraîchir {zones} chez OVHcloud ? (oui : y, non : n)",
}
CHANGE = {"en": "change", "fr": "changement"}
"""What a person is asked. The answers are those of the `click` library."""

Look: TypeAlias = Callable[[Mapping[Domain, Interest]], Mapping[Domain, Live]]
"""Ask the DNS what it has at the names of each domain."""


@dataclass(frozen=True, slots=True)
class Applying:
    """How it is done, in an account.

    `show`: prints the plans. `look`: asks whether it is served. `yes`: whether nobody is asked.
    `file`: the journal; None for a new one in this folder.
    """

    account: Account
    show: Callable[[Sequence[Plan]], object]
    look: Look
    yes: bool
    file: Path | None
    lang: str


def apply(
    interests: Mapping[Domain, Interest], lives: Mapping[Domain, Live], make: Make, how: Applying
) -> bool:
    """Carry out the plans of domains. Gives whether all is then as it should be.

    See `plan_domains`. Raises `AccountError`, `OSError`; `UsageError` where nobody can be asked.
    """
    zones = Zones(how.account)
    with progress(len(interests), "Reading zones") as read:
        sources = Sources(zones, left_behind(_folder(how)), read)
        task = plan_domains(interests, lives, make, sources)
    return _carry_out(task, zones, how) and settles(task, make)


def undo(journal: Path, how: Applying) -> bool:
    """Take back what a journal tells, as `apply` does what a plan says."""
    lines = read_journal(journal)
    before = read_back(lines)
    zones = Zones(how.account)
    with progress(len(before), "Reading zones") as read:
        sources = Sources(zones, left_behind(_folder(how)) | unserved(lines), read)
        task = plan_back(before, sources)
    return _carry_out(task, zones, how) and settles(task)


def _folder(how: Applying) -> Path:
    return (how.file or Path()).parent


def _carry_out(task: Task, zones: Zones, how: Applying) -> bool:
    """Show, ask, write, and read back. Gives whether a person agreed."""
    how.show(task.plans)
    if task.works:
        _require_rights(how.account, task.works)
        if not how.yes and not _agreed(task, how.lang):
            say("nothing is written")
            return False
        with Journal(how.file or _new_name()) as journal:
            _Course(task.works, how, zones, journal).run()
        _read_back(task.works, how)
    return True


def _new_name() -> Path:
    return Path(f"autoconfig-dns-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.jsonl")


def _require_rights(account: Account, works: Sequence[Work]) -> None:
    """Raise `Refused` for the rights that the key lacks, as far as the API tells them.

    Else records would be written that can then not be served.
    """
    rights = account.rights()
    calls = sorted({call for work in works for call in work.calls})
    refused = [call for call in calls if rights and not rights.allow(*call)]
    if refused:
        rules = dict.fromkeys(str(rule) for call in refused for rule in lacking(*call))
        zones = ", ".join(dict.fromkeys(path.split("/")[3] for _, path in refused))
        raise Refused(
            f"nothing is written, as the key lacks rights to {zones}: "
            f"make a key that has {' and '.join(rules)}"
        )


def _agreed(task: Task, lang: str) -> bool:
    changes = counted(sum(work.writes for work in task.works), CHANGE[lang])
    written = counted(sum(bool(work.names) for work in task.works), "zone")
    question = WRITE[lang].format(changes=changes, zones=written)
    if not any(work.names for work in task.works):
        question = REFRESH[lang].format(zones=counted(len(task.works), "zone"))
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError("nothing is written: there is no terminal to ask at, so give --yes")
    return click.confirm(question, err=True)


class _Course:
    """The writing of all zones. `left`: what is not done yet, by zone."""

    def __init__(
        self, works: Sequence[Work], how: Applying, zones: Zones, journal: Journal
    ) -> None:
        self._how, self._zones, self._journal = how, zones, journal
        self._left: dict[Domain, list[Change] | None] = dict.fromkeys(work.zone for work in works)
        self._works = works
        self._done = 0

    def run(self) -> None:
        """Write zone after zone. Whatever stops it, say what is done and what is not."""
        say(f"journal: {self._journal.path}")
        try:
            for work in self._works:
                self._write(work)
        except (AutoconfigError, OSError, KeyboardInterrupt):
            say(f"stopped after {counted(self._done, 'change')}; not done:")
            say("\n".join(self._not_done()))
            other = ", with another --journal," if self._how.file else ""
            say(f"the same command{other} goes on from here{self._way_back()}")
            raise
        say(f"done: {counted(self._done, 'change')}{self._way_back()}")

    def _way_back(self) -> str:
        path = self._journal.path
        return f"; `autoconfig dns --undo {path}` takes it back" if self._journal.tells else ""

    def _write(self, work: Work) -> None:
        records = sum(each.type not in {*SET_ASIDE, "SOA"} for each in work.copy.zone.records)
        with progress(records if work.names else 0, f"Checking {work.zone}") as read:
            names = recheck(work, self._zones, read)
        left = self._left[work.zone] = [change for changes in names for change in changes]

        def tell(change: Change) -> None:
            say(f"{work.zone}: {change}")
            self._done += -1 if isinstance(change, PutBack) else 1
            if change in left:
                left.remove(change)

        writing = Writing(work, self._how.account, self._journal, tell)
        writing.write(names)
        writing.refresh()
        say(f"{work.zone}: refreshed")
        del self._left[work.zone]

    def _not_done(self) -> Iterator[str]:
        for zone, changes in self._left.items():
            if changes is None:
                yield f"  {zone}: not begun"
            else:
                yield from (f"  {zone}: {change}" for change in (*changes, "refresh"))


def _read_back(works: Sequence[Work], how: Applying) -> None:
    """Say which zones are served as written. It is no failure if they are not yet."""
    waiting = [*works]
    with progress(ROUNDS, "Asking name servers") as asked:
        for number in range(ROUNDS):
            time.sleep(PAUSE if number else 0)
            lives = how.look({k: v for work in waiting for k, v in work.interests.items()})
            waiting = [work for work in waiting if not _is_served(work, lives)]
            asked(1)
            if not waiting:
                break
    if not waiting:
        say("name servers serve what was written")
        return
    names = ", ".join(work.zone for work in waiting)
    if any(lives[domain].failure for work in waiting for domain in work.interests):
        say(f"name servers could not be asked whether they serve it: {names}")
    else:
        say(f"not served yet: {names}")
    say(
        "Name servers of OVHcloud have a zone some minutes after its refresh, at most a day; "
        "`autoconfig dns` says when it is everywhere"
    )


def _is_served(work: Work, lives: Mapping[Domain, Live]) -> bool:
    return all(
        is_served(work.after, lives[domain], interest)
        for domain, interest in work.interests.items()
    )

"""Checking domains side by side: what is seen of each, what programs make of it, what to mend."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from autoconfig.check.ask import see
from autoconfig.check.connect import Network
from autoconfig.check.judge import judge
from autoconfig.check.mail import MailServers
from autoconfig.check.play import play
from autoconfig.check.problems.find import find_problems, questions_for_problems
from autoconfig.check.questions import Person
from autoconfig.check.seen import Question, Seen
from autoconfig.check.steps import steps
from autoconfig.check.verdict import Check, MailServer, Reason
from autoconfig.detect.rule import decide
from autoconfig.detect.signs import Signs
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.model import Service
from autoconfig.programs.load import load_programs
from autoconfig.programs.model import Program
from autoconfig.zone.drift import key_name, records_of
from autoconfig.zone.plan import Target
from autoconfig.zone.presentation import stated
from autoconfig.zone.record import absolute, by_name, plain
from autoconfig.zone.subject import told
from autoconfig.zone.wanted import autodiscover

AT_ONCE = 8
"""Domains that are checked at once. Each may have some hundred open files, of the 1024 that systems
give; and more of them would wait for a processor, not for answers.
"""
STEADY = 0.02
LATE = 0.1
"""Seconds after which the event loop should be back, and those that show that it is too busy."""


class Subject(NamedTuple):
    """A domain or an address, and the service that it has by `told_by`: `configuration`, `option`
    or `dns`. `service`: None if the DNS is to tell. `of_domain`: that of the domain, where an
    address has one of its own.
    """

    name: Domain | EmailAddress
    service: Service | None
    told_by: str = "configuration"
    of_domain: Service | None = None

    @property
    def person(self) -> Person:
        """The one who asks: at a domain, the mailbox that each has (RFC 5321 section 4.5.1)."""
        if isinstance(self.name, EmailAddress):
            return Person(self.name.domain, str(self.name))
        return Person(self.name, f"postmaster@{self.name}")


async def run(  # what is checked, by what, and who is told
    subjects: Sequence[Subject],
    catalogue: Catalogue,
    network: Network,
    target: Target | None,
    settled: Callable[[int], object],
    now: datetime,
) -> list[Check]:
    """What each subject comes to, in their order.

    `target`: the server that should answer programs, where it is known. `settled`: called with 1
    for each subject, when nothing more is asked of it. `now`: the day for certificates.
    """
    checking = _Checking(
        load_programs(), catalogue, network, target, now, MailServers(network, now)
    )
    checks: dict[int, Check] = {}
    waiting = iter(enumerate(subjects))
    turn = asyncio.Lock()

    async def work() -> None:
        for number, subject in waiting:
            async with turn:
                await _steady()
            checks[number] = await checking.check(subject)
            settled(1)

    async with asyncio.TaskGroup() as workers:
        for _ in range(AT_ONCE):
            workers.create_task(work())
    return [checks[number] for number in range(len(subjects))]


async def _steady() -> None:
    """Wait until the event loop keeps up: no answer shall be late because nobody could read it."""
    late = True
    while late:
        began = time.monotonic()
        await asyncio.sleep(STEADY)
        late = time.monotonic() - began > LATE


@dataclass(frozen=True, slots=True)
class _Checking:
    """What the checks of a run share."""

    programs: Sequence[Program]
    catalogue: Catalogue
    network: Network
    target: Target | None
    now: datetime
    mail: MailServers

    async def check(self, subject: Subject) -> Check:
        person = subject.person
        seen, (service, failure, servers) = await asyncio.gather(
            see(person, self.programs, self.network, questions_for_problems(person)),
            self._served(subject),
        )
        verdicts = tuple(
            judge(each, play(each, person, seen, self.catalogue), service, person)
            for each in self.programs
        )
        more = self.catalogue, self.target, self.now, self.programs, subject.of_domain
        return Check(
            subject.name,
            service,
            subject.told_by,
            verdicts,
            find_problems(person, service, seen, verdicts, *more),
            servers,
            steps(seen),
            _certificates(seen, self.now),
            failure,
        )

    async def _served(
        self, subject: Subject
    ) -> tuple[Service | None, Reason | None, tuple[MailServer, ...]]:
        """The service of a subject, or why it could not be read; and its mail servers."""
        service, failure = subject.service, None
        if service is None:
            service, failure = await self._detected(subject.person.domain)
        return service, failure, await self.mail.of(service) if service else ()

    async def _detected(self, domain: Domain) -> tuple[Service | None, Reason | None]:
        """The service that the DNS tells, if it tells one, or the answer that is missing."""
        signs = Signs.of(self.catalogue)
        questions: list[Question] = [
            (domain, "MX"),
            (plain(autodiscover(domain)), "SRV"),
            *((plain(key_name(each, domain)), "CNAME") for each in signs.dkim_selectors),
        ]
        named = await asyncio.gather(*map(self.network.names.ask, questions))
        for (name, kind), each in zip(questions, named, strict=True):
            if each.failure:
                return None, Reason("not-looked-up", {"name": name, "type": kind})
        present = by_name(
            stated(absolute(name), data)
            for (name, _), each in zip(questions, named, strict=True)
            for data in each.own
        )
        finding = decide(records_of(domain, present, signs), signs).finding
        return told(finding, self.catalogue), None


def _certificates(seen: Seen, now: datetime) -> dict[str, int]:
    """By the host, the days for which its certificate is valid, the least of several."""
    days: dict[str, int] = {}
    for answers in seen.answers.values():
        for hop in (each for answer in answers for each in answer.hops):
            host = urlsplit(hop.url).hostname
            if host and hop.certificate:
                left = (hop.certificate.until - now).days
                days[host] = min(left, days.get(host, left))
    return days

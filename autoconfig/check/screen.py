"""What is told of one domain: verdicts, what to mend, programs that never ask, what to type."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autoconfig.check.layout import ASIDE, INDENT, OPEN, RIGHT, WRONG, Layout
from autoconfig.check.outcome import BAD, Outcome, clients, counting, is_well, outcome
from autoconfig.check.paragraphs import Told, mail_servers, problems
from autoconfig.check.verdict import Candidate, Check, Problem, Result, Step, Verdict
from autoconfig.check.words import called, sentence
from autoconfig.check.words.report import (
    BETWEEN,
    BOTTOM_LINE,
    FAILED,
    GUESSED,
    LOGIN,
    NO_OFFER,
    PAGE,
    PROTOCOLS,
    RESULTS,
    RIGHT_AND_YET,
    SERVER,
    SOURCE,
    STEPS_HEADING,
    THE_ADDRESS,
    TO_TYPE,
    TOLD,
    WHOLE_ADDRESS,
)
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.model import SECURITY, Service
from autoconfig.problems import printable
from autoconfig.zone.hosts import said

MARKS: Mapping[Result, str] = {
    Result.RIGHT: RIGHT,
    Result.ASKS: RIGHT,
    Result.WRONG: WRONG,
    Result.NOTHING: WRONG,
    Result.UNDECIDED: OPEN,
    Result.UNKNOWN: ASIDE,
}
TROUBLES: Mapping[Outcome, tuple[Result, ...]] = {
    Outcome.WRONG: BAD,
    Outcome.UNDECIDED: (Result.UNDECIDED,),
}
"""The results that each bottom line counts; a domain may need both."""
TOLD_WHOLE = (Result.RIGHT, Result.ASKS, Result.WRONG, Result.UNKNOWN)
"""The results of which each reason is told."""
RESULT_COLUMN = 10
"""Columns of the result of a step; that of milliseconds has two less."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The paragraphs about a domain, in a language and a form."""

    check: Check
    lang: str
    layout: Layout

    def paragraphs(self, *, steps: bool) -> Iterator[str]:
        """The paragraphs; `steps`: whether every question follows."""
        check, lang, layout = self.check, self.lang, self.layout
        yield "\n".join(self._top())
        asking = counting(check)
        aside = [each for each in check.verdicts if not each.counts]
        yield from ["\n".join(self._verdicts(asking))] if asking else ()
        yield from problems([in_words(each, lang) for each in check.problems], lang, layout)
        yield from ["\n".join(self._verdicts(aside))] if aside else ()
        if check.mail_servers:
            yield mail_servers(check.mail_servers, lang, layout)
        if check.service:
            yield "\n".join(self._to_type(check.service))
        if steps and check.steps:
            yield "\n".join([layout.bold(STEPS_HEADING[lang]), *map(self._step, check.steps)])

    def _top(self) -> Iterator[str]:
        """The domain and its offer, and what it comes to for those who read no more."""
        yield self.layout.bold(heading(self.check, self.lang))
        result, verdicts = outcome(self.check), counting(self.check)
        if result is Outcome.RIGHT:
            words = BOTTOM_LINE[result] if is_well(self.check) else RIGHT_AND_YET
            yield self.layout.wrapped(words[self.lang])
        for trouble in TROUBLES if result in TROUBLES else ():
            bad = clients(verdicts, *TROUBLES[trouble])
            if bad:
                values = {"all": len(clients(verdicts, *Result)), "bad": len(bad)}
                yield self.layout.wrapped(BOTTOM_LINE[trouble][self.lang].format(**values))

    def _verdicts(self, verdicts: Sequence[Verdict]) -> Iterator[str]:
        """The programs of which the same is to be told, behind one mark."""
        widest = max(len(RESULTS[each.result][self.lang]) for each in verdicts)
        groups: dict[tuple[Result, tuple[str, ...]], list[str]] = {}
        for result in Result:
            for each in verdicts:
                if each.result is result:
                    groups.setdefault((result, self._told(each)), []).append(each.client)
        for (result, told), names in groups.items():
            margin = " " * (widest + 4)
            programs = BETWEEN[self.lang].join(called(each, self.lang) for each in names)
            text = f"{RESULTS[result][self.lang]:{widest}}  {programs}"
            yield self.layout.marked(MARKS[result], text, margin)
            yield from (self.layout.wrapped(line, margin) for line in told)

    def _told(self, verdict: Verdict) -> tuple[str, ...]:
        """What stands below the program: why it is not simply right, and servers nobody judges.

        Of what is missing or not decided there may be a reason for each URL: those are steps.
        """
        whys = verdict.why if verdict.result in TOLD_WHOLE else verdict.why[:1]
        lines = [sentence(each, self.lang) for each in whys]
        if verdict.servers and verdict.result is Result.UNKNOWN:
            servers = ", ".join(map(server_text, verdict.servers))
            lines.append(SOURCE[self.lang].format(what=servers, source=printable(verdict.source)))
        return tuple(dict.fromkeys(lines))

    def _to_type(self, service: Service) -> Iterator[str]:
        """The settings for programs that do not ask, and the page that has them."""
        rows = self._rows(service)
        widest = max(len(name) for name, _ in rows)
        yield self.layout.bold(TO_TYPE[self.lang])
        for name, value in rows:
            yield self.layout.wrapped(value, " " * (widest + 4), f"{INDENT}{name:{widest}}  ")
        page = page_of(self.check)
        if page:
            yield self.layout.wrapped(PAGE[self.lang].format(url=page), INDENT)

    def _rows(self, service: Service) -> list[tuple[str, str]]:
        incoming = service.preferred("imap") or service.preferred("pop3")
        servers = (*incoming, *service.preferred("smtp"))
        subject = self.check.subject
        whole = THE_ADDRESS if isinstance(subject, EmailAddress) else WHOLE_ADDRESS
        return [
            *(
                (
                    PROTOCOLS[each.protocol][self.lang],
                    SERVER[self.lang].format(
                        host=each.host, port=each.port, security=SECURITY[each.socket]
                    ),
                )
                for each in servers
            ),
            (LOGIN[self.lang], whole[self.lang].format(address=subject)),
        ]

    def _step(self, step: Step) -> str:
        start = f"{step.ms:{RESULT_COLUMN - 2}} ms  {step.result:{RESULT_COLUMN}}  "
        margin = " " * len(start) + INDENT * (step.depth + 1)
        first = f"{start}{INDENT * step.depth}{printable(step.what)}"
        return f"{first}\n{self.layout.wrapped(sentence(step.detail, self.lang), margin)}".rstrip()


def heading(check: Check, lang: str) -> str:
    """The domain, its offer, and who says so."""
    if check.failure:
        failure = sentence(check.failure, lang)
        return FAILED[lang].format(subject=check.subject, failure=failure)
    if check.service is None:
        return NO_OFFER[lang].format(subject=check.subject)
    words = GUESSED if check.service.guessed else TOLD[check.told_by]
    return words[lang].format(subject=check.subject, service=said(check.service))


def domain_of(check: Check) -> Domain:
    """The domain of the address, or the domain itself."""
    return check.subject.domain if isinstance(check.subject, EmailAddress) else check.subject


def in_words(problem: Problem, lang: str) -> Told:
    """A problem of one domain."""
    what, cure = sentence(problem.what, lang), sentence(problem.cure, lang)
    programs = tuple(called(each, lang) for each in problem.programs)
    return Told(what, cure, problem.lines, problem.harms, programs)


def server_text(server: Candidate) -> str:
    """A server that a program takes; its login where that is no address."""
    protocol = server.protocol.upper()
    if server.url:
        return printable(f"{protocol} {server.url}")
    login = f" ({server.username})" if server.username and "@" not in server.username else ""
    security = SECURITY.get(server.socket, server.socket)
    return printable(f"{protocol} {server.host}:{server.port} {security}{login}")


def page_of(check: Check) -> str | None:
    """The page for people, if a program has been set up right by the same name."""
    page = f"https://autoconfig.{domain_of(check)}/"
    right = [each.source for each in check.verdicts if each.result is Result.RIGHT]
    return page if any(source.startswith(page) for source in right) else None

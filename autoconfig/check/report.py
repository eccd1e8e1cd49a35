"""The checks of one domain or several: paragraphs for people, JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from autoconfig.check.layout import Layout
from autoconfig.check.outcome import Outcome, is_well, outcome
from autoconfig.check.overview import Overview
from autoconfig.check.screen import Screen, domain_of
from autoconfig.check.verdict import Check, MailServer, Problem, Step, Verdict
from autoconfig.check.words import sentence
from autoconfig.check.words.report import SEEN_BY
from autoconfig.names import EmailAddress


@dataclass(frozen=True, slots=True)
class Report:
    """The checks, in the order in which they are told. `asked`: the name servers, and when."""

    checks: Sequence[Check]
    lang: str
    asked: str

    @property
    def settled(self) -> bool:
        """Whether every program that asks gets the right servers, at every domain."""
        return all(outcome(each) is Outcome.RIGHT for each in self.checks)

    @property
    def troubled(self) -> "Report":
        """The report of those domains alone at which not all is well, or a password is refused."""
        checks = [
            each
            for each in self.checks
            if not is_well(each) or any(server.result == "auth" for server in each.mail_servers)
        ]
        return replace(self, checks=checks)

    def for_people(self, width: int, *, colour: bool, steps: bool) -> str:
        """One domain at length, or a line for each of several, and their problems.

        `width`: columns. `steps`: whether every question is told, then of each domain at length.
        """
        layout = Layout(width, colour)
        paragraphs: list[str] = []
        if steps or len(self.checks) == 1:
            for each in self.checks:
                paragraphs += Screen(each, self.lang, layout).paragraphs(steps=steps)
        if len(self.checks) > 1:
            paragraphs += Overview(self.checks, self.lang, layout).paragraphs()
        seen_by = SEEN_BY[self.lang].format(asked=self.asked)
        return "\n\n".join([*paragraphs, layout.wrapped(seen_by)])

    def for_programs(self) -> str:
        """JSON: an object a domain."""
        return json.dumps([*map(self._object, self.checks)], indent=2)

    def _object(self, check: Check) -> dict[str, Any]:
        address = check.subject if isinstance(check.subject, EmailAddress) else None
        return {
            "domain": domain_of(check),
            "address": str(address) if address else None,
            "offer": check.service.offer.id if check.service else None,
            "told_by": check.told_by if check.service else None,
            "verdicts": [*map(self._verdict, check.verdicts)],
            "problems": [*map(self._problem, check.problems)],
            "mail_servers": [*map(self._mail_server, check.mail_servers)],
            "steps": [*map(self._step, check.steps)],
            "failure": sentence(check.failure, self.lang) if check.failure else None,
        }

    def _verdict(self, verdict: Verdict) -> dict[str, Any]:
        return {
            "client": verdict.client,
            "result": verdict.result,
            "servers": [each._asdict() for each in verdict.servers],
            "source": verdict.source,
            "why": " ".join(sentence(each, self.lang) for each in verdict.why),
            "counts": verdict.counts,
        }

    def _problem(self, problem: Problem) -> dict[str, Any]:
        return {
            "id": problem.what.what,
            "what": sentence(problem.what, self.lang),
            "cure": sentence(problem.cure, self.lang),
            "lines": problem.lines,
            "harms": problem.harms,
            "programs": problem.programs,
        }

    def _mail_server(self, server: MailServer) -> dict[str, Any]:
        return server._asdict() | {"detail": sentence(server.detail, self.lang)}

    def _step(self, step: Step) -> dict[str, Any]:
        return step._asdict() | {"detail": sentence(step.detail, self.lang)}

"""What is told of several domains: a line each, then what to mend, over all of them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autoconfig.check.layout import OPEN, RIGHT, WRONG, Layout
from autoconfig.check.outcome import Outcome, clients, counting, outcome
from autoconfig.check.paragraphs import Told, mail_servers, problems
from autoconfig.check.screen import domain_of, heading, in_words
from autoconfig.check.verdict import Check, Result
from autoconfig.check.words import called
from autoconfig.check.words.report import ABOUT, ANY_DOMAIN, BETWEEN, COUNTS, RESULTS, SUMMARY

MARKS: Mapping[Outcome, str] = {
    Outcome.RIGHT: RIGHT,
    Outcome.WRONG: WRONG,
    Outcome.UNDECIDED: OPEN,
    Outcome.NO_OFFER: OPEN,
    Outcome.FAILED: OPEN,
}
MARGIN = "    "
TROUBLE = (Result.WRONG, Result.NOTHING, Result.UNDECIDED)
"""The results of which the programs are named."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The paragraphs about several domains, in a language and a form."""

    checks: Sequence[Check]
    lang: str
    layout: Layout

    def paragraphs(self) -> Iterator[str]:
        """A line a domain, the problems, the mail servers, and the numbers."""
        yield "\n".join(map(self._lines, self.checks))
        yield from problems(self._problems(), self.lang, self.layout)
        servers = {each[:3]: each for check in self.checks for each in check.mail_servers}
        if servers:
            yield mail_servers(servers.values(), self.lang, self.layout)
        count = Counter(map(outcome, self.checks))
        counts = [
            COUNTS[each][self.lang].format(number=count[each]) for each in Outcome if count[each]
        ]
        summary = SUMMARY[self.lang].format(number=len(self.checks), counts=", ".join(counts))
        yield self.layout.wrapped(summary)

    def _lines(self, check: Check) -> str:
        """The domain, and below it the programs that are not set up right."""
        lines = [self.layout.marked(MARKS[outcome(check)], heading(check, self.lang), MARGIN)]
        for result in TROUBLE:
            names = BETWEEN[self.lang].join(
                called(each, self.lang) for each in clients(counting(check), result)
            )
            if names:
                words = ABOUT[self.lang].format(what=RESULTS[result][self.lang], told=names)
                lines.append(self.layout.wrapped(words, MARGIN))
        return "\n".join(lines)

    def _problems(self) -> list[Told]:
        """The problems, each once: what several domains have, with a word in place of each."""
        groups: dict[Told, list[tuple[str, Told]]] = {}
        for check in self.checks:
            for each in check.problems:
                own = in_words(each, self.lang)
                alike = self._of_any(own, domain_of(check))
                groups.setdefault(alike, []).append((str(check.subject), own))
        return [
            alike._replace(domains=tuple(name for name, _ in same)) if len(same) > 1 else same[0][1]
            for alike, same in groups.items()
        ]

    def _of_any(self, told: Told, domain: str) -> Told:
        name, word = re.compile(rf"(?<![\w-]){re.escape(domain)}(?![\w-])"), ANY_DOMAIN[self.lang]
        what, cure, *lines = (name.sub(word, each) for each in (told.what, told.cure, *told.lines))
        return told._replace(what=what, cure=cure, lines=tuple(lines), programs=())

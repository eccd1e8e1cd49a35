"""Paragraphs about one domain or several: what to mend, and how the mail servers are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from autoconfig.check.layout import INDENT, OPEN, RIGHT, WRONG, Layout
from autoconfig.check.verdict import MailServer
from autoconfig.check.words import sentence
from autoconfig.check.words.report import (
    ABOUT,
    ALL_ANSWER,
    AND_MORE,
    MAIL_SERVERS,
    OTHERS_ANSWER,
    SHARED_PROBLEM,
    TO_MEND,
)
from autoconfig.problems import printable

MOST_NAMED = 12
"""Domains that a problem of several names."""
WELL = "ok"
"""The result of a mail server at which nothing is wrong."""
DECIDED = ("refused", "tls", "auth")
"""The results of a mail server that speak of it, and not of the way to it."""


class Told(NamedTuple):
    """A problem in words. `domains`: those that have it, if they are several."""

    what: str
    cure: str
    lines: tuple[str, ...]
    harms: bool
    domains: tuple[str, ...] = ()


def problems(found: Sequence[Told], lang: str, layout: Layout) -> Iterator[str]:
    """A paragraph for the problems that harm, and one for the others, numbered through."""
    ranked = sorted(found, key=lambda each: not each.harms)
    for harms in (True, False):
        numbered = [each for each in enumerate(ranked, 1) if each[1].harms is harms]
        if numbered:
            heading = layout.bold(TO_MEND[harms][lang])
            yield "\n".join([heading, *(_problem(*each, lang, layout) for each in numbered)])


def _problem(number: int, told: Told, lang: str, layout: Layout) -> str:
    mark = f"{number}. "
    margin = " " * len(mark)
    lines = [layout.wrapped(told.what, margin, mark), layout.wrapped(told.cure, margin)]
    lines += [f"{margin}{INDENT}{printable(line)}" for line in told.lines]
    if told.domains:
        values = {"number": len(told.domains), "domains": named(told.domains, lang)}
        lines.append(layout.wrapped(SHARED_PROBLEM[lang].format(**values), margin))
    return "\n".join(lines)


def named(names: Sequence[str], lang: str) -> str:
    """The first names, and how many more there are."""
    few, more = ", ".join(names[:MOST_NAMED]), len(names) - MOST_NAMED
    return AND_MORE[lang].format(few=few, more=more) if more > 0 else few


def mail_servers(servers: Iterable[MailServer], lang: str, layout: Layout) -> str:
    """One line if all is well, else a line for each of the others."""
    found = list(servers)
    bad = [each for each in found if each.result != WELL]
    well = len(found) - len(bad)
    if not bad:
        return layout.marked(RIGHT, ALL_ANSWER[lang].format(number=well))
    lines = [layout.bold(MAIL_SERVERS[lang]), *(_server(each, lang, layout) for each in bad)]
    if well:
        lines.append(layout.marked(RIGHT, OTHERS_ANSWER[lang].format(number=well), indent=INDENT))
    return "\n".join(lines)


def _server(server: MailServer, lang: str, layout: Layout) -> str:
    mark = WRONG if server.result in DECIDED else OPEN
    where = f"{server.protocol.upper()} {server.host}:{server.port}"
    told = ABOUT[lang].format(what=where, told=sentence(server.detail, lang))
    return layout.marked(mark, told, indent=INDENT)

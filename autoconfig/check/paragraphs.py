"""Paragraphs about one domain or several: what to mend, and how the mail servers are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from autoconfig.check.layout import INDENT, OPEN, RIGHT, WRONG, Layout
from autoconfig.check.verdict import MailServer
from autoconfig.check.words import sentence
from autoconfig.check.words.report import (
    ABOUT,
    AND_MORE,
    BETWEEN,
    CONCERNS,
    MAIL_SERVERS,
    SHARED_PROBLEM,
    TO_MEND,
)
from autoconfig.problems import printable

MOST_PROGRAMS = 4
MOST_DOMAINS = 12
"""Programs, or domains, that a problem names: all of them are in the lines above."""
MARKS: Mapping[str, str] = {"ok": RIGHT, "refused": WRONG, "tls": WRONG, "auth": WRONG}
"""By the result of a mail server; the others speak of the way to it, and leave it open."""


class Told(NamedTuple):
    """A problem in words. `programs`: those that suffer. `domains`: its domains, if several."""

    what: str
    cure: str
    lines: tuple[str, ...]
    harms: bool
    programs: tuple[str, ...] = ()
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
    if told.programs:
        programs = _few(told.programs, MOST_PROGRAMS, BETWEEN[lang], lang)
        lines.append(layout.wrapped(CONCERNS[lang].format(programs=programs), margin))
    if told.domains:
        domains = _few(told.domains, MOST_DOMAINS, ", ", lang)
        values = {"number": len(told.domains), "domains": domains}
        lines.append(layout.wrapped(SHARED_PROBLEM[lang].format(**values), margin))
    return "\n".join(lines)


def _few(names: Sequence[str], most: int, between: str, lang: str) -> str:
    """The first names, and how many more there are."""
    few, more = between.join(names[:most]), len(names) - most
    return AND_MORE[lang].format(few=few, more=more) if more > 0 else few


def mail_servers(servers: Iterable[MailServer], lang: str, layout: Layout) -> str:
    """A line for those of which the same is to be told: one in all if all is well."""
    groups: dict[tuple[str, str], list[str]] = {}
    for each in servers:
        where = f"{each.protocol.upper()} {each.host}:{each.port}"
        groups.setdefault((each.result, sentence(each.detail, lang)), []).append(where)
    lines = [layout.bold(MAIL_SERVERS[lang])]
    for (result, told), places in groups.items():
        text = ABOUT[lang].format(what=", ".join(places), told=told)
        lines.append(layout.marked(MARKS.get(result, OPEN), text, indent=INDENT))
    return "\n".join(lines)

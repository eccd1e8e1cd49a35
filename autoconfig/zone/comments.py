"""The comments above the records of a plan, whatever form these are written in.

Only what is to be added stands in a form as it is. What is to be removed, and all else that a
person must know before pasting, is told in comments above it.
"""

import textwrap
from collections.abc import Callable, Iterator
from operator import itemgetter

from autoconfig.config.written import WIDTH
from autoconfig.names import Domain
from autoconfig.problems import printable
from autoconfig.zone.plan import Entry, Plan
from autoconfig.zone.record import Record
from autoconfig.zone.words import HEADING, STATES, State, Words, remark, sentence

INDENT = "  "

OF_THE_ZONE: Words = {
    "en": "These names are for a zone {domain}; in a zone above it, each name is longer.",
    "fr": "Ces noms valent pour une zone {domain} ; dans une zone au-dessus, chacun est plus long.",
}


def added(plan: Plan) -> list[Entry]:
    """What comes into the zone, with what is needed first."""
    return sorted((*plan.create, *plan.replace), key=lambda entry: not entry.needed)


def about(plan: Plan, remove: Words, lang: str, show: Callable[[Record], str]) -> Iterator[str]:
    """The lines of a comment. `remove`: the line above the records to remove, as `show` has them.

    The reason stands below those that share it. Whatever a record holds, it is one line.
    """
    yield from wrapped(_heading(plan, lang))
    for each in plan.remarks:
        yield from wrapped(remark(each, lang))
    removed: dict[tuple[bool, str], list[Record]] = {}
    for entry in (*plan.replace, *plan.delete):
        records = removed.setdefault((not entry.needed, sentence(entry, lang)), [])
        records.append(entry.old or entry.record)
    if removed:
        yield remove[lang]
    for helps, reason in sorted(removed, key=itemgetter(0)):
        yield from (INDENT + printable(show(record)) for record in removed[helps, reason])
        yield from wrapped(reason, INDENT * 2)


def wrapped(text: str, indent: str = "") -> list[str]:
    """A sentence on as many lines as it takes."""
    return textwrap.wrap(
        printable(text),
        WIDTH - len("; "),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def of_the_zone(plan: Plan, lang: str) -> Iterator[str]:
    """The line for names that are relative, where the domain may be a part of a zone."""
    if plan.changes and plan.domain.count(".") > 1:
        yield OF_THE_ZONE[lang].format(domain=plan.domain)


def relative(name: str, domain: Domain) -> str:
    """A name of the domain without that; nothing for the domain itself."""
    return name.removesuffix(f"{domain}.").removesuffix(".")


def _heading(plan: Plan, lang: str) -> str:
    if plan.changes or not (plan.failure or plan.settled):
        return plan.domain
    state = State.FAILED if plan.failure else State.NOTHING
    said = STATES[state][lang].format(failure=plan.failure)
    return HEADING[lang].format(about=plan.domain, state=said)

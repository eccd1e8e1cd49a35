"""The language of a page for people: the one that is asked for, else the reader's."""

import re
from functools import lru_cache

from autoconfig.answers.request import Request
from autoconfig.documents.formats import LANGUAGES

MOST_RANGES = 32
"""Of an `Accept-Language` header, how many are read. Browsers send some five."""

LANGUAGE_RANGE = re.compile(
    r"[ \t]*(?P<tag>[A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8})*[ \t]*"
    r"(?:;[ \t]*[Qq]=(?P<quality>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*)?"
)
"""One of an `Accept-Language` header, to be matched in full."""


def language_of(request: Request) -> str:
    """One of `LANGUAGES`: that of `?lang=`, if we have it, else the best of `Accept-Language`."""
    asked = request.parameter("lang").lower()
    return asked if asked in LANGUAGES else best_language(request.accept_language)


@lru_cache(maxsize=256)  # few are different
def best_language(header: str) -> str:
    """The language that an `Accept-Language` header likes best: RFC 9110 section 12.5.4.

    A region counts as its language (`fr-CA`), `*` as all that are not named, and of two that are
    liked equally the first. The first of `LANGUAGES` is for everybody else.
    """
    liked: dict[str, float] = {}
    for text in header.split(",", MOST_RANGES)[:MOST_RANGES]:
        found = LANGUAGE_RANGE.fullmatch(text)
        if found:
            tag = found["tag"].lower()
            liked[tag] = max(float(found["quality"] or 1), liked.get(tag, 0))
    others = liked.get("*", 0)
    named = [tag for tag in liked if tag in LANGUAGES]
    best = max((*named, *LANGUAGES), key=lambda language: liked.get(language, others))
    return best if liked.get(best, others) else LANGUAGES[0]

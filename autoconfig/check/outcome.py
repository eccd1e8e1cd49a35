"""What all the verdicts on a domain come to."""

from collections.abc import Iterable
from enum import StrEnum

from autoconfig.check.verdict import Check, Result, Verdict

BAD = (Result.WRONG, Result.NOTHING)


class Outcome(StrEnum):
    """What a domain comes to. All but `right` make an exit code of 1."""

    RIGHT = "right"
    WRONG = "wrong"
    UNDECIDED = "undecided"
    NO_OFFER = "no-offer"
    FAILED = "failed"


def outcome(check: Check) -> Outcome:
    """The outcome of a domain: the worst of what counts."""
    results = {each.result for each in counting(check)}
    if check.failure:
        return Outcome.FAILED
    if check.service is None:
        return Outcome.NO_OFFER
    if results.intersection(BAD):
        return Outcome.WRONG
    return Outcome.UNDECIDED if Result.UNDECIDED in results else Outcome.RIGHT


def is_well(check: Check) -> bool:
    """Whether there is nothing to tell that cannot wait."""
    return outcome(check) is Outcome.RIGHT and not any(each.harms for each in check.problems)


def counting(check: Check) -> list[Verdict]:
    """The verdicts of which the exit code speaks."""
    return [each for each in check.verdicts if each.counts]


def clients(verdicts: Iterable[Verdict], *results: Result) -> list[str]:
    """The programs with one of these results, each once."""
    return list(dict.fromkeys(each.client for each in verdicts if each.result in results))

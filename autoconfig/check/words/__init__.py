"""The words of `check`, in English and French: every reason leads to a sentence of one table."""

from collections.abc import Mapping
from functools import cache

from autoconfig.check.verdict import Reason
from autoconfig.check.words.mail import MAIL
from autoconfig.check.words.problems import PROBLEMS
from autoconfig.check.words.steps import STEPS
from autoconfig.check.words.verdicts import VERDICTS
from autoconfig.problems import printable
from autoconfig.programs.load import load_programs

TABLES: tuple[Mapping[str, Mapping[str, str]], ...] = (VERDICTS, PROBLEMS, MAIL, STEPS)
"""By `Reason.what`, the sentence in each of `documents.formats.LANGUAGES`, with its values in
braces. No key is in two of them.
"""
SENTENCES = {what: words for table in TABLES for what, words in table.items()}


def sentence(reason: Reason, lang: str) -> str:
    """The reason in words, on one line; empty if there is nothing to say."""
    if not reason.what:
        return ""
    return printable(SENTENCES[reason.what][lang].format(**reason.values))


def called(client: str, lang: str) -> str:
    """The program of a verdict, by the name that it has in a language."""
    return _in_french().get(client, client) if lang == "fr" else client


@cache
def _in_french() -> Mapping[str, str]:
    return {each.name: each.name_fr for each in load_programs() if each.name_fr}

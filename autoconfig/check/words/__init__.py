"""The words of `check`, in English and French: every reason leads to a sentence of one table."""

from collections.abc import Mapping

from autoconfig.check.verdict import Reason
from autoconfig.check.words.mail import MAIL
from autoconfig.check.words.problems import PROBLEMS
from autoconfig.check.words.steps import STEPS
from autoconfig.check.words.verdicts import VERDICTS
from autoconfig.problems import printable

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

"""The words of `check`: all there, in every language, each under one key."""

import re
from collections import Counter

import pytest

from autoconfig.check import words
from autoconfig.check.outcome import Outcome
from autoconfig.check.seen import Fault
from autoconfig.check.verdict import Reason, Result
from autoconfig.check.words import SENTENCES, TABLES, report, sentence
from autoconfig.check.words.steps import STEPS
from autoconfig.documents.formats import LANGUAGES

AROUND = [
    each
    for value in vars(report).values()
    if isinstance(value, dict)
    for each in ([value] if "en" in value else value.values())
    if isinstance(each, dict)
]
"""The words around reasons: single ones, and tables of them."""


def test_no_reason_has_two_sentences() -> None:
    count = Counter(what for table in TABLES for what in table)
    assert [what for what, number in count.items() if number > 1] == []
    assert len(words.SENTENCES) == len(count)


@pytest.mark.parametrize(
    "said", [*SENTENCES.values(), *AROUND], ids=lambda said: str(said.get("en"))[:40]
)
def test_words_are_there_in_every_language_and_name_the_same(said: dict[str, str]) -> None:
    assert tuple(said) == LANGUAGES
    english, *others = (set(re.findall(r"\{\w*\}", text)) for text in said.values())
    assert all(each == english for each in others)
    assert all(said.values())


def test_every_result_and_outcome_has_its_words() -> None:
    assert {*report.RESULTS} == {*Result}
    assert {*report.COUNTS} == {*Outcome}


def test_every_fault_has_its_sentence() -> None:
    assert {f"step-{fault}" for fault in Fault} <= STEPS.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentence_is_filled_on_one_line(lang: str) -> None:
    said = sentence(Reason("step-redirect", {"location": "https://a.example/\n\x1b"}), lang)
    assert said.endswith(r" https://a.example/\n\x1b")


def test_reason_without_words_has_none() -> None:
    assert sentence(Reason(""), "en") == ""

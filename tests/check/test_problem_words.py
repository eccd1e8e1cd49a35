"""The words for problems: all there, in every language."""

import re

import pytest

from autoconfig.check.words.problems import PROBLEMS, Words
from autoconfig.documents.formats import LANGUAGES


@pytest.mark.parametrize("words", PROBLEMS.values(), ids=PROBLEMS)
def test_words_are_there_in_every_language_and_name_the_same(words: Words) -> None:
    assert tuple(words) == LANGUAGES
    english, *others = (set(re.findall(r"\{\w*\}", text)) for text in words.values())
    assert all(each == english for each in others)
    assert all(text == text.strip() != "" for text in words.values())

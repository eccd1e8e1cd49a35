"""The words for what is found: all there, in every language."""

import re

import pytest

from autoconfig.detect.rule import Advice, Confidence, Reading
from autoconfig.detect.words import (
    ADVICE,
    CONFIDENCE,
    FOR_CONFIGURATION,
    HEADS,
    NO_ANSWER,
    ORIGIN,
    READINGS,
    REGIONS,
    Words,
)
from autoconfig.documents.formats import LANGUAGES
from autoconfig.offers.catalogue import load_catalogue

SINGLE = [NO_ANSWER, FOR_CONFIGURATION, ORIGIN]
ALL = [*SINGLE, *(w for table in (CONFIDENCE, REGIONS, READINGS, ADVICE) for w in table.values())]


def test_every_key_of_the_rule_has_words() -> None:
    assert (set(CONFIDENCE), set(READINGS), set(ADVICE)) == ({*Confidence}, {*Reading}, {*Advice})


def test_every_region_of_the_offers_has_words() -> None:
    offers = load_catalogue().offers.values()
    assert set(REGIONS) == {name for offer in offers for name in offer.region}


@pytest.mark.parametrize("words", ALL, ids=lambda words: words["en"][:40])
def test_words_are_there_in_every_language_and_name_the_same(words: Words) -> None:
    assert tuple(words) == LANGUAGES
    english, *others = (set(re.findall(r"\{\w*\}", text)) for text in words.values())
    assert all(each == english for each in others)
    assert all(text == text.strip() != "" for text in words.values())


def test_heads_are_there_in_every_language() -> None:
    assert tuple(HEADS) == LANGUAGES
    assert len({len(columns) for columns in HEADS.values()}) == 1

"""The words for plans: all there, in every language."""

import re

import pytest

from autoconfig.documents.formats import LANGUAGES
from autoconfig.zone.plan import Act, Entry, Remark, What, Why
from autoconfig.zone.record import Record
from autoconfig.zone.words import (
    ACTS,
    COUNTS,
    HEADING,
    NEEDED,
    OLD,
    PENDING,
    REMARKS,
    STATES,
    SUMMARY,
    WHY,
    State,
    Words,
    remark,
    sentence,
)

TABLES = (ACTS, NEEDED, WHY, REMARKS, STATES, COUNTS)
ALL = [OLD, PENDING, HEADING, SUMMARY, *(words for each in TABLES for words in each.values())]


def test_every_key_has_words() -> None:
    keys = ({*Act}, {True, False}, {*Why}, {*What}, {*State}, {*State})
    assert tuple({*table} for table in TABLES) == keys


@pytest.mark.parametrize("words", ALL, ids=lambda words: words["en"][:40])
def test_words_are_there_in_every_language_and_name_the_same(words: Words) -> None:
    assert tuple(words) == LANGUAGES
    english, *others = (set(re.findall(r"\{\w*\}", text)) for text in words.values())
    assert all(each == english for each in others)
    assert all(text == text.strip() != "" for text in words.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reason_names_the_host_and_its_offer(lang: str) -> None:
    record = Record("_imaps._tcp.example.fr.", "SRV", "0 0 993 imap.example.")
    entry = Entry(record, Why.OTHER_OFFER, needed=True, host="imap.example", offer="My Mail")
    reason = sentence(entry, lang)
    assert reason.startswith("imap.example ")
    assert " My Mail," in reason


@pytest.mark.parametrize("lang", LANGUAGES)
def test_remark_is_filled_with_its_values(lang: str) -> None:
    said = remark(Remark(What.NO_ROOM, {"name": "autoconfig.example.fr.", "types": "TXT"}), lang)
    assert said.startswith("autoconfig.example.fr. ")
    assert " TXT" in said

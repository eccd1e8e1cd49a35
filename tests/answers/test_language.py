"""The language of a page for people, by what the reader's browser says."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autoconfig.answers.language import MOST_RANGES, best_language, language_of
from autoconfig.answers.request import Request
from autoconfig.documents.formats import LANGUAGES
from tests.support.tables import table

HEADERS = {
    "nothing": ("", "en"),
    "French": ("fr", "fr"),
    "French of a region": ("fr-CA", "fr"),
    "capitals": ("FR-fr", "fr"),
    "English": ("en-GB", "en"),
    "a usual browser in French": ("fr,fr-FR;q=0.8,en-US;q=0.5,en;q=0.3", "fr"),
    "a usual browser in English": ("en-GB,en;q=0.9,fr;q=0.8", "en"),
    "French behind English": ("en;q=0.5,fr;q=0.7", "fr"),
    "of two alike the first": ("fr,en", "fr"),
    "of two alike the first, again": ("en,fr", "en"),
    "region above its language": ("en;q=0.1,fr;q=0.5,en-US", "en"),
    "three decimals": ("en;q=0.998,fr;q=0.999", "fr"),
    "blanks": (" fr ; q=0.9 ,\ten ; q=0.8", "fr"),
    "capital Q": ("en;Q=0.1,fr;Q=0.2", "fr"),
    "French refused": ("fr;q=0", "en"),
    "English refused": ("en;q=0", "en"),
    "English refused, all others liked": ("en;q=0,*", "fr"),
    "French refused, all others liked": ("fr;q=0,*;q=0.1", "en"),
    "all": ("*", "en"),
    "all, and French": ("*,fr", "fr"),
    "all, and French less": ("*,fr;q=0.5", "en"),
    "all but little, and French": ("*;q=0.1,fr;q=0.2", "fr"),
    "nothing at all": ("*;q=0", "en"),
    "neither": ("de-CH,de;q=0.9,it;q=0.5", "en"),
    "neither, then French": ("de-CH,de;q=0.9,fr;q=0.5", "fr"),
    "longer tag that begins so": ("fry,frm", "en"),
    "tag with a script": ("fr-Latn-CA", "fr"),
    "quality above one": ("fr;q=2,en;q=0.1", "en"),
    "quality of letters": ("fr;q=high,en;q=0.1", "en"),
    "quality below nothing": ("fr;q=-1", "en"),
    "quality of other digits": ("fr;q=\u0661,en;q=0.1", "en"),
    "another parameter": ("fr;level=1,en;q=0.1", "en"),
    "no tag": (",,;q=1,fr", "fr"),
    "underscore": ("fr_FR", "en"),
    "CR LF": ("fr\r\nX: y", "en"),
    "French beyond what is read": ("x," * MOST_RANGES + "fr", "en"),
    "French as the last that is read": ("x," * (MOST_RANGES - 1) + "fr,x", "fr"),
}


@pytest.mark.parametrize(("header", "language"), table(HEADERS))
def test_language_is_the_one_that_is_liked_best(header: str, language: str) -> None:
    assert best_language(header) == language


@given(st.text(st.sampled_from("enfr-,;q=01.* \t"), max_size=60) | st.text())
@example("fr;q=0." + "0" * 10_000)
def test_any_header_has_a_language(header: str) -> None:
    assert best_language(header) in LANGUAGES


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("lang=en", "en"),
        ("LANG=EN", "en"),
        ("emailaddress=a@example.fr&lang=en", "en"),
        ("lang=en&lang=fr", "en"),
        ("lang=fr", "fr"),
        ("lang=", "fr"),
        ("lang", "fr"),
        ("lang=de", "fr"),
        ("lang=en-GB", "fr"),
        ("lang=%00", "fr"),
        ("language=en", "fr"),
        ("", "fr"),
    ],
)
def test_language_that_is_asked_for_stands_above_the_header(query: str, language: str) -> None:
    request = Request("GET", "", query, bytes, accept_language="fr")
    assert language_of(request) == language

"""The words of the form and of the steps: each is said somewhere."""

import re
from pathlib import Path

import pytest

import autoconfig
from autoconfig.documents.formats import LANGUAGES
from autoconfig.documents.words import words
from tests.support.services import CATALOGUE

PACKAGE = Path(autoconfig.__file__).parent
FORM = PACKAGE.parent / "templates/generator.html"
CODE = "".join(path.read_text() for path in (PACKAGE / "generator").glob("*.py")) + FORM.read_text()
MADE = re.compile(r"(?:region|space|misnamed|dns|upload|certificate|check)_\w+")
"""Keys that are put together of a part and a value."""


@pytest.mark.parametrize("section", ["generator", "steps"])
def test_every_key_is_used(section: str) -> None:
    keys = [key for key in words(section, LANGUAGES[0]) if not MADE.fullmatch(key)]
    assert [key for key in keys if f'"{key}"' not in CODE and f"say.{key}" not in CODE] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_region_of_the_offers_has_a_name(language: str) -> None:
    regions = {name for offer in CATALOGUE.offers.values() for name in offer.regions}
    said = words("generator", language)
    assert [name for name in regions if f"region_{name}" not in said] == []

"""The words of pages and profiles: each in every language, whole."""

import re
from pathlib import Path

import pytest

from autoconfig.documents.formats import LANGUAGES
from autoconfig.documents.words import PACKAGED, read_words, words

TEMPLATES = Path(__file__).parents[2] / "templates"
SECTIONS = read_words(PACKAGED)
ONE = '[page]\ntitle = { en = "The page of {name}", fr = "La page de {name}" }\n'

every_section = pytest.mark.parametrize("section", SECTIONS)


@every_section
def test_every_language_has_all_keys_of_a_section(section: str) -> None:
    keys = {tuple(words(section, language)) for language in LANGUAGES}
    assert keys == {tuple(SECTIONS[section])}


@every_section
def test_french_is_written_as_french_people_write_it(section: str) -> None:
    """A no-break space before a sign that stands alone, and an apostrophe that is bent."""
    for text in words(section, "fr").values():
        signs = re.findall(r"(.)[:;!?»](?=\s|$)", text)
        assert {*signs} <= {"\N{NO-BREAK SPACE}"}, text
        assert not re.search(r"«(?!\N{NO-BREAK SPACE})|'", text), text


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (ONE.replace("{name}", "{names}", 1), "page.title"),
        (ONE.replace("The page of {name}", ""), "page.title"),
        (ONE.replace(', fr = "La page de {name}"', ""), "fr"),
        (ONE.replace(" }", ', de = "Seite" }'), "de"),
    ],
    ids=["other placeholder", "empty", "missing", "unknown language"],
)
def test_text_with_a_hole_is_refused(wrong: str, error: str, tmp_path: Path) -> None:
    file = tmp_path / "words.toml"
    file.write_text(ONE)
    assert read_words(file)["page"]["title"].fr == "La page de {name}"
    file.write_text(wrong)
    with pytest.raises(ValueError, match=error):
        read_words(file)


@pytest.mark.parametrize("template", ["page.html", "layout.html", "ask.html", "error.html"])
def test_no_sentence_stands_in_a_template(template: str) -> None:
    text = (TEMPLATES / template).read_text()
    written = re.sub(
        r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<[^>]*>|%[A-Z]+%", "", text, flags=re.DOTALL
    )
    assert re.findall(r"[^\W\d_]{2,}", written) == []


def test_every_key_is_used() -> None:
    """But for those that a template puts together, and those of tests/generator/test_words.py."""
    text = "".join(path.read_text() for path in TEMPLATES.glob("*.*"))
    made = {f"profile_{each}" for each in ("imap", "iphone", "mac")}
    made |= {"code_profile", "code_thunderbird", "of_person", "of_domain", "imap", "pop3", "smtp"}
    others = [texts for name, texts in SECTIONS.items() if name not in {"generator", "steps"}]
    keys = {key for texts in others for key in texts if not key.isdecimal()}
    assert {key for key in keys if f"say.{key}" not in text} == made

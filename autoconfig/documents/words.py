"""The words of the pages for people, in each language: `words.toml`, checked as it is read."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import msgspec

from autoconfig.guides.model import Said
from autoconfig.typed_toml import read_toml

PACKAGED = Path(__file__).with_name("words.toml")


def words(section: str, language: str) -> Mapping[str, str]:
    """The texts of a section of the file by their keys, in one language; some have `{…}` in them.

    Raises `KeyError` if there is no such section.
    """
    return {key: getattr(said, language) for key, said in _table()[section].items()}


@cache
def _table() -> Mapping[str, Mapping[str, Said]]:
    """The packaged file, read once, and only where a page is written."""
    return read_words(PACKAGED)


def read_words(path: Path) -> Mapping[str, Mapping[str, Said]]:
    """The texts of a file, by section and key.

    Raises `ValueError` if one has a hole: a language that is missing, empty or unknown, or a
    placeholder that another language does not have.
    """
    table = msgspec.convert(read_toml(path), dict[str, dict[str, Said]])
    for section, texts in table.items():
        for key, said in texts.items():
            if "" in (said.en, said.fr) or _placeholders(said.en) != _placeholders(said.fr):
                raise ValueError(f"{section}.{key} does not say the same in both languages")
    return table


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

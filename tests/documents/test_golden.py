"""Every document of every offer in every region, and the list of offers, as a person has read them.

To change one on purpose: `make golden`, then read what git shows before it goes in.
"""

import pytest

from tests.support.golden import GOLDEN, golden_files

FILES = golden_files()


@pytest.mark.parametrize("name", FILES)
def test_what_is_published_is_what_was_reviewed(name: str) -> None:
    assert FILES[name].decode() == (GOLDEN / name).read_text(encoding="utf-8")


def test_every_golden_file_is_published() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(FILES)

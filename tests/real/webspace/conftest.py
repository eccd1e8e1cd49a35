"""Exported trees, where the user that a web server runs as can read them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.programs import public_folder


@pytest.fixture(scope="session")
def space() -> Iterator[Path]:
    """A folder that everybody may read, unlike pytest's own."""
    with public_folder() as folder:
        yield folder

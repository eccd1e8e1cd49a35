"""Exported trees, where the user that a web server runs as can read them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def space() -> Iterator[Path]:
    """A folder that everybody may read, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="webspace-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder

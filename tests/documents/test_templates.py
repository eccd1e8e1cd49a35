"""Templates are read once, as a program that is replaced on the disk goes on as it began."""

from collections.abc import Iterator

import pytest
from jinja2 import DictLoader

from autoconfig.documents.render import forget_templates, render
from autoconfig.documents.text import TEXT


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The templates, by their names."""
    texts: dict[str, str] = {}
    with monkeypatch.context() as patched:
        patched.setattr("autoconfig.documents.render._LOADER", DictLoader(texts))
        forget_templates()
        yield texts
    forget_templates()


def test_template_is_read_once_until_it_is_forgotten(texts: dict[str, str]) -> None:
    texts["greeting"] = "old"
    assert render(TEXT, "greeting") == "old"
    texts["greeting"] = "new"
    assert render(TEXT, "greeting") == "old"
    forget_templates()
    assert render(TEXT, "greeting") == "new"

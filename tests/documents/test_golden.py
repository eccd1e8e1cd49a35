"""Every document of every offer in every region, compared with a file that a person has read.

To change one on purpose: `python -m tests.documents.test_golden`, then read what git shows,
against protocol and offer, before it goes in.
"""

from pathlib import Path

import pytest

from autoconfig.documents.formats import FORMATS
from autoconfig.names import EmailAddress
from tests.support.services import DOCUMENTS, EVERY_DOCUMENT

GOLDEN = Path(__file__).parents[1] / "golden"
ADDRESS = EmailAddress.parse("alice@example.com")


def _name(service: str, format: str) -> str:
    return f"{service}.{format}{FORMATS[format].kind.suffix}"


def _content(service: str, format: str) -> bytes:
    return DOCUMENTS[service][format].fill(ADDRESS.domain, ADDRESS)


@pytest.mark.parametrize(("service", "format"), EVERY_DOCUMENT)
def test_document_is_the_one_that_was_reviewed(service: str, format: str) -> None:
    assert _content(service, format).decode() == (GOLDEN / _name(service, format)).read_text()


def test_every_golden_file_belongs_to_a_document() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {_name(*each) for each in EVERY_DOCUMENT}


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.iterdir():
        path.unlink()
    for each in EVERY_DOCUMENT:
        (GOLDEN / _name(*each)).write_bytes(_content(*each))

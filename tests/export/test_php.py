"""Values as PHP literals, read back as PHP reads them, and files joined into one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoconfig.export.php import data_file, joined, literal
from tests.support.php import read_literal


@given(st.text())
def test_text_in_php_is_what_it_was(text: str) -> None:
    written = literal(text)
    assert read_literal(written) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*'", written[1:-1]), "the literal ends early"


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner),
    )
)
def test_value_in_php_is_what_it_was(value: object) -> None:
    assert read_literal(literal(value)) == as_php(value)


def as_php(value: object) -> object:
    """PHP has one kind of array for lists and dictionaries."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        return {key: as_php(each) for key, each in value.items()}
    return value


def test_value_that_php_has_no_literal_for_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no PHP literal"):
        literal([object()])


def test_data_file_returns_its_value() -> None:
    assert data_file(["a"], "ours") == "<?php\n// ours\nreturn [\n    'a',\n];\n"


def test_joined_files_open_once() -> None:
    files = [f"<?php\ndeclare(strict_types=1);\n\nfunction {name}() {{}}\n" for name in "ab"]
    assert joined(files, "ours") == (
        "<?php\n// ours\ndeclare(strict_types=1);\n\nfunction a() {}\n\nfunction b() {}\n"
    )

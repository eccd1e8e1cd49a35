"""`autoconfig.typed_toml`: what no shipped file and no mistake of the tables in other tests has."""

from pathlib import Path
from typing import Annotated

import msgspec
import pytest

from autoconfig.problems import ConfigurationError
from autoconfig.typed_toml import read_toml, valid_part


@pytest.mark.parametrize(
    "value", ["[" * 100_000, "9" * 10_000], ids=["nested too deeply", "too many digits"]
)
def test_value_that_python_cannot_hold_is_refused_with_the_file(tmp_path: Path, value: str) -> None:
    path = tmp_path / "autoconfig.toml"
    path.write_text(f"key = {value}\n")
    with pytest.raises(ConfigurationError) as refused:
        read_toml(path)
    assert str(refused.value) == f"{path}: holds a value that is too large"


def test_type_without_a_description_is_named_in_the_words_of_toml() -> None:
    _, problems = valid_part("many", Annotated[int, msgspec.Meta(ge=1)], "key")
    assert [str(problem) for problem in problems] == ['key: found "many": write a whole number']

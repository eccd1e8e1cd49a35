"""A TOML file checked against types: the parts that the files of offers and services leave open."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from msgspec import Meta, Struct

from autoconfig.problems import ConfigurationError, Problem
from autoconfig.typed_toml import read_toml, valid_part


class Row(Struct, forbid_unknown_fields=True):
    port: int


class Table(Struct, forbid_unknown_fields=True):
    rows: Annotated[tuple[Row, ...], Meta(min_length=1)] = ()
    by_name: dict[str, Row] = {}


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"rows": None},
        {"rows": [None, {"port": 1}]},
        {"rows": [{"port": None}]},
        {"by_name": {"a": {"port": None}}},
    ],
    ids=str,
)
def test_none_was_left_by_an_earlier_check_and_is_no_problem_again(value: Any) -> None:
    assert valid_part(value, Table) == (value, [])


def test_what_is_wrong_beside_none_is_a_problem() -> None:
    part, problems = valid_part({"rows": [None, {"port": "1"}]}, Table)
    assert part == {"rows": [None, {"port": None}]}
    assert problems == [Problem("rows.2.port", 'found "1": write a whole number')]


def test_array_that_is_wrong_as_a_whole_is_a_problem() -> None:
    assert valid_part({"rows": []}, Table)[1] == [
        Problem("rows", "found []: write an array, such as [{ … }]")
    ]


@pytest.mark.parametrize("value", [{"rows": [{"place": 1, "port": 2}]}, {"place": 1}], ids=str)
def test_key_of_another_table_is_said_to_belong_there_however_deep(value: Any) -> None:
    (problem,) = valid_part(value, Table, elsewhere={"place": "place, in [map]"})[1]
    assert problem.message == "there is no such key; did you mean place, in [map]?"


@pytest.mark.parametrize(
    "text",
    [
        f"key = {'[' * 100_000}\n",
        f"key = {'9' * 10_000}\n",
        f"[[offer]]\n{'.'.join('a' * 900)} = 1\n",
        f"key = {'[' * 60}{']' * 60}\n",
    ],
    ids=["nested too deeply", "too many digits", "many tables in each other", "many arrays"],
)
def test_value_that_nobody_can_walk_is_refused_with_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "autoconfig.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        read_toml(path)
    assert str(refused.value) == f"{path}: holds a value that is too large"


def test_type_without_a_description_is_named_in_the_words_of_toml() -> None:
    _, problems = valid_part("many", Annotated[int, Meta(ge=1)], "key")
    assert [str(problem) for problem in problems] == ['key: found "many": write a whole number']

"""The programs of `programs.toml`, and what its types cannot hold."""

from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest

from autoconfig.offers.catalogue import load_catalogue
from autoconfig.programs.load import load_programs, read_programs
from autoconfig.programs.model import Program, Reading, Search

PROGRAMS = load_programs()
SEARCHES = [
    pytest.param(program, search, id=f"{program.id}-{number}")
    for program in PROGRAMS
    for number, search in enumerate(program.searches)
]
HTTP = {"GET", "POST"}
METHODS = {
    "mozilla": {"GET"},
    "outlook": HTTP,
    "mobilesync": HTTP,
    "srv": {"SRV"},
    "table": {"MX"},
}


@pytest.mark.parametrize("field", ["id", "name"])
def test_no_two_programs_are_called_the_same(field: str) -> None:
    assert max(Counter(getattr(each, field) for each in PROGRAMS).values()) == 1


def test_every_source_is_cited_and_every_cited_one_is_there() -> None:
    cited = {name for program in PROGRAMS for name in _cited(program)}
    assert cited == set(read_programs().source)


def _cited(program: Program) -> Iterator[str]:
    yield from program.source
    for search in program.searches:
        yield from search.source


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda each: each.id)
def test_a_program_asks_and_reads_or_is_said_not_to(program: Program) -> None:
    assert bool(program.searches) == bool(program.reading) == (program.never is None)


@pytest.mark.parametrize(("program", "search"), SEARCHES)
def test_steps_are_of_the_kind_that_is_read(program: Program, search: Search) -> None:
    assert {step.split()[0] for step in search.steps} <= METHODS[search.reads], program.name


@pytest.mark.parametrize(("program", "search"), SEARCHES)
def test_a_table_has_an_offer_and_all_else_has_steps(program: Program, search: Search) -> None:
    if search.reads == "table":
        assert search.servers_of in load_catalogue().offers, program.name
    else:
        assert search.steps, program.name
        assert search.servers_of is None


@pytest.mark.parametrize("kind", [Program, Reading, Search])
def test_every_field_is_used(kind: type[msgspec.Struct]) -> None:
    """A field that is the same in all rows says nothing of a program."""
    readings = [each.reading for each in PROGRAMS if each.reading]
    rows = {Program: PROGRAMS, Reading: readings, Search: [each.values[1] for each in SEARCHES]}
    for field in msgspec.structs.fields(kind):
        assert len({getattr(row, field.name) for row in rows[kind]}) > 1, field.name

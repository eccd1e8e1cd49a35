"""A configuration, written: `[[service]]` tables in TOML, for a person who goes on with them."""

import json
import textwrap
from collections.abc import Iterable, Sequence

from msgspec import structs

from autoconfig.config.services import ServiceTable

WIDTH = 100
"""Characters of a line. A longer array has an item a line, which a person can move and take out."""


def configuration(services: Iterable[ServiceTable], base_url: str | None) -> str:
    """The configuration that has these services."""
    top = [pair("base_url", base_url)] if base_url else []
    return "\n\n".join((*top, *map(table, services)))


def table(service: ServiceTable) -> str:
    """A `[[service]]` table, without what is the default anyway."""
    return "\n".join(("[[service]]", *(pair(*each) for each in _written(service))))


def inline_table(service: ServiceTable) -> str:
    """The same on one line, for an array of tables."""
    pairs = (f"{key} = {value_of(value)}" for key, value in _written(service))
    return f"{{ {', '.join(pairs)} }}"


def _written(service: ServiceTable) -> list[tuple[str, str | Sequence[str]]]:
    return [
        (field.name, value)
        for field in structs.fields(ServiceTable)
        if (value := getattr(service, field.name)) != field.default
    ]


def comment(text: str) -> str:
    """A text as a comment, in lines of at most `WIDTH` where its words allow that."""
    lines = textwrap.wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return commented("\n".join(lines))


def commented(toml: str) -> str:
    """Lines of a configuration, out of use."""
    return "\n".join(f"# {line}" for line in toml.split("\n"))


def pair(key: str, value: str | Sequence[str]) -> str:
    """A key and its value, as a line or as several."""
    line = f"{key} = {value_of(value)}"
    if isinstance(value, str) or len(line) <= WIDTH:
        return line
    return "\n".join((f"{key} = [", *(f"  {value_of(each)}," for each in value), "]"))


def value_of(value: str | Sequence[str]) -> str:
    """A value as JSON has it: names and addresses hold no character that TOML writes otherwise."""
    return json.dumps(value, ensure_ascii=False)

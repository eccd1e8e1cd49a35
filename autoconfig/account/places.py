"""The places in a configuration where names can be added, so that all that a person wrote stays.

The text has been checked already: this only finds its way through strings, comments and brackets
(TOML 1.0). Positions count characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from autoconfig.config.settings import SERVICE

_TOKEN = re.compile(
    r"""(?P<text>"{3}(?:\\.|[^\\])*?"{3}(?!")|'{3}.*?'{3}(?!')|"(?:\\.|[^"\\])*"|'[^']*')"""
    r"""|(?P<comment>\#[^\r\n]*)|(?P<line>\r\n?|\n)|(?P<mark>[\[\]{},=])"""
    r"""|(?P<bare>[^\s\ufeff\[\]{},="'\#]+)""",
    re.DOTALL,
)


class Token(NamedTuple):
    """A piece of the text. `kind`: what it is; of a bracket, a comma or `=`, that itself."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(slots=True)
class Array:
    """An array. `start`, `end`: of what is between its brackets.

    `last`: where the last item begins and ends. `comma`: the end of a comma after that. `tables`:
    the items that are tables.
    """

    start: int
    end: int = 0
    last: tuple[int, int] | None = None
    comma: int | None = None
    tables: list["Table"] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table. `start`, `end`: of its last pair, or of its header. `arrays`: those in it by key."""

    start: int
    end: int
    inline: bool = False
    arrays: dict[str, Array] = field(default_factory=dict)


Value: TypeAlias = Array | Table | None


@dataclass(slots=True)
class Places:
    """The `[[service]]` tables in their order, and the comments of the whole text.

    `listed`: the array that holds the tables, where they are written in one.
    """

    tables: list[Table]
    listed: Array | None
    comments: list[str]


class _Reading:
    """A walk through the text. `token` is the next piece, `end` where the last one ended."""

    def __init__(self, text: str) -> None:
        self.comments: list[str] = []
        self.end = 0
        self._tokens = self._all(text)
        self.token = next(self._tokens)

    def _all(self, text: str) -> Iterator[Token]:
        for found in _TOKEN.finditer(text):
            if found.lastgroup == "comment":
                self.comments.append(found[0])
            else:
                kind = found[0] if found["mark"] else str(found.lastgroup)
                yield Token(kind, found[0], *found.span())
        yield Token("end", "", len(text), len(text))

    def _advance(self) -> None:
        self.end = self.token.end
        self.token = next(self._tokens)

    def _advance_to(self, *kinds: str) -> None:
        while self.token.kind not in kinds:
            self._advance()

    def tables(self) -> list[Table]:
        """All tables: the one without a header first."""
        tables = [Table(0, 0)]
        while self.token.kind != "end":
            if self.token.kind == "[":
                start = self.token.start
                self._advance_to("line", "end")
                tables.append(Table(start, self.end))
            elif self.token.kind == "line":
                self._advance()
            else:
                self._pair(tables[-1])
        return tables

    def _pair(self, table: Table) -> None:
        table.start, key = self.token.start, self.token.text.strip("\"'")
        self._advance_to("=")
        self._advance()
        value = self._value()
        table.end = self.end
        if isinstance(value, Array):
            table.arrays[key] = value

    def _value(self) -> Value:
        if self.token.kind == "[":
            return self._array()
        if self.token.kind == "{":
            return self._inline_table()
        self._advance_to("line", ",", "]", "}", "end")
        return None

    def _array(self) -> Array:
        array = Array(self.token.end)
        self._advance()
        while self.token.kind != "]":
            if self.token.kind == ",":
                array.comma = self.token.end
            if self.token.kind in (",", "line"):
                self._advance()
                continue
            start, value = self.token.start, self._value()
            array.last, array.comma = (start, self.end), None
            if isinstance(value, Table):
                array.tables.append(value)
        array.end = self.token.start
        self._advance()
        return array

    def _inline_table(self) -> Table:
        table = Table(self.token.start, self.token.end, inline=True)
        self._advance()
        while self.token.kind != "}":
            if self.token.kind == ",":
                self._advance()
            else:
                self._pair(table)
        self._advance()
        return table


def find_places(text: str) -> Places:
    """The places in a configuration that has no mistake."""
    reading = _Reading(text)
    top, *tables = reading.tables()
    listed = top.arrays.get(SERVICE)
    return Places(listed.tables if listed else tables, listed, reading.comments)

"""Insertion of items into a TOML text, in the style in which their neighbours are written."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autoconfig.account.places import Array, Table
from autoconfig.config.written import WIDTH, pair, value_of

INDENT = "  "


class Insertion(NamedTuple):
    """A text, and the position before which it goes."""

    position: int
    text: str


def inserted(text: str, insertions: Iterable[Insertion]) -> str:
    """The text with all insertions; of those at one position, the first stands first."""
    parts, done = [], 0
    for position, new in sorted(insertions, key=lambda each: each.position):
        parts += [text[done:position], new]
        done = position
    return "".join((*parts, text[done:]))


def names_in_style(text: str, array: Array, names: Iterable[str]) -> list[str]:
    """The names in quotes: in those of the array's last item, where that is possible."""
    single = array.last is not None and text[array.last[0]] == "'"
    return [f"'{name}'" if single and "'" not in name else value_of(name) for name in names]


def into_array(text: str, array: Array, items: Sequence[str]) -> list[Insertion]:
    """The insertions that put items behind the last one."""
    if array.last is None:
        return [_into_empty(text, array, items)]
    after = array.comma or array.last[1]
    missing = [] if array.comma else [Insertion(after, ",")]
    end_of_line = _line_end(text, after)
    if end_of_line < array.end:  # the bracket is on a line of its own
        *before, final = (f"{_line_break(text)}{_indent(text, array)}{item}," for item in items)
        final = final if array.comma else final[:-1]
        return [*missing, Insertion(end_of_line, "".join((*before, final)))]
    return [*missing, Insertion(after, _on_the_line(text, array, items))]


def _on_the_line(text: str, array: Array, items: Sequence[str]) -> str:
    """Items before a bracket on the same line, or on lines of their own if they are too many."""
    line = text[_line_start(text, array.end) : array.end]
    written = ", ".join(items)
    between = " "
    if len(line) + len(written) > WIDTH:
        between = _line_break(text) + _indent(text, array)
        written = f",{between}".join(items)
    return between + written + ("," if array.comma else "")


def _into_empty(text: str, array: Array, items: Sequence[str]) -> Insertion:
    start = _line_start(text, array.end)
    if start <= array.start:
        return Insertion(array.end, _on_the_line(text, array, items).strip(" "))
    indent = _blank(text, start) + INDENT
    lines = "".join(f"{indent}{item},{_line_break(text)}" for item in items)
    return Insertion(start, lines)


def into_table(text: str, table: Table, key: str, names: Sequence[str]) -> Insertion:
    """The insertion of a key that the table lacks, behind its last one."""
    if table.inline:
        return Insertion(table.end, f", {key} = {value_of(names)}")
    indent = _blank(text, _line_start(text, table.start))
    lines = "".join(f"{_line_break(text)}{indent}{line}" for line in pair(key, names).split("\n"))
    return Insertion(_line_end(text, table.end), lines)


def at_the_end(text: str, blocks: Sequence[str]) -> Insertion:
    """The insertion of tables and comments after everything else."""
    line_break = _line_break(text)
    new = "\n\n".join(blocks).replace("\n", line_break) + line_break
    if not text.strip("\ufeff"):
        return Insertion(len(text), new)
    missing = 2 - len(re.findall(r"\r\n?|\n", text[len(text.rstrip("\r\n")) :]))
    return Insertion(len(text), line_break * max(missing, 0) + new)


def _line_break(text: str) -> str:
    """The line break of the text: that of its first line."""
    found = re.search(r"\r\n?|\n", text)
    return found[0] if found else "\n"


def _line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1


def _line_end(text: str, position: int) -> int:
    found = re.compile(r"[\r\n]").search(text, position)
    return found.start() if found else len(text)


def _blank(text: str, start: int) -> str:
    """The white space at the beginning of a line."""
    found = re.compile(r"[ \t]*").match(text, start)
    return found[0] if found else ""


def _indent(text: str, array: Array) -> str:
    """The white space before items on lines of their own: that of the last item's line."""
    first = (array.last or (array.end, 0))[0]
    start = _line_start(text, first)
    return _blank(text, start) + (INDENT if start <= array.start else "")

"""The documents of the project: their blocks, tables and links, by the rules of Markdown that they
keep to.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
)
"""Every document, by its path in the project."""


class Block(NamedTuple):
    """A fenced block. `number`: of the blocks in its document, from 1."""

    document: str
    number: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document} {self.number} {self.language}"


class Example(NamedTuple):
    """A command of a `console` block, and the lines that it is said to print."""

    command: str
    output: str


class Link(NamedTuple):
    """`target`: as it is written."""

    document: str
    target: str


def read(document: str) -> str:
    return (ROOT / document).read_text()


def blocks(document: str) -> list[Block]:
    """The fenced blocks, in their order."""
    found = re.findall(r"^```(.*)\n((?:.*\n)*?)```$", read(document), re.MULTILINE)
    return [Block(document, number, *each) for number, each in enumerate(found, 1)]


BLOCKS = [block for document in DOCUMENTS for block in blocks(document)]


def examples(block: Block) -> list[Example]:
    """The commands of a `console` block: each line after `$ `, and the lines up to the next one."""
    found = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE)
    return [Example(*each) for each in found]


def commands(block: Block) -> list[str]:
    """The commands of an `sh` block, each in one line and with single blanks."""
    return [" ".join(line.split()) for line in block.text.replace("\\\n", "").splitlines()]


def prose(document: str) -> str:
    """The document without its fenced blocks."""
    return re.sub(r"^```.*\n(?:.*\n)*?```$", "", read(document), flags=re.MULTILINE)


def section(document: str, heading: str) -> str:
    """What stands below a heading, up to the next of its level."""
    level, text = heading.partition(" ")[0], read(document)
    below = text.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^{level} ", below, maxsplit=1, flags=re.MULTILINE)[0]


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a text: the cells of each row, without the head."""
    found = re.findall(r"^\|.*\n\| -.*\n((?:\|.*\n?)*)", text, re.MULTILINE)
    return [[_cells(line) for line in rows.splitlines()] for rows in found]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line[1:-1].split(" | ")]


def table(document: str, heading: str) -> list[list[str]]:
    """The only table below a heading."""
    (found,) = tables(section(document, heading))
    return found


def links(document: str) -> Iterator[Link]:
    """The links of a document, those in angle brackets too."""
    text = prose(document)
    for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"<(https?://[^>\s]+)>", text):
        yield Link(document, target)


def anchors(document: str) -> set[str]:
    """What a link can name after `#`: each heading, as code hosts make a name of it."""
    headings = re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

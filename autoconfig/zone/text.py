"""The text of a zone, as name servers read it (RFC 1035 section 5) and OVHcloud writes it.

The text mode of the control panel and the API's export leave the name out behind the SOA record,
where the domain is meant: a record without a name belongs to the name above. They write the TTL
before the class, and the control panel knows types that no name server has.

The zone of a customer is rarely as a standard has it, and a plan needs little of it. So each line
is read by itself. Only what a plan could be wrong by is a mistake; a record that cannot matter is
kept as it is written, or left out, and said.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice, takewhile
from string import digits
from typing import NamedTuple

from autoconfig.names import HOST_NAME, Domain
from autoconfig.problems import MOST_SAID, ConfigurationError, Problem, quoted
from autoconfig.zone.presentation import (
    NAMELESS,
    TYPES,
    Mistake,
    absolute,
    name_of,
    seconds,
    type_of,
    value_of,
)
from autoconfig.zone.record import TTL, Record

MOST_CHARACTERS = 1_000_000
"""Characters of a text: the zones of companies with thousands of records have fewer."""
MOST_RECORDS = 50_000
"""Records of a text: more do not fit into `MOST_CHARACTERS` but in lines without a name."""


class Zone(NamedTuple):
    """A zone: the name at its top, and its records, each once, in the order of the text.

    `doubts`: what was left out, and what may be meant otherwise, with the line.
    """

    origin: Domain
    records: tuple[Record, ...]
    doubts: tuple[Problem, ...] = ()


def read_zone(text: str, origin: Domain | None, where: str) -> Zone:
    """Read a zone. `origin`: its name, or a domain in it; None where the text itself names it.

    A SOA record names the zone, else the first `$ORIGIN`; names that are relative end with `origin`
    until then. Raises `ConfigurationError` with every mistake; `where` leads to the text.
    """
    if len(text) > MOST_CHARACTERS:
        message = f"is longer than {MOST_CHARACTERS} characters: give the text of one zone"
        raise ConfigurationError([Problem(where, message)])
    reader, problems = _Reader(origin), []
    for line in _lines(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")):
        try:
            reader.read(line)
        except Mistake as mistake:
            problems.append(Problem(f"{where}: line {line.number}", str(mistake)))
            if mistake.final or len(problems) > MOST_SAID:
                break
    if not problems:
        try:
            return reader.zone(where)
        except Mistake as mistake:
            problems.append(Problem(where, str(mistake)))
    raise ConfigurationError(problems)


class _Line(NamedTuple):
    """A record or a directive, which may go over several lines. `number`: of the first, from 1.

    `named`: whether it begins with the name. `words`: strings in quotes keep them. `flaw`: the
    mistake for which it cannot be read.
    """

    number: int
    named: bool
    words: list[str]
    flaw: str = ""


_PIECE = re.compile(r';.*|[()]|"(?:[^"\\]|\\.)*"|(?:[^\s"();\\]|\\.)+|["\\]')
_FLAWS: Mapping[str, str] = {
    '"': "the quotes are not closed: write them on both sides of the text, on one line",
    "\\": "found a backslash at the end: remove it",
}


def _lines(text: str) -> Iterator[_Line]:
    depth, line = 0, _Line(1, named=True, words=[])
    for number, written in enumerate(text.split("\n"), 1):
        if not depth:
            line = _Line(number, not written[:1].isspace(), [])
        for piece in _PIECE.findall(written):
            depth += (piece == "(") - (piece == ")" and depth > 0)
            if piece in _FLAWS:
                line = line._replace(flaw=_FLAWS[piece])
            elif piece[0] not in "();":
                line.words.append(piece)
        if line.words and not depth:
            yield line
    if depth:
        yield line._replace(flaw="found ( without the other one: write ) where the record ends")


class _Reader:
    """Reads lines, each of which may depend on those above it."""

    def __init__(self, asked: Domain | None) -> None:
        self._asked = f"{asked}." if asked else ""
        self._origin = name_of(self._asked, None) if asked else None
        self._stated = self._soa = ""
        self._owner = self._above = ""
        self._ttl = TTL
        self._found: dict[tuple[str, str, str], tuple[Record, int]] = {}
        self._doubts: list[tuple[int, str]] = []

    def read(self, line: _Line) -> None:
        """Raises `Mistake`."""
        if line.flaw:
            raise Mistake(line.flaw)
        if line.named and line.words[0].startswith("$"):
            self._obey(*line.words)
            return
        if line.named or not self._owner:
            self._owner = absolute(line.words[0] if line.named else "@", self._origin)
        record = self._record(line)
        self._found.setdefault(record.said, (record, line.number))
        if len(self._found) > MOST_RECORDS:
            message = f"there are more than {MOST_RECORDS} records: give the text of one zone"
            raise Mistake(message, final=True)

    def zone(self, where: str) -> Zone:
        """What was read. Raises `Mistake`."""
        apex = self._top()
        within = [each for each, _ in self._found.values() if _is_within(each.name, apex)]
        outside = [each for each in self._found.values() if not _is_within(each[0].name, apex)]
        if not within:
            raise Mistake(f"holds no record of {apex[:-1]}: give the text of its zone")
        if outside:
            (first, number), others = outside[0], len(outside) - 1
            more = f" (and {others} more)" if others else ""
            message = f"{first.name}{more} is left out: it is not of the zone {apex[:-1]}"
            self._doubts.append((number, message))
        doubts = (Problem(f"{where}: line {line}", said) for line, said in sorted(self._doubts))
        return Zone(Domain(apex[:-1]), tuple(within), tuple(islice(doubts, MOST_SAID)))

    def _top(self) -> str:
        """The name of the zone."""
        stated = self._stated if _is_within(self._asked or self._stated, self._stated) else ""
        apex = self._soa or stated or self._asked
        if not HOST_NAME.fullmatch(apex[:-1]):
            raise Mistake(NAMELESS)
        if self._asked and not _is_within(self._asked, apex):
            raise Mistake(f"is the zone of {apex[:-1]}: give that of {self._asked[:-1]}")
        return apex

    def _obey(self, directive: str, *words: str) -> None:
        match directive.upper(), words:
            case "$TTL", (time,):
                self._ttl = seconds(time)
            case "$ORIGIN", (name,):
                self._stated = self._stated or absolute(name, self._origin)
                self._origin = name_of(name, self._origin)
            case _:
                found = quoted(" ".join((directive, *words)))
                raise Mistake(f"found {found}: write the records that are meant, one a line")

    def _record(self, line: _Line) -> Record:
        words = line.words[line.named :]
        head = [*takewhile(lambda word: word.upper() == "IN" or word[0] in digits, words)]
        ttl = next((seconds(word) for word in head if word[0] in digits), self._ttl)
        kind, values = type_of(words[len(head) :]), words[len(head) + 1 :]
        self._note(kind, line)
        return Record(self._owner, kind, value_of(kind, values, self._origin), ttl)

    def _note(self, kind: str, line: _Line) -> None:
        """Note the top of the zone, and what may be meant otherwise."""
        if kind == "SOA":
            # Cloudflare's export leaves the final dot out here, and here alone.
            whole = f"{line.words[0].lower()}."
            self._owner = whole if _is_within(self._asked, whole) else self._owner
            self._soa = self._soa or self._owner
        mx = kind == "MX" and self._above != "MX" and self._owner not in (self._soa, self._asked)
        if kind not in TYPES:
            message = f'"{kind}" is no known type of record: it is kept as it is'
            self._doubts.append((line.number, message))
        elif (mx and not line.named) or (line.named and line.words[0].upper() == "IN"):
            message = f"this {kind} record belongs to {self._owner[:-1]}: begin the line with @ if"
            self._doubts.append((line.number, f"{message} the domain is meant"))
        self._above = kind


def _is_within(name: str, apex: str) -> bool:
    return f".{name}".endswith(f".{apex}")

"""The text of a zone, as name servers read it (RFC 1035 section 5) and OVHcloud writes it.

The text mode of the control panel and the API's export leave the name out behind the SOA record,
where the domain is meant: a record without a name belongs to the name above. They write the TTL
before the class, and the control panel knows types that no name server has: `PSEUDO_TYPES`.

The zone of a customer is rarely as a standard has it, and a plan needs little of it. So each line
is read by itself. Only what a plan could be wrong by is a mistake; a record that cannot matter is
kept as it is written, or left out, and said.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice, takewhile
from string import digits
from typing import NamedTuple, TypeAlias

import dns.ipv4
import dns.ipv6
import dns.name
import dns.rdatatype
from dns.exception import DNSException
from dns.rdatatype import RdataType

from autoconfig.names import HOST_NAME, Domain
from autoconfig.problems import MOST_SAID, ConfigurationError, Problem, quoted
from autoconfig.zone.record import TTL, Record

MOST_CHARACTERS = 1_000_000
"""Characters of a text: the zones of companies with thousands of records have fewer."""
MOST_RECORDS = 50_000
"""Records of a text: more do not fit into `MOST_CHARACTERS` but in lines without a name."""
LONGEST_TTL = 2**31 - 1
"""Seconds. RFC 2181 section 8."""
UNITS: Mapping[str, int] = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
"""The seconds of a unit of time, as BIND has them."""
HIGHEST_NUMBER, HIGHEST_OCTET = 65535, 255
LONGEST_NAME = 4 * 255
"""Characters: of 255 octets (RFC 1035 section 2.3.4), each may be written as an escape."""
NAMELESS = "does not say of which zone it is: name the domain"

PSEUDO_TYPES: Mapping[str, str] = {"DKIM": "TXT", "DMARC": "TXT", "SPF": "TXT"}
"""Types of the control panel and of the API, by which name servers never answer."""

Origin: TypeAlias = dns.name.Name | None
"""The end of every relative name; None while it is not known."""


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
        except _Mistake as mistake:
            problems.append(Problem(f"{where}: line {line.number}", str(mistake)))
            if mistake.final or len(problems) > MOST_SAID:
                break
    if not problems:
        try:
            return reader.zone(where)
        except _Mistake as mistake:
            problems.append(Problem(where, str(mistake)))
    raise ConfigurationError(problems)


class _Mistake(Exception):
    """What was found and what to write. `final`: what follows cannot be judged."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class _Line(NamedTuple):
    """A record or a directive, which may go over several lines. `number`: of the first, from 1.

    `named`: whether it begins with the name. `words`: strings in quotes keep them. `flaw`: the
    mistake for which it cannot be read.
    """

    number: int
    named: bool
    words: list[str]
    flaw: str = ""


_ESCAPE = re.compile(rb"\\(?:([0-9]{3})|(.))", re.DOTALL)
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
        self._origin = dns.name.from_text(self._asked) if asked else None
        self._stated = self._soa = ""
        self._owner = self._above = ""
        self._ttl = TTL
        self._found: dict[tuple[str, str, str], tuple[Record, int]] = {}
        self._doubts: list[tuple[int, str]] = []

    def read(self, line: _Line) -> None:
        """Raises `_Mistake`."""
        if line.flaw:
            raise _Mistake(line.flaw)
        if line.named and line.words[0].startswith("$"):
            self._obey(*line.words)
            return
        if line.named or not self._owner:
            self._owner = _absolute(line.words[0] if line.named else "@", self._origin)
        record = self._record(line)
        self._found.setdefault(record.said, (record, line.number))
        if len(self._found) > MOST_RECORDS:
            message = f"there are more than {MOST_RECORDS} records: give the text of one zone"
            raise _Mistake(message, final=True)

    def zone(self, where: str) -> Zone:
        """What was read. Raises `_Mistake`."""
        apex = self._top()
        within = [each for each, _ in self._found.values() if _is_within(each.name, apex)]
        outside = [each for each in self._found.values() if not _is_within(each[0].name, apex)]
        if not within:
            raise _Mistake(f"holds no record of {apex[:-1]}: give the text of its zone")
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
            raise _Mistake(NAMELESS)
        if self._asked and not _is_within(self._asked, apex):
            raise _Mistake(f"is the zone of {apex[:-1]}: give that of {self._asked[:-1]}")
        return apex

    def _obey(self, directive: str, *words: str) -> None:
        match directive.upper(), words:
            case "$TTL", (seconds,):
                self._ttl = _seconds(seconds)
            case "$ORIGIN", (name,):
                self._origin = dns.name.from_text(_absolute(name, self._origin))
                self._stated = self._stated or self._origin.to_text()
            case _:
                found = quoted(" ".join((directive, *words)))
                raise _Mistake(f"found {found}: write the records that are meant, one a line")

    def _record(self, line: _Line) -> Record:
        words = line.words[line.named :]
        head = [*takewhile(lambda word: word.upper() == "IN" or word[0] in digits, words)]
        ttl = next((_seconds(word) for word in head if word[0] in digits), self._ttl)
        kind, values = _type(words[len(head) :]), words[len(head) + 1 :]
        self._note(kind, line)
        return Record(self._owner, kind, _value(kind, values, self._origin), ttl)

    def _note(self, kind: str, line: _Line) -> None:
        """Note the top of the zone, and what may be meant otherwise."""
        if kind == "SOA":
            self._soa = self._soa or self._owner
        mx = kind == "MX" and self._above != "MX" and self._owner not in (self._soa, self._asked)
        if kind not in RdataType.__members__:
            message = f'"{kind}" is no type of DNS record: it is kept as it is'
            self._doubts.append((line.number, message))
        elif (mx and not line.named) or (line.named and line.words[0].upper() == "IN"):
            message = f"this {kind} record belongs to {self._owner[:-1]}: begin the line with @ if"
            self._doubts.append((line.number, f"{message} the domain is meant"))
        self._above = kind


def _is_within(name: str, apex: str) -> bool:
    return f".{name}".endswith(f".{apex}")


def _seconds(word: str) -> int:
    """A TTL, with the units that BIND has."""
    if re.fullmatch(r"[0-9]{1,10}|(?:[0-9]{1,10}[smhdw])+", word, re.IGNORECASE):
        parts = re.findall(r"([0-9]+)([a-z]?)", word.lower())
        seconds = sum(int(number) * UNITS[unit] for number, unit in parts)
        if seconds <= LONGEST_TTL:
            return seconds
    raise _Mistake(f"found {quoted(word)}: write a TTL in seconds, such as {TTL}")


def _type(words: Sequence[str]) -> str:
    """The type that the words begin with; one that no name server has as it is, in capitals."""
    written = words[0].upper() if words else ""
    kind = PSEUDO_TYPES.get(written, written)
    with suppress(DNSException, ValueError):
        kind = dns.rdatatype.to_text(dns.rdatatype.from_text(kind))
        return PSEUDO_TYPES.get(kind, kind)
    types = {"IN", *RdataType.__members__} & {each.upper() for each in words[1:-1][:3]}
    if types or not re.fullmatch(r"[A-Z][A-Z0-9-]{0,30}", kind):  # a name, where none is awaited
        found = quoted(words[0]) if words else "no type"
        raise _Mistake(f"found {found}: begin the line with the name, as in www IN A 192.0.2.1")
    return kind


def _absolute(word: str, origin: Origin) -> str:
    """A name in the form of `Record`. `origin`: what it ends with if it is relative."""
    try:
        if len(word) > LONGEST_NAME:
            raise dns.name.NameTooLong
        name = dns.name.from_text(word, origin).canonicalize()
    except DNSException:
        raise _Mistake(f"found {quoted(word)}: write a host name") from None
    if not name.is_absolute():
        raise _Mistake(NAMELESS, final=True)
    return name.to_text()


def _number(word: str, _: Origin) -> str:
    if not re.fullmatch(r"[0-9]{1,5}", word) or int(word) > HIGHEST_NUMBER:
        raise _Mistake(f"found {quoted(word)}: write a number from 0 to {HIGHEST_NUMBER}")
    return str(int(word))


def _version_4(word: str, _: Origin) -> str:
    return _address(dns.ipv4.canonicalize, word)


def _version_6(word: str, _: Origin) -> str:
    return _address(dns.ipv6.canonicalize, word)


def _address(canonicalize: Callable[[str], str], word: str) -> str:
    try:
        return canonicalize(word)
    except DNSException:
        raise _Mistake(f"found {quoted(word)}: write an IP address of the record's type") from None


HOST = "host.example.com."
FIELDS: Mapping[str, tuple[str, tuple[Callable[[str, Origin], str], ...]]] = {
    "A": ("192.0.2.1", (_version_4,)),
    "AAAA": ("2001:db8::1", (_version_6,)),
    "CNAME": (HOST, (_absolute,)),
    "DNAME": (HOST, (_absolute,)),
    "NS": (HOST, (_absolute,)),
    "PTR": (HOST, (_absolute,)),
    "MX": (f"10 {HOST}", (_number, _absolute)),
    "SRV": (f"0 0 443 {HOST}", (_number, _number, _number, _absolute)),
}
"""An example of the value, and its parts, by the type. Values of other types stay as they are."""


def _value(kind: str, words: Sequence[str], origin: Origin) -> str:
    written = " ".join(words)
    example, fields = FIELDS.get(kind, ('"text"', ()))
    if not words or (fields and len(words) != len(fields)):
        found = quoted(written) if words else "no value"
        raise _Mistake(f"found {found}: write the value as in {kind} {example}")
    if kind == "TXT":
        return text_value(b"".join(map(_octets, words)))
    parts = (read(word, origin) for read, word in zip(fields, words, strict=bool(fields)))
    return " ".join(parts) if fields else written


def text_value(octets: bytes) -> str:
    """The value of a TXT record in the form of `Record`, whatever strings it has."""
    return f'"{"".join(map(_shown, octets))}"'


def _shown(octet: int) -> str:
    character = chr(octet)
    if character in '"\\':
        return f"\\{character}"
    return character if character.isascii() and character.isprintable() else f"\\{octet:03}"


def _octets(word: str) -> bytes:
    """What a string says that stands in quotes or not."""
    inside = word[1:-1] if word.startswith('"') else word
    return _ESCAPE.sub(_escaped, inside.encode(errors="replace"))


def _escaped(escape: re.Match[bytes]) -> bytes:
    code, character = escape.groups()
    if code and int(code) > HIGHEST_OCTET:
        raise _Mistake(f"found \\{code.decode()}: write three digits up to \\255")
    return bytes([int(code)]) if code else character

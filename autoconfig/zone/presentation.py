"""The parts of a record in the text of a zone (RFC 1035 section 5.1), as `Record` has them."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import dns.ipv4
import dns.ipv6
import dns.name
import dns.rdatatype
from dns.exception import DNSException
from dns.rdatatype import RdataType

from autoconfig.problems import quoted
from autoconfig.zone.record import TTL, Record

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
TYPES = frozenset(RdataType.__members__)
"""Those that have a name."""

Origin: TypeAlias = dns.name.Name | None
"""The end of every relative name; None while it is not known."""


class Mistake(Exception):
    """What was found and what to write. `final`: what follows cannot be judged."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


def seconds(word: str) -> int:
    """A TTL, which may have units, as BIND takes them. Raises `Mistake`."""
    if re.fullmatch(r"[0-9]{1,10}|(?:[0-9]{1,10}[smhdw])+", word, re.IGNORECASE):
        parts = re.findall(r"([0-9]+)([a-z]?)", word.lower())
        time = sum(int(number) * UNITS[unit] for number, unit in parts)
        if time <= LONGEST_TTL:
            return time
    raise Mistake(f"found {quoted(word)}: write a TTL in seconds, such as {TTL}")


def type_of(words: Sequence[str]) -> str:
    """The type that the words begin with. One that nobody knows is as it is, in capitals.

    Raises `Mistake`, also for a name where none is awaited.
    """
    written = words[0].upper() if words else ""
    kind = PSEUDO_TYPES.get(written, written)
    with suppress(DNSException, ValueError):
        kind = dns.rdatatype.to_text(dns.rdatatype.from_text(kind))
        return PSEUDO_TYPES.get(kind, kind)
    others = {"IN", *TYPES} & {each.upper() for each in words[1:-1][:3]}
    if others or not re.fullmatch(r"[A-Z][A-Z0-9-]{0,30}", kind):
        found = quoted(words[0]) if words else "no type"
        raise Mistake(f"found {found}: begin the line with the name, as in www IN A 192.0.2.1")
    return kind


def absolute(word: str, origin: Origin) -> str:
    """A name. Raises `Mistake`."""
    return name_of(word, origin).to_text()


def name_of(word: str, origin: Origin) -> dns.name.Name:
    """A name, which may be what others end with from there on. Raises `Mistake`."""
    name = None
    if len(word) <= LONGEST_NAME and not word.startswith('"'):
        with suppress(DNSException):
            name = dns.name.from_text(word, origin).canonicalize()
    if name is None:
        raise Mistake(f"found {quoted(word)}: write a host name")
    if not name.is_absolute():
        raise Mistake(NAMELESS, final=True)
    return name


def _number(word: str, _: Origin) -> str:
    if not re.fullmatch(r"[0-9]{1,5}", word) or int(word) > HIGHEST_NUMBER:
        raise Mistake(f"found {quoted(word)}: write a number from 0 to {HIGHEST_NUMBER}")
    return str(int(word))


def _version_4(word: str, _: Origin) -> str:
    return _address(dns.ipv4.canonicalize, word)


def _version_6(word: str, _: Origin) -> str:
    return _address(dns.ipv6.canonicalize, word)


def _address(canonicalize: Callable[[str], str], word: str) -> str:
    try:
        return canonicalize(word)
    except DNSException:
        raise Mistake(f"found {quoted(word)}: write an IP address of the record's type") from None


HOST = "host.example.com."
FIELDS: Mapping[str, tuple[str, tuple[Callable[[str, Origin], str], ...]]] = {
    "A": ("192.0.2.1", (_version_4,)),
    "AAAA": ("2001:db8::1", (_version_6,)),
    "CNAME": (HOST, (absolute,)),
    "DNAME": (HOST, (absolute,)),
    "NS": (HOST, (absolute,)),
    "PTR": (HOST, (absolute,)),
    "MX": (f"10 {HOST}", (_number, absolute)),
    "SRV": (f"0 0 443 {HOST}", (_number, _number, _number, absolute)),
}
"""An example of the value, and its parts, by the type. Values of other types stay as they are."""


def value_of(kind: str, words: Sequence[str], origin: Origin) -> str:
    """The value of a record of that type. Raises `Mistake`."""
    written = " ".join(words)
    example, fields = FIELDS.get(kind, ('"text"', ()))
    if not words or (fields and len(words) != len(fields)):
        found = quoted(written) if words else "no value"
        raise Mistake(f"found {found}: write the value as in {kind} {example}")
    if kind == "TXT":
        return text_value(b"".join(map(_octets, words)))
    parts = (read(word, origin) for read, word in zip(fields, words, strict=bool(fields)))
    return " ".join(parts) if fields else written


def stated(name: str, data: Any, ttl: int = TTL) -> Record:
    """The record that a name server has given as `data`, of a class of `dns.rdtypes`."""
    if data.rdtype == RdataType.TXT:
        return Record(name, "TXT", text_value(b"".join(data.strings)), ttl)
    kind = dns.rdatatype.to_text(data.rdtype)
    return Record(name, kind, str(data.to_text()).lower(), ttl)


def text_value(octets: bytes) -> str:
    """The value of a TXT record in the form of `Record`, whatever strings it has."""
    return f'"{"".join(map(_shown, octets))}"'


def _shown(octet: int) -> str:
    character = chr(octet)
    if character in '"\\':
        return f"\\{character}"
    return character if character.isascii() and character.isprintable() else f"\\{octet:03}"


_ESCAPE = re.compile(rb"\\(?:([0-9]{3})|(.))", re.DOTALL)


def _octets(word: str) -> bytes:
    """What a string says that stands in quotes or not."""
    inside = word[1:-1] if word.startswith('"') else word
    return _ESCAPE.sub(_escaped, inside.encode(errors="replace"))


def _escaped(escape: re.Match[bytes]) -> bytes:
    code, character = escape.groups()
    if code and int(code) > HIGHEST_OCTET:
        raise Mistake(f"found \\{code.decode()}: write three digits up to \\255")
    return bytes([int(code)]) if code else character

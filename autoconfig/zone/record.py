"""A DNS record as plain text, and the few that mail programs are led by.

A name is absolute, in ASCII lower case, with its final dot: `autoconfig.example.fr.`. A value is in
presentation format (RFC 1035 section 5.1), its host names in the same form.
"""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple, TypeAlias

TTL = 3600
"""Seconds for which a record may be kept that we propose: what OVHcloud's zones have."""


class Record(NamedTuple):
    """A record of class IN. `ttl`: in seconds."""

    name: str
    type: str
    value: str
    ttl: int = TTL

    @property
    def said(self) -> tuple[str, str, str]:
        """All but the time, which makes no other record of it."""
        return self[:3]

    def line(self) -> str:
        """The same for people."""
        return " ".join(self.said)

    def __str__(self) -> str:
        return f"{self.name} {self.ttl} IN {self.type} {self.value}"


def address_record(name: str, address: IPv4Address | IPv6Address) -> Record:
    """The record by which a name has an address."""
    return Record(name, "A" if isinstance(address, IPv4Address) else "AAAA", str(address))


class Srv(NamedTuple):
    """The value of an SRV record (RFC 2782). `host`: with its final dot; `.` for none."""

    priority: int
    weight: int
    port: int
    host: str

    @classmethod
    def parse(cls, value: str) -> "Srv | None":
        """Read a value; None if it is none."""
        words = value.split()
        if len(words) != len(cls._fields) or not all(word.isdecimal() for word in words[:3]):
            return None
        return cls(int(words[0]), int(words[1]), int(words[2]), words[3])

    def __str__(self) -> str:
        return " ".join(map(str, self))


def absolute(host: str) -> str:
    """The host as a zone has it."""
    return f"{host}."


def plain(host: str) -> str:
    """The host without final dot, as configurations have it; nothing for the root."""
    return host.lower().removesuffix(".")


Present: TypeAlias = Mapping[str, tuple[Record, ...]]
"""The records of a zone, by name."""


def by_name(records: Iterable[Record]) -> Present:
    """The records of each name, each said once, in an order that no name server decides."""
    found: dict[str, dict[tuple[str, str, str], Record]] = {}
    for record in records:
        found.setdefault(record.name, {}).setdefault(record.said, record)
    return {name: tuple(sorted(those.values())) for name, those in found.items()}

"""The records of a domain that tell its offer, as plain text.

A host is in the presentation format of RFC 1035 section 5.1, in lower case and without final dot. A
dot inside a label is written `\\.` there, so two texts are equal only if the names are. The root is
the empty text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from autoconfig.problems import AutoconfigError

SECONDS = 1.5
"""The deadline for all questions about a domain: Thunderbird waits five seconds for a document."""


class LookUpFailed(AutoconfigError):
    """The name servers gave no answer, or none that can be used. Its text says which, in short."""


class Mx(NamedTuple):
    """A mail exchanger (RFC 5321 section 5.1); the root stands for "no mail" (RFC 7505)."""

    preference: int
    host: str


class Srv(NamedTuple):
    """A server of a service (RFC 2782); the root stands for "decidedly not available"."""

    priority: int
    weight: int
    port: int
    host: str


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one domain.

    `srv` are those of `_autodiscover._tcp`. `dkim` has the target of the CNAME at each selector
    that was asked for and has one. `ttl`: the seconds for which all of this may be kept, what is
    absent by its SOA record (RFC 2308 section 5).
    """

    mx: tuple[Mx, ...] = ()
    srv: tuple[Srv, ...] = ()
    dkim: Mapping[str, str] = field(default_factory=dict)
    ttl: int = 0


class Reached(NamedTuple):
    """The addresses of a host, and the names that its chain of aliases leads through."""

    aliases: frozenset[str] = frozenset()
    addresses: frozenset[IPv4Address | IPv6Address] = frozenset()

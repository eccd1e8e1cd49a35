"""What was asked, and what came: facts, without opinion.

A question is asked once a domain and a version of IP. What has no answer has a `Fault`: it is
`decided` if every program would meet it, and not if another try, or another network, might not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

MOST_REDIRECTS = 5
MOST_BODY = 2**20
"""Octets of a body, after it has been decompressed, too."""
SECONDS = 5.0
"""The patience of the programs, for a question and all its redirects."""


class Fault(StrEnum):
    """The reason for which a question has no answer."""

    NO_NAME = "no-name"
    NO_ADDRESS = "no-address"
    REFUSED = "refused"
    CLOSED = "closed"
    TLS_NAME = "tls-name"
    TLS_EXPIRED = "tls-expired"
    TLS_EARLY = "tls-early"
    TLS_SELF_SIGNED = "tls-self-signed"
    TLS_ISSUER = "tls-issuer"
    TLS_PLAIN = "tls-plain"
    TLS = "tls"
    NOT_HTTP = "not-http"
    TOO_LARGE = "too-large"
    CIRCLE = "circle"
    BAD_REDIRECT = "bad-redirect"

    LOOK_UP = "look-up"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    """More than are followed here. Some programs follow twenty."""

    @property
    def decided(self) -> bool:
        """Whether it is an answer of its own: the program gets nothing there."""
        return self not in {
            Fault.LOOK_UP,
            Fault.TIMEOUT,
            Fault.UNREACHABLE,
            Fault.TOO_MANY_REDIRECTS,
        }


class Request(NamedTuple):
    """A question over HTTP. `schema`: that of a posted Autodiscover request, else empty.

    `address`: the one that a posted request asks for.
    """

    method: str
    url: str
    schema: str = ""
    address: str = ""


class Certificate(NamedTuple):
    """What is read of a certificate. `until`: the end of its validity. `issuer`: its name."""

    names: tuple[str, ...]
    until: datetime
    issuer: str


class Hop(NamedTuple):
    """One request and its answer. `status`: 0 if there is none, for the reason `fault`.

    `media_type`: as it is written. `location`: absolute; `given_location`: as it is written.
    `detail`: of a fault, in the words of the library. `certificate`: None where there is none, or
    it could not be read.
    """

    url: str
    status: int = 0
    media_type: str = ""
    location: str = ""
    given_location: str = ""
    body: bytes = b""
    fault: Fault | None = None
    detail: str = ""
    certificate: Certificate | None = None
    ms: int = 0


class Answer(NamedTuple):
    """What came over one version of IP (4 or 6; 0 where no address was to be had), hop by hop."""

    family: int
    hops: tuple[Hop, ...]

    @property
    def last(self) -> Hop:
        """The hop at which the way ended."""
        return self.hops[-1]


class Named(NamedTuple):
    """What the DNS has at a name. `records`: of the type, behind `aliases`, each a class of
    `dns.rdtypes`; `own`: records at the name itself, an alias included. `exists`: whether the name
    does. `failure`: the reason for which nothing is known.
    """

    records: tuple[Any, ...] = ()
    aliases: tuple[str, ...] = ()
    own: tuple[Any, ...] = ()
    exists: bool = False
    failure: str = ""
    ms: int = 0


Question: TypeAlias = tuple[str, str]
"""A name without final dot, and a type: `("_imaps._tcp.example.com", "SRV")`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was seen for a domain.

    `answers`: by the request, one for each version of IP that the host has; first the one that
    programs use: by IPv6 if that connects. `names`: by the question.
    """

    answers: Mapping[Request, tuple[Answer, ...]] = field(default_factory=dict)
    names: Mapping[Question, Named] = field(default_factory=dict)

    def used(self, request: Request) -> Answer:
        """The answer that a program gets."""
        return self.answers[request][0]

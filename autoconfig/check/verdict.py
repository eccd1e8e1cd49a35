"""The results of a check: verdicts, problems, mail servers and steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.model import Service


class Result(StrEnum):
    """What a program comes to."""

    RIGHT = "right"
    ASKS = "asks"
    WRONG = "wrong"
    NOTHING = "nothing"
    UNDECIDED = "undecided"
    UNKNOWN = "unknown"


class Candidate(NamedTuple):
    """A server that a program takes. `protocol`: `imap`, `pop3`, `smtp`, `ews` or `activesync`.

    `socket`: `SSL`, `STARTTLS` or `plain`; empty for a URL. `username`: with placeholders filled
    in. `url`: of an Exchange or ActiveSync server; its host is then `host`.
    """

    protocol: str
    host: str
    port: int
    socket: str = ""
    username: str = ""
    url: str = ""


class Reason(NamedTuple):
    """Why it is so: `what` leads to a sentence of `check.words`, `values` fill it."""

    what: str
    values: Mapping[str, str] = MappingProxyType({})


class Verdict(NamedTuple):
    """What a program does with the address.

    `servers`: those that it takes. `source`: the URL or the record that it has them from.
    `counts`: whether the exit code speaks of it; not for programs that never ask the domain, or
    cannot use the offer.
    """

    client: str
    result: Result
    servers: tuple[Candidate, ...] = ()
    source: str = ""
    why: tuple[Reason, ...] = ()
    counts: bool = True


class Problem(NamedTuple):
    """Something to mend: sentences of `check.words`, and lines to paste (a record, a command).

    `harms`: False for what troubles nobody today, such as a certificate that ends soon.
    `programs`: those that suffer, by the names of their verdicts.
    """

    what: Reason
    cure: Reason
    lines: tuple[str, ...] = ()
    harms: bool = True
    programs: tuple[str, ...] = ()


class MailServer(NamedTuple):
    """A mail server of the service, tried. `result`: `ok`, `refused`, `timeout`, `tls`, `blocked`
    or `auth`. `days`: until its certificate ends.
    """

    protocol: str
    host: str
    port: int
    result: str
    detail: Reason
    days: int | None = None
    ms: int = 0


class Step(NamedTuple):
    """A question and what came of it, for the tree of steps. `depth`: 1 for a redirect."""

    what: str
    result: str
    detail: Reason
    ms: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """All that is told of one domain or address.

    `service`: what is right; None if nobody knows. `told_by`: `configuration`, `option` or `dns`.
    `failure`: the reason for which the service could not be read from the DNS.
    """

    subject: Domain | EmailAddress
    service: Service | None
    told_by: str = "configuration"
    verdicts: tuple[Verdict, ...] = ()
    problems: tuple[Problem, ...] = ()
    mail_servers: tuple[MailServer, ...] = ()
    steps: tuple[Step, ...] = ()
    certificates: Mapping[str, int] = field(default_factory=dict)
    failure: Reason | None = None

"""Signing in by IMAP and SMTP, and what a refusal means.

The password goes to servers of the service alone, under TLS with a verified certificate, and once a
protocol: tries get accounts blocked. No error, `repr` or reason has it, even where a server says it
back.

Servers do not tell a wrong password from a wrong name, lest strangers find out names; and those of
OVHcloud say the same (`535 5.7.1`) of an account that is blocked for sending. So the two protocols
are judged together: a password that one of them takes is right, and the other has another reason.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple, TypeAlias

from autoconfig.check.connect import Network
from autoconfig.check.dialogue import Dialogue, Offered, Reply, Unspoken
from autoconfig.check.mail import RESULTS, reason_for, secured
from autoconfig.check.verdict import MailServer
from autoconfig.names import EmailAddress
from autoconfig.offers.model import Server, Service
from autoconfig.problems import printable

OK = "login-ok"
REFUSED, REFUSED_TOO = "login-refused", "login-refused-too"
BESIDE_OK: Mapping[str, str] = {"imap": "login-cannot-read", "smtp": "login-cannot-send"}
"""By the protocol, what a refusal means where the other one takes the password."""
KNOWN = frozenset({"login-no-right", "login-blocked", "login-expired"})
"""What a server says of an account that it knows: the other one refuses it for the same reason."""

MEANINGS: Mapping[str, str] = {
    "AUTHENTICATIONFAILED": REFUSED,
    "AUTHORIZATIONFAILED": "login-no-right",
    "NOPERM": "login-no-right",
    "CONTACTADMIN": "login-blocked",
    "EXPIRED": "login-expired",
    "LIMIT": "login-too-often",
    "INUSE": "login-later",
    "SERVERBUG": "login-later",
    "UNAVAILABLE": "login-later",
    "NO": REFUSED,
    "5.1.0": "login-no-user",
    "5.1.1": "login-no-user",
    "5.2.1": "login-blocked",
    "5.7.13": "login-blocked",
    "4.7.12": "login-expired",
    "5.7.12": "login-expired",
    "421": "login-too-often",
    "432": "login-expired",
    "454": "login-later",
    "535": REFUSED,
    "550": "login-no-right",
}
"""The meaning of a response code of IMAP (RFC 5530) or an enhanced code of SMTP (RFC 3463, 5248);
else of the status (RFC 4954 section 6).
"""

SECONDS = 20.0
"""The patience with a server. A refusal comes late on purpose: Exchange waits 5 s (its
`TarpitInterval`), Dovecot up to 15 s.
"""
TELLING = 4
"""Characters in a row of a password that would help a stranger."""
UNTOLD = "…"
"""What is told in place of a server's words that have the password in them."""

Way: TypeAlias = tuple[bytes, ...]
"""A command that gives the password, and what follows each time that the server waits for more."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and a password."""

    user: str
    password: str = field(repr=False)

    def octets(self) -> tuple[bytes, bytes]:
        """Both in UTF-8 (RFC 4616); what the terminal could not decode, as it was typed."""
        name = self.user.encode("utf-8", "surrogateescape")
        return name, self.password.encode("utf-8", "surrogateescape")

    def plain(self) -> bytes:
        """The message of SASL's PLAIN."""
        return b64encode(b"\0".join((b"", *self.octets())))

    def login(self) -> tuple[bytes, bytes]:
        """The two messages of SASL's LOGIN."""
        name, password = self.octets()
        return b64encode(name), b64encode(password)

    def are_in(self, text: str) -> bool:
        """Whether a text says the password, or part of it, as it was typed or sent."""
        sent = (printable(self.password), self.plain().decode(), self.login()[1].decode())
        parts = (each[at : at + TELLING] for each in sent for at in _starts(each))
        return any(part.casefold() in text.casefold() for part in parts)


def _starts(secret: str) -> range:
    return range(max(1, len(secret) - TELLING + 1))


def _imap_way(offered: Offered, credentials: Credentials) -> Way:
    """PLAIN, else LOGIN with literals, which may hold anything; the other LOGIN is out of use."""
    if "PLAIN" in offered.mechanisms:
        message = credentials.plain()
        if offered.initial:
            return (b"AUTHENTICATE PLAIN " + message,)
        return b"AUTHENTICATE PLAIN", message
    if offered.login:
        name, password = credentials.octets()
        return b"LOGIN {%d}" % len(name), name + b" {%d}" % len(password), password
    return b"AUTHENTICATE LOGIN", *credentials.login()


def _smtp_way(offered: Offered, credentials: Credentials) -> Way:
    if "PLAIN" in offered.mechanisms:
        return (b"AUTH PLAIN " + credentials.plain(),)
    return b"AUTH LOGIN", *credentials.login()


WAYS: Mapping[str, Callable[[Offered, Credentials], Way]] = {"imap": _imap_way, "smtp": _smtp_way}
"""By the protocol, the way to give the password to a server that takes one."""


class Outcome(NamedTuple):
    """What came of a server. `given`: whether it was given the password."""

    server: Server
    what: str
    said: str
    given: bool
    ms: int


async def try_password(
    service: Service,
    tried: Sequence[MailServer],
    address: EmailAddress,
    password: str,
    network: Network,
) -> tuple[MailServer, ...]:
    """The servers of a service, with what those say to the password that work from here.

    `tried`: the servers as they were found without it.
    """
    told = {each[:3]: each for each in tried}
    broken = {place for place, each in told.items() if each.result != "ok"}
    for each in await sign_in(service, address, password, network, broken):
        told[each[:3]] = each._replace(days=told[each[:3]].days)
    return tuple(told.values())


async def sign_in(
    service: Service,
    address: EmailAddress,
    password: str,
    network: Network,
    broken: Container[tuple[str, str, int]] = (),
) -> tuple[MailServer, ...]:
    """Sign in at the service by IMAP and by SMTP, as it has them, once each.

    `broken`: the protocol, host and port of servers that are left out.
    """
    credentials = Credentials(_user_name(service, address), password)
    works = [s for s in service.servers if (s.protocol, s.host, s.port) not in broken]
    by_protocol = [[s for s in works if s.protocol == protocol] for protocol in WAYS]
    outcomes = await asyncio.gather(
        *(_by(servers, credentials, network) for servers in by_protocol if servers)
    )
    return tuple(_told(outcome, outcomes) for outcome in outcomes)


def _user_name(service: Service, address: EmailAddress) -> str:
    name = service.offer.login.username
    name = name.replace("%EMAILADDRESS%", str(address))
    return name.replace("%EMAILLOCALPART%", address.local).replace("%EMAILDOMAIN%", address.domain)


async def _by(servers: Sequence[Server], credentials: Credentials, network: Network) -> Outcome:
    """The outcome at the first server that can be given the password; else at the last one."""
    for server in servers:
        outcome = await _at(server, credentials, network)
        if outcome.given:
            break
    return outcome


async def _at(server: Server, credentials: Credentials, network: Network) -> Outcome:
    started = monotonic()
    given = False
    try:
        async with secured(server, network, SECONDS) as secure:
            if not secure.offered.password:
                raise Unspoken("mail-no-password")
            given = True
            way = WAYS[server.protocol](secure.offered, credentials)
            what, said = _meaning(await _give(secure.dialogue, way))
    except Unspoken as error:
        what, said = error.what, error.said
    said = UNTOLD if credentials.are_in(said) else said
    return Outcome(server, what, said, given, round((monotonic() - started) * 1000))


async def _give(dialogue: Dialogue, way: Way) -> Reply:
    command, *following = way
    reply = await dialogue.command(command)
    for line in following:
        if not reply.more:
            break
        reply = await dialogue.answer(line)
    return reply


def _meaning(reply: Reply) -> tuple[str, str]:
    """What the reply means, as a key of words, and the reply as it is."""
    what = MEANINGS.get(reply.code) or MEANINGS.get(reply.status, "login-unclear")
    return OK if reply.good else what, " ".join(filter(None, reply[:3]))


def _judged(outcome: Outcome, outcomes: Sequence[Outcome]) -> str:
    """What the outcome means beside that of the other protocol."""
    if outcome.what != REFUSED:
        return outcome.what
    if OK in [each.what for each in outcomes]:
        return BESIDE_OK[outcome.server.protocol]
    if KNOWN.intersection(each.what for each in outcomes):
        return REFUSED_TOO
    first = next(each for each in outcomes if each.what == REFUSED)
    return REFUSED if outcome is first else REFUSED_TOO


def _told(outcome: Outcome, outcomes: Sequence[Outcome]) -> MailServer:
    server, what = outcome.server, _judged(outcome, outcomes)
    result = "ok" if what == OK else RESULTS.get(what, "auth")
    reason = reason_for(what, server, outcome.said)
    return MailServer(server.protocol, server.host, server.port, result, reason, ms=outcome.ms)

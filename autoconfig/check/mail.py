"""The mail servers of a service, tried without a password: connected, TLS, certificate, greeting.

A server is tried once a run, however many domains have it. That a port does not answer means little
by itself: only beside a sibling that does, it is the network here that blocks it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from autoconfig.check.connect import Network, Unconnected
from autoconfig.check.dialogue import PROTOCOLS, Dialogue, Offered, Unspoken
from autoconfig.check.seen import SECONDS, Certificate
from autoconfig.check.verdict import MailServer, Reason
from autoconfig.offers.model import SECURITY, Server, Service
from autoconfig.problems import printable, shortened

RESULTS: Mapping[str, str] = {
    "mail-ok": "ok",
    "mail-ok-unprotected": "ok",
    "mail-no-password": "auth",
    "mail-no-name": "refused",
    "mail-no-address": "refused",
    "mail-refused": "refused",
    "mail-closed": "refused",
    "mail-turned-away": "refused",
    "mail-odd": "refused",
    "mail-endless": "refused",
    "mail-tls-name": "tls",
    "mail-tls-expired": "tls",
    "mail-tls-early": "tls",
    "mail-tls-self-signed": "tls",
    "mail-tls-issuer": "tls",
    "mail-tls-plain": "tls",
    "mail-tls": "tls",
    "mail-no-starttls": "tls",
    "mail-starttls-refused": "tls",
    "mail-starttls-injected": "tls",
    "mail-look-up": "timeout",
    "mail-timeout": "timeout",
    "mail-silent": "timeout",
    "mail-unreachable": "timeout",
    "mail-blocked": "blocked",
    "mail-blocked-alone": "blocked",
}
"""By `Reason.what`, the result of a mail server."""

UNREACHED = {"mail-refused", "mail-timeout", "mail-unreachable"}
"""What a network makes of a port that it blocks."""


class Secure(NamedTuple):
    """A dialogue under TLS, with a certificate for the server's name. `before`: what was offered
    before TLS; nothing, where it began at once.
    """

    dialogue: Dialogue
    offered: Offered
    before: Offered
    certificate: Certificate | None


class Tried(NamedTuple):
    """What came of one server, as seen from here."""

    what: str
    said: str = ""
    certificate: Certificate | None = None
    ms: int = 0


@asynccontextmanager
async def secured(
    server: Server, network: Network, seconds: float = SECONDS
) -> AsyncIterator[Secure]:
    """The talk with a server, up to where a password may be given. Raises `Unspoken`.

    `seconds`: the patience with all of it, and with what is done within.
    """
    dialogue = None
    try:
        async with asyncio.timeout(seconds):
            stream = await network.connect(server.host, server.port, tls=server.socket == "SSL")
            dialogue = PROTOCOLS[server.protocol](stream)
            await dialogue.greet()
            before = Offered()
            if server.socket == "STARTTLS":
                before = await dialogue.offered()
                await _begin_tls(dialogue, before, server.host, network)
            offered = await dialogue.offered()
            yield Secure(dialogue, offered, before, dialogue.stream.certificate)
    except TimeoutError:
        raise Unspoken("mail-silent" if dialogue else "mail-timeout") from None
    except Unconnected as error:
        raise Unspoken(f"mail-{error.fault}", error.detail, error.certificate) from None
    finally:
        if dialogue:
            dialogue.close()


async def _begin_tls(dialogue: Dialogue, before: Offered, host: str, network: Network) -> None:
    if not before.starttls:
        raise Unspoken("mail-no-starttls")
    await dialogue.ask_for_tls()
    dialogue.stream = await network.start_tls(dialogue.stream, host)


class MailServers:
    """The mail servers of a run: each is tried once. `now`: the day for certificates."""

    def __init__(self, network: Network, now: datetime) -> None:
        self._network = network
        self._now = now
        self._tried: dict[tuple[str, str, int, str], asyncio.Task[Tried]] = {}

    async def of(self, service: Service) -> tuple[MailServer, ...]:
        """The servers of a service, in its order."""
        servers = service.servers
        tried = await asyncio.gather(*(self._try(server) for server in servers))
        return tuple(self._told(server, servers, tried) for server in servers)

    async def _try(self, server: Server) -> Tried:
        key = (server.protocol, server.host, server.port, server.socket)
        if key not in self._tried:
            self._tried[key] = asyncio.create_task(try_server(server, self._network))
        return await asyncio.shield(self._tried[key])

    def _told(
        self, server: Server, servers: Sequence[Server], tried: Sequence[Tried]
    ) -> MailServer:
        mine = tried[servers.index(server)]
        works = [s for s, its in zip(servers, tried, strict=True) if RESULTS[its.what] == "ok"]
        reason = _blocked(server, works) if mine.what in UNREACHED else None
        reason = reason or reason_for(mine.what, server, mine.said)
        days = (mine.certificate.until - self._now).days if mine.certificate else None
        where = (server.protocol, server.host, server.port)
        return MailServer(*where, RESULTS[reason.what], reason, days, mine.ms)


async def try_server(server: Server, network: Network) -> Tried:
    """Connect to a server, and ask what it offers."""
    started = monotonic()
    try:
        async with secured(server, network) as secure:
            what, said, certificate = _offered(secure), "", secure.certificate
    except Unspoken as error:
        what, said, certificate = error.what, error.said, error.certificate
    return Tried(what, said, certificate, round((monotonic() - started) * 1000))


def _offered(secure: Secure) -> str:
    if not secure.offered.password:
        return "mail-no-password"
    return "mail-ok-unprotected" if secure.before.password else "mail-ok"


def reason_for(what: str, server: Server, said: str = "") -> Reason:
    """The reason, with what its sentence may name. `said` is cut to what fits into it."""
    values = {"host": server.host, "port": str(server.port), "said": shortened(printable(said))}
    return Reason(what, values)


def _blocked(server: Server, works: Sequence[Server]) -> Reason | None:
    """The reason if the network blocks the port, as a sibling shows.

    That is a server of the same protocol, to be used instead; else another port of the same host,
    which only shows that the host is there.
    """
    siblings = [("mail-blocked", other) for other in works if other.protocol == server.protocol]
    siblings += [("mail-blocked-alone", other) for other in works if other.host == server.host]
    if not siblings:
        return None
    what, other = siblings[0]
    values = {"host": server.host, "port": str(server.port), "other_host": other.host}
    values |= {"other_port": str(other.port), "other_socket": SECURITY[other.socket]}
    return Reason(what, values)

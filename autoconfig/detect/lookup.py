"""Looking a domain up: its questions to the name servers, with one deadline for all of them.

A stub resolver (RFC 1034 section 5.3.1). While a name server is silent, the next one is asked too,
and the first answer that can be used is taken: a late one as well, since a name server that
recurses may need a second for a domain that it has not seen.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from itertools import takewhile
from operator import is_not
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import dns.name
import dns.rdata
from dns.message import QueryMessage
from dns.rdatatype import AAAA, CNAME, MX, SRV, A, RdataType

from autoconfig.config.settings import DNS_PORT, NameServer
from autoconfig.detect.question import (
    AGAIN_SECONDS,
    Address,
    Found,
    Own,
    put,
    question,
    read,
    read_own,
    read_whole,
)
from autoconfig.detect.records import SECONDS, LookUpFailed, Mx, Reached, Records, Srv
from autoconfig.names import Domain

ASIDE_SECONDS = 30.0
"""The time for which a name server that does not answer is asked after the others."""
ADDRESS_SECONDS = 30.0
"""The time for which the address of a name server is kept, if its host is a name."""
SYSTEM = Path("/etc/resolv.conf")
MOST_SERVERS = 3
"""Name servers of the system that count: `MAXNS` of resolv.conf(5)."""

Result = TypeVar("Result")
Said = TypeVar("Said", bound=tuple[Any, ...])
_Read: TypeAlias = Callable[[QueryMessage], Said]
_Reply: TypeAlias = asyncio.Task[Said | LookUpFailed]


class Resolver:
    """Asks name servers, in an event loop."""

    def __init__(
        self,
        servers: Sequence[NameServer] = (),
        clock: Callable[[], float] = time.monotonic,
        again: float = AGAIN_SECONDS,
    ) -> None:
        """`servers`: most preferred first; none for the system's, which are read now and not again.

        Every type of record that the library knows is loaded now, too. `again`: the seconds after
        which a name server is asked again, and the next one beside it.
        """
        dns.rdata.load_all_types()  # type: ignore[no-untyped-call]
        self._servers = tuple(servers) or system_servers()
        self._clock = clock
        self._again = again
        self._aside: dict[NameServer, float] = {}
        self._addresses: dict[NameServer, tuple[float, Address]] = {}

    async def records(
        self, domain: Domain, dkim: Sequence[str] = (), seconds: float = SECONDS
    ) -> Records:
        """The records that tell the offer of a domain. `dkim`: the selectors to ask for.

        Raises `LookUpFailed` if one of the questions has no answer in so many seconds.
        """
        mx, srv, *keys = await in_time(
            seconds,
            self._find(domain, MX),
            self._find(f"_autodiscover._tcp.{domain}", SRV),
            *(self._find(f"{selector}._domainkey.{domain}", CNAME) for selector in dkim),
        )
        return Records(
            tuple(Mx(each.preference, _text(each.exchange)) for each in mx.records),
            tuple(Srv(s.priority, s.weight, s.port, _text(s.target)) for s in srv.records),
            {
                selector: _text(record.target)
                for selector, key in zip(dkim, keys, strict=True)
                for record in key.records
            },
            min(each.ttl for each in (mx, srv, *keys)),
        )

    async def reached(self, host: Domain, seconds: float = SECONDS) -> Reached:
        """The addresses of a host, and its aliases. Raises `LookUpFailed`, as `records`."""
        found = await in_time(seconds, self._find(host, A), self._find(host, AAAA))
        return Reached(
            frozenset(_text(alias) for each in found for alias in each.aliases),
            frozenset(ip_address(record.address) for each in found for record in each.records),
        )

    async def own(self, name: str, kind: RdataType, seconds: float = SECONDS) -> Own:
        """What stands at a name itself. Raises `LookUpFailed`, as `records`."""
        (found,) = await in_time(seconds, self._ask(question(name, kind), read_own))
        return found

    async def whole(
        self, name: str, kind: RdataType, seconds: float = SECONDS
    ) -> tuple[Found, Own]:
        """What stands behind a name and at it, by one answer. Raises `LookUpFailed`, as `records`.

        Raises `dns.name.NameTooLong`.
        """
        (said,) = await in_time(seconds, self._ask(question(name, kind), read_whole))
        return said

    async def _find(self, name: str, kind: RdataType) -> Found:
        try:
            query = question(name, kind)
        except dns.name.NameTooLong:
            return Found()
        return await self._ask(query, read)

    async def _ask(self, query: QueryMessage, reading: _Read[Said]) -> Said:
        """An answer. Raises `LookUpFailed` with the last reason if no server knows."""
        waiting: dict[_Reply[Said], NameServer] = {}
        servers = self._by_preference()
        failure = LookUpFailed("no name server")
        try:
            while servers or waiting:
                if servers:
                    server = servers.pop(0)
                    waiting[asyncio.create_task(self._reply(server, query, reading))] = server
                done, _ = await asyncio.wait(
                    waiting,
                    timeout=self._again if servers else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                for task in done:
                    reply = task.result()
                    if not isinstance(reply, LookUpFailed):
                        self._put_aside(
                            waiting[each] for each in takewhile(partial(is_not, task), waiting)
                        )
                        return reply
                    failure = reply
                    del waiting[task]
        finally:
            await _end(waiting)
        raise failure

    async def _reply(
        self, server: NameServer, query: QueryMessage, reading: _Read[Said]
    ) -> Said | LookUpFailed:
        try:
            return reading(await put(query, self._address(server), self._again))
        except LookUpFailed as failure:
            return failure
        except OSError as error:
            self._put_aside([server])
            return LookUpFailed(f"the name server {server.host}: {error.strerror}")

    def _by_preference(self) -> list[NameServer]:
        now = self._clock()
        return sorted(self._servers, key=lambda each: self._aside.get(each, now) > now)

    def _put_aside(self, servers: Iterable[NameServer]) -> None:
        until = self._clock() + ASIDE_SECONDS
        self._aside |= dict.fromkeys(servers, until)

    def _address(self, server: NameServer) -> Address:
        """The address of a name server. Raises `OSError`.

        The event loop waits, since without it nothing can be asked.
        """
        now = self._clock()
        kept = self._addresses.get(server)
        if kept and kept[0] > now:
            return kept[1]
        family, _, _, _, address = socket.getaddrinfo(*server, type=socket.SOCK_DGRAM)[0]
        self._addresses[server] = now + ADDRESS_SECONDS, (family, address)
        return family, address


def system_servers(path: Path = SYSTEM) -> tuple[NameServer, ...]:
    """The name servers of resolv.conf(5), or of Windows; the one on this machine if it has none."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        hosts = _without_file(path)
    else:
        words = [line.split() for line in text.splitlines()]
        hosts = [host for each in words if each[:1] == ["nameserver"] for host in each[1:2]]
    usable = [host for host in hosts if _is_address(host)]
    return tuple(NameServer(host, DNS_PORT) for host in usable[:MOST_SERVERS] or ["127.0.0.1"])


def _without_file(path: Path) -> list[str]:
    """The name servers that Windows uses, which has no such file; none on another system."""
    import dns.resolver  # noqa: PLC0415  # where there is a file, it costs nobody its time

    try:
        return [str(each) for each in dns.resolver.Resolver(path).nameservers]
    except dns.resolver.NoResolverConfiguration:
        return []


def _is_address(text: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(text))
    return False


async def in_time(seconds: float | None, *questions: Coroutine[Any, Any, Result]) -> list[Result]:
    """What each question found. Raises `LookUpFailed` as soon as one has failed, or at the end.

    `seconds`: None for as long as they take.
    """
    try:
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            asked = [group.create_task(each) for each in questions]
    except TimeoutError:
        raise LookUpFailed(f"no answer in {seconds:g} s") from None
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [each.result() for each in asked]


async def _end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _text(name: dns.name.Name) -> str:
    """A name as `detect.records` has it."""
    return "" if name == dns.name.root else name.to_text(omit_final_dot=True).lower()

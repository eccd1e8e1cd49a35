"""Connections as mail programs make them, and why there is none."""

import asyncio
import re
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple, TypeAlias

from autoconfig.check.certificate import context, fault_of, read, taking_any, trusting
from autoconfig.check.names import Names
from autoconfig.check.seen import SECONDS, Certificate, Fault, Named
from autoconfig.config.settings import LAST_PORT, NameServer
from autoconfig.detect.lookup import Resolver
from autoconfig.problems import AutoconfigError, InvalidName, quoted
from autoconfig.zone.servers import permitted

Address: TypeAlias = IPv4Address | IPv6Address

MOST_ADDRESSES = 4
"""Addresses of one version that are tried: no program tries all of a hostile zone's."""
STAGGER = 0.25
"""Seconds after which the next address is tried beside one that does not answer (RFC 8305)."""
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
BUFFER = 2**16
"""Octets that are read ahead."""


class Unconnected(AutoconfigError):
    """There is no connection, or it has ended. `detail`: in the words of the library.

    `reached`: whether the server was, so that no other address would be tried.
    """

    def __init__(
        self,
        fault: Fault,
        detail: str = "",
        *,
        reached: bool = False,
        certificate: Certificate | None = None,
    ) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail
        self.reached = reached
        self.certificate = certificate


class ConnectTo(NamedTuple):
    """Where to connect in place of a host and port, as curl's `--connect-to` has it.

    `host`: of a URL; empty for any. `port`: None for any. `to_host`: empty for the same, `to_port`:
    None for the same.
    """

    host: str
    port: int | None
    to_host: str
    to_port: int | None

    def matches(self, host: str, port: int) -> bool:
        """Whether it speaks of a host and port."""
        return self.host in ("", host) and self.port in (None, port)


_HOST = r"(\[[0-9a-f:.]+\]|[^:\[\]\s]*)"
_CONNECT_TO = re.compile(rf"{_HOST}:(\d{{0,5}}):{_HOST}:(\d{{0,5}})")


def parse_connect_to(text: str) -> ConnectTo:
    """Read `HOST:PORT:TO_HOST:TO_PORT`, of which each part may be empty.

    Raises `InvalidName` with a sentence that shows a good one.
    """
    found = _CONNECT_TO.fullmatch(text.strip().lower())
    ports = [int(each) if each else None for each in (found[2], found[4])] if found else []
    if not found or any(each is not None and not 0 < each <= LAST_PORT for each in ports):
        raise InvalidName(
            f"{quoted(text)} is not HOST:PORT:TO_HOST:TO_PORT; write one such as "
            "autoconfig.example.com:443:192.0.2.1:8443, in which any part may be empty"
        )
    hosts = [each.strip("[]").removesuffix(".") for each in (found[1], found[3])]
    return ConnectTo(hosts[0], ports[0], hosts[1], ports[1])


class Stream(NamedTuple):
    """A connection. `certificate`, `tls_version`: only over TLS. `peer`: the other end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    peer: Address
    certificate: Certificate | None = None
    tls_version: str = ""

    def close(self) -> None:
        """End it at once; what was not sent is not."""
        self.writer.transport.abort()


class Network:
    """Names and connections of one run."""

    def __init__(
        self,
        resolvers: Sequence[NameServer] = (),
        connect_to: Sequence[ConnectTo] = (),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`resolvers`: who is asked for every name; none for the system's."""
        self.names = Names(Resolver(resolvers))
        self._connect_to = tuple(connect_to)
        self._tls = tls or context()
        self._inside: Callable[[Address], bool] = permitted(resolvers, named=bool(resolvers))

    async def families(self, host: str, port: int) -> Mapping[int, tuple[Address, ...]]:
        """The addresses at which a host is reached, by the version of IP: 6 before 4.

        Raises `Unconnected` if there are none.
        """
        _, host, _ = self._place(host, port)
        with suppress(ValueError):
            address = ip_address(host)
            return {address.version: (address,)}
        questions = (host, "AAAA"), (host, "A")
        six, four = map(self.names.known, questions)
        if six is None or four is None:
            six, four = await asyncio.gather(*map(self.names.ask, questions))
        found = {6: _addresses(six), 4: _addresses(four)}
        if not any(found.values()):
            raise Unconnected(*_without_address(six, four))
        return {version: addresses for version, addresses in found.items() if addresses}

    async def connect(self, host: str, port: int, *, family: int = 0, tls: bool) -> Stream:
        """A connection to a host, over TLS or not. Raises `Unconnected`.

        `family`: as in `reach`.
        """
        return await self.talk(await self.reach(host, port, family=family), host, tls=tls)

    async def reach(
        self, host: str, port: int, *, family: int = 0, strangers: bool = False
    ) -> socket.socket:
        """A connection to a host, by the first of its addresses that takes one within `SECONDS`.

        `family`: the version of IP that is meant, if the host has it; 0 for both. `strangers`:
        whether the host was named by others than the domain, or by a public server; then no address
        of a private network is tried unless a resolver there was named. Raises `Unconnected`.
        """
        found = await self.families(host, port)
        addresses = found.get(family) or [each for some in found.values() for each in some]
        told, _, port_there = self._place(host, port)
        if strangers and not told:
            addresses = [each for each in addresses if is_public(each) or self._inside(each)]
            if not addresses:
                raise Unconnected(Fault.UNREACHABLE, "in a private network; it was not asked")
        try:
            async with asyncio.timeout(SECONDS):
                return await _reach(addresses, port_there)
        except TimeoutError:
            raise Unconnected(Fault.TIMEOUT, f"no connection in {SECONDS:g} s") from None

    async def talk(self, connection: socket.socket, host: str, *, tls: bool) -> Stream:
        """Begin to talk over a connection that `reach` has made. Raises `Unconnected`."""
        if not tls:
            return await _stream(connection)
        place = connection.getpeername()
        try:
            return await _stream(connection, self._tls, host)
        except Unconnected as failure:
            if failure.fault in _OF_CERTIFICATES:
                failure.certificate = await _faulty(place, host)
            raise

    async def start_tls(self, stream: Stream, host: str) -> Stream:
        """Go on over TLS (STARTTLS). Raises `Unconnected`.

        The certificate of a server that is refused is not read: for that it would have to be asked
        again.
        """
        try:
            async with asyncio.timeout(SECONDS):
                await stream.writer.start_tls(self._tls, server_hostname=host)
        except (OSError, ValueError) as error:
            stream.close()
            raise _over(error) from None
        return _verified(stream.reader, stream.writer)

    def _place(self, host: str, port: int) -> tuple[bool, str, int]:
        """Whether the user has told where to connect, and the host and port there."""
        for each in self._connect_to:
            if each.matches(host, port):
                return bool(each.to_host), each.to_host or host, each.to_port or port
        return False, host, port


_OF_CERTIFICATES = {
    Fault.TLS,
    Fault.TLS_NAME,
    Fault.TLS_EXPIRED,
    Fault.TLS_EARLY,
    Fault.TLS_SELF_SIGNED,
    Fault.TLS_ISSUER,
}


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, if it stands for one of version 4, too."""
    return (getattr(address, "ipv4_mapped", None) or address).is_global


def _addresses(named: Named) -> tuple[Address, ...]:
    return tuple(ip_address(each.address) for each in named.records)[:MOST_ADDRESSES]


def _without_address(*named: Named) -> tuple[Fault, str]:
    failure = next((each.failure for each in named if each.failure), "")
    if failure:
        return Fault.LOOK_UP, failure
    return (Fault.NO_ADDRESS if any(each.exists for each in named) else Fault.NO_NAME), ""


async def _reach(addresses: Sequence[Address], port: int) -> socket.socket:
    """The first connection that one of the addresses takes. Raises `Unconnected`."""
    left = list(addresses)
    waiting: set[asyncio.Task[socket.socket]] = set()
    failures: list[BaseException] = []
    try:
        while left or waiting:
            if left:
                waiting.add(asyncio.create_task(_dial(left.pop(0), port)))
            done, waiting = await asyncio.wait(
                waiting,
                timeout=STAGGER if left else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            made = [each.result() for each in done if not each.exception()]
            for each in made[1:]:
                each.close()
            if made:
                return made[0]
            failures += filter(None, (each.exception() for each in done))
    finally:
        for task in waiting:
            task.cancel()
    raise _unreached(failures)


async def _dial(address: Address, port: int) -> socket.socket:
    made = socket.socket(FAMILIES[address.version], socket.SOCK_STREAM)
    made.settimeout(0)
    try:
        await asyncio.get_running_loop().sock_connect(made, (str(address), port))
    except BaseException:  # a connection that nobody waits for any more, too
        made.close()
        raise
    return made


def _unreached(failures: Sequence[BaseException]) -> Unconnected:
    """Refused, if any address says so: else the network does not lead there."""
    for each in failures:
        if isinstance(each, ConnectionError):
            return Unconnected(Fault.REFUSED, each.strerror or "")
    return Unconnected(Fault.UNREACHABLE, getattr(failures[0], "strerror", ""))


async def _stream(
    connection: socket.socket, tls: ssl.SSLContext | None = None, host: str = ""
) -> Stream:
    try:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_connection(
                sock=connection, ssl=tls, server_hostname=host if tls else None, limit=BUFFER
            )
    except (OSError, ValueError) as error:
        connection.close()
        raise _over(error) from None
    return _verified(reader, writer)


def _over(error: OSError | ValueError) -> Unconnected:
    """A connection that did not come to TLS; a `ValueError` for a host that TLS cannot name."""
    if isinstance(error, ssl.SSLError):
        words = getattr(error, "verify_message", "") or error.reason or str(error)
        return Unconnected(fault_of(error), words, reached=True)
    if isinstance(error, TimeoutError):
        return Unconnected(Fault.TIMEOUT, f"no TLS in {SECONDS:g} s", reached=True)
    if isinstance(error, ValueError):
        return Unconnected(Fault.TLS_NAME, str(error), reached=True)
    return Unconnected(Fault.CLOSED, error.strerror or str(error), reached=True)


def _verified(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Stream:
    secure = writer.get_extra_info("ssl_object")
    peer = ip_address(writer.get_extra_info("peername")[0].partition("%")[0])
    if secure is None:
        return Stream(reader, writer, peer)
    return Stream(reader, writer, peer, read(secure.getpeercert()), secure.version() or "")


async def _faulty(place: tuple[str, int], host: str) -> Certificate | None:
    """The certificate that does not verify; None if it cannot be read."""
    try:
        shown = await _handshake(place, host, taking_any())
        der = shown.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return (await _handshake(place, host, trusting(der))).certificate
    except (Unconnected, OSError):
        return None


async def _handshake(place: tuple[str, int], host: str, tls: ssl.SSLContext) -> Stream:
    async with asyncio.timeout(SECONDS):
        made = await _dial(ip_address(place[0]), place[1])
    stream = await _stream(made, tls, host)
    stream.close()
    return stream

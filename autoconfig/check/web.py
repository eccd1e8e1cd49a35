"""The web as a domain needs it: each request sent once by each version of IP, over few connections.

Ways of several programs share the requests at which they meet. A server is given the next request
over a connection that it keeps open; one that is slow gets several connections, so that no request
waits long for another one.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from autoconfig.check.connect import Network, Stream, Unconnected, is_public
from autoconfig.check.http import exchange
from autoconfig.check.seen import MOST_REDIRECTS, SECONDS, Answer, Fault, Hop, Request
from autoconfig.names import Domain
from autoconfig.problems import printable, shortened

CONNECTIONS = 40
"""Connections of a domain that are open at once beside those that are kept; each needs an open
file."""
PATIENCE = 0.5
"""Seconds for which a request waits for a connection that is in use, before it has its own."""
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {"http": 80, "https": 443}

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f]*:[0-9a-f:.]+")
_RANKS: Mapping[Fault | None, int] = {Fault.TIMEOUT: 0, Fault.UNREACHABLE: 2}
"""Which failure counts where no server was reached: a program waits for one that does not answer,
and passes over a version of IP that the network does not have."""


class Place(NamedTuple):
    """A server at a version of IP. `strangers`: as in `Network.connect`."""

    scheme: str
    host: str
    port: int
    version: int = 0
    strangers: bool = False


class _Came(NamedTuple):
    """A hop; whether its server was reached, and whether that is at a public address."""

    hop: Hop
    reached: bool = False
    public: bool = False


class Web:
    """What a domain's requests come to, until a time of the event loop. For `async with`."""

    def __init__(self, network: Network, domain: Domain, end: float) -> None:
        self._network = network
        self._domain = domain
        self._end = end
        self._turn = asyncio.Semaphore(CONNECTIONS)
        self._servers: dict[Place, _Server] = {}
        self._hops: dict[tuple[Request, Place], asyncio.Task[_Came]] = {}

    async def __aenter__(self) -> "Web":
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._hops.values():
            task.cancel()
        await asyncio.gather(*self._hops.values(), return_exceptions=True)
        for server in self._servers.values():
            await server.close()
        await asyncio.sleep(0)  # the event loop closes what has been aborted

    async def ask(self, request: Request) -> tuple[Answer, ...]:
        """The answers by each version of IP that the host has; first the one that programs get."""
        began = time.monotonic()
        place = _place(request.url)
        if place is None:
            return (Answer(0, (Hop(request.url, fault=Fault.NO_NAME),)),)
        try:
            async with asyncio.timeout_at(self._end):
                versions = await self._network.families(place.host, place.port)
        except (Unconnected, TimeoutError) as failure:
            return (Answer(0, (_failed(request.url, failure, began),)),)
        strangers = not self._owns(place)
        places = [place._replace(version=each, strangers=strangers) for each in versions]
        came = await asyncio.gather(*(self._way(request, each) for each in places))
        return tuple(answer for answer, _ in sorted(came, key=lambda each: each[1]))

    async def _way(self, request: Request, place: Place) -> tuple[Answer, int]:
        """The answer of a server, and its place among those of other versions."""
        hops: list[_Came] = []
        end = min(asyncio.get_running_loop().time() + SECONDS, self._end)
        began = time.monotonic()
        try:
            async with asyncio.timeout_at(end):
                async for came in self._hops_from(request, place):
                    hops.append(came)
                    began = time.monotonic()
        except TimeoutError as late:
            url = hops[-1].hop.location if hops else request.url
            reached = place in self._servers and self._servers[place].reached
            hops.append(_Came(_failed(url, late, began), reached))
        first = hops[0]
        rank = -1 if first.reached else _RANKS.get(first.hop.fault, 1)
        return Answer(place.version, tuple(each.hop for each in hops)), rank

    async def _hops_from(self, request: Request, place: Place) -> AsyncIterator[_Came]:
        """A request and its answer, and those to which redirects lead."""
        seen: list[str] = []
        while True:
            came = await self._hop(request, place)
            yield came
            hop = came.hop
            if hop.status not in REDIRECTS or not hop.given_location:
                return
            seen.append(request.url)
            next_place = _place(hop.location)
            if next_place is None:
                led = _shown(hop.given_location)  # which may be no URL at all
                yield _Came(Hop(request.url, fault=Fault.BAD_REDIRECT, detail=led))
                return
            if hop.location in seen or len(seen) > MOST_REDIRECTS:
                fault = Fault.CIRCLE if hop.location in seen else Fault.TOO_MANY_REDIRECTS
                yield _Came(Hop(hop.location, fault=fault))
                return
            request = request._replace(url=hop.location)
            strangers = came.public and not self._owns(next_place)
            place = next_place._replace(version=place.version, strangers=strangers)

    def _owns(self, place: Place) -> bool:
        """Whether a host is of the domain, whichever way leads to it."""
        return f".{place.host}".endswith(f".{self._domain}")

    async def _hop(self, request: Request, place: Place) -> _Came:
        key = request, place._replace(strangers=False)
        if key not in self._hops:  # what is asked anyway needs no stranger's word
            key = request, place
        if key not in self._hops:
            server = self._servers.get(place)
            if server is None:
                server = self._servers[place] = _Server(self._network, place, self._turn)
            self._hops[key] = asyncio.create_task(server.put(request))
        return await asyncio.shield(self._hops[key])


class _Server:
    """A server: the connection that is kept to it, and others for the time of one request.

    What keeps the first connection from it, keeps all requests.
    """

    def __init__(self, network: Network, place: Place, turn: asyncio.Semaphore) -> None:
        self._network = network
        self._place = place
        self._turn = turn
        self._first: asyncio.Task[Stream] | None = None
        self._free: asyncio.Queue[Stream | None] = asyncio.Queue()
        self.reached = False

    async def put(self, request: Request) -> _Came:
        """Send a request, and read what comes of it."""
        began = time.monotonic()
        try:
            kept, used = await self._kept()
            if kept:
                came = await self._exchange(kept, request, began, keep=True)
                if not used or came.hop.fault is not Fault.CLOSED:
                    return came
                # A server may close a connection just when it is used again.
            async with self._turn:
                began = time.monotonic()
                return await self._exchange(await self._connect(), request, began, keep=False)
        except Unconnected as failure:
            return _Came(_failed(request.url, failure, began), self.reached)

    async def close(self) -> None:
        """Close the connection that is kept."""
        if self._first:
            self._first.cancel()
            with suppress(asyncio.CancelledError, Unconnected):
                (await self._first).close()

    async def _kept(self) -> tuple[Stream | None, bool]:
        """The connection that is kept, if it is free soon, and whether it was used.

        Raises `Unconnected`.
        """
        if self._first is None:
            self._first = asyncio.create_task(self._connect())
            return await asyncio.shield(self._first), False
        await asyncio.shield(self._first)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                return await self._free.get(), True
        return None, False

    async def _exchange(
        self, stream: Stream, request: Request, began: float, *, keep: bool
    ) -> _Came:
        keeps = False
        try:
            status, media_type, given, body, keeps = await exchange(stream, request)
        except Unconnected as failure:
            return _Came(_failed(request.url, failure, began, stream), reached=True)
        finally:
            if not keep or not keeps:
                stream.close()
            if keep:
                self._free.put_nowait(stream if keeps else None)
        hop = Hop(
            request.url,
            status,
            media_type,
            _absolute(request.url, given) if given else "",
            given,
            body,
            certificate=stream.certificate,
            ms=_since(began),
        )
        return _Came(hop, reached=True, public=is_public(stream.peer))

    async def _connect(self) -> Stream:
        scheme, host, port, version, strangers = self._place
        connection = await self._network.reach(host, port, family=version, strangers=strangers)
        self.reached = True
        return await self._network.talk(connection, host, tls=scheme == "https")


def _place(url: str) -> Place | None:
    """The server of a URL; None if it has none that could be asked."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or "@" in parts.netloc or not _HOST.fullmatch(host) or port == 0:
        return None
    return Place(parts.scheme, host, port or PORTS[parts.scheme])


def _absolute(url: str, location: str) -> str:
    """Where a redirect leads; nothing if nobody can tell."""
    try:
        return urldefrag(urljoin(url, location)).url
    except ValueError:
        return ""


def _shown(text: str) -> str:
    return shortened(printable(text))


def _failed(
    url: str, failure: Unconnected | TimeoutError, began: float, stream: Stream | None = None
) -> Hop:
    fault, detail, certificate = Fault.TIMEOUT, "", stream.certificate if stream else None
    if isinstance(failure, Unconnected):
        fault, detail = failure.fault, _shown(failure.detail)
        certificate = certificate or failure.certificate
    return Hop(url, fault=fault, detail=detail, certificate=certificate, ms=_since(began))


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)

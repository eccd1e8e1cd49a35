"""A web server whose hosts answer as a fault wants, hostile answers among them.

A `Manner` makes the octets of an answer to a question, one part after the other, for as long as the
client listens. A `Site` is what a host has: a certificate, and a manner for each scheme.
"""

import asyncio
import ssl
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import NamedTuple, TypeAlias

from tests.real.world.addresses import ODD, SILENT, Place
from tests.real.world.certificates import Authority, Kind

SERVE_PORT = 8000
"""Of `autoconfig serve`, in a network in which every port is free."""
XML = "text/xml; charset=utf-8"
HTML = "text/html; charset=utf-8"
MIB = 2**20


class Asked(NamedTuple):
    """A request that a server got. `family`: version of IP; `target`: path and query.
    `size`: of its body, in octets."""

    scheme: str
    family: int
    host: str
    method: str
    target: str
    size: int = 0
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Reply(NamedTuple):
    """An answer, whole."""

    status: int
    media_type: str | None
    body: bytes = b""
    more: tuple[tuple[str, str], ...] = ()

    def octets(self) -> bytes:
        kind = [("Content-Type", self.media_type)] if self.media_type is not None else []
        return head(self.status, *kind, *self.more, ("Content-Length", str(len(self.body)))) + (
            self.body
        )


Manner: TypeAlias = Callable[[Asked], AsyncIterator[bytes]]


class Site(NamedTuple):
    """`http`: where it differs from `https`."""

    https: Manner
    certificate: Kind = Kind.GOOD
    http: Manner | None = None

    def manner(self, asked: Asked) -> Manner:
        return self.http if asked.scheme == "http" and self.http else self.https


def head(status: int, *headers: tuple[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode()


# ------------------------------------------------------------------------------- ordinary manners


def page(
    status: int, body: bytes = b"", media_type: str | None = HTML, *more: tuple[str, str]
) -> Manner:
    async def answer(asked: Asked) -> AsyncIterator[bytes]:
        filled = body.replace(b"{domain}", domain_of(asked).encode())
        yield Reply(status, media_type, filled, more).octets()

    return answer


NOT_FOUND = page(404, b"<!DOCTYPE html><title>404</title>")


def redirect(to: str, status: int = 302) -> Manner:
    """`to` may have `{host}`, `{domain}` and `{target}` of the question."""

    async def answer(asked: Asked) -> AsyncIterator[bytes]:
        values = {"host": asked.host, "domain": domain_of(asked), "target": asked.target}
        yield Reply(status, HTML, b"moved", (("Location", to.format(**values)),)).octets()

    return answer


def by_path(manners: Mapping[str, Manner], others: Manner = NOT_FOUND) -> Manner:
    """By the path in small letters."""
    return lambda asked: manners.get(asked.path.lower(), others)(asked)


def ours(change: Callable[[Reply], Reply] = lambda reply: reply) -> Manner:
    """What `autoconfig serve` answers, changed."""

    async def answer(asked: Asked) -> AsyncIterator[bytes]:
        yield change(await _served(asked)).octets()

    return answer


async def _served(asked: Asked) -> Reply:
    reader, writer = await asyncio.open_connection("127.0.0.1", SERVE_PORT)
    writer.write(
        f"{asked.method} {asked.target} HTTP/1.1\r\nHost: {asked.host}\r\n"
        f"X-Forwarded-Proto: {asked.scheme}\r\nContent-Type: text/xml\r\nConnection: close\r\n"
        f"Content-Length: {len(asked.body)}\r\n\r\n".encode()
        + asked.body
    )
    top, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    first, *lines = top.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    more = tuple(("Location", headers[name]) for name in ("location",) if name in headers)
    return Reply(int(first.split()[1]), headers.get("content-type"), body, more)


def domain_of(asked: Asked) -> str:
    """The domain of a host, without the name that programs put before it."""
    first, _, rest = asked.host.partition(".")
    return rest if first in ("autoconfig", "autodiscover") else asked.host


# -------------------------------------------------------------------------------- hostile manners


async def hang(asked: Asked) -> AsyncIterator[bytes]:
    """The request is taken, and nothing comes."""
    await asyncio.sleep(60)
    yield b""


async def close(asked: Asked) -> AsyncIterator[bytes]:
    """The connection ends without an answer."""
    yield b""


async def not_http(asked: Asked) -> AsyncIterator[bytes]:
    yield b"SSH-2.0-OpenSSH_9.6\r\n"


async def endless(asked: Asked) -> AsyncIterator[bytes]:
    """A body without end, as fast as it goes."""
    yield head(200, ("Content-Type", XML))
    yield b'<?xml version="1.0"?><clientConfig version="1.1">'
    while True:
        yield b"<!-- " + b"x" * 65536 + b" -->"


async def trickle(asked: Asked) -> AsyncIterator[bytes]:
    """A body that never ends either, a few octets a second."""
    yield head(200, ("Content-Type", XML))
    yield b'<?xml version="1.0"?><clientConfig version="1.1">'
    while True:
        await asyncio.sleep(0.3)
        yield b"<!---->"


async def endless_head(asked: Asked) -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-More: " + b"x" * 4096 + b"\r\n"


@cache
def _packed() -> bytes:
    packer = zlib.compressobj(1, wbits=31)
    packed = packer.compress(b'<?xml version="1.0"?><clientConfig version="1.1">')
    return packed + b"".join(packer.compress(b" " * MIB) for _ in range(64)) + packer.flush()


async def bomb(asked: Asked) -> AsyncIterator[bytes]:
    """64 MiB in some 300 kB."""
    packed = _packed()
    yield head(
        200,
        ("Content-Type", XML),
        ("Content-Encoding", "gzip"),
        ("Content-Length", str(len(packed))),
    )
    yield packed


def xml_page(text: str) -> Manner:
    return page(200, text.encode(), XML)


LAUGHS = xml_page(
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + ']><clientConfig version="1.1">&a9;</clientConfig>'
)
"""Billion laughs."""
OUTSIDE = xml_page(
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">'
    '<!ENTITY f SYSTEM "http://www.hoster.example/fetched">]>'
    '<clientConfig version="1.1"><emailProvider id="a.example">&e;&f;</emailProvider>'
    "</clientConfig>"
)
"""External entities, which would show in the log of the server that they name."""
DEEP = xml_page('<?xml version="1.0"?>' + "<a>" * 50_000 + "</a>" * 50_000)
HUGE = xml_page(
    '<?xml version="1.0"?><clientConfig version="1.1">'
    + '<emailProvider id="a.example"/>' * 30_000
    + "</clientConfig>"
)


# ---------------------------------------------------------------------------------------- serving


class OddWeb:
    """All hosts of it. `asked`: every request, as it came in."""

    def __init__(self, sites: Mapping[str, Site], authority: Authority) -> None:
        self.asked: list[Asked] = []
        self._open: set[asyncio.StreamWriter] = set()
        self.stop: Callable[[], object] = lambda: None
        self._sites = sites
        self._contexts = {
            host: authority.context(host, site.certificate) for host, site in sites.items()
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError, ValueError, IndexError):
            asked = await _read(reader, writer)
            self.asked.append(asked)
            site = self._sites.get(asked.host)
            async for part in (site.manner(asked) if site else NOT_FOUND)(asked):
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)  # for the loop to see that the client has gone
                if writer.is_closing():
                    break
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()
        self._open.discard(writer)

    async def silence(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection, and nothing more."""
        self._open.add(writer)

    def context(self) -> ssl.SSLContext:
        """Which has the certificate of the host that the client names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

        def choose(
            connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext
        ) -> ssl.AlertDescription | None:
            if own := self._contexts.get(name or ""):
                connection.context = own
                return None
            return ssl.AlertDescription.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

        context.sni_callback = choose
        return context

    async def listen(self, up: threading.Event) -> None:
        """On its addresses, until `stop`."""
        end, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.set_exception_handler(lambda *_: None)  # clients that go away
        self.stop = lambda: loop.call_soon_threadsafe(end.set)
        secure = self.context()
        ends: list[tuple[Place, int, ssl.SSLContext | None]] = [
            (ODD, 80, None),
            (ODD, 443, secure),
        ]
        ends += [(SILENT, port, None) for port in (80, 443)]
        async with AsyncExitStack() as stack:
            for where, port, context in ends:
                answer = self.silence if where == SILENT else self.serve
                for address in where.both:
                    server = await asyncio.start_server(answer, address, port, ssl=context)
                    await stack.enter_async_context(server)
            up.set()
            await end.wait()
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0.1)  # for the loop to see that they are gone


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Asked:
    top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = top[0].split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in top)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    scheme = "https" if writer.get_extra_info("ssl_object") else "http"
    family = ip_address(writer.get_extra_info("sockname")[0]).version
    host = headers["host"].partition(":")[0].lower()
    return Asked(scheme, family, host, method, target, len(body), body)


@contextmanager
def odd_web(sites: Mapping[str, Site], authority: Authority) -> Iterator[OddWeb]:
    """Serve them until the block ends."""
    web, up = OddWeb(sites, authority), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(web.listen(up)))
    thread.start()
    try:
        assert up.wait(10)
        yield web
    finally:
        web.stop()
        thread.join()

"""A world on loopback for `check`: every name of it has an address, and web servers answer there.

    python -m benchmarks.answering FOLDER DOMAINS DNS_SECONDS WEB_SECONDS

Answers take their seconds and little of a processor, which the command needs. Into FOLDER go
`ca.pem`, the authority of all certificates, and `ports`: of the name server, of http and https.
"""

import asyncio
import ssl
import struct
import sys
from pathlib import Path
from typing import cast

import trustme

from tests.support.documents import ROOT

PARENT = "agency.example"
MX = f"mx.host.{PARENT}"
SHARED = [f"host.{PARENT}", f"*.host.{PARENT}", f"autoconfig.{MX}", "live.thunderbird.net"]
SHARED += ["autoconfig.thunderbird.net", "v1.ispdb.net"]
"""Hosts that all domains have in common; at another one, the certificate is for another name."""
DOCUMENT = (ROOT / "tests/golden/mx-plan-eu.autoconfig.xml").read_bytes()
HOME = "127.0.0.1"

A, NS, MX_TYPE, SOA = 1, 2, 15, 6
NXDOMAIN = 3
ANSWERS = 0x8180
"""The flags of an answer of a name server that recurses."""
TO_QUESTION = b"\xc0\x0c"
"""The name that was asked for (RFC 1035 section 4.1.4)."""


def domain(number: int) -> str:
    return f"d{number}.{PARENT}"


class NameServer(asyncio.DatagramProtocol):
    """Every host has the address of loopback; domains have a mail exchanger and a name server."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(self._seconds, self._transport.sendto, answered(data), addr)


def answered(query: bytes) -> bytes:
    """The answer to a query, written by hand: dnspython would take as long as the command does."""
    end = query.index(0, 12) + 5
    labels = query[13 : end - 5].lower()
    (kind,) = struct.unpack_from("!H", query, end - 4)
    data = {
        A: bytes([127, 0, 0, 1]),
        MX_TYPE: struct.pack("!H", 1) + wire(MX),
        NS: wire(f"ns.host.{PARENT}"),
    }
    there = not labels.startswith((b"_", b"no-such-name"))
    found = data.get(kind, b"") if there else b""
    record = (TO_QUESTION, kind, found) if found else (b"\0", SOA, soa())
    name, kind, value = record
    counts = (1, 1, 0, 0) if found else (1, 0, 1, 0)
    head = query[:2] + struct.pack("!HHHHH", ANSWERS | (0 if there else NXDOMAIN), *counts)
    return head + query[12:end] + name + struct.pack("!HHIH", kind, 1, 300, len(value)) + value


def soa() -> bytes:
    return b"\0\0" + struct.pack("!IIIII", 1, 2, 3, 4, 300)


def wire(name: str) -> bytes:
    return b"".join(bytes([len(each)]) + each.encode() for each in name.split(".")) + b"\0"


def page(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class WebServer(asyncio.Protocol):
    """The document at `autoconfig.` of a domain, and nothing elsewhere."""

    found, missing = page("200 OK", DOCUMENT), page("404 Not Found", b"")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._transport: asyncio.Transport
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        if not self._read.endswith((b"\r\n\r\n", b"</Autodiscover>")) or self._waits():
            return
        right = b"/mail/config-v1.1.xml" in self._read and b"Host: autoconfig.d" in self._read
        answer = self.found if right else self.missing
        asyncio.get_running_loop().call_later(self._seconds, self._transport.write, answer)
        self._read = b""

    def _waits(self) -> bool:
        """Whether a body is still to come."""
        return self._read.startswith(b"POST") and self._read.endswith(b"\r\n\r\n")


def certified(domains: int, folder: Path) -> ssl.SSLContext:
    """TLS with a certificate for each domain and its names, and one for what they share."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    own = {}
    for each in map(domain, range(domains)):
        own[each] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(each, f"*.{each}").configure_cert(own[each])
    shared = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*SHARED).configure_cert(shared)

    def choose(secure: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        name = ".".join((host or "").split(".")[-3:])
        secure.context = own.get(name, shared)

    shared.sni_callback = choose
    return shared


async def main(folder: Path, domains: int, dns_seconds: float, web_seconds: float) -> None:
    """Answer until the process is ended."""
    loop = asyncio.get_running_loop()
    secure = certified(domains, folder)
    names, _ = await loop.create_datagram_endpoint(lambda: NameServer(dns_seconds), (HOME, 0))
    ports = [names.get_extra_info("sockname")[1]]
    for tls in (None, secure):
        web = await loop.create_server(lambda: WebServer(web_seconds), HOME, 0, ssl=tls)
        ports.append(web.sockets[0].getsockname()[1])
    (folder / "ports.new").write_text(" ".join(map(str, ports)))
    (folder / "ports.new").rename(folder / "ports")
    await asyncio.Event().wait()


if __name__ == "__main__":
    _, place, many, *seconds = sys.argv
    asyncio.run(main(Path(place), int(many), *map(float, seconds)))

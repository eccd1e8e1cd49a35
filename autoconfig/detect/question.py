"""One question, put to one name server, and what may be taken from its answer.

Nothing is taken for absent that is not: a name server that fails, refuses, leads to another one or
follows a chain of aliases only half has said nothing.
"""

import asyncio
import errno
import os
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, NamedTuple, TypeAlias, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.ttl
import dns.wire

from autoconfig.detect.records import LookUpFailed

AGAIN_SECONDS = 0.5
"""The time without an answer after which a question is sent again: a packet may be lost."""
PAYLOAD = 1232
"""Octets that an answer by UDP may have: what passes everywhere (DNS flag day 2020)."""
LONGEST = 65535
"""Octets that any answer may have."""

MOST_RECORDS = 1000
"""Records that any answer may have: those of a hostile zone take a processor's time to read, some
150 microseconds each if its names are as long as names can be.
"""

MOST_TTL = 2**31 - 1
"""Seconds; what is more counts as none (RFC 2181 section 8)."""
NEGATIVE_SECONDS = 300
"""The time for which what is absent may be kept, if no SOA record says so."""

MALFORMED = "a malformed answer"
LEADS_AWAY = "an answer that leads to another name server"

_HEADER = struct.Struct("!HHHHHH")
"""Of a message: its number, flags, and how many records each part has (RFC 1035 section 4.1.1)."""
_OPCODE = 0x7800
"""The bits of the flags that say what is asked: zeros for a query."""

Address: TypeAlias = tuple[socket.AddressFamily, Any]
"""An IP address and a port, as the system has it."""


class Found(NamedTuple):
    """What stands at a name, behind `aliases`; no records if it is absent. `ttl`: in seconds."""

    records: tuple[Any, ...] = ()
    aliases: tuple[dns.name.Name, ...] = ()
    ttl: int = dns.ttl.MAX_TTL


class Own(NamedTuple):
    """What stands at a name itself, wherever an alias leads: records of one type, or a CNAME.

    `records`: each of a class of `dns.rdtypes`. `ttl`: in seconds. `exists`: whether the name does,
    with whatever records. `known`: whether the name server has the zone (RFC 1035 section 4.1.1,
    AA), and does not only repeat what another one has said.
    """

    records: tuple[Any, ...] = ()
    ttl: int = 0
    exists: bool = False
    known: bool = False


class _Record(NamedTuple):
    """A record. `kind`: its type. `data`: of a class of `dns.rdtypes`."""

    name: dns.name.Name
    kind: int
    ttl: int
    data: Any


_Opened: TypeAlias = tuple[dns.rcode.Rcode, list[_Record], list[_Record]]
"""The code of an answer, the records in it, and those of authority."""


def question(name: str, kind: dns.rdatatype.RdataType) -> dns.message.QueryMessage:
    """A message that asks for records of a type. Raises `dns.name.NameTooLong`."""
    return dns.message.make_query(
        dns.name.from_text(name.encode()), kind, use_edns=0, payload=PAYLOAD
    )


async def put(
    query: dns.message.QueryMessage, address: Address, again: float = AGAIN_SECONDS
) -> dns.message.QueryMessage:
    """Ask a name server until it answers, with so many seconds between two questions.

    The answer is for `read` or `read_own`. Raises `LookUpFailed` if it is no whole message,
    `OSError` if the server cannot be reached.
    """
    answer = await _by_udp(query, address, again)
    if answer.flags & dns.flags.TC:
        answer = await _by_tcp(query, address)
    return answer


async def _by_udp(
    query: dns.message.QueryMessage, address: Address, again: float
) -> dns.message.QueryMessage:
    with _socket(address, socket.SOCK_DGRAM) as connection:
        await asyncio.get_running_loop().sock_connect(connection, address[1])
        with _repeated(partial(connection.send, query.to_wire()), again):
            return await _datagram(query, connection)


@contextmanager
def _repeated(send: Callable[[], Any], seconds: float) -> Iterator[None]:
    """Send now, and again each time that so many seconds have passed."""
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle

    def send_again() -> None:
        nonlocal timer
        timer = loop.call_later(seconds, send_again)
        with suppress(OSError):  # which is heard where the answer is awaited
            send()

    send()
    timer = loop.call_later(seconds, send_again)
    try:
        yield
    finally:
        timer.cancel()


async def _datagram(
    query: dns.message.QueryMessage, connection: socket.socket
) -> dns.message.QueryMessage:
    """The answer to the query; another datagram is late, or forged."""
    loop = asyncio.get_running_loop()
    while True:
        wire = await loop.sock_recv(connection, LONGEST)
        if wire[:2] == query.id.to_bytes(2) and query.is_response(answer := parse(wire)):
            return answer


async def _by_tcp(query: dns.message.QueryMessage, address: Address) -> dns.message.QueryMessage:
    loop = asyncio.get_running_loop()
    with _socket(address, socket.SOCK_STREAM) as connection:
        await loop.sock_connect(connection, address[1])
        await loop.sock_sendall(connection, query.to_wire(prepend_length=True))
        size = int.from_bytes(await _octets(connection, 2))
        answer = parse(await _octets(connection, size))
    if not query.is_response(answer) or answer.flags & dns.flags.TC:
        raise LookUpFailed(MALFORMED)
    return answer


def _socket(address: Address, kind: socket.SocketKind) -> socket.socket:
    made = socket.socket(address[0], kind)
    made.settimeout(0)
    return made


async def _octets(connection: socket.socket, number: int) -> bytes:
    """So many octets of a stream. Raises `ConnectionError` if it ends before."""
    taken = b""
    while len(taken) < number:
        more = await asyncio.get_running_loop().sock_recv(connection, number - len(taken))
        if not more:
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        taken += more
    return taken


def parse(wire: bytes) -> dns.message.QueryMessage:
    """The message but for its records, which `read` reads.

    Raises `LookUpFailed` if it is no message about a query, or none that we would read.
    """
    try:
        _, flags, *counts = _HEADER.unpack_from(wire)
        if not flags & _OPCODE and sum(counts) <= MOST_RECORDS:
            message = dns.message.from_wire(wire, question_only=True)
            return cast(dns.message.QueryMessage, message)
    except (struct.error, dns.exception.DNSException, ValueError):
        pass
    raise LookUpFailed(MALFORMED)


def read(answer: dns.message.QueryMessage) -> Found:
    """What the name server has said. Raises `LookUpFailed` if that is nothing."""
    return _found(answer, _opened(answer))


def read_own(answer: dns.message.QueryMessage) -> Own:
    """What the name server has said of the name itself. Raises `LookUpFailed` if that is nothing.

    An alias that a DNAME above the name makes of it (RFC 6672 section 2.2) is no record of it.
    """
    return _own(answer, _opened(answer))


def read_whole(answer: dns.message.QueryMessage) -> tuple[Found, Own]:
    """As `read` and as `read_own`. Raises `LookUpFailed`."""
    opened = _opened(answer)
    return _found(answer, opened), _own(answer, opened)


def _found(answer: dns.message.QueryMessage, opened: _Opened) -> Found:
    code, answers, authority = opened
    asked = answer.question[0]
    records, chain = _followed(answers, asked.name, asked.rdtype)
    aliases = tuple(each.data.target for each in chain)
    if records:
        # Below a DNAME, the code may be that of the name to which it leads (RFC 6604 section 2.1).
        below = any(each.kind == dns.rdatatype.DNAME for each in answers)
        if code == dns.rcode.NXDOMAIN and not below:
            raise LookUpFailed(MALFORMED)
        ttl = min(each.ttl for each in (*chain, *records))
        return Found(tuple(each.data for each in records), aliases, ttl)
    last = aliases[-1] if aliases else asked.name
    ends = [
        min(each.ttl, each.data.minimum)
        for each in authority
        if each.kind == dns.rdatatype.SOA and last.is_subdomain(each.name)
    ]
    if not _may_deny(answer, aliases, shows=bool(ends)):
        raise LookUpFailed(LEADS_AWAY)
    return Found((), aliases, min([*(each.ttl for each in chain), *(ends or [NEGATIVE_SECONDS])]))


def _own(answer: dns.message.QueryMessage, opened: _Opened) -> Own:
    code, answers, _ = opened
    asked = answer.question[0]
    above = {each.name for each in answers if each.kind == dns.rdatatype.DNAME} - {asked.name}
    if any(asked.name.is_subdomain(each) for each in above):
        answers = []
    for kind in (asked.rdtype, dns.rdatatype.CNAME):
        here = [
            each
            for each in answers
            if (each.kind, each.name, each.data.rdclass) == (kind, asked.name, asked.rdclass)
        ]
        if here:
            # The code is that of the last name of a chain (RFC 6604 section 3).
            if code == dns.rcode.NXDOMAIN and kind != dns.rdatatype.CNAME:
                raise LookUpFailed(MALFORMED)
            ttl = min(each.ttl for each in here)
            records = tuple(each.data for each in here)
            return Own(records, ttl, exists=True, known=_is_known(answer))
    if not answer.flags & (dns.flags.RA | dns.flags.AA):
        raise LookUpFailed(LEADS_AWAY)
    return Own(exists=code != dns.rcode.NXDOMAIN, known=_is_known(answer))


def _is_known(answer: dns.message.Message) -> bool:
    return bool(answer.flags & dns.flags.AA)


def _opened(answer: dns.message.QueryMessage) -> _Opened:
    """The parts of an answer. Raises `LookUpFailed`."""
    try:
        answers, authority, additional = _sections(answer.wire or b"")
    except (dns.exception.DNSException, ValueError):
        raise LookUpFailed(MALFORMED) from None
    extended = next((each.ttl for each in additional if each.kind == dns.rdatatype.OPT), 0)
    code = dns.rcode.from_flags(answer.flags, extended)
    if code not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        raise LookUpFailed(dns.rcode.to_text(code))
    return code, answers, authority


def _sections(wire: bytes) -> list[list[_Record]]:
    """The records of each section. Raises `dns.exception.DNSException`.

    `dns.message` would make sets of them, at a cost that grows with the square of a name's labels:
    seconds for the thousand names of 125 that have room in 16 KB.
    """
    parser = dns.wire.Parser(wire)
    _, _, questions, *counts = parser.get_struct(_HEADER.format)
    for _ in range(questions):
        parser.get_name(decompress=True)
        parser.get_bytes(4)
    sections = [[_record(parser) for _ in range(count)] for count in counts]
    if parser.remaining():
        raise dns.message.TrailingJunk
    return sections


def _record(parser: dns.wire.Parser) -> _Record:
    name = parser.get_name(decompress=True)
    kind, of_class, ttl, size = parser.get_struct("!HHIH")
    if kind == dns.rdatatype.TSIG:
        raise dns.message.UnknownTSIGKey
    with parser.restrict_to(size):
        data = dns.rdata.from_wire_parser(of_class, kind, parser)
    if kind != dns.rdatatype.OPT and ttl > MOST_TTL:
        ttl = 0
    return _Record(name, kind, ttl, data)


def _followed(
    answers: Sequence[_Record], name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> tuple[list[_Record], list[_Record]]:
    """The records of a type, and the aliases that lead from the name to them.

    Raises `LookUpFailed` if these have no end.
    """
    at: dict[tuple[dns.name.Name, int], list[_Record]] = {}
    for each in answers:
        if each.data.rdclass == dns.rdataclass.IN:
            at.setdefault((each.name, each.kind), []).append(each)
    chain: list[_Record] = []
    while (name, kind) not in at and (name, dns.rdatatype.CNAME) in at:
        chain.append(at[name, dns.rdatatype.CNAME][0])
        name = chain[-1].data.target
        if len(chain) == dns.message.MAX_CHAIN:
            raise LookUpFailed("a chain of aliases without an end")
    return at.get((name, kind), []), chain


def _may_deny(
    answer: dns.message.Message, aliases: Sequence[dns.name.Name], *, shows: bool
) -> bool:
    """Whether a name server knows what it says is absent.

    One that recurses does. Another one does of its own zones, which an alias may have left; it then
    has no SOA record to show.
    """
    if answer.flags & dns.flags.RA:
        return True
    return bool(answer.flags & dns.flags.AA) and (shows or not aliases)

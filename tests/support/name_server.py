"""A name server on loopback that answers as a test has written, well or badly.

A `Reply` makes the messages that a query gets. The server answers by UDP and TCP at one port, and
by both alike, unless the test has another reply for TCP.
"""

import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TypeAlias

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from autoconfig.config.settings import NameServer

Reply: TypeAlias = Callable[[dns.message.Message], Iterable[bytes]]
"""From a query to the messages that go back, each when it comes."""

LONGEST = 65535
"""Octets of a message by TCP."""
RECURSES = dns.flags.RA
KNOWS = dns.flags.AA
NEITHER = dns.flags.Flag(0)


def records(
    *texts: str,
    flags: dns.flags.Flag = RECURSES,
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
    authority: Iterable[str] = (),
) -> Reply:
    """The records of an answer, each as a zone file has it: `example.com. 300 MX 1 mx.example.`."""

    def reply(query: dns.message.Message) -> Iterator[bytes]:
        answer = dns.message.make_response(query)
        answer.flags |= flags
        answer.set_rcode(rcode)
        for section, lines in ((answer.answer, texts), (answer.authority, authority)):
            for line in lines:
                _add(section, line)
        yield answer.to_wire(max_size=LONGEST)

    return reply


def _add(section: list[dns.rrset.RRset], line: str) -> None:
    name, ttl, kind, text = line.split(maxsplit=3)
    new = dns.rrset.from_text(name, int(ttl), dns.rdataclass.IN, kind, text)
    for each in section:
        if each.match(new.name, new.rdclass, new.rdtype, new.covers):
            each.add(new[0], new.ttl)
            return
    section.append(new)


def zone(*lines: str, apex: str = "example.com.", serial: int = 1) -> Reply:
    """All that a zone's own name server says of it, wildcards too (RFC 4592)."""
    soa = f"{apex} 900 SOA ns.example. admin.example. {serial} 2 3 4 900"
    held = [line.split(maxsplit=3) for line in (soa, *lines)]

    def reply(query: dns.message.Message) -> Iterable[bytes]:
        asked = query.question[0]
        name, kind = asked.name.to_text().lower(), dns.rdatatype.to_text(asked.rdtype)
        there = any(f".{owner}".endswith(f".{name}") for owner, *_ in held)
        owner = name if there else f"*.{name.partition('.')[2]}"
        own = [[name, *rest] for holder, *rest in held if holder == owner]
        found = [" ".join(each) for each in own if each[2] in (kind, "CNAME")]
        code = dns.rcode.NOERROR if there or own else dns.rcode.NXDOMAIN
        authority = () if found else [soa]
        return records(*found, flags=KNOWS, rcode=code, authority=authority)(query)

    return reply


def absent(
    *aliases: str,
    flags: dns.flags.Flag = RECURSES,
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
    ttl: int = 900,
    minimum: int = 900,
) -> Reply:
    """No such record, by the SOA record of the root, which is above every name."""
    soa = f". {ttl} SOA ns.example. admin.example. 1 2 3 4 {minimum}"
    return records(*aliases, flags=flags, rcode=rcode, authority=[soa])


def refusal(rcode: dns.rcode.Rcode) -> Reply:
    return records(rcode=rcode)


def silence(query: dns.message.Message) -> Iterator[bytes]:
    """No answer."""
    yield from ()


def only_after(times: int, reply: Reply) -> Reply:
    """Silence so many times, as if packets were lost; then a reply."""
    left = [silence] * times

    def either(query: dns.message.Message) -> Iterable[bytes]:
        return (left.pop() if left else reply)(query)

    return either


def late(seconds: float, reply: Reply) -> Reply:
    """A reply to the first query, after a time; none to those that come meanwhile."""
    left = [reply]

    def later(query: dns.message.Message) -> Iterator[bytes]:
        if left:
            time.sleep(seconds)
            yield from left.pop()(query)

    return later


def changed(change: Callable[[bytes], bytes], reply: Reply) -> Reply:
    """A reply with each message changed."""
    return lambda query: map(change, reply(query))


def after(*replies: Reply) -> Reply:
    """Several replies, one after the other."""

    def all_of_them(query: dns.message.Message) -> Iterator[bytes]:
        for reply in replies:
            yield from reply(query)

    return all_of_them


def with_other_question(reply: Reply) -> Reply:
    def other(query: dns.message.Message) -> Iterable[bytes]:
        asked = dns.message.make_query("other.example.", query.question[0].rdtype, id=query.id)
        return reply(asked)

    return other


def truncated(query: dns.message.Message) -> Iterator[bytes]:
    answer = dns.message.make_response(query)
    answer.flags |= RECURSES | dns.flags.TC
    yield answer.to_wire()


class Server:
    """A server with its replies. `asked`: the questions so far, with the way that they came."""

    def __init__(
        self,
        replies: Mapping[str, Reply],
        by_tcp: Mapping[str, Reply],
        otherwise: Reply,
        place: tuple[str, int],
    ) -> None:
        self.asked: list[str] = []
        self._otherwise = otherwise
        self._replies = {"udp": {**replies}, "tcp": {**replies, **by_tcp}}
        self._end = Event()
        self.udp, self.tcp = _sockets(place)
        self.address = NameServer(*self.udp.getsockname())
        self._threads = [Thread(target=self._serve_udp), Thread(target=self._serve_tcp)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._end.set()
        self.udp.sendto(b"", self.udp.getsockname())
        with suppress(OSError):
            socket.create_connection(self.tcp.getsockname()).close()
        for thread in self._threads:
            thread.join()
        self.udp.close()
        self.tcp.close()

    def _reply(self, wire: bytes, way: str) -> Iterable[bytes]:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        asked = f"{name} {dns.rdatatype.to_text(question.rdtype)}"
        self.asked.append(f"{asked} {way}")
        return self._replies[way].get(asked, self._otherwise)(query)

    def _serve_udp(self) -> None:
        while True:
            wire, client = self.udp.recvfrom(LONGEST)
            if self._end.is_set():
                return
            for message in self._reply(wire, "udp"):
                self.udp.sendto(message, client)

    def _serve_tcp(self) -> None:
        while True:
            connection, _ = self.tcp.accept()
            with connection, suppress(OSError):
                if self._end.is_set():
                    return
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        """Answer one query; an empty message hangs up, silence waits for the client to do so."""
        (size,) = struct.unpack("!H", connection.recv(2, socket.MSG_WAITALL))
        sent = False
        for message in self._reply(connection.recv(size, socket.MSG_WAITALL), "tcp"):
            connection.sendall(message and struct.pack("!H", len(message)) + message)
            sent = True
        if not sent:
            connection.recv(1)


def _sockets(place: tuple[str, int]) -> tuple[socket.socket, socket.socket]:
    """Two sockets at one port."""
    while True:
        tcp = socket.create_server(place)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
        else:
            return udp, tcp


@contextmanager
def name_server(
    replies: Mapping[str, Reply] | None = None,
    by_tcp: Mapping[str, Reply] | None = None,
    otherwise: Reply | None = None,
    place: tuple[str, int] = ("127.0.0.1", 0),
) -> Iterator[Server]:
    """Both by a question, such as `example.com MX`; `otherwise` nothing exists. `place`: where."""
    absence = otherwise or absent(rcode=dns.rcode.NXDOMAIN)
    server = Server(replies or {}, by_tcp or {}, absence, place)
    server.start()
    try:
        yield server
    finally:
        server.stop()

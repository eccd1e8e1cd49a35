"""A resolver between the server and the real one, which a test tells how to misbehave."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import cast

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from dns.message import Message

from tests.real.dns.name_servers import RESOLVER

ADDRESS = "127.0.0.2"
PATIENCE = 10
"""Seconds that the real resolver has."""

Manner = Callable[[Message], Awaitable[Message | None]]
"""How a question is answered; None for never."""


async def honest(question: Message) -> Message | None:
    try:
        return await dns.asyncquery.udp(question, RESOLVER, PATIENCE)
    except (OSError, dns.exception.DNSException):
        return None


def slow(seconds: float) -> Manner:
    async def answer(question: Message) -> Message | None:
        await asyncio.sleep(seconds)
        return await honest(question)

    return answer


def failing(rcode: dns.rcode.Rcode) -> Manner:
    """The same code for all names, without any record."""

    async def answer(question: Message) -> Message | None:
        made = _reply(question)
        made.set_rcode(rcode)
        return made

    return answer


async def silent(question: Message) -> Message | None:
    return None


async def lame(question: Message) -> Message | None:
    """A referral to the root, by a name server that does not ask others."""
    made = dns.message.make_response(question)
    made.authority.append(dns.rrset.from_text(".", 3600, "IN", "NS", "ns.zone-000.com."))
    return made


async def truncating(question: Message) -> Message | None:
    """Nothing fits, so that all has to be asked again over TCP."""
    made = _reply(question)
    made.flags |= dns.flags.TC
    return made


def about_another(name: str) -> Manner:
    """What the name has, under the name that was asked for."""

    async def answer(question: Message) -> Message | None:
        asked = question.question[0]
        prefix = "_autodiscover._tcp." if asked.name.labels[0] == b"_autodiscover" else ""
        other = await honest(dns.message.make_query(prefix + name, asked.rdtype))
        made = _reply(question)
        for found in other.answer if other else ():
            made.answer.append(dns.rrset.from_rdata_list(asked.name, found.ttl, [*found]))
        return made

    return answer


def beside_the_question(name: str) -> Manner:
    """Records of a name that was not asked for."""

    async def answer(question: Message) -> Message | None:
        other = await honest(dns.message.make_query(name, question.question[0].rdtype))
        made = _reply(question)
        made.answer.extend(other.answer if other else ())
        return made

    return answer


class Middleman:
    """Answers on UDP in its `manner`, and on TCP honestly, or refuses that.

    `asked`: how many questions came by UDP. `most`: how many waited for an answer at once.
    """

    def __init__(self, *, tcp: bool = True) -> None:
        self.manner: Manner = honest
        self.asked = self.most = 0
        self._has_tcp = tcp
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> "Middleman":
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        udp, _ = await self._loop.create_datagram_endpoint(
            lambda: _Udp(self), local_addr=(ADDRESS, 53)
        )
        tcp = await asyncio.start_server(self._tcp, ADDRESS, 53) if self._has_tcp else None
        self._ready.set()
        await self._over.wait()
        udp.close()
        if tcp:
            tcp.close()

    async def _tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):  # the client has gone
            data = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            answer = await dns.asyncquery.tcp(dns.message.from_wire(data), RESOLVER, PATIENCE)
            wire = answer.to_wire()
            writer.write(len(wire).to_bytes(2) + wire)
            await writer.drain()
        writer.close()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, middleman: Middleman) -> None:
        self.middleman = middleman
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        self.middleman.asked += 1
        task = asyncio.get_running_loop().create_task(self._answer(data, address))
        self.tasks.add(task)
        self.middleman.most = max(self.middleman.most, len(self.tasks))
        task.add_done_callback(self.tasks.discard)

    async def _answer(self, data: bytes, address: tuple[str, int]) -> None:
        answer = await self.middleman.manner(dns.message.from_wire(data))
        if answer:
            self.transport.sendto(answer.to_wire(), address)


def _reply(question: Message) -> Message:
    """An empty one, of a name server that asks others."""
    return dns.message.make_response(question, recursion_available=True)

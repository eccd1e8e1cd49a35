"""Many clients that never finish, and good ones beside them: how long those wait.

The slow ones run in a process of their own. What a server closes is opened again at once.
"""

import asyncio
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from statistics import quantiles

from tests.real.hosting.fronts import Answer, Front
from tests.support.requests import MOZILLA, POX, pox

DRIP_SECONDS = 3
"""The pause after each byte: servers count the time between two of them, or all of it."""
GOOD = 200
"""Requests of good clients beside a flood."""

_HOST = "Host: autodiscover.example.fr\r\n"
BODY = f"POST {POX} HTTP/1.1\r\n{_HOST}Content-Length: 600\r\n\r\n<?xml ".encode()
CHUNKS = f"POST {POX} HTTP/1.1\r\n{_HOST}Transfer-Encoding: chunked\r\n\r\n6\r\n<?xml ".encode()
HEADER = f"GET {MOZILLA} HTTP/1.1\r\n{_HOST}X-Slow: ".encode()
SLOW = {"body": BODY, "body in chunks": CHUNKS, "header": HEADER}
"""The beginning of a request that goes on byte by byte, and never ends."""


@dataclass(frozen=True)
class Waited:
    """What good clients got: the answers, and the 99th percentile of their time in ms."""

    answers: list[Answer]
    p99: float

    @property
    def statuses(self) -> set[int]:
        return {answer.status for answer in self.answers}


@contextmanager
def flood(port: int, clients: int, beginning: bytes) -> Iterator[None]:
    """As many slow clients, all of which are connected when the block begins."""
    context = multiprocessing.get_context("spawn")
    connected = context.Value("i", 0)
    process = context.Process(target=_drip, args=(port, clients, beginning, connected), daemon=True)
    process.start()
    try:
        _await(lambda: connected.value >= clients)
        yield
    finally:
        process.kill()
        process.join()


def good_clients(front: Front) -> Waited:
    """Requests one after the other, each on a connection of its own, of every usual kind."""
    body = pox("alice@example.fr").encode()
    answers, seconds = [], []
    for number in range(GOOD):
        scheme = ("https", "http")[number % 4 == 3]
        began = time.perf_counter()
        if number % 2:
            answer = front.ask(f"{MOZILLA}?emailaddress=a{number}@example.fr", scheme=scheme)
        else:
            answer = front.ask(POX, "autodiscover.example.fr", scheme, "POST", body)
        seconds.append(time.perf_counter() - began)
        answers.append(answer)
        time.sleep(0.02)
    return Waited(answers, quantiles(seconds, n=100)[98] * 1000)


def _await(probe: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not probe():
        assert time.monotonic() < until, "the slow clients cannot connect"
        time.sleep(0.1)


def _drip(port: int, clients: int, beginning: bytes, connected: "Synchronized[int]") -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    async def client(first: asyncio.Event) -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(beginning)
                first.set()
                while not writer.is_closing() and not reader.at_eof():
                    await asyncio.sleep(DRIP_SECONDS)
                    writer.write(b"a")
                    await writer.drain()
                writer.close()

    async def all_of_them() -> None:
        events = [asyncio.Event() for _ in range(clients)]
        tasks = [asyncio.create_task(client(event)) for event in events]
        for event in events:
            await event.wait()
        connected.value = clients
        await asyncio.gather(*tasks)

    asyncio.run(all_of_them())

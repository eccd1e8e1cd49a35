"""Requests a second, how long the slowest one in a hundred takes, and CPU time, of each server.

The targets are judged with one request that wrk repeats, which lets the fastest servers show most.
What many domains cost is judged with thousands of requests in turn, the same number for a server
of one domain as for one of many; there wrk itself is slower, for nginx too.
"""

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import servers
from benchmarks.measuring import Unusable, interleaved, progress
from benchmarks.processes import ask
from benchmarks.questions import QUESTIONS, Question, addresses, write_requests
from benchmarks.servers import Server
from benchmarks.wrk import Load, load

MANY = 100_000
"""Domains of the large configuration."""
TURNS = 10_000
"""Requests that are sent in turn."""

Contestant = tuple[str, int]
"""A server and the number of domains that it has."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question to several servers. `requests`: how many different ones were sent in turn."""

    question: Question
    requests: int
    loads: Mapping[Contestant, Sequence[Load]]


def measure(folder: Path, rounds: int, seconds: int) -> list[Comparison]:
    """Every question to every server. Raises `Unusable` if one of them answers wrongly."""
    with ExitStack() as stack:
        progress("requests: starting the servers")
        site = servers.write_site(folder / "site")
        few = [
            stack.enter_context(servers.nginx(folder, site)),
            stack.enter_context(servers.autoconfig(folder, 1)),
            stack.enter_context(servers.autoconfig(folder, MANY)),
        ]
        constants = [servers.constant(folder, site, each) for each in servers.CONSTANTS]
        every = [*few, *map(stack.enter_context, constants)]
        if servers.automx2_is_installed():  # with more domains it ends under this load
            every.append(stack.enter_context(servers.automx2(folder / "automx2", 1)))
        return [
            _compare(folder, question, requests, contestants, rounds, seconds)
            for requests, contestants in ((1, every), (TURNS, few))
            for question in QUESTIONS
        ]


def _compare(
    folder: Path,
    question: Question,
    requests: int,
    contestants: Sequence[Server],
    rounds: int,
    seconds: int,
) -> Comparison:
    cases = {}
    for server in contestants:
        asked = addresses(requests, server.domains)
        size = check(server, question, asked)
        file = folder / f"{question.method}-{requests}-{server.domains}"
        write_requests(file, question, asked)
        cases[f"{server.name}, {server.domains:,}"] = partial(_load, server, file, seconds, size)
    what = f"{question.title}, {requests:,} {'request' if requests == 1 else 'requests'}"
    measured = interleaved(what, rounds, cases).values()
    names = [(server.name, server.domains) for server in contestants]
    return Comparison(question, requests, dict(zip(names, measured, strict=True)))


def _load(server: Server, requests: Path, seconds: int, size: int) -> Load:
    """A peer that breaks down under the load has no figures; that ends nobody else's."""
    try:
        return load(server.port, server.pid, requests, seconds, size)
    except Unusable as error:
        if not server.own_words:
            raise Unusable(f"{server.name}, {server.domains:,}: {error}") from None
        progress(f"{server.name}, {server.domains:,}: {error}")
        return Load(math.nan, math.nan, math.nan)


def check(server: Server, question: Question, asked: Sequence[str], etag: str = "") -> int:
    """Whether a server's answers are right; the size of one. Raises `Unusable`.

    A server that has one domain answers a constant, so one address is enough; of many, ten are
    asked, from first to last.
    """
    size = 0
    for address in asked[:: max(len(asked) // 10, 1)] if server.domains > 1 else asked[:1]:
        body = ask(server.port, question.request(address, etag), question.status)
        right = question.answer_to(address)
        if body != right and not (server.own_words and facts(right) <= facts(body)):
            raise Unusable(f"{server.name} has a wrong answer to {address}:\n{body.decode()}")
        size = len(body)
    return size


def facts(document: bytes) -> set[bytes]:
    """The hosts and ports in a document of either format."""
    found = re.findall(rb"<(?:hostname|port|Server|Port)>([^<]+)</", document)
    return {fact.strip() for fact in found}

"""Requests as they go over the wire, made from the tables of the tests; and what becomes of them.

`make fuzz` begins with them, and a running server gets them, whole and mutated.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from urllib.parse import quote

from tests.support.hostile import (
    BAD_HOSTS,
    BAD_XML,
    DOCTYPES,
    ENCODINGS,
    FORGED,
    GARBAGE,
    JSON_ERRORS,
    NO_ADDRESS,
    QUERIES,
)
from tests.support.questions import QUESTIONS
from tests.support.requests import MOZILLA, POX, V2, pox, quoted, xml
from tests.support.serving import Asked


def raw(asked: Asked) -> bytes:
    """A request as it goes over the wire."""
    body = asked.body or b""
    length = {"Content-Length": str(len(body))} if body or asked.method == "POST" else {}
    headers = {**asked.headers, **length}.items()
    lines = (f"{asked.method} {asked.target} HTTP/1.1", *(f"{k}: {v}" for k, v in headers))
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n" + body


def posted(body: bytes) -> Asked:
    return Asked("POST", POX, {"Host": "example.com"}, body)


def got(target: str, headers: Mapping[str, str]) -> Asked:
    return Asked("GET", target, {"Host": "example.com", **headers})


_QUERIES = [query for query, _ in QUERIES.values()]
_JSON_QUERIES = [query for query, _, _ in JSON_ERRORS.values()]
_HOSTS = [host for host in BAD_HOSTS.values() if host]
_BODIES = [
    *BAD_XML.values(),
    *(pox(xml(address)).encode() for address in NO_ADDRESS.values()),
    *(
        encode(pox(address, prolog=prolog))
        for prolog, address in DOCTYPES.values()
        for encode in ENCODINGS.values()
    ),
]
_GARBAGE = [
    {name[5:].replace("_", "-"): value}
    for name in FORGED
    for value in (FORGED[name], *GARBAGE.values())
]
REQUESTS = [
    *map(raw, QUESTIONS),
    *(raw(got(f"{MOZILLA}?{quote(query, '%&=+@', 'latin-1')}", {})) for query in _QUERIES),
    *(raw(got(f"{V2}?{quote(query, '%&=+@', 'latin-1')}", {})) for query in _JSON_QUERIES),
    *(raw(got(f"{MOZILLA}?emailaddress={quoted(a)}", {})) for a in NO_ADDRESS.values()),
    *(raw(got(MOZILLA, {"Host": host})) for host in _HOSTS),
    *(raw(got(POX, headers)) for headers in _GARBAGE),
    *(raw(posted(body)) for body in _BODIES),
]
"""Good ones and hostile ones, of which some are no HTTP at all."""

# -------------------------------------------------------------------------------------- mutations


def _flip(random: Random, data: bytearray, place: int) -> None:
    if place < len(data):
        data[place] ^= 1 << random.randrange(8)


def _insert(random: Random, data: bytearray, place: int) -> None:
    data[place:place] = random.randbytes(random.randint(1, 8))


def _leave_out(random: Random, data: bytearray, place: int) -> None:
    del data[place : place + random.randint(1, 8)]


def _repeat(random: Random, data: bytearray, place: int) -> None:
    data[place:place] = data[place : place + random.randint(1, 64)]


def _truncate(random: Random, data: bytearray, place: int) -> None:
    del data[place:]


def _separate(random: Random, data: bytearray, place: int) -> None:
    data[place:place] = random.choice((b"\r\n", b"\n", b"\0", b":", b" ", b"\r\n\r\n", b"%", b"<"))


_MUTATIONS: Sequence[Callable[[Random, bytearray, int], None]] = (
    *(_flip, _flip, _insert, _leave_out, _repeat, _separate, _truncate),
)


def mutated(random: Random, request: bytes) -> bytes:
    """The request after one to four changes; half of the time they are in its first lines."""
    data = bytearray(request)
    for _ in range(random.randint(1, 4)):
        most = len(data) if random.random() < 0.5 else min(len(data), 100)
        random.choice(_MUTATIONS)(random, data, random.randint(0, most))
    return bytes(data)


def is_complete(request: bytes) -> bool:
    """Whether a server that has read this has no reason to wait for more, and so must answer.

    No for some that are: in chunks, or with lengths that differ.
    """
    request = request.lstrip(b"\r\n")
    end = re.search(rb"\n\r?\n", request)
    if end is None:
        return False
    head = request[: end.start()].lower()
    if re.search(rb"transfer-encoding|\nexpect|\nupgrade", head):
        return False
    lengths = re.findall(rb"length\s*:\s*([^\n]*)", head)
    wanted = [int(each) for each in lengths if each.strip().isdigit()]
    return len(wanted) == len(lengths) < 2 and len(request) - end.end() >= sum(wanted)

"""`make soak`: a running server and a long, mixed lot of requests, after which it is as before.

python -m tests.fuzz.soak REQUESTS

It loads its configuration again every second. Every request is answered, and by no 5xx; no load is
refused; the memory does not grow; the log has no address in it, and nothing that its form does not
have. What is asked comes from the tables of the tests.
"""

import json
import multiprocessing
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPResponse
from multiprocessing.queues import Queue
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.fuzz.corpus import REQUESTS, is_complete, mutated, posted, raw
from tests.support.hostile import LINE
from tests.support.questions import QUESTIONS
from tests.support.requests import MOZILLA, pox
from tests.support.serving import LOOPBACK, Asked, Server, asked, running

CLIENTS = 3
WORKERS = 2
PATIENCE = 60
"""Seconds until a request counts as unanswered: long enough for any machine."""
RELOAD_SECONDS = 1.0
GROWTH = 1.25
"""What the memory may grow by after the first tenth, when every thread has been busy once."""
MIB = 1024 * 1024

GOOD = [raw(question) for question in QUESTIONS if question.status == 200]
COMPLETE = [each for each in REQUESTS if is_complete(each)]
BEYOND = [
    *(raw(Asked("GET", MOZILLA, {"Host": "example.com", "A": "x" * n})) for n in (9_000, 40_000)),
    raw(asked("GET", f"{MOZILLA}?{'x' * 9_000}")),
    *(raw(asked(method, MOZILLA)) for method in ("PUT", "PROPFIND", "A" * 99)),
]


class Reply(NamedTuple):
    """`status`: 0 where there was no answer."""

    status: int
    closes: bool


def main() -> None:
    """Ends with what is wrong, if anything is."""
    total = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), workers=WORKERS) as server:
        print(f"{'requests':>10} {'per second':>10} {'memory, MiB':>12}  statuses")  # noqa: T201
        begin = server.memory()
        print(f"{0:>10} {'':>10} {begin / MIB:>12.1f}")  # noqa: T201
        with reloads(server):
            statuses, faults, memories = soak(server, total)
        faults += ["after it the server is not well"] * (not server.is_well())
        faults += written(server)
    if memories[-1] > GROWTH * memories[0]:
        faults.append("the memory grows: {} → {} bytes".format(memories[0], memories[-1]))
    faults += [
        f"{n} answers of {status}" for status, n in statuses.items() if not 100 < status < 500
    ]
    if faults:
        sys.exit("\n".join(("make soak: not well", *faults[:20])))
    print("make soak: well")  # noqa: T201


@contextmanager
def reloads(server: Server) -> Iterator[None]:
    """One every second."""
    stop = threading.Event()

    def reload() -> None:
        while not stop.wait(RELOAD_SECONDS):
            server.process.send_signal(signal.SIGHUP)

    thread = threading.Thread(target=reload)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def soak(server: Server, total: int) -> tuple[Counter[int], list[str], list[int]]:
    """How often each status came, what went wrong, and the memory at each tenth."""
    context = multiprocessing.get_context("spawn")
    reports: Queue[tuple[Counter[int], list[str]]] = context.Queue()
    processes = [
        context.Process(target=client, args=(server.port, seed, (total + seed) // CLIENTS, reports))
        for seed in range(CLIENTS)
    ]
    for process in processes:
        process.start()
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    memories: list[int] = []
    began = time.monotonic()
    while (done := statuses.total()) < total:
        if done >= total * (len(memories) + 1) / 10:
            memories.append(server.memory())
            show(done, began, memories[-1], statuses)
        report = reports.get(timeout=2 * PATIENCE)
        statuses += report[0]
        faults += report[1]
    for process in processes:
        process.join()
    memories.append(server.memory())
    show(statuses.total(), began, memories[-1], statuses)
    return statuses, faults, memories


def show(done: int, began: float, memory: int, statuses: Counter[int]) -> None:
    rate = done / (time.monotonic() - began)
    found = json.dumps(dict(sorted(statuses.items())))
    print(f"{done:>10} {rate:>10.0f} {memory / MIB:>12.1f}  {found}", flush=True)  # noqa: T201


def written(server: Server) -> Iterator[str]:
    """What the server should not have written."""
    time.sleep(1)  # until the last lines are
    messages = server.messages.read_text()
    print(f"{messages.count(': loaded again')} reloads")  # noqa: T201
    if re.search("Traceback|ERROR|panicked|@", messages) or ": loaded again" not in messages:
        yield messages[:2000]
    with server.log.open() as lines:
        yield from (f"log: {line!r}" for line in lines if not LINE.fullmatch(line.rstrip("\n")))


# ---------------------------------------------------------------------------------------- clients


def client(
    port: int, seed: int, number: int, reports: "Queue[tuple[Counter[int], list[str]]]"
) -> None:
    """Ask so many times; every thousand, report."""
    random = Random(seed)  # noqa: S311  # to be had again, not secret
    connection: socket.socket | None = None
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    for n in range(1, number + 1):
        request, is_plain = chosen(random, f"{seed}x{n}")
        # One that may end a connection gets its own; so does one of fifty that would not.
        if connection is None or not is_plain or random.random() < 0.02:
            if connection is not None:
                connection.close()
            connection = connect(port)
        reply = answered(connection, request)
        statuses[reply.status] += 1
        if not 100 < reply.status < 500:
            faults.append(f"{reply.status}: {request[:400]!r}")
        if reply.closes or not is_plain:
            connection.close()
            connection = None
        if n % 1000 == 0 or n == number:
            reports.put((statuses, faults[:5]))
            statuses, faults = Counter(), []


def chosen(random: Random, unique: str) -> tuple[bytes, bool]:
    """A request, and whether a connection goes on after it."""
    kind = random.random()
    if kind < 0.6:
        return random.choice(GOOD), True
    if kind < 0.7:
        return raw(asked("GET", MOZILLA, f"autoconfig.d{unique}.example")), True
    if kind < 0.8:
        inside = f'<n{unique} a{unique}="v{unique}" xmlns:p{unique}="urn:{unique}"/>'
        return raw(posted(pox(inside=inside).encode())), True
    if kind < 0.95:
        return random.choice(COMPLETE), False
    if kind < 0.97:
        return random.choice(BEYOND), False
    return mutant(random), False


def mutant(random: Random) -> bytes:
    """A mutated request that must be answered."""
    while not is_complete(request := mutated(random, random.choice(REQUESTS))):
        pass
    return request


def connect(port: int) -> socket.socket:
    connection = socket.create_connection((LOOPBACK, port), timeout=PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def answered(connection: socket.socket, request: bytes) -> Reply:
    """The answer, which may come before the request is read to its end."""
    with suppress(ConnectionError):
        connection.sendall(request)
    method = request.lstrip(b"\r\n").partition(b" ")[0].decode("latin-1")
    response = HTTPResponse(connection, method=method)
    try:
        response.begin()
        response.read()
    except (OSError, HTTPException):
        return Reply(0, closes=True)
    finally:
        response.close()
    return Reply(response.status, response.will_close)


if __name__ == "__main__":
    main()

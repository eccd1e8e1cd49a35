"""Clients that keep a worker waiting are ended after a time, and sooner where they are many."""

import http.client
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from autoconfig.serve.limits import ANSWER_SECONDS, CROWDED_SECONDS, HEADER_SECONDS
from tests.support.requests import MOZILLA
from tests.support.running import PATIENCE, until
from tests.support.serving import (
    COMMAND,
    GET,
    POST,
    POX_BODY,
    WHOLE,
    Server,
    asked,
    running,
)

FEW_FILES = ["prlimit", "--nofile=400:400", COMMAND]
"""A worker has some 210 connections then."""
CROWD = 600
"""Nearly three times as many: the last of them wait until two lots before them were ended."""
LATE = 20
"""Seconds by which an end may be late on a busy machine."""
PIPELINED = 20
"""Requests of a client that takes no answers. The kernel keeps no more than 13 of them for it."""
SMALL = 4096
"""Bytes that the system of a slow reader keeps for it."""

PAGE = f"GET {MOZILLA} HTTP/1.1\r\nHost: autoconfig.example.com\r\n\r\n".encode()


def header(client: socket.socket) -> None:
    client.sendall(GET + b"X-Slow: ")


def body(client: socket.socket) -> None:
    client.sendall(POST + WHOLE + b"\r\n" + POX_BODY[:50])


def chunks(client: socket.socket) -> None:
    client.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n")


def reader(client: socket.socket) -> None:
    client.settimeout(0)
    with suppress(BlockingIOError):
        client.send(PAGE * PIPELINED)


def idle(client: socket.socket) -> None:
    client.sendall(GET + b"\r\n")
    assert client.recv(SMALL).startswith(b"HTTP/1.1 200 ")


def silent(_: socket.socket) -> None:
    pass


def drip_in(client: socket.socket) -> None:
    with suppress(OSError):
        client.send(b" ")


def drip_out(client: socket.socket) -> None:
    with suppress(OSError):
        client.recv(1)


def stay(_: socket.socket) -> None:
    pass


Act = Callable[[socket.socket], None]
KINDS: dict[str, tuple[Act, Act, float]] = {
    "no header": (silent, stay, HEADER_SECONDS),
    "half a header": (header, stay, HEADER_SECONDS),
    "header by the byte": (header, drip_in, HEADER_SECONDS),
    "half a body": (body, stay, ANSWER_SECONDS),
    "body by the byte": (body, drip_in, ANSWER_SECONDS),
    "half a chunked body": (chunks, stay, ANSWER_SECONDS),
    "takes nothing": (reader, stay, ANSWER_SECONDS),
    "takes a byte a second": (reader, drip_out, ANSWER_SECONDS),
    "idle": (idle, stay, HEADER_SECONDS),
}
"""The beginning of a client, its way each second, and the seconds after which it is ended."""


KEPT = ("01", "04", "08")
"""States of a connection that the server has not closed, or for which the kernel keeps answers."""


def kept(server: Server, *, untaken: bool = False) -> set[int]:
    """The clients, by their ports, whose connections cost the server something.

    `untaken`: of these the ones for which the kernel keeps answers.
    """
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = [row for row in rows if row[1].endswith(f":{server.port:04X}") and row[3] in KEPT]
    if untaken:
        ours = [row for row in ours if int(row[4].partition(":")[0], 16)]
    return {int(row[2].rpartition(":")[2], 16) for row in ours}


def test_client_that_keeps_us_waiting_is_ended_after_a_time(tmp_path: Path) -> None:
    ends: dict[str, float] = {}
    with running(tmp_path, workers=2) as server, ExitStack() as opened:
        began = time.monotonic()
        clients = {kind: opened.enter_context(server.connect(buffer=SMALL)) for kind in KINDS}
        ports = {kind: client.getsockname()[1] for kind, client in clients.items()}
        for kind, (begin, _, _) in KINDS.items():
            begin(clients[kind])
        last = time.monotonic() + ANSWER_SECONDS + LATE
        while len(ends) < len(KINDS) and time.monotonic() < last:
            time.sleep(1)
            now = kept(server)
            for kind in KINDS.keys() - ends.keys():
                KINDS[kind][1](clients[kind])
                if ports[kind] not in now:
                    ends[kind] = time.monotonic() - began
        assert server.is_well()
        assert server.complaints() == []
    assert ends.keys() == KINDS.keys()
    for kind, (_, _, seconds) in KINDS.items():
        assert seconds - 1 < ends[kind] < seconds + LATE, kind


def test_client_that_asks_now_and_then_keeps_its_connection(tmp_path: Path) -> None:
    """As a proxy does, which has connections of its own to us."""
    with running(tmp_path) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        end = time.monotonic() + ANSWER_SECONDS + 3
        connection.connect()
        connection.auto_open = 0
        while time.monotonic() < end:
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b"ok\n"
            time.sleep(HEADER_SECONDS / 4)
        connection.close()


@pytest.mark.parametrize("kind", ["takes nothing", "half a body", "half a header", "no header"])
def test_crowd_of_more_than_there_is_room_for_keeps_nobody_out(tmp_path: Path, kind: str) -> None:
    """The clients that wait longest are ended early, to make room.

    A newcomer is let in before the first of them would end without a crowd.
    """
    begin, _, seconds = KINDS[kind]
    with running(tmp_path, command=FEW_FILES) as server, ExitStack() as opened:
        (worker,) = server.children()
        without = time.monotonic() + seconds - 1
        for _ in range(CROWD):
            begin(opened.enter_context(server.connect(buffer=SMALL)))
        if begin is reader:
            assert until(lambda: len(kept(server, untaken=True)) > CROWD / 6)
        assert server.ask(asked("GET", MOZILLA), without - time.monotonic()).status == 200
        assert all(server.is_well() for _ in range(20))
        assert until(server.takes_posts)
        assert until(lambda: len(kept(server)) < CROWD / 2)
        assert server.children() == [worker]
        assert server.complaints() == []


def test_clients_are_not_ended_early_where_there_is_room(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as server, ExitStack() as opened:
        clients = [opened.enter_context(server.connect()) for _ in range(50)]
        for client in clients:
            body(client)
        time.sleep(3 * CROWDED_SECONDS)
        for client in clients:
            client.sendall(POX_BODY[50:])
            assert client.recv(SMALL).startswith(b"HTTP/1.1 200 ")

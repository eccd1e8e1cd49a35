"""Workers that die, crowds of slow clients, floods: others notice little.

Reloads are in `test_reload`, a log that nobody reads in `test_log`; more about single slow clients
and signals is in `test_serve`.
"""

import http.client
import os
import resource
import signal
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.support.load import GET_OLD, OLD, POST_OLD, configure, load
from tests.support.running import PATIENCE, until
from tests.support.serving import (
    CLOSE,
    GET,
    LOOPBACK,
    MIB,
    POST,
    STOPPING,
    Server,
    everything,
    running,
    started,
    statuses,
)

SLOWER = 150
"""How many times as long an answer may take, at the 99th percentile, in a crowd of slow clients.

Alone it takes less than a millisecond; the crowd comes with 32,000 requests of its own.
"""
FLOOD = 3000


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    configure(path)
    return path


@pytest.fixture
def server(tmp_path: Path, config: Path) -> Iterator[Server]:
    with running(tmp_path, workers=2, config=config) as server:
        yield server


@pytest.fixture
def many() -> Iterator[int]:
    """How many connections to open: at most half of the open files that this user may have."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield min(FLOOD, before[1] // 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_worker_killed_under_load_costs_its_own_connections_alone(server: Server) -> None:
    with ExitStack() as open_connections, load(server) as clients:
        victim, other = server.children()
        kept: dict[int, http.client.HTTPConnection] = {}

        def both_have_some() -> bool:
            """One more is kept, which either worker may take."""
            connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=PATIENCE)
            open_connections.callback(connection.close)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            kept[connection.sock.getsockname()[1]] = connection
            owners = server.owners()
            return {victim, other} <= {owners.get(port) for port in kept}

        assert until(both_have_some)
        owners = server.owners()
        spared = [kept[port] for port in kept if owners.get(port) == other]
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: victim not in server.children())
        gone = len(clients.ended)
        for connection in spared:
            connection.auto_open = False
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b"ok\n"
        assert clients.goes_on()
        assert until(lambda: len(server.children()) == 2 and server.is_ready())
        assert other in server.children()
        assert clients.goes_on()
        # A client may meet the end of the worker once, and has a new connection then.
        assert len(clients.ended) <= gone + len(clients.clients)
    assert clients.wrong == []
    assert len(clients.ended) <= 2 * len(clients.clients)


def test_all_workers_killed_at_once_come_back(server: Server) -> None:
    with load(server) as clients:
        victims = server.children()
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        assert until(lambda: not {*victims} & {*server.children()} and server.is_ready())
        assert clients.goes_on()
        assert server.everywhere(GET_OLD, 200)
    assert clients.wrong == []
    assert server.process.poll() is None


def test_stop_under_load_finishes_every_answer_that_began_and_logs_it(
    tmp_path: Path, config: Path
) -> None:
    with started(tmp_path, workers=2, config=config) as server:
        assert until(server.is_ready)
        with load(server) as clients:
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(STOPPING) == 0
            socket.create_server((LOOPBACK, server.port)).close()
        assert clients.wrong == []
        logged = server.log_lines(OLD) - len(clients.clients)  # who were shown what is right
        assert clients.answers <= logged <= clients.answers + len(clients.clients)
        assert server.complaints() == []


class Crowd:
    """So many slow clients of each kind: those of a header, of a body, and of answers to read."""

    number = 500
    answers = 50
    """What each reader has asked for at once."""

    def __init__(self, server: Server, opened: ExitStack) -> None:
        page = b"GET / HTTP/1.1\r\nHost: example.com\r\n"
        ask = (page + b"\r\n") * (self.answers - 1) + page + CLOSE
        self.headers = self._arrive(server, opened, GET + b"X-Slow: ")
        self.bodies = self._arrive(server, opened, POST + b"Content-Length: 400\r\n" + CLOSE)
        self.got = dict.fromkeys(self._arrive(server, opened, ask, buffer=4096), b"")

    def _arrive(
        self, server: Server, opened: ExitStack, data: bytes, buffer: int | None = None
    ) -> list[socket.socket]:
        clients = [opened.enter_context(server.connect(buffer)) for _ in range(self.number)]
        for client in clients:
            client.sendall(data)
        return clients

    def drip(self) -> None:
        for client in self.headers + self.bodies:
            with suppress(ConnectionError):  # a slow header is cut off in the end
                client.sendall(b" ")
        for reader in self.got:
            self.got[reader] += reader.recv(1024)


@pytest.mark.usefixtures("many")
def test_500_slow_clients_of_each_kind_cost_the_others_little(server: Server) -> None:
    """No good request fails, and no slow client gets less. With -rP this prints the times."""
    assert all(server.is_well() for _ in range(200)), "warm-up"
    calm = [each for _ in range(300) for each in seconds_of_answers(server)]
    busy: list[float] = []
    with ExitStack() as opened:
        crowd = Crowd(server, opened)
        dripped = time.monotonic()
        while len(busy) < 600:
            busy += seconds_of_answers(server)
            if time.monotonic() > dripped + 0.5:
                crowd.drip()
                dripped = time.monotonic()
        whole = [200] * crowd.answers
        assert all(statuses(data) != whole for data in crowd.got.values()), "they are slow"
        assert all(statuses(crowd.got[each] + everything(each)) == whole for each in crowd.got)
    # again, as neighbours may have come in the meantime
    calm += [each for _ in range(300) for each in seconds_of_answers(server)]
    for name, seconds in (("calm", calm), ("busy", busy)):
        print(f"{name}: p50 {median(seconds):.4f} s, p99 {quantiles(seconds, n=100)[-1]:.4f} s")  # noqa: T201
    assert quantiles(busy, n=100)[-1] < SLOWER * quantiles(calm, n=100)[-1]


def seconds_of_answers(server: Server) -> list[float]:
    """Of a GET and of a POST."""
    times = [time.monotonic()]
    for question in (GET_OLD, POST_OLD):
        assert server.ask(question).status == 200
        times.append(time.monotonic())
    return [times[1] - times[0], times[2] - times[1]]


def test_flood_of_connections_leaves_nothing_behind(server: Server, many: int) -> None:
    def flood() -> int:
        for number in range(many):
            with server.connect() as connection:
                if number % 3 == 1:
                    connection.sendall(GET)
                elif number % 3 == 2:
                    at_once = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        with ExitStack() as idle:
            for _ in range(many):
                idle.enter_context(server.connect())
            assert all(server.is_well() for _ in range(50))
        assert until(lambda: not server.owners())
        return server.memory()

    before = server.memory()
    first = flood()
    assert first < before + 64 * MIB
    workers = server.children()
    for _ in range(2):
        assert flood() < first + 32 * MIB
    assert until(lambda: server.everywhere(GET_OLD, 200))
    assert server.children() == workers
    assert server.complaints() == []

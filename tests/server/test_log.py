"""The access log on standard output, whatever that is: no answer waits for it, and no line is torn.

Lines that nobody takes are dropped and counted in `autoconfig_log_lines_dropped_total`.
"""

import os
import re
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from autoconfig.wsgi.journal import END_SECONDS, MOST_LINES
from tests.support.load import GET_OLD, OLD, POST_OLD, configure, load
from tests.support.running import PATIENCE, until
from tests.support.serving import (
    PROMPTLY,
    STOPPING,
    Server,
    asked,
    running,
    started,
    statuses,
)

LINE = re.compile(r'[a-z.-]+:\d+ 127\.0\.0\.1 - - \[[^]]+\] "[^"]+" \d{3} \d+')
MANY = 2 * MOST_LINES
"""More requests than there is room for: in a pipe are some 500 of their lines."""
SLOWLY = 0.002
"""Seconds between two pages that a slow reader takes."""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    configure(path)
    return path


@contextmanager
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    try:
        yield ends
    finally:
        for end in ends:
            with suppress(OSError):
                os.close(end)


def unread_pipe(kept: ExitStack) -> int:
    return kept.enter_context(pipe())[1]


def unread_socket(kept: ExitStack) -> int:
    ends = socket.socketpair()
    for end in ends:
        kept.callback(end.close)
    return ends[1].fileno()


def full_disk(kept: ExitStack) -> int:
    return kept.enter_context(open("/dev/full", "wb")).fileno()


def pipe_without_reader(kept: ExitStack) -> int:
    end, start = kept.enter_context(pipe())
    os.close(end)
    return start


def closed_terminal(kept: ExitStack) -> int:
    terminal, start = os.openpty()
    kept.callback(os.close, start)
    os.close(terminal)
    return start


every_fault = pytest.mark.parametrize(
    "stdout", [unread_pipe, unread_socket, full_disk, pipe_without_reader, closed_terminal]
)


def dropped(server: Server) -> float:
    text = server.ask(asked("GET", "/metrics")).body.decode()
    (value,) = re.findall(r"^autoconfig_log_lines_dropped_total (\S+)$", text, re.MULTILINE)
    return float(value)


def ask_often(server: Server, number: int) -> None:
    """Ask for a document over one connection, and take all the answers."""
    host = GET_OLD.headers["Host"]
    question = f"GET {GET_OLD.target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    data, length = bytearray(), 0
    with server.connect() as client:
        client.settimeout(PATIENCE)
        sender = threading.Thread(target=client.sendall, args=[question * number])
        sender.start()
        while not length or len(data) < number * length:  # all are of the same length
            chunk = client.recv(1 << 20)
            assert chunk
            data += chunk
            length = length or max(data.find(b"HTTP/1.1 ", 1), 0)
        sender.join()
    assert statuses(data) == [200] * number


@every_fault
def test_answers_go_on_and_lines_that_cannot_be_written_are_counted(
    tmp_path: Path, config: Path, stdout: Callable[[ExitStack], int]
) -> None:
    with (
        ExitStack() as kept,
        running(tmp_path, workers=1, config=config, stdout=stdout(kept)) as server,
    ):
        ask_often(server, MANY)
        assert until(lambda: dropped(server) > 0)
        assert dropped(server) < MANY
        assert server.is_ready()
        assert server.complaints() == []


@every_fault
def test_server_stops_in_time_and_well_though_lines_wait(
    tmp_path: Path, config: Path, stdout: Callable[[ExitStack], int]
) -> None:
    with (
        ExitStack() as kept,
        started(tmp_path, workers=2, config=config, stdout=stdout(kept)) as server,
    ):
        assert until(server.is_ready)
        ask_often(server, 2000)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(END_SECONDS + PROMPTLY) == 0


def test_reader_who_comes_back_gets_whole_lines_and_all_but_those_counted(
    tmp_path: Path, config: Path
) -> None:
    lines = bytearray()
    with (
        pipe() as (end, start),
        running(tmp_path, workers=1, config=config, stdout=start) as server,
    ):
        os.close(start)  # ours; the server has its own
        ask_often(server, MANY)
        assert until(lambda: dropped(server) > 0)
        reader = threading.Thread(target=read_all, args=[end, lines])
        reader.start()
        assert until(lambda: lines.count(b"\n") > MOST_LINES)
        lost = dropped(server)
        ask_often(server, 100)
        assert dropped(server) == lost
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STOPPING) == 0
        reader.join(PATIENCE)
    found = lines.decode().splitlines()
    assert [line for line in found if not LINE.fullmatch(line)] == []
    assert sum(line.startswith(f"{OLD}:") for line in found) >= MANY + 100 - lost


def read_all(end: int, lines: bytearray, pause: float = 0) -> None:
    while chunk := os.read(end, 4096):
        lines += chunk
        time.sleep(pause)


def test_lines_of_two_workers_are_not_mixed_in_a_pipe_that_is_read_slowly(
    tmp_path: Path, config: Path
) -> None:
    """The pipe is full nearly all the time, so the workers wait for each page of it together."""
    lines = bytearray()
    with (
        pipe() as (end, start),
        running(tmp_path, workers=2, config=config, stdout=start) as server,
    ):
        os.close(start)
        with load(server, [GET_OLD, POST_OLD]) as clients:
            ask_often(server, 2000)
            ask_often(server, 2000)
            reader = threading.Thread(target=read_all, args=[end, lines, SLOWLY])
            reader.start()
            ask_often(server, 2000)
            assert clients.goes_on()
            assert until(lambda: lines.count(b"\n") > 3000)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STOPPING) == 0
        reader.join(PATIENCE)
    assert [line for line in lines.decode().splitlines() if not LINE.fullmatch(line)] == []


def test_disk_that_was_full_gets_whole_lines_again(tmp_path: Path, config: Path) -> None:
    with running(tmp_path, workers=1, config=config) as server:
        (worker,) = server.children()
        ask_often(server, 100)
        assert until(lambda: server.log_lines(OLD) == 100)
        full = server.log.stat().st_size + 1000  # in the middle of a line
        _, most = resource.prlimit(worker, resource.RLIMIT_FSIZE, (full, -1))
        ask_often(server, 100)
        assert until(lambda: server.log.stat().st_size == full)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (most, most))
        assert until(lambda: server.log_lines(OLD) == 200)
        found = server.log.read_text().splitlines()
    assert [line for line in found if not LINE.fullmatch(line)] == []

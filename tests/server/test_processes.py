"""The server's processes: how they hear signals, how they end, and where their messages go."""

import os
import re
import signal
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from autoconfig.serve.limits import SPARE_DEATHS
from tests.support.hanging import hanging, write_files
from tests.support.load import GET_OLD, OLD
from tests.support.running import PATIENCE, until
from tests.support.serving import (
    COMMAND,
    LOOPBACK,
    POST,
    STOPPING,
    Server,
    asked,
    running,
    started,
)

STOPS = (signal.SIGTERM, signal.SIGINT)

each_stop = pytest.mark.parametrize("stop", STOPS, ids=[each.name for each in STOPS])
each_file = pytest.mark.parametrize("name", ["mine.toml", "domains.txt", "offers.toml"])


def reload_failures(server: Server) -> int:
    text = server.ask(asked("GET", "/metrics")).body.decode()
    (value,) = re.findall(r"^autoconfig_reload_failures_total (\d+)", text, re.MULTILINE)
    return int(value)


@each_stop
@each_file
def test_first_load_that_hangs_is_ended_by_a_signal(
    tmp_path: Path, name: str, stop: signal.Signals
) -> None:
    config = write_files(tmp_path)
    with hanging(tmp_path / name) as file, started(tmp_path, config=config) as server:
        assert until(file.is_awaited)
        server.process.send_signal(stop)
        assert server.process.wait(STOPPING) == (0 if stop is signal.SIGTERM else 130)


def test_reload_that_is_asked_for_during_the_first_load_comes_after_it(tmp_path: Path) -> None:
    config = write_files(tmp_path)
    names = tmp_path / "domains.txt"
    with hanging(names) as file, started(tmp_path, config=config) as server:
        assert until(file.is_awaited)
        server.process.send_signal(signal.SIGHUP)
        file.come("example.com\n")
        assert until(lambda: "; http://" in server.messages.read_text())
        names.write_text(f"example.com\n{OLD}\n")
        assert until(lambda: server.everywhere(GET_OLD, 200))


@each_stop
@each_file
def test_server_whose_reload_hangs_answers_and_stops(
    tmp_path: Path, name: str, stop: signal.Signals
) -> None:
    config = write_files(tmp_path)
    with (
        started(tmp_path, workers=2, config=config) as server,
        ExitStack() as later,
    ):
        assert until(server.is_ready)
        file = later.enter_context(hanging(tmp_path / name))
        server.process.send_signal(signal.SIGHUP)
        assert until(file.is_awaited)
        assert server.everywhere(GET_OLD, 200)
        victim, _ = server.children()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: victim not in server.children() and server.is_ready())
        server.process.send_signal(stop)
        assert server.process.wait(STOPPING) == 0
        assert until(lambda: not server.left())
        socket.create_server((LOOPBACK, server.port)).close()


@pytest.mark.parametrize("state", ["calm", "worker replaced", "load hangs", "stopping"])
def test_whole_server_ends_with_its_parent_and_the_next_one_starts(
    tmp_path: Path, state: str
) -> None:
    config = write_files(tmp_path)
    with started(tmp_path, workers=2, config=config) as server, ExitStack() as clients:
        assert until(server.is_ready)
        if state == "worker replaced":
            victim, _ = server.children()
            os.kill(victim, signal.SIGKILL)
            assert until(lambda: victim not in server.children() and server.is_ready())
        elif state == "load hangs":
            file = clients.enter_context(hanging(tmp_path / "domains.txt"))
            server.process.send_signal(signal.SIGHUP)
            assert until(file.is_awaited)
        elif state == "stopping":
            slow = clients.enter_context(server.connect())
            slow.sendall(POST + b"Content-Length: 9\r\n\r\n")
            server.process.send_signal(signal.SIGTERM)
        server.process.kill()
        server.process.wait(STOPPING)
        assert until(lambda: not server.left())
        (tmp_path / "next").mkdir()
        clients.close()
        with started(tmp_path / "next", port=server.port, config=config) as successor:
            assert until(successor.is_ready), successor.messages.read_text()


def test_worker_that_dies_again_and_again_is_replaced_each_time(tmp_path: Path) -> None:
    """As where memory is short. Once more, and Granian would end the server."""
    with running(tmp_path, workers=2) as server:
        _, other = server.children()
        for _ in range(SPARE_DEATHS + 1):
            (victim,) = {*server.children()} - {other}
            os.kill(victim, signal.SIGKILL)
            assert until(lambda v=victim: len({*server.children()} - {v}) == 2)  # type: ignore[misc]  # a lambda has no types
        assert until(server.is_ready)
        assert other in server.children()


CRASHING = """
import os
from autoconfig.serve.application import Application
Application.start_worker = lambda self: os._exit(1)
from autoconfig.cli import main
main()
"""


def test_server_whose_workers_cannot_run_ends(tmp_path: Path) -> None:
    """Whoever watches it starts another one, perhaps of a version that can."""
    command = (COMMAND.with_name("python"), "-c", CRASHING)
    with started(tmp_path, workers=2, command=command) as server:
        assert server.process.wait(PATIENCE) == 1
        assert not server.left()

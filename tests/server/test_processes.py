"""The server's processes: how they hear signals, how they end, and where their messages go."""

import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from autoconfig.serve.limits import SPARE_DEATHS
from tests.support.hanging import hanging, write_files
from tests.support.load import GET_OLD, OLD, configure
from tests.support.running import PATIENCE, until
from tests.support.serving import (
    COMMAND,
    LOOPBACK,
    POST,
    STOPPING,
    Asked,
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


EXHAUSTED = """
import os, threading
from pathlib import Path
fork, start = os.fork, threading.Thread.start

def is_left(kind):
    return not Path(os.environ["AUTOCONFIG_CONFIG"]).with_name(f"no {kind}").exists()

def fork_if_there_is_one():
    if is_left("process"):
        return fork()
    raise BlockingIOError(11, "Resource temporarily unavailable")

def start_if_there_is_one(thread):
    if not is_left("thread"):
        raise RuntimeError("can't start new thread")
    start(thread)

os.fork, threading.Thread.start = fork_if_there_is_one, start_if_there_is_one
from autoconfig.cli import main
main()
"""
"""The command, in a system that has no process, or no thread, left while a file says so."""


@pytest.mark.parametrize("kind", ["process", "thread"])
def test_server_that_gets_no_process_or_thread_goes_on_and_stops(tmp_path: Path, kind: str) -> None:
    config, none_left = write_files(tmp_path), tmp_path / f"no {kind}"
    command = (sys.executable, "-c", EXHAUSTED)
    with started(tmp_path, workers=2, config=config, command=command) as server:
        assert until(server.is_ready)
        for number in (1, 2):
            none_left.touch()
            server.process.send_signal(signal.SIGHUP)
            assert until(lambda n=number: reload_failures(server) == n)  # type: ignore[misc]  # a lambda has no types
            victim, _ = server.children()
            os.kill(victim, signal.SIGKILL)
            assert until(lambda n=number: complaints_of_a_start(server) >= 2 * n)  # type: ignore[misc]  # a lambda has no types
            assert until(server.is_well)
            if number == 1:
                none_left.unlink()
                assert until(lambda: len(server.children()) == 2 and server.is_ready())
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STOPPING) == 0
        assert until(lambda: not server.left())


def complaints_of_a_start(server: Server) -> int:
    return server.messages.read_text().count("a worker cannot be started yet")


CRASHING = """
import os
from autoconfig.serve.application import Application
Application.start_worker = lambda self: os._exit(1)
from autoconfig.cli import main
main()
"""


def test_server_whose_workers_cannot_run_ends(tmp_path: Path) -> None:
    """Whoever watches it starts another one, perhaps of a version that can."""
    command = (sys.executable, "-c", CRASHING)
    with started(tmp_path, workers=2, command=command) as server:
        assert server.process.wait(PATIENCE) == 1
        assert not server.left()


# ------------------------------------------------------------------------------- standard streams

REDIRECTIONS = (
    "2>/dev/full",
    "2>&-",
    ">/dev/full",
    ">&-",
    "<&-",
    ">/dev/full 2>/dev/full",
    "<&- >&- 2>&-",
)


def redirected(redirection: str, *command: str | Path) -> tuple[str | Path, ...]:
    return "sh", "-c", f'exec "$@" {redirection}', "sh", *(command or [COMMAND])


@pytest.mark.parametrize("redirection", REDIRECTIONS)
def test_server_needs_no_standard_stream(tmp_path: Path, redirection: str) -> None:
    config = tmp_path / "mine.toml"
    configure(config)
    with running(tmp_path, workers=2, config=config, command=redirected(redirection)) as server:
        streams = {
            os.readlink(f"/proc/{pid}/fd/{number}") for pid in server.left() for number in range(3)
        }
        assert not [each for each in streams if each.startswith("socket:")]
        assert server.everywhere(GET_OLD, 200)
        config.write_text("[[service]\n")
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda: reload_failures(server) == 1)
        configure(config, "new.example")
        server.process.send_signal(signal.SIGHUP)
        new = Asked("GET", GET_OLD.target, {"Host": "autoconfig.new.example"})
        assert until(lambda: server.everywhere(new, 200))
        victim, _ = server.children()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: victim not in server.children() and server.is_ready())


@contextmanager
def unread_pipe(path: Path) -> Iterator[int]:
    """A pipe that somebody has opened to read."""
    os.mkfifo(path)
    end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield end
    finally:
        os.close(end)


def test_messages_that_nobody_reads_hold_nothing_up(tmp_path: Path) -> None:
    config, pipe = tmp_path / "mine.toml", tmp_path / "messages"
    configure(config)
    wrong = "".join(f'"not a domain {number}",\n' for number in range(1000))
    with (
        unread_pipe(pipe),
        running(tmp_path, workers=2, config=config, command=redirected(f"2>{pipe}")) as server,
    ):
        for number in range(1, 4):
            config.write_text(f'[[service]]\noffer = "mx-plan"\ndomains = [\n{wrong}]\n')
            server.process.send_signal(signal.SIGHUP)
            assert until(lambda n=number: reload_failures(server) == n)  # type: ignore[misc]  # a lambda has no types
            assert server.everywhere(GET_OLD, 200)
        victim, _ = server.children()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: victim not in server.children() and server.is_ready())


PATIENT = """
from autoconfig.serve import messages
messages.PATIENCE = 60
from autoconfig.cli import main
main()
"""
"""The command, with a minute for a reader instead of a second, in which a machine may hang."""


def test_long_message_reaches_a_reader_who_is_slow(tmp_path: Path) -> None:
    config, pipe = tmp_path / "mine.toml", tmp_path / "messages"
    configure(config)
    command = redirected(f"2>{pipe}", sys.executable, "-c", PATIENT)
    number = 1000
    wrong = "".join(f'"not a domain {each}",\n' for each in range(number))
    with (
        unread_pipe(pipe) as end,
        running(tmp_path, config=config, command=command) as server,
    ):
        config.write_text(f'[[service]]\noffer = "mx-plan"\ndomains = [\n{wrong}]\n')
        server.process.send_signal(signal.SIGHUP)
        said = bytearray()

        def has_all() -> bool:
            time.sleep(0.01)
            with suppress(BlockingIOError):
                said.extend(os.read(end, 8192))
            return f"domains {number}".encode() in said

        assert until(has_all)
        assert said.count(b"is not a domain name") == number


def test_server_starts_where_nobody_has_read_the_messages_of_the_last_one(tmp_path: Path) -> None:
    pipe = tmp_path / "messages"
    with unread_pipe(pipe):
        end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        with suppress(BlockingIOError):
            while True:
                os.write(end, b" " * 4096)
        os.close(end)
        with running(tmp_path, command=redirected(f"2>{pipe}")) as server:
            assert server.is_well()

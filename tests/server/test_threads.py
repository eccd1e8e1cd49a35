"""Threads and open files, of which the system gives fewer than a server would like to have.

It serves with fewer, and never ends; with too few it does not start, and says so. Limits are those
of a user of our own, as nothing limits root.
"""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from autoconfig.detect.findings import MOST_LOOKUPS
from autoconfig.serve import threads
from autoconfig.serve.limits import LEAST_THREADS, OWN_THREADS, THREADS
from tests.support.documents import ROOT
from tests.support.running import PATIENCE, until
from tests.support.serving import (
    COMMAND,
    LOOPBACK,
    POST,
    POX_BODY,
    WHOLE,
    Server,
    running,
    started,
)

NOBODY = 54_000 + os.getpid() % 1000
AS_NOBODY = [
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=+dac_override",  # to read what is ours
    "--ambient-caps=+dac_override",
]
SLOW = 400


def limited(number: int) -> list[str]:
    """A command that runs another one with so many threads (or processes) to have."""
    as_root = os.geteuid() == 0
    number += 0 if as_root else threads_of_this_user()
    return [*(AS_NOBODY if as_root else ()), "prlimit", f"--nproc={number}:{number}"]


def threads_of_this_user() -> int:
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            text = status.read_text()
            if re.search(rf"^Uid:\t{os.getuid()}\t", text, re.MULTILINE):
                found += int(re.findall(r"^Threads:\t(\d+)", text, re.MULTILINE)[0])
    return found


def threads_of(pid: int) -> int:
    with suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/task"))
    return 0


def begin_bodies(server: Server, clients: ExitStack, number: int = SLOW) -> None:
    for _ in range(number):
        client = clients.enter_context(socket.socket())
        client.settimeout(PATIENCE)
        with suppress(OSError):
            client.connect((LOOPBACK, server.port))
            client.sendall(POST + WHOLE + b"\r\n" + POX_BODY[:50])


@pytest.mark.parametrize("number", [60, 100, 150])
def test_server_with_few_threads_to_have_wants_fewer_and_goes_on(
    tmp_path: Path, number: int
) -> None:
    with (
        running(tmp_path, workers=2, command=[*limited(number), COMMAND]) as server,
        ExitStack() as clients,
    ):
        workers = server.children()
        begin_bodies(server, clients)
        for _ in range(100):
            assert server.is_well()
        assert until(server.takes_posts), "the late ones are ended"
        assert server.children() == workers
        assert sum(map(threads_of, workers)) < number
        assert server.complaints() == []


def test_server_says_that_there_are_too_few_threads(tmp_path: Path) -> None:
    with started(tmp_path, workers=2, command=[*limited(20), COMMAND]) as server:
        assert server.process.wait(PATIENCE) == 2
    (message,) = server.complaints()
    assert re.fullmatch(r"error: --workers 2: the system gives fewer than \d+ threads .*", message)


HOG = """
import sys, threading
for _ in range(int(sys.argv[1])):
    threading.Thread(target=threading.Event().wait, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def hog(within: Sequence[str], number: int) -> Iterator[None]:
    """Another process of the same user, which has so many threads."""
    command = [*within, sys.executable, "-c", HOG, str(number)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield
        process.kill()


def test_server_goes_on_where_others_take_the_threads_while_it_runs(tmp_path: Path) -> None:
    """A worker that wanted one too many has another in its place, which wants fewer."""
    within = limited(600)
    with running(tmp_path, workers=2, command=[*within, COMMAND]) as server, ExitStack() as clients:
        before = server.children()
        clients.enter_context(hog(within, 520))
        begin_bodies(server, clients)
        assert until(lambda: {*server.children()} != {*before} and server.is_ready())
        begin_bodies(server, clients)
        assert until(lambda: server.takes_posts() and server.is_ready())
        after = server.children()
        begin_bodies(server, clients)
        for _ in range(100):
            assert server.is_well()
        assert until(server.takes_posts)
        assert server.children() == after
        assert server.process.poll() is None


def test_server_says_that_it_may_not_open_enough_files(tmp_path: Path) -> None:
    with started(tmp_path, workers=2, command=["prlimit", "--nofile=50:50", COMMAND]) as server:
        assert server.process.wait(PATIENCE) == 2
    assert server.complaints() == [
        "error: --workers 2: the system gives no more than 50 open files (ulimit -n, LimitNOFILE)"
    ]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets how many threads can be had."""

    def give(number: int) -> None:
        monkeypatch.setattr(threads, "obtainable", lambda wanted: min(wanted, number))

    return give


@pytest.mark.parametrize("workers", [1, 2, 8, 20, 64, 256])
def test_threads_of_any_number_of_workers_fit_into_those_of_the_unit(
    given: Callable[[int], None], workers: int
) -> None:
    (most,) = re.findall(
        r"^TasksMax=(\d+)$", (ROOT / "deploy/autoconfig.service").read_text(), re.M
    )
    given(int(most))
    assert workers * (threads.share(workers) + OWN_THREADS) < int(most)


@pytest.mark.parametrize(("number", "found"), [(10_000, THREADS), (150, 43), (60, 9)])
def test_quarter_is_left_to_others_where_not_all_can_be_had(
    given: Callable[[int], None], number: int, found: int
) -> None:
    given(number)
    assert threads.share(2) == found


@pytest.mark.parametrize("number", [*range(LEAST_THREADS, 40), THREADS])
def test_some_threads_may_wait_for_bodies_some_for_look_ups_and_some_for_neither(
    number: int,
) -> None:
    bodies, look_ups = threads.may_wait(number)
    assert 0 < bodies < number
    assert 0 < look_ups <= MOST_LOOKUPS
    assert bodies + look_ups < number


def test_threads_that_can_be_had_are_tried_out() -> None:
    assert threads.obtainable(20) == 20
    assert until(lambda: threads_of(os.getpid()) < 20)


def test_worker_that_takes_a_place_has_no_more_threads_than_the_first(
    given: Callable[[int], None],
) -> None:
    given(10_000)
    assert threads.share(2, wanted=50) == 50

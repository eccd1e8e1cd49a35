"""SIGHUP: a new configuration is taken by every worker, or refused, and no client notices."""

import multiprocessing
import os
import re
import signal
import time
from pathlib import Path
from typing import NoReturn

import pytest

from autoconfig.answers.metrics import Metrics
from autoconfig.config.load import load_config
from autoconfig.serve.application import Application
from autoconfig.wsgi.journal import BatchedJournal
from tests.support.load import GET_OLD, OLD, configure, load
from tests.support.running import until
from tests.support.serving import STOPPING, Asked, Server, asked, running, started

MOZILLA = GET_OLD.target
MANY = 20_000
"""Domains of a configuration that takes a while to load."""

few_and_many = pytest.mark.parametrize("more", [0, MANY], ids=["few", "many"])


def about(domain: str) -> Asked:
    return asked("GET", MOZILLA, f"autoconfig.{domain}")


def reload(server: Server) -> None:
    server.process.send_signal(signal.SIGHUP)


def counter(server: Server, name: str) -> float:
    text = server.ask(asked("GET", "/metrics")).body.decode()
    (value,) = re.findall(rf"^{name} (\S+)$", text, re.MULTILINE)
    return float(value)


def failures(server: Server) -> float:
    return counter(server, "autoconfig_reload_failures_total")


@few_and_many
def test_new_configuration_is_taken_by_every_worker_and_no_client_notices(
    tmp_path: Path, more: int
) -> None:
    config = tmp_path / "mine.toml"
    configure(config, more=more)
    with running(tmp_path, workers=2, config=config) as server:
        workers = server.children()
        with load(server) as clients:
            for number in range(2):
                assert server.everywhere(about(f"new{number}.example"), 404)
                configure(config, f"new{number}.example", more=more)
                reload(server)
                assert until(lambda n=number: server.everywhere(about(f"new{n}.example"), 200))  # type: ignore[misc]  # a lambda has no types
                assert clients.goes_on()
        assert (clients.wrong, clients.ended) == ([], [])
        assert server.everywhere(about("new0.example"), 404), "which is no longer there"
        assert server.children() == workers
        assert server.complaints() == []


def test_broken_configuration_is_refused_with_every_mistake_and_the_old_one_goes_on(
    tmp_path: Path,
) -> None:
    config = tmp_path / "mine.toml"
    configure(config)
    with running(tmp_path, workers=2, config=config) as server, load(server) as clients:
        workers, began = server.children(), time.time()
        config.write_text(
            'base_url = "http://insecure.example"\n'
            '[[service]]\noffer = "mx-plane"\ndomains = ["new.example"]\n'
            '[[service]]\noffer = "mx-plan"\ndomains = ["new.example", "not a domain"]\n'
        )
        reload(server)
        assert until(lambda: failures(server) == 1)
        assert clients.goes_on()
        assert server.everywhere(GET_OLD, 200)
        assert server.everywhere(about("new.example"), 404)
        for mistake in ("base_url", "mx-plane", "not a domain", "new.example"):
            assert any(mistake in line for line in server.complaints())
        config.write_text("[[service]\n")
        reload(server)
        assert until(lambda: failures(server) == 2)
        assert any("is not valid TOML" in line for line in server.complaints())
        refused = time.time() - began
        assert counter(server, "autoconfig_configuration_age_seconds") > refused
        began = time.time()
        configure(config, "new.example")
        reload(server)
        assert until(lambda: server.everywhere(about("new.example"), 200))
        assert counter(server, "autoconfig_configuration_age_seconds") < time.time() - began
        assert failures(server) == 2
        assert clients.goes_on()
        assert server.children() == workers
    assert (clients.wrong, clients.ended) == ([], [])


@pytest.mark.parametrize("name", ["mine.toml", "domains.txt"])
def test_file_that_vanished_is_named_and_a_new_worker_has_what_was_in_force(
    tmp_path: Path, name: str
) -> None:
    config, domains = tmp_path / "mine.toml", tmp_path / "domains.txt"
    domains.write_text(f"{OLD}\nexample.com\n")
    config.write_text('[[service]]\noffer = "mx-plan"\ndomains_file = "domains.txt"\n')
    file = tmp_path / name
    text = file.read_text()
    with running(tmp_path, workers=2, config=config) as server:
        file.unlink()
        reload(server)
        assert until(lambda: failures(server) == 1)
        assert f"{file}: there is no such file" in "\n".join(server.complaints())
        victim, other = server.children()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: victim not in server.children() and server.is_ready())
        assert other in server.children()
        assert server.everywhere(GET_OLD, 200)
        file.write_text(text)
        with domains.open("a") as names:
            names.write("new.example\n")
        reload(server)
        assert until(lambda: server.everywhere(about("new.example"), 200))
        assert failures(server) == 1


@few_and_many
def test_last_of_many_reloads_wins(tmp_path: Path, more: int) -> None:
    config = tmp_path / "mine.toml"
    configure(config, more=more)
    with running(tmp_path, workers=2, config=config) as server:
        workers = server.children()
        for number in range(10):
            configure(config, f"new{number}.example", more=more)
            reload(server)
        assert until(lambda: server.everywhere(about("new9.example"), 200))
        assert server.everywhere(GET_OLD, 200)
        assert server.children() == workers


def test_memory_does_not_grow_with_reloads(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    configure(config, more=MANY)

    def reload_often(times: int, name: str) -> int:
        for number in range(times):
            configure(config, f"{name}{number}.example", more=MANY)
            reload(server)
            assert until(lambda n=number: server.everywhere(about(f"{name}{n}.example"), 200))  # type: ignore[misc]  # a lambda has no types
        return server.memory()

    with running(tmp_path, workers=2, config=config) as server:
        before = reload_often(2, "a")
        assert reload_often(6, "b") < 1.25 * before


def test_reload_is_not_lost_while_workers_start(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    configure(config)
    with started(tmp_path, workers=2, config=config) as server:
        assert until(lambda: len(server.children()) == 2)
        configure(config, "new.example")
        reload(server)
        assert until(server.is_ready)
        assert until(lambda: server.everywhere(about("new.example"), 200))
        victim, _ = server.children()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: victim not in server.children())
        for number in range(20):
            configure(config, f"new{number}.example")
            reload(server)
        assert until(server.is_ready)
        assert until(lambda: server.everywhere(about("new19.example"), 200))
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STOPPING) == 0


def test_reload_survives_a_worker_that_has_just_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Between being listed and being told: too short a moment to hit from outside."""
    config = tmp_path / "mine.toml"
    configure(config)
    ended = multiprocessing.get_context("fork").Process()
    ended.start()
    ended.join()
    monkeypatch.setattr("multiprocessing.active_children", lambda: [ended])
    metrics = Metrics()
    application = Application(
        config, load_config(config), BatchedJournal(lambda _: None, metrics), 1
    )
    application.reload()
    assert b"autoconfig_reload_failures_total 0.0" in metrics.text()


def test_reload_that_fails_by_a_fault_of_ours_is_refused_and_ends_no_thread(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Else nothing would hear the next signal, and only SIGKILL would end the server."""

    message = "alice@example.com"

    def fail(path: Path) -> NoReturn:
        raise MemoryError(message)

    config = tmp_path / "mine.toml"
    configure(config)
    metrics = Metrics()
    application = Application(
        config, load_config(config), BatchedJournal(lambda _: None, metrics), 1
    )
    monkeypatch.setattr("autoconfig.serve.application.load_config", fail)
    application.reload()
    assert b"autoconfig_reload_failures_total 1.0" in metrics.text()
    assert "MemoryError while loading the configuration, and the old one goes on" in caplog.text
    assert "alice" not in caplog.text


def test_reload_is_not_fatal_as_soon_as_the_server_has_said_what_it_serves(tmp_path: Path) -> None:
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        with started(folder, workers=2) as server:
            assert until(lambda: "; http://" in server.messages.read_text())  # called here
            reload(server)
            assert until(server.is_ready), server.process.poll()


@few_and_many
@pytest.mark.parametrize("first", [signal.SIGHUP, signal.SIGTERM], ids=["reload", "stop"])
def test_reload_and_stop_at_once_end_well(tmp_path: Path, first: signal.Signals, more: int) -> None:
    config = tmp_path / "mine.toml"
    configure(config, more=more)
    with started(tmp_path, workers=2, config=config) as server:
        assert until(server.is_ready)
        second = signal.SIGTERM if first is signal.SIGHUP else signal.SIGHUP
        server.process.send_signal(first)
        server.process.send_signal(second)
        assert server.process.wait(STOPPING) == 0
        assert server.complaints() == []

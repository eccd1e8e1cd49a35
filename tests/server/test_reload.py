"""SIGHUP: a new configuration is taken by every worker, or refused, and no client notices."""

import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.copied import Copy
from tests.support.hanging import FILES, INLINE, hanging, write_files
from tests.support.load import GET_OLD, OLD, configure, load
from tests.support.questions import QUESTIONS
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


def loads(server: Server) -> int:
    return server.messages.read_text().count("loaded again")


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
    configure(config, more=5 * MANY)

    def reload_often(times: int, name: str) -> int:
        for number in range(times):
            configure(config, f"{name}{number}.example", more=5 * MANY)
            reload(server)
            assert until(lambda n=number: server.everywhere(about(f"{name}{n}.example"), 200))  # type: ignore[misc]  # a lambda has no types
        return server.memory()

    with running(tmp_path, workers=2, config=config) as server:
        before = reload_often(3, "a")
        assert reload_often(5, "b") < 1.25 * before


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


FAULTY = """
import os, signal, sys, time
from pathlib import Path
from autoconfig.serve import loading
load, load_config = loading.load, loading.load_config

def begin(path, *more):
    code = path.with_name("fault.py").read_text()
    loading.LOAD_SECONDS = 2 if "for ever" in code else 60
    return load(path, *more)

def fail(path):
    names = {**globals(), "path": path}
    exec(path.with_name("fault.py").read_text(), names)
    return load_config(names["path"])

loading.load, loading.load_config = begin, fail
from autoconfig.cli import main
main()
"""
"""The command, with a fault in each reload: the code in the file `fault.py`.

What takes for ever says so, and has two seconds.
"""

FAULTS: Mapping[str, tuple[str, str]] = {
    "fault of ours": ("raise LookupError('alice@example.com')", "LookupError while loading"),
    "memory": ("bytearray(1 << 62)", "MemoryError while loading"),
    "recursion": ("(lambda f: f(f))(lambda f: f(f))", "RecursionError while loading"),
    "interrupt": ("raise KeyboardInterrupt('alice@example.com')", "KeyboardInterrupt while"),
    "exit": ("sys.exit(0)", "SystemExit while loading"),
    "hard exit": ("os._exit(0)", "ValueError while taking"),
    "any exception": ("raise BaseException('alice@example.com')", "BaseException while loading"),
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    "busy for ever": (
        "while True: pass  # for ever",
        "(TimeoutError while loading|ended by SIGPROF)",
    ),
    "asleep for ever": ("time.sleep(1 << 20)  # for ever", "TimeoutError while loading"),
    "mistake": ("path.write_text('[[service]')", "is not valid TOML"),
    "no file": ("path.unlink()", "there is no such file"),
    "pipe": ("path.unlink(); os.mkfifo(path)  # for ever", "mine.toml: "),
}


class Faulty(NamedTuple):
    """A server whose reloads fail in a way that is written into `fault`."""

    server: Server
    config: Path
    fault: Path


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faulty]:
    folder = tmp_path_factory.mktemp("faulty")
    config, fault = folder / "mine.toml", folder / "fault.py"
    configure(config)
    command = (sys.executable, "-c", FAULTY)
    with running(folder, workers=2, config=config, command=command) as server:
        yield Faulty(server, config, fault)


@pytest.mark.parametrize("way", FAULTS)
def test_reload_that_fails_in_any_way_is_refused_and_the_next_one_is_taken(
    faulty: Faulty, way: str
) -> None:
    server, config, fault = faulty
    code, said = FAULTS[way]
    new = f"{way.replace(' ', '-')}.example"
    before, workers, start = failures(server), server.children(), len(server.complaints())
    configure(config, new)
    fault.write_text(code)
    reload(server)
    assert until(lambda: failures(server) == before + 1)
    assert server.everywhere(GET_OLD, 200)
    assert server.everywhere(about(new), 404)
    message = "\n".join(server.complaints()[start:])
    assert re.search(said, message)
    assert "alice" not in message
    fault.write_text("")
    config.unlink(missing_ok=True)
    configure(config, new)
    reload(server)
    assert until(lambda: server.everywhere(about(new), 200))
    assert failures(server) == before + 1
    assert server.children() == workers


PACKAGED: Mapping[str, tuple[str, str]] = {
    "later offers": ("autoconfig/offers/offers.toml", "schema_version = 2\n"),
    "offers with a mistake": ("autoconfig/offers/offers.toml", "schema_version = \n"),
    "undefined name": ("templates/autoconfig.xml", "{{ service.later }}"),
    "template with a mistake": ("templates/autodiscover.xml", "{% if %}"),
    "page of errors": ("templates/error.html", "{{ later }}"),
    "error for Outlook": ("templates/autodiscover-error.xml", "{% later %}"),
}
"""A file of the program, and its text in a later version that does not fit the one that runs."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Copy]]:
    copy = Copy.into(tmp_path_factory.mktemp("copied"))
    with running(copy.folder, workers=2, command=of_copy(copy)) as server:
        yield server, copy


def of_copy(copy: Copy) -> Sequence[str | Path]:
    """The command, as the copy has it."""
    path = f"PYTHONPATH={copy.folder}"
    return "env", path, sys.executable, "-PBc", "from autoconfig.cli import main; main()"


@pytest.mark.parametrize("way", PACKAGED)
def test_reload_after_the_program_was_replaced_by_one_that_does_not_fit_is_refused(
    copied: tuple[Server, Copy], way: str
) -> None:
    server, copy = copied
    name, text = PACKAGED[way]
    before, expected = failures(server), server.ask(asked("GET", MOZILLA))
    original = (copy.folder / name).read_text()
    copy.write(name, text)
    reload(server)
    assert until(lambda: failures(server) == before + 1)
    assert server.ask(asked("GET", MOZILLA)) == expected
    copy.write(name, original)
    number = loads(server)
    reload(server)
    assert until(lambda: loads(server) > number)
    assert failures(server) == before + 1


def test_template_that_renders_otherwise_does_so_in_every_worker_after_a_reload(
    copied: tuple[Server, Copy],
) -> None:
    server, copy = copied
    question = asked("GET", MOZILLA)
    template = "templates/autoconfig.xml"
    old, original = server.ask(question), (copy.folder / template).read_text()
    copy.write(template, f"{original}<!-- new -->")
    victim, _ = server.children()
    os.kill(victim, signal.SIGKILL)
    assert until(lambda: victim not in server.children() and server.is_ready())
    assert bodies(server, question) == {old.body}
    reload(server)
    assert until(lambda: bodies(server, question) == {old.body + b"<!-- new -->"})
    copy.write(template, original)
    victim, _ = server.children()
    os.kill(victim, signal.SIGKILL)
    assert until(lambda: victim not in server.children() and server.is_ready())
    assert bodies(server, question) == {old.body + b"<!-- new -->"}


def bodies(server: Server, question: Asked) -> set[bytes]:
    """What the workers answer: enough questions for all of them."""
    return {server.ask(question).body for _ in range(12 * server.workers)}


def test_program_that_is_removed_answers_on_even_in_a_new_worker(tmp_path: Path) -> None:
    """As while it is replaced by another version, and where the disk is gone."""
    with running(tmp_path) as server:
        expected = [server.ask(question) for question in QUESTIONS]
    copy = Copy.into(tmp_path / "copy")
    with running(tmp_path, command=of_copy(copy)) as server:
        shutil.rmtree(copy.folder)
        assert [server.ask(question) for question in QUESTIONS] == expected
        assert server.ask(asked("GET", "/metrics")).status == 200
        (victim,) = server.children()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: server.children() not in ([], [victim]) and server.is_ready())
        assert [server.ask(question) for question in QUESTIONS] == expected
        reload(server)
        assert until(lambda: failures(server) == 1)
        assert [server.ask(question) for question in QUESTIONS] == expected


def test_every_worker_takes_what_the_parent_has_read(tmp_path: Path) -> None:
    """A file that changes after it was read, and before a worker could read it, changes nothing."""
    config = write_files(tmp_path)
    names = FILES["domains.txt"]
    with running(tmp_path, workers=2, config=config) as server:
        with hanging(tmp_path / "domains.txt") as file:
            reload(server)
            assert until(file.is_awaited)
            config.write_text(FILES["mine.toml"].replace(INLINE, "later.example"))
            file.come(f"{names}new.example\n")
            assert until(lambda: server.everywhere(about("new.example"), 200))
        assert server.everywhere(about(INLINE), 200)
        assert server.everywhere(about("later.example"), 404)
        victim, _ = server.children()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: victim not in server.children() and server.is_ready())
        assert server.everywhere(about("new.example"), 200)
        assert server.everywhere(about("later.example"), 404)
        reload(server)
        assert until(lambda: server.everywhere(about("later.example"), 200))


def test_reloads_that_come_while_one_hangs_are_one_more_after_it(tmp_path: Path) -> None:
    config, names = write_files(tmp_path), tmp_path / "domains.txt"
    with running(tmp_path, workers=2, config=config) as server:
        with hanging(names) as file:
            reload(server)
            assert until(file.is_awaited)
            for _ in range(5):
                reload(server)
            assert server.everywhere(GET_OLD, 200)
            config.write_text(FILES["mine.toml"].replace(INLINE, "later.example"))
            file.come("example.com\n")
        assert until(lambda: server.everywhere(about("later.example"), 200))
        assert until(lambda: len(server.left()) == 3)
        assert server.everywhere(GET_OLD, 404)
        assert loads(server) == 2


@pytest.mark.parametrize("name", FILES)
def test_load_that_hangs_for_long_is_refused_and_the_next_one_is_taken(
    faulty: Faulty, tmp_path: Path, name: str
) -> None:
    server, config, fault = faulty
    write_files(tmp_path)
    before = failures(server)
    fault.write_text(f"path = Path({str(tmp_path / 'mine.toml')!r})  # for ever")
    with hanging(tmp_path / name):
        reload(server)
        assert until(lambda: failures(server) == before + 1)
        assert server.everywhere(GET_OLD, 200)
    assert f"{name}: cannot be read: it does not come in 2 seconds" in server.messages.read_text()
    configure(config, f"after.{name}.example")
    fault.write_text("")
    reload(server)
    assert until(lambda: server.everywhere(about(f"after.{name}.example"), 200))
    assert failures(server) == before + 1


def test_worker_that_is_told_to_reload_by_somebody_else_does_nothing(tmp_path: Path) -> None:
    """As `systemctl kill --signal HUP` does, or a terminal that closes: each process is told."""
    config = tmp_path / "mine.toml"
    configure(config)
    with running(tmp_path, workers=2, config=config) as server:
        workers = server.children()
        configure(config, "new.example")
        for worker in workers:
            os.kill(worker, signal.SIGHUP)
        config.write_text("[[service]\n")
        os.killpg(server.process.pid, signal.SIGHUP)
        assert until(lambda: failures(server) == 1)
        assert server.everywhere(about("new.example"), 404)
        configure(config, "new.example")
        os.killpg(server.process.pid, signal.SIGHUP)
        assert until(lambda: server.everywhere(about("new.example"), 200))
        assert server.children() == workers


FORGETFUL = """
import os
from pathlib import Path
from autoconfig.serve import snapshot
read, parent = snapshot.read, os.getpid()

def fail(descriptor):
    if os.getpid() != parent:
        raise MemoryError("alice@example.com")
    return read(descriptor)

snapshot.read = fail
from autoconfig.cli import main
main()
"""
"""The command, with workers that cannot take a configuration."""


def test_worker_that_cannot_take_a_configuration_is_replaced_by_one_that_has_it(
    tmp_path: Path,
) -> None:
    config = tmp_path / "mine.toml"
    configure(config)
    command = (sys.executable, "-c", FORGETFUL)
    with running(tmp_path, workers=2, config=config, command=command) as server:
        workers = server.children()
        for number in range(2):
            configure(config, f"new{number}.example")
            reload(server)
            assert until(lambda n=number: server.everywhere(about(f"new{n}.example"), 200))  # type: ignore[misc]  # a lambda has no types
        assert not {*workers} & {*server.children()}
        message = server.messages.read_text()
        assert "MemoryError while taking over a configuration" in message
        assert "alice" not in message


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

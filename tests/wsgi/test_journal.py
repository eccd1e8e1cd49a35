"""The journal of a worker: entries wait a little and are written together.

None is lost while somebody takes the lines; where nobody does, nothing but the log waits for it.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest

from autoconfig.answers.metrics import NONE, Metrics
from autoconfig.wsgi import journal
from autoconfig.wsgi.journal import MOST_ENTRIES, MOST_LINES, BatchedJournal, LogEntry
from tests.support.running import until


def entry(domain: str) -> LogEntry:
    return (None, domain, NONE, 404, 9, 0.001, "443", "192.0.2.1", "GET", "HTTP/1.1")


@dataclass
class Log:
    """`texts`: what was written at once each time. `is_read`: writing waits until it is set."""

    texts: list[str] = field(default_factory=list)
    is_read: threading.Event = field(default_factory=threading.Event)

    def __call__(self, text: str) -> None:
        self.is_read.wait()
        self.texts.append(text)

    @property
    def domains(self) -> list[str]:
        return [line.partition(":")[0] for text in self.texts for line in text.splitlines()]

    def ends_with(self, domain: str) -> bool:
        return self.domains[-1:] == [domain]


@pytest.fixture
def log() -> Log:
    log = Log()
    log.is_read.set()
    return log


@pytest.fixture
def batched(log: Log) -> BatchedJournal:
    return BatchedJournal(log, Metrics())


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch, log: Log) -> Iterator[threading.Event]:
    """A process that begins to end when this is set; its journal has ended after the test."""
    ending = threading.Event()

    class MainThread:
        def is_alive(self) -> bool:
            return not ending.is_set()

    monkeypatch.setattr(journal, "main_thread", MainThread)
    yield ending
    ending.set()
    log.is_read.set()
    for thread in threading.enumerate():
        if thread.name in ("journal", "log"):
            thread.join()


@pytest.mark.usefixtures("process")
def test_entries_wait_and_are_written_as_one_text(batched: BatchedJournal, log: Log) -> None:
    for domain in ("a.fr", "b.fr"):
        batched.note(entry(domain))
    assert log.texts == []
    batched.start()
    assert until(lambda: log.domains == ["a.fr", "b.fr"])
    assert len(log.texts) == 1


def test_nothing_is_handed_on_where_nothing_was_noted(batched: BatchedJournal) -> None:
    batched.flush()
    assert batched._lines.empty()


def test_one_entry_too_many_hands_them_all_on(batched: BatchedJournal) -> None:
    for _ in range(MOST_ENTRIES):
        batched.note(entry("a.fr"))
    assert batched._lines.empty()
    batched.note(entry("b.fr"))
    assert len(batched._lines.get().splitlines()) == MOST_ENTRIES + 1


@pytest.mark.usefixtures("process")
def test_log_that_is_not_read_holds_nobody_back_and_its_lines_are_dropped_and_counted(
    batched: BatchedJournal, log: Log
) -> None:
    """The first entry is being written, so it waits too, until it has been."""
    log.is_read.clear()
    batched.start()
    for number in range(MOST_LINES + 10):
        batched.note(entry(f"x{number}.fr"))
        batched.flush()
    assert dropped(batched) == 10
    log.is_read.set()
    assert until(lambda: len(log.domains) == MOST_LINES)
    assert log.domains == [f"x{number}.fr" for number in range(MOST_LINES)]
    batched.note(entry("again.fr"))
    assert until(partial(log.ends_with, "again.fr"))
    assert dropped(batched) == 10


def dropped(batched: BatchedJournal) -> float:
    text = batched.metrics.text().decode()
    (line,) = [line for line in text.splitlines() if line.startswith("autoconfig_log_lines_dr")]
    name, _, value = line.partition(" ")
    assert name == "autoconfig_log_lines_dropped_total"
    return float(value)


@pytest.mark.usefixtures("process")
def test_entry_from_before_the_start_is_written(batched: BatchedJournal, log: Log) -> None:
    batched.note(entry("a.fr"))
    batched.start()
    assert until(partial(log.ends_with, "a.fr"))


@pytest.mark.usefixtures("process")
def test_idle_journal_is_woken_by_an_entry(batched: BatchedJournal, log: Log) -> None:
    batched.start()
    for domain in ("a.fr", "b.fr"):
        assert until(lambda: batched._idle)
        batched.note(entry(domain))
        assert until(partial(log.ends_with, domain))


def test_process_that_ends_leaves_no_entry_unwritten(
    batched: BatchedJournal, log: Log, process: threading.Event
) -> None:
    process.set()
    batched.note(entry("a.fr"))
    batched.start()
    assert until(lambda: log.domains == ["a.fr"])


def test_process_that_ends_does_not_wait_for_ever_for_the_log(
    monkeypatch: pytest.MonkeyPatch, batched: BatchedJournal, log: Log, process: threading.Event
) -> None:
    monkeypatch.setattr(journal, "END_SECONDS", 0.1)
    log.is_read.clear()
    process.set()
    batched.note(entry("a.fr"))
    batched.start()
    assert until(lambda: not any(each.name == "journal" for each in threading.enumerate()))
    assert log.texts == []

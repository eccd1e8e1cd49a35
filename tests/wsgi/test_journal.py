"""The journal of a worker: entries wait a little, are written together, and none is lost."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest

from autoconfig.answers.metrics import NONE, Metrics
from autoconfig.wsgi import journal
from autoconfig.wsgi.journal import MOST_ENTRIES, BatchedJournal, LogEntry
from tests.support.running import until


def entry(domain: str) -> LogEntry:
    return (None, domain, NONE, 404, 9, 0.001, "443", "192.0.2.1", "GET", "HTTP/1.1")


@dataclass
class Log:
    """`texts`: what was written at once each time."""

    texts: list[str] = field(default_factory=list)

    def __call__(self, text: str) -> None:
        self.texts.append(text)

    @property
    def domains(self) -> list[str]:
        return [line.partition(":")[0] for text in self.texts for line in text.splitlines()]

    def ends_with(self, domain: str) -> bool:
        return self.domains[-1:] == [domain]


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def batched(log: Log) -> BatchedJournal:
    return BatchedJournal(log, Metrics())


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A process that begins to end when this is set; its journal has then ended as well."""
    ending = threading.Event()

    class MainThread:
        def is_alive(self) -> bool:
            return not ending.is_set()

    monkeypatch.setattr(journal, "main_thread", MainThread)
    yield ending
    ending.set()
    for thread in threading.enumerate():
        if thread.name == "journal":
            thread.join()


def test_entries_wait_and_are_written_as_one_text(batched: BatchedJournal, log: Log) -> None:
    for domain in ("a.fr", "b.fr"):
        batched.note(entry(domain))
    assert log.texts == []
    batched.flush()
    assert (len(log.texts), log.domains) == (1, ["a.fr", "b.fr"])


def test_nothing_is_written_where_nothing_was_noted(batched: BatchedJournal, log: Log) -> None:
    batched.flush()
    assert log.texts == []


def test_one_entry_too_many_writes_them_all(batched: BatchedJournal, log: Log) -> None:
    for _ in range(MOST_ENTRIES):
        batched.note(entry("a.fr"))
    assert log.texts == []
    batched.note(entry("b.fr"))
    assert (len(log.texts), len(log.domains)) == (1, MOST_ENTRIES + 1)


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

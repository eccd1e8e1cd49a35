"""Notes answers: a line in the access log, and counters for the metrics.

A line has Apache's `vhost_common` form, with the domain that was asked for. No address stands in
it: the query is left out, and so is a path that is not ours. Nothing that a client wrote goes in as
it is, so no line can be forged.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Collection
from functools import lru_cache
from ipaddress import ip_address
from operator import itemgetter
from queue import SimpleQueue
from threading import Event, Lock, Thread, main_thread
from typing import TypeAlias

from autoconfig.answers.endpoints import Endpoint
from autoconfig.answers.metrics import Metrics

Log: TypeAlias = Callable[[str], object]
"""Takes one line or several, without the last one's end."""

FLUSH_SECONDS = 0.005
"""The wait of an entry: long enough to share a write, too short to be missed."""
IDLE_SECONDS = 0.2
"""The pause between looks at whether the process ends, while nothing is asked."""
MOST_ENTRIES = 4096
"""Entries that may wait; whoever adds one more hands them all on."""
MOST_LINES = 16384
"""Lines that may wait for the reader of the log, some 2 MB; those that come then are dropped."""
END_SECONDS = 2.0
"""The time that a process which ends leaves the reader of the log to take the last lines."""

_METHODS = frozenset(
    ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
)
_VERSIONS = {"HTTP/1": "HTTP/1.0", "HTTP/1.0": "HTTP/1.0", "HTTP/1.1": "HTTP/1.1"}
"""`SERVER_PROTOCOL`, as servers write it."""


Answered: TypeAlias = tuple[Endpoint | None, str | None, str, int, int]
"""An answer: its endpoint (None for a URL that is not in our table), domain, class of offer and
status, and the bytes of its body.
"""
LogEntry: TypeAlias = tuple[Endpoint | None, str | None, str, int, int, float, str, str, str, str]
"""`Answered`, then the seconds that it took; port, client, method and protocol as they were given.
A plain tuple: one is made for every answer, and a named one takes ten times as long.
"""
_COUNTED = itemgetter(0, 2, 3)
_SECONDS = itemgetter(5)


class Journal:
    """Notes each answer at once. `log` may get many lines as one text."""

    def __init__(self, log: Log, metrics: Metrics) -> None:
        self.metrics = metrics
        self._log = log

    def note(self, entry: LogEntry) -> None:
        self.write([entry])

    def write(self, entries: Collection[LogEntry]) -> None:
        moment = _moment(int(time.time()))
        lines = [
            f"{domain or '-'}:{port} {_written(client)} - - [{moment}] "
            f'"{method if method in _METHODS else "-"} {endpoint.path if endpoint else "-"} '
            f'{_VERSIONS.get(protocol, "-")}" {status} {sent}'
            for endpoint, domain, _, status, sent, _, port, client, method, protocol in entries
        ]
        self.metrics.count(Counter(map(_COUNTED, entries)), [*map(_SECONDS, entries)])
        self._log("\n".join(lines))


class BatchedJournal(Journal):
    """Buffers entries and writes them in batches from a background thread.

    One write per answer would cost more than the answer, and let another thread in. A second thread
    waits for the log, so nothing else does: it may be a pipe that nobody reads, or a full disk.
    """

    def __init__(self, log: Log, metrics: Metrics) -> None:
        super().__init__(self._hand_on, metrics)
        self._write_lines = log
        self._entries: deque[LogEntry] = deque()
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._handed_on = self._written = 0
        self._counting = Lock()
        self._idle = False
        self._woken = Event()

    def start(self) -> None:
        """Begin to write, until the main thread has ended and all is written.

        Raises `RuntimeError` where the system has no more threads.
        """
        log = Thread(target=self._run_log, name="log", daemon=True)
        log.start()
        Thread(target=self._run, args=[log], name="journal").start()

    def note(self, entry: LogEntry) -> None:
        self._entries.append(entry)
        if self._idle:  # only then: to wake a thread costs more than an answer
            self._woken.set()
        elif len(self._entries) > MOST_ENTRIES:
            self.flush()

    def flush(self) -> None:
        """Count what there is, and hand on its lines."""
        with self._counting:
            count = len(self._entries)
            if count:
                self.write([self._entries.popleft() for _ in range(count)])

    def _hand_on(self, lines: str) -> None:
        count = lines.count("\n") + 1
        if self._handed_on - self._written + count > MOST_LINES:
            self.metrics.drop_lines(count)
        else:
            self._handed_on += count
            self._lines.put(lines)

    def _run(self, log: Thread) -> None:
        while main_thread().is_alive():
            self._idle = not self._entries
            if self._idle:
                self._woken.wait(IDLE_SECONDS)
                self._idle = False
                self._woken.clear()
            time.sleep(FLUSH_SECONDS)
            self.flush()
        self.flush()
        self._lines.put("")  # the end
        log.join(END_SECONDS)

    def _run_log(self) -> None:
        while lines := self._lines.get():
            self._write_lines(lines)
            self._written += lines.count("\n") + 1


@lru_cache(maxsize=1)
def _moment(second: int) -> str:
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(second))


@lru_cache(maxsize=4096)
def _written(client: str) -> str:
    """An IP address, or nothing: a trusted proxy may have passed on anything."""
    try:
        return "-" if "%" in client else str(ip_address(client))  # a zone may be any text
    except ValueError:
        return "-"

"""Where answers are noted: a line in the access log, and the counters of the metrics.

A line has Apache's `vhost_common` form, with the domain that was asked for. No address stands in
it: the query is left out, and so is a path that is not ours. Nothing that a client wrote goes in as
it is, so no line can be forged.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address
from threading import Lock, Thread, main_thread
from typing import NamedTuple, TypeAlias

from autoconfig.endpoints import Endpoint
from autoconfig.metrics import Metrics

Log: TypeAlias = Callable[[str], object]
"""Takes one line, without its end."""

FLUSH_SECONDS = 0.05
MOST_ENTRIES = 4096
"""Entries that may wait; whoever adds one more writes them all."""

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"))
_VERSIONS = {"HTTP/1": "HTTP/1.0", "HTTP/1.0": "HTTP/1.0", "HTTP/1.1": "HTTP/1.1"}
"""`SERVER_PROTOCOL`, as servers write it."""


class Entry(NamedTuple):
    """An answer. `endpoint`: None for a URL that is not ours. `sent`: bytes of the body.

    `seconds`: how long it took. `port`, `client`, `method` and `protocol` as they were given.
    """

    endpoint: Endpoint | None
    domain: str | None
    offer_class: str
    status: int
    sent: int
    seconds: float
    port: str
    client: str
    method: str
    protocol: str


class Journal:
    """Notes each answer at once."""

    def __init__(self, log: Log, metrics: Metrics) -> None:
        self._log = log
        self.metrics = metrics

    def note(self, entry: Entry) -> None:
        self.write((entry,))

    def write(self, entries: Iterable[Entry]) -> None:
        moment = _moment(int(time.time()))
        for entry in entries:
            self._log(line(entry, moment))
            self.metrics.count(entry.endpoint, entry.offer_class, entry.status, entry.seconds)


class Batched(Journal):
    """Notes answers a moment later, in a thread of its own: writing a line takes as long as an
    answer, and each write would let another thread in. `log` gets many lines as one text.
    """

    def __init__(self, log: Log, metrics: Metrics) -> None:
        self._lines: list[str] = []
        super().__init__(self._lines.append, metrics)
        self._output = log
        self._entries: deque[Entry] = deque()
        self._writing = Lock()

    def start(self) -> None:
        """Begin to write, until the main thread has ended and all is written."""
        Thread(target=self._run, name="journal").start()

    def note(self, entry: Entry) -> None:
        self._entries.append(entry)
        if len(self._entries) > MOST_ENTRIES:
            self.flush()

    def flush(self) -> None:
        """Write what there is. Waits for whoever reads the log."""
        with self._writing:
            count = len(self._entries)
            if count:
                self.write(self._entries.popleft() for _ in range(count))
                self._output("\n".join(self._lines))
                self._lines.clear()

    def _run(self) -> None:
        while main_thread().is_alive():
            time.sleep(FLUSH_SECONDS)
            self.flush()
        self.flush()


def line(entry: Entry, moment: str) -> str:
    """One line of the access log. `moment`: the time, in the form of the log."""
    endpoint, domain, _, status, sent, _, port, client, method, protocol = entry
    return (
        f"{domain or '-'}:{port} {_written(client)} - - [{moment}] "
        f'"{method if method in _METHODS else "-"} {endpoint.path if endpoint else "-"} '
        f'{_VERSIONS.get(protocol, "-")}" {status} {sent}'
    )


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

"""`autoconfig serve`: the application on granian, a WSGI server whose network side is not Python.

Why granian: with a constant Flask answer and two workers on two cores it answers 18,700 requests/s,
gunicorn 9,400 with threads and 6,000 without, waitress 5,000; and a slow header, a slow reader or
an idle connection costs it a little memory and no thread. Its asynchronous interface (RSGI) was
tried: it makes two thirds of the requests/s of the WSGI one with a constant answer, and nine tenths
with ours, on uvloop.

Slow bodies remain, which RSGI could limit in time. A body is awaited in the thread that needs it,
and nothing ends that wait but the client. So there are many threads;
`BODIES` of them may wait, a POST beyond those is refused at once with 503, and everything else is
answered by the other threads. A worker that is full of bodies that never come is replaced. Behind
nginx nothing of this ever happens, since it hands on whole requests.

The configuration is loaded once, in the parent, and the workers are forked from it. SIGHUP loads it
again beside the old one, first in the parent, which tells the workers if it is good, and there it
takes the old one's place between two requests.
"""

import errno
import gc
import logging
import multiprocessing
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from select import PIPE_BUF
from typing import TYPE_CHECKING, Any, Protocol

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from autoconfig.answers.metrics import Metrics
from autoconfig.answers.refusal import report
from autoconfig.config.load import Config, load_config
from autoconfig.errors import Busy
from autoconfig.problems import ConfigurationError
from autoconfig.web import create_app
from autoconfig.wsgi.journal import BatchedJournal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HEADER_SECONDS = 10
"""The time that a client has for its request line and headers, and to stay idle."""
MAX_HEADER = 16 * 1024
"""Bytes of request line and headers together."""
CONNECTIONS = 4096
"""Connections of one worker; more wait to be accepted."""
THREADS = 512
"""Requests that one worker answers at once."""
BODIES = 384
"""Bodies that one worker waits for at once; a POST beyond them gets 503."""
BODY_SECONDS = 10
"""Bodies that take longer make a worker that is full of them be replaced."""
STOP_SECONDS = 20
"""The time that requests in flight have after SIGTERM."""
SPARE_ROWS = 8
"""Extra counter rows, for workers that are still ending while their replacements start."""
STANDARD_OUTPUT = 1
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"message": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"message": {"class": "logging.StreamHandler", "formatter": "message"}},
    "loggers": {
        "autoconfig": {"handlers": ["message"], "level": "INFO"},
        "_granian": {"handlers": ["message"], "propagate": False},
    },
}
"""Messages go to standard error; access lines to standard output, see `_write`."""

log = logging.getLogger("autoconfig")


def serve(path: Path, config: Config, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight are finished.

    `path`: of the configuration, for SIGHUP. Raises `OSError` if the address cannot be had.
    """
    address = listenable(host, port)
    application = _Application(
        path, config, BatchedJournal(_write, Metrics(workers + SPARE_ROWS)), workers
    )
    server = Granian(
        target="autoconfig",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=MAX_HEADER
        ),
        log_dictconfig=LOGGING,
        log_level=LogLevels.error,  # it warns of so many threads, which only wait
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.on_startup(application.start)
    multiprocessing.set_start_method("fork")  # workers share the configuration's memory
    _allow_connections()
    gc.freeze()  # and collecting garbage does not touch it
    server.serve(target_loader=application.start_worker, wrap_loader=False)


def hold_reloads() -> None:
    """Let SIGHUP wait until `serve` handles it; before that it would end the process."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])


def listenable(host: str, port: int) -> str:
    """The IP address of a host name, on which nobody listens yet.

    Raises `OSError` with `HOST:PORT` as its file name. Granian's own sockets would share the port
    with another server.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.create_server(address[:2], family=family) as server:
            return str(server.getsockname()[0])
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(error.errno or errno.EINVAL, reason, f"{host}:{port}") from None


class _Application:
    """The WSGI application with the configuration in force, in the parent and in every worker."""

    def __init__(self, path: Path, config: Config, journal: BatchedJournal, workers: int) -> None:
        self._path = path
        self._workers = workers
        self._journal = journal
        self._metrics = journal.metrics
        self._bodies = _Bodies()
        self._use(config)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":  # of nothing else is the body read
            environ["wsgi.input"] = _Body(environ["wsgi.input"], self._bodies)
        return self._answer(environ, start_response)

    def start(self) -> None:
        """Take over SIGHUP in the parent: Granian's own handler costs open connections."""
        signal.signal(signal.SIGHUP, self.reload)
        os.register_at_fork(before=self._metrics.give_row, after_in_child=self._metrics.take_row)
        _await_signals(self._metrics)

    def start_worker(self) -> "_Application":
        """Take over the signals in a worker, until Granian sets up its own handlers there."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: os._exit(0))
        _stay_on_processor(self._metrics.row, self._workers)
        _await_signals()
        self._journal.start()
        os.environ.clear()  # which Granian would copy into the environ of each request
        return self

    def reload(self, *_: object) -> None:
        """Handle SIGHUP: load the configuration, and hand the signal on to the workers if any."""
        try:
            self._use(load_config(self._path))
        except ConfigurationError as error:
            log.error("the configuration is not loaded, and the old one goes on:\n%s", error)
            self._metrics.load_ended(well=False)
            return
        except Exception as error:  # noqa: BLE001  # the thread that hears signals must not end
            report(error, "loading the configuration, and the old one goes on")
            self._metrics.load_ended(well=False)
            return
        self._metrics.load_ended(well=True)
        workers = multiprocessing.active_children()
        for worker in workers:
            with suppress(ProcessLookupError):  # it has just ended
                if worker.pid is not None:
                    os.kill(worker.pid, signal.SIGHUP)
        if workers:
            log.info("%s: loaded again", self._path)

    def _use(self, config: Config) -> None:
        self._answer = create_app(config, self._journal).wsgi_app


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Body:
    """A body that is awaited in turn."""

    def __init__(self, stream: _Stream, bodies: "_Bodies") -> None:
        self._stream = stream
        self._bodies = bodies

    def read(self, size: int) -> bytes:
        """Raises `Busy`."""
        since = self._bodies.since
        if len(since) >= BODIES:
            self._bodies.refuse()
        since[id(self)] = time.monotonic()
        try:
            return self._stream.read(size)
        finally:
            del since[id(self)]


class _Bodies:
    """The bodies that this worker waits for. `since`: the time at which each was asked for."""

    def __init__(self) -> None:
        self.since: dict[int, float] = {}

    def refuse(self) -> None:
        """Raises `Busy`, unless most of the bodies are overdue: then the worker ends at once."""
        overdue = time.monotonic() - BODY_SECONDS
        late = sum(since < overdue for since in [*self.since.values()])
        if late > BODIES / 2:
            log.error("%d request bodies do not come: this worker is replaced", late)
            os._exit(1)
        raise Busy


def _write(lines: str) -> None:
    """Lines of the access log; where nobody reads it any more, answers go on.

    Whole lines, in pieces that a pipe takes at once: the workers share it, and longer ones would
    mix when it is full.
    """
    data, start = f"{lines}\n".encode(), 0
    with suppress(OSError):
        while start < len(data):
            end = data.rfind(b"\n", start, start + PIPE_BUF) + 1 or len(data)
            start += os.write(STANDARD_OUTPUT, data[start:end])


def _stay_on_processor(number: int, workers: int) -> None:
    """Keep a worker on one processor, if there is a worker for each, as nginx does on request.

    Python's lock lets only one of its threads run at a time anyway. On one processor they do not
    wake each other across processors for it, which costs a quarter of the time.
    """
    if hasattr(os, "sched_getaffinity"):  # on Linux
        processors = sorted(os.sched_getaffinity(0))
        if workers >= len(processors):
            with suppress(OSError):  # a sandbox may forbid it
                os.sched_setaffinity(0, {processors[number % len(processors)]})


def _await_signals(metrics: Metrics | None = None) -> None:
    """Run the handlers of signals in a thread of their own, where they cannot be missed.

    The kernel may hand a signal to a thread of Granian's which is not Python's; the main thread,
    which runs Python's handlers, then sleeps on until the next one. `metrics`: those of a server
    that stops with this process.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # as every thread from now on inherits it
    threading.Thread(target=_handle_signals, args=[metrics], daemon=True).start()


def _handle_signals(metrics: Metrics | None) -> None:
    while True:
        number = signal.sigwait(SIGNALS)
        if metrics and number != signal.SIGHUP:
            metrics.stop()
        handler = signal.getsignal(number)
        if callable(handler):
            handler(number, None)


def _allow_connections() -> None:
    """As many open files as this user may have: the usual 1,024 are fewer than `CONNECTIONS`."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

"""The application as a process of the server runs it, with the configuration in force."""

import logging
import multiprocessing
import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from autoconfig.answers.refusal import report
from autoconfig.config.load import Config, load_config
from autoconfig.problems import ConfigurationError
from autoconfig.serve.bodies import Bodies, Body
from autoconfig.serve.processors import stay_on_processor
from autoconfig.serve.signals import await_signals
from autoconfig.web import create_app
from autoconfig.wsgi.journal import BatchedJournal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("autoconfig")


class Application:
    """The WSGI application with the configuration in force, in the parent and in every worker."""

    def __init__(self, path: Path, config: Config, journal: BatchedJournal, workers: int) -> None:
        self._path = path
        self._workers = workers
        self._journal = journal
        self._metrics = journal.metrics
        self._bodies = Bodies()
        self._use(config)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":  # of nothing else is the body read
            environ["wsgi.input"] = Body(environ["wsgi.input"], self._bodies)
        return self._answer(environ, start_response)

    def start(self) -> None:
        """Take over SIGHUP in the parent: Granian's own handler costs open connections."""
        signal.signal(signal.SIGHUP, self.reload)
        os.register_at_fork(before=self._metrics.give_row, after_in_child=self._metrics.take_row)
        await_signals(self._metrics)

    def start_worker(self) -> "Application":
        """Take over the signals in a worker, until Granian sets up its own handlers there."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: os._exit(0))
        stay_on_processor(self._metrics.row, self._workers)
        await_signals()
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

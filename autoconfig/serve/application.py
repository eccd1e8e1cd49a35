"""The application as a process of the server runs it, with the configuration in force."""

import logging
import os
import signal
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from autoconfig.answers.refusal import report
from autoconfig.config.load import Config
from autoconfig.detect.findings import Findings
from autoconfig.documents.render import Renderings
from autoconfig.serve import snapshot
from autoconfig.serve.bodies import Bodies, Body
from autoconfig.serve.children import Children
from autoconfig.serve.connections import Watch
from autoconfig.serve.limits import CONNECTIONS
from autoconfig.serve.loading import load
from autoconfig.serve.processors import stay_on_processor
from autoconfig.serve.signals import RELOADING, STOPPING, hear
from autoconfig.web import create_app
from autoconfig.wsgi.journal import BatchedJournal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("autoconfig")


class Application:
    """The WSGI application with the configuration in force, in the parent and in every worker."""

    def __init__(
        self,
        path: Path,
        config: Config,
        journal: BatchedJournal,
        workers: int,
        connections: int = CONNECTIONS,
    ) -> None:
        """`connections`: how many a worker may have."""
        self._path = path
        self._workers = workers
        self._journal = journal
        self._metrics = journal.metrics
        self.bodies = Bodies()
        self.findings = Findings()
        self._connections = connections
        self._children = Children()
        self._use(config, Renderings())

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":  # of nothing else is the body read
            environ["wsgi.input"] = Body(environ["wsgi.input"], self.bodies)
        return self._answer(environ, start_response)

    def start(self) -> None:
        """Take over SIGHUP in the parent: Granian's own handler costs open connections."""
        signal.signal(signal.SIGHUP, self.reload)
        self._metrics.text()  # imports what it needs before it may be another version
        os.register_at_fork(before=self._metrics.give_row, after_in_child=self._metrics.take_row)
        self._children.watch_forks()
        hear(STOPPING, before=self._metrics.stop)
        hear(RELOADING)

    def start_worker(self) -> "Application":
        """Take over the signals in a worker, until Granian sets up its own handlers there."""
        for number in STOPPING:
            signal.signal(number, lambda *_: os._exit(0))
        stay_on_processor(self._metrics.row, self._workers)
        hear(STOPPING)
        threading.Thread(
            target=self._children.end_with_parent, args=[self._take], daemon=True
        ).start()
        self._journal.start()
        Watch(self._connections, self._workers, self.bodies.are_too_many).start()
        os.environ.clear()  # which Granian would copy into the environ of each request
        return self

    def reload(self, *_: object) -> None:
        """Handle SIGHUP: load the configuration, and have every process take it if it is good."""
        well = False
        try:
            with snapshot.anonymous_file() as file:
                if load(self._path, file, self._children):
                    self._take(file.fileno())
                    self._children.hand_over(file)
                    well = True
        except Exception as error:  # noqa: BLE001  # the thread that hears signals must not end
            report(error, "taking a configuration, and the old one goes on")
        self._metrics.load_ended(well=well)
        if well:
            log.info("%s: loaded again", self._path)

    def _take(self, descriptor: int) -> None:
        self._use(*snapshot.read(descriptor))

    def _use(self, config: Config, renderings: Renderings) -> None:
        app = create_app(config, self._journal, renderings, self.findings)
        self._answer = app.wsgi_app
        del app.wsgi_app  # else the two refer to each other, and no old configuration is freed

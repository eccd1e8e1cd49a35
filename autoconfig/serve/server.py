"""The server: granian with its settings, and the address that it listens on."""

import errno
import gc
import multiprocessing
import socket
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from autoconfig.answers.metrics import Metrics
from autoconfig.config.load import Config
from autoconfig.serve.access_log import write_lines
from autoconfig.serve.application import Application
from autoconfig.serve.connections import allow_connections
from autoconfig.serve.limits import HEADER_SECONDS, MAX_HEADER, SPARE_ROWS, STOP_SECONDS
from autoconfig.serve.systemd import say_ready
from autoconfig.serve.threads import share
from autoconfig.serve.workers import Server
from autoconfig.wsgi.journal import BatchedJournal

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
"""Messages go to standard error; access lines to standard output, see `write_lines`."""


def serve(path: Path, config: Config, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight are finished.

    `path`: of the configuration, for SIGHUP. Raises `OSError` if the address cannot be had.
    """
    address = listenable(host, port)
    threads, connections = share(workers), allow_connections(workers)
    journal = BatchedJournal(write_lines, Metrics(workers + SPARE_ROWS))
    application = Application(path, config, journal, workers, connections)
    server = Server(
        application,
        threads,
        target="autoconfig",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        backpressure=connections,
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
    server.on_startup(say_ready)
    multiprocessing.set_start_method("fork")  # workers share the configuration's memory
    gc.freeze()  # and collecting garbage does not touch it
    server.serve(target_loader=application.start_worker, wrap_loader=False)


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

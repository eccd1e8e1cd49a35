"""`autoconfig serve`."""

import os
from importlib.util import find_spec
from pathlib import Path

import click

from autoconfig.cli.options import config_option, load, path_of_config
from autoconfig.cli.output import say, summary
from autoconfig.problems import ConfigurationError, Problem

INSTEAD = (
    "every other command works here. Run it on Linux, or bring a WSGI server of your own, such as "
    "waitress: waitress-serve --listen=127.0.0.1:8000 --call autoconfig.web:create_app"
)
"""What to do where the server of ours does not run."""


def _processors() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _require_server() -> None:
    """Raise `ConfigurationError` where the server cannot run, whatever the configuration says."""
    if not hasattr(os, "fork"):  # Windows
        missing = "processes that fork, as its workers do"
    elif find_spec("granian") is None:
        missing = "granian, which has no wheel for every machine"
    else:
        return
    raise ConfigurationError([Problem("serve", f"this system lacks {missing}; {INSTEAD}")])


@click.command()
@config_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=_processors,
    show_default="one for each processor",
    type=click.IntRange(1, 256),
    help="Processes.",
)
def serve(config_file: Path | None, host: str, port: int, workers: int) -> None:
    """Answer mail clients, until SIGTERM or Ctrl-C."""
    _require_server()
    # The only command that needs Flask and a server: the others start in half the time without.
    from autoconfig.serve import messages, server, signals  # noqa: PLC0415  # as said above

    signals.hold_reloads()
    messages.use_standard_streams()
    path, config = path_of_config(config_file), load(config_file, signs=True)
    address = server.listenable(host, port)
    written = f"[{address}]" if ":" in address else host
    say(f"{path}: {summary(config)}; http://{written}:{port}")
    server.serve(path, config, address, port, workers)

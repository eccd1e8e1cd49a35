"""Loading a new configuration in a process of its own, beside the server.

Whatever goes wrong there, or never ends, costs the server nothing: it hears signals, and has the
templates, the memory and the configuration that it had.
"""

import errno
import logging
import os
import signal
import threading
from pathlib import Path
from typing import IO, NoReturn

from autoconfig.answers.refusal import report
from autoconfig.config.load import load_config
from autoconfig.documents.render import Renderings, forget_templates
from autoconfig.problems import ConfigurationError
from autoconfig.serve.children import Children
from autoconfig.serve.limits import LOAD_SECONDS
from autoconfig.serve.snapshot import write
from autoconfig.web import create_app

log = logging.getLogger("autoconfig")
REFUSED = "the configuration is not loaded, and the old one goes on"


def load(path: Path, file: IO[bytes], children: Children) -> bool:
    """Whether the configuration is good, and now in the file; if not, a message has said why."""
    pid = os.fork()
    if pid == 0:
        _load_and_exit(path, file, children)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        log.error("%s: loading it was ended by %s", REFUSED, signal.Signals(-code).name)
    return code == 0


def _load_and_exit(path: Path, file: IO[bytes], children: Children) -> NoReturn:
    code = 1
    try:
        threading.Thread(target=children.end_with_parent, args=[_take_nothing], daemon=True).start()
        signal.signal(signal.SIGALRM, _give_up)
        signal.setitimer(signal.ITIMER_REAL, LOAD_SECONDS, LOAD_SECONDS)
        # CPython 3.13 hears that in a wait alone, if a thread has forked: the kernel ends the rest.
        signal.setitimer(signal.ITIMER_PROF, LOAD_SECONDS + 1)
        forget_templates()
        config, renderings = load_config(path), Renderings()
        create_app(config, renderings=renderings)
        write((config, renderings), file)
        code = 0
    except ConfigurationError as error:
        log.error("%s:\n%s", REFUSED, error)
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is refused and said
        report(error, f"loading a configuration: {REFUSED}")
    finally:
        os._exit(code)


def _take_nothing(descriptor: int) -> None:
    """Nothing is handed over while a configuration is loaded."""


def _give_up(*_: object) -> NoReturn:
    """End the wait for a file, or whatever else does not end."""
    raise TimeoutError(errno.ETIMEDOUT, f"it does not come in {LOAD_SECONDS} seconds")

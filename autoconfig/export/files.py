"""The documents as files: a file's path is its URL without the scheme, its bytes are the server's.

A file is written beside its place and then moved there, so a run that is interrupted leaves whole
files only; what a kind of web space has of its own (`webspace`) comes last, data before what reads
them.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from autoconfig.answers.endpoints import ENDPOINTS
from autoconfig.config.served import Served
from autoconfig.documents.render import Renderings
from autoconfig.export.webspace import MARK, TARGETS
from autoconfig.problems import ConfigurationError, Problem

_TOP = 1024  # bytes, of which the mark is in the first 200


def export(
    folder: Path, served: Served, target: str = "plain", base_url: str | None = None
) -> Iterator[tuple[Path, ...]]:
    """Write every file of every domain, then the target's own; yields the paths of each step.

    `target`: one of `TARGETS`. Raises `OSError`, and `ConfigurationError` if a file of somebody
    else, such as the `.htaccess` of a site, would be overwritten.
    """
    renderings = Renderings()
    own_files = TARGETS[target].own_files(served, renderings, base_url)
    _refuse_foreign(folder / name for name in own_files)
    endpoints = [endpoint for endpoint in ENDPOINTS if endpoint.file_host]
    for domain, service in served.domains.items():
        documents = renderings.of(service)
        written = []
        for endpoint in endpoints:
            file = endpoint.file(domain)
            if file is not None and endpoint.format is not None:
                written.append(folder / file)
                _write(written[-1], documents[endpoint.format].fill(domain))
        yield tuple(written)
    for name, text in own_files.items():
        _write(folder / name, text.encode())
    if own_files:
        yield tuple(folder / name for name in own_files)


def _refuse_foreign(paths: Iterable[Path]) -> None:
    message = "belongs to a site of its own: give another folder, or remove it"
    problems = []
    for path in paths:
        with suppress(FileNotFoundError), path.open("rb") as file:
            if MARK.encode() not in file.read(_TOP):
                problems.append(Problem(str(path), message))
    if problems:
        raise ConfigurationError(problems)


def _write(path: Path, content: bytes) -> None:
    """Put the file in its place when it is whole. Its mode is what the umask leaves of 0666.

    The name beside it is one that nobody can guess and lay a link under.
    """
    folder, name = os.path.split(path)  # not pathlib's: these lines are what an export takes
    os.makedirs(folder, exist_ok=True)
    unfinished = os.path.join(folder, f".{name}.{os.urandom(8).hex()}")
    try:
        with open(unfinished, "xb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except BaseException as error:  # Ctrl-C leaves no unfinished file either
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None
        raise

"""The documents as files: a file's path is its URL without the scheme, its bytes are the server's.

Every document is rendered before the first file is written. A file is written beside its place and
then moved there, so an interrupted run leaves whole files only. A target's own files come last, the
data before the program that reads them.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from autoconfig.answers.endpoints import Endpoint
from autoconfig.config.served import Served
from autoconfig.documents.document import Document
from autoconfig.documents.formats import Format
from autoconfig.documents.render import Renderings
from autoconfig.export.apache import APACHE
from autoconfig.export.nginx import NGINX
from autoconfig.export.plain import PLAIN
from autoconfig.export.rules import file_endpoints
from autoconfig.export.target import OWNER_MARK, Target
from autoconfig.names import Domain
from autoconfig.problems import ConfigurationError, Problem

TARGETS: Mapping[str, Target] = {"plain": PLAIN, "apache": APACHE, "nginx": NGINX}
"""The kinds of web space, by the names that `export --for` takes."""

_TOP = 1024  # bytes, of which the mark is in the first 200


def export(
    folder: Path, served: Served, target: str = "plain", base_url: str | None = None
) -> Iterator[tuple[Path, ...]]:
    """Write every file of every domain, then the target's own; yields the paths of each step.

    `target`: one of `TARGETS`. Raises `OSError`; `ConfigurationError` if a file of somebody else,
    such as the `.htaccess` of a site, would be overwritten; `jinja2.TemplateError`.
    """
    renderings = Renderings()
    for service in served.services():  # a broken template is found before anything is written
        renderings.of(service)
    own_files = TARGETS[target].own_files(served, renderings, base_url)
    _refuse_foreign(folder / name for name in own_files)
    files = file_endpoints()
    for domain, service in served.domains.items():
        contents = dict(_contents(domain, renderings.of(service), files))
        for file, content in contents.items():
            _write(folder / file, content)
        yield tuple(folder / file for file in contents)
    for name, text in own_files.items():
        _write(folder / name, text.encode())
    if own_files:
        yield tuple(folder / name for name in own_files)


def _refuse_foreign(paths: Iterable[Path]) -> None:
    message = "belongs to a site of its own: give another folder, or remove it"
    problems = []
    for path in paths:
        with suppress(FileNotFoundError), path.open("rb") as file:
            if OWNER_MARK.encode() not in file.read(_TOP):
                problems.append(Problem(str(path), message))
    if problems:
        raise ConfigurationError(problems)


def _contents(
    domain: Domain, documents: Mapping[str, Document], files: Iterable[tuple[Endpoint, Format]]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    for endpoint, format in files:
        file, document = endpoint.file(domain), documents.get(format.name)
        if file is not None and document is not None:
            yield file, document.fill(domain)


def _write(path: Path, content: bytes) -> None:
    """Put the file in its place when it is whole.

    The mode follows the umask. The temporary name is random, so nobody can plant a symbolic link
    there.
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

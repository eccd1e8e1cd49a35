"""The documents as files: a file's path is its URL without the scheme, its bytes are the server's.

A folder holds one configuration, that of the last export. Every document is rendered before the
first file is written. The list of the folder's files (`manifest`) comes before the files, a web
space's own files after the documents, the data before the program that reads them; what earlier
exports wrote goes last. So an interrupted run leaves whole files, and the next one mends the rest.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from autoconfig.config.served import Served
from autoconfig.config.written import configuration
from autoconfig.documents.document import Document
from autoconfig.documents.render import Renderings
from autoconfig.export import manifest
from autoconfig.export.apache import APACHE
from autoconfig.export.leftovers import Leftovers, has_mark, left_by, some, unlisted
from autoconfig.export.manifest import Digests, Manifest, digest, held, joined
from autoconfig.export.nginx import NGINX
from autoconfig.export.plain import PLAIN
from autoconfig.export.rules import file_endpoints
from autoconfig.export.target import Target
from autoconfig.export.whole import write_whole
from autoconfig.names import Domain
from autoconfig.problems import ConfigurationError, Problem

TARGETS: Mapping[str, Target] = {"plain": PLAIN, "apache": APACHE, "nginx": NGINX}
"""The kinds of web space, by the names that `export --for` takes."""


class HoldsMore(ConfigurationError):
    """The folder has names that are not to be written. `configuration`: one with all, in TOML."""

    def __init__(self, problem: Problem, configuration: str) -> None:
        self.configuration = configuration
        super().__init__([problem])


def export(
    folder: Path,
    served: Served,
    target: str = "plain",
    base_url: str | None = None,
    *,
    instead: bool = True,
    say: Callable[[str], object] = lambda sentence: None,
) -> Iterator[tuple[Path, ...]]:
    """Bring the folder to these names; yields the paths that each step has written.

    `target`: one of `TARGETS`. `instead`: whether other names that the folder has may go. `say` is
    told what is to be removed, and what stays beside these names, before anything is written.
    Raises `OSError`; `HoldsMore`; `ConfigurationError` if a file of somebody else, such as the
    `.htaccess` of a site, would be overwritten, or if the list is damaged; `jinja2.TemplateError`.
    """
    files = _Files.of(served, target, base_url)
    os.makedirs(folder, exist_ok=True)
    with _alone_in(folder):
        _refuse_foreign(folder / name for name in files.own)
        before = manifest.read(folder)
        now = files.manifest(base_url)
        if before:
            left = left_by(before, folder, files.paths, files.own)
        else:
            left = unlisted(folder, files.paths, files.own)
        if not instead:
            _refuse_more(folder, now, before, left)
        for sentence in left.sentences():
            say(sentence)
        manifest.write(folder, now.beside(before or now))
        yield from files.write(folder)
        left.remove(folder)
        manifest.write(folder, now.with_changed(before, left.changed) if before else now)


def tree(
    served: Served, target: str = "plain", base_url: str | None = None
) -> Iterator[tuple[str, bytes]]:
    """What `export` brings an empty folder to: each path below it, and the file's content.

    Nothing touches the disk. The order is that of writing, the list of the files first. Raises
    `jinja2.TemplateError`, before the first.
    """
    files = _Files.of(served, target, base_url)
    yield manifest.NAME, manifest.content(files.manifest(base_url))
    for step in files.steps():
        yield from step


@dataclass(frozen=True, slots=True)
class _Files:
    """The files that an export writes: those of each domain, and the web space's own."""

    served: Served
    renderings: Renderings
    own: Mapping[str, bytes]

    @classmethod
    def of(cls, served: Served, target: str, base_url: str | None) -> "_Files":
        """Those of a configuration, every document rendered. Raises `jinja2.TemplateError`."""
        renderings = Renderings(codes=False)  # PHP draws none
        for service in served.services():
            renderings.of(service)
        own = TARGETS[target].own_files(served, renderings, base_url)
        return cls(served, renderings, {name: text.encode() for name, text in own.items()})

    def documents(self, domain: Domain) -> Iterator[tuple[str, Document]]:
        """The documents of a domain, by path."""
        found = self.renderings.of(self.served.domains[domain])
        for endpoint, format in file_endpoints():
            if format.name in found:
                yield str(endpoint.file(domain)), found[format.name]

    def paths(self, domain: Domain) -> set[str]:
        """The paths of a domain; none of one that is not served."""
        return {p for p, _ in self.documents(domain)} if domain in self.served.domains else set()

    def manifest(self, base_url: str | None) -> Manifest:
        """The list of the whole tree."""
        digests = {
            domain: tuple(
                dict.fromkeys(digest(each.fill(domain)) for each in self._distinct(domain))
            )
            for domain in self.served.domains
        }
        own: dict[str, Digests] = {name: (digest(each),) for name, each in self.own.items()}
        return Manifest(held(self.served, digests), own, base_url)

    def _distinct(self, domain: Domain) -> Iterable[Document]:
        return {id(document): document for _, document in self.documents(domain)}.values()

    def steps(self) -> Iterator[Iterable[tuple[str, bytes]]]:
        """Paths and contents in the order of writing: a step a domain, then the web space's own."""
        for domain in self.served.domains:
            yield ((path, document.fill(domain)) for path, document in self.documents(domain))
        if self.own:
            yield self.own.items()

    def write(self, folder: Path) -> Iterator[tuple[Path, ...]]:
        for step in self.steps():
            paths = []
            for path, content in step:
                paths.append(folder / path)
                os.makedirs(paths[-1].parent, exist_ok=True)
                write_whole(paths[-1], content)
            yield tuple(paths)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other export is in the folder, and keep others out until the end.

    Windows can lock no folder. Two exports at a time still leave whole files there.
    """
    try:
        import fcntl  # noqa: PLC0415  # Windows has none
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system has locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _refuse_foreign(paths: Iterable[Path]) -> None:
    message = "belongs to a site of its own: give another folder, or remove it"
    foreign = [path for path in paths if os.path.lexists(path) and not has_mark(path)]
    if foreign:
        raise ConfigurationError(Problem(str(path), message) for path in foreign)


def _refuse_more(folder: Path, now: Manifest, before: Manifest | None, left: Leftovers) -> None:
    """Raise `HoldsMore` if the folder's configuration has more than this one."""
    more = before.besides(now) if before else ()
    names = [
        *left.unlisted,
        *(
            f"`protocols` of {name}" if name in now.written() else name
            for each in more
            for name in (*each.domains, *each.addresses)
        ),
    ]
    base_url = before.base_url if before else None
    if names or base_url:
        message = (
            f"holds {some(names) if names else f'the base_url {base_url}'} too, which this export "
            "would drop. A folder holds one configuration: write all of it into autoconfig.toml, "
            "and export with --config; or give another folder"
        )
        services = joined((*more, *now.services))
        text = configuration((each.table for each in services), base_url)
        raise HoldsMore(Problem(str(folder), message), text)

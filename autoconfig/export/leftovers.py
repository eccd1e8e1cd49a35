"""Files of earlier exports that the folder is not to have any more: found, said, removed.

A file goes if it is at a place where an export writes, byte for byte as one wrote it there, and
reached through no symbolic link. Everything else stays, and is said if it is at such a place.
"""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autoconfig.export.manifest import NAME, Digests, Manifest, hasher, places
from autoconfig.export.target import OWNER_MARK
from autoconfig.export.whole import unfinished
from autoconfig.names import HOST_NAME, Domain

Written = Callable[[Domain], Collection[str]]
"""The paths that the export to be made writes for a domain, below the folder."""

_OWN_NAME = re.compile(r"\.?[a-z][a-z0-9.-]*")
_TOP = 1024  # bytes of a file, in the first 200 of which the mark stands
_SAID = 10


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Paths below the folder. `ours`: to be removed, in this order. `changed`: not as they were
    written, or reached through a symbolic link. `unlisted`: of an export that kept no list.
    `absent`: gone already, though their directories may be left. `broken`: pieces of files, which
    killed runs have left.
    """

    ours: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    def sentences(self) -> Iterator[str]:
        """The plan, for the person whose files these are."""
        if self.ours:
            yield (
                "Removing what an earlier export wrote and this one does not: "
                f"{some(self.ours)}. To have it back, export the earlier configuration again."
            )
        if self.changed:
            yield f"Left alone, as it is not what an export wrote there: {some(self.changed)}."
        if self.unlisted:
            yield (
                f"Left alone, as no {NAME} says that an export wrote it: {some(self.unlisted)}. "
                "If one did, remove it."
            )

    def remove(self, folder: Path) -> None:
        """Remove what is ours, and the directories that are empty then. Raises `OSError`."""
        for path in (*self.broken, *self.ours):
            with suppress(FileNotFoundError):
                os.unlink(folder / path)
        root = os.path.realpath(folder)
        for path in (*self.ours, *self.absent):
            _remove_empty(root, os.path.dirname(path))


def some(paths: Sequence[str]) -> str:
    """The first paths, and the number of the others."""
    more = f" and {len(paths) - _SAID} more" if len(paths) > _SAID else ""
    return ", ".join(paths[:_SAID]) + more


def _remove_empty(root: str, directory: str) -> None:
    while directory and _is_reached_plainly(root, directory):
        try:
            os.rmdir(os.path.join(root, directory))
        except FileNotFoundError:
            pass  # a run was killed between two directories
        except OSError:  # it is not empty
            return
        directory = os.path.dirname(directory)


def _is_reached_plainly(root: str, path: str) -> bool:
    whole = os.path.normpath(os.path.join(root, path))  # with the system's own separators
    return os.path.realpath(whole) == whole


def left_by(before: Manifest, folder: Path, written: Written, own: Collection[str]) -> Leftovers:
    """What the export that kept the list has left. `own`: the web space's files to be written."""
    root = os.path.realpath(folder)
    found: dict[str, list[str]] = {"ours": [], "changed": [], "absent": []}
    for path, digests in _candidates(before, written, own):
        found[_state(root, path, digests)].append(path)
    pieces = [*unfinished(root, NAME), *([] if before.finished else _pieces(root, before))]
    return Leftovers(
        **{state: tuple(paths) for state, paths in found.items()}, broken=tuple(pieces)
    )


def _candidates(
    before: Manifest, written: Written, own: Collection[str]
) -> Iterator[tuple[str, Digests]]:
    """The rules before the program, and that before its data: the other way round than written."""
    for name in reversed(before.own):
        if name not in own and _OWN_NAME.fullmatch(name):
            yield name, before.own[name]
    for domain, digests in before.written().items():
        new = written(domain)
        yield from ((path, digests) for path in places(domain) if path not in new)


def _state(root: str, path: str, digests: Digests) -> str:
    whole = os.path.join(root, path)
    if not os.path.lexists(whole):
        return "absent"
    plain = _is_reached_plainly(root, path) and stat.S_ISREG(os.lstat(whole).st_mode)
    if not plain or ("/" not in path and not has_mark(whole)):
        return "changed"
    with open(whole, "rb") as file:
        return "ours" if hashlib.file_digest(file, hasher).hexdigest() in digests else "changed"


def has_mark(path: str | Path) -> bool:
    """Whether it is one of a web space's own files, as an export writes them."""
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return OWNER_MARK.encode() in file.read(_TOP)


def _pieces(root: str, before: Manifest) -> Iterator[str]:
    paths = (path for domain in before.written() for path in places(domain))
    for path in (*(name for name in before.own if _OWN_NAME.fullmatch(name)), *paths):
        directory, name = os.path.split(path)
        if _is_reached_plainly(root, directory):
            yield from unfinished(os.path.join(root, directory), name)


def unlisted(folder: Path, written: Written, own: Collection[str]) -> Leftovers:
    """What an export that kept no list may have left."""
    root = os.path.realpath(folder)
    found: dict[str, None] = {}
    with os.scandir(root) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            found |= dict.fromkeys(_unlisted(root, entry, written, own))
    return Leftovers(unlisted=tuple(found), broken=tuple(unfinished(root, NAME)))


def _unlisted(
    root: str, entry: "os.DirEntry[str]", written: Written, own: Collection[str]
) -> Iterator[str]:
    if not entry.is_dir(follow_symlinks=False):
        with suppress(PermissionError):  # somebody else's
            if _OWN_NAME.fullmatch(entry.name) and entry.name not in own and has_mark(entry.path):
                yield entry.name
        return
    names = (entry.name, entry.name.partition(".")[2])
    domains = [Domain(name) for name in names if HOST_NAME.fullmatch(name)]
    new = {path for domain in domains for path in written(domain)}
    for domain in domains:
        for path in places(domain):
            if path not in new and os.path.isfile(os.path.join(root, path)):
                yield path

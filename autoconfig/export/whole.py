"""A file is whole or absent: it is written beside its place, and then moved there."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path


def write_whole(
    path: str | Path,
    content: bytes,
    mode: int = 0o666,
    move: Callable[[str, str | Path], None] = os.replace,
) -> None:
    """Put the file in its place when it is whole. Raises `OSError` with the path as its file name.

    `mode`: less the umask. `move`: how it comes to its place. A symbolic link there is replaced,
    and not followed. The temporary name is random, so nobody can plant a symbolic link there, and
    two writers do not meet. A process that is killed leaves no more than that file: see
    `unfinished`.
    """
    folder, name = os.path.split(path)  # not pathlib's: these lines are what an export takes
    new = os.path.join(folder, f".{name}.{os.urandom(8).hex()}")
    try:
        with open(new, "xb", opener=lambda file, flags: os.open(file, flags, mode)) as file:
            file.write(content)
        move(new, path)
    except BaseException as error:  # Ctrl-C leaves no unfinished file either
        with suppress(FileNotFoundError):
            os.unlink(new)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None
        raise


def move_to_free_place(file: str, path: str | Path) -> None:
    """Move a file to where none is. Raises `FileExistsError`, also for a symbolic link."""
    os.link(file, path)
    os.unlink(file)


def unfinished(folder: str, name: str) -> Iterator[str]:
    """The files that killed processes have left beside a place, by their paths."""
    left = re.compile(rf"\.{re.escape(name)}\.[0-9a-f]{{16}}")
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        yield from [each.path for each in entries if left.fullmatch(each.name)]

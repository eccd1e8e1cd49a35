"""Output of commands: results go to standard output, messages to standard error."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from autoconfig.export.whole import write_whole

if TYPE_CHECKING:
    from autoconfig.config.load import Config


def put(result: str | bytes, file: Path | None = None) -> None:
    """Write a result to a file, or to standard output (also for `-`); text as a line of its own.

    The file has all of it or stays as it was. Raises `OSError`.
    """
    content = result if isinstance(result, bytes) else f"{result}\n".encode()
    if file is not None and file != Path("-"):
        _put_into(file, content)
        return
    if sys.stdout is None:  # closed, where `echo` would write nothing and say nothing
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    try:
        click.echo(_shown(result) if sys.stdout.isatty() else content, nl=False)
    except OSError as error:
        _give_up(sys.stdout)
        error.filename = "standard output"
        raise


def _shown(result: str | bytes) -> str | bytes:
    """The result as the terminal has characters for it; a file or a pipe has UTF-8 anywhere."""
    if isinstance(result, bytes):
        return result
    encoding = sys.stdout.encoding
    return f"{result}\n".encode(encoding, "backslashreplace").decode(encoding)


def _put_into(file: Path, content: bytes) -> None:
    """A device or a pipe is written into; a symbolic link is followed, and a mode kept."""
    mode = stat.S_IFREG | 0o666
    try:
        with suppress(FileNotFoundError):
            mode = file.stat().st_mode  # not `exists`, to which links in a circle are nothing
        if stat.S_ISREG(mode):
            write_whole(file.resolve(), content, stat.S_IMODE(mode) & 0o777)
        else:
            file.write_bytes(content)
    except OSError as error:
        error.filename = str(file)
        raise


def say(text: str) -> None:
    """Write a message to standard error. Where it cannot be written, the exit code has to do."""
    try:
        click.echo(text, err=True)
    except OSError:
        _give_up(sys.stderr)


def say_asking(
    servers: Iterable[object], domains: int, *, quiet: bool = False
) -> tuple[str, datetime]:
    """Say which name servers are asked about how many domains, and when. It gives both back."""
    asked, now = ", ".join(map(str, servers)), datetime.now(UTC)
    if not quiet:
        say(f"Asking {asked} about {counted(domains, 'domain')}, {now:%Y-%m-%d %H:%M:%S} UTC")
    return asked, now


@contextmanager
def progress(count: int, label: str) -> Iterator[Callable[[int], object]]:
    """A bar where a person looks on. It gives what is to be called with each number of steps."""
    if not _looks_on():
        yield lambda steps: None
        return
    with click.progressbar(length=count, label=label, file=sys.stderr) as bar:
        yield bar.update


def _looks_on() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _give_up(stream: TextIO) -> None:
    """Write no more: Python flushes when it ends, and would report a second failure."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 file", "2 files"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def summary(config: "Config") -> str:
    """The numbers of services, domains and addresses in a configuration."""
    domains, mailboxes = len(config.served.domains), len(config.served.mailboxes)
    parts = [counted(config.services, "service"), counted(domains, "domain")]
    if mailboxes:
        parts.append(counted(mailboxes, "address", "addresses"))
    if config.detect:
        parts.append("and others as their DNS tells")
    return ", ".join(parts)

"""The journal of what is written into zones: by it `autoconfig dns --undo` finds the way back.

A line of JSON each: how a zone was, what is about to be written, that it is done. A line is on
the disk before the call that it tells of, so the journal knows of everything that may have been
done, whenever the program or the machine stops.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from autoconfig.account.zones import Held, Stored
from autoconfig.names import Domain
from autoconfig.problems import ConfigurationError, Problem

PATTERN = "*.jsonl"
"""The names of journals, also of those that a person has named."""


class Line(msgspec.Struct, frozen=True, tag_field="line", tag=str.lower, omit_defaults=True):
    """A line of a journal; its kind stands in `line`."""

    zone: Domain


class Was(Line, frozen=True):
    """How a zone was before: the text that OVHcloud exports, for people."""

    text: str


class Write(Line, frozen=True):
    """A record is about to come (`new`), to go (`old`), or to change (both).

    `id`: of the old record. `number`: counts the writes of the journal.
    """

    number: int
    old: Stored | None = None
    new: Stored | None = None
    id: int = 0


class Done(Line, frozen=True):
    """A write has been done. `id`: of the new record, 0 where the API did not say it."""

    number: int
    id: int = 0


class Refresh(Line, frozen=True):
    """The zone is about to be served as it is now."""


class Refreshed(Line, frozen=True):
    """It is."""


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Was | Write | Done | Refresh | Refreshed)


class Journal:
    """A journal that is being written. Raises `OSError`, for a file that exists already, too.

    Nobody else may read it: a zone's text has records that no name server tells to strangers. A
    journal without a line is removed again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writes = self._lines = 0
        self._file: BinaryIO = open(  # noqa: SIM115  # open for as long as the journal is
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600), "wb"
        )
        _settle(path.parent)

    def note(self, line: Line) -> None:
        """Have a line on the disk."""
        self._lines += 1
        self._file.write(_ENCODER.encode(line) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def intend(self, zone: Domain, old: Held | None, new: Stored | None) -> int:
        """Note a write before it is done. Gives its number."""
        self._writes += 1
        gone, number = (old.stored, old.id) if old else (None, 0)
        self.note(Write(zone, self._writes, gone, new, number))
        return self._writes

    @property
    def tells(self) -> bool:
        """Whether it tells of a write."""
        return self._writes > 0

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
        if not self._lines:
            self.path.unlink()


def _settle(folder: Path) -> None:
    """Have the name of a new file on the disk, too; Windows opens no folder, and has it there."""
    try:
        number = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(number)
    finally:
        os.close(number)


def read_journal(path: Path) -> tuple[Line, ...]:
    """The lines of a journal. A last line that was cut off is left out: its call never was.

    Raises `ConfigurationError` for a file that is no journal, `OSError`.
    """
    try:
        with path.open("rb") as file:  # which is read no further than it is a journal
            return tuple(_DECODER.decode(line) for line in file if line.endswith(b"\n"))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        message = "is no journal of `autoconfig dns --apply`: give the file that it named"
        raise ConfigurationError([Problem(str(path), message)]) from None


def unserved(lines: Iterable[Line]) -> set[Domain]:
    """The zones that were written into, and not refreshed since."""
    zones: set[Domain] = set()
    for line in lines:
        match line:
            case Write():
                zones.add(line.zone)
            case Refreshed():
                zones.discard(line.zone)
    return zones


def left_behind(folder: Path) -> set[Domain]:
    """The zones that earlier runs wrote into and did not refresh, as journals in a folder say."""
    lines: list[Line] = []
    for path in sorted(folder.glob(PATTERN), key=_last_written):
        with suppress(ConfigurationError, OSError):  # somebody's own file
            lines.extend(read_journal(path))
    return unserved(lines)


def _last_written(path: Path) -> tuple[int, str]:
    return path.lstat().st_mtime_ns, path.name

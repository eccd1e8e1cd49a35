"""The journal of what is written into zones."""

import os
from pathlib import Path

import pytest

from autoconfig.account.journal import (
    Done,
    Journal,
    Line,
    Refresh,
    Refreshed,
    Was,
    Write,
    left_behind,
    read_journal,
    unserved,
)
from autoconfig.account.zones import Held, Stored
from autoconfig.names import Domain
from autoconfig.problems import ConfigurationError
from autoconfig.zone.record import Record

ZONE = Domain("example.fr")
OTHER = Domain("example.com")
OLD = Held(
    9_007_199_254_740_993,  # more than a float can tell
    Stored("autoconfig", "CNAME", "mail.example.net.", 600),
    Record("autoconfig.example.fr.", "CNAME", "mail.example.net.", 600),
)
NEW = Stored("autoconfig", "CNAME", "café\n.example.net.")
LINES = (
    Was(ZONE, "$TTL 3600\n@ IN SOA …"),
    Write(ZONE, 1, OLD.stored, NEW, OLD.id),
    Done(ZONE, 1),
    Write(ZONE, 2, None, NEW),
    Done(ZONE, 2, OLD.id),
    Refresh(ZONE),
    Refreshed(ZONE),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "autoconfig-dns-1.jsonl"


def write(path: Path, *lines: Line) -> None:
    with Journal(path) as journal:
        for line in lines:
            journal.note(line)


def test_journal_is_read_as_it_was_written(path: Path) -> None:
    with Journal(path) as journal:
        journal.note(LINES[0])
        assert journal.intend(ZONE, OLD, NEW) == 1
        journal.note(LINES[2])
        assert journal.intend(ZONE, None, NEW) == 2
        for line in LINES[4:]:
            journal.note(line)
    assert read_journal(path) == LINES


def test_nobody_else_may_read_it(path: Path) -> None:
    write(path, *LINES)
    assert path.stat().st_mode & 0o777 == 0o600


def test_file_that_is_there_is_not_touched(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        Journal(path)
    assert path.read_text() == "mine"


def test_journal_without_a_line_is_removed(path: Path) -> None:
    write(path)
    assert not path.exists()


def test_line_is_on_the_disk_when_it_is_noted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled = []
    monkeypatch.setattr(os, "fsync", lambda number: settled.append(os.fstat(number).st_size))
    with Journal(path) as journal:
        for line in LINES:
            journal.note(line)
            assert settled[-1] == path.stat().st_size


def test_line_that_was_cut_off_is_left_out(path: Path) -> None:
    """Its call was never made: a line is on the disk before that."""
    write(path, *LINES)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert read_journal(path) == LINES[: whole[:length].count(b"\n")]


@pytest.mark.parametrize(
    "content",
    [b"\n", b"{}\n", b'{"line": "was"}\n', b"[1]\n", b"\xff\n", b'{"line":"done","zone":"a.fr"}\n'],
)
def test_file_that_is_no_journal_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"autoconfig-dns-1.jsonl: is no journal of"):
        read_journal(path)


def test_field_of_a_later_version_is_read_past(path: Path) -> None:
    path.write_text('{"line": "refresh", "zone": "example.fr", "later": [1]}\n')
    assert read_journal(path) == (Refresh(ZONE),)


@pytest.mark.parametrize(
    ("lines", "zones"),
    [
        ((), set()),
        (LINES[:1], set()),
        (LINES[:2], {ZONE}),
        (LINES[:6], {ZONE}),
        (LINES, set()),
        ((*LINES, LINES[1]), {ZONE}),
        ((*LINES[:2], Refreshed(OTHER)), {ZONE}),
    ],
    ids=["nothing", "read", "perhaps written", "perhaps refreshed", "refreshed", "again", "other"],
)
def test_zone_is_unserved_from_a_write_to_a_refresh(
    lines: tuple[Line, ...], zones: set[Domain]
) -> None:
    assert unserved(lines) == zones


def test_later_journal_tells_that_a_zone_is_refreshed(tmp_path: Path) -> None:
    write(tmp_path / "autoconfig-dns-20261127T000000.jsonl", LINES[1], Write(OTHER, 2))
    assert left_behind(tmp_path) == {ZONE, OTHER}
    write(tmp_path / "autoconfig-dns-20261127T000001.jsonl", Refreshed(ZONE))
    assert left_behind(tmp_path) == {OTHER}


def test_journal_that_a_person_has_named_tells_it_too(tmp_path: Path) -> None:
    """In the order in which they were written, whatever their names are."""
    named, other = tmp_path / "mine.jsonl", tmp_path / "autoconfig-dns-1.jsonl"
    write(named, LINES[1])
    assert left_behind(tmp_path) == {ZONE}
    write(other, Refreshed(ZONE))
    for path, seconds in ((named, 1), (other, 2)):
        os.utime(path, (seconds, seconds))
    assert left_behind(tmp_path) == set()


def test_somebodys_own_file_is_no_journal(tmp_path: Path) -> None:
    (tmp_path / "autoconfig-dns-notes.jsonl").write_text("mine\n")
    (tmp_path / "folder.jsonl").mkdir()
    assert left_behind(tmp_path) == set()

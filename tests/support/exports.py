"""Exports by the command, as a user runs it, and what they have written."""

from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner, Result

from autoconfig.cli import main
from autoconfig.export.manifest import NAME
from tests.support.recipes import EXAMPLE


def run(*arguments: str) -> Result:
    """`autoconfig export` with these arguments."""
    return CliRunner().invoke(main, ["export", *arguments])


def files(folder: Path) -> Iterator[Path]:
    """Every file but the list of them, which no web space answers."""
    return (path for path in folder.rglob("*") if path.is_file() and path != folder / NAME)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files(folder)}


def exported(target: str, folder: Path) -> dict[str, bytes]:
    """The tree of the example configuration for a kind of web space."""
    assert run(str(folder), "--for", target, "--config", str(EXAMPLE)).exit_code == 0
    return tree(folder)

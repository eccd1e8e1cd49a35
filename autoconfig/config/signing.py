"""The `[sign]` table: the files of the certificate and the key that sign Apple profiles."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autoconfig.config.services import BESIDE
from autoconfig.config.settings import SignTable
from autoconfig.problems import ConfigurationError, Problem
from autoconfig.typed_toml import read_bytes

if TYPE_CHECKING:
    from autoconfig.sign.identity import Identity


MISSING = (
    "the library that signs, cryptography, is missing: install the program again, as FOLDER[sign], "
    "where FOLDER is its folder"
)
OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""What nobody but the owner of a key may have of its file."""


class Signing(NamedTuple):
    """What signs profiles, None if nothing does; its mistakes, and its doubts."""

    identity: "Identity | None" = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_signing(path: Path, written: Mapping[str, str | None]) -> Signing:
    """Read the files that the table of a configuration names, relative to it.

    `written`: the table, with None where a value is wrong. `path`: of the configuration.
    """
    files = {key: path.parent / name for key, name in written.items() if name is not None}
    try:
        from autoconfig.sign.reading import read_identity  # noqa: PLC0415  # brings cryptography
    except ImportError:
        return Signing(problems=(Problem(f"{path}: sign", MISSING),))
    contents, problems = _contents(path, files)
    if len(contents) < len(SignTable.__struct_fields__):
        return Signing(problems=tuple(problems))
    identity, faults, doubts = read_identity(contents["certificate"], contents["key"])
    mistakes, warnings = (
        tuple(
            Problem(f"{path}: sign.{each.where}: {files[each.where]}", each.message) for each in of
        )
        for of in (faults, [*doubts, *_open_to_others(files["key"])])
    )
    return Signing(identity, mistakes, warnings)


def _contents(path: Path, files: Mapping[str, Path]) -> tuple[dict[str, bytes], list[Problem]]:
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []
    for key, file in files.items():
        try:
            contents[key] = read_bytes(file, BESIDE)
        except ConfigurationError as error:
            problems += [each.within(f"{path}: sign.{key}") for each in error.problems]
    return contents, problems


def _open_to_others(key: Path) -> list[Problem]:
    """The doubt about a key that more than its owner may read, where a system tells."""
    mode = stat.S_IMODE(key.stat().st_mode)
    if os.name != "posix" or not mode & OTHERS:
        return []
    message = (
        f"is open to others than its owner (mode {mode:o}): give it to the user that serves "
        "(`chown`), and to nobody else (`chmod 600`)"
    )
    return [Problem("key", message)]

"""A configuration with its documents, written down by one process and read by others."""

import copyreg
import mmap
import os
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import IO, Any, TypeAlias

from autoconfig.config.load import Config
from autoconfig.config.served import Served
from autoconfig.documents.formats import FORMATS, Format
from autoconfig.documents.render import Renderings

Snapshot: TypeAlias = tuple[Config, Renderings]

PIECE = 10_000
"""Domains that are read at once: a worker answers between two pieces."""


def anonymous_file() -> IO[bytes]:
    """A file without a name: in memory on Linux, as a server may have no place to write to."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("autoconfig"), "w+b")
    return tempfile.TemporaryFile()


def write(snapshot: Snapshot, file: IO[bytes]) -> None:
    """Write it down; a service is one object again when it is read."""
    config, renderings = snapshot
    domains, mailboxes = config.served.domains, config.served.mailboxes
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {**copyreg.dispatch_table, Format: _by_name}
    names = iter(domains.items())
    pieces = -(-len(domains) // PIECE)
    pickler.dump((replace(config, served=Served({}, mailboxes)), renderings, pieces))
    for _ in range(pieces):
        pickler.dump(dict(islice(names, PIECE)))
    file.flush()


def read(descriptor: int) -> Snapshot:
    """What another process of this server has written, and checked."""
    # Mapped, as all who read it share one position in the file.
    with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as file:
        unpickler = pickle.Unpickler(file)  # noqa: S301  # of this very program
        config, renderings, pieces = unpickler.load()
        domains: dict[Any, Any] = {}
        for _ in range(pieces):
            domains |= unpickler.load()
    return replace(config, served=Served(domains, config.served.mailboxes)), renderings


def _by_name(format: Format) -> tuple[Callable[[str], Format], tuple[str]]:
    """Write a format down as a row of the table, which every process has."""
    return _format, (format.name,)


def _format(name: str) -> Format:
    return FORMATS[name]

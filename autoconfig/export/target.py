"""The type of a kind of web space."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autoconfig.config.served import Served
from autoconfig.documents.render import Renderings

OWNER_MARK = "Written by `autoconfig export`; change the configuration and export again."
"""Stands at the top of a target's own files: one without it belongs to somebody's site."""


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of web space that runs no Python.

    `own_files`: the text of the files that it needs beside the documents, by name and in the order
    of writing; made from the table of names, the documents and the base URL. `advice`: the
    sentences that an export ends with, made from the table of names, the folder and the base URL:
    the next step, the limits of these files, and what to do about them.
    """

    own_files: Callable[[Served, Renderings, str | None], Mapping[str, str]]
    advice: Callable[[Served, Path, str | None], Iterator[str]]

"""The configuration file, rewritten: as a diff first, then whole, with a copy of the old one."""

import difflib
import io
import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autoconfig.config.load import Config, load_config
from autoconfig.config.served import Served
from autoconfig.config.settings import SERVICE
from autoconfig.export.whole import move_to_free_place, write_whole
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.problems import ConfigurationError, Problem
from autoconfig.typed_toml import parse_toml, read_stream, read_text


@dataclass(frozen=True, slots=True)
class Original:
    """The file as it was read. `content`: None if there is none. `tables`: the `[[service]]`."""

    path: Path
    content: bytes | None
    tables: Sequence[Mapping[str, Any]]
    config: Config

    @classmethod
    def read(cls, path: Path) -> "Original":
        """Read and check it; it needs no service yet. Raises `ConfigurationError`."""
        if not path.exists():
            if path.parent.is_dir():
                return cls(path, None, (), Config(Served({}), None, (), load_catalogue()))
            raise ConfigurationError([Problem(str(path), "there is no such folder: make it")])
        read_text(path)  # refuses what is no file
        content = path.read_bytes()
        text = read_stream(io.BytesIO(content), str(path))
        config = load_config(path, text, needs_service=False, signs=False)
        return cls(path, content, parse_toml(text, path).get(SERVICE, ()), config)

    @property
    def text(self) -> str:
        """The text, with the line breaks that it has."""
        return (self.content or b"").decode()

    def check(self, text: str) -> None:
        """Raise `ConfigurationError` if the file would not load with this text."""
        new = read_stream(io.BytesIO(text.encode()), str(self.path))
        load_config(self.path, new, needs_service=False, signs=False)

    def difference(self, text: str) -> str:
        """The unified diff to a new text."""
        before, after = map(lines, (self.text, text))
        names = (os.devnull if self.content is None else str(self.path), str(self.path))
        return "\n".join(difflib.unified_diff(before, after, *names, lineterm=""))

    def replace(self, text: str) -> Path | None:
        """Write a new text. The copy of the old one, if there was one.

        A symbolic link is followed, and the mode kept. Raises `ConfigurationError` if the file has
        been changed meanwhile, and `OSError`.
        """
        place = self.path.resolve()
        if self.content is None:
            write_whole(place, text.encode(), move=move_to_free_place)
            return None
        if place.read_bytes() != self.content:
            message = "has been changed since it was read, and stays as it is: import again"
            raise ConfigurationError([Problem(str(self.path), message)])
        mode = stat.S_IMODE(place.stat().st_mode)
        copy = place.with_name(f"{place.name}.before-import-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        write_whole(copy, self.content, mode, move=move_to_free_place)

        def move(new: str, to: str | Path) -> None:
            os.chmod(new, mode)  # whatever the umask is
            os.replace(new, to)

        write_whole(place, text.encode(), mode, move=move)
        return copy


def lines(text: str) -> list[str]:
    """The lines as TOML has them; `splitlines` would also divide at form feeds and the like."""
    return re.split(r"\r\n?|\n", re.sub(r"(?:\r\n?|\n)\Z", "", text)) if text else []

"""A copy of the project, changed as a contributor would change it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Copy:
    """What it needs to run; `folder` holds it."""

    folder: Path

    @classmethod
    def into(cls, folder: Path) -> "Copy":
        """A copy of the package, its templates, its tests and its example configuration."""
        for name in ("autoconfig", "templates", "tests", "deploy"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        return cls(folder)

    @classmethod
    def of_the_checkout(cls, folder: Path) -> "Copy":
        """A copy of all but what make and the tests have made, with their environment."""
        made = (".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "build", "dist")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*made))
        (folder / ".venv").symlink_to(sys.prefix)
        return cls(folder)

    def insert(self, file: str, after: str, text: str) -> None:
        """Put text after the only place in a file that has `after`."""
        path = self.folder / file
        before, found, rest = path.read_text().partition(after)
        assert found, f"{file} has no {after!r}"
        assert after not in rest, f"{file} has {after!r} more than once"
        path.write_text(before + found + text + rest)

    def write(self, file: str, text: str) -> None:
        (self.folder / file).write_text(text)

    @property
    def environ(self) -> dict[str, str]:
        """The environment in which Python takes the copy and not the checkout."""
        return {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}

    def python(self, *arguments: str | Path) -> str:
        """What Python prints, run in the copy."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def autoconfig(self, *arguments: str | Path) -> str:
        """What the command prints."""
        return self.python("-c", "from autoconfig.cli import main; main()", *arguments)

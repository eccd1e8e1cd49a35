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
        """A copy of all but what make and the tests have made, in a repository of its own.

        It has their environment.
        """
        made = (".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "build", "dist")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*made))
        (folder / ".venv").symlink_to(sys.prefix)
        copy = cls(folder)
        copy.run("git", "init", "--quiet")
        copy.write(".git/info/exclude", ".venv\n")  # a link is no folder, as .gitignore has it
        copy.run("git", "add", "--all")
        return copy

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
        ours = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV", "MAKE"))}
        return {**ours, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}

    def ended(self, *command: str | Path) -> "subprocess.CompletedProcess[str]":
        """A command that has run in the copy, whatever came of it."""
        return subprocess.run(
            command, cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False
        )

    def run(self, *command: str | Path) -> str:
        """What a command prints in the copy, which ends well."""
        done = self.ended(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def make(self, target: str) -> str:
        """What make prints, without making the environment anew."""
        return self.run("make", "--silent", "--old-file=.venv/.ready", target)

    def python(self, *arguments: str | Path) -> str:
        """What Python prints, run in the copy."""
        return self.run(sys.executable, *arguments)

    def autoconfig(self, *arguments: str | Path) -> str:
        """What the command prints."""
        return self.python("-c", "from autoconfig.cli import main; main()", *arguments)

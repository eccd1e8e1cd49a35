"""`tools/versions`: the interpreters that it takes, and what it says of those that it lacks.

It runs in a folder of its own, where interpreters, make and uv are a few lines of shell.
"""

import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shutil import copy

import pytest

ROOT = Path(__file__).parents[2]
INTERPRETER = """\
#!/bin/sh
case $1 in
  -V) echo "Python {version}.9" ;;
  *) [ "$3" = {version} ] && echo "$0" ;;
esac
"""
MAKE = '#!/bin/sh\necho "$@" >>made\n[ ! -e red ]\n'
FAILING = "#!/bin/sh\nexit 2\n"
UV = "#!/bin/sh\n[ $2 = install ] || echo {interpreter}\n"


@dataclass(frozen=True, slots=True)
class Machine:
    folder: Path

    def has(self, *names: str, text: str) -> None:
        """Programs of this text, by their paths in the folder."""
        for name in names:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(version=re.sub(r".*?(3\.\d+).*", r"\1", name)))
            path.chmod(0o700)

    def run(self) -> "subprocess.CompletedProcess[str]":
        path = f"{self.folder / 'bin'}:/usr/bin:/bin"
        return subprocess.run(
            [self.folder / "tools/versions"],
            env={**os.environ, "PATH": path, "PYENV_ROOT": str(self.folder / "pyenv")},
            capture_output=True,
            text=True,
            check=False,
        )

    def made(self) -> Iterable[str]:
        """The interpreters that the tests ran on, by their paths in the folder."""
        made = self.folder / "made"
        written = made.read_text() if made.exists() else ""
        return re.findall(rf"PYTHON={self.folder}/(\S+)", written)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "tools").mkdir()
    copy(ROOT / "tools/versions", tmp_path / "tools")
    listed = "".join(f'    "Programming Language :: Python :: 3.{n}",\n' for n in (21, 22, 23, 24))
    (tmp_path / "pyproject.toml").write_text(f"classifiers = [\n{listed}]\n")
    machine = Machine(tmp_path)
    machine.has("bin/make", text=MAKE)
    machine.has("bin/uv", "bin/python3", text=FAILING)
    return machine


def test_oldest_and_newest_are_taken(machine: Machine) -> None:
    machine.has(*(f"bin/python3.{n}" for n in (21, 22, 23, 24)), text=INTERPRETER)
    done = machine.run()
    assert machine.made() == ["bin/python3.21", "bin/python3.24"]
    assert done.returncode == 0
    assert done.stdout.endswith("make versions: green on Python 3.21.9; green on Python 3.24.9\n")


def test_pyenv_has_what_the_path_has_not(machine: Machine) -> None:
    machine.has("bin/python3.21", "pyenv/versions/3.24.9/bin/python3", text=INTERPRETER)
    machine.run()
    assert machine.made() == ["bin/python3.21", "pyenv/versions/3.24.9/bin/python3"]


def test_uv_brings_what_is_not_here(machine: Machine) -> None:
    machine.has("bin/python3.21", "uv/python3.24", text=INTERPRETER)
    machine.has("bin/uv", text=UV.format(interpreter=machine.folder / "uv/python3.24"))
    machine.run()
    assert machine.made() == ["bin/python3.21", "uv/python3.24"]


def test_nearest_stands_for_one_that_cannot_be_had_and_that_is_said(machine: Machine) -> None:
    machine.has("bin/python3.21", "bin/python3.23", text=INTERPRETER)
    done = machine.run()
    assert machine.made() == ["bin/python3.21", "bin/python3.23"]
    assert done.returncode == 0
    assert "3.24 cannot be had here, so 3.23 stands for it" in done.stdout


def test_one_that_stands_for_both_ends_runs_once(machine: Machine) -> None:
    machine.has("bin/python3.22", text=INTERPRETER)
    done = machine.run()
    assert machine.made() == ["bin/python3.22"]
    assert "3.21 cannot be had here, so 3.22 stands for it" in done.stdout
    assert "3.24 cannot be had here, so 3.22 stands for it" in done.stdout


def test_machine_without_any_is_not_red_and_that_is_said(machine: Machine) -> None:
    done = machine.run()
    assert (done.returncode, machine.made()) == (0, [])
    assert "none of 3.21 3.22 3.23 3.24 can be had here" in done.stdout


def test_test_that_fails_is_red(machine: Machine) -> None:
    machine.has("bin/python3.21", "bin/python3.24", text=INTERPRETER)
    (machine.folder / "red").touch()
    done = machine.run()
    assert done.returncode != 0
    assert machine.made() == ["bin/python3.21"]
    assert "make versions:" not in done.stdout

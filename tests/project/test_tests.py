"""The tests, held: what they share is in `tests/support`, and each module of them stands alone."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.imports import imported

ROOT = Path(__file__).parents[2]
MODULES = [path for folder in ("benchmarks", "tests") for path in ROOT.glob(f"{folder}/**/*.py")]


def modules_of_tests(source: str) -> set[str]:
    """The modules of tests and of fixtures that Python text imports, or imports from."""
    parts = {part for name in imported(source) for part in name.split(".")}
    return {part for part in parts if part.startswith("test_") or part == "conftest"}


@pytest.mark.parametrize(
    "source",
    [
        "from tests.answers.test_endpoints import host",
        "from tests.answers import test_endpoints",
        "from .test_endpoints import host",
        "def inside():\n    import tests.answers.test_endpoints as endpoints",
    ],
)
def test_module_of_tests_is_seen_however_it_is_imported(source: str) -> None:
    assert modules_of_tests(source) == {"test_endpoints"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_imports_one_of_tests_or_fixtures(path: Path) -> None:
    assert modules_of_tests(path.read_text()) == set()


def runs_of_pytest(target: str) -> list[list[str]]:
    """The arguments of each, as `make` would give them."""
    done = subprocess.run(
        ["make", "--dry-run", target],
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return [found.split() for found in re.findall(r"-m pytest (.*)$", done.stdout, re.MULTILINE)]


def test_check_runs_the_tests_that_make_test_leaves_out() -> None:
    (quick,) = runs_of_pytest("test")
    left_out = [option.removeprefix("--ignore=") for option in quick]
    assert runs_of_pytest("check") == [quick, left_out]


def test_program_that_a_test_starts_can_be_interrupted() -> None:
    run = subprocess.run(["sh", "-c", "kill -INT $$; exit 1"], check=False)
    assert run.returncode == -signal.SIGINT


def test_so_it_can_where_the_tests_run_in_the_background() -> None:
    """There a shell lets them ignore SIGINT."""
    this = f"{Path(__file__)}::{test_program_that_a_test_starts_can_be_interrupted.__name__}"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", this]
    run = subprocess.run(
        ["sh", "-c", '"$@" & wait $!', "sh", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout

"""A fact stands once: changed in `offers.toml`, and the golden files renewed, no test is red.

Each test copies the checkout, changes the copy as a contributor would, and runs the copy's own
tests. Those that start servers or real programs are left out, and those that ask in hostile ways:
they take long, and compare with what the application itself has.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).parents[2]
OFFERS = Path("autoconfig/offers/offers.toml")
GOLDEN_TESTS = "tests/documents/test_golden.py"
README_TESTS = "tests/project/test_readme.py"
TESTS = (
    *("tests/offers", "tests/documents", "tests/config", "tests/cli", "tests/export"),
    *("tests/answers/test_clients.py", "tests/answers/test_endpoints.py"),
    "tests/project/test_benchmarks.py",
)
"""The tests in this process that know what an offer holds."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout, with the environment that these tests run in."""
    copy = tmp_path / "checkout"
    made = (".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "build", "dist")
    copytree(ROOT, copy, ignore=ignore_patterns(*made))
    (copy / ".venv").symlink_to(sys.prefix)
    return copy


def _run(checkout: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in the copy, whose package stands before the one that is installed."""
    ours = {key: each for key, each in os.environ.items() if not key.startswith(("PYTEST", "COV"))}
    env = {**ours, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1", "MAKEFLAGS": ""}
    return subprocess.run(
        command, cwd=checkout, env=env, capture_output=True, text=True, check=False, timeout=600
    )


def _renew(checkout: Path) -> None:
    """`make golden`, without making the environment anew."""
    done = _run(checkout, "make", "--silent", "--old-file=.venv/.ready", "golden")
    assert done.returncode == 0, done.stderr


def _red(checkout: Path, *paths: str) -> set[str]:
    """The tests that are red, with the module that each stands in."""
    options = ("-q", "--tb=no", "-p", "no:cacheprovider", f"--basetemp={checkout.parent / 'tmp'}")
    done = _run(checkout, sys.executable, "-m", "pytest", *options, *paths)
    red = set(re.findall(r"^(?:FAILED|ERROR) ([^\s\[]+)", done.stdout, flags=re.MULTILINE))
    assert done.returncode == (1 if red else 0), done.stdout + done.stderr
    return red


def _change(checkout: Path, change: Callable[[str], str]) -> None:
    path = checkout / OFFERS
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before


def _ports(text: str) -> str:
    """Other ports. STARTTLS keeps one at which it is usual, because clients go by that."""

    def other(found: re.Match[str]) -> str:
        port = 2000 + int(found[1]) if found[2] == "SSL" else 25 if found[1] != "25" else 587
        return f'port = {port}, socket = "{found[2]}"'

    return re.sub(r'port = (\d+), socket = "(\w+)"', other, text)


def _all_but_ports(text: str) -> str:
    """Other hosts, quotas, SPF records and pages, and one host more of each numbered family.

    The hosts that a configuration of the tests names stay.
    """
    text = re.sub(r"\b(imap|pop|smtp|zimbra1|mx\d)\.mail\.ovh\.", r"\1.new.ovh.", text)
    text = re.sub(r"gigabytes = (\d+)", r"gigabytes = 1\1", text)
    text = re.sub(
        r'^(observed = .*"([a-z]+)\d+(\..*)")\]', r'\1, "\g<2>96\3"]', text, flags=re.MULTILINE
    )
    return text.replace("include:mx.", "include:mx.new.").replace("ovhcloud.com/", "ovh.example/")


@pytest.mark.parametrize(
    ("change", "tests"),
    [
        pytest.param(_ports, (*TESTS, README_TESTS), id="ports"),
        pytest.param(_all_but_ports, TESTS, id="all but ports"),  # the README prints some
    ],
)
def test_changed_fact_is_red_in_the_golden_files_until_they_are_renewed_and_nowhere_else(
    checkout: Path, change: Callable[[str], str], tests: tuple[str, ...]
) -> None:
    _change(checkout, change)
    assert _modules(_red(checkout, GOLDEN_TESTS)) == {GOLDEN_TESTS}
    _renew(checkout)
    assert _red(checkout, *tests) == set()


def _copies(text: str) -> str:
    """A copy of every offer under a name of its own."""
    copies = text[text.index("\n[[offer]]") :]
    for key in ("id", "name"):
        copies = re.sub(rf'^{key} = "', rf'{key} = "new-', copies, flags=re.MULTILINE)
    return text + re.sub(r"^aliases = .*", "", copies, flags=re.MULTILINE)


def test_offer_that_is_added_by_copying_a_table_is_missed_in_the_readme_alone(
    checkout: Path,
) -> None:
    _change(checkout, _copies)
    _renew(checkout)
    red = _red(checkout, *TESTS, README_TESTS)
    assert _modules(red) == {README_TESTS}
    assert f"{README_TESTS}::test_table_of_offers_is_the_catalogue" in red


def _modules(tests: set[str]) -> set[str]:
    return {test.partition("::")[0] for test in tests}

"""What stands around the code: the source distribution, the continuous build, the form of files."""

import inspect
import pkgutil
import re
import subprocess
import sys
import tarfile
import tomllib
from importlib import import_module

import pytest

import autoconfig
from tests.support.documents import ROOT, read

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.splitlines()
ONLY_DISTRIBUTED = {"PKG-INFO"}
"""What a source distribution has beside the files of the repository: its metadata."""
WITH_TABS = ("Makefile", "deploy/Caddyfile")
LONGEST_README = 7000


@pytest.fixture(scope="module")
def distributed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory"]
    subprocess.run([*build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        return {member.name.partition("/")[2] for member in packed if member.isfile()}


def test_source_distribution_has_every_file_of_the_repository(distributed: set[str]) -> None:
    assert set(OURS) <= distributed


def test_source_distribution_has_nothing_else(distributed: set[str]) -> None:
    """A file that is new here, and not yet git's, may be in it too."""
    command = ["git", "ls-files", "--others", "--exclude-standard"]
    new = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert distributed - set(OURS) - set(new.splitlines()) == ONLY_DISTRIBUTED


def test_readme_is_short() -> None:
    assert len(read("README.md").encode()) <= LONGEST_README


def test_continuous_build_runs_every_suite() -> None:
    """The real programs too: none is left to memory."""
    suites = sorted(path.parent.name for path in (ROOT / "tests/real").glob("*/__init__.py"))
    listed = re.search(r"^for target in (.*); do$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert listed
    assert listed[1].split() == ["test", "check", "versions", *suites]


@pytest.mark.parametrize(
    ("workflow", "command"), [("ci", ".ci/run"), ("release", "python tools/archive.py wheel/*.whl")]
)
def test_workflow_builds_and_packs_for_every_supported_python(workflow: str, command: str) -> None:
    text = (ROOT / f".github/workflows/{workflow}.yml").read_text()
    (matrix,) = re.findall(r"python: \[(.*)\]", text)
    names = [each.rpartition(" :: ")[2] for each in PYPROJECT["classifiers"]]
    supported = [name for name in names if re.fullmatch(r"3\.\d+", name)]
    assert re.findall(r"[\d.]+", matrix) == supported
    assert PYPROJECT["requires-python"] == f">={supported[0]}"
    assert f"run: {command}\n" in text


@pytest.mark.parametrize("path", OURS)
def test_file_keeps_to_the_form_of_the_editor_settings(path: str) -> None:
    content = (ROOT / path).read_bytes()
    text = content.decode()
    assert not content or text.endswith("\n")
    assert "\r" not in text
    assert ("\t" in text) == (path in WITH_TABS)
    assert not re.search(r"[ \t]$", text, re.MULTILINE)


@pytest.mark.parametrize("path", [path for path in OURS if path.endswith(".toml")])
def test_toml_is_toml(path: str) -> None:
    tomllib.loads((ROOT / path).read_text())


def test_every_public_function_says_what_it_does() -> None:
    names = [each.name for each in pkgutil.walk_packages(autoconfig.__path__, "autoconfig.")]
    for module in map(import_module, names):
        for name, value in vars(module).items():
            ours = getattr(value, "__module__", None) == module.__name__
            if ours and not name.startswith("_") and inspect.isfunction(value):
                assert value.__doc__, f"{module.__name__}.{name}"

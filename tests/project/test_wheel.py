"""The wheel: built, its contents compared with a written list, and used without the checkout."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from autoconfig.documents.formats import FORMATS

ROOT = Path(__file__).parents[2]
CONTENTS = Path(__file__).with_name("wheel.txt")


def run(*command: str, **options: str | Path) -> str:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=options.get("cwd"),
        env={**os.environ, "PYTHONPATH": str(options.get("path", ""))},
    ).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_what_is_written_down(wheel: Path) -> None:
    assert sorted(ZipFile(wheel).namelist()) == CONTENTS.read_text().splitlines()


def test_every_template_is_in_the_wheel(wheel: Path) -> None:
    packed = {name for name in ZipFile(wheel).namelist() if "/templates/" in name}
    files = (path.relative_to(ROOT) for path in ROOT.glob("templates/**/*") if path.is_file())
    assert packed == {f"autoconfig/{path.as_posix()}" for path in files}
    assert len(packed) >= len({format.template for format in FORMATS.values()})


def test_unpacked_wheel_shows_a_document_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    ZipFile(wheel).extractall(tmp_path)  # our own archive
    program = (
        "import autoconfig.cli, sys; assert autoconfig.__file__.startswith(sys.argv.pop(1))\n"
        "autoconfig.cli.main()"
    )
    arguments = ("show", "autoconfig", "example.com", "--offer", "mx-plan")
    shown = run(
        sys.executable, "-c", program, str(tmp_path), *arguments, cwd=tmp_path, path=tmp_path
    )
    assert shown == (ROOT / "tests/golden/mx-plan-eu.autoconfig.xml").read_text()

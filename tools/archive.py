"""The whole program in one file, for this system, this kind of machine and this Python.

    .venv/bin/python tools/archive.py [WHEEL]

It writes `dist/autoconfig-VERSION-SYSTEM-MACHINE-pyX.Y.pyz`, of the wheel that is given or of one
that it builds, and of the libraries in `requirements-ovh.lock`: nobody can add to the file what
reads an account, so it has that. The same wheel gives the same bytes, wherever it is packed.
"""

import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import rmtree
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-ovh.lock"
PYTHON = "{}.{}".format(*sys.version_info)
SYSTEMS = {"darwin": "macos"}
"""Names of systems that people know by others."""

FOR_ANOTHER = f"""\
import sys

if sys.version_info[:2] != {sys.version_info[:2]}:
    sys.exit("this file is for Python {PYTHON}, and this is Python %d.%d" % sys.version_info[:2])
"""
"""What the archive runs first: libraries for another Python would not even be found."""


def run(*arguments: str | Path) -> None:
    """Run a module of this Python. Raises `CalledProcessError`."""
    subprocess.run([sys.executable, "-m", *arguments], check=True, cwd=ROOT)


def wheel(folder: Path) -> Path:
    """The wheel of this checkout, built into a folder."""
    pip = ("pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    run(*pip, "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


def unpack(wheel: Path, folder: Path) -> None:
    """Lay the program and its libraries into a folder, without what tells where it was done."""
    pip = ("pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")
    run(*pip, "--require-hashes", "--only-binary", ":all:", "--target", folder, "-r", LOCK)
    rmtree(folder / "bin", ignore_errors=True)
    for record in folder.glob("*.dist-info/RECORD"):  # it has digests of the programs in `bin`
        record.unlink()
    with ZipFile(wheel) as packed:  # Python alone, as pip would lay it
        packed.extractall(folder)


def archive(wheel: Path) -> Path:
    """Pack the file."""
    system = platform.system().lower()
    _, version, _ = wheel.name.split("-", 2)
    tags = (version, SYSTEMS.get(system, system), platform.machine().lower(), f"py{PYTHON}")
    packed = ROOT / "dist" / f"autoconfig-{'-'.join(tags)}.pyz"
    packed.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder, preamble = Path(name, "site-packages"), Path(name, "preamble.py")
        unpack(wheel, folder)
        preamble.write_text(FOR_ANOTHER, encoding="utf-8")
        shiv = ("shiv", "--reproducible", "--site-packages", folder, "--preamble", preamble)
        run(*shiv, "--entry-point", "autoconfig.cli:main", "--output-file", packed)
    return packed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(archive(Path(sys.argv[1]).resolve() if sys.argv[1:] else wheel(Path(name))))

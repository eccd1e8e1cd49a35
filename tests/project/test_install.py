"""The ways to get the program, as the documents have them, on a machine that has none of it.

The program's libraries, pipx, uv and waitress come from the package index, as readers get them.
"""

import os
import re
import subprocess
import sys
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.copied import Copy
from tests.support.documents import BLOCKS, ROOT, examples, read
from tests.support.recipes import EXAMPLE
from tests.support.running import free_port, until

GOLDEN = (ROOT / "tests/golden/mx-plan-eu.autoconfig.xml").read_bytes()
SHOW = "autoconfig show autoconfig example.com --offer mx-plan"
IN_FOLDER = "pipx install ./FOLDER"
SOURCES = ("./FOLDER", "./FILE.whl", "git+ADDRESS")
LOCK = ROOT / "requirements-ovh.lock"
SUPPORTED = ("3.11", "3.14")
SYSTEMS = {
    "x86_64-pc-windows-msvc": False,
    "aarch64-pc-windows-msvc": False,
    "x86_64-apple-darwin": True,
    "aarch64-apple-darwin": True,
    "x86_64-manylinux_2_28": True,
    "aarch64-manylinux_2_28": True,
    "x86_64-unknown-linux-musl": True,
    "aarch64-unknown-linux-musl": True,
    "riscv64-unknown-linux": False,
}
"""What the documents promise wheels for, by uv's names, and whether granian has one."""
DOCUMENTS = ("docs/without-a-server.md", "docs/fr/sans-serveur.md")
OURS = ("VIRTUAL_ENV", "PYTHON", "PYTEST", "PIPX", "XDG", "COV", "MAKE")
"""Variables of the environment that runs the tests, by their beginnings."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A reader's: a folder with what was downloaded, and a home of its own.

    `names`: what stands here in the place of a name in a document.
    """

    folder: Path
    python: Path
    names: dict[str, str] = field(default_factory=dict)

    def environ(self, home: Path) -> dict[str, str]:
        """Variables by which nothing is found of what runs the tests."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        path = (home / ".local/bin", self.python.parent, "/usr/local/bin", "/usr/bin", "/bin")
        return kept | {
            "HOME": str(home),
            "PATH": ":".join(map(str, path)),
            "PIPX_DEFAULT_PYTHON": sys.executable,
            "UV_PYTHON": sys.executable,
            "UV_CACHE_DIR": str(self.folder / "uv"),
        }

    def run(self, command: str, home: Path) -> bytes:
        """What a command prints, as a document has it but for the names."""
        for name, here in self.names.items():
            command = command.replace(name, here)
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self.environ(home),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """With the folder, a repository, a wheel, an archive; pipx, as Windows gets it; and uv."""
    folder = tmp_path_factory.mktemp("downloaded")
    copy = Copy.of_the_checkout(folder / "FOLDER")
    copy.run("git", "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "all")
    venv.create(folder / "python", with_pip=True)
    machine = Machine(folder, folder / "python/bin/python")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    subprocess.run([*pip, "--wheel-dir", folder, ROOT], check=True)
    (wheel,) = folder.glob("*.whl")
    packed = copy.python("tools/archive.py", wheel).strip()
    machine.names.update(
        {
            "FILE.pyz": packed,
            "FILE.whl": wheel.name,
            "ADDRESS": f"file://{folder / 'FOLDER'}",
            "py -m": f"{machine.python} -m",
            "--user ": "",  # there is nobody else
        }
    )
    for line in _lines("powershell"):
        machine.run(line, folder / "home")
    machine.run("py -m pip install --quiet 'uv>=0.9,<1'", folder / "home")
    return machine


def _lines(language: str) -> list[str]:
    """The lines of the blocks in a language, once each."""
    return [
        *dict.fromkeys(
            line
            for block in BLOCKS
            if block.language == language
            for line in block.text.splitlines()
        )
    ]


def _shown() -> set[str]:
    """The commands of documents that get the program."""
    lines = (example.command for block in BLOCKS for example in examples(block))
    return {line for line in lines if re.match(r"(pipx|uvx|python3) ", line)}


@contextmanager
def started(command: str, machine: Machine, home: Path) -> Iterator[None]:
    """A server of the machine, while it runs."""
    environ = machine.environ(home) | {"AUTOCONFIG_CONFIG": str(EXAMPLE)}
    run = subprocess.Popen(
        command.split(), env=environ, cwd=machine.folder, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        run.terminate()
        run.wait(timeout=30)


def test_documents_show_the_commands_that_are_tried_here() -> None:
    assert _shown() == {
        IN_FOLDER,
        f"uvx --from ./FOLDER {SHOW}",
        SHOW.replace("autoconfig", "python3 FILE.pyz", 1),
    }


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document_names_every_source(document: str) -> None:
    assert all(source in read(document) for source in SOURCES)


@pytest.mark.parametrize("source", SOURCES)
def test_pipx_installs_the_command(source: str, machine: Machine, tmp_path: Path) -> None:
    machine.run(IN_FOLDER.replace(SOURCES[0], source), tmp_path)
    assert machine.run(SHOW, tmp_path) == GOLDEN


@pytest.mark.parametrize("source", SOURCES)
def test_uvx_runs_the_command(source: str, machine: Machine, tmp_path: Path) -> None:
    assert machine.run(f"uvx --from {source} {SHOW}", tmp_path) == GOLDEN


def test_extra_brings_what_reads_an_account(machine: Machine, tmp_path: Path) -> None:
    command = "pipx install --force './FOLDER[ovh]'"
    assert all(f"`{command}`" in read(document) for document in DOCUMENTS)
    machine.run(command, tmp_path)
    python = tmp_path / ".local/share/pipx/venvs/ovh-autoconfig/bin/python"
    machine.run(f"{python} -c 'import ovh'", tmp_path)


def test_archive_is_the_whole_program(machine: Machine, tmp_path: Path) -> None:
    """In a Python that has nothing; it reads an account, too."""
    run = SHOW.replace("autoconfig", "python3 -I FILE.pyz", 1)
    assert machine.run(run, tmp_path) == GOLDEN
    assert machine.run("SHIV_INTERPRETER=1 python3 -I FILE.pyz -c 'import ovh'", tmp_path) == b""


def test_archive_says_for_which_python_it_is(machine: Machine, tmp_path: Path) -> None:
    program = (
        "import runpy, sys\n"
        "sys.version_info = (3, 99, 0, 'final', 0)\n"
        "runpy.run_path(sys.argv.pop(1))"
    )
    command = [str(machine.python), "-c", program, machine.names["FILE.pyz"]]
    environ = machine.environ(tmp_path)
    done = subprocess.run(command, env=environ, capture_output=True, check=False)
    assert b"and this is Python 3.99" in done.stderr


def test_archive_of_the_same_wheel_is_the_same(machine: Machine, tmp_path: Path) -> None:
    first = Path(machine.names["FILE.pyz"])
    wheel = machine.folder / machine.names["FILE.whl"]
    copy = Copy.of_the_checkout(tmp_path / "elsewhere")
    second = Path(copy.python("tools/archive.py", wheel).strip())
    assert (second.name, second.read_bytes()) == (first.name, first.read_bytes())


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_library_has_a_wheel(system: str, machine: Machine, tmp_path: Path) -> None:
    """And granian is taken where `serve` may run alone: it would be one more."""
    check = f"uv pip install --dry-run --only-binary :all: --require-hashes -r {LOCK}"
    for version in SUPPORTED:
        place = f"--python {machine.python} --python-version {version} --python-platform {system}"
        printed = machine.run(f"{check} {place} 2>&1", tmp_path)
        assert b" + lxml==" in printed
        assert (b" + granian==" in printed) == SYSTEMS[system]


def test_server_of_ones_own_serves_the_application(machine: Machine, tmp_path: Path) -> None:
    inject = "pipx inject --include-apps ovh-autoconfig waitress"
    serve = "waitress-serve --listen=127.0.0.1:8000 --call autoconfig.web:create_app"
    assert all(f"`{command}`" in read("docs/hosting.md") for command in (inject, serve))
    machine.run(IN_FOLDER, tmp_path)
    machine.run(inject, tmp_path)
    port = free_port()
    command = f"{tmp_path / '.local/bin'}/{serve.replace('8000', str(port))}"
    with started(command, machine, tmp_path):
        assert until(lambda: _is_healthy(port))


def _is_healthy(port: int) -> bool:
    with suppress(OSError):
        answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
        return bool(answer.read() == b"ok\n")
    return False

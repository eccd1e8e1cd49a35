"""The commands on other systems than Linux, as far as that can be taken from Python here."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner

from autoconfig.account.journal import Journal, Refresh, read_journal
from autoconfig.cli import main
from autoconfig.cli.output import put
from autoconfig.names import Domain
from tests.support.checked import World, checked
from tests.support.documented import documented
from tests.support.not_linux import MODULES, open_no_folder
from tests.support.ovh_api import stand_in
from tests.support.ovh_api.dns import name_server_of
from tests.support.printed import as_written
from tests.support.recipes import EXAMPLE

ROOT = Path(__file__).parents[2]
OF_WINDOWS = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
PYTHON = (sys.executable, "-X", "warn_default_encoding")

COMMANDS = {
    "version": "--version",
    "offers": "offers",
    "validate": "validate --config {example}",
    "names": "names --config {example}",
    "show": "show autoconfig example.com --offer mx-plan",
    "show, a page": "show page alice@caf\xe9.example --offer mx-plan --lang fr",
    "show, a profile": "show mobileconfig alice@example.com --offer zimbra-pro",
    "export": "export {folder}/web --config {example}",
    "export, for apache": "export {folder}/php --for apache --config {example}",
    "detect": "detect example.com --resolver {resolver} --lang fr",
    "detect, as a configuration": "detect caf\u03b5.example example.com --resolver {resolver} -o -",
    "detect, into a file": "detect example.com --resolver {resolver} -o {folder}/new.toml",
    "dns": "dns example.com --to 192.0.2.1 --offer mx-plan --resolver {resolver} --lang fr",
    "dns, applied": "dns example.com --to 192.0.2.1 --offer mx-plan --resolver {resolver} --apply "
    "--yes --journal {folder}/journal",
    "import": "import --lang fr",
    "check": "check example.fr --lang fr {checked}",
}
"""All commands but `serve`, by what they are given."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with checked(tmp_path_factory.mktemp("checked")) as found:
        yield found


def elsewhere(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[bytes]":
    """A command of a Python without what Linux has, into a pipe."""
    command = [*PYTHON, "-m", "tests.support.not_linux", *arguments]
    environ = os.environ | OF_WINDOWS | variables
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=environ)


@pytest.mark.parametrize("way", COMMANDS)
def test_command_prints_the_same_bytes_without_what_linux_has(
    way: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(world.authority))
    monkeypatch.setenv("COLUMNS", "80")
    printed = []
    for name in ("there", "here"):
        with ExitStack() as stack:
            account = stack.enter_context(stand_in(documented()))
            resolver = stack.enter_context(name_server_of(account.state)).address
            places = {"example": EXAMPLE, "folder": tmp_path / name, "checked": world.options}
            (tmp_path / name).mkdir()
            arguments = [
                each.format(resolver=f"{resolver.host}:{resolver.port}", **places)
                for each in COMMANDS[way].split()
            ]
            run = _there if name == "there" else _here
            code, text = run(" ".join(arguments).split(), account.environment())
            printed.append((code, [as_written(line) for line in text.decode().split("\n")]))
    assert printed[0] == printed[1]


def _there(arguments: list[str], keys: Mapping[str, str]) -> tuple[int, bytes]:
    run = elsewhere(*arguments, **keys)
    assert b"Traceback" not in run.stderr
    return run.returncode, run.stdout


def _here(arguments: list[str], keys: Mapping[str, str]) -> tuple[int, bytes]:
    run = CliRunner().invoke(main, arguments, prog_name="autoconfig", env=dict(keys))
    return run.exit_code, run.stdout_bytes


def test_server_says_what_to_do_where_it_cannot_run() -> None:
    run = elsewhere("serve", "--config", str(EXAMPLE))
    assert run.returncode == 2
    (line,) = run.stderr.decode().splitlines()
    assert line.startswith("error: serve: this system lacks processes that fork")
    assert "waitress-serve --listen=127.0.0.1:8000 --call autoconfig.web:create_app" in line


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ("os.fork", "lacks processes that fork, as its workers do"),
        ("granian", "lacks granian, which has no wheel for every machine"),
    ],
)
def test_server_says_what_it_lacks(
    lacking: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lacking == "granian":
        monkeypatch.setattr("autoconfig.cli.serve.find_spec", lambda name: None)
    else:
        monkeypatch.delattr(lacking)
    run = CliRunner().invoke(main, ["serve", "--config", str(EXAMPLE)])
    assert run.exit_code == 2
    assert said in run.stderr


def test_application_for_a_server_of_ones_own_needs_no_linux() -> None:
    program = (
        "from tests.support.not_linux import take_away; take_away()\n"
        "from autoconfig.web import create_app\n"
        "print(create_app().test_client().get('/healthz').text, end='')"
    )
    command = [*PYTHON, "-c", program]
    environ = os.environ | {"AUTOCONFIG_CONFIG": str(EXAMPLE)}
    run = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environ)
    assert run.stdout == b"ok\n"


def test_folder_that_cannot_be_opened_stops_no_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "open", open_no_folder)
    with Journal(tmp_path / "journal") as journal:
        journal.note(Refresh(Domain("example.fr")))
    assert read_journal(tmp_path / "journal")


def test_terminal_gets_escapes_for_what_its_encoding_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, "cp1252", newline="\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout", terminal)
    put("é ε")
    put("as it is: ε\n".encode())
    assert written.getvalue() == b"\xe9 \\u03b5\n" + "as it is: ε\n".encode()


def test_modules_that_are_taken_away_are_there() -> None:
    """Else nothing would be tried."""
    for name in MODULES:
        __import__(name)

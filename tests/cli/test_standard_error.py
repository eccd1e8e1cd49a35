"""Commands whose messages nobody can read: they work, and their exit code says the rest."""

import subprocess
from pathlib import Path

import pytest

from autoconfig.cli.output import say
from tests.support.recipes import EXAMPLE
from tests.support.serving import COMMAND

COMMANDS = {
    "validate": ("validate --config {example}", 0),
    "validate, mistaken": ("validate --config {wrong}", 2),
    "show, mistaken": ("show autoconfig example.com --config {wrong}", 2),
    "show, not served": ("show autoconfig nobody.example --config {example}", 1),
    "serve, mistaken": ("serve --config {wrong}", 2),
    "export": ("export {folder} --config {example}", 0),
    "export, for apache": ("export {folder} --for apache --config {example}", 0),
    "export, mistaken": ("export {folder} --config {wrong}", 2),
    "detect, without an answer": ("detect a.example --resolver 127.0.0.1:9", 1),
    "detect, mistaken": ("detect a b", 2),
}


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
@pytest.mark.parametrize("way", COMMANDS)
def test_exit_code_needs_no_standard_error(tmp_path: Path, way: str, redirection: str) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[[service]]\noffer = "mx-plane"\ndomains = ["example.com"]\n')
    command, code = COMMANDS[way]
    written = command.format(example=EXAMPLE, wrong=wrong, folder=tmp_path / "web")
    shell: list[str | Path] = [
        "sh",
        "-c",
        f'exec "$@" {redirection}',
        "sh",
        COMMAND,
        *written.split(),
    ]
    assert subprocess.run(shell, stdout=subprocess.DEVNULL, check=False).returncode == code


def test_message_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stderr", full)
        for _ in range(2):
            say("lost")

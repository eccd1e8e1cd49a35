"""`autoconfig dns --apply` as a process: at a terminal, and killed."""

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.applying import APPLY, DOMAIN, HOST, Customer, customer
from tests.support.ovh_api import Fault, faults
from tests.support.ovh_api.answers import Answer

PROGRAM = """\
from autoconfig.cli import dns_apply, main
dns_apply.ROUNDS = 1
main(prog_name="autoconfig")
"""
ARGUMENTS = ("dns", DOMAIN, *APPLY, "--resolver", "127.0.0.1:1")
"""No name server is there: that is a remark."""
SECONDS = 60


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Customer]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    with customer(tmp_path, monkeypatch) as owner:
        yield owner


def start(*arguments: str, terminal: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdin=terminal,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if terminal == subprocess.DEVNULL else terminal,
    )


@pytest.mark.parametrize("answer", ["y", "n"])
def test_person_at_a_terminal_is_asked(owner: Customer, answer: str) -> None:
    ours, theirs = pty.openpty()
    process = start(*(each for each in ARGUMENTS if each != "--yes"), terminal=theirs)
    os.close(theirs)
    told = b""
    while b"[y/N]" not in told and select.select([ours], [], [], SECONDS)[0]:
        told += os.read(ours, 1024)
    assert owner.server.called("POST", "PUT", "DELETE") == []
    os.write(ours, f"{answer}\n".encode())
    assert process.wait(SECONDS) == (0 if answer == "y" else 1)
    os.close(ours)
    assert (f"autoconfig 3600 CNAME {HOST}." in owner.zone.lines(served=True)) == (answer == "y")


@pytest.mark.parametrize("path", ["record", "refresh"])
def test_process_that_is_killed_is_gone_on_with(owner: Customer, path: str) -> None:
    was = owner.zone.lines()

    def kill(effect: faults.Effect) -> Answer | None:
        process.send_signal(signal.SIGKILL)
        process.wait(SECONDS)
        effect()
        return None

    owner.server.faults.append(Fault(kill, method="POST", path=f"*/{path}"))
    process = start(*ARGUMENTS)
    assert process.wait(SECONDS) == -signal.SIGKILL
    owner.server.faults.clear()
    assert owner.apply().exit_code == 0
    assert owner.zone.lines(served=True) == owner.zone.lines()
    for journal in reversed(owner.journals()):
        owner.run("--undo", str(journal), "--yes")
    assert owner.zone.lines(served=True) == owner.zone.lines() == was

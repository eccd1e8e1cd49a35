"""Evolution's look-up finds every offer's servers; of each type it takes the last.

It sends no address: `EVOLUTIONUSER` stands for the local part, with a digest beside it. So it is
answered for the domain, and never for a single mailbox of the configuration.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.clients.front import Front
from tests.real.clients.mailboxes import MAILBOXES, UNKNOWN, Mailbox
from tests.real.clients.network import in_place_of
from tests.real.programs import Command, program, running

PROGRAM = Path(__file__).parent / "evolution.py"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
ANSWER_SECONDS = 60


@pytest.fixture(autouse=True)
def trusted(front: Front) -> Iterator[None]:
    """It trusts the CAs of the system."""
    with in_place_of(AUTHORITIES, front.ca):
        yield


def _look_up(address: str, folder: Path) -> tuple[int, str]:
    """The exit status, and all that was said."""
    command: Command = [program("dbus-run-session"), "--", sys.executable, PROGRAM, address]
    env = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    with running(command, folder / "log", env) as process:
        status = process.wait(ANSWER_SECONDS)
    return status, (folder / "log").read_text()


@pytest.mark.parametrize("mailbox", MAILBOXES, ids=lambda each: each.offer)
def test_it_finds_our_servers(front: Front, tmp_path: Path, mailbox: Mailbox) -> None:
    """One URL, over https; every user name is the address."""
    status, said = _look_up(mailbox.address, tmp_path)
    assert status == 0
    assert re.findall(r"^(IMAP|POP3|SMTP): (.+)$", said, re.MULTILINE) == [
        (server.type.upper(), f"{mailbox.address}@{server.host}:{server.port}")
        for server in (*mailbox.incoming, mailbox.outgoing[-1])
    ]
    (asked,) = front.asked()
    assert (asked.scheme, asked.host, asked.status) == (
        "https",
        f"autoconfig.{mailbox.domain}",
        200,
    )
    path = "/mail/config-v1.1.xml?emailaddress=EVOLUTIONUSER%40"
    assert asked.path.startswith(f"{path}{mailbox.domain}&emailmd5=")


def test_unknown_domain_is_not_found(front: Front, tmp_path: Path) -> None:
    """It tries four URLs, none of which leads anywhere, and then the central database."""
    status, said = _look_up(UNKNOWN, tmp_path)
    assert status == 1
    assert "nothing found: Error resolving" in said
    assert [(each.scheme, each.host, each.status) for each in front.asked()] == [
        ("https", "autoconfig.unknown.example", 404),
        ("http", "autoconfig.unknown.example", 404),
        ("https", "unknown.example", 404),
        ("http", "unknown.example", 404),
    ]

"""Evolution's look-up finds every offer's servers; of each type it takes the last.

It sends no address: `EVOLUTIONUSER` stands for the local part, with a digest beside it. So it is
answered for the domain, and never for a single mailbox of the configuration.
"""

import re
from pathlib import Path

import pytest

from tests.real.clients.front import Front
from tests.real.clients.glib import look_up
from tests.real.clients.mailboxes import MAILBOXES, UNKNOWN, Mailbox

pytestmark = pytest.mark.usefixtures("trusted_by_system")


@pytest.mark.parametrize("mailbox", MAILBOXES, ids=lambda each: each.domain)
def test_it_finds_our_servers(front: Front, tmp_path: Path, mailbox: Mailbox) -> None:
    """One URL, over https; every user name is the address."""
    status, said = look_up("evolution", mailbox.address, tmp_path)
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
    status, said = look_up("evolution", UNKNOWN, tmp_path)
    assert status == 1
    assert "nothing found: Error resolving" in said
    assert [(each.scheme, each.host, each.status) for each in front.asked()] == [
        ("https", "autoconfig.unknown.example", 404),
        ("http", "autoconfig.unknown.example", 404),
        ("https", "unknown.example", 404),
        ("http", "unknown.example", 404),
    ]

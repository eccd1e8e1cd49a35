"""Geary finds every offer's servers: of a document, the first incoming and the first outgoing one.

It gives a document up whose first incoming server is no IMAP server. It sends no address.
"""

import re
from pathlib import Path

import pytest

from tests.real.clients.front import Asked, Front
from tests.real.clients.glib import look_up
from tests.real.clients.mailboxes import MAILBOXES, UNKNOWN, Mailbox

pytestmark = pytest.mark.usefixtures("trusted_by_system")


@pytest.mark.parametrize("mailbox", MAILBOXES, ids=lambda each: each.domain)
def test_it_finds_our_servers(front: Front, tmp_path: Path, mailbox: Mailbox) -> None:
    """One URL, over https."""
    status, said = look_up("geary", mailbox.address, tmp_path)
    assert status == 0
    assert re.findall(r"^(?:imap|smtp) .+$", said, re.MULTILINE) == [
        f"{server.type} {server.host} {server.port} {server.socket}"
        for server in (mailbox.incoming[0], mailbox.outgoing[0])
    ]
    path = "/mail/config-v1.1.xml"
    assert front.asked() == [Asked("https", f"autoconfig.{mailbox.domain}", "GET", path, 200)]


def test_unknown_domain_is_not_found(front: Front, tmp_path: Path) -> None:
    """It cannot read the 404, and goes on to the central database."""
    status, said = look_up("geary", UNKNOWN, tmp_path)
    assert status == 1
    assert "nothing found: Error resolving “autoconfig.thunderbird.net”" in said
    assert [(each.host, each.status) for each in front.asked()] == [
        ("autoconfig.unknown.example", 404)
    ]

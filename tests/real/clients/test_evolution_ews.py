"""Evolution's Exchange account finds the Exchange server, and no other offer's."""

from pathlib import Path

import pytest

from tests.real.clients.front import Asked, Front
from tests.real.clients.glib import look_up
from tests.real.clients.mailboxes import CONFIGURED, EXCHANGE, IMAP, UNKNOWN, Mailbox
from tests.support.requests import POX

pytestmark = pytest.mark.usefixtures("trusted_by_system")


@pytest.mark.parametrize("mailbox", EXCHANGE, ids=lambda each: each.domain)
def test_redirect_is_followed(front: Front, tmp_path: Path, mailbox: Mailbox) -> None:
    """It posts to the Exchange server what it posted to us, and gives the password there alone."""
    status, said = look_up("evolution_ews", mailbox.address, tmp_path)
    assert status == 0
    assert said.splitlines()[-1] == mailbox.ews
    asked = front.asked()
    assert asked[0] in [
        Asked("https", host, "POST", POX, 302)
        for host in (mailbox.domain, f"autodiscover.{mailbox.domain}")
    ]
    assert asked[-1] == Asked("https", str(mailbox.exchange), "POST", POX, 200)


@pytest.mark.parametrize(
    "mailbox", [each for each in IMAP if each in CONFIGURED], ids=lambda each: each.domain
)
def test_imap_offers_are_no_exchange(front: Front, tmp_path: Path, mailbox: Mailbox) -> None:
    """It reads the settings, and finds no Exchange server in them.

    Where the zone has OVHcloud's record for Outlook, it goes to that host after us.
    """
    status, said = look_up("evolution_ews", mailbox.address, tmp_path)
    assert status == 1
    assert "nothing found: Failed to find <ASUrl> in autodiscover response" in said
    assert {each.status for each in front.asked()} == {200}


def test_unknown_domain_is_not_found(front: Front, tmp_path: Path) -> None:
    """Every URL is tried, and none leads anywhere."""
    status, said = look_up("evolution_ews", UNKNOWN, tmp_path)
    assert status == 1
    assert "nothing found: Not Found" in said
    assert {each.status for each in front.asked()} == {404}

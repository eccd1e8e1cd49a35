"""Delta Chat core goes to the servers of the answer, with the full address as login."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.clients.deltachat import DeltaChat, RefusedError, delta_chat
from tests.real.clients.front import Asked, Front
from tests.real.clients.mail import Login, MailServers
from tests.real.clients.mailboxes import MAIL_HOSTS, MAILBOXES, UNKNOWN, WEB_ADDRESS, Mailbox
from tests.real.programs import wait_for
from tests.support.requests import POX


@pytest.fixture
def deltachat(front: Front, tmp_path: Path) -> Iterator[DeltaChat]:
    with delta_chat(tmp_path) as running:
        yield running


@pytest.mark.parametrize("mailbox", MAILBOXES, ids=lambda each: each.domain)
def test_it_logs_in_to_our_servers(
    front: Front, mail: MailServers, deltachat: DeltaChat, mailbox: Mailbox
) -> None:
    """It asks one URL, and logs in to the first IMAP and the first SMTP server of the answer.

    Until IMAP has refused it, it goes on with the next SMTP server.
    """
    with pytest.raises(RefusedError, match=f"IMAP failed to login as {mailbox.address}"):
        deltachat.configure(mailbox.address)
    path = f"/mail/config-v1.1.xml?emailaddress=alice%40{mailbox.domain.replace('-', '%2D')}"
    assert set(front.asked()) == {Asked("https", f"autoconfig.{mailbox.domain}", "GET", path, 200)}
    imap, *smtp = (
        Login(MAIL_HOSTS[server.host], server.port, mailbox.address)
        for server in (mailbox.incoming[0], *mailbox.outgoing)
    )
    wait_for(lambda: {imap, smtp[0]} <= set(mail.logins), "SMTP, which it tries beside IMAP")
    sending = [login for login in mail.logins if login != imap]
    assert sending == smtp[: len(sending)]


def test_unknown_domain_is_not_found(front: Front, mail: MailServers, deltachat: DeltaChat) -> None:
    """It tries all its URLs and then guesses, so it never goes to a server of OVHcloud."""
    with pytest.raises(RefusedError):
        deltachat.configure(UNKNOWN)
    assert {(each.host, each.path.partition("?")[0]) for each in front.asked()} == {
        ("autoconfig.unknown.example", "/mail/config-v1.1.xml"),
        ("unknown.example", "/.well-known/autoconfig/mail/config-v1.1.xml"),
        ("unknown.example", POX),
        ("autodiscover.unknown.example", POX),
    }
    assert {each.status for each in front.asked()} == {404}
    assert {login.address for login in mail.logins} == {WEB_ADDRESS}

"""exchangelib 4.9, the last that asks for Autodiscover in plain old XML, as Outlook does."""

from collections.abc import Iterator

import pytest
from exchangelib import Credentials
from exchangelib.autodiscover import clear_cache, close_connections, discover
from exchangelib.errors import AutoDiscoverFailed

from tests.real.clients.front import Asked, Front
from tests.real.clients.mailboxes import EXCHANGE, IMAP, NO_CERTIFICATE, UNKNOWN, Mailbox
from tests.support.requests import POX

ASKED_POX = "/Autodiscover/Autodiscover.xml"  # with capitals


@pytest.fixture(autouse=True)
def trusted(front: Front, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It trusts the throw-away CA, and knows nothing of other tests."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(front.ca))
    yield
    close_connections()
    clear_cache()


def _endpoint(address: str) -> str:
    _, protocol = discover(address, Credentials(address, "secret"))
    return str(protocol.service_endpoint)


@pytest.mark.parametrize("mailbox", EXCHANGE, ids=lambda each: each.domain)
def test_redirect_is_followed(front: Front, mailbox: Mailbox) -> None:
    """It follows the 302 to the Exchange server with its password, and gets the endpoint there."""
    assert _endpoint(mailbox.address) == f"https://{mailbox.exchange}/EWS/Exchange.asmx"
    asked = front.asked()
    assert asked[0] == Asked("https", mailbox.domain, "POST", ASKED_POX, 302)
    assert asked[-1] == Asked("https", str(mailbox.exchange), "POST", POX, 200)


def test_redirect_without_a_certificate(front: Front) -> None:
    """Where no name of the domain has a certificate, the GET over plain http leads there too."""
    assert _endpoint(NO_CERTIFICATE) == f"https://{EXCHANGE[0].exchange}/EWS/Exchange.asmx"
    host = "autodiscover.no-certificate.example"
    assert front.asked()[0] == Asked("http", host, "GET", ASKED_POX, 302)


@pytest.mark.parametrize("mailbox", IMAP, ids=lambda each: each.domain)
def test_imap_offers_are_no_exchange(front: Front, mailbox: Mailbox) -> None:
    """It reads the settings, and finds no Exchange server in them."""
    with pytest.raises(ValueError, match=r"No EWS URL found") as raised:
        _endpoint(mailbox.address)
    for server in (*mailbox.incoming, *mailbox.outgoing[:1]):
        assert f"server='{server.host}', port={server.port}" in str(raised.value)
    assert front.asked()[0] == Asked("https", mailbox.domain, "POST", ASKED_POX, 200)


def test_unknown_domain_is_not_found(front: Front) -> None:
    """Every URL is tried, and none leads anywhere."""
    with pytest.raises(AutoDiscoverFailed):
        _endpoint(UNKNOWN)
    assert {each.status for each in front.asked()} == {404}

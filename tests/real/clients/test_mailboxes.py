"""The mailboxes that the clients are given."""

from pathlib import Path

from autoconfig.config.load import load_config
from autoconfig.names import EmailAddress
from autoconfig.offers.catalogue import load_catalogue
from tests.real.clients.mailboxes import (
    BY_MX,
    CONFIGURED,
    DETECTED,
    NO_CERTIFICATE,
    UNKNOWN,
    configuration,
)


def test_every_offer_has_a_mailbox() -> None:
    assert [mailbox.offer for mailbox in CONFIGURED] == list(load_catalogue().offers)


def test_configuration_serves_those_that_dns_does_not_tell(tmp_path: Path) -> None:
    (tmp_path / "autoconfig.toml").write_text(configuration())
    served = load_config(tmp_path / "autoconfig.toml").served
    for mailbox in CONFIGURED:
        service = served.find(EmailAddress.parse(mailbox.address))
        assert service
        assert service.servers == mailbox.service.servers
    assert served.find(EmailAddress.parse(NO_CERTIFICATE))
    for address in (UNKNOWN, *(mailbox.address for mailbox in (*DETECTED, *BY_MX))):
        assert served.find(EmailAddress.parse(address)) is None

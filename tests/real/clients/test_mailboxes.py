"""The mailboxes that the clients are given."""

from autoconfig.offers.catalogue import load_catalogue
from tests.real.clients.mailboxes import MAILBOXES


def test_every_offer_has_a_mailbox() -> None:
    assert {mailbox.offer for mailbox in MAILBOXES} == set(load_catalogue().offers)

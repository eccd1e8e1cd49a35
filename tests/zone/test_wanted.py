"""The names that a plan looks at."""

import pytest

from autoconfig.zone.wanted import names_of_interest
from tests.support.plans import DOMAIN
from tests.support.services import service_of

WEB = ("CNAME", "A", "AAAA", "TXT")
NAMES = {
    "example.fr.": ("MX",),
    "autoconfig.example.fr.": WEB,
    "autodiscover.example.fr.": WEB,
    "_autodiscover._tcp.example.fr.": ("SRV",),
    "_imaps._tcp.example.fr.": ("SRV",),
    "_pop3s._tcp.example.fr.": ("SRV",),
    "_submission._tcp.example.fr.": ("SRV",),
    "_submissions._tcp.example.fr.": ("SRV",),
    "_smtps._tcp.example.fr.": ("SRV",),
    "_imap._tcp.example.fr.": ("SRV",),
    "_pop3._tcp.example.fr.": ("SRV",),
}
CALENDARS = {"_caldavs._tcp.example.fr.": ("SRV", "TXT")}


@pytest.mark.parametrize(
    ("offer", "names"), [("mx-plan", NAMES), ("zimbra-starter", NAMES | CALENDARS)]
)
def test_names_are_those_that_mail_programs_look_at(
    offer: str, names: dict[str, tuple[str, ...]]
) -> None:
    assert names_of_interest(DOMAIN, service_of(offer)) == names


def test_names_of_a_service_that_is_not_known_yet_are_those_of_any() -> None:
    assert names_of_interest(DOMAIN, None) == NAMES | CALENDARS

"""The rule, read as a table: from the records of a zone to the offer, and to what they mean."""

from typing import NamedTuple

import pytest

from autoconfig.detect.records import LookUpFailed
from autoconfig.detect.rule import Advice, Confidence, Finding, Reading, decide
from autoconfig.detect.signs import Signs
from tests.support.records import records_of
from tests.support.services import CATALOGUE
from tests.support.zone_records import records
from tests.support.zones import ZONES, Expected, Zone

SIGNS = Signs.of(CATALOGUE)

EUROPE, CANADA, FOREIGN = "MX 1 mx0.mail.ovh.net", "MX 1 mx0.mail.ovh.ca", "MX 1 mx.example.com"
EXCHANGE, EMAIL_PRO = "SRV 0 0 443 ex5.mail.ovh.net", "SRV 0 0 443 pro1.mail.ovh.net"
ZIMBRA, OLD_EMAIL_PRO = "SRV 0 0 443 zimbra1.mail.ovh.net", "SRV 0 0 443 autodiscover.mail.ovh.net"
DKIM = "DKIM ovhmo-selector-1._domainkey.1234567.rw.dkim.mail.ovh.net"


class Found(NamedTuple):
    """The words of a finding, in its order, and the advice."""

    finding: str
    advice: Advice


FINDINGS = {
    # MX decides whether, and where.
    "no-mx": ((), Found("none", Advice.NO_MAIL)),
    "null-mx": (("MX 0 .",), Found("none", Advice.NO_MAIL)),
    "mail-elsewhere": ((FOREIGN, EXCHANGE), Found("none", Advice.ELSEWHERE)),
    "mail-elsewhere-too": ((EUROPE, FOREIGN), Found("none", Advice.ELSEWHERE)),
    "forwarding": (("MX 1 redirect.ovh.net",), Found("none", Advice.NO_MAILBOX)),
    "forwarding-too": ((EUROPE, "MX 1 redirect.ovh.net"), Found("none", Advice.NO_MAILBOX)),
    "europe": ((EUROPE,), Found("guess mx-plan eu", Advice.CHECK_OFFER)),
    "canada": ((CANADA,), Found("guess mx-plan ca", Advice.CHECK_OFFER)),
    "before-2016": (("MX 1 mx1.ovh.net",), Found("guess mx-plan eu", Advice.CHECK_OFFER)),
    "two-regions": ((EUROPE, CANADA), Found("undecided", Advice.SEVERAL_REGIONS)),
    "without-mailboxes": (
        ("MX 1 mx4.mail.ovh.net", "MX 10 mx3.mail.ovh.net"),
        Found("guess mx-plan eu", Advice.PERHAPS_NO_MAILBOX),
    ),
    "almost-as-without-mailboxes": (
        ("MX 1 mx4.mail.ovh.net", "MX 10 mx3.mail.ovh.net", "MX 20 mx2.mail.ovh.net"),
        Found("guess mx-plan eu", Advice.CHECK_OFFER),
    ),
    # SRV decides which.
    "exchange": (
        (EUROPE, EXCHANGE),
        Found("known exchange-hosted eu ex5.mail.ovh.net", Advice.CONFIGURE),
    ),
    "exchange-in-canada": (
        (CANADA, "SRV 0 0 443 ex.mail.ovh.ca"),
        Found("known exchange-hosted ca ex.mail.ovh.ca", Advice.CONFIGURE),
    ),
    "email-pro": (
        (EUROPE, EMAIL_PRO),
        Found("known email-pro eu pro1.mail.ovh.net", Advice.CONFIGURE),
    ),
    "number-never-seen": (
        (EUROPE, "SRV 0 0 443 ex77.mail.ovh.net"),
        Found("known exchange-hosted eu ex77.mail.ovh.net", Advice.CHECK_NUMBER),
    ),
    "zimbra": ((EUROPE, ZIMBRA), Found("known zimbra-starter eu", Advice.CHECK_LEVEL)),
    "email-pro-of-older-times": (
        (EUROPE, OLD_EMAIL_PRO),
        Found("undecided email-pro eu", Advice.FIND_SERVER),
    ),
    "two-services": (
        (EUROPE, EXCHANGE, EMAIL_PRO),
        Found("undecided - eu", Advice.SEVERAL_SERVICES),
    ),
    "two-services-in-order": (
        (EUROPE, EXCHANGE.replace("0 0", "1 0"), EMAIL_PRO),
        Found("known email-pro eu pro1.mail.ovh.net", Advice.CONFIGURE),
    ),
    "same-service-twice": (
        (EUROPE, EXCHANGE, EXCHANGE.replace("0 0", "0 9")),
        Found("known exchange-hosted eu ex5.mail.ovh.net", Advice.CONFIGURE),
    ),
    # MX that is a service's own host tells it, unless SRV says otherwise.
    "straight-to-exchange": (
        ("MX 1 ex4.mail.ovh.net",),
        Found("known exchange-hosted eu ex4.mail.ovh.net", Advice.CONFIGURE),
    ),
    "straight-to-exchange-and-old-record": (
        ("MX 1 ex4.mail.ovh.net", OLD_EMAIL_PRO),
        Found("known exchange-hosted eu ex4.mail.ovh.net", Advice.CONFIGURE),
    ),
    "straight-to-exchange-and-email-pro": (
        ("MX 1 ex4.mail.ovh.net", EMAIL_PRO),
        Found("known email-pro eu pro1.mail.ovh.net", Advice.CONFIGURE),
    ),
    "straight-to-exchange-and-not": (
        ("MX 1 ex4.mail.ovh.net", EUROPE),
        Found("known exchange-hosted eu ex4.mail.ovh.net", Advice.CONFIGURE),
    ),
    "straight-to-two": (
        ("MX 1 ex4.mail.ovh.net", "MX 1 ex5.mail.ovh.net"),
        Found("undecided - eu", Advice.SEVERAL_SERVICES),
    ),
    "straight-to-exchange-of-another-region": (
        ("MX 1 ex4.mail.ovh.net", CANADA),
        Found("undecided", Advice.SEVERAL_REGIONS),
    ),
    # DKIM is the last that tells more than MX.
    "dkim": ((EUROPE, DKIM), Found("guess zimbra-starter eu", Advice.CHECK_OFFER)),
    "dkim-beside-a-service": (
        (EUROPE, EMAIL_PRO, DKIM),
        Found("known email-pro eu pro1.mail.ovh.net", Advice.CONFIGURE),
    ),
    "dkim-beside-an-offer": (
        (EUROPE, OLD_EMAIL_PRO, DKIM),
        Found("undecided email-pro eu", Advice.FIND_SERVER),
    ),
    "dkim-of-another-region": ((CANADA, DKIM), Found("guess mx-plan ca", Advice.CHECK_OFFER)),
}


class Seen(NamedTuple):
    """A zone, and one of its records with what it means and tells by itself."""

    lines: tuple[str, ...]
    record: str
    reading: Reading
    offer: str | None = None
    region: str | None = None


READINGS = {
    "no-mx": Seen((), "", Reading.NO_MX),
    "null-mx": Seen(("MX 0 .",), "MX 0 .", Reading.NULL_MX),
    "foreign": Seen((FOREIGN,), FOREIGN, Reading.FOREIGN),
    "forwarding": Seen(("MX 1 redirect.ovh.net",), "MX 1 redirect.ovh.net", Reading.NO_MAILBOX),
    "foreign-beside-ours": Seen((EUROPE, FOREIGN), EUROPE, Reading.FAMILY, None, "eu"),
    "family": Seen((CANADA,), CANADA, Reading.FAMILY, None, "ca"),
    "family-of-two-regions": Seen((EUROPE, CANADA), CANADA, Reading.FAMILY, None, "ca"),
    "without-mailboxes": Seen(
        ("MX 1 mx4.mail.ovh.net", "MX 10 mx3.mail.ovh.net"),
        "MX 1 mx4.mail.ovh.net",
        Reading.PERHAPS_NO_MAILBOX,
        None,
        "eu",
    ),
    "own-host": Seen(
        ("MX 1 ex4.mail.ovh.net", EMAIL_PRO),
        "MX 1 ex4.mail.ovh.net",
        Reading.OWN_HOST,
        "exchange-hosted",
        "eu",
    ),
    "service": Seen((EUROPE, EXCHANGE), EXCHANGE, Reading.SERVICE, "exchange-hosted", "eu"),
    "service-behind-another": Seen(
        (EUROPE, "SRV 9 0 443 ex5.mail.ovh.net", ZIMBRA),
        "SRV 9 0 443 ex5.mail.ovh.net",
        Reading.SERVICE,
        "exchange-hosted",
        "eu",
    ),
    "default-record": Seen(
        (EUROPE, "SRV 0 0 443 mailconfig.ovh.net"),
        "SRV 0 0 443 mailconfig.ovh.net",
        Reading.DEFAULT_RECORD,
    ),
    "server-unknown": Seen(
        (EUROPE, OLD_EMAIL_PRO, EXCHANGE),
        OLD_EMAIL_PRO,
        Reading.SERVER_UNKNOWN,
        "email-pro",
        "eu",
    ),
    "not-available": Seen((EUROPE, "SRV 0 0 0 ."), "SRV 0 0 0 .", Reading.NOT_AVAILABLE),
    "other-port": Seen(
        (EUROPE, "SRV 0 0 80 ex5.mail.ovh.net"),
        "SRV 0 0 80 ex5.mail.ovh.net",
        Reading.IGNORED_PORT,
    ),
    "other-region": Seen((CANADA, EXCHANGE), EXCHANGE, Reading.IGNORED_REGION),
    "offer-of-another-region": Seen((CANADA, OLD_EMAIL_PRO), OLD_EMAIL_PRO, Reading.IGNORED_REGION),
    "other-host": Seen(
        (EUROPE, "SRV 0 0 443 ex5\\.mail.ovh.net"),
        "SRV 0 0 443 ex5\\.mail.ovh.net",
        Reading.IGNORED_HOST,
    ),
    "dkim": Seen((EUROPE, DKIM, EMAIL_PRO), DKIM, Reading.DKIM, "zimbra-starter", "eu"),
}


def _words(finding: Finding) -> str:
    return " ".join(each or "-" for each in finding).rstrip(" -")


@pytest.mark.parametrize(("lines", "found"), FINDINGS.values(), ids=list(FINDINGS))
def test_zone_has_this_offer(lines: tuple[str, ...], found: Found) -> None:
    finding, _, advice = decide(records_of(*lines), SIGNS)
    assert (_words(finding), advice) == found


@pytest.mark.parametrize("lines", [lines for lines, _ in FINDINGS.values()], ids=list(FINDINGS))
def test_order_of_the_records_decides_nothing(lines: tuple[str, ...]) -> None:
    found, turned = decide(records_of(*lines), SIGNS), decide(records_of(*reversed(lines)), SIGNS)
    assert (found.finding, found.advice) == (turned.finding, turned.advice)
    assert {*found.signs} == {*turned.signs}


@pytest.mark.parametrize("seen", READINGS.values(), ids=list(READINGS))
def test_record_has_this_meaning(seen: Seen) -> None:
    kind, _, value = seen.record.partition(" ")
    told = [each for each in decide(records_of(*seen.lines), SIGNS).signs if each.value == value]
    assert told == [(kind or "MX", value, seen.reading, seen.offer, seen.region)]


def test_tables_have_every_reading_and_every_advice() -> None:
    assert {seen.reading for seen in READINGS.values()} == {*Reading}
    assert {found.advice for _, found in FINDINGS.values()} == {*Advice}


def test_rule_never_says_that_a_look_up_failed() -> None:
    assert {found.finding.split()[0] for _, found in FINDINGS.values()} == {*Confidence} - {
        Confidence.FAILED
    }


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize(("region", "name"), [("eu", "net"), ("ca", "ca")])
def test_every_mail_exchanger_of_a_region_tells_it(number: int, region: str, name: str) -> None:
    found = decide(records_of(f"MX 0 mx{number}.mail.ovh.{name}"), SIGNS).finding
    assert found == (Confidence.GUESS, "mx-plan", region, None)


# ------------------------------------------------------------------------------ zones of customers


def _found(zone: Zone, selectors: tuple[str, ...]) -> Expected:
    try:
        found = decide(records(zone, selectors), SIGNS).finding
    except LookUpFailed:
        found = Finding(Confidence.FAILED)
    return Expected(*found)


every_zone = pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.id)


@every_zone
def test_zone_of_a_customer_has_the_offer_that_a_person_reads(zone: Zone) -> None:
    assert _found(zone, SIGNS.dkim_selectors) == zone.expected


@every_zone
def test_zone_of_a_customer_has_it_for_a_server_that_does_not_ask_for_dkim(zone: Zone) -> None:
    assert _found(zone, ()) == zone.served

"""Whether a zone still tells the offer that the configuration has."""

from dataclasses import replace

import pytest
from msgspec import structs

from autoconfig.offers.model import Service
from autoconfig.zone.compare import make_plan
from autoconfig.zone.plan import What
from tests.support.plans import DOMAIN, TARGET, held, planned
from tests.support.services import CATALOGUE, service_of

MX_PLAN, CANADA = service_of("mx-plan"), service_of("mx-plan", "ca")
ASIA = service_of("mx-plan", "apac")
ZIMBRA, ZIMBRA_PRO = service_of("zimbra-starter"), service_of("zimbra-pro")
PRO = service_of("email-pro", server="pro1")
EXCHANGE = service_of("exchange-hosted", server="ex4")
PRIVATE = service_of("exchange-private", server="mail.example.com")

EUROPE, ELSEWHERE = "@ MX 1 mx0.mail.ovh.net.\n", "@ MX 1 mx.example.\n"
SRV = "_autodiscover._tcp SRV 0 0 443"

AGREEING = {
    "nobody-looked": (PRO, ""),
    "mx": (MX_PLAN, EUROPE),
    "mx-of-canada": (CANADA, "@ MX 1 mx0.mail.ovh.ca."),
    "mx-of-canada-for-asia": (ASIA, "@ MX 1 mx0.mail.ovh.ca."),
    "mx-of-before-2016": (MX_PLAN, "@ MX 1 mx1.ovh.net."),
    "mx-of-zimbra": (ZIMBRA, EUROPE),
    "mx-of-email-pro": (PRO, EUROPE),
    "mx-before-a-foreign-one": (PRO, f"{EUROPE}@ MX 10 mx.example."),
    "left-over": (EXCHANGE, f"{EUROPE}{SRV} mailconfig.ovh.net."),
    "old-record": (PRO, f"{EUROPE}{SRV} autodiscover.mail.ovh.net."),
    "old-record-of-another": (EXCHANGE, f"{EUROPE}{SRV} autodiscover.mail.ovh.net."),
    "service": (EXCHANGE, f"{EUROPE}{SRV} ex4.mail.ovh.net."),
    "level-of-zimbra": (ZIMBRA_PRO, f"{EUROPE}{SRV} zimbra1.mail.ovh.net."),
    "straight": (EXCHANGE, "@ MX 1 ex4.mail.ovh.net."),
    "own-host": (PRIVATE, f"@ MX 1 mail.example.com.\n{SRV} mail.example.com."),
    "own-host-by-the-usual-mx": (PRIVATE, EUROPE),
    "own-host-and-old-record": (PRIVATE, f"{ELSEWHERE}{SRV} autodiscover.mail.ovh.net."),
    "own-host-and-other-port": (PRIVATE, f"{ELSEWHERE}{SRV[:-3]}80 ex4.mail.ovh.net."),
}


@pytest.mark.parametrize(("service", "zone"), AGREEING.values(), ids=AGREEING)
def test_dns_agrees_or_tells_nothing(service: Service, zone: str) -> None:
    plan = planned(service, zone)
    assert plan.agrees
    assert not plan.remarks


DISAGREEING = {
    "other-number": (EXCHANGE, f"{EUROPE}{SRV} ex5.mail.ovh.net.", What.OTHER_SERVICE),
    "other-offer": (EXCHANGE, f"{EUROPE}{SRV} pro1.mail.ovh.net.", What.OTHER_SERVICE),
    "zimbra": (MX_PLAN, f"{EUROPE}{SRV} zimbra1.mail.ovh.net.", What.OTHER_SERVICE),
    "straight-to-exchange": (MX_PLAN, "@ MX 1 ex4.mail.ovh.net.", What.OTHER_SERVICE),
    "other-service-than-the-own-host": (
        PRIVATE,
        f"{ELSEWHERE}{SRV} ex4.mail.ovh.net.",
        What.OTHER_SERVICE,
    ),
    "other-service-than-the-own-host-and-an-old-record": (
        PRIVATE,
        f"{ELSEWHERE}{SRV} autodiscover.mail.ovh.net.\n{SRV} ex4.mail.ovh.net.",
        What.OTHER_SERVICE,
    ),
    "two-services": (
        EXCHANGE,
        f"{EUROPE}{SRV} ex4.mail.ovh.net.\n{SRV} pro1.mail.ovh.net.",
        What.SEVERAL_SERVICES,
    ),
    "elsewhere": (MX_PLAN, ELSEWHERE, What.MAIL_ELSEWHERE),
    "elsewhere-too": (MX_PLAN, f"{EUROPE}{ELSEWHERE}", What.MAIL_ELSEWHERE),
    "no-mail": (MX_PLAN, "@ MX 0 .", What.NO_MAIL),
    "forwarding": (MX_PLAN, "@ MX 1 redirect.ovh.net.", What.MAIL_ELSEWHERE),
    "other-region": (CANADA, EUROPE, What.MAIL_ELSEWHERE),
    "two-regions": (MX_PLAN, f"{EUROPE}@ MX 1 mx0.mail.ovh.ca.", What.MAIL_ELSEWHERE),
    "other-region-and-service": (
        EXCHANGE,
        f"@ MX 1 mx0.mail.ovh.ca.\n{SRV} ex4.mail.ovh.net.",
        What.MAIL_ELSEWHERE,
    ),
}


@pytest.mark.parametrize(("service", "zone", "what"), DISAGREEING.values(), ids=DISAGREEING)
def test_dns_that_tells_another_offer_is_said(service: Service, zone: str, what: What) -> None:
    plan = planned(service, zone)
    assert [remark.what for remark in plan.remarks] == [what]
    assert not plan.agrees
    assert not plan.settled


def test_offer_of_the_operators_own_that_has_no_mx_is_told_by_no_zone() -> None:
    region = MX_PLAN.offer.region["eu"]
    own = structs.replace(region, dns=structs.replace(region.dns, mx=()))
    offer = structs.replace(MX_PLAN.offer, region={"eu": own})
    catalogue = replace(CATALOGUE, offers={**CATALOGUE.offers, offer.id: offer})
    service = structs.replace(MX_PLAN, offer=offer)
    assert make_plan(DOMAIN, service, held(ELSEWHERE), TARGET, catalogue).agrees


def test_remark_says_what_dns_tells_and_what_the_configuration_has() -> None:
    (remark,) = planned(EXCHANGE, f"{EUROPE}{SRV} pro1.mail.ovh.net.").remarks
    assert remark.values == {
        "told": f"Email Pro ({PRO.host})",
        "has": f"Hosted Exchange ({EXCHANGE.host})",
    }


def test_region_is_named_where_mail_goes_to_another_one_of_the_offer() -> None:
    """Without it, nobody sees that the mail servers are those of the offer elsewhere."""
    (remark,) = planned(CANADA, EUROPE).remarks
    assert remark.values["has"] == f"{CANADA.offer.name} ({CANADA.region})"


def test_hosts_of_mail_that_goes_elsewhere_are_named() -> None:
    zone = "@ MX 1 a.example.\n@ MX 1 b.example.\n@ MX 2 c.example."
    (remark,) = planned(MX_PLAN, zone).remarks
    assert remark.values["hosts"] == "a.example, b.example"


def test_filter_in_front_of_the_service_is_only_said() -> None:
    plan = planned(EXCHANGE, f"{ELSEWHERE}{SRV} ex4.mail.ovh.net.")
    assert [remark.what for remark in plan.remarks] == [What.FILTER]
    assert plan.agrees

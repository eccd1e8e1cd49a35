"""Zones that Hypothesis makes up: whatever they hold, an offer of the data is found, or none is.

Whoever owns a zone may choose among OVHcloud's own servers, and no more.
"""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from autoconfig.detect.records import Mx, Records, Srv
from autoconfig.detect.rule import Advice, Confidence, Finding, decide
from autoconfig.detect.signs import Signs
from autoconfig.offers.hosting import Numbered, Own
from autoconfig.offers.model import Region
from tests.support.services import CATALOGUE

SIGNS = Signs.of(CATALOGUE)
REGIONS = [region for offer in CATALOGUE.offers.values() for region in offer.region.values()]

WORDS = (
    *("mx", "mx0", "mx3", "mx4", "mxb", "redirect", "mailconfig", "autodiscover", "imap", "dkim"),
    *("ex", "ex0", "ex1", "ex5", "ex05", "ex99", "ex100", "pro", "pro1", "pro77", "zimbra1"),
    *(
        "mail",
        "ovh",
        "net",
        "ca",
        "com",
        "example",
        "",
        "*",
        "-",
        "{server}",
        "é",
        "\\000",
        "ex5\\",
    ),
)
MX = sorted(SIGNS.families)
OBSERVED = [
    host
    for region in REGIONS
    if isinstance(region.server, Numbered)
    for host in region.server.observed
]
labels = st.sampled_from(WORDS) | st.text(max_size=6)
ends = st.sampled_from((".mail.ovh.net", ".mail.ovh.ca", ".ovh.net", "\\.mail.ovh.net", ""))
hosts = st.builds(lambda first, end: ".".join(first) + end, st.lists(labels, max_size=3), ends)
numbers = st.integers(0, 65535)
few = st.integers(0, 2)
zones = st.builds(
    Records,
    st.lists(st.builds(Mx, few | numbers, st.sampled_from(MX) | hosts), max_size=5).map(tuple),
    st.lists(
        st.builds(Srv, few, few, st.just(443) | numbers, st.sampled_from(OBSERVED) | hosts),
        max_size=5,
    ).map(tuple),
    st.dictionaries(st.sampled_from(SIGNS.dkim_selectors), hosts),
)


def _region(finding: Finding) -> Region:
    return CATALOGUE.offers[str(finding.offer)].region[str(finding.region)]


@given(zones)
def test_found_service_can_be_configured(records: Records) -> None:
    finding = decide(records, SIGNS).finding
    if finding.confidence in (Confidence.KNOWN, Confidence.GUESS):
        service, _ = CATALOGUE.service(str(finding.offer), str(finding.region), finding.server)
        assert (service.offer.id, service.region, service.host) == finding[1:]


@given(zones)
def test_host_that_is_published_is_one_of_the_data(records: Records) -> None:
    finding = decide(records, SIGNS).finding
    if finding.offer:
        region = _region(finding)
        assert not isinstance(region.server, Own)
        assert finding.server is None or region.server.accepts(finding.server)


@given(zones)
def test_known_service_is_named_by_srv_or_by_the_best_mx(records: Records) -> None:
    finding = decide(records, SIGNS).finding
    if finding.confidence is Confidence.KNOWN:
        dns = _region(finding).dns
        targets = {each.host for each in records.srv if each.port == 443}
        assert finding.server in {*targets, *_best(records)} or dns.autodiscover_srv in targets


@given(zones)
def test_offer_has_the_best_mx_of_the_zone(records: Records) -> None:
    finding = decide(records, SIGNS).finding
    ours = [host in SIGNS.families or _is_direct(host) for host in _best(records)]
    assert (finding.confidence is Confidence.NONE) == (not ours or not all(ours))
    if finding.offer:
        mx = {each.host for each in _region(finding).dns.mx}
        assert all(mx & {*_shared(host)} or _is_direct(host) for host in _best(records))


def _best(records: Records) -> list[str]:
    lowest = min((each.preference for each in records.mx), default=0)
    return [each.host for each in records.mx if each.preference == lowest]


def _shared(host: str) -> Iterator[str]:
    """The MX of those who have this one."""
    for each in SIGNS.families.get(host, ()):
        yield from (record.host for record in each.dns.mx)


def _is_direct(host: str) -> bool:
    return any(region.dns.mx_direct and region.server.accepts(host) for region in REGIONS)


@given(zones, st.randoms())
def test_order_of_the_records_decides_nothing(records: Records, chance: Random) -> None:
    mx, srv = [*records.mx], [*records.srv]
    chance.shuffle(mx)
    chance.shuffle(srv)
    shuffled = decide(Records(tuple(mx), tuple(srv), records.dkim), SIGNS)
    assert shuffled.finding == decide(records, SIGNS).finding


@given(zones)
def test_each_record_that_counts_is_shown_with_what_it_means(records: Records) -> None:
    finding, signs, advice = decide(records, SIGNS)
    shown = [sign.value for sign in signs if sign.record == "MX"]
    best = [each for each in records.mx if each.host in _best(records)]
    assert len(shown) == max(1, len(_best(records)))
    assert advice in Advice
    assert best or shown == [""]
    if finding.confidence is not Confidence.NONE:
        assert [sign.record for sign in signs].count("SRV") == len(records.srv)


@pytest.mark.parametrize("confidence", [*Confidence][:-1])
def test_such_zones_lead_to_every_kind_of_finding(confidence: Confidence) -> None:
    quickly = settings(phases=[Phase.generate], max_examples=5000, database=None)
    found = find(
        zones,
        lambda records: decide(records, SIGNS).finding.confidence is confidence,
        settings=quickly,
    )
    assert decide(found, SIGNS).finding.confidence is confidence

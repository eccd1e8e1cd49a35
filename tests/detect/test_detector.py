"""The detector: the service of a domain, what is kept of it, and who waits for it."""

import asyncio
import gc
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from ipaddress import ip_address
from typing import TypeVar

import pytest

from autoconfig import errors
from autoconfig.detect.detector import PATIENCE, RESERVED, Detector, is_own
from autoconfig.detect.findings import (
    FAILURE_FRESH,
    GOOD,
    HIT,
    LEAST_FRESH,
    MOST_FRESH,
    NOTHING_FRESH,
    REFUSED,
    Findings,
)
from autoconfig.detect.flights import of_this_process
from autoconfig.detect.records import SECONDS, LookUpFailed, Mx, Reached, Records, Srv
from autoconfig.detect.rule import Confidence, Finding
from autoconfig.names import Domain
from autoconfig.offers.catalogue import Catalogue, load_catalogue
from autoconfig.offers.hosting import Numbered
from autoconfig.offers.model import Service
from tests.support.clock import Clock
from tests.support.running import until

Answer = TypeVar("Answer")
CATALOGUE = load_catalogue()
DOMAIN, OTHER = Domain("customer.com"), Domain("other.com")
TTL = 1000

OURS = (Mx(1, "mx1.mail.ovh.net"),)
PRO1 = Records(OURS, (Srv(0, 0, 443, "pro1.mail.ovh.net"),), ttl=TTL)
PLAN = Records(OURS, ttl=TTL)
ELSEWHERE = Records((Mx(1, "mx.elsewhere.example"),), ttl=TTL)
UNKNOWN_SERVER = Records(OURS, (Srv(0, 0, 443, "autodiscover.mail.ovh.net"),), ttl=TTL)
FAILURE = LookUpFailed("SERVFAIL")
AGES = 60.0
"""Seconds of a look-up where it is not its deadline that a test is about."""


class Zones:
    """What the DNS says, without any.

    `seconds`: how long it takes. `may_answer`: what must have come true besides.
    """

    def __init__(self, **zones: Records | Exception) -> None:
        """`zones`: by the domain, with a dot for each `_`."""
        self.zones = {name.replace("_", "."): zone for name, zone in zones.items()}
        self.hosts: dict[str, Reached | Exception] = {}
        self.asked: list[str] = []
        self.seconds = 0.0
        self.may_answer: Callable[[], bool] = lambda: True

    async def records(
        self, domain: Domain, dkim: Sequence[str] = (), seconds: float = SECONDS
    ) -> Records:
        self.asked.append(domain)
        await self._take_time()
        return answered(self.zones.get(domain, ELSEWHERE))

    async def reached(self, host: Domain, seconds: float = SECONDS) -> Reached:
        self.asked.append(host)
        await self._take_time()
        return answered(self.hosts.get(host, Reached()))

    async def _take_time(self) -> None:
        await asyncio.sleep(self.seconds)
        while not self.may_answer():
            await asyncio.sleep(0.001)


def answered(answer: Answer | Exception) -> Answer:
    if isinstance(answer, Exception):
        raise type(answer)(*answer.args)  # as each one keeps where it was raised
    return answer


class Made:
    """A detector, and all that it is made of."""

    def __init__(self, zones: Zones, findings: Findings | None = None) -> None:
        self.zones = zones
        self.clock = Clock()
        self.findings = findings or Findings(self.clock)
        self.counted: list[tuple[str, float]] = []
        self.detector = self.with_catalogue(CATALOGUE)

    def with_catalogue(self, catalogue: Catalogue, seconds: float = AGES) -> Detector:
        """One that takes the place of another."""
        counted = self.counted

        def count(result: str, took: float) -> None:
            counted.append((result, took))

        return Detector(catalogue, self.zones, self.findings, count, seconds)

    def results(self) -> list[str]:
        return [result for result, _ in self.counted]

    def waiting(self) -> int:
        """How many requests wait for a look-up: nothing else tells when all have come."""
        return of_this_process(self.findings.flights)._waiting


def made(**zones: Records | Exception) -> Made:
    return Made(Zones(**zones))


def offer(service: Service | None) -> tuple[str, str, str | None] | None:
    return (service.offer.id, service.region, service.host) if service else None


# ------------------------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("zone", "found", "guessed"),
    [
        pytest.param(PRO1, ("email-pro", "eu", "pro1.mail.ovh.net"), False, id="known"),
        pytest.param(PLAN, ("mx-plan", "eu", None), True, id="guess"),
    ],
)
def test_service_is_that_of_the_zone(zone: Records, found: object, *, guessed: bool) -> None:
    service = made(customer_com=zone).detector.find(DOMAIN)
    assert service
    assert offer(service) == found
    assert service.guessed == guessed


@pytest.mark.parametrize("zone", [ELSEWHERE, UNKNOWN_SERVER], ids=["elsewhere", "undecided"])
def test_domain_without_a_service_has_none(zone: Records) -> None:
    assert made(customer_com=zone).detector.find(DOMAIN) is None


def test_domains_share_the_service_that_they_have() -> None:
    """So its documents are rendered once."""
    found = made(customer_com=PRO1, other_com=PRO1).detector
    assert found.find(DOMAIN) is found.find(OTHER)


def test_service_that_is_a_guess_is_another_than_the_one_that_is_known() -> None:
    zimbra = Records(OURS, (Srv(0, 0, 443, "zimbra1.mail.ovh.net"),))
    found = made(customer_com=zimbra, other_com=PLAN).detector
    assert found.find(DOMAIN) is not found.find(OTHER)


def test_services_that_are_expected_are_those_that_are_found() -> None:
    found = made(customer_com=PRO1, other_com=PLAN).detector
    expected = [*found.expected()]
    assert found.find(DOMAIN) in expected
    assert found.find(OTHER) in expected
    assert len({*map(id, expected)}) == len(expected)


def test_every_server_that_was_seen_is_expected() -> None:
    expected = {offer(each) for each in made().detector.expected()}
    numbered = [
        (each.id, name, host)
        for each in CATALOGUE.offers.values()
        for name, region in each.region.items()
        if isinstance(region.server, Numbered)
        for host in region.server.observed
    ]
    assert numbered
    assert {*numbered} < expected


@pytest.mark.parametrize("top", RESERVED)
def test_name_that_no_public_zone_has_is_never_looked_up(top: str) -> None:
    """Programs ask for such: `localhost`, a printer's `.local`, a router's `.home.arpa`."""
    it = made()
    assert it.detector.find(Domain(f"mail.{top}")) is None
    assert it.zones.asked == []


# ------------------------------------------------------------------------------- what is kept


def with_ttl(zone: Records, ttl: int) -> Records:
    return replace(zone, ttl=ttl)


@pytest.mark.parametrize(
    ("zone", "seconds"),
    [
        pytest.param(PRO1, TTL, id="known"),
        pytest.param(PLAN, TTL, id="guess"),
        pytest.param(with_ttl(PRO1, 0), LEAST_FRESH, id="no-ttl"),
        pytest.param(with_ttl(PRO1, 2**31 - 1), MOST_FRESH, id="huge-ttl"),
        pytest.param(ELSEWHERE, NOTHING_FRESH, id="elsewhere"),
        pytest.param(with_ttl(ELSEWHERE, 0), NOTHING_FRESH, id="elsewhere-without-ttl"),
        pytest.param(UNKNOWN_SERVER, NOTHING_FRESH, id="undecided"),
    ],
)
def test_finding_is_kept_for_a_time(zone: Records, seconds: float) -> None:
    it = made(customer_com=zone)
    first = it.detector.find(DOMAIN)
    it.clock.now += seconds - 1
    assert it.detector.find(DOMAIN) is first
    assert it.zones.asked == [DOMAIN]
    it.clock.now += 1
    assert it.detector.find(DOMAIN) is first
    assert it.zones.asked == [DOMAIN] * 2


def test_failure_is_said_and_the_dns_left_alone_for_a_time() -> None:
    it = made(customer_com=FAILURE)
    for _ in range(2):
        with pytest.raises(errors.LookUpFailed) as raised:
            it.detector.find(DOMAIN)
        assert raised.value.domain == DOMAIN
    assert it.zones.asked == [DOMAIN]
    it.clock.now += FAILURE_FRESH
    with pytest.raises(errors.LookUpFailed):
        it.detector.find(DOMAIN)
    assert it.zones.asked == [DOMAIN] * 2


def test_service_goes_on_for_a_day_where_the_dns_fails() -> None:
    it = made(customer_com=PRO1)
    service = it.detector.find(DOMAIN)
    it.zones.zones[DOMAIN] = FAILURE
    it.clock.now += MOST_FRESH
    for _ in range(2):
        assert it.detector.find(DOMAIN) is service
    assert it.zones.asked == [DOMAIN] * 2
    it.clock.now += FAILURE_FRESH
    assert it.detector.find(DOMAIN) is service
    assert it.zones.asked == [DOMAIN] * 3
    it.clock.now += GOOD - MOST_FRESH - FAILURE_FRESH
    with pytest.raises(errors.LookUpFailed):
        it.detector.find(DOMAIN)


@pytest.mark.parametrize("zone", [ELSEWHERE, UNKNOWN_SERVER], ids=["elsewhere", "undecided"])
def test_absence_does_not_go_on_where_the_dns_fails(zone: Records) -> None:
    it = made(customer_com=zone)
    it.detector.find(DOMAIN)
    it.zones.zones[DOMAIN] = FAILURE
    it.clock.now += NOTHING_FRESH
    with pytest.raises(errors.LookUpFailed):
        it.detector.find(DOMAIN)


def test_mail_that_has_moved_away_is_no_longer_served() -> None:
    it = made(customer_com=PRO1)
    it.detector.find(DOMAIN)
    it.zones.zones[DOMAIN] = ELSEWHERE
    it.clock.now += TTL
    assert it.detector.find(DOMAIN) is None
    it.zones.zones[DOMAIN] = FAILURE
    it.clock.now += NOTHING_FRESH
    with pytest.raises(errors.LookUpFailed):
        it.detector.find(DOMAIN)


def test_domains_that_were_asked_for_last_are_kept() -> None:
    zones = Zones()
    it = Made(zones, Findings(kept=2))
    for name in ("a.com", "b.com", "a.com", "c.com", "a.com", "b.com"):
        it.detector.find(Domain(name))
    assert zones.asked == ["a.com", "b.com", "c.com", "b.com"]


def test_findings_outlive_a_configuration() -> None:
    it = made(customer_com=PRO1)
    old = it.detector.find(DOMAIN)
    new = it.with_catalogue(CATALOGUE).find(DOMAIN)
    assert offer(new) == offer(old)
    assert it.zones.asked == [DOMAIN]


def test_finding_that_the_offers_no_longer_have_is_looked_up_anew() -> None:
    it = made(customer_com=PRO1)
    it.detector.find(DOMAIN)
    fewer = {key: each for key, each in CATALOGUE.offers.items() if key != "email-pro"}
    names = {key: each for key, each in CATALOGUE.names.items() if each.id != "email-pro"}
    new = it.with_catalogue(replace(CATALOGUE, offers=fewer, names=names))
    assert new.cached(DOMAIN) is None
    assert offer(new.find(DOMAIN)) == ("mx-plan", "eu", None)
    assert it.zones.asked == [DOMAIN] * 2


def test_finding_that_the_offers_no_longer_have_does_not_go_on() -> None:
    it = made(customer_com=PRO1)
    it.detector.find(DOMAIN)
    it.zones.zones[DOMAIN] = FAILURE
    fewer = {key: each for key, each in CATALOGUE.offers.items() if key != "email-pro"}
    new = it.with_catalogue(replace(CATALOGUE, offers=fewer, names=fewer))
    with pytest.raises(errors.LookUpFailed):
        new.find(DOMAIN)


# -------------------------------------------------------------------------------- without waiting


def test_service_that_is_kept_is_there_at_once() -> None:
    it = made(customer_com=PRO1)
    assert it.detector.cached(DOMAIN) is None
    service = it.detector.find(DOMAIN)
    assert it.detector.cached(DOMAIN) is service
    it.clock.now += TTL
    assert it.detector.cached(DOMAIN) is None
    assert it.zones.asked == [DOMAIN]


@pytest.mark.parametrize("zone", [ELSEWHERE, FAILURE], ids=["elsewhere", "failure"])
def test_nothing_is_there_at_once_for_a_domain_without_a_service(
    zone: Records | Exception,
) -> None:
    it = made(customer_com=zone)
    with suppress(errors.LookUpFailed):
        it.detector.find(DOMAIN)
    assert it.detector.cached(DOMAIN) is None
    assert HIT not in it.results()


def test_finding_that_another_thread_lets_go_is_taken_all_the_same() -> None:
    it = Made(Zones(customer_com=PRO1), Findings(kept=1))
    service = it.detector.find(DOMAIN)
    moments = iter([0.0])

    def meanwhile() -> float:
        for moment in moments:
            it.findings.keep(OTHER, Finding(Confidence.NONE), 0)
            return moment
        return 0.0

    it.findings.clock = meanwhile
    assert it.detector.cached(DOMAIN) is service


# ------------------------------------------------------------------------------ what is counted


@pytest.mark.parametrize(
    ("zone", "result"),
    [
        (PRO1, Confidence.KNOWN),
        (PLAN, Confidence.GUESS),
        (ELSEWHERE, Confidence.NONE),
        (UNKNOWN_SERVER, Confidence.UNDECIDED),
        (FAILURE, Confidence.FAILED),
    ],
)
def test_look_ups_are_counted_by_their_result_and_then_hits(
    zone: Records | Exception, result: str
) -> None:
    it = made(customer_com=zone)
    for _ in range(3):
        with suppress(errors.LookUpFailed):
            it.detector.find(DOMAIN)
    assert it.results() == [result, HIT, HIT]


def test_look_up_that_fails_is_counted_so_where_a_service_goes_on() -> None:
    it = made(customer_com=PRO1)
    it.detector.find(DOMAIN)
    it.zones.zones[DOMAIN] = FAILURE
    it.clock.now += TTL
    it.detector.find(DOMAIN)
    assert it.detector.cached(DOMAIN)
    assert it.results() == [Confidence.KNOWN, Confidence.FAILED, HIT]


def test_seconds_of_a_look_up_are_counted() -> None:
    it = Made(Zones(), Findings())
    it.zones.seconds = 0.02
    it.detector.find(DOMAIN)
    ((_, seconds),) = it.counted
    assert 0.01 < seconds < 10, "and not milliseconds"


# ------------------------------------------------------------------------------- who waits for it


def test_one_look_up_serves_all_who_wait_for_it() -> None:
    it = made(customer_com=PRO1)
    it.findings.most = 200
    it.zones.may_answer = lambda: it.waiting() == 200
    with ThreadPoolExecutor(200) as threads:
        found = [*threads.map(it.detector.find, [DOMAIN] * 200)]
    assert it.zones.asked == [DOMAIN]
    assert {*map(offer, found)} == {("email-pro", "eu", "pro1.mail.ovh.net")}


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(FAILURE, errors.LookUpFailed), (ZeroDivisionError(), ZeroDivisionError)],
    ids=["failure", "mistake-of-ours"],
)
def test_look_up_that_fails_wakes_all_who_wait_for_it(
    failure: Exception, kind: type[Exception]
) -> None:
    it = made(customer_com=failure)
    it.zones.may_answer = lambda: it.waiting() == 50  # as a mistake is not kept

    def raised(_: int) -> object:
        with pytest.raises(kind):
            it.detector.find(DOMAIN)
        return True

    with ThreadPoolExecutor(50) as threads:
        assert all(threads.map(raised, range(50)))
    assert it.zones.asked == [DOMAIN]


def test_mistake_of_ours_is_not_kept() -> None:
    it = made(customer_com=ZeroDivisionError())
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            it.detector.find(DOMAIN)
    assert it.zones.asked == [DOMAIN] * 2


@contextmanager
def all_places_taken(it: Made) -> Iterator[None]:
    """Two requests wait, one of them for the look-up of the other, and no third one may."""
    it.findings.most = 2
    over = threading.Event()
    it.zones.may_answer = over.is_set
    with ThreadPoolExecutor(2) as threads:
        found = [threads.submit(it.detector.find, OTHER) for _ in range(2)]
        try:
            assert until(lambda: it.waiting() == 2)
            yield
        finally:
            over.set()
        for each in found:
            each.result()


def test_request_is_refused_at_once_where_too_many_wait() -> None:
    it = made(customer_com=PRO1)
    with all_places_taken(it), pytest.raises(errors.Busy) as raised:
        it.detector.find(DOMAIN)
    assert raised.value.domain == DOMAIN
    assert REFUSED in it.results()
    assert it.detector.find(DOMAIN)
    assert it.zones.asked == [OTHER, DOMAIN]


def test_service_that_was_found_goes_on_where_too_many_wait() -> None:
    it = made(customer_com=PRO1)
    service = it.detector.find(DOMAIN)
    it.clock.now += TTL
    it.zones.asked.clear()
    with all_places_taken(it):
        assert it.detector.find(DOMAIN) is service


def test_request_does_not_wait_longer_than_a_look_up_may_take() -> None:
    it = made(customer_com=PRO1)
    it.zones.seconds = 10
    detector = it.with_catalogue(CATALOGUE, seconds=0.05)
    began = time.monotonic()
    with pytest.raises(errors.LookUpFailed):
        detector.find(DOMAIN)
    assert 0.05 + PATIENCE <= time.monotonic() - began < it.zones.seconds


def test_request_that_comes_as_a_look_up_ends_begins_no_other() -> None:
    """It has seen nothing kept, and then nobody on the way."""
    it = made(customer_com=PRO1)
    it.detector.find(DOMAIN)
    now = it.clock.now
    moments = iter([now + TTL])
    it.findings.clock = lambda: next(moments, now)
    assert it.detector.find(DOMAIN)
    assert it.zones.asked == [DOMAIN]


# -------------------------------------------------------------------------------- whether it is us

HOST, BASE = Domain("autoconfig.customer.com"), Domain("autoconfig.agency.com")
ELSE = ip_address("192.0.2.1")


def at(*addresses: str, by: str = "") -> Reached:
    return Reached(frozenset({by} - {""}), frozenset(map(ip_address, addresses)))


@pytest.mark.parametrize(
    ("host", "base", "us"),
    [
        pytest.param(at("127.0.0.1"), None, True, id="loopback"),
        pytest.param(at("192.0.2.1", "127.0.0.1"), None, True, id="one-of-its-addresses"),
        pytest.param(at("192.0.2.1"), None, False, id="elsewhere"),
        pytest.param(at(), None, False, id="nowhere"),
        pytest.param(at("192.0.2.1", by=BASE), at("192.0.2.9"), True, id="alias-of-base"),
        pytest.param(at("192.0.2.1", by="x.example"), at("192.0.2.9"), False, id="other-alias"),
        pytest.param(at("192.0.2.1"), at("192.0.2.2", "192.0.2.1"), True, id="address-of-base"),
        pytest.param(at("192.0.2.1"), at("192.0.2.2"), False, id="other-address-than-base"),
        pytest.param(at(), at(), False, id="both-nowhere"),
    ],
)
def test_host_leads_to_us(host: Reached, base: Reached | None, *, us: bool) -> None:
    it = made()
    it.zones.hosts = {HOST: host, BASE: base or FAILURE}
    assert it.detector.leads_to_us(HOST, BASE if base else None) == us


@pytest.mark.parametrize("failing", [HOST, BASE])
def test_whether_a_host_leads_to_us_is_not_known_where_the_dns_fails(failing: Domain) -> None:
    it = made()
    it.zones.hosts = {HOST: at("192.0.2.1"), failing: FAILURE}
    with pytest.raises(errors.LookUpFailed) as raised:
        it.detector.leads_to_us(HOST, BASE)
    assert raised.value.domain == HOST


def test_whether_a_host_leads_to_us_waits_among_the_look_ups() -> None:
    it = made()
    with all_places_taken(it), pytest.raises(errors.Busy):
        it.detector.leads_to_us(HOST, BASE)


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104  # nothing listens there
        ("::", False),
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("255.255.255.255", False),
        ("::ffff:127.0.0.1", False),
        ("192.0.2.1", False),
        ("2001:db8::1", False),
        ("fe80::1", False),
    ],
)
def test_address_is_one_of_this_machine(address: str, *, own: bool) -> None:
    assert is_own(ip_address(address)) == own


def test_address_by_which_this_machine_reaches_others_is_its_own() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            address = "127.0.0.1"
        else:
            address = probe.getsockname()[0]
    assert is_own(ip_address(address))


# ------------------------------------------------------------------------------- threads and forks


def threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name == "look-ups"}


def test_process_has_one_thread_for_all_look_ups_and_none_before_the_first() -> None:
    before = threads()
    it = made()
    other = it.with_catalogue(CATALOGUE)
    assert threads() <= before
    it.detector.find(DOMAIN)
    other.find(OTHER)
    assert len(threads() - before) == 1


def test_thread_and_its_files_end_with_the_findings() -> None:
    gc.collect()
    before, files = threads(), open_files()
    it = made()
    it.detector.find(DOMAIN)
    (own,) = threads() - before
    del it
    gc.collect()
    assert not own.is_alive()
    assert open_files() <= files


def test_thread_ends_where_a_look_up_is_the_last_to_need_it() -> None:
    before = threads()
    it = made()
    it.zones.seconds = 0.1
    detector = it.with_catalogue(CATALOGUE, seconds=-PATIENCE)
    with suppress(errors.LookUpFailed):
        detector.find(DOMAIN)
    (own,) = threads() - before
    del it, detector
    own.join(5)
    assert not own.is_alive()


def open_files() -> int:
    return len(os.listdir("/dev/fd"))


def test_process_that_is_forked_has_look_ups_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = Findings()
    ours = of_this_process(findings.flights)
    assert of_this_process(findings.flights) is ours
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert of_this_process(findings.flights) is not ours


PROGRAM = """
import os, sys, threading, time
from tests.detect.test_detector import DOMAIN, OTHER, PRO1, made
it = made(customer_com=PRO1, other_com=PRO1)
detector = it.detector
assert detector.find(DOMAIN)
"""
FORKED = """
child = os.fork()
if not child:
    assert detector.find(DOMAIN) and it.zones.asked == [DOMAIN]
    assert detector.find(OTHER) and it.zones.asked == [DOMAIN, OTHER]
    sys.exit(3)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
assert detector.find(OTHER)
"""
FORKED_WHILE_ONE_WAITS = """
it.zones.seconds = 0.3
it.findings.most = 1
waiting = threading.Thread(target=detector.find, args=[OTHER])
waiting.start()
while OTHER not in it.zones.asked: time.sleep(0.001)
child = os.fork()
if not child:
    it.zones.seconds = 0
    assert detector.find(OTHER)
    sys.exit(3)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
waiting.join()
"""
ENDED_IN_A_LOOK_UP = """
it.zones.seconds = 60
def wait():
    try:
        detector.find(OTHER)
    except Exception as error:
        os.write(2, type(error).__name__.encode() + b"\\n")
threading.Thread(target=wait, daemon=True).start()
while OTHER not in it.zones.asked: time.sleep(0.001)
"""


@pytest.mark.parametrize(
    ("then", "said"),
    [
        pytest.param("", [], id="ends"),
        pytest.param(FORKED, [], id="forks"),
        pytest.param(FORKED_WHILE_ONE_WAITS, [], id="forks-while-one-waits"),
        pytest.param(ENDED_IN_A_LOOK_UP, ["LookUpFailed"], id="ends-in-a-look-up"),
    ],
)
def test_process_ends_and_forks_without_a_word(then: str, said: list[str]) -> None:
    warnings = ("error", "ignore:This process:DeprecationWarning")  # which Python has of any fork
    options = [option for each in warnings for option in ("-W", each)]
    command = [sys.executable, "-X", "dev", *options, "-c", PROGRAM + then]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.split() in ([], said)

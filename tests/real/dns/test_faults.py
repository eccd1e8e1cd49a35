"""A resolver that is dead, slow, lying or failing, and one that is back again."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import dns.rcode
import pytest

from tests.real.dns.middleman import (
    ADDRESS,
    Manner,
    Middleman,
    about_another,
    beside_the_question,
    failing,
    honest,
    lame,
    silent,
    slow,
    truncating,
)
from tests.real.dns.name_servers import UNREACHABLE, resolver
from tests.real.dns.sites import CONFIGURED, Site, about, autoconfig, reading_dns
from tests.real.programs import wait_for
from tests.support.serving import Answer
from tests.support.zones import ZONES

SHORTLIVED = "127.0.0.4"
"""The address of a resolver that is killed."""
DEADLINE = 1.5
"""Seconds that the name servers have for a domain."""
MOST_SECONDS = 5.0
"""Within which a client has its answer, whatever they do: Thunderbird waits no longer."""
FAILURE_SECONDS, FRESH_SECONDS = 30, 60
"""For which a failure is kept, and the least for which an answer is."""

KNOWN = [zone.domain for zone in ZONES if zone.id.startswith(("exchange-on", "email-pro-on"))]
UNASKED = "zone-002.com"
ONE = KNOWN[0]


@contextmanager
def behind_middleman(
    folder: Path, *, tcp: bool = True, workers: int = 1
) -> Iterator[tuple[Site, Middleman]]:
    """Each worker has findings of its own, so a test of what is kept has one."""
    with Middleman(tcp=tcp) as middleman, autoconfig(reading_dns(ADDRESS), folder, workers) as site:
        yield site, middleman


def assert_serves(site: Site) -> None:
    """It answers for what is configured, and waits for nothing but the machine."""
    timed = [site.timed(CONFIGURED) for _ in range(3)]
    assert {status for status, _ in timed} == {200}
    assert min(seconds for _, seconds in timed) < DEADLINE


def answers(site: Site) -> list[Answer]:
    return [site.ask(about(domain)) for domain in KNOWN]


def test_answers_outlive_a_resolver_and_new_ones_come_when_it_is_back(
    keys: Path, tmp_path: Path
) -> None:
    brief = "time-to-live-of-zero.zone-001.fr"
    with autoconfig(reading_dns(SHORTLIVED), tmp_path / "site", workers=1) as site:
        with resolver(SHORTLIVED, keys, tmp_path / "first"):
            assert all(site.status(domain) == 200 for domain in (*KNOWN, brief))
            before = answers(site)
        killed = time.monotonic()
        assert answers(site) == before
        for domain in (UNASKED, "nobody.zone-404.fr"):
            status, seconds = site.timed(domain)
            assert (status, seconds < MOST_SECONDS) == (503, True)
        assert_serves(site)
        site.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "loaded again" in site.log.read_text(), "the reload")
        assert answers(site) == before
        time.sleep(max(0, killed + FRESH_SECONDS + 2 - time.monotonic()))
        status, seconds = site.timed(brief)  # no longer fresh: it is asked anew, in vain
        assert (status, seconds < MOST_SECONDS) == (200, True)
        assert site.status(UNASKED) == 503
        with resolver(SHORTLIVED, keys, tmp_path / "second"):
            wait_for(lambda: site.status(UNASKED) == 200, "an answer", FAILURE_SECONDS + 10)
            assert site.status(brief) == 200
    assert "Traceback" not in site.log.read_text()


def test_server_that_starts_without_a_resolver_serves_what_is_configured(tmp_path: Path) -> None:
    with autoconfig(reading_dns(UNREACHABLE), tmp_path) as site:
        assert_serves(site)
        status, seconds = site.timed(ONE)
        assert (status, seconds < MOST_SECONDS) == (503, True)
        assert_serves(site)


@pytest.mark.parametrize(
    ("seconds", "status"), [(0.5, 200), (1, 200), (3, 503), (30, 503)], ids=str
)
def test_slow_resolver_is_waited_for_for_a_while(
    seconds: float, status: int, tmp_path: Path
) -> None:
    with behind_middleman(tmp_path) as (site, middleman):
        middleman.manner = slow(seconds)
        timed = [site.timed(domain) for domain in KNOWN[:3]]  # the machine may be slow, too
        assert status in {found for found, _ in timed}
        assert min(waited for _, waited in timed) < MOST_SECONDS
        assert_serves(site)


FAILURES: dict[str, Manner] = {
    "failing": failing(dns.rcode.SERVFAIL),
    "refusing": failing(dns.rcode.REFUSED),
    "not implemented": failing(dns.rcode.NOTIMP),
    "silent": silent,
    "lame": lame,
    "truncating, without TCP": truncating,
}


@pytest.mark.parametrize("manner", FAILURES.values(), ids=FAILURES)
def test_failing_resolver_is_no_absence_and_what_was_found_goes_on(
    manner: Manner, tmp_path: Path
) -> None:
    with behind_middleman(tmp_path, tcp=False) as (site, middleman):
        assert site.status(ONE) == 200
        middleman.manner = manner
        for domain in (UNASKED, "nobody.zone-404.fr", "moved-to-google.zone-001.fr"):
            status, seconds = site.timed(domain)
            assert (status, seconds < MOST_SECONDS) == (503, True)
        assert site.status(ONE) == 200
        assert_serves(site)


def test_truncated_answers_are_asked_again_over_tcp(tmp_path: Path) -> None:
    with behind_middleman(tmp_path) as (site, middleman):
        middleman.manner = truncating
        assert [answer.status for answer in answers(site)] == [200] * len(KNOWN)


def test_resolver_that_denies_every_name_takes_nothing_from_what_is_known(tmp_path: Path) -> None:
    with behind_middleman(tmp_path) as (site, middleman):
        assert site.status(ONE) == 200
        middleman.manner = failing(dns.rcode.NXDOMAIN)
        assert site.status(UNASKED) == 404
        assert site.status(ONE) == 200
        assert_serves(site)


@pytest.mark.parametrize(
    ("manner", "statuses"),
    [
        (about_another("exchange-on-ex5.zone-001.fr"), {200}),
        (about_another("moved-to-google.zone-001.fr"), {404}),
        (beside_the_question("exchange-on-ex5.zone-001.fr"), {404, 503}),
    ],
    ids=["of another customer", "of a domain elsewhere", "beside the question"],
)
def test_lying_resolver_can_name_servers_of_ovhcloud_alone(
    manner: Manner, statuses: set[int], tmp_path: Path
) -> None:
    with behind_middleman(tmp_path) as (site, middleman):
        middleman.manner = manner
        found = site.ask(about(UNASKED))
        assert found.status in statuses
        hosts = {word for word in found.body.decode().split(">") if "mail.ovh.net<" in word}
        assert {host.partition("<")[0] for host in hosts} <= {"ex5.mail.ovh.net"}
        assert_serves(site)


@pytest.mark.parametrize("manner", [honest, silent], ids=["honest", "silent"])
def test_flood_of_made_up_names_costs_no_configured_answer(manner: Manner, tmp_path: Path) -> None:
    """The bound is twice the time without it, which is printed and not held (`pytest -rP`)."""
    with behind_middleman(tmp_path, workers=2) as (site, middleman):
        middleman.manner = manner
        alone = good_clients(site, lambda served: len(served) >= 200)
        with ThreadPoolExecutor(100) as pool:
            flood = [pool.submit(site.ask, about(f"x{n}.zone-404.fr")) for n in range(2000)]
            beside = good_clients(site, lambda served: all(each.done() for each in flood))
        made_up = [each.result() for each in flood]
    statuses = Counter(each.status for each in made_up)
    print(f"99 % within {p99(alone):.3f} s, beside the flood {p99(beside):.3f} s; {statuses}")  # noqa: T201  # the bound
    assert {status for status, _ in alone + beside} == {200}
    assert statuses.keys() <= {404, 503}
    for each in made_up:
        assert each.status == 404 or int(dict(each.headers)["retry-after"]) >= 1


def good_clients(
    site: Site, enough: Callable[[list[tuple[int, float]]], bool]
) -> list[tuple[int, float]]:
    """The status and the seconds of each request of a client for what is configured."""
    served: list[tuple[int, float]] = []
    while not enough(served) or len(served) < 100:
        served.append(site.timed(CONFIGURED))
        time.sleep(0.01)
    return served


def p99(served: list[tuple[int, float]]) -> float:
    return quantiles((seconds for _, seconds in served), n=100)[98]


def test_new_configuration_keeps_what_was_found(tmp_path: Path) -> None:
    """A resolver that is dead at the reload costs nothing."""
    with behind_middleman(tmp_path) as (site, middleman):
        before = answers(site)
        middleman.manner = silent
        config = tmp_path / "autoconfig.toml"
        config.write_text(reading_dns(ADDRESS).replace(CONFIGURED, f'{CONFIGURED}", "zone-904.fr'))
        site.process.send_signal(signal.SIGHUP)
        wait_for(lambda: site.status("zone-904.fr") == 200, "the reload")
        assert answers(site) == before
        assert site.status(UNASKED) == 503
        config.write_text(reading_dns(ADDRESS).replace("detect = true", "detect = false"))
        site.process.send_signal(signal.SIGHUP)
        wait_for(lambda: site.status(ONE) == 404, "the end of detection")
        assert_serves(site)

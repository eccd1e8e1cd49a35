"""Checking: many domains side by side, each with what is told of it."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import dns.rcode
import pytest

from autoconfig.check import run as running
from autoconfig.check.connect import Network
from autoconfig.check.questions import Person
from autoconfig.check.run import Subject
from autoconfig.check.verdict import Check, Reason, Result
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.catalogue import load_catalogue
from tests.check.asking import HERE, addresses, network, run
from tests.support.certificates import certified
from tests.support.documents import ROOT
from tests.support.name_server import Reply, records, refusal
from tests.support.running import free_port
from tests.support.services import service_of
from tests.support.web_server import page, web_server

DOMAIN = Domain("example.com")
HOST = f"autoconfig.{DOMAIN}"
SERVICE = service_of("mx-plan")
CATALOGUE = load_catalogue()
DOCUMENT = (ROOT / "tests/golden/mx-plan-eu.autoconfig.xml").read_bytes()
NOW = datetime.now(UTC)
ENDS = NOW + timedelta(days=10, hours=1)


def mx(*hosts: str) -> dict[str, Reply]:
    lines = [f"{DOMAIN}. 300 MX {number} {host}." for number, host in enumerate(hosts)]
    return {f"{DOMAIN} MX": records(*lines)}


@contextmanager
def world(names: dict[str, Reply]) -> Iterator[Network]:
    """Web servers that have the document at the name for it; no mail server takes connections."""
    pages = {"*": page(status="404 Not Found"), "/mail/config-v1.1.xml": page(DOCUMENT)}
    pages |= {f"/mail/config-v1.1.xml?emailaddress=a%40{DOMAIN}": page(DOCUMENT)}
    nobody = free_port()
    with (
        web_server(pages) as plain,
        web_server(pages, certified(HOST, until=ENDS)) as secure,
        network(
            names,
            {80: plain.port, 443: secure.port} | {each.port: nobody for each in SERVICE.servers},
        ) as (net, _),
    ):
        yield net


def checked(names: dict[str, Reply], *subjects: Subject) -> tuple[list[Check], int]:
    """What the subjects come to, and how many were told to be settled."""
    told: list[int] = []
    with world(names) as net:
        found = run(running.run(subjects, CATALOGUE, net, None, told.append, NOW))
    return found, sum(told)


def results(check: Check) -> dict[str, Result]:
    return {each.client: each.result for each in check.verdicts}


@pytest.mark.parametrize(
    ("name", "person"),
    [
        (DOMAIN, Person(DOMAIN, f"postmaster@{DOMAIN}")),
        (EmailAddress("a", DOMAIN), Person(DOMAIN, f"a@{DOMAIN}")),
    ],
)
def test_subject_asks_as_somebody(name: Domain | EmailAddress, person: Person) -> None:
    assert Subject(name, None).person == person


def test_domain_is_checked() -> None:
    subject = Subject(EmailAddress("a", DOMAIN), SERVICE, "option")
    mail = {
        question: reply
        for each in SERVICE.servers
        for question, reply in addresses(each.host, HERE).items()
    }
    ((check,), settled) = checked(addresses(HOST, HERE) | mail, subject)
    assert settled == 1
    assert (check.subject, check.service, check.told_by) == (subject.name, SERVICE, "option")
    assert results(check)["Thunderbird"] is Result.RIGHT
    assert {each.result for each in check.mail_servers} == {"refused"}
    assert check.certificates == {HOST: 10}
    assert any(each.what.startswith("GET") for each in check.steps)
    assert check.problems


def test_service_is_what_the_dns_tells() -> None:
    ((check,), _) = checked(
        mx(*(each.host for each in SERVICE.dns.mx)), Subject(DOMAIN, None, "dns")
    )
    assert check.service
    assert check.service.offer.id == SERVICE.offer.id
    assert check.mail_servers


def test_service_may_be_unknown() -> None:
    ((check,), _) = checked(mx("mx.elsewhere.example"), Subject(DOMAIN, None, "dns"))
    assert (check.service, check.mail_servers, check.failure) == (None, (), None)


@pytest.mark.parametrize("record", ["MX", "_autodiscover._tcp SRV"])
def test_failed_look_up_is_no_unknown_service(record: str) -> None:
    label, _, kind = record.rpartition(" ")
    name = f"{label}.{DOMAIN}" if label else DOMAIN
    answers = mx(*(each.host for each in SERVICE.dns.mx))
    answers |= {f"{name} {kind}": refusal(dns.rcode.SERVFAIL)}
    ((check,), _) = checked(answers, Subject(DOMAIN, None, "dns"))
    assert (check.service, check.mail_servers) == (None, ())
    assert check.failure == Reason("not-looked-up", {"name": name, "type": kind})


def test_subjects_are_told_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 2)
    subjects = [Subject(Domain(f"{each}.example"), SERVICE) for each in "abcde"]
    found, settled = checked({}, *subjects)
    assert [each.subject for each in found] == [each.name for each in subjects]
    assert settled == len(subjects)


def test_no_more_is_begun_while_the_processor_is_busy() -> None:
    async def busy(seconds: Sequence[float]) -> float:
        began = time.monotonic()
        waiting = asyncio.create_task(running._steady())
        for each in seconds:
            await asyncio.sleep(0)
            time.sleep(each)  # as what takes a processor does
        await waiting
        return time.monotonic() - began

    assert run(busy([0.2])) >= 0.2 + running.STEADY

"""Asking about a domain: everything once, what names lead to as soon as they are known, in time."""

import time

from autoconfig.check.ask import see
from autoconfig.check.connect import Network, parse_connect_to
from autoconfig.check.questions import Person, questions, requests
from autoconfig.check.seen import Fault, Request, Seen
from autoconfig.names import Domain
from autoconfig.programs.load import load_programs
from tests.check.asking import HERE, addresses, network, run
from tests.support.certificates import certified, trusting
from tests.support.name_server import Reply, name_server, records, silence
from tests.support.running import free_port
from tests.support.web_server import hangs, page, web_server

PERSON = Person(Domain("example.com"), "postmaster@example.com")
PROGRAMS = load_programs()
HOST = "autoconfig.example.com"
MX = {"example.com MX": records("example.com. 300 MX 1 mx.mail.example.")}
BELOW_MX = "https://autoconfig.mail.example/mail/config-v1.1.xml"
AGES = 60.0
SHORT = 0.5


def seen(names: dict[str, Reply], deadline: float = AGES) -> tuple[Seen, list[str], list[str]]:
    """What is seen, and what the name server and the web servers were asked."""
    pages = {"*": page(status="404 Not Found")}
    with (
        web_server(pages) as plain,
        web_server(pages, certified(HOST, "autoconfig.mail.example")) as secure,
        network(names, {80: plain.port, 443: secure.port}) as (net, asked),
    ):
        found = run(see(PERSON, PROGRAMS, net, {("more.example.com", "TXT")}, deadline))
        return found, asked.asked, [*plain.asked, *secure.asked]


def test_every_question_is_asked_once() -> None:
    names = MX | addresses(HOST, HERE) | addresses("autoconfig.mail.example", HERE)
    found, names_asked, web_asked = seen(names)
    assert len(names_asked) == len(set(names_asked))
    came = [hop for each in found.answers for hop in found.used(each).hops if hop.status]
    assert len(web_asked) == len(came)
    assert questions(PROGRAMS, PERSON) <= found.names.keys()
    assert ("more.example.com", "TXT") in found.names
    assert found.answers.keys() == requests(PROGRAMS, PERSON, found.names)


def test_names_lead_to_requests() -> None:
    found, _, _ = seen(MX | addresses("autoconfig.mail.example", HERE))
    below = [each for each in found.answers if each.url.startswith(BELOW_MX)]
    assert below
    assert {found.used(each).last.status for each in below} == {404}


def test_addresses_of_hosts_that_were_asked_are_seen() -> None:
    found, _, _ = seen(addresses(HOST, HERE))
    assert [str(each) for each in found.names[HOST, "A"].records] == [HERE]
    assert not found.names["example.com", "AAAA"].exists


def test_host_that_is_connected_elsewhere_has_no_address_to_be_seen() -> None:
    with web_server({}) as server, name_server() as names:
        places = {80: server.port, 443: free_port()}
        told = [parse_connect_to(f":{port}:{HERE}:{here}") for port, here in places.items()]
        net = Network([names.address], told, trusting())
        found = run(see(PERSON, PROGRAMS, net))
        assert f"{HOST} A udp" not in names.asked
    assert found.used(Request("GET", f"http://{HOST}/mail/config-v1.1.xml")).last.status == 404


def test_what_has_no_answer_in_time_has_failed() -> None:
    """The other questions have theirs."""
    names = {"example.com MX": silence} | addresses(HOST, HERE)
    began = time.monotonic()
    found, _, _ = seen(names, SHORT)
    assert time.monotonic() - began < AGES
    assert found.names["example.com", "MX"].failure == f"no answer in {SHORT} s"
    assert found.used(Request("GET", f"http://{HOST}/mail/config-v1.1.xml")).last.status == 404
    assert not any("mail.example" in each.url for each in found.answers)


def test_nothing_is_waited_for_longer_than_the_deadline() -> None:
    with (
        web_server(hangs()) as server,
        network(addresses(HOST, HERE), {80: server.port, 443: server.port}) as (net, _),
    ):
        found = run(see(PERSON, PROGRAMS, net, deadline=SHORT))
    faults = {found.used(each).last.fault for each in found.answers if HOST in each.url}
    assert faults == {Fault.TIMEOUT}

"""Mail servers of a service: what is told of each, as it behaves."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import repeat

import pytest

from autoconfig.check.connect import Network, Stream, Unconnected
from autoconfig.check.dialogue import LONGEST_LINE, Unspoken
from autoconfig.check.mail import RESULTS, MailServers, Secure, Tried, secured, try_server
from autoconfig.check.seen import Fault
from autoconfig.check.verdict import MailServer
from autoconfig.check.words.mail import MAIL
from autoconfig.offers.model import Server, Service
from tests.support.mail_server import (
    CERTIFIED,
    HEAR,
    HOST,
    STAY,
    TLS,
    Script,
    Step,
    certified,
    network_to,
    server_at,
    service_with,
)
from tests.support.services import SERVICES

NOW = datetime(2030, 1, 1, tzinfo=UTC)
IMAP, POP3, SMTPS, SUBMISSION = 993, 995, 465, 587
SERVERS = {
    IMAP: server_at("imap", IMAP),
    POP3: server_at("pop3", POP3),
    SMTPS: server_at("smtp", SMTPS),
    SUBMISSION: server_at("smtp", SUBMISSION, "STARTTLS"),
}
GOOD_IMAP = (b"* OK ready\r\n", HEAR, b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na1 OK\r\n", STAY)
GOOD_SMTP = (b"220 ready\r\n", HEAR, b"250-hello\r\n250 AUTH PLAIN LOGIN\r\n", STAY)
EHLO = (b"220 ready\r\n", HEAR, b"250-hello\r\n250 STARTTLS\r\n", HEAR)
GOOD_SUBMISSION = (*EHLO, b"220 go on\r\n", TLS, *GOOD_SMTP[1:])
GOOD = {
    IMAP: GOOD_IMAP,
    POP3: (b"+OK ready\r\n", HEAR, b"+OK\r\nUSER\r\n.\r\n", STAY),
    SMTPS: GOOD_SMTP,
    SUBMISSION: GOOD_SUBMISSION,
}
AT_ONCE = {IMAP: CERTIFIED, POP3: CERTIFIED, SMTPS: CERTIFIED}


def tried(port: int, *steps: Step, certificate: str = HOST) -> Tried:
    """What comes of the server at a port that has this script."""
    script = Script(*steps)
    tls = {port: certified(certificate)} if port in AT_ONCE else {}
    with network_to({port: script}, at_once=tls) as network:
        return asyncio.run(try_server(SERVERS[port], network))


def told(network: Network, *servers: Server) -> tuple[MailServer, ...]:
    return asyncio.run(MailServers(network, NOW).of(service_with(*servers)))


class Blocking(Network):
    """A network that loses what goes to some ports. `reached`: the ports, each time."""

    def __init__(self, network: Network, blocked: Mapping[int, Fault] = {}) -> None:
        self._network = network
        self._blocked = blocked
        self.reached: list[int] = []

    async def connect(
        self, host: str, port: int, *, family: int = 0, tls: bool, strangers: bool = False
    ) -> Stream:
        self.reached.append(port)
        if port in self._blocked:
            raise Unconnected(self._blocked[port], "lost")
        return await self._network.connect(host, port, tls=tls)

    async def start_tls(self, stream: Stream, host: str) -> Stream:
        return await self._network.start_tls(stream, host)


class Ready(Network):
    """A network that has the connection already, however slow the machine is."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    @classmethod
    async def to(cls, network: Network) -> "Ready":
        return cls(await network.connect(HOST, IMAP, tls=True))

    async def connect(
        self, host: str, port: int, *, family: int = 0, tls: bool, strangers: bool = False
    ) -> Stream:
        return self._stream


# --------------------------------------------------------------------------- a server that works


@pytest.mark.parametrize("port", GOOD)
def test_server_that_takes_a_password_over_tls_works(port: int) -> None:
    found = tried(port, *GOOD[port])
    assert (found.what, found.said) == ("mail-ok", "")
    assert found.certificate is not None
    assert found.certificate.names == (HOST,)


def test_days_are_counted_until_the_certificate_ends() -> None:
    with network_to({IMAP: Script(*GOOD_IMAP)}, at_once=AT_ONCE) as network:
        found = asyncio.run(try_server(SERVERS[IMAP], network))
    assert found.certificate
    now = found.certificate.until - timedelta(days=40, hours=1)
    with network_to({IMAP: Script(*GOOD_IMAP)}, at_once=AT_ONCE) as network:
        (server,) = asyncio.run(MailServers(network, now).of(service_with(SERVERS[IMAP])))
    assert (server.protocol, server.host, server.port) == ("imap", HOST, IMAP)
    assert (server.result, server.days) == ("ok", 40)


def test_server_that_takes_a_password_without_tls_too_works_with_a_warning() -> None:
    ehlo = (b"220 ready\r\n", HEAR, b"250-AUTH PLAIN\r\n250 STARTTLS\r\n", HEAR)
    found = tried(SUBMISSION, *ehlo, b"220 go on\r\n", TLS, *GOOD_SMTP[1:])
    assert found.what == "mail-ok-unprotected"


def test_server_is_asked_under_tls_again_what_it_offers() -> None:
    script = Script(*GOOD_SUBMISSION)
    with network_to({SUBMISSION: script}) as network:
        asyncio.run(try_server(SERVERS[SUBMISSION], network))
    assert script.heard == [b"EHLO [127.0.0.1]", b"STARTTLS", b"EHLO [127.0.0.1]"]


# ------------------------------------------------------------------------- servers that do not

HELLO = b"250-hello\r\n250 AUTH PLAIN\r\n"


@pytest.mark.parametrize(
    ("port", "steps", "what"),
    [
        (SMTPS, [b"220 ready\r\n", HEAR, b"250 AUTH NTLM GSSAPI\r\n"], "mail-no-password"),
        (IMAP, [b"* OK\r\n", HEAR, b"* CAPABILITY LOGINDISABLED\r\na1 OK\r\n"], "mail-no-password"),
        (SUBMISSION, [b"220 ready\r\n", HEAR, HELLO], "mail-no-starttls"),
        (SUBMISSION, [*EHLO, b"454 4.7.0 not now\r\n"], "mail-starttls-refused"),
        (SUBMISSION, [*EHLO, b"220 go on\r\n" + HELLO, STAY], "mail-starttls-injected"),
        (SUBMISSION, [*EHLO, b"220 go on\r\n", HELLO, STAY], "mail-starttls-injected"),
        (
            SUBMISSION,
            [*EHLO, b"220 " + b"a" * (LONGEST_LINE - 6) + b"\r\n" + HELLO * 99, STAY],
            "mail-starttls-injected",
        ),
        (SUBMISSION, [*EHLO, b"220 go on\r\n"], "mail-closed"),
        (SUBMISSION, [*EHLO, b"220 go on\r\n", TLS], "mail-closed"),
        (SUBMISSION, [b"554 no\r\n"], "mail-turned-away"),
        (IMAP, [b"SSH\r\n"], "mail-odd"),
        (IMAP, [b"* OK\r\n", HEAR], "mail-closed"),
    ],
)
def test_server_that_does_not_do_its_part_is_told_by_what_it_lacks(
    port: int, steps: list[Step], what: str
) -> None:
    # A client may find a text behind the answer with it, or a moment later, in place of TLS.
    late = {"mail-starttls-injected": {"mail-starttls-injected", "mail-tls-plain"}}
    assert tried(port, *steps).what in late.get(what, {what})


def test_plain_text_in_place_of_tls_is_told_as_such() -> None:
    assert tried(SUBMISSION, *EHLO, b"220 go on\r\n", HEAR, HELLO, STAY).what == "mail-tls-plain"


def test_certificate_is_for_the_name_of_the_server_after_starttls_too() -> None:
    other = server_at("smtp", SUBMISSION, "STARTTLS", host="other.example")
    with network_to({SUBMISSION: Script(*GOOD_SUBMISSION)}) as network:
        assert asyncio.run(try_server(other, network)).what == "mail-tls-name"


def test_certificate_for_another_name_is_refused_and_shown() -> None:
    found = tried(IMAP, *GOOD_IMAP, certificate="other.example")
    assert found.what == "mail-tls-name"
    assert found.certificate
    assert found.certificate.names == ("other.example",)


def test_port_that_nobody_listens_on_is_refused() -> None:
    with network_to({}) as network:
        found = asyncio.run(try_server(SERVERS[IMAP], network))
    assert found.what == "mail-refused"


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault.NO_NAME, Fault.NO_ADDRESS, Fault.REFUSED, Fault.CLOSED, Fault.TLS, Fault.LOOK_UP),
        *(Fault.TLS_NAME, Fault.TLS_EXPIRED, Fault.TLS_SELF_SIGNED, Fault.TLS_ISSUER),
        *(Fault.TLS_EARLY, Fault.TLS_PLAIN, Fault.TIMEOUT, Fault.UNREACHABLE),
    ],
)
def test_every_fault_of_a_connection_has_a_result_and_words(fault: Fault) -> None:
    with network_to({}) as network:
        (server,) = told(Blocking(network, {IMAP: fault}), SERVERS[IMAP])
    assert server.detail.what == f"mail-{fault}"
    assert server.result == RESULTS[server.detail.what]
    assert server.detail.values == {"host": HOST, "port": str(IMAP), "said": "lost"}


# ---------------------------------------------------------------------------------- in time


def chatter() -> Iterator[bytes]:
    yield from repeat(b"* OK slow\r\n", 10**6)


def drip() -> Iterator[bytes]:
    for octet in repeat(b"*", 10**6):
        yield octet
        time.sleep(0.02)


@pytest.mark.parametrize(
    "steps",
    [[STAY], [b"* OK ready\r\n", STAY], [drip]],
    ids=["no greeting", "no capabilities", "an octet now and then"],
)
def test_server_that_says_too_little_is_left_in_time(steps: list[Step]) -> None:
    script = Script(*steps)

    async def talk() -> None:
        async with secured(SERVERS[IMAP], await Ready.to(network), 0.2):
            pass

    running = network_to({IMAP: script}, at_once=AT_ONCE)
    with running as network, pytest.raises(Unspoken, match="mail-silent"):
        asyncio.run(talk())


def test_patience_is_for_what_is_done_with_the_server_too() -> None:
    async def talk() -> None:
        async with secured(SERVERS[IMAP], await Ready.to(network), 0.5) as secure:
            await secure.dialogue.command(b"NOOP")

    running = network_to({IMAP: Script(*GOOD_IMAP)}, at_once=AT_ONCE)
    with running as network, pytest.raises(Unspoken, match="mail-silent"):
        asyncio.run(talk())


def test_connection_that_is_not_made_in_time_is_a_time_out() -> None:
    class Never(Blocking):
        async def connect(
            self, host: str, port: int, *, family: int = 0, tls: bool, strangers: bool = False
        ) -> Stream:
            await asyncio.sleep(60)
            raise AssertionError

    async def talk() -> Secure:
        async with secured(SERVERS[IMAP], Never(network), 0.05) as secure:
            return secure

    with network_to({}) as network, pytest.raises(Unspoken, match="mail-timeout"):
        asyncio.run(talk())


def test_endless_talk_is_left() -> None:
    assert tried(IMAP, b"* OK ready\r\n", HEAR, chatter).what == "mail-endless"


# ------------------------------------------------------------------------- what a network blocks


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.REFUSED, Fault.UNREACHABLE])
@pytest.mark.parametrize(
    ("blocked", "other", "socket"),
    [(SUBMISSION, SMTPS, "SSL/TLS"), (SMTPS, SUBMISSION, "STARTTLS")],
)
def test_port_is_blocked_where_a_server_of_the_same_protocol_works(
    fault: Fault, blocked: int, other: int, socket: str
) -> None:
    with network_to({other: Script(*GOOD[other])}, at_once=AT_ONCE) as network:
        servers = (SERVERS[SMTPS], SERVERS[SUBMISSION])
        found = {each.port: each for each in told(Blocking(network, {blocked: fault}), *servers)}
    assert found[other].result == "ok"
    assert (found[blocked].result, found[blocked].detail.what) == ("blocked", "mail-blocked")
    assert found[blocked].detail.values == {
        "host": HOST,
        "port": str(blocked),
        "other_host": HOST,
        "other_port": str(other),
        "other_socket": socket,
    }


def test_only_port_for_sending_is_blocked_where_another_port_of_the_host_works() -> None:
    with network_to({IMAP: Script(*GOOD_IMAP)}, at_once=AT_ONCE) as network:
        servers = (SERVERS[IMAP], SERVERS[SUBMISSION])
        _, sending = told(Blocking(network, {SUBMISSION: Fault.TIMEOUT}), *servers)
    assert (sending.result, sending.detail.what) == ("blocked", "mail-blocked-alone")
    assert sending.detail.values["other_port"] == str(IMAP)


@pytest.mark.parametrize(
    ("steps", "fault", "result"),
    [
        ([b"* BYE busy\r\n"], Fault.TIMEOUT, "timeout"),
        (GOOD_IMAP, Fault.TLS_NAME, "tls"),
        (GOOD_IMAP, Fault.NO_NAME, "refused"),
        (GOOD_IMAP, Fault.LOOK_UP, "timeout"),
    ],
    ids=["sibling does not work", "TLS fault", "no name", "look-up"],
)
def test_port_is_not_called_blocked_for_another_fault(
    steps: list[Step], fault: Fault, result: str
) -> None:
    script = Script(*steps)
    with network_to({IMAP: script}, at_once=AT_ONCE) as network:
        servers = (SERVERS[IMAP], SERVERS[SUBMISSION])
        _, sending = told(Blocking(network, {SUBMISSION: fault}), *servers)
    assert sending.result == result


def test_host_that_is_another_is_no_sign_of_a_block() -> None:
    sending = server_at("smtp", SUBMISSION, "STARTTLS", host="smtp.example")
    with network_to({IMAP: Script(*GOOD_IMAP)}, at_once=AT_ONCE) as network:
        _, found = told(Blocking(network, {SUBMISSION: Fault.REFUSED}), SERVERS[IMAP], sending)
    assert found.result == "refused"


# ------------------------------------------------------------------------------------ once a run


def test_server_is_tried_once_for_all_services_that_have_it() -> None:
    async def run() -> list[tuple[MailServer, ...]]:
        servers = MailServers(network, NOW)
        services = [service_with(SERVERS[IMAP], SERVERS[SUBMISSION]), service_with(SERVERS[IMAP])]
        first = await asyncio.gather(*(servers.of(service) for service in services))
        return [*first, await servers.of(services[1])]

    with network_to({IMAP: Script(*GOOD_IMAP)}, at_once=AT_ONCE) as real:
        network = Blocking(real)
        found = asyncio.run(run())
    assert sorted(network.reached) == [SUBMISSION, IMAP]
    assert found[0][0] == found[1][0] == found[2][0]


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_server_of_every_offer_can_be_tried(service: Service) -> None:
    with network_to({}) as network:
        faults = {server.port: Fault.TIMEOUT for server in service.servers}
        found = asyncio.run(MailServers(Blocking(network, faults), NOW).of(service))
    assert [(each.host, each.port) for each in found] == [
        (server.host, server.port) for server in service.servers
    ]
    assert {each.result for each in found} == {"timeout"}


def test_every_result_has_words() -> None:
    assert set(RESULTS) < set(MAIL)

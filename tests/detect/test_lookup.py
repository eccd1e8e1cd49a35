"""Looking a domain up: what is taken from an answer, good or bad, and when."""

import asyncio
import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dns.flags
import dns.rcode
import dns.rdatatype
import pytest
from dns.message import Message
from hypothesis import given
from hypothesis import strategies as st

from autoconfig.config.settings import NameServer
from autoconfig.detect import lookup
from autoconfig.detect.lookup import ADDRESS_SECONDS, ASIDE_SECONDS, Resolver, system_servers
from autoconfig.detect.question import MALFORMED, parse, question, read, read_own
from autoconfig.detect.records import LookUpFailed, Mx, Reached, Records, Srv
from autoconfig.names import Domain
from tests.support.clock import Clock
from tests.support.name_server import (
    KNOWS,
    NEITHER,
    Reply,
    absent,
    after,
    changed,
    late,
    name_server,
    only_after,
    records,
    refusal,
    silence,
    truncated,
    with_other_question,
)
from tests.support.running import until

DOMAIN = Domain("example.com")
MX, SRV = f"{DOMAIN} MX", f"_autodiscover._tcp.{DOMAIN} SRV"
ONE_MX = records("example.com. 300 MX 1 mx.example.")
AGAIN = 0.05
SHORT = 0.3
"""Seconds of a deadline that is missed."""
AGES = 60.0
"""Seconds of one that is not, busy as the machine may be."""


def look_up(
    *servers: NameServer, domain: str = DOMAIN, dkim: tuple[str, ...] = (), seconds: float = AGES
) -> Records:
    resolver = Resolver(servers, again=AGAIN)
    return asyncio.run(resolver.records(Domain(domain), dkim, seconds))


def find(replies: dict[str, Reply], by_tcp: dict[str, Reply] | None = None) -> Records:
    with name_server(replies, by_tcp) as server:
        return look_up(server.address)


# ------------------------------------------------------------------------- what an answer says


def test_records_are_read_as_plain_text() -> None:
    found = find(
        {
            MX: records("example.com. 300 MX 5 MX0.Mail.Example.", "example.com. 300 MX 1 b."),
            SRV: records(f"{SRV[:-4]}. 600 SRV 1 2 443 EX5.example."),
        }
    )
    assert sorted(found.mx) == [Mx(1, "b"), Mx(5, "mx0.mail.example")]
    assert found.srv == (Srv(1, 2, 443, "ex5.example"),)
    assert found.dkim == {}


@pytest.mark.parametrize(
    ("target", "text"),
    [
        (".", ""),
        (r"ex5\.mail.example.", r"ex5\.mail.example"),
        (r"ex5\000.example.", r"ex5\000.example"),
        (r"caf\195\169.example.", r"caf\195\169.example"),
        (r"a\@b\"\;.example.", r"a\@b\"\;.example"),
        ("xn--caf-dma.example.", "xn--caf-dma.example"),
        ("*.example.", "*.example"),
    ],
)
def test_host_of_a_record_is_a_text_that_no_other_host_has(target: str, text: str) -> None:
    found = find({MX: records(f"example.com. 300 MX 1 {target}")})
    assert found.mx == (Mx(1, text),)


def test_selectors_are_asked_for_their_aliases() -> None:
    found = find_dkim({"s1._domainkey.example.com CNAME": "S1.Keys.example."})
    assert found == {"s1": "s1.keys.example"}


def test_alias_of_a_selector_is_found_though_it_leads_to_no_name() -> None:
    """A resolver says so of an alias below a DNAME, whose end it looks for."""
    asked = "s1._domainkey.example.com"
    chain = (
        "_domainkey.example.com. 300 DNAME keys.example.",
        f"{asked}. 300 CNAME s1.keys.example.",
    )
    reply = absent(*chain, rcode=dns.rcode.NXDOMAIN)
    with name_server({f"{asked} CNAME": reply}) as server:
        assert look_up(server.address, dkim=("s1",)).dkim == {"s1": "s1.keys.example"}


def find_dkim(targets: dict[str, str]) -> dict[str, str]:
    replies = {
        asked: records(f"{asked.removesuffix(' CNAME')}. 300 CNAME {target}")
        for asked, target in targets.items()
    }
    with name_server(replies) as server:
        return dict(look_up(server.address, dkim=("s1", "s2")).dkim)


def test_aliases_lead_to_the_records() -> None:
    chain = ["example.com. 300 CNAME a.example.", "a.example. 300 CNAME b.example."]
    found = find({MX: records(*chain, "b.example. 300 MX 1 mx.example.")})
    assert found.mx == (Mx(1, "mx.example"),)


def test_alias_and_what_stands_behind_it_are_one_question() -> None:
    chain = ["example.com. 300 CNAME a.example.", "a.example. 300 A 192.0.2.1"]
    with name_server({"example.com A": records(*chain)}) as server:
        found, own = asyncio.run(
            Resolver([server.address]).whole(DOMAIN, dns.rdatatype.A, seconds=AGES)
        )
        assert server.asked == ["example.com A udp"]
    assert [str(each) for each in (*found.aliases, *found.records)] == ["a.example.", "192.0.2.1"]
    assert [str(each) for each in own.records] == ["a.example."]


def test_answer_that_does_not_fit_comes_by_tcp() -> None:
    many = [f"example.com. 300 MX {number} mx{number}.example." for number in range(900)]
    found = find({MX: truncated}, {MX: records(*many)})
    assert len(found.mx) == len(many)


def test_answer_that_is_cut_within_a_record_comes_by_tcp() -> None:
    found = find({MX: changed(cut, truncated_after(ONE_MX))}, {MX: ONE_MX})
    assert found.mx == (Mx(1, "mx.example"),)


def truncated_after(reply: Reply) -> Reply:
    return changed(lambda message: message[:2] + bytes([message[2] | 0x02]) + message[3:], reply)


def test_time_with_the_sign_of_a_negative_number_is_none() -> None:
    assert find({MX: changed(lambda message: message.replace(TTL, b"\xff" * 4), ONE_MX)}).ttl == 0


TTL = (300).to_bytes(4)


def of_another_class(message: bytes) -> bytes:
    """The class of the record is that of Chaosnet."""
    return message.replace(b"\x00\x01" + TTL, b"\x00\x03" + TTL)


def test_work_does_not_grow_with_the_square_of_a_names_labels() -> None:
    assert work_of(labels=120) < 3 * work_of(labels=60)


def work_of(labels: int) -> int:
    """The calls that it takes to read records with a name of so many labels."""
    host = "a." * labels
    many = records(*(f"example.com. 300 MX {number} {host}" for number in range(50)))
    message = next(iter(many(question(DOMAIN, dns.rdatatype.MX))))
    calls = []
    sys.setprofile(lambda _, event, __: calls.append(event))
    try:
        read(parse(message))
    finally:
        sys.setprofile(None)
    return len(calls)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(absent(rcode=dns.rcode.NXDOMAIN), id="no-such-name"),
        pytest.param(absent(), id="no-such-record"),
        pytest.param(absent(flags=KNOWS, rcode=dns.rcode.NXDOMAIN), id="no-such-name-in-its-zone"),
        pytest.param(absent(flags=KNOWS), id="no-such-record-in-its-zone"),
        pytest.param(records(), id="no-such-record-and-no-soa"),
        pytest.param(absent("example.com. 300 CNAME a.example."), id="nothing-behind-an-alias"),
        pytest.param(
            absent("example.com. 300 CNAME a.example.", flags=KNOWS), id="nothing-in-its-zones"
        ),
        pytest.param(records("other.example. 300 MX 1 mx.example."), id="of-another-name"),
        pytest.param(records("example.com. 300 TXT mx"), id="of-another-type"),
        pytest.param(changed(of_another_class, ONE_MX), id="of-another-class"),
    ],
)
def test_record_is_absent_if_a_name_server_that_knows_says_so(reply: Reply) -> None:
    assert find({MX: reply}) == Records(ttl=find({MX: reply}).ttl)


def cut(message: bytes) -> bytes:
    return message[:-1]


def with_tsig(message: bytes) -> bytes:
    """One more record, which says that it is signed."""
    signed = b"\0" + (250).to_bytes(2) + (255).to_bytes(2) + bytes(6)
    return message[:10] + (1).to_bytes(2) + message[12:-11] + signed


def as_update(message: bytes) -> bytes:
    return message[:2] + bytes([message[2] | 0x28]) + message[3:]


CHAIN = [
    f"{name}. 300 CNAME a{n}." for n, name in enumerate([DOMAIN, *(f"a{n}" for n in range(17))])
]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(refusal(dns.rcode.SERVFAIL), "SERVFAIL", id="servfail"),
        pytest.param(refusal(dns.rcode.REFUSED), "REFUSED", id="refused"),
        pytest.param(refusal(dns.rcode.FORMERR), "FORMERR", id="formerr"),
        pytest.param(refusal(dns.rcode.NOTIMP), "NOTIMP", id="notimp"),
        pytest.param(refusal(dns.rcode.YXDOMAIN), "YXDOMAIN", id="yxdomain"),
        pytest.param(refusal(dns.rcode.BADVERS), "BADVERS", id="badvers"),
        pytest.param(
            records(flags=NEITHER, authority=["com. 300 NS ns.example."]),
            "another name server",
            id="referral",
        ),
        pytest.param(
            absent(flags=NEITHER, rcode=dns.rcode.NXDOMAIN), "another", id="nxdomain-of-a-stranger"
        ),
        pytest.param(
            records("example.com. 300 CNAME a.example.", flags=KNOWS), "another", id="half-a-chain"
        ),
        pytest.param(
            records("example.com. 300 CNAME a.", "a. 300 CNAME example.com."),
            "without an end",
            id="loop",
        ),
        pytest.param(records(*CHAIN), "without an end", id="long-chain"),
        pytest.param(
            records("example.com. 300 MX 1 mx.example.", rcode=dns.rcode.NXDOMAIN),
            MALFORMED,
            id="nxdomain-with-records",
        ),
        pytest.param(changed(cut, ONE_MX), MALFORMED, id="cut"),
        pytest.param(changed(lambda message: message[:2], ONE_MX), MALFORMED, id="two-octets"),
        pytest.param(changed(lambda message: message + b"x", ONE_MX), MALFORMED, id="too-long"),
        pytest.param(changed(with_tsig, ONE_MX), MALFORMED, id="signed"),
        pytest.param(changed(as_update, ONE_MX), MALFORMED, id="update"),
    ],
)
def test_answer_that_says_nothing_is_a_failure(reply: Reply, reason: str) -> None:
    with pytest.raises(LookUpFailed, match=reason):
        find({MX: reply})


@pytest.mark.parametrize(
    ("by_tcp", "reason"),
    [
        pytest.param(truncated, MALFORMED, id="truncated-too"),
        pytest.param(changed(lambda _: b"", ONE_MX), "reset", id="hangs-up"),
        pytest.param(with_other_question(ONE_MX), MALFORMED, id="other-question"),
        pytest.param(changed(cut, ONE_MX), MALFORMED, id="cut"),
        pytest.param(refusal(dns.rcode.REFUSED), "REFUSED", id="refused"),
        pytest.param(
            records(*(f"example.com. 9 MX {n} a." for n in range(1001))), MALFORMED, id="many"
        ),
    ],
)
def test_answer_by_tcp_that_says_nothing_is_a_failure(by_tcp: Reply, reason: str) -> None:
    with pytest.raises(LookUpFailed, match=reason):
        find({MX: truncated}, {MX: by_tcp})


def test_one_failure_is_one_of_the_whole() -> None:
    """Else a domain without its SRV record would get the settings of another offer."""
    with pytest.raises(LookUpFailed, match="SERVFAIL"):
        find({MX: ONE_MX, SRV: refusal(dns.rcode.SERVFAIL)})


def test_domain_that_is_too_long_for_a_service_has_none() -> None:
    domain = ".".join(["a" * 63] * 3 + ["b" * 45])
    with name_server({f"{domain} MX": records(f"{domain}. 300 MX 1 mx.example.")}) as server:
        found = look_up(server.address, domain=domain, dkim=("selector",))
    assert found == Records((Mx(1, "mx.example"),), ttl=300)
    assert server.asked == [f"{domain} MX udp"]


@pytest.mark.parametrize(
    ("mx", "srv", "ttl"),
    [
        pytest.param(ONE_MX, absent(), 300, id="least"),
        pytest.param(ONE_MX, absent(ttl=100), 100, id="soa"),
        pytest.param(ONE_MX, absent(minimum=90), 90, id="soa-minimum"),
        pytest.param(ONE_MX, absent(rcode=dns.rcode.NXDOMAIN, minimum=90), 90, id="nxdomain"),
        pytest.param(records("example.com. 0 MX 1 mx.example."), absent(), 0, id="zero"),
        pytest.param(
            records("example.com. 50 CNAME a.", "a. 300 MX 1 mx.example."), absent(), 50, id="alias"
        ),
        pytest.param(records("example.com. 2147483647 MX 1 mx.example."), absent(), 900, id="huge"),
    ],
)
def test_findings_are_good_for_the_least_time_of_all_answers(
    mx: Reply, srv: Reply, ttl: int
) -> None:
    assert find({MX: mx, SRV: srv}).ttl == ttl


def test_question_is_the_same_for_every_server_and_says_what_fits() -> None:
    message = question(DOMAIN, dns.rdatatype.MX)
    assert message.payload == 1232
    assert message.flags == dns.flags.RD


# ----------------------------------------------------------------------------------- addresses


def reach(replies: dict[str, Reply]) -> Reached:
    with name_server(replies) as server:
        return asyncio.run(Resolver([server.address]).reached(DOMAIN, AGES))


def test_host_is_reached_at_its_addresses_and_by_its_aliases() -> None:
    alias = "example.com. 300 CNAME Www.example."
    found = reach(
        {
            "example.com A": records(alias, "www.example. 300 A 192.0.2.1"),
            "example.com AAAA": records(alias, "www.example. 300 AAAA 2001:db8::1"),
        }
    )
    assert found.aliases == {"www.example"}
    assert sorted(map(str, found.addresses)) == ["192.0.2.1", "2001:db8::1"]


def test_host_that_does_not_exist_is_reached_nowhere() -> None:
    assert reach({}) == Reached()


def test_host_of_which_one_look_up_fails_is_not_reached() -> None:
    with pytest.raises(LookUpFailed, match="SERVFAIL"):
        reach({"example.com AAAA": refusal(dns.rcode.SERVFAIL)})


# ---------------------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("udp", "tcp"),
    [
        pytest.param(silence, None, id="silence"),
        pytest.param(changed(lambda message: b"??" + message[2:], ONE_MX), None, id="other-id"),
        pytest.param(changed(lambda _: b"", ONE_MX), None, id="empty"),
        pytest.param(changed(lambda _: b"rubbish", ONE_MX), None, id="rubbish"),
        pytest.param(with_other_question(ONE_MX), None, id="other-question"),
        pytest.param(lambda query: [query.to_wire()], None, id="echo"),
        pytest.param(truncated, silence, id="silence-by-tcp"),
    ],
)
def test_no_answer_is_a_failure_at_the_deadline(udp: Reply, tcp: Reply | None) -> None:
    with name_server({MX: udp}, {MX: tcp} if tcp else {}) as server:
        began = time.monotonic()
        with pytest.raises(LookUpFailed, match=r"no answer in 0\.3 s"):
            look_up(server.address, seconds=SHORT)
        assert SHORT <= time.monotonic() - began < AGES


def test_forged_answers_do_not_hide_the_true_one() -> None:
    forged = [with_other_question(ONE_MX), changed(lambda message: b"??" + message[2:], ONE_MX)]
    assert find({MX: after(*forged, ONE_MX)}).mx == (Mx(1, "mx.example"),)


def test_lost_packet_is_sent_again() -> None:
    assert find({MX: only_after(2, ONE_MX), SRV: only_after(1, absent())}).mx


def test_late_answer_is_taken_while_the_question_is_asked_again() -> None:
    with name_server({MX: late(AGAIN * 3, ONE_MX)}) as server:
        assert look_up(server.address).mx


# ------------------------------------------------------------------------------ several servers


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(silence, id="silent"),
        pytest.param(refusal(dns.rcode.SERVFAIL), id="servfail"),
        pytest.param(refusal(dns.rcode.REFUSED), id="refusing"),
        pytest.param(records(flags=NEITHER, authority=["com. 300 NS ns.example."]), id="referring"),
        pytest.param(changed(cut, ONE_MX), id="malformed"),
    ],
)
def test_next_server_answers_where_the_first_does_not(bad: Reply) -> None:
    with name_server({MX: bad, SRV: bad}) as first, name_server({MX: ONE_MX}) as second:
        assert look_up(first.address, second.address).mx == (Mx(1, "mx.example"),)


def test_next_server_answers_where_nobody_listens() -> None:
    with name_server() as gone:
        pass
    with name_server({MX: ONE_MX}) as second:
        assert look_up(gone.address, second.address).mx


def test_failure_of_all_servers_is_that_of_the_last() -> None:
    with name_server() as gone:
        pass
    with (
        name_server({MX: refusal(dns.rcode.REFUSED)}) as first,
        name_server({MX: refusal(dns.rcode.SERVFAIL)}) as second,
        pytest.raises(LookUpFailed, match="SERVFAIL"),
    ):
        look_up(first.address, gone.address, second.address)
    with pytest.raises(LookUpFailed, match=r"the name server 127\.0\.0\.1: Connection refused"):
        look_up(gone.address)


def test_late_answer_of_the_first_server_is_taken() -> None:
    """The second one may know less, as one that only has its own zones."""

    def once_the_second_is_asked(query: Message) -> Iterable[bytes]:
        assert until(lambda: f"{MX} udp" in second.asked)
        return ONE_MX(query)

    with (
        name_server({MX: once_the_second_is_asked}) as first,
        name_server({MX: silence}) as second,
    ):
        assert look_up(first.address, second.address).mx


def test_first_server_is_waited_for_where_the_second_fails() -> None:
    with (
        name_server({MX: late(AGAIN * 3, ONE_MX)}) as first,
        name_server({MX: refusal(dns.rcode.REFUSED)}) as second,
    ):
        assert look_up(first.address, second.address).mx


def test_second_server_is_not_asked_where_the_first_answers() -> None:
    with name_server() as first, name_server() as second:
        resolver = Resolver([first.address, second.address], again=AGES)
        asyncio.run(resolver.records(DOMAIN, seconds=AGES))
        assert second.asked == []


def test_server_that_was_silent_is_asked_after_the_others_for_a_time() -> None:
    clock = Clock()
    with name_server({MX: silence, SRV: silence}) as first, name_server() as second:
        resolver = Resolver([first.address, second.address], clock)
        asked = []
        for seconds in (0, ASIDE_SECONDS / 2, ASIDE_SECONDS):
            clock.now += seconds
            asyncio.run(resolver.records(DOMAIN, seconds=AGES))
            look_up(first.address, domain="last.example")  # it has heard all before
            asked.append(f"{MX} udp" in first.asked)
            first.asked.clear()
    assert asked == [True, False, True]


def test_name_server_may_be_named() -> None:
    with name_server({MX: ONE_MX}) as server:
        assert look_up(NameServer("localhost", server.address.port)).mx


def test_name_of_a_name_server_is_looked_up_from_time_to_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    getaddrinfo = socket.getaddrinfo

    def note(host: str, *more: Any, **others: Any) -> Any:
        asked.append(host)
        return getaddrinfo("127.0.0.1", *more, **others)

    monkeypatch.setattr(socket, "getaddrinfo", note)
    clock = Clock()
    with name_server({MX: ONE_MX}) as server:
        resolver = Resolver([NameServer("unbound", server.address.port)], clock)
        for _ in range(2):
            asyncio.run(resolver.records(DOMAIN, seconds=AGES))
        assert asked == ["unbound"]
        clock.now += ADDRESS_SECONDS
        asyncio.run(resolver.records(DOMAIN, seconds=AGES))
        assert asked == ["unbound"] * 2


def test_name_server_without_an_address_is_a_failure() -> None:
    with pytest.raises(LookUpFailed, match=r"the name server ns\.invalid: "):
        look_up(NameServer("ns.invalid", 53))


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("nameserver 192.0.2.1\n", ["192.0.2.1"]),
        ("# nameserver 192.0.2.1\nnameserver\nnameserver\t::1 # ours\n", ["::1"]),
        ("nameserver fe80::1%eth0\noptions edns0 timeout:x\n", ["fe80::1%eth0"]),
        ("search caf\xe9.example\nnameserver 192.0.2.1\n", ["192.0.2.1"]),
        (
            "".join(f"nameserver 192.0.2.{n}\n" for n in range(5)),
            [f"192.0.2.{n}" for n in range(3)],
        ),
        ("nameserver ns.example\n", ["127.0.0.1"]),
        ("", ["127.0.0.1"]),
    ],
)
def test_name_servers_of_the_system_are_those_of_its_file(
    text: str, hosts: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "resolv.conf"
    file.write_bytes(text.encode("latin-1"))
    assert system_servers(file) == tuple(NameServer(host, 53) for host in hosts)


def test_name_server_of_this_machine_is_asked_where_the_system_has_no_file(tmp_path: Path) -> None:
    assert system_servers(tmp_path / "none") == (NameServer("127.0.0.1", 53),)


def test_name_servers_of_windows_are_those_that_its_registry_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    registry = SimpleNamespace(nameservers=["192.0.2.1", "fe80::1%5"])
    monkeypatch.setattr("dns.resolver.Resolver", lambda path: registry)
    found = system_servers(tmp_path / "none")
    assert found == (NameServer("192.0.2.1", 53), NameServer("fe80::1%5", 53))


def test_name_servers_are_the_systems_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    with name_server({MX: ONE_MX}) as server:
        monkeypatch.setattr(lookup, "system_servers", lambda: (server.address,))
        assert look_up().mx


# ------------------------------------------------------------------------------ nothing is left


def open_files() -> int:
    return len(os.listdir("/dev/fd"))


@pytest.mark.parametrize(
    ("udp", "tcp"),
    [
        pytest.param(silence, silence, id="silence"),
        pytest.param(truncated, silence, id="silence-by-tcp"),
        pytest.param(refusal(dns.rcode.SERVFAIL), silence, id="failure"),
        pytest.param(ONE_MX, silence, id="answer"),
    ],
)
def test_look_up_leaves_neither_files_nor_tasks(udp: Reply, tcp: Reply) -> None:
    async def tasks_left(resolver: Resolver) -> int:
        await asyncio.sleep(0)
        gc.collect()  # what other tests have left may be closed at any time
        before = open_files()
        for seconds in (AGAIN * 2, AGAIN / 2):
            with suppress(LookUpFailed):
                await resolver.records(DOMAIN, seconds=seconds)
        cancelled = asyncio.create_task(resolver.records(DOMAIN))
        await asyncio.sleep(AGAIN / 2)
        cancelled.cancel()
        await asyncio.wait([cancelled])
        assert until(lambda: open_files() <= before), (
            "with those of the name server, a little later"
        )
        return len(asyncio.all_tasks()) - 1

    with name_server({MX: udp}, {MX: tcp}) as first, name_server({SRV: silence}) as second:
        resolver = Resolver([first.address, second.address], again=AGAIN)
        assert asyncio.run(tasks_left(resolver)) == 0


READS_NOTHING = """
import asyncio, sys
from autoconfig.config.settings import NameServer
from autoconfig.detect.lookup import Resolver
from autoconfig.detect.records import LookUpFailed

with asyncio.Runner() as runner:
    runner.run(asyncio.sleep(0))
    resolver = Resolver([NameServer("127.0.0.1", int(sys.argv[1]))])
    read = []

    def note(event, arguments):
        if event in ("open", "import"):
            read.append(f"{event} {arguments[0]}")

    sys.addaudithook(note)
    for domain in ("example.com", "other.example"):
        try:
            runner.run(resolver.records(domain, ["s"], 60))
            runner.run(resolver.reached(domain, 60))
        except LookUpFailed:
            read.append("failed")
print(*read, sep="\\n")
"""


def test_look_up_reads_no_file_and_imports_no_module() -> None:
    others = ("TYPE999 \\# 0", "HINFO a b", "TXT a", 'CAA 0 issue "a"', "LOC 1 N 1 E 1m")
    replies = {
        MX: records(
            *(f"example.com. 300 {each}" for each in others), "example.com. 300 MX 1 mx.example."
        ),
        SRV: truncated,
        "other.example MX": refusal(dns.rcode.SERVFAIL),
    }
    with name_server(replies, {SRV: absent()}) as server:
        command = [sys.executable, "-c", READS_NOTHING, str(server.address.port)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["failed"]


# ------------------------------------------------------------------------------ whatever comes

ANSWERS = [
    next(iter(reply(question(DOMAIN, dns.rdatatype.MX))))
    for reply in (ONE_MX, absent(), records(*CHAIN), refusal(dns.rcode.SERVFAIL))
]


@given(
    st.sampled_from(ANSWERS),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 255)), max_size=8),
    st.binary(max_size=20),
)
def test_whatever_comes_is_an_answer_or_a_failure(
    message: bytes, changes: list[tuple[int, int]], more: bytes
) -> None:
    wire = bytearray(message)
    for place, octet in changes:
        wire[place % len(wire)] = octet
    for reading in (read, read_own):
        with suppress(LookUpFailed):
            found = reading(parse(bytes(wire) + more))
            assert {each.rdtype for each in found.records} <= {*dns.rdatatype.RdataType}

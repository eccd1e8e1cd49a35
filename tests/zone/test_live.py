"""The copies that the DNS has of a zone: which of them counts, and how the others differ."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address

import dns.flags
import dns.rcode
import pytest
from dns.rdatatype import NS

from autoconfig.config.settings import NameServer
from autoconfig.detect.lookup import Resolver
from autoconfig.detect.records import LookUpFailed
from autoconfig.names import Domain
from autoconfig.zone import servers
from autoconfig.zone.live import Interest, Live, look, with_pending
from autoconfig.zone.plan import Address, Entry, Plan, Why
from autoconfig.zone.record import Record
from autoconfig.zone.servers import MOST_SERVERS, MOST_SILENT, Servers, permitted
from tests.support.name_server import (
    NEITHER,
    Reply,
    Server,
    absent,
    name_server,
    records,
    refusal,
    silence,
    truncated,
    zone,
)

DOMAIN = Domain("example.com")
AUTOCONFIG, IMAPS = "autoconfig.example.com.", "_imaps._tcp.example.com."
INTEREST: Interest = {
    "example.com.": ("MX",),
    AUTOCONFIG: ("CNAME", "A", "AAAA"),
    "autodiscover.example.com.": ("CNAME", "A", "AAAA"),
    IMAPS: ("SRV",),
    "_caldavs._tcp.example.com.": ("SRV", "TXT"),
}
ALIAS = f"{AUTOCONFIG} 300 CNAME Web.Example.net."
SRV = f"{IMAPS} 600 SRV 0 0 993 Mail.Example.net."
MX = "example.com. 300 MX 5 MX.Example.net."
FOUND = {
    Record(AUTOCONFIG, "CNAME", "web.example.net.", 300),
    Record(IMAPS, "SRV", "0 0 993 mail.example.net.", 600),
    Record("example.com.", "MX", "5 mx.example.net.", 300),
}
HELD = (MX, ALIAS, SRV)
ONE, TWO = "ns1.host.example", "ns2.host.example"
ADDRESSES = {ONE: "127.0.0.2", TWO: "127.0.0.3"}
RESOLVER = "resolver"


def anywhere(address: object) -> bool:
    return True


@contextmanager
def resolving(
    own: Reply, replies: Mapping[str, Reply] = {}, by_tcp: Mapping[str, Reply] = {}
) -> Iterator[Server]:
    """A resolver of the zone, who knows where its two name servers are."""
    hosts = [f"example.com. 300 NS {host}." for host in ADDRESSES]
    known = {"example.com NS": records(*hosts)} | {
        f"{host} A": records(f"{host}. 300 A {address}") for host, address in ADDRESSES.items()
    }
    with name_server({**known, **replies}, by_tcp, otherwise=own) as server:
        yield server


def ask(server: Server, interests: Mapping[Domain, Interest], port: int) -> dict[Domain, Live]:
    settled: list[int] = []

    async def asking() -> dict[Domain, Live]:
        zones = Servers(Resolver([server.address]), anywhere, port)
        return await look(interests, zones, RESOLVER, settled.append)

    found = asyncio.run(asking())
    assert len(settled) == len(interests)
    return found


def looked(
    own: Reply, *theirs: Reply, replies: Mapping[str, Reply] = {}, interest: Interest = INTEREST
) -> Live:
    """What is found of the zone. `own`: the resolver's; `theirs`: of each name server."""
    with resolving(own, replies) as resolver, ExitStack() as stack:
        port = resolver.address.port
        for address, reply in zip(ADDRESSES.values(), theirs, strict=False):
            stack.enter_context(name_server(otherwise=reply, place=(address, port)))
        return ask(resolver, {DOMAIN: interest}, port)[DOMAIN]


# ---------------------------------------------------------------------------- what stands at a name


def test_records_are_those_of_the_names_in_the_form_of_a_record() -> None:
    found = looked(zone(*HELD), zone(*HELD), zone(*HELD))
    assert {*found.records} == FOUND
    assert (found.behind, found.unreached, found.failure) == ({}, (), "")
    assert found.asked == (ONE, TWO)


def test_alias_is_a_record_wherever_it_leads() -> None:
    """To a name that does not exist, of which a name server says so, or to a circle."""
    chain = records(ALIAS, rcode=dns.rcode.NXDOMAIN)
    found = looked(zone(*HELD), replies={"autoconfig.example.com A": chain})
    assert {*found.records} == FOUND
    circle = records(ALIAS, f"web.example.net. 300 CNAME {AUTOCONFIG}")
    found = looked(zone(*HELD), replies={"autoconfig.example.com A": circle})
    assert {*found.records} == FOUND


def test_alias_is_asked_for_itself_where_its_end_cannot_be_found() -> None:
    broken = {"autoconfig.example.com A": refusal(dns.rcode.SERVFAIL)}
    assert {*looked(zone(*HELD), replies=broken).records} == FOUND


def test_alias_at_a_name_of_a_service_is_a_record_too() -> None:
    alias = f"{IMAPS} 300 CNAME other.example."
    (found,) = looked(zone(alias)).records
    assert found == Record(IMAPS, "CNAME", "other.example.", 300)


def test_alias_that_a_dname_makes_is_no_record() -> None:
    made = records(
        "example.com. 300 DNAME example.org.", f"{AUTOCONFIG} 0 CNAME autoconfig.example.org."
    )
    found = looked(zone(SRV), replies={"autoconfig.example.com A": made})
    assert [each.name for each in found.records] == [IMAPS]


def test_addresses_of_both_versions_are_records() -> None:
    lines = (f"{AUTOCONFIG} 60 A 192.0.2.1", f"{AUTOCONFIG} 60 AAAA 2001:DB8::1")
    assert [each.value for each in looked(zone(*lines)).records] == ["192.0.2.1", "2001:db8::1"]


def test_text_is_one_string_in_the_case_that_it_has() -> None:
    line = '_caldavs._tcp.example.com. 60 TXT "path=" "/Dav\\"\\;"'
    assert [each.value for each in looked(zone(line)).records] == ['"path=/Dav\\";"']


def test_nine_hundred_records_are_read() -> None:
    lines = [f"{IMAPS} 60 SRV 0 0 {port} mail.example.net." for port in range(1, 901)]
    question = f"{IMAPS[:-1]} SRV"
    by_tcp = {question: zone(*lines)}
    with resolving(zone(*lines), {question: truncated}, by_tcp) as resolver:
        found = ask(resolver, {DOMAIN: INTEREST}, resolver.address.port)[DOMAIN]
    assert len(found.records) == 900


def test_name_that_is_too_long_to_exist_is_not_asked_for() -> None:
    long = f"{'a.' * 127}example.com."
    found = looked(zone(*HELD), interest={**INTEREST, long: ("A",)})
    assert {*found.records} == FOUND


def test_odd_characters_of_a_zone_are_printable() -> None:
    line = f"{IMAPS} 60 SRV 0 0 993 \\027[31m\\010.example.net."
    assert all(each.value.isprintable() for each in looked(zone(line)).records)


# -------------------------------------------------------------------------------- what counts as it


def test_failed_look_up_is_no_absence() -> None:
    for code in (dns.rcode.SERVFAIL, dns.rcode.REFUSED):
        broken = {f"{IMAPS[:-1]} {kind}": refusal(code) for kind in ("SRV", "CNAME")}
        found = looked(zone(*HELD), zone(*HELD), replies=broken)
        assert (found.records, found.failure) == ((), dns.rcode.to_text(code))


def test_failure_is_no_absence_where_there_is_no_alias_either() -> None:
    broken = {"autoconfig.example.com A": refusal(dns.rcode.SERVFAIL)}
    assert looked(zone(MX), replies=broken).failure == "SERVFAIL"


def test_record_of_a_name_that_does_not_exist_is_none() -> None:
    odd = {f"{IMAPS[:-1]} SRV": records(SRV, rcode=dns.rcode.NXDOMAIN)}
    odd |= {f"{IMAPS[:-1]} CNAME": refusal(dns.rcode.REFUSED)}
    assert looked(zone(*HELD), replies=odd).failure == "REFUSED"


def test_domain_of_which_the_name_servers_cannot_be_found_has_failed() -> None:
    broken = {"example.com NS": refusal(dns.rcode.SERVFAIL)}
    broken |= {"example.com CNAME": refusal(dns.rcode.SERVFAIL)}
    assert looked(zone(*HELD), replies=broken).failure == "SERVFAIL"


def test_silent_resolver_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "SECONDS", 0.6)
    assert looked(silence).failure == "no answer in 0.6 s"


def test_newest_copy_counts_and_the_others_are_behind() -> None:
    old, new = zone(MX, serial=7), zone(*HELD, serial=8)
    found = looked(old, old, new)
    assert {*found.records} == FOUND
    assert found.behind.keys() == {ONE, RESOLVER}
    assert [each.type for each in found.behind[ONE]] == ["MX"]


def test_resolver_that_has_what_is_gone_is_behind() -> None:
    new = zone(MX, SRV, serial=8)
    found = looked(zone(*HELD), new, new)
    assert [each.name for each in found.records] == ["example.com.", IMAPS]
    assert {*found.behind[RESOLVER]} == FOUND


def test_serial_counts_in_a_circle() -> None:
    """RFC 1982: what is a little beyond 2^32 is newer than what is a little below."""
    old, new = zone(MX, serial=2**32 - 3), zone(*HELD, serial=2)
    assert {*looked(old, old, new).records} == {*looked(old, new, old).records} == FOUND


def test_first_copy_counts_where_two_have_one_serial() -> None:
    found = looked(zone(*HELD), zone(*HELD), zone(MX))
    assert {*found.records} == FOUND
    assert found.behind.keys() == {TWO}


def test_time_to_live_makes_no_difference() -> None:
    other = zone(*(line.replace(" 300 ", " 60 ") for line in HELD))
    assert looked(other, zone(*HELD), zone(*HELD)).behind == {}


def test_answer_of_the_resolver_counts_where_no_name_server_can_be_reached() -> None:
    found = looked(zone(*HELD))
    assert {*found.records} == FOUND
    assert (found.asked, found.unreached, found.failure) == ((), (ONE, TWO), "")


def test_one_name_server_of_two_suffices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "SERVER_SECONDS", 1)
    found = looked(zone(MX), silence, zone(*HELD))
    assert {*found.records} == FOUND
    assert (found.asked, found.unreached) == ((TWO,), (ONE,))


@pytest.mark.parametrize(
    "lame",
    [
        refusal(dns.rcode.REFUSED),
        refusal(dns.rcode.SERVFAIL),
        records(),
        records(flags=NEITHER, authority=["com. 300 NS ns.example."]),
        absent(),
        absent(rcode=dns.rcode.NXDOMAIN),
        zone(apex="example.org."),
        zone("example.com. 300 CNAME example.org.", apex="example.org."),
        truncated,
    ],
    ids=["refuses", "fails", "caches", "refers", "resolves", "denies", "other", "alias", "cut"],
)
def test_name_server_that_does_not_have_the_zone_counts_for_nothing(lame: Reply) -> None:
    found = looked(zone(*HELD), lame, zone(*HELD))
    assert {*found.records} == FOUND
    assert (found.asked, found.unreached) == ((TWO,), (ONE,))


def test_copy_of_which_one_question_fails_is_none() -> None:
    whole, broken = zone(*HELD), refusal(dns.rcode.SERVFAIL)

    def half(query: dns.message.Message) -> Iterator[bytes]:
        yield from (broken if "_imaps" in query.question[0].name.to_text() else whole)(query)

    assert looked(zone(MX), half, zone(MX)).unreached == (ONE,)


def test_server_without_an_address_is_not_reached() -> None:
    away = {f"{ONE} {kind}": refusal(dns.rcode.SERVFAIL) for kind in ("A", "AAAA")}
    found = looked(zone(*HELD), zone(*HELD), zone(*HELD), replies=away)
    assert (found.asked, found.unreached) == ((TWO,), (ONE,))


# ---------------------------------------------------------------------------------- which are asked


def test_zone_above_holds_a_domain_without_name_servers() -> None:
    below = Domain("a.b.example.com")
    with resolving(zone(*HELD)) as resolver, ExitStack() as stack:
        port = resolver.address.port
        stack.enter_context(name_server(otherwise=zone(), place=(ADDRESSES[ONE], port)))
        found = ask(resolver, {below: {f"{below}.": ("MX",)}}, port)
    assert found[below].asked == (ONE,)


def test_registry_is_not_asked_for_a_domain_that_does_not_exist() -> None:
    registry = {"com NS": records("com. 300 NS ns.registry.example.")}
    with name_server(registry) as resolver:
        found = ask(resolver, {DOMAIN: INTEREST}, resolver.address.port)[DOMAIN]
    assert found == Live()
    assert not any("com NS" in each and "example" not in each for each in resolver.asked)


def test_few_of_many_name_servers_are_asked() -> None:
    many = [f"example.com. 300 NS ns{number}.host.example." for number in range(100)]
    with name_server({"example.com NS": records(*many)}, otherwise=zone(*HELD)) as resolver:
        found = ask(resolver, {DOMAIN: INTEREST}, resolver.address.port)[DOMAIN]
    assert len(found.unreached) == MOST_SERVERS
    assert {*found.records} == FOUND


def test_host_that_zones_share_is_looked_up_once() -> None:
    asked = []

    class Counting(Servers):
        async def reach(self, host: str) -> frozenset[Address] | None:
            asked.append(host)
            return await super().reach(host)

    domains = [Domain(f"customer-{number}.example") for number in range(5)]
    own = {f"{each} NS": records(f"{each}. 300 NS {ONE}.") for each in domains}
    interests = {each: {f"{each}.": ("MX",)} for each in domains}
    with resolving(zone(), own) as resolver:
        zones = Counting(Resolver([resolver.address]), anywhere, resolver.address.port)
        asyncio.run(look(interests, zones, RESOLVER, lambda _: None))
    assert asked == [ONE]


def test_silent_name_server_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "SERVER_SECONDS", 0.6)
    names = [Domain(f"customer-{number}.example") for number in range(3)]
    own = {f"{each} NS": records(f"{each}. 300 NS {ONE}.") for each in names}
    with resolving(zone(), own) as resolver:
        place = (ADDRESSES[ONE], resolver.address.port)
        with name_server(otherwise=silence, place=place) as silent:
            zones = Servers(Resolver([resolver.address]), anywhere, place[1])

            async def one_by_one() -> None:
                for name in names:
                    await look({name: {f"{name}.": ("MX",)}}, zones, RESOLVER, lambda _: None)

            asyncio.run(one_by_one())
    assert {*silent.asked} == {"customer-0.example SOA udp"}


def test_no_name_server_is_asked_where_many_have_been_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(servers, "MOST_SILENT", 1)
    assert MOST_SILENT > 2 * MOST_SERVERS - 1
    with name_server() as resolver, name_server(place=("127.0.0.2", 0)) as server:
        zones = Servers(Resolver([resolver.address]), anywhere, server.address.port)
        dead, alive = ip_address("127.0.0.99"), ip_address("127.0.0.2")

        async def both() -> None:
            for address in (dead, alive):
                with pytest.raises(LookUpFailed, match="no answer"):
                    await zones.ask(address, "example.com.", NS)

        asyncio.run(both())
    assert server.asked == []


@pytest.mark.parametrize(
    ("resolvers", "named", "asked"),
    [
        (["8.8.8.8"], True, {"public"}),
        (["10.0.0.1"], False, {"public"}),
        (["10.0.0.1"], True, {"public", "private", "loopback"}),
        (["127.0.0.53"], False, {"public", "loopback"}),
        (["127.0.0.1"], True, {"public", "private", "loopback"}),
        (["8.8.8.8", "::1"], True, {"public", "private", "loopback"}),
        (["resolver.internal"], True, {"public", "private", "loopback"}),
    ],
    ids=str,
)
def test_addresses_within_a_network_are_asked_only_from_there(
    resolvers: Sequence[str],
    named: bool,  # noqa: FBT001  # of the table
    asked: set[str],
) -> None:
    kinds = {
        "public": ("1.1.1.1", "2606:4700::1111"),
        "private": ("10.0.0.9", "192.168.1.1", "192.0.2.1", "fd00::1", "100.64.0.1"),
        "loopback": ("127.0.0.1", "127.8.8.8", "::1"),
        "never": ("224.0.0.1", "169.254.0.1", "fe80::1", "ff02::1", "::"),
    }
    may = permitted([NameServer(each, 53) for each in resolvers], named=named)
    for kind, addresses in kinds.items():
        assert {may(ip_address(each)) for each in addresses} == {kind in asked}, kind


def test_address_that_is_not_permitted_is_not_asked() -> None:
    with resolving(zone(*HELD)) as resolver:
        place = (ADDRESSES[ONE], resolver.address.port)
        with name_server(otherwise=zone(*HELD), place=place) as server:
            zones = Servers(Resolver([resolver.address]), lambda _: False, place[1])
            asyncio.run(look({DOMAIN: INTEREST}, zones, RESOLVER, lambda _: None))
        assert server.asked == []


# ---------------------------------------------------------------------------------------- wildcards

WILD_ALIAS = "*.example.com. 300 CNAME anything.example."
WILD_SRV = "*._tcp.example.com. 300 SRV 0 0 1 anything.example."


def test_what_a_wildcard_answers_is_no_record() -> None:
    held = (MX, WILD_ALIAS)
    found = looked(zone(*held), zone(*held), zone(*held))
    assert [each.type for each in found.records] == ["MX"]
    assert {(each.name, each.value) for each in found.wild} == {
        (name, "anything.example.") for name in INTEREST if name != "example.com."
    } - {(name, "anything.example.") for name in INTEREST if "_tcp" in name}
    assert found.behind == {}


def test_record_beside_a_wildcard_is_one() -> None:
    found = looked(zone(WILD_ALIAS, ALIAS, WILD_SRV, SRV))
    assert [each.name for each in found.records] == [AUTOCONFIG, IMAPS]
    assert [each.value for each in found.wild] == ["anything.example.", "0 0 1 anything.example."]


def test_nobody_is_asked_about_a_wildcard_where_a_name_does_not_exist() -> None:
    with resolving(zone(*HELD)) as resolver:
        ask(resolver, {DOMAIN: INTEREST}, resolver.address.port)
    names = {each.split()[0] for each in resolver.asked if each.endswith(("SRV udp", " A udp"))}
    assert names == {name[:-1] for name in INTEREST if name != "example.com."} | {ONE, TWO}


# ------------------------------------------------------------------------------------------ pending


def test_what_is_not_everywhere_is_pending_with_the_servers_that_are_behind() -> None:
    kept, new, old = (Record(AUTOCONFIG, "A", f"192.0.2.{number}") for number in range(3))
    mx = Record("example.com.", "MX", "1 mx.example.")
    keep = tuple(Entry(each, Why.YOURS, needed=True) for each in (kept, new))
    plan = Plan(DOMAIN, None, keep=keep)
    behind = {ONE: (kept, mx), TWO: (kept, new, old), RESOLVER: (kept,)}
    pending = with_pending(plan, Live((kept, new), behind)).pending
    assert pending == ((new, (ONE, RESOLVER)), (old, (TWO,)))


def test_nothing_is_pending_where_nobody_is_behind() -> None:
    assert with_pending(Plan(DOMAIN, None), Live()).pending == ()

"""Which questions and requests the steps of programs are."""

import dns.rdata
import pytest

from autoconfig.check.questions import Person, asked, best_mx, questions, requests
from autoconfig.check.seen import Named, Question, Request
from autoconfig.names import Domain, registrable
from tests.support.sights import PERSON, PROGRAMS

ALL = list(PROGRAMS.values())


def _named(*records: str) -> dict[Question, Named]:
    """Answers, of lines such as `MX 10 mx.example.net.`, at the domain or at `_autodiscover`."""
    found: dict[Question, Named] = {}
    for record in records:
        kind, text = record.split(maxsplit=1)
        key = ("_autodiscover._tcp.example.com" if kind == "SRV" else "example.com", kind)
        before = found.get(key, Named()).records
        found[key] = Named((*before, dns.rdata.from_text("IN", kind, text)))
    return found


def _urls(program: str, *records: str) -> set[str]:
    return {each.url for each in requests([PROGRAMS[program]], PERSON, _named(*records))}


def test_every_name_that_a_program_depends_on_is_asked_for() -> None:
    asked = questions(ALL, PERSON)
    assert {("example.com", "MX"), ("example.com", "NS")} < asked
    assert ("_autodiscover._tcp.example.com", "SRV") in asked
    assert ("_imaps._tcp.example.com", "SRV") in asked


def test_requests_without_names_are_those_that_need_none() -> None:
    first = requests(ALL, PERSON, None)
    assert first < requests(ALL, PERSON, _named("MX 1 mx.example.net.", "NS ns.example.net."))
    assert first == requests(ALL, PERSON, {})
    assert all("example.net" not in each.url.replace("ispdb.net", "") for each in first)


def test_programs_that_ask_the_same_share_the_request() -> None:
    alone = [requests([each], PERSON, None) for each in ALL]
    assert len(requests(ALL, PERSON, None)) < sum(map(len, alone))


def test_a_posted_request_has_its_schema_and_the_address() -> None:
    posted = Request(
        "POST",
        "https://example.com/autodiscover/autodiscover.xml",
        "outlook",
        "alice@example.com",
    )
    assert posted in requests([PROGRAMS["outlook"]], PERSON, None)
    assert posted._replace(schema="mobilesync") in requests([PROGRAMS["activesync"]], PERSON, None)


def test_an_address_is_written_as_the_program_writes_it() -> None:
    person = Person(Domain("example.com"), "al+ice@example.com")
    thunderbird = requests([PROGRAMS["thunderbird"]], person, None)
    assert any("emailaddress=al%2Bice%40example.com" in each.url for each in thunderbird)
    nextcloud = requests([PROGRAMS["nextcloud"]], person, None)
    assert any("emailaddress=al+ice@example.com" in each.url for each in nextcloud)


BELOW_MX = {
    "its domain, then its base": (
        ["MX 1 a.mail.example.net."],
        ["mail.example.net", "example.net"],
    ),
    "once where they are the same": (["MX 1 mx.example.net."], ["example.net"]),
    "the base of a host without a parent": (["MX 1 example.net."], ["example.net"]),
    "a base below a second level": (["MX 1 mx.example.co.uk."], ["example.co.uk"]),
    "not the domain itself": (["MX 1 mx.example.com."], []),
    "nor below it": (["MX 1 a.mx.example.com."], []),
    "the best": (["MX 2 mx.example.net.", "MX 1 mx.example.org."], ["example.org"]),
    "none": ([], []),
    "a null MX": (["MX 0 ."], []),
    "a name that is no host": ([r"MX 0 a\.b_c.example.net."], []),
}


@pytest.mark.parametrize(("records", "domains"), BELOW_MX.values(), ids=BELOW_MX)
def test_what_thunderbird_asks_below_the_mx(records: list[str], domains: list[str]) -> None:
    known = _named(*records) or {("example.com", "MX"): Named()}
    found = {each.url for each in requests([PROGRAMS["thunderbird"]], PERSON, known)}
    more = found - _urls("thunderbird")
    expected = {f"https://live.thunderbird.net/autoconfig/v1.1/{each}" for each in domains} | {
        f"https://autoconfig.{each}/mail/config-v1.1.xml?emailaddress=alice%40example.com"
        for each in domains
    }
    assert more == expected


def test_base_of_the_mx_is_asked_by_who_asks_for_nothing_between() -> None:
    found = requests([PROGRAMS["gnome-online-accounts"]], PERSON, _named("MX 1 mx.example.net."))
    assert {"https://v1.ispdb.net/mx.example.net", "https://v1.ispdb.net/example.net"} <= {
        each.url for each in found
    }


def test_no_step_is_made_twice() -> None:
    program = PROGRAMS["thunderbird"]
    steps = asked(program, program.searches[2], PERSON, _named("MX 1 mx.example.net."))
    assert len(steps) == len({each.request for each in steps}) == 2


def test_evolution_asks_for_each_name_above_the_name_server() -> None:
    more = _urls("evolution", "NS dns1.example.net.") - _urls("evolution")
    databases = {each for each in more if "thunderbird.net" in each}
    base = "https://autoconfig.thunderbird.net/v1.1/"
    assert databases == {f"{base}dns1.example.net", f"{base}example.net"}


SRV = {
    "the best of RFC 2782": (
        "outlook",
        ["SRV 1 9 443 b.example.net.", "SRV 0 1 443 c.example.net.", "SRV 0 5 443 a.example.net."],
        ["a"],
    ),
    "the last by priority": (
        "exchangelib",
        ["SRV 1 0 443 b.example.net.", "SRV 0 0 443 a.example.net."],
        ["b"],
    ),
    "the lightest, whatever the port": (
        "thunderbird",
        ["SRV 0 5 443 b.example.net.", "SRV 9 1 8443 a.example.net."],
        ["a"],
    ),
    "no other port": ("outlook", ["SRV 0 0 8443 a.example.net."], []),
    "a dot": ("outlook", ["SRV 0 0 443 ."], []),
}


@pytest.mark.parametrize(("program", "records", "hosts"), SRV.values(), ids=SRV)
def test_where_an_srv_record_leads(program: str, records: list[str], hosts: list[str]) -> None:
    more = _urls(program, *records) - _urls(program)
    assert [each.partition(".example.net")[0] for each in more] == [f"https://{h}" for h in hosts]


def test_a_failed_look_up_leads_nowhere() -> None:
    failed = {("example.com", "MX"): Named(failure="SERVFAIL")}
    assert requests([PROGRAMS["nextcloud"]], PERSON, failed) == requests(
        [PROGRAMS["nextcloud"]], PERSON, None
    )


def test_best_mx_of_equal_ones_is_always_the_same() -> None:
    records = ("MX 1 b.example.net.", "MX 1 a.example.net.")
    found = [best_mx(_named(*order)[("example.com", "MX")]) for order in (records, records[::-1])]
    assert found == ["a.example.net"] * 2


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("mx1.mail.example.com", "example.com"),
        ("example.com", "example.com"),
        ("mail.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("a.asso.fr", "a.asso.fr"),
        ("a.github.io", "github.io"),
    ],
)
def test_the_registrable_part_of_a_name(name: str, base: str) -> None:
    assert registrable(Domain(name)) == base

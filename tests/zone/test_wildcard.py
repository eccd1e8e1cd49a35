"""What the wildcards of a zone answer, and which of it a plan counts."""

from ipaddress import ip_address

import pytest

from autoconfig.names import Domain
from autoconfig.zone.plan import Target
from autoconfig.zone.record import Record
from autoconfig.zone.wildcard import Seen

AUTOCONFIG, IMAPS = "autoconfig.a.fr.", "_imaps._tcp.a.fr."
NAMES = {"a.fr.": ("MX",), AUTOCONFIG: ("CNAME", "A", "AAAA"), IMAPS: ("SRV",)}
WEB = Record("*.a.fr.", "A", "192.0.2.1")
OTHER = Record("www.a.fr.", "A", "192.0.2.1")
ALIAS = Record("*.fr.", "CNAME", "our.example.")
HOST = Target(Domain("our.example"))


@pytest.mark.parametrize(
    ("records", "answers"),
    [
        ([WEB, OTHER], {(AUTOCONFIG, "A")}),
        ([WEB._replace(type="TXT"), OTHER], set()),
        ([Record("*.a.fr.", "CNAME", "b.")], {(AUTOCONFIG, "CNAME"), (IMAPS, "CNAME")}),
        ([WEB, Record(AUTOCONFIG, "TXT", "")], set()),
        ([WEB, Record(f"below.{AUTOCONFIG}", "TXT", "")], set()),
        ([Record("*.a.fr.", "SRV", "0 0 1 b.")], {(IMAPS, "SRV")}),
        ([Record("*.a.fr.", "SRV", "0 0 1 b."), Record("_x._tcp.a.fr.", "TXT", "")], set()),
        ([Record("*._tcp.a.fr.", "SRV", "0 0 1 b.")], {(IMAPS, "SRV")}),
        ([Record("*.fr.", "MX", "1 b.")], {("a.fr.", "MX")}),
        ([Record("*.fr.", "MX", "1 b."), OTHER], set()),
        ([OTHER], set()),
        ([], set()),
    ],
    ids=[
        *("address", "other-type", "alias", "name-is-there", "name-is-above-one"),
        *("service", "name-above-is-there", "closest", "mx", "not-below-a-name", "none", "empty"),
    ],
)
def test_wildcard_answers_for_names_that_are_not_there(
    records: list[Record], answers: set[tuple[str, str]]
) -> None:
    seen = Seen.of_zone(records, NAMES)
    assert {(each.name, each.type) for each in seen.wild} == answers
    assert seen.records == records


@pytest.mark.parametrize(
    ("target", "wild"),
    [
        (HOST, ALIAS),
        (Target(addresses=(ip_address("192.0.2.1"),)), WEB),
        (HOST._replace(known=frozenset({ip_address("192.0.2.1")})), WEB),
        (HOST, WEB._replace(type="MX")),
    ],
    ids=["host", "address", "known", "mx"],
)
def test_answer_that_is_as_good_as_the_target_counts(target: Target, wild: Record) -> None:
    assert Seen((OTHER,), (wild,)).counted(target) == (OTHER, wild)
    assert Seen((OTHER,), (wild._replace(value="?", type="A"),)).counted(target) == (OTHER,)

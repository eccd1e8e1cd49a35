"""Plans of zones that Hypothesis makes up: a plan leads where it should, and then comes to rest."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from autoconfig.names import Domain
from autoconfig.zone.compare import make_plan
from autoconfig.zone.plan import Entry, Plan, Target, What
from autoconfig.zone.record import Record
from autoconfig.zone.wanted import names_of_interest
from tests.support.plans import DOMAIN, applied
from tests.support.services import CATALOGUE, SERVICES

ADDRESSES = ("192.0.2.1", "192.0.2.9", "2001:db8::1", "2001:db8::9", "x")
HOSTS = (
    *("autoconfig.agency.example.", "cloud.example.", "other.example.", "mail.example.com."),
    *("autoconfig.example.fr.", "autodiscover.example.fr.", "www.example.fr.", "."),
    *(
        "mailconfig.ovh.net.",
        "autodiscover.mail.ovh.net.",
        "ssl0.ovh.net.",
        "zimbra1.mail.ovh.net.",
    ),
    *("ex4.mail.ovh.net.", "ex5.mail.ovh.net.", "pro1.mail.ovh.net.", "imap.mail.ovh.net."),
    *("pop.mail.ovh.net.", "smtp.mail.ovh.net.", "imap.mail.ovh.ca.", "mx0.mail.ovh.net."),
)
SRV_NAMES = [name for name in names_of_interest(DOMAIN, None) if name.startswith("_")]
WEB_NAMES = ["autoconfig.example.fr.", "autodiscover.example.fr."]
ALIASES = ["www.example.fr.", "autoconfig.agency.example.", "cloud.example."]

hosts = st.sampled_from(HOSTS)
records = st.one_of(
    st.builds(Record, st.sampled_from([*WEB_NAMES, *ALIASES]), st.just("CNAME"), hosts),
    st.builds(
        Record,
        st.sampled_from([*WEB_NAMES, *ALIASES]),
        st.sampled_from(["A", "AAAA"]),
        st.sampled_from(ADDRESSES),
    ),
    st.builds(
        Record,
        st.sampled_from(SRV_NAMES),
        st.just("SRV"),
        st.builds(
            "{} {} {} {}".format,
            st.integers(0, 2),
            st.integers(0, 1),
            st.sampled_from([0, 143, 443, 465, 587, 993, 995]),
            hosts,
        )
        | st.just("0 993 imap.example."),
    ),
    st.builds(Record, st.just("example.fr."), st.just("MX"), hosts.map("1 {}".format)),
    st.builds(
        Record,
        st.sampled_from([*WEB_NAMES, *SRV_NAMES]),
        st.sampled_from(["TXT", "CAA"]),
        st.sampled_from(['"path=/"', '"x"']),
    ),
    st.builds(Record, st.sampled_from(SRV_NAMES), st.just("CNAME"), hosts),
)


def as_servers_load_it(zone: list[Record]) -> list[Record]:
    """The zone with each record once, and no text beside a CNAME.

    Addresses beside one are left, as people do write them.
    """
    aliases = {each.name for each in zone if each.type == "CNAME"}
    once = {each.said: each for each in zone}.values()
    return [each for each in once if each.type not in ("TXT", "CAA") or each.name not in aliases]


zones = st.lists(records, max_size=14).map(as_servers_load_it)
services = st.sampled_from([*SERVICES])
addresses = st.sampled_from([ip_address(each) for each in ADDRESSES[:4]])
server_names = st.sampled_from(
    ["autoconfig.agency.example", "autoconfig.example.fr", "www.example.fr"]
)
targets = st.one_of(
    st.builds(Target, server_names.map(Domain), st.just(()), st.frozensets(addresses, max_size=2)),
    st.builds(Target, st.none(), st.lists(addresses, min_size=1, max_size=3).map(tuple)),
)


def planned(service: str, present: Sequence[Record], target: Target) -> Plan:
    return make_plan(DOMAIN, SERVICES[service], present, target, CATALOGUE)


@given(services, zones, targets)
def test_plan_applied_in_full_proposes_nothing_again(
    service: str, present: list[Record], target: Target
) -> None:
    plan = planned(service, present, target)
    again = planned(service, applied(present, plan.changes, plan), target)
    assert not again.changes


@given(services, zones, targets)
def test_needed_part_of_a_plan_leaves_nothing_needed(
    service: str, present: list[Record], target: Target
) -> None:
    plan = planned(service, present, target)
    needed = [entry for entry in plan.changes if entry.needed]
    again = planned(service, applied(present, needed, plan), target)
    assert not [entry for entry in again.changes if entry.needed]


@given(services, zones, targets)
def test_record_stands_in_one_place_of_the_plan_at_most(
    service: str, present: list[Record], target: Target
) -> None:
    plan = planned(service, present, target)
    old = [each.old for each in plan.replace if each.old]
    there = [*old, *(each.record for each in (*plan.delete, *plan.keep))]
    new = [each.record for each in (*plan.create, *plan.replace)]
    said = {each.said for each in present}
    assert len({each.said for each in there}) == len(there)
    assert {each.said for each in there} <= said
    assert len({each.said for each in new}) == len(new)
    assert {each.said for each in new}.isdisjoint(said)


@given(services, zones, targets)
def test_plan_is_about_the_names_of_interest_alone_and_never_about_mx(
    service: str, present: list[Record], target: Target
) -> None:
    plan = planned(service, present, target)
    entries = (*plan.changes, *plan.keep)
    names = names_of_interest(DOMAIN, SERVICES[service])
    for record in filter(None, (each for entry in entries for each in (entry.record, entry.old))):
        assert record.type in names[record.name]
        assert record.type != "MX"


@given(services, zones, targets, st.randoms(use_true_random=False))
def test_order_in_which_name_servers_answer_changes_nothing(
    service: str, present: list[Record], target: Target, random: Random
) -> None:
    shuffled = list(present)
    random.shuffle(shuffled)
    assert planned(service, present, target) == planned(service, shuffled, target)


Applied: TypeAlias = Callable[[Sequence[Record], Sequence[Entry], Plan], list[Record]]

WEB_TYPES = {"CNAME", "A", "AAAA"}


def reached(name: str, zone: Sequence[Record]) -> set[str]:
    """The names and addresses at the ends of a name, as a resolver would find them."""
    seen, waiting = set[str](), [name]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        waiting += [each.value for each in zone if each.name == here and each.type in WEB_TYPES]
    return seen


def leads(service: str, present: list[Record], target: Target, apply: Applied) -> bool:
    """Whether both names lead to the server once the plan is applied, or a remark says why not."""
    plan = planned(service, present, target)
    zone = apply(present, plan.changes, plan)
    if any(remark.what in (What.NO_ROOM, What.NEEDS_ADDRESS) for remark in plan.remarks):
        return True
    goal = {f"{target.host}.", *map(str, (*target.addresses, *target.known))}
    goal |= reached(f"{target.host}.", zone)
    for name in WEB_NAMES:
        own = [each for each in zone if each.name == name and each.type in WEB_TYPES]
        aliases = [each for each in own if each.type == "CNAME"]
        in_the_way = aliases and len(own) > 1 and name not in goal
        if not own or in_the_way or goal.isdisjoint(reached(name, zone)):
            return False
    return True


@given(services, zones, targets)
def test_both_names_lead_to_the_server_once_the_plan_is_applied(
    service: str, present: list[Record], target: Target
) -> None:
    assert leads(service, present, target, applied)


def _without_deletions(
    present: Sequence[Record], entries: Sequence[Entry], plan: Plan
) -> list[Record]:
    return applied(present, [each for each in entries if each not in plan.delete], plan)


def _additions_alone(
    present: Sequence[Record], entries: Sequence[Entry], plan: Plan
) -> list[Record]:
    return [*present, *(each.record for each in entries if each not in plan.delete)]


@pytest.mark.parametrize("apply", [_without_deletions, _additions_alone])
def test_half_a_plan_is_seen_not_to_lead_there(apply: Applied) -> None:
    """What the property above would say if plans were wrong."""

    def fails(each: tuple[str, list[Record], Target]) -> bool:
        service, present, target = each
        return not leads(service, present, target, apply)

    some = st.tuples(services, zones, targets)
    quick = settings(database=None, phases=(Phase.generate,), max_examples=2000)
    try:
        found = find(some, fails, settings=quick)
    except NoSuchExample:
        pytest.fail("nothing is found")
    assert fails(found)

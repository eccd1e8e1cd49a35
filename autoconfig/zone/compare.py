"""The plan of a domain, from what its zone holds and what it should hold."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from autoconfig.names import Domain
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.model import Service
from autoconfig.zone.drift import drift
from autoconfig.zone.hosts import Hosts
from autoconfig.zone.place import Place, Verdict
from autoconfig.zone.plan import Act, Entry, Plan, Remark, Target, What, Why
from autoconfig.zone.record import Record, by_name
from autoconfig.zone.srv import srv_places
from autoconfig.zone.wanted import calendars
from autoconfig.zone.web import WebNames

_Judged: TypeAlias = tuple[Record, Verdict]

_SIGNATURES = frozenset({"RRSIG", "NSEC"})
"""Types that may stand beside a CNAME, as they only sign it (RFC 4035 section 2.5)."""

_BESIDE_ALIAS = Verdict(right=False, why=Why.BESIDE_ALIAS)


def make_plan(
    domain: Domain,
    service: Service,
    present: Sequence[Record],
    target: Target,
    catalogue: Catalogue,
) -> Plan:
    """Compare what a zone holds with what it should hold for a service.

    `present`: the records at `names_of_interest`, of all types that are known. There may be more;
    aliases are followed as far as they are there, outside the zone too. `target` has either a host
    or addresses.
    """
    zone, hosts = by_name(present), Hosts(catalogue, service)
    places = (
        *WebNames.of(target, zone, hosts).places(domain),
        *srv_places(domain, service, target, hosts, zone.get(calendars(domain), ())),
    )
    outcomes = [_compare(place, zone.get(place.name, ())) for place in places]
    agrees, about_offer = drift(domain, service, zone, catalogue)
    create, replace, delete, keep = (
        tuple(entry for each in outcomes for one, entry in each.steps if one is act) for act in Act
    )
    remarks = (*(remark for each in outcomes for remark in each.remarks), *about_offer)
    return Plan(domain, service, create, replace, delete, keep, remarks=remarks, agrees=agrees)


class _Outcome(NamedTuple):
    """What is to be done and said at a place."""

    steps: tuple[tuple[Act, Entry], ...] = ()
    remarks: tuple[Remark, ...] = ()


def _compare(place: Place, there: Sequence[Record]) -> _Outcome:
    judged = [*_judged(place, there)]
    right = [record for record, verdict in judged if verdict.right]
    missing = _missing(place, right)
    hindrance = _hindrance(place, there, missing)
    if hindrance:
        return _Outcome(remarks=(hindrance,))
    return _Outcome(tuple(_steps(place, judged, missing, alone=not right)), place.remarks)


def _judged(place: Place, there: Sequence[Record]) -> Iterator[_Judged]:
    """The verdicts on what is there. A right CNAME stands alone (RFC 1034 section 3.6.2)."""
    pairs = [(each, place.judge(each)) for each in there if each.type in place.types]
    judged = [(record, verdict) for record, verdict in pairs if verdict]
    alias = next((each for each, verdict in judged if verdict.right and each.type == "CNAME"), None)
    for record, verdict in judged:
        beside = place.wanted and alias and record is not alias
        yield record, _BESIDE_ALIAS if beside else verdict


def _missing(place: Place, right: Sequence[Record]) -> list[Record]:
    if right and (not place.each or any(record.type == "CNAME" for record in right)):
        return []
    there = {record.said for record in right}
    return [record for record in place.wanted if record.said not in there]


def _hindrance(place: Place, there: Sequence[Record], missing: Sequence[Record]) -> Remark | None:
    """The reason why nothing can be done at the place, which may be none."""
    others = {each.type for each in there} - {*place.types, *_SIGNATURES}
    if "CNAME" in others:
        return Remark(What.ALIAS, {"name": place.name})
    if others and any(record.type == "CNAME" for record in missing):
        values = {"name": place.name, "types": ", ".join(sorted(others))}
        return Remark(What.NO_ROOM, values, open=True)
    return None


def _steps(
    place: Place, judged: Sequence[_Judged], missing: Sequence[Record], *, alone: bool
) -> Iterator[tuple[Act, Entry]]:
    """`alone`: whether nothing that is there would do instead of what is missing."""
    wrong = [each for each in judged if not each[1].right]
    missing, wrong = _by_type(missing, wrong)
    for new, (old, verdict) in zip(missing, wrong, strict=False):
        yield Act.REPLACE, _entry(new, verdict)._replace(old=old)
    for new in missing[len(wrong) :]:
        yield Act.CREATE, Entry(new, place.why, place.needed and alone)
    for old, verdict in wrong[len(missing) :]:
        yield Act.DELETE, _entry(old, verdict)
    for record, verdict in judged:
        if verdict.right:
            yield Act.KEEP, _entry(record, verdict)._replace(needed=place.needed)


def _by_type(new: Sequence[Record], old: Sequence[_Judged]) -> tuple[list[Record], list[_Judged]]:
    """The same in such an order that those of one type meet."""
    common = {each.type for each in new} & {record.type for record, _ in old}

    def order(record: Record) -> tuple[bool, str]:
        return record.type not in common, record.type

    return sorted(new, key=order), sorted(old, key=lambda each: order(each[0]))


def _entry(record: Record, verdict: Verdict) -> Entry:
    return Entry(record, verdict.why, verdict.needed, host=verdict.host, offer=verdict.offer)

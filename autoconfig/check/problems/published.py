"""What the zone of a domain publishes for mail programs, and the plan that would mend it.

The plan is that of `autoconfig dns`. Where the server that should answer is not known, its own two
names cannot be judged, and the command that prints their records stands in their place.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from autoconfig.check.problems.case import Case, at, few, host_of, problem
from autoconfig.check.seen import Named
from autoconfig.check.verdict import Problem, Result, Verdict
from autoconfig.names import Domain
from autoconfig.offers.model import Service
from autoconfig.zone.compare import make_plan
from autoconfig.zone.plan import Act, Entry, Plan, Target, What, Why
from autoconfig.zone.presentation import stated
from autoconfig.zone.record import Record, absolute, by_name, plain
from autoconfig.zone.wanted import MAIL
from autoconfig.zone.web import with_addresses
from autoconfig.zone.wildcard import Seen

NOBODY = "no-such-name-5e1f2c"
"""A label that nobody has: what is answered at it is a wildcard's."""

MOST_RECORDS = 8
"""Records in a sentence: as many as zones of some years ago have that are wrong, and some more."""

_NOWHERE = Target(Domain("server.invalid"))
"""Stands for a server that is not known."""

_OLD = frozenset({Why.LEFT_OVER, Why.SERVER_UNKNOWN})
_OTHERS = frozenset({Why.OTHER_OFFER, Why.OTHER_SERVER})
"""What records seem to be that tell another service; whether they are right is told of that."""
_TELLS_OTHER = frozenset({What.OTHER_SERVICE, What.SEVERAL_SERVICES})
_DRIFT = frozenset({*_TELLS_OTHER, What.MAIL_ELSEWHERE, What.NO_MAIL})


class State(StrEnum):
    """What is wrong with the records of a name at which programs ask for settings."""

    MISSING = "missing"
    WILDCARD = "wildcard"
    LEFT_OVER = "left-over"
    DEAD_END = "dead-end"


class Published(NamedTuple):
    """What is there at the names of a domain, by what could be looked up.

    `plan`: None if the service is not known. `wild`: types and values of what a wildcard answers.
    """

    case: Case
    records: tuple[Record, ...]
    wild: frozenset[tuple[str, str]]
    plan: Plan | None = None

    def state(self, host: str) -> State | None:
        """What is wrong with the records of a host; None if nothing is, or that is not known."""
        found = [
            self.case.seen.names.get((host, kind), Named(failure="?")) for kind in ("A", "AAAA")
        ]
        if any(each.failure for each in found):
            return None
        own = {stated(host, data).said[1:] for each in found for data in each.own}
        if not own:
            return State.MISSING
        if own <= self.wild:
            return State.WILDCARD
        if any(entry.why in _OLD for entry in self.changes(host)):
            return State.LEFT_OVER
        return None if any(each.records for each in found) else State.DEAD_END

    def changes(self, host: str) -> list[Entry]:
        """What the plan changes at a host."""
        name = absolute(host)
        return [each for each in self.plan.changes if each.record.name == name] if self.plan else []

    def cure(self, hosts: Iterable[str]) -> tuple[str, tuple[str, ...]]:
        """The words and the lines by which hosts are led to the server."""
        if self.plan is None or self.case.target is None:
            return "publish-by-command", (self.case.way,)
        changes = [entry for host in hosts for entry in self.changes(host)]
        added = [each for each in changes if each not in self.plan.delete]
        if not added:
            return "look-at-server", ()
        cure = "replace-names" if any(each.old for each in added) else "add-records"
        return cure, _lines(added)


def published(case: Case) -> Published:
    """What is published. A name of which the look-up has failed has no part in it."""
    found = tuple(
        stated(absolute(name), data)
        for (name, _), named in case.seen.names.items()
        if not named.failure
        for data in named.own
    )
    nobody = absolute(f"{NOBODY}.{case.domain}")
    zone = Published(case, found, frozenset(each.said[1:] for each in found if each.name == nobody))
    return zone._replace(plan=_plan(zone, case.of_domain)) if case.of_domain else zone


def _plan(zone: Published, service: Service) -> Plan:
    case = zone.case
    own = [each for each in zone.records if each.said[1:] not in zone.wild]
    wild = [each for each in zone.records if each.said[1:] in zone.wild]
    target = with_addresses(case.target or _NOWHERE, by_name(own))
    counted = Seen(own, wild).counted(target)
    return _without_failed(make_plan(case.domain, service, counted, target, case.catalogue), case)


def _without_failed(plan: Plan, case: Case) -> Plan:
    """The plan without the names of which nothing is known."""
    failed = {
        absolute(name)
        for (name, kind), named in case.seen.names.items()
        if named.failure and kind != "CAA"
    }

    def known(act: Act) -> tuple[Entry, ...]:
        return tuple(each for each in plan.of(act) if each.record.name not in failed)

    create, change, delete = known(Act.CREATE), known(Act.REPLACE), known(Act.DELETE)
    return replace(plan, create=create, replace=change, delete=delete)


# ----------------------------------------------------------------------------------- the problems


def offer_differs(zone: Published) -> Iterator[Problem]:
    """The DNS tells another offer than the one that is expected."""
    for each in zone.plan.remarks if zone.plan else ():
        if each.what in _DRIFT:
            values = {**each.values, "domain": zone.case.domain}
            wrong = problem(f"drift-{each.what}", f"mend-{each.what}", **values)
            yield wrong._replace(harms=True)


def names(zone: Published) -> Iterator[Problem]:
    """The two names for programs lead nowhere, or have no records of their own."""
    target = zone.case.target
    alike: dict[tuple[State, bool], list[str]] = {}
    for host in zone.case.hosts:
        state = zone.state(host)
        if state and state is not State.LEFT_OVER:
            itself = bool(target and target.host == host)
            alike.setdefault((state, itself), []).append(host)
    for (state, itself), hosts in alike.items():
        suffering = zone.case.sufferers(*(place for host in hosts for place in at(host)))
        if suffering:
            cure, lines = ("give-address", ()) if itself else zone.cure(hosts)
            if state is State.MISSING and not zone.case.target:
                cure = "publish-first"
            what, values = _told(zone.case, state, hosts)
            yield problem(what, cure, lines, suffering, **values)


def _told(case: Case, state: State, hosts: list[str]) -> tuple[str, dict[str, str]]:
    what, values = _instead(case) if state is State.MISSING else (state.value, {})
    ends = few(filter(None, (_end(case, host) for host in hosts)))
    return what, {**values, "names": few(hosts), "domain": case.domain, "ends": ends}


def _instead(case: Case) -> tuple[str, dict[str, str]]:
    """What some programs get in place of what is missing, from others than the domain."""
    elsewhere = [each for each in case.verdicts if each.counts and case.is_elsewhere(each.source)]
    for what, results in (
        ("missing-misled", {Result.WRONG}),
        ("missing-saved", {Result.RIGHT, Result.ASKS}),
    ):
        found: list[Verdict] = [each for each in elsewhere if each.result in results]
        if found:
            values = {
                "place": few(host_of(each.source) for each in found),
                "servers": case.wrong_servers(server for each in found for server in each.servers),
            }
            return what, values
    return "missing", {}


def _end(case: Case, host: str) -> str:
    aliases = case.seen.names[host, "A"].aliases or case.seen.names[host, "AAAA"].aliases
    return aliases[-1] if aliases else ""


def records(zone: Published, plan: Plan) -> Iterator[Problem]:
    """Records that lead programs to servers that are wrong, those of a kind together.

    Where the server is not known, what replaces the two names for programs is told apart.
    """
    kinds: dict[tuple[Why, str, str, bool], list[Entry]] = {}
    for entry in _wrong(zone.case, plan):
        web = plain(entry.record.name) in zone.case.hosts and not zone.case.target
        host = "" if entry.why is Why.NOT_OF_SERVICE else entry.host
        kinds.setdefault((entry.why, host, entry.offer, web), []).append(entry)
    for (why, host, offer, web), entries in kinds.items():
        old = [each.old or each.record for each in entries]
        names = {each.name for each in old}
        beside = [each for each in plan.create if each.record.name in names]
        new = [*(each for each in entries if each.old), *beside]
        cure, lines = (
            ("replace-records", _lines(new)) if new else ("remove-records", _lines(entries))
        )
        if web:
            cure, lines = "publish-by-command", (zone.case.way,)
        yield problem(
            f"record-{why}",
            cure,
            lines,
            zone.case.sufferers(*map(plain, names)),
            records=few((each.line() for each in old), MOST_RECORDS),
            host=host,
            offer=offer,
        )


def records_missing(zone: Published, told: Container[str]) -> Iterator[Problem]:
    """There are no records by which some programs find the servers, or go on to them.

    `told`: the programs that suffer from something that has been told already.
    """
    case = zone.case
    plan = zone.plan
    create = plan.create if plan and not (case.is_apart or _is_doubted(plan)) else ()
    kinds = {label.name for label in MAIL}
    new = [each for each in create if each.record.name.removesuffix(f".{case.domain}.") in kinds]
    names = [plain(each.record.name) for each in new]
    suffering = [each for each in case.sufferers(*names) if each not in told]
    asked = {name for each in suffering for name in case.asked[each]}
    if suffering:
        lines = _lines(each for each in new if plain(each.record.name) in asked)
        yield problem("records-missing", "add-records", lines, suffering)


def _wrong(case: Case, plan: Plan) -> Iterator[Entry]:
    """What goes because it does harm. Whether a name leads to the server is seen on the web."""
    doubted = _is_doubted(plan)
    for entry in (*plan.replace, *plan.delete):
        web = plain(entry.record.name) in case.hosts
        if entry.needed and (entry.why in _OLD if web else not (doubted and entry.why in _OTHERS)):
            yield entry


def _is_doubted(plan: Plan) -> bool:
    """Whether the DNS tells another service, so that nothing about servers is sure."""
    return any(each.what in _TELLS_OTHER for each in plan.remarks)


def _lines(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(str(each.record) for each in entries)

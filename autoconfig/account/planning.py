"""From an account to the plans of its zones, and to the work that each of them is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from autoconfig.account.changes import Work
from autoconfig.account.refusals import Absent, Gone, Refused
from autoconfig.account.served import is_served, other_servers
from autoconfig.account.undo import Before, way_back
from autoconfig.account.zones import Copy, Zones
from autoconfig.names import Domain
from autoconfig.problems import ConfigurationError
from autoconfig.zone.live import Interest, Live
from autoconfig.zone.plan import Plan, Remark, What
from autoconfig.zone.record import Record

Make: TypeAlias = Callable[[Domain, Sequence[Record]], Plan]
"""Make the plan of a domain from the records of its zone."""


NO_ZONE = Remark(What.NO_ZONE, open=True)


class Sources(NamedTuple):
    """The places where zones are looked at.

    `left`: those that an earlier run wrote into, and did not have served. `read` is called with 1
    for each that has been read.
    """

    zones: Zones
    left: Set[Domain]
    read: Callable[[int], object]


class Task(NamedTuple):
    """The plans to show, and the work of each zone in which something is to be done."""

    plans: tuple[Plan, ...]
    works: tuple[Work, ...]


def plan_domains(
    interests: Mapping[Domain, Interest],
    lives: Mapping[Domain, Live],
    make: Make,
    sources: Sources,
) -> Task:
    """The plans of domains. Those whose zones are one are one work. Raises `AccountError`.

    `interests`: the names that are looked at for each. `lives`: what name servers have there.
    """
    plans = {domain: Plan(domain, None, remarks=(NO_ZONE,)) for domain in interests}
    works = []
    for zone, domains in _by_zone(interests, sources.zones).items():
        copy = _copy(zone, sources)
        if isinstance(copy, str):
            plans |= {domain: Plan(domain, None, failure=copy) for domain in domains}
            continue
        for domain in domains:
            plan = make(domain, copy.zone.records)
            about = _compared(copy, lives[domain], interests[domain])
            plans[domain] = replace(plan, remarks=(*plan.remarks, *about))
        within = {domain: interests[domain] for domain in domains}
        work = Work.of([plans[domain] for domain in domains], copy, within)
        works.append(replace(work, stale=work.stale or zone in sources.left))
    return _task(plans.values(), works)


def _by_zone(domains: Iterable[Domain], zones: Zones) -> dict[Domain, list[Domain]]:
    found: dict[Domain, list[Domain]] = {}
    for domain in domains:
        zone = zones.holding(domain)
        if zone:
            found.setdefault(zone, []).append(domain)
    return found


def plan_back(before: Mapping[Domain, Before], sources: Sources) -> Task:
    """The plans that lead back to what was before a journal. Raises `AccountError`."""
    plans = {zone: Plan(zone, None, remarks=(NO_ZONE,)) for zone in before}
    works = []
    for zone in sorted(before.keys() & sources.zones.names):
        copy = _copy(zone, sources)
        if isinstance(copy, str):
            plans[zone] = Plan(zone, None, failure=copy)
            continue
        plans[zone], work = way_back(before[zone], copy)
        works.append(replace(work, stale=zone in sources.left))
    return _task(plans.values(), works)


def settles(task: Task, make: Make | None = None) -> bool:
    """Whether all is as it should be when the task is done, as far as the zones can tell.

    `make`: for plans that disagree with their zone, which may be due to a record that goes.
    """
    works = {domain: work for work in task.works for domain in work.interests}
    for plan in task.plans:
        then = replace(plan, create=(), replace=(), delete=())
        if make and not plan.agrees and plan.domain in works:
            then = make(plan.domain, works[plan.domain].after)
        if not then.settled:
            return False
    return True


def _task(plans: Iterable[Plan], works: Iterable[Work]) -> Task:
    return Task(tuple(plans), tuple(work for work in works if work.names or work.stale))


def _copy(zone: Domain, sources: Sources) -> Copy | str:
    """The zone, or the reason why it cannot be read: the others go on."""
    sources.read(1)
    try:
        return sources.zones.copy(zone)
    except (ConfigurationError, Refused, Absent, Gone) as error:
        return str(error)


def _compared(copy: Copy, live: Live, interest: Interest) -> Iterator[Remark]:
    """What is to be said of the difference between the zone and what name servers serve."""
    servers = other_servers(copy.zone, live)
    if live.failure:
        yield Remark(What.NOT_LOOKED_UP, {"failure": live.failure})
    elif servers:
        yield Remark(What.OTHER_SERVERS, {"servers": ", ".join(servers)})
    elif live.asked and not is_served(copy.zone.records, live, interest):
        yield Remark(What.NOT_SERVED)

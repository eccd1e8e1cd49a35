"""All that is wrong with a domain, each thing once, the worst first."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from autoconfig.check import caa
from autoconfig.check.problems import differences, documents, published, web
from autoconfig.check.problems.case import ADDRESSES, Case, case_of, few, problem
from autoconfig.check.problems.published import NOBODY, Published
from autoconfig.check.questions import Person
from autoconfig.check.seen import Named, Question, Seen
from autoconfig.check.verdict import Problem, Verdict
from autoconfig.check.words.problems import PROBLEMS
from autoconfig.detect.rule import decide
from autoconfig.detect.signs import Signs
from autoconfig.names import certified_names
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.model import Service
from autoconfig.programs.model import Program
from autoconfig.zone.drift import records_of
from autoconfig.zone.plan import Target
from autoconfig.zone.record import by_name, plain
from autoconfig.zone.wanted import MAIL, autodiscover, below

_RANKS = {what: rank for rank, what in enumerate(PROBLEMS)}


def questions_for_problems(person: Person) -> set[Question]:
    """What is asked of the DNS beyond what programs ask.

    The names at which programs ask for settings and servers, with what a wildcard answers beside
    them, and the CAA records of those that have certificates. Addresses are looked up anyway, to
    ask there.
    """
    hosts = certified_names(person.domain)
    others = (str(person.domain), f"{NOBODY}.{person.domain}")
    srv = [autodiscover(person.domain), *(below(each.name, person.domain) for each in MAIL)]
    return {
        (str(person.domain), "MX"),
        *((host, kind) for host in (*hosts, *others) for kind in ADDRESSES),
        *((plain(name), "SRV") for name in srv),
        *(question for host in hosts for question in caa.questions(host)),
    }


def find_problems(  # noqa: PLR0913, PLR0917  # all that a check has come to
    person: Person,
    service: Service | None,
    seen: Seen,
    verdicts: Sequence[Verdict],
    catalogue: Catalogue,
    target: Target | None,
    now: datetime,
    programs: Sequence[Program],
    of_domain: Service | None = None,
) -> tuple[Problem, ...]:
    """The problems of a person's domain, the worst first.

    `service`: None if it is not known. `target`: the server that should answer programs, where it
    is known. `programs`: those of the verdicts. `of_domain`: the service of the domain, where an
    address is checked that has one of its own.
    """
    case = case_of(person, service, seen, verdicts, catalogue, target, now, programs, of_domain)
    zone = published.published(case)
    if _is_absent(case):
        return (problem("no-such-domain", "register", domain=case.domain)._replace(harms=True),)
    found = [*_of_names(zone)]
    found += documents.refused(case, _programs(found))
    found += published.records_missing(zone, _programs(found))
    found += documents.outside(case, _programs(found))
    return tuple(sorted(found, key=lambda each: (not each.harms, _RANKS[each.what.what])))


def _programs(problems: Iterable[Problem]) -> set[str]:
    return {client for each in problems for client in each.programs}


def _of_names(zone: Published) -> Iterator[Problem]:
    """What is wrong at names of the domain; one that is told of a host explains what follows."""
    case = zone.case
    yield from _look_ups(case)
    yield from _offer(zone)
    if zone.plan:
        yield from published.names(zone)
        yield from published.records(zone, zone.plan)
    yield from web.authorities(case, case.hosts)
    unknown = case.not_looked_up
    hosts = [host for host in case.hosts if not (zone.state(host) or host in unknown)]
    by_family = dict(differences.families(case, [*hosts, case.domain]))
    yield from by_family.values()
    harmed = unknown | {host for host, each in by_family.items() if each.harms}
    hosts = [host for host in hosts if host not in harmed]
    yield from web.faults(zone, [*hosts, *web.late(case, harmed)])
    yield from web.codes(zone, hosts)
    yield from web.passwords(zone, hosts)
    yield from web.soon(zone, hosts)
    if case.domain not in harmed:
        hosts.append(str(case.domain))
    yield from documents.wrong(zone, hosts)
    yield from documents.unreadable(zone, hosts)
    yield from differences.schemes(case, hosts)
    yield from differences.redirects(case, hosts)


def _is_absent(case: Case) -> bool:
    """Whether the DNS has no such domain, nor anything below it."""
    questions = [(str(case.domain), kind) for kind in (*ADDRESSES, "MX")]
    found = [case.seen.names[each] for each in questions if each in case.seen.names]
    return bool(found) and not any(each.exists or each.failure for each in found)


def _look_ups(case: Case) -> Iterator[Problem]:
    """Names of the domain of which nothing is known, those with the same reason together."""
    failed: dict[str, list[Question]] = {}
    for question, named in case.seen.names.items():
        if named.failure and f".{question[0]}".endswith(f".{case.domain}"):
            failed.setdefault(named.failure, []).append(question)
    for failure, questions in failed.items():
        yield problem(
            "look-up-failed",
            "ask-again",
            (),
            case.sufferers(*(name for name, _ in questions)),
            names=few(sorted(" ".join(each) for each in questions)),
            failure=few([failure]),
        )


def _offer(zone: Published) -> Iterator[Problem]:
    """The offer is not known, or the DNS tells another one."""
    case = zone.case
    yield from published.offer_differs(zone)
    mx = case.seen.names.get((str(case.domain), "MX"), Named(failure="?"))
    if case.service is None and not mx.failure:
        signs = Signs.of(case.catalogue)
        finding, _, advice = decide(records_of(case.domain, by_name(zone.records), signs), signs)
        offer = case.catalogue.offers[finding.offer].name if finding.offer else ""
        values = {"offer": offer, "server": finding.server or "", "domain": case.domain}
        yield problem("offer-unknown", f"offer-{advice}", **values)._replace(harms=True)

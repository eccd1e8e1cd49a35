"""What a program found, held against the service that the domain has."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from autoconfig.check.play import Found
from autoconfig.check.questions import Person
from autoconfig.check.verdict import Candidate, Reason, Result, Verdict
from autoconfig.offers.model import Service
from autoconfig.programs.model import Program
from autoconfig.zone.hosts import alike

REFUSALS = frozenset(
    {
        *("no-provider", "no-id", "no-domain-element", "odd-attribute", "odd-type", "odd-value"),
        *(
            "no-method",
            "no-imap",
            "no-smtp",
            "no-incoming",
            "redirect-url",
            "redirect-url-followed",
        ),
    }
)
"""Why a program refuses a document that others may read."""


def judge(program: Program, found: Found, service: Service | None, person: Person) -> Verdict:
    """The verdict on a program. `service`: what is right; None if nobody knows."""
    if program.never:
        return _aside(program, program.never)
    if service is None:
        return _unknown(program, found)
    if not _can_use(program, service):
        return _aside(program, "cannot-use")
    result, why = _result(found, service, person)
    for later in found.later if result is Result.WRONG else ():
        better, reasons = _result(later, service, person)
        if better in (Result.RIGHT, Result.ASKS, Result.UNDECIDED):
            refused = Reason("after-refusal", {"server": found.servers[0].host})
            return _verdict(program, later, better, (refused, *reasons))
    return _verdict(program, found, result, why)


def faults(server: Candidate, service: Service, person: Person) -> Reason | None:
    """The reason why a server is not one of the service's; None if it is."""
    values = {"server": _said(server)}
    if server.url:
        ours = server.host in _exchange_hosts(service)
        return None if ours else Reason("wrong-server", values)
    own = service.of(server.protocol)
    hosts = {*(each.host for each in own), *alike(service, server.protocol)}
    if server.host not in hosts:
        return Reason("wrong-server", values)
    if (server.port, server.socket) not in {(each.port, each.socket) for each in own}:
        return Reason("wrong-port", values)
    if server.username.lower() not in {"", person.address.lower()}:
        return Reason("wrong-user", {**values, "username": server.username})
    return None


def _result(found: Found, service: Service, person: Person) -> tuple[Result, tuple[Reason, ...]]:
    """The result, and why it is not simply right."""
    wrong = _wrong(found, service, person)
    if found.undecided:
        end = "wrong" if wrong else "right" if found.servers else "nothing"
        return Result.UNDECIDED, (*found.undecided, Reason(f"else-{end}"), *wrong)
    if wrong:
        refused = [each for each in found.notes if each.what in REFUSALS]
        return Result.WRONG, (*wrong, *refused[:1])
    lacking = _lacking(found)
    if lacking:
        return Result.NOTHING, (lacking, *found.notes)
    without_imap = {each.protocol for each in found.servers} == {"pop3", "smtp"}
    pop3 = (Reason("pop3-alone"),) if without_imap and service.of("imap") else ()
    return Result.ASKS if found.asks else Result.RIGHT, (*found.asks, *pop3)


def _wrong(found: Found, service: Service, person: Person) -> tuple[Reason, ...]:
    """What is wrong with the servers, those together of which it is the same."""
    alike: dict[tuple[str, str], list[Reason]] = {}
    for each in found.servers:
        fault = faults(each, service, person)
        if fault:
            what = fault.what if found.source else "wrong-by-table"
            alike.setdefault((what, fault.values.get("username", "")), []).append(fault)
    return tuple(
        Reason(what, {"server": _list(same), "username": username, "source": found.source})
        for (what, username), same in alike.items()
    )


def _list(same: Sequence[Reason]) -> str:
    return ", ".join(dict.fromkeys(each.values["server"] for each in same))


def _lacking(found: Found) -> Reason | None:
    """What keeps the program from being set up by itself, though nothing is wrong."""
    if not found.servers:
        return Reason("nothing-found")
    if any(each.url for each in found.servers):
        return None
    sends = [each for each in found.servers if each.protocol == "smtp"]
    if not sends:
        return Reason("finds-no-smtp")
    return Reason("finds-no-incoming") if len(sends) == len(found.servers) else None


def _unknown(program: Program, found: Found) -> Verdict:
    """The verdict where nobody knows what is right."""
    if found.undecided:
        return _verdict(program, found, Result.UNDECIDED, found.undecided)
    if found.servers:
        return _verdict(program, found, Result.UNKNOWN, (Reason("service-unknown"),))
    return _verdict(program, found, Result.NOTHING, (Reason("nothing-found"), *found.notes))


def _aside(program: Program, what: str) -> Verdict:
    """The verdict on a program of which the domain is no matter."""
    return Verdict(program.name, Result.UNKNOWN, why=(Reason(what),), counts=False)


def _verdict(program: Program, found: Found, result: Result, why: tuple[Reason, ...]) -> Verdict:
    return Verdict(program.name, result, found.servers, found.source, why)


def _can_use(program: Program, service: Service) -> bool:
    kinds = {
        "imap": bool(service.of("imap", "pop3")),
        "exchange": service.autodiscover is not None,
        "activesync": service.activesync is not None,
    }
    return any(kinds[each] for each in program.uses)


def _exchange_hosts(service: Service) -> set[str | None]:
    """The hosts at which the service has its Exchange, to programs that speak with it."""
    own = service.autodiscover
    links = [each.url for each in (service.ews, service.activesync) if each]
    return {urlsplit(url).hostname for url in (*links, *([own.xml] if own else []))}


def _said(server: Candidate) -> str:
    return f"{server.host}:{server.port}" + (f" {server.socket}" if server.socket else "")

"""Answers that differ by the way that a program takes: the version of IP, http or https."""

import re
from collections.abc import Iterator, Sequence

from autoconfig.check.problems.case import Case, at, few, problem, without_query
from autoconfig.check.problems.documents import is_readable, servers_in
from autoconfig.check.problems.web import CLIENT_ERROR
from autoconfig.check.seen import Answer, Fault, Named
from autoconfig.check.verdict import Problem, Result
from autoconfig.check.xml import parse
from autoconfig.zone.presentation import stated
from autoconfig.zone.record import absolute

IPV6 = 6
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
"""The beginning of an address that is no relative one (RFC 3986 section 3.1)."""
_KINDS = {4: "A", 6: "AAAA"}


def families(case: Case, hosts: Sequence[str]) -> Iterator[tuple[str, Problem]]:
    """Hosts that answer otherwise over IPv6 than over IPv4, each once."""
    for host in hosts:
        pairs = (found for _, answers in case.of(host) if len(found := _here(answers)) > 1)
        told = next(filter(None, (_told(case, host, found) for found in pairs)), None)
        if told and (told.harms or host != case.domain):
            yield host, told


def _here(answers: Sequence[Answer]) -> list[Answer]:
    """Those over a version of IP that the network here has."""
    return [each for each in answers if each.last.fault is not Fault.UNREACHABLE]


def _told(case: Case, host: str, answers: Sequence[Answer]) -> Problem | None:
    bad = [each for each in answers if not _succeeds(each)]
    differ = (
        not bad
        and len({each.last.body for each in answers if parse(each.last.body) is not None}) > 1
    )
    if not differ and len(bad) != 1:
        return None
    family = bad[0].family if bad else IPV6
    lines, address = _records(case, host, family)
    return problem(
        f"ipv{family}-fails" if bad else "families-differ",
        "mend-address" if lines else "look-at-server",
        lines,
        case.sufferers(*at(host)),
        host=host,
        address=address,
        got=_got(bad[0]) if bad else "",
    )


def _succeeds(answer: Answer) -> bool:
    return answer.last.fault is None and answer.last.status < CLIENT_ERROR


def _got(answer: Answer) -> str:
    return str(answer.last.fault or "") or f"HTTP {answer.last.status}"


def _records(case: Case, host: str, family: int) -> tuple[list[str], str]:
    """The address records of a host, and their addresses."""
    named = case.seen.names.get((host, _KINDS[family]), Named())
    owner = absolute(named.aliases[-1] if named.aliases else host)
    records = [stated(owner, data) for data in named.records]
    return [*map(str, records)], few(each.value for each in records) or "?"


def schemes(case: Case, hosts: Sequence[str]) -> Iterator[Problem]:
    """Documents that are others over http than over https."""
    misled = [each.source for each in case.verdicts if each.result is Result.WRONG]
    for host in hosts:
        if any(place in source for place in at(host) for source in misled):
            continue  # of which the wrong one is told
        plain = dict(case.used(host, "http"))
        for request, answer in case.used(host):
            url = request.url.replace("https:", "http:", 1)
            other = plain.get(request._replace(url=url))
            if other and _documents_differ(answer, other, case):
                place = without_query(url)
                suffering = case.sufferers(place)
                yield problem("http-differs", "mend-http", (), suffering, place=few([place]))
                break


def _documents_differ(one: Answer, other: Answer, case: Case) -> bool:
    """Whether they do; where the one over https is wrong, that is told."""
    readable = is_readable(one.last) and is_readable(other.last)
    differ = readable and one.last.body != other.last.body
    return differ and not case.wrong_servers(servers_in(one.last, case))


def redirects(case: Case, hosts: Sequence[str]) -> Iterator[Problem]:
    """Redirects to a good answer that some programs do not follow."""
    for host in hosts:
        found: dict[str, list[str]] = {}
        for request, answer in case.used(host):
            place = without_query(request.url)
            if is_readable(answer.last) and case.sufferers(place):
                for what in _odd(answer):
                    found.setdefault(what, []).append(place)
        for what, places in found.items():
            yield problem(what, "mend-redirect", (), case.sufferers(*places), place=few(places))


def _odd(answer: Answer) -> Iterator[str]:
    if any(hop.url.startswith("http:") for hop in answer.hops):
        yield "redirect-to-http"
    given = [hop.given_location for hop in answer.hops if hop.given_location]
    if not all(ABSOLUTE.match(each) for each in given):
        yield "redirect-relative"

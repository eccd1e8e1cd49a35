"""What programs meet at the hosts of a domain, before anything can be read: TLS, ports, codes."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from autoconfig.check import caa
from autoconfig.check.problems.case import Case, at, few, host_of, problem
from autoconfig.check.problems.published import Published
from autoconfig.check.seen import Answer, Certificate, Fault, Hop
from autoconfig.check.verdict import Candidate, Problem
from autoconfig.detect.rule import HTTPS
from autoconfig.zone.plan import Why
from autoconfig.zone.record import TTL, Record, absolute

SOON = timedelta(days=14)
"""The time before the end of a certificate at which its renewal is late: Let's Encrypt's are
renewed thirty days before.
"""
DAY = "%Y-%m-%d"
CLIENT_ERROR, UNAUTHORIZED, SERVER_ERROR = 400, 401, 500


RENEW = ("certbot renew",)


_WITHOUT_CERTIFICATE = frozenset(
    {
        Fault.TLS_NAME,
        Fault.TLS_EXPIRED,
        Fault.TLS_SELF_SIGNED,
        Fault.TLS_ISSUER,
        Fault.TLS_PLAIN,
        Fault.TLS,
        Fault.REFUSED,
    }
)
"""Faults that a server has which got no certificate."""


class _Words(NamedTuple):
    """What is said of a fault, and its cure, with lines to paste."""

    what: str
    cure: str
    lines: tuple[str, ...] = ()


_FAULTS: Mapping[Fault, _Words] = {
    Fault.TLS_NAME: _Words("certificate-name", "get-certificate"),
    Fault.TLS_EXPIRED: _Words("certificate-expired", "renew-certificate", RENEW),
    Fault.TLS_EARLY: _Words("certificate-early", "set-clock"),
    Fault.TLS_SELF_SIGNED: _Words("certificate-self-signed", "get-certificate"),
    Fault.TLS_ISSUER: _Words("certificate-issuer", "complete-certificate"),
    Fault.TLS_PLAIN: _Words("plain-on-tls-port", "serve-tls"),
    Fault.TLS: _Words("tls-fails", "serve-tls"),
    Fault.REFUSED: _Words("port-closed", "open-port"),
    Fault.CLOSED: _Words("closes", "look-at-server"),
    Fault.NOT_HTTP: _Words("not-http", "look-at-server"),
    Fault.TOO_LARGE: _Words("too-large", "look-at-server"),
    Fault.CIRCLE: _Words("redirects-in-a-circle", "mend-redirect"),
    Fault.TOO_MANY_REDIRECTS: _Words("too-many-redirects", "mend-redirect"),
    Fault.BAD_REDIRECT: _Words("bad-redirect", "mend-redirect"),
    Fault.NO_NAME: _Words("redirect-nowhere", "mend-redirect"),
    Fault.NO_ADDRESS: _Words("redirect-nowhere", "mend-redirect"),
    Fault.TIMEOUT: _Words("no-answer", "open-port"),
    Fault.UNREACHABLE: _Words("unreachable", "check-elsewhere"),
}
"""By the fault; but for that of a look-up, which is told of the name."""


def faults(zone: Published, hosts: Sequence[str]) -> Iterator[Problem]:
    """The faults of hosts, those that have the same one together."""
    found: dict[tuple[Fault, str, Certificate | None], list[str]] = {}
    for host in hosts:
        hop = _broken(zone.case, host)
        if hop and hop.fault and hop.fault in _FAULTS:
            end = host_of(hop.url)
            key = (hop.fault, "" if end == host else end, hop.certificate)
            found.setdefault(key, []).append(host)
    for (fault, end, certificate), those in found.items():
        yield _fault(zone, fault, those, end, certificate)


def _broken(case: Case, host: str) -> Hop | None:
    """The hop over https that has a fault, if the host's questions have no answer but an error.

    One that has none in time counts in any case: programs wait for it.
    """
    lasts = [answer.last for _, answer in case.used(host)]
    failed = [each for each in lasts if each.fault]
    late = [each for each in failed if each.fault and not each.fault.decided]
    if any(each.fault is None and each.status < CLIENT_ERROR for each in lasts):
        return next(iter(late), None)
    return next(iter([*late, *failed]), None)


def _fault(
    zone: Published, fault: Fault, hosts: list[str], end: str, certificate: Certificate | None
) -> Problem:
    what, cure, lines = _FAULTS[fault]
    if not end and fault is not Fault.TLS_EXPIRED and _leads_away(zone, hosts):
        cure, lines = zone.cure(hosts)
    return problem(
        what,
        cure,
        lines,
        _suffering(zone.case, hosts),
        hosts=end or few(hosts),
        **_of_certificate(certificate),
    )


def _leads_away(zone: Published, hosts: Iterable[str]) -> bool:
    """Whether the records of hosts lead to another server than the one that should answer.

    An address says so only if those of that server are known.
    """
    target = zone.case.target
    changes = (each for host in hosts for each in zone.changes(host) if each.why is Why.NOT_YOURS)
    return target is not None and any(
        (each.old or each.record).type == "CNAME" or target.known or target.addresses
        for each in changes
    )


def _of_certificate(certificate: Certificate | None) -> dict[str, str]:
    if certificate is None:
        return {"names": "?", "until": "?", "issuer": "?"}
    return {
        "names": few(certificate.names) or "-",
        "until": certificate.until.strftime(DAY),
        "issuer": few([certificate.issuer]) or "-",
    }


def _suffering(case: Case, hosts: Iterable[str]) -> tuple[str, ...]:
    return case.sufferers(*(place for host in hosts for place in at(host)))


def late(case: Case, harmed: Container[str]) -> list[str]:
    """The domain itself if its web site keeps programs waiting; they pass over other faults there.

    `harmed`: hosts of which that has been told.
    """
    hop = _broken(case, case.domain)
    waits = hop and hop.fault in {Fault.TIMEOUT, Fault.UNREACHABLE} and case.domain not in harmed
    return [str(case.domain)] if waits and _suffering(case, [case.domain]) else []


def codes(zone: Published, hosts: Sequence[str]) -> Iterator[Problem]:
    """Hosts that answer every question with an error, those with the same one together."""
    case = zone.case
    found: dict[tuple[int, bool], list[str]] = {}
    for host in hosts:
        statuses = [_code(answer) for _, answer in case.used(host)]
        if statuses and min(statuses) >= CLIENT_ERROR:
            found.setdefault((max(statuses), _leads_away(zone, [host])), []).append(host)
    for (status, away), those in found.items():
        suffering = _suffering(case, those)
        if suffering:
            what, cure = (
                ("error-code", "configure")
                if status < SERVER_ERROR
                else ("error-of-server", "look-at-server")
            )
            cure, lines = zone.cure(those) if away else (cure, ())
            values = {"hosts": few(those), "status": str(status), "domain": case.domain}
            yield problem(what, cure, lines, suffering, **values)


def _code(answer: Answer) -> int:
    """That at the end of a way; at its beginning, if the end asks for the password."""
    ended = answer.last.status not in {0, UNAUTHORIZED}
    return (answer.last if ended else answer.hops[0]).status


def passwords(zone: Published, hosts: Sequence[str]) -> Iterator[Problem]:
    """Hosts that lead to a server that asks for the password, and is not the service's."""
    for host in hosts:
        ends = [answer.last for _, answer in zone.case.used(host) if len(answer.hops) > 1]
        urls = [each.url for each in ends if each.status == UNAUTHORIZED]
        asking = [Candidate("ews", host_of(each), HTTPS, url=each) for each in urls]
        servers = zone.case.wrong_servers(asking)
        if servers:
            cure, lines = zone.cure([host])
            told = problem("password-elsewhere", cure, lines, host=host, servers=servers)
            yield told._replace(harms=True)


def soon(zone: Published, hosts: Sequence[str]) -> Iterator[Problem]:
    """Certificates that end soon. They trouble nobody today."""
    case = zone.case
    ends: dict[Certificate, list[str]] = {}
    for host in hosts:
        certificate = _good_certificate(case, host)
        if certificate and case.now <= certificate.until < case.now + SOON:
            ends.setdefault(certificate, []).append(host)
    for certificate, those in ends.items():
        until = certificate.until.strftime(DAY)
        yield problem("certificate-soon", "renew-certificate", RENEW, hosts=few(those), until=until)


def _good_certificate(case: Case, host: str) -> Certificate | None:
    certificates = (
        answer.hops[0].certificate for _, answer in case.used(host) if answer.hops[0].fault is None
    )
    return next(filter(None, certificates), None)


def authorities(case: Case, hosts: Sequence[str]) -> Iterator[Problem]:
    """CAA records that forbid the certificates that hosts have, or need."""
    policies: dict[str, tuple[caa.Policy, list[str]]] = {}
    for host in hosts:
        policy = caa.policy(host, case.seen.names)
        if policy:
            policies.setdefault(policy.name, (policy, []))[1].append(host)
    for policy, those in policies.values():
        found = filter(None, (_forbidden_at(case, policy, host) for host in those))
        told = next(found, None)
        if told:
            suffering = _suffering(case, [host for host in those if _lacks_certificate(case, host)])
            yield told._replace(harms=bool(suffering), programs=suffering)


def _forbidden_at(case: Case, policy: caa.Policy, host: str) -> Problem | None:
    """The problem that the host has; none for an issuer of which nobody knows the domain."""
    certificate = _good_certificate(case, host)
    if certificate:
        return _forbidden(policy, caa.authorities(certificate.issuer), certificate.issuer)
    if not policy.unknown and any(answer.last.status for _, answer in case.used(host)):
        return None  # it has a certificate that could not be read
    return _forbidden(policy, caa.OF_CADDY, caa.OF_CADDY[0])


def _lacks_certificate(case: Case, host: str) -> bool:
    hop = _broken(case, host)
    return hop is not None and hop.fault in _WITHOUT_CERTIFICATE


def _forbidden(policy: caa.Policy, wanted: Sequence[str], issuer: str) -> Problem | None:
    """`wanted`: the domains of which one must be there; none if those of the issuer are unknown."""
    name = absolute(policy.name)
    if policy.unknown:
        lines = [f"{name} {TTL} IN CAA {each.to_text()}" for each in policy.unknown]
        return problem("caa-unknown", "remove-records", lines, name=policy.name)
    if policy.permits(wanted) or not (wanted or policy.names_known_ones):
        return None
    line = [str(Record(name, "CAA", f'0 issue "{wanted[0]}"'))] if wanted else []
    return problem(
        "caa-forbids",
        "add-records" if wanted else "add-issuer",
        line,
        name=policy.name,
        permitted=few(policy.authorities) or "-",
        issuer=few([issuer]),
    )

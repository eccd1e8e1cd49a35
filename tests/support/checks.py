"""Checks made by hand, for what tells of them. Their reasons are those of steps."""

from dataclasses import replace

from autoconfig.check.verdict import (
    Candidate,
    Check,
    MailServer,
    Problem,
    Reason,
    Result,
    Step,
    Verdict,
)
from autoconfig.names import Domain
from autoconfig.offers.model import Service
from tests.support.services import service_of

SERVICE = service_of("email-pro")
ELSEWHERE = "mail.other.example"


def servers_of(service: Service, login: str) -> tuple[Candidate, ...]:
    """The servers that a program takes of a service."""
    found = service.preferred("imap", "smtp")
    return tuple(Candidate(s.protocol, s.host, s.port, s.socket, login) for s in found)


def url_of(domain: str) -> str:
    """The URL that most programs ask first."""
    return f"https://autoconfig.{domain}/mail/config-v1.1.xml"


def right(domain: str, client: str = "Thunderbird") -> Verdict:
    """A program that is set up right."""
    found = servers_of(SERVICE, f"alice@{domain}")
    return Verdict(client, Result.RIGHT, found, url_of(domain))


def wrong(domain: str, client: str = "FairEmail") -> Verdict:
    """A program that an old record leads to another provider, with half an address as login."""
    found = Candidate("imap", ELSEWHERE, 993, "SSL", "alice")
    why = (Reason("step-absent"),)
    return Verdict(client, Result.WRONG, (found,), f"SRV _imaps._tcp.{domain}", why)


def verdict(result: Result, client: str) -> Verdict:
    """A program of which there is nothing to say but why; it counts unless it never asks."""
    counts = result is not Result.UNKNOWN
    return Verdict(client, result, why=(Reason("step-timeout"),), counts=counts)


def problem(domain: str, *, harms: bool = True) -> Problem:
    """A record to replace in the zone of the domain, or what can wait."""
    what = Reason("step-redirect", {"location": f"autoconfig.{domain}"})
    cure = Reason("step-records", {"records": f"a record of {domain}"})
    lines = (f"_imaps._tcp.{domain}. 3600 IN SRV 0 0 993 {SERVICE.host}.",)
    if harms:
        return Problem(what, cure, lines, programs=("FairEmail", "aerc"))
    return Problem(cure, what, harms=False)


def mail_servers(result: str = "ok") -> tuple[MailServer, ...]:
    """The mail servers of the service, of which the last has this result."""
    *first, last = (
        MailServer(s.protocol, s.host, s.port, "ok", Reason("step-no-records"), 60, 30)
        for s in SERVICE.servers
    )
    detail = last.detail if result == "ok" else Reason("step-refused")
    return (*first, last._replace(result=result, detail=detail))


def check(domain: str, *verdicts: Verdict) -> Check:
    """The check of a domain; a program is set up right if no verdict is given."""
    found = verdicts or (right(domain),)
    return Check(Domain(domain), SERVICE, "configuration", found)


def troubled(domain: str) -> Check:
    """The check of a domain at which there is everything to tell of."""
    verdicts = (
        right(domain),
        right(domain, "Evolution"),
        verdict(Result.ASKS, "Outlook classic"),
        wrong(domain),
        wrong(domain, "aerc"),
        verdict(Result.NOTHING, "Delta Chat"),
        verdict(Result.UNDECIDED, "KMail"),
        verdict(Result.UNKNOWN, "Apple Mail"),
    )
    return replace(
        check(domain, *verdicts),
        problems=(problem(domain, harms=False), problem(domain)),
        mail_servers=mail_servers("refused"),
        steps=(
            Step(f"GET {url_of(domain)}", "302", Reason("step-absent"), 35),
            Step(f"GET https://{ELSEWHERE}/", "timeout", Reason("step-timeout"), 5000, 1),
        ),
        certificates={f"autoconfig.{domain}": 9},
    )

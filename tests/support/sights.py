"""What programs see of a domain, made up or answered by the application: `Seen` without a network.

A web is a function from one request to one answer; redirects are followed here, as `check` does.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

import dns.rdata
from flask.testing import FlaskClient

from autoconfig.check.questions import Person, questions, requests
from autoconfig.check.seen import MOST_REDIRECTS, Answer, Fault, Hop, Named, Request, Seen
from autoconfig.names import Domain
from autoconfig.programs.load import load_programs
from tests.support.client import request_body

Web: TypeAlias = Callable[[Request], Hop]

PROGRAMS = {each.id: each for each in load_programs()}
XML = "text/xml; charset=utf-8"
PERSON = Person(Domain("example.com"), "alice@example.com")


def person_of(address: str) -> Person:
    return Person(Domain(address.partition("@")[2]), address)


def page(body: str | bytes, media_type: str = XML, status: int = 200, location: str = "") -> Hop:
    """An answer, whose URL the web fills in."""
    content = body.encode() if isinstance(body, str) else body
    return Hop("", status, media_type, given_location=location, body=content)


def moved(location: str, status: int = 302) -> Hop:
    return page("", "text/plain", status, location)


def broken(fault: Fault) -> Hop:
    return Hop("", fault=fault)


def web_of(pages: Mapping[str, Hop]) -> Web:
    """A web of pages, by the beginning of their URL; no other host has a name."""

    def answer(request: Request) -> Hop:
        begun = (hop for start, hop in pages.items() if request.url.startswith(start))
        return next(begun, broken(Fault.NO_NAME))

    return answer


def first_of(*webs: Web) -> Web:
    """The answer of the first web in which the host has a name."""

    def answer(request: Request) -> Hop:
        hops = [web(request) for web in webs]
        return next((hop for hop in hops if hop.fault is not Fault.NO_NAME), hops[0])

    return answer


def see(person: Person, web: Web, *records: str) -> Seen:
    """All that all programs see. `records`: as a zone has them, with absolute names."""
    programs = list(PROGRAMS.values())
    zone: dict[tuple[str, str], list[dns.rdata.Rdata]] = {}
    failed = set()
    for record in records:
        name, kind, text = record.split(maxsplit=2)
        key = (name.removesuffix("."), kind)
        if text == "SERVFAIL":
            failed.add(key)
        else:
            zone.setdefault(key, []).append(dns.rdata.from_text("IN", kind, text))
    names = {
        each: Named(failure="SERVFAIL") if each in failed else Named(tuple(zone.get(each, ())))
        for each in questions(programs, person)
    }
    asked = requests(programs, person, names)
    return Seen({each: (Answer(4, _hops(each, web)),) for each in asked}, names)


def _hops(request: Request, web: Web) -> tuple[Hop, ...]:
    hops: list[Hop] = []
    for _ in range(MOST_REDIRECTS):
        hop = web(request)._replace(url=request.url)
        try:
            location = urljoin(request.url, hop.given_location) if hop.given_location else ""
        except ValueError:
            hop, location = broken(Fault.BAD_REDIRECT)._replace(url=request.url), ""
        hops.append(hop._replace(location=location))
        if not location:
            break
        request = request._replace(url=location)
    return tuple(hops)


def application(client: FlaskClient, hosts: Iterable[str]) -> Web:
    """What the application answers at these hosts; Exchange servers want a password."""
    served = set(hosts)

    def answer(request: Request) -> Hop:
        parts = urlsplit(request.url)
        if parts.hostname not in served:
            return broken(Fault.NO_NAME)
        headers = {"X-Forwarded-Proto": parts.scheme}
        if request.method == "POST":
            schema = "outlook/responseschema/2006a"
            if request.schema == "mobilesync":
                schema = "mobilesync/responseschema/2006"
            body = request_body(request.address, schema)
            said = client.post(request.url, data=body, headers=headers, content_type=XML)
        else:
            said = client.get(request.url, headers=headers)
        kind, location = said.headers.get("Content-Type", ""), said.headers.get("Location", "")
        return page(said.data, kind, said.status_code, location)

    return answer


def wants_password(*hosts: str) -> Web:
    return web_of({f"https://{host}/": page("", "text/plain", 401) for host in hosts})

"""Domains as a check sees them: a zone, answers by URL, and what programs make of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

import dns.rdata

from autoconfig.check.problems.find import find_problems, questions_for_problems
from autoconfig.check.questions import Person, questions, requests
from autoconfig.check.seen import Answer, Certificate, Fault, Hop, Named, Question, Seen
from autoconfig.check.verdict import Candidate, Problem, Result, Verdict
from autoconfig.offers.model import Service
from autoconfig.programs.model import Program, Reading, Search
from autoconfig.zone.plan import Target
from tests.support.plans import DOMAIN, TARGET, held
from tests.support.services import CATALOGUE, service_of

MX_PLAN = service_of("mx-plan")
NOW = datetime(2026, 11, 27, tzinfo=UTC)
PERSON = Person(DOMAIN, f"alice@{DOMAIN}")
PATH = "/mail/config-v1.1.xml?emailaddress=alice%40example.fr"
AC, HTTP_AC = f"https://autoconfig.{DOMAIN}{PATH}", f"http://autoconfig.{DOMAIN}{PATH}"
WELL = f"https://{DOMAIN}/.well-known/autoconfig{PATH}"
AD = f"https://autodiscover.{DOMAIN}/autodiscover/autodiscover.xml"
DATABASE = f"https://database.example/v1.1/{DOMAIN}"

XML = b'<?xml version="1.0"?><clientConfig><incomingServer type="imap"/></clientConfig>'
POX = b'<?xml version="1.0"?><Autodiscover><Response><Protocol/></Response></Autodiscover>'
PAGE = b"<!DOCTYPE html><html><title>Welcome</title><p>My site</html>"

_AUTOCONFIG = ("GET https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={quoted}",)
_WELL = ("GET https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress={quoted}",)
_DATABASE = ("GET https://database.example/v1.1/{domain}",)
_HTTP = ("GET http://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={quoted}",)
_AUTODISCOVER = ("POST https://autodiscover.{domain}/autodiscover/autodiscover.xml",)
_NEWER = ("GET https://autoconfig.{domain}/.well-known/mail-v1.xml",)
"""Asked by one program, and answered by hardly any server."""
_SRV = ("SRV _imaps._tcp.{domain}", "SRV _submission._tcp.{domain}")


def _program(name: str, reads: Any, steps: tuple[str, ...]) -> Program:
    return Program(
        id=name.lower(),
        name=name,
        versions="1",
        known_by="read",
        source=("nobody",),
        reading=Reading(types=("imap", "smtp")),
        searches=(Search(reads=reads, steps=steps, source=("nobody",)),),
    )


PROGRAMS = (
    _program("Bird", "mozilla", (*_NEWER, *_AUTOCONFIG, *_WELL, *_HTTP, *_DATABASE)),
    _program("Chat", "mozilla", (*_AUTOCONFIG, *_WELL)),
    _program("Post", "srv", (*_SRV, *_AUTOCONFIG)),
    _program("Mutt", "srv", _SRV[:1]),
    _program("Look", "outlook", _AUTODISCOVER),
)
"""Made up: each asks for settings in a way of its own."""


class Zone(NamedTuple):
    """Lines such as `autoconfig CNAME server.example.`, and the names of which look-ups fail."""

    text: str
    failing: Mapping[str, str] = {}

    def named(self, question: Question) -> Named:
        """What a resolver says to a question."""
        name, kind = question
        if name in self.failing:
            return Named(failure=self.failing[name])
        chain = [*self._chain(f"{name}.")]
        own = self._at(chain[0], kind, "CNAME")
        exists = any(f".{each.name}".endswith(f".{name}.") for each in held(self.text))
        return Named(self._at(chain[-1], kind), tuple(e[:-1] for e in chain[1:]), own, exists)

    def _chain(self, name: str) -> Iterator[str]:
        yield name
        for each in self._at(name, "CNAME"):
            yield from self._chain(each.target.to_text())

    def _at(self, name: str, *kinds: str) -> tuple[Any, ...]:
        """The records of a name, or of the wildcard beside it, of some types or all."""
        records = held(self.text)
        there = [each for each in records if each.name == name]
        wild = [each for each in records if each.name == f"*.{name.partition('.')[2]}"]
        return tuple(
            dns.rdata.from_text("IN", each.type, each.value)
            for each in there or wild
            if each.type in kinds or not kinds
        )


def hop(status: int = 200, body: bytes = XML, media_type: str = "text/xml", **more: Any) -> Hop:
    """A hop. Its URL is filled in with that of the question, unless it has one."""
    return Hop(more.pop("url", ""), status, media_type, body=body, **more)


def fault(kind: Fault, certificate: Certificate | None = None, url: str = "") -> Hop:
    """A hop without an answer."""
    return Hop(url, fault=kind, certificate=certificate)


def certificate(*names: str, days: int = 60, issuer: str = "Let's Encrypt") -> Certificate:
    """A certificate that ends in so many days."""
    return Certificate(names, NOW + timedelta(days), issuer)


def over(family: int, *hops: Hop) -> Answer:
    """What comes over a version of IP."""
    return Answer(family, hops)


def verdict(client: str, result: Result, source: str = "", *servers: str) -> Verdict:
    """A verdict. `source`: a URL, without its query; `servers`: hosts, of IMAP with TLS."""
    found = tuple(Candidate("imap", host, 993, "SSL") for host in servers)
    return Verdict(client, result, found, source.partition("?")[0])


Said: TypeAlias = Hop | tuple[Hop | Answer, ...]
"""An answer by IPv4; its hops; or one by each version of IP."""


def find(  # what a check has come to
    zone: Zone,
    web: Mapping[str, Said],
    verdicts: Sequence[Verdict],
    service: Service | None = MX_PLAN,
    target: Target | None = TARGET,
    of_domain: Service | None = None,
) -> tuple[Problem, ...]:
    """The problems of the domain. A URL that is not in `web` has no answer, or 404."""
    wanted = questions_for_problems(PERSON) | questions(PROGRAMS, PERSON)
    names = {question: zone.named(question) for question in wanted}
    asked = requests(PROGRAMS, PERSON, names)
    answers = {each: _answers(each.url, web.get(each.url), zone) for each in asked}
    seen = Seen(answers, names)
    return find_problems(
        PERSON, service, seen, verdicts, CATALOGUE, target, NOW, PROGRAMS, of_domain
    )


def _answers(url: str, said: Said | None, zone: Zone) -> tuple[Answer, ...]:
    if said is None:
        there = zone.named((str(urlsplit(url).hostname), "A")).records
        said = Hop("", 404) if there else Hop("", fault=Fault.NO_NAME)
    hops = (said,) if isinstance(said, Hop) else said
    if isinstance(hops[0], Answer):
        return tuple(_placed(url, each) for each in hops if isinstance(each, Answer))
    return (_placed(url, Answer(4, tuple(each for each in hops if isinstance(each, Hop)))),)


def _placed(url: str, answer: Answer) -> Answer:
    """The answer with the URL at its hops."""
    return Answer(answer.family, tuple(each._replace(url=each.url or url) for each in answer.hops))

"""The case of a domain: what was seen of it, and the programs that suffer from a part of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from autoconfig.check.judge import faults
from autoconfig.check.questions import Person, questions, requests
from autoconfig.check.seen import Answer, Request, Seen
from autoconfig.check.verdict import Candidate, Problem, Reason, Result, Verdict
from autoconfig.names import Domain, certified_names
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.model import Service
from autoconfig.problems import printable, shortened
from autoconfig.programs.model import Program
from autoconfig.zone.plan import Target

ADDRESSES = ("A", "AAAA")
"""The types of records by which a host is reached."""
MOST_NAMED = 3
"""Names or servers in a sentence."""
MOST_LINES = 30
"""Lines to paste. A zone that has more to mend is no longer mended by hand."""

RECORDS, OWN_TABLE = "SRV ", "MX "
"""The beginnings of a verdict's source that is no URL: SRV records of the domain, or a table within
the program, by the domain's MX. A program goes on where the servers of such a table refuse it.
"""


_Exchange: TypeAlias = tuple[Request, tuple[Answer, ...]]
"""A question, and its answers: first the one that programs get."""


@dataclass(frozen=True, slots=True)
class Case:
    """What problems are found in. `target`: the server that should answer, where it is known.

    `of_domain`: the service for which the zone speaks, which an address may not have.

    `answers`: by the scheme and the host. `asked`: by the program's name, the URLs and the names of
    records that it asks.
    """

    person: Person
    service: Service | None
    seen: Seen
    verdicts: Sequence[Verdict]
    catalogue: Catalogue
    target: Target | None
    now: datetime
    of_domain: Service | None
    answers: Mapping[tuple[str, str], Sequence[_Exchange]]
    asked: Mapping[str, frozenset[str]]

    @property
    def domain(self) -> Domain:
        """The domain that is checked."""
        return self.person.domain

    @property
    def is_apart(self) -> bool:
        """Whether the address has a service of its own, of which the zone cannot tell."""
        return self.of_domain is not self.service

    @property
    def not_looked_up(self) -> set[str]:
        """The hosts of which the addresses are not known."""
        names = self.seen.names.items()
        return {host for (host, kind), each in names if kind in ADDRESSES and each.failure}

    @property
    def hosts(self) -> list[str]:
        """The names of the domain at which programs ask its server for settings."""
        return certified_names(self.domain)

    @property
    def way(self) -> str:
        """The command that prints the records to publish."""
        return f"autoconfig dns {self.domain} --to HOST"

    def shows(self, url: str) -> str:
        """The command that prints what should stand at a URL."""
        if "autodiscover" in url:
            return f"autoconfig show autodiscover {self.person.address}"
        return f"autoconfig show autoconfig {self.domain}"

    def of(self, host: str, scheme: str = "https") -> Sequence[_Exchange]:
        """The questions put to a host, and their answers, in an order that no run changes."""
        return self.answers.get((scheme, host), ())

    def used(self, host: str, scheme: str = "https") -> Iterator[tuple[Request, Answer]]:
        """The same, each with the answer that programs get."""
        return ((request, answers[0]) for request, answers in self.of(host, scheme))

    def sufferers(self, *places: str) -> tuple[str, ...]:
        """The programs that ask at one of the places, and would be better off if it were right.

        A place is the beginning of a URL, or the name of a record.
        """
        return tuple(
            each.client
            for each in self.verdicts
            if each.counts
            and any(_touches(places, text) for text in self.asked.get(each.client, ()))
            and self._suffers(each, places)
        )

    def _suffers(self, verdict: Verdict, places: Iterable[str]) -> bool:
        if verdict.result is Result.NOTHING:
            return True
        if verdict.result is Result.UNDECIDED:
            met = (text for reason in verdict.why for text in reason.values.values())
            return not verdict.source or any(_touches(places, text) for text in met)
        here = any(_touches(places, text) for text in self._led_by(verdict))
        if verdict.result is Result.WRONG:
            goes_on = verdict.source.startswith(OWN_TABLE)
            return here or goes_on or self.is_elsewhere(verdict.source)
        return verdict.result is Result.ASKS and verdict.source.startswith("http:") and here

    def _led_by(self, verdict: Verdict) -> Iterable[str]:
        """The URL or the names of records that a program has its servers from."""
        if verdict.source.startswith(RECORDS):
            return [each for each in self.asked[verdict.client] if each.startswith("_")]
        return [verdict.source]

    def is_elsewhere(self, source: str) -> bool:
        """Whether a source is the URL of somebody else."""
        host = host_of(source)
        return bool(host) and not f".{host}".endswith(f".{self.domain}")

    def wrong_servers(self, servers: Iterable[Candidate]) -> str:
        """Those that are not as the service has them."""
        return few(
            f"{each.host}:{each.port}"
            for each in servers
            if self.service and faults(each, self.service, self.person)
        )


def case_of(  # noqa: PLR0913, PLR0917  # all that a check has come to
    person: Person,
    service: Service | None,
    seen: Seen,
    verdicts: Sequence[Verdict],
    catalogue: Catalogue,
    target: Target | None,
    now: datetime,
    programs: Sequence[Program],
    of_domain: Service | None,
) -> Case:
    """The case of a person's domain."""
    asked = {each.name: _asked(each, person, seen) for each in programs}
    answers = _by_place(seen)
    told = (person, service, seen, verdicts, catalogue, target, now, of_domain or service)
    return Case(*told, answers, asked)


def _by_place(seen: Seen) -> dict[tuple[str, str], list[_Exchange]]:
    found: dict[tuple[str, str], list[_Exchange]] = {}
    for request, answers in sorted(seen.answers.items()):
        place = (request.url.partition(":")[0], host_of(request.url))
        if answers:
            found.setdefault(place, []).append((request, answers))
    return found


def _asked(program: Program, person: Person, seen: Seen) -> frozenset[str]:
    urls = {each.url for each in requests([program], person, seen.names)}
    return frozenset(urls.union(name for name, _ in questions([program], person)))


def at(host: str) -> tuple[str, str]:
    """The place that a host is, for `Case.sufferers`."""
    return f"https://{host}/", f"http://{host}/"


def problem(
    what: str,
    cure: str,
    lines: Iterable[str] = (),
    programs: Sequence[str] = (),
    **values: str,
) -> Problem:
    """A problem that harms if a program suffers. What strangers have written stays on its line."""
    shown = {key: printable(text) for key, text in values.items()}
    return Problem(
        Reason(what, shown),
        Reason(cure, shown),
        _bounded(tuple(map(printable, lines))),
        bool(programs),
        tuple(programs),
    )


def _bounded(lines: tuple[str, ...]) -> tuple[str, ...]:
    return lines if len(lines) <= MOST_LINES else (*lines[:MOST_LINES], "; …")


def host_of(url: str) -> str:
    """The host of a URL, whoever wrote it; nothing if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def without_query(url: str) -> str:
    """A URL without the address that it asks for."""
    return url.partition("?")[0]


def few(texts: Iterable[str], most: int = MOST_NAMED) -> str:
    """The first of some texts, each once and cut to a length that fits into a sentence."""
    each_once = [*dict.fromkeys(texts)]
    more = ["…"] if len(each_once) > most else []
    return ", ".join([*map(shortened, each_once[:most]), *more])


def _touches(places: Iterable[str], text: str) -> bool:
    return any(place in text for place in places)

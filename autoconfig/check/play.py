"""A program, played over what was seen: its searches in their order, up to what it takes.

Nothing is asked here, so that the same sights give the same result.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from autoconfig.check.mozilla import read_mozilla, url_server
from autoconfig.check.outlook import read_outlook
from autoconfig.check.questions import Asked, Person, asked, searches_of
from autoconfig.check.records import own_table, read_records
from autoconfig.check.seen import Fault, Hop, Named, Question, Request, Seen
from autoconfig.check.verdict import Candidate, Reason
from autoconfig.check.xml import Element, name_of, parse, parse_declared, parse_markup, parse_tags
from autoconfig.names import Domain, registrable
from autoconfig.offers.catalogue import Catalogue
from autoconfig.programs.model import Program, Reading, Search

XML_TYPES = ("text/xml", "application/xml", "text/rdf")
"""Beginnings of the media types that a program takes for XML, if it looks at them."""
_PARSERS: Mapping[str, Callable[[bytes], Element | None]] = {
    "document": parse,
    "declared": parse_declared,
    "markup": parse_markup,
}
_FOLLOWED: Mapping[str, Callable[[str, str], bool]] = {
    "any": lambda before, after: True,
    "none": lambda before, after: False,
    "not-leave-https": lambda before, after: after in {"https", before},
    "keep-scheme": lambda before, after: before == after,
}
"""By `Reading.mozilla_redirects`, whether a redirect is followed from one scheme to another."""
_UNAUTHORIZED = 401
_SUCCESS = 2
"""The first digit of such a status."""
_ABSOLUTE = ("http:", "https:")
_NOT_READ = {"odd-attribute", "not-autodiscover", "redirect-url-followed"}
"""Reasons for which an answer is none to a program, so that it does not end a search."""
_SHOWN = 200
"""Characters of a stranger's text that are shown."""


class Found(NamedTuple):
    """What a program comes to: the servers that it takes, and `source`, the answer that has them.

    `asks`: what it asks its user before. `undecided`: the steps before that, which may have had
    another answer. `notes`: why other answers were of no use. `later`: what it goes on to where
    these servers refuse the password, as some programs do.
    """

    servers: tuple[Candidate, ...] = ()
    source: str = ""
    asks: tuple[Reason, ...] = ()
    undecided: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    later: tuple["Found", ...] = ()


class Outcome(NamedTuple):
    """What a step, or a search, comes to. `ends`: whether it ends the search.

    `password`: whether a server asks for one before it tells more; if it refuses it, the program
    goes on to what is `later`. `asks_then`: what the program asks its user before it gives it.
    """

    servers: tuple[Candidate, ...] = ()
    source: str = ""
    asks: tuple[Reason, ...] = ()
    undecided: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    ends: bool = False
    password: bool = False
    asks_then: tuple[Reason, ...] = ()
    later: tuple["Outcome", ...] = ()

    @property
    def hits(self) -> list["Outcome"]:
        """The outcomes that have servers, in the order in which they are tried."""
        return [each for each in (self, *self.later) if each.servers]


def play(program: Program, person: Person, seen: Seen, catalogue: Catalogue) -> Found:
    """What the program does with the person's address."""
    reading = program.reading or Reading(types=())
    return _Player(program, reading, person, seen, catalogue).play()


def shown(url: str) -> str:
    """A URL as people see it: without what tells the address, and not too long."""
    return url.partition("?")[0][:_SHOWN]


@dataclass(frozen=True, slots=True)
class _Player:
    """A program with a person's address, and what it sees."""

    program: Program
    reading: Reading
    person: Person
    seen: Seen
    catalogue: Catalogue

    def play(self) -> Found:
        searches = searches_of(self.program, self.person.domain)
        found = self._in_order([each for each in searches if not each.beside])
        for search in searches:
            if search.beside:
                found = _with(found, self._search(search))
        return found

    def _in_order(self, searches: Sequence[Search]) -> Found:
        """The first search that has servers; where they are tried first, the others come later."""
        hits: list[Found] = []
        undecided: tuple[Reason, ...] = ()
        notes: tuple[Reason, ...] = ()
        for search in searches:
            if search.after and not _ended_with(search.after, notes):
                continue
            outcome = self._search(search)
            hits += _found(outcome, undecided, notes)
            last = (outcome, *outcome.later)[-1]
            undecided += last.undecided
            notes += last.notes
            settled = any(not each.password for each in outcome.hits) and not search.tries
            if settled or (search.then == "nothing" and last.ends):
                break
        if not hits or undecided != hits[-1].undecided:  # it may find more where it goes on
            hits.append(Found(undecided=undecided, notes=notes))
        return hits[0]._replace(later=tuple(hits[1:]))

    def _search(self, search: Search) -> Outcome:
        if search.reads == "table":
            return self._own_table(search)
        steps = asked(self.program, search, self.person, self.seen.names)
        if search.reads == "srv":
            return self._records(search, [each.question for each in steps if each.question])
        return self._first(search, steps)

    def _first(self, search: Search, steps: Sequence[Asked]) -> Outcome:
        """The first step that ends the search, and what was met up to it."""
        met, hits = Outcome(), []
        for step in steps:
            outcome = self._step(search, step)
            before = () if search.reads == "mozilla" else met.asks  # asked before it goes there
            met = outcome._replace(
                asks=before + outcome.asks,
                asks_then=met.asks_then + outcome.asks_then,
                undecided=_once(met.undecided + outcome.undecided),
                notes=met.notes + outcome.notes,
            )
            if met.servers:
                hits.append(met)
            if met.ends:
                break
        if search.beside and met.ends:
            hits = [each for each in hits if not each.password]
        first, *later = hits or [met]
        if hits and met is not hits[-1]:
            later.append(met)  # it goes on to nothing more
        if search.beside:
            first = first._replace(asks=met.asks, asks_then=met.asks_then)
        return first._replace(later=tuple(later))

    def _step(self, search: Search, step: Asked) -> Outcome:
        if not step.request:
            return Outcome(undecided=(_not_looked_up(step.behind or ("", "")),))
        hops: tuple[Hop, ...] = (Hop(step.request.url, fault=Fault.TIMEOUT),)
        if self.seen.answers.get(step.request):
            hops = self.seen.used(step.request).hops
        plain = step.request.url.startswith("http:")
        asks, then = self._asks(search, step, hops), ()
        if search.beside and not (plain or step.behind):
            asks, then = (), asks
        for hop, _ in pairwise(hops):
            if not self._follows(search, hop):
                note = Reason("redirect-not-followed", {"url": shown(hop.url)})
                return Outcome(notes=(note,))
        last = hops[-1]
        if last.fault:
            met = (Reason(f"met-{last.fault}", {"url": shown(last.url)}),)
            return (
                Outcome(asks=asks, asks_then=then, notes=met)
                if last.fault.decided
                else Outcome(asks=asks, asks_then=then, undecided=met)
            )
        if search.reads != "mozilla" and plain and step.request.method == "GET" and len(hops) == 1:
            return Outcome()  # a program asks so for a redirect alone
        return self._answer(search, step.request, last)._replace(
            asks=asks, asks_then=then, source=shown(step.request.url)
        )

    def _follows(self, search: Search, hop: Hop) -> bool:
        reading = self.reading
        if not reading.relative and not hop.given_location.lower().startswith(_ABSOLUTE):
            return False
        if search.reads == "mozilla":
            before, after = (each.partition(":")[0] for each in (hop.url, hop.location))
            return _FOLLOWED[reading.mozilla_redirects](before, after)
        return hop.status in reading.redirects and hop.location.startswith("https:")

    def _asks(self, search: Search, step: Asked, hops: Sequence[Hop]) -> tuple[Reason, ...]:
        """What makes the program ask its user on this way."""
        last = hops[-1]
        elsewhere = _site(last.url) != registrable(self.person.domain)
        discovers = search.reads != "mozilla" and elsewhere
        led = hops[0].url.startswith("http:") or (bool(last.status) and not _is_success(last))
        behind = step.behind[1] if step.behind else ""
        met = {
            "http": any(hop.url.startswith("http:") for hop in hops),
            "mx": behind == "MX",
            "redirect": discovers and len(hops) > 1 and led,
            "srv": discovers and behind == "SRV",
        }
        host = urlsplit(last.url).hostname or ""
        return tuple(
            Reason(f"asks-{each}", {"host": host}) for each in self.program.asks_if if met[each]
        )

    def _answer(self, search: Search, request: Request, hop: Hop) -> Outcome:
        """What the program makes of the last answer of a way."""
        url = {"url": shown(hop.url)}
        if hop.status == _UNAUTHORIZED and search.reads != "mozilla":
            return self._behind_password(search, hop)
        if not (_is_success(hop) or self.reading.any_status):
            return Outcome(notes=(Reason("status", {**url, "status": str(hop.status)}),))
        if self.reading.media_type and not hop.media_type.startswith(XML_TYPES):
            what = "html-page" if _is_page(hop) else "media-type"
            note = Reason(what, {**url, "type": hop.media_type[:_SHOWN]})
            return Outcome(notes=(note,), ends=search.ends_at == "status")
        readable, root = self._parse(hop.body)
        ends = self._ends(search, hop.body, root, readable=readable)
        if root is None:
            return Outcome(
                notes=(Reason("html-page" if _is_page(hop) else "not-xml", url),), ends=ends
            )
        servers = self._read(search, request, root)
        if not isinstance(servers, Reason):
            return Outcome(servers, ends=True)
        told = (_at(url["url"], servers),)
        anew = servers.what == "redirect-address" and "ews" in self.reading.types
        ends = ends and (search.ends_at == "status" or servers.what not in _NOT_READ)
        return Outcome(undecided=told, ends=True) if anew else Outcome(notes=told, ends=ends)

    def _behind_password(self, search: Search, hop: Hop) -> Outcome:
        """An Exchange server that wants the password first, and tells what it has after that."""
        protocol = "activesync" if search.reads == "mobilesync" else "ews"
        if protocol not in self.reading.types or not hop.url.startswith("https:"):
            return Outcome(notes=(Reason("asks-password", {"url": shown(hop.url)}),))
        server = url_server(protocol, hop.url, self.person.address)
        return Outcome(() if isinstance(server, Reason) else (server,), password=True)

    def _parse(self, body: bytes) -> tuple[bool, Element | None]:
        """Whether the program reads a body to its end, and its root."""
        if self.reading.parses == "tags":
            return parse_tags(body)
        root = _PARSERS[self.reading.parses](body)
        return root is not None, root

    def _ends(self, search: Search, body: bytes, root: Element | None, *, readable: bool) -> bool:
        """Whether an answer of 2xx ends the search, even without servers."""
        if search.ends_at == "status":
            return bool(body) or not self.reading.media_type  # such a program fails at empty XML
        if search.ends_at == "document":
            return root is not None and name_of(root) == "clientConfig"
        return search.ends_at == "xml" and readable

    def _read(
        self, search: Search, request: Request, root: Element
    ) -> tuple[Candidate, ...] | Reason:
        if search.reads == "mozilla":
            return read_mozilla(root, self.reading, self.person)
        address = self.person.address  # a GET does not tell it, and a program posts after it
        local = self.reading.login == "local" and request.method == "POST"
        username = address.rpartition("@")[0] if local else address
        return read_outlook(root, search.reads, self.reading, username)

    def _records(self, search: Search, questions: Sequence[Question]) -> Outcome:
        known = [each for each in questions if _is_known(self.seen.names.get(each))]
        undecided = tuple(_not_looked_up(each) for each in questions if each not in known)
        source = f"SRV {self.person.domain}"
        found = read_records(known, self.seen.names, search, self.reading, self.person)
        if isinstance(found, Reason):
            notes = () if found.what == "no-records" else (_at(source, found),)
            return Outcome(undecided=undecided, notes=notes)
        return Outcome(found, source, undecided=undecided, ends=True)

    def _own_table(self, search: Search) -> Outcome:
        question = (str(self.person.domain), "MX")
        named = self.seen.names.get(question) if search.steps else Named()
        if named is None or named.failure:
            return Outcome(undecided=(_not_looked_up(question),))
        found = own_table(named if search.steps else None, search, self.person, self.catalogue)
        if isinstance(found, Reason):
            return Outcome()
        return Outcome(found, f"MX {self.person.domain}" if search.steps else "", ends=True)


def _ended_with(status: int, notes: Sequence[Reason]) -> bool:
    return bool(notes) and notes[-1].values.get("status") == str(status)


def _found(
    outcome: Outcome, undecided: tuple[Reason, ...], notes: tuple[Reason, ...]
) -> list[Found]:
    """What an outcome is, after what was met before it."""
    return [
        Found(each.servers, each.source, each.asks, undecided + each.undecided, notes + each.notes)
        for each in outcome.hits
    ]


def _with(found: Found, outcome: Outcome) -> Found:
    """What a search adds that runs beside: an Exchange account, or its result if there is none."""
    asks = _once(found.asks + outcome.asks)
    if found.servers:
        told = [each for each in outcome.hits if not each.password]
        added = tuple(server for each in told for server in each.servers if server.url)
        return found._replace(servers=found.servers + added, asks=asks)
    hits = _found(outcome, found.undecided, found.notes)
    if hits:
        asks = _once(asks + outcome.asks_then) if outcome.password else asks
        return hits[0]._replace(later=tuple(hits[1:]), asks=asks)
    last = (outcome, *outcome.later)[-1]
    return Found((), "", asks, found.undecided + last.undecided, found.notes + last.notes)


def _site(url: str) -> str:
    return registrable(Domain(urlsplit(url).hostname or ""))


def _is_success(hop: Hop) -> bool:
    return hop.status // 100 == _SUCCESS


def _is_page(hop: Hop) -> bool:
    start = hop.body[:1000].lstrip().lower()
    return "html" in hop.media_type.lower() or start.startswith((b"<!doctype html", b"<html"))


def _once(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(each for number, each in enumerate(reasons) if each not in reasons[:number])


def _at(place: str, reason: Reason) -> Reason:
    return reason._replace(values={**reason.values, "url": place})


def _is_known(named: Named | None) -> bool:
    return named is not None and not named.failure


def _not_looked_up(question: Question) -> Reason:
    return Reason("not-looked-up", {"name": question[0], "type": question[1]})

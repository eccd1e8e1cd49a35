"""What programs read at the hosts of a domain: pages, broken documents, and those of others."""

from collections.abc import Container, Iterator, Mapping, Sequence

from autoconfig.check.judge import REFUSALS
from autoconfig.check.mozilla import read_mozilla
from autoconfig.check.outcome import BAD
from autoconfig.check.problems.case import RECORDS, Case, few, host_of, problem, without_query
from autoconfig.check.problems.published import Published
from autoconfig.check.seen import Hop
from autoconfig.check.verdict import Candidate, Problem, Reason, Result, Verdict
from autoconfig.check.xml import below, name_of, parse
from autoconfig.programs.model import Reading

XML_TYPES = frozenset({"text/xml", "application/xml"})
"""What Thunderbird reads as XML, letter by letter."""
SERVERS = ("incomingServer", "outgoingServer", "Protocol", "Server", "RedirectUrl", "RedirectAddr")
"""Elements of which a document has at least one if it leads anywhere."""
_ANY = Reading(types=("imap", "pop3", "smtp"))
"""A program that reads what most do."""
SUCCESS = 2
"""Hundreds of the code (RFC 9110 section 15.3)."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
DOCUMENTS = (b"<?xml", b"<clientconfig", b"<autodiscover")
"""The beginnings, in small letters, of what is meant to be read by programs."""


def wrong(zone: Published, hosts: Sequence[str]) -> Iterator[Problem]:
    """Documents at hosts of the domain that name servers of others, such as an old hoster's."""
    if zone.case.is_apart:
        return
    for host in hosts:
        here = [each for each in _misled(zone.case) if host_of(each.source) == host]
        if here:
            yield _misleads("wrong-document", *_cure(zone, host), zone.case, here)
        else:
            yield from _unread(zone, host)


def _unread(zone: Published, host: str) -> Iterator[Problem]:
    """Such a document over https that misleads nobody today: all find another one before."""
    case = zone.case
    places, servers = [], set[Candidate]()
    for request, answer in case.used(host):
        named = servers_in(answer.last, case)
        if case.wrong_servers(named):
            places.append(without_query(request.url))
            servers.update(named)
    if places:
        cure, lines = _cure(zone, host)
        wrong_ones = case.wrong_servers(sorted(servers))
        yield problem("wrong-document", cure, lines, place=few(places), servers=wrong_ones)


def refused(case: Case, told: Container[str]) -> Iterator[Problem]:
    """Documents of the domain that a program reads and refuses, or that lack half of the servers.

    `told`: the programs that suffer from something that has been told already.
    """
    places: dict[str, list[str]] = {}
    programs: dict[str, list[str]] = {}
    for each in case.verdicts:
        if each.counts and each.result in BAD and each.client not in told:
            half = [each.source] if each.result is Result.NOTHING and each.servers else []
            urls = [why.values["url"] for why in each.why if why.what in REFUSALS]
            here = [url for url in (*half, *urls) if host_of(url) and not case.is_elsewhere(url)]
            for url in here[:1]:
                places.setdefault(case.shows(url), []).append(without_query(url))
                programs.setdefault(case.shows(url), []).append(each.client)
    for command, urls in places.items():
        lines = (command,)
        suffering = programs[command]
        yield problem("refused-document", "mend-refused", lines, suffering, place=few(urls))


def servers_in(hop: Hop, case: Case) -> tuple[Candidate, ...]:
    """The servers that a Mozilla document names; none of what is no such document."""
    root = parse(hop.body) if is_readable(hop) else None
    found = () if root is None else read_mozilla(root, _ANY, case.person)
    return () if isinstance(found, Reason) else found


def outside(case: Case, told: Container[str]) -> Iterator[Problem]:
    """Wrong servers that programs have from somebody else, or from a table of their own.

    `told`: the programs that suffer from something that has been told already.
    """
    left = [each for each in _misled(case) if each.client not in told]
    if left and case.is_apart:
        yield _misleads("address-of-its-own", "by-hand", (), case, left)
        return
    by_source: dict[str, list[Verdict]] = {}
    for each in left:
        by_source.setdefault(each.source, []).append(each)
    for source, verdicts in by_source.items():
        if case.is_elsewhere(source):
            yield _misleads("wrong-elsewhere", "by-hand", (), case, verdicts)
        elif not source.startswith((RECORDS, "http")):
            yield _misleads("wrong-table", "by-hand", (), case, verdicts)


def _misleads(
    what: str, cure: str, lines: tuple[str, ...], case: Case, verdicts: Sequence[Verdict]
) -> Problem:
    sources = [each.source for each in verdicts if each.source.startswith("http")]
    clients = dict.fromkeys((*(each.client for each in verdicts), *case.sufferers(*sources)))
    place = few(each.source for each in verdicts)
    servers = case.wrong_servers(server for each in verdicts for server in each.servers)
    return problem(what, cure, lines, tuple(clients), place=place, servers=servers)


def _misled(case: Case) -> list[Verdict]:
    """The verdicts on programs that take wrong servers."""
    return [each for each in case.verdicts if each.counts and each.result is Result.WRONG]


def _cure(zone: Published, host: str) -> tuple[str, tuple[str, ...]]:
    """The end of what a host answers: by its record, or on the web site of the domain."""
    if host in zone.case.hosts:
        return zone.cure([host])
    return "end-on-site", HTACCESS


HTACCESS = (
    r"RedirectMatch 404 ^/\.well-known/autoconfig/",
    r"RedirectMatch 404 (?i)^/autodiscover/autodiscover\.xml$",
)
"""For Apache, as OVHcloud's web hosting has it: programs that get 404 ask elsewhere."""


# --------------------------------------------------------------------------- what cannot be read


def unreadable(zone: Published, hosts: Sequence[str]) -> Iterator[Problem]:
    """Answers that end the search of a program, and give it nothing."""
    case = zone.case
    found: dict[tuple[str, str, str], list[str]] = {}
    for host in hosts:
        for request, answer in (*case.used(host), *case.used(host, "http")):
            fault, place = _fault(answer.last), without_query(request.url)
            if fault:
                found.setdefault((fault, host, _given(answer.last)), []).append(place)
    for (fault, host, given), urls in found.items():
        cure, lines = _MENDED.get(fault) or _cure(zone, host)
        yield problem(fault, cure, lines, case.sufferers(*urls), place=few(urls), given=given)


def is_readable(hop: Hop) -> bool:
    """Whether a hop has a document that names a server."""
    return _succeeds(hop) and _fault(hop) in {None, "other-media-type", "byte-order-mark"}


def _succeeds(hop: Hop) -> bool:
    return hop.status // 100 == SUCCESS


def _fault(hop: Hop) -> str | None:
    """What keeps a successful answer from being read."""
    return _fault_of_success(hop) if _succeeds(hop) else None


def _fault_of_success(hop: Hop) -> str | None:
    start = hop.body.removeprefix(BYTE_ORDER_MARK).lstrip()
    root = parse(hop.body)
    if root is None and start.lower().startswith(DOCUMENTS):
        return "unreadable" if parse(start) is None else "bytes-before-xml"
    if not start:
        return "empty-document"
    if root is None or name_of(root).lower() == "html":
        return "web-page"
    if next(below(root, *SERVERS), None) is None:
        return "empty-document"
    if hop.body.startswith(BYTE_ORDER_MARK):
        return "byte-order-mark"
    return None if _given(hop) in XML_TYPES else "other-media-type"


def _given(hop: Hop) -> str:
    return few([hop.media_type.partition(";")[0].strip()]) or "-"


_MENDED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "unreadable": ("mend-document", ()),
    "bytes-before-xml": ("mend-document", ()),
    "byte-order-mark": ("mend-document", ()),
    "other-media-type": ("mend-media-type", ()),
}
"""The cures of what is meant to be read."""

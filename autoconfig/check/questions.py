"""The questions that programs ask about a person's mail: their steps, filled in.

Some need no answer first. Others lie behind one: the hosts below which the mail exchanger is, the
name server, the server to which `_autodiscover._tcp` leads.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import md5
from string import Formatter
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote

from autoconfig.check.seen import Named, Question, Request
from autoconfig.detect.rule import HTTPS
from autoconfig.names import HOST_NAME, Domain, registrable
from autoconfig.programs.model import Program, Reading, Search


class Person(NamedTuple):
    """The one whose mail program asks. `address`: the one typed, else `postmaster@` the domain,
    which every domain has (RFC 5321 section 4.5.1).
    """

    domain: Domain
    address: str


class Asked(NamedTuple):
    """A step, filled in: a request, or a question to the DNS.

    `behind`: the question whose answer had to be known first. If that has none, `unknown` says so,
    and there is nothing to ask.
    """

    request: Request | None = None
    question: Question | None = None
    behind: Question | None = None
    unknown: bool = False


def questions(programs: Sequence[Program], person: Person) -> set[Question]:
    """All that the programs ask the DNS for."""
    return {
        each
        for program in programs
        for search in searches_of(program, person.domain)
        for step in search.steps
        for each in (_question(step, person), _behind(step, person))
        if each
    }


def requests(
    programs: Sequence[Program], person: Person, names: Mapping[Question, Named] | None
) -> set[Request]:
    """All requests of the programs; without `names`, those that need no answer first."""
    return {
        each.request
        for program in programs
        for search in searches_of(program, person.domain)
        for each in asked(program, search, person, names or {})
        if each.request
    }


def searches_of(program: Program, domain: Domain) -> list[Search]:
    """The searches that the program makes for the domain."""
    ending = domain.rpartition(".")[2]
    return [each for each in program.searches if not each.only_below or ending in each.only_below]


def asked(
    program: Program, search: Search, person: Person, names: Mapping[Question, Named]
) -> list[Asked]:
    """The steps of a search in their order, as far as `names` tell what they lead to."""
    walked = [step for step in search.steps if _placeholder(step) == "ns"]
    if walked:
        return _walk(walked, search, person, names)
    return [each for step in search.steps for each in _asked(step, search, person, names, program)]


def best_mx(named: Named) -> str:
    """The most preferred mail exchanger (RFC 5321 section 5.1); nothing if there is none."""
    ranked = sorted((record.preference, host_of(record.exchange)) for record in named.records)
    return next((host for _, host in ranked if host), "")


def host_of(name: Any) -> str:
    """The host that a name of `dnspython` stands for; nothing if it stands for none."""
    host = str(name).lower().removesuffix(".")
    return host if HOST_NAME.fullmatch(host) else ""


def ranked_srv(records: Sequence[Any], reading: Reading | None) -> list[Any]:
    """SRV records, first the one that a program takes (RFC 2782, if it follows that)."""
    return sorted(records, key=_RANKS[reading.srv if reading else "best"])


_RANKS: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {
    "best": lambda record: (record.priority, -record.weight, str(record.target)),
    "lightest": lambda record: (record.weight, str(record.target)),
    "heaviest": lambda record: (-record.weight, str(record.target)),
}


def _mx(named: Named, domain: Domain, reading: Reading | None) -> str:
    return best_mx(named)


def _mx_full(named: Named, domain: Domain, reading: Reading | None) -> str:
    """The domain of the MX, unless it is the one that was asked for already."""
    host = best_mx(named)
    above = host.partition(".")[2]
    base = registrable(Domain(host))
    return above if base != domain and above.endswith(base) else ""


def _mx_base(named: Named, domain: Domain, reading: Reading | None) -> str:
    base = registrable(Domain(best_mx(named)))
    return "" if base in (domain, _mx_full(named, domain, reading)) else base


def _srv(named: Named, domain: Domain, reading: Reading | None) -> str:
    """The host to which the record leads that the program takes."""
    any_port = reading is not None and reading.srv != "best"
    usable = [each for each in named.records if any_port or each.port == HTTPS]
    return next((host_of(each.target) for each in ranked_srv(usable, reading)), "")


_HostOf: TypeAlias = Callable[[Named, Domain, Reading | None], str]
_BEHIND: Mapping[str, tuple[str, str, _HostOf]] = {
    "mx": ("", "MX", _mx),
    "mx_full": ("", "MX", _mx_full),
    "mx_base": ("", "MX", _mx_base),
    "srv": ("_autodiscover._tcp.", "SRV", _srv),
    "ns": ("", "NS", lambda named, domain, reading: _name_server(named)),
}
"""What a placeholder stands for: a name before the domain, a type, and the host in its records."""


def _name_server(named: Named) -> str:
    return min(filter(None, (host_of(each.target) for each in named.records)), default="")


def _walk(
    steps: Sequence[str], search: Search, person: Person, names: Mapping[Question, Named]
) -> list[Asked]:
    """All steps for a name server, then for each name above it that has a dot."""
    behind = (str(person.domain), "NS")
    named = names.get(behind)
    if named is None or named.failure:
        return [Asked(behind=behind, unknown=True)]
    found, host = [], _name_server(named)
    while "." in host:
        found += [Asked(_request(step, search, person, ns=host), behind=behind) for step in steps]
        host = host.partition(".")[2]
    return found


def _question(step: str, person: Person) -> Question | None:
    kind, _, name = step.partition(" ")
    if kind == "MX":
        return person.domain, "MX"
    return (name.format(domain=person.domain), "SRV") if kind == "SRV" else None


def _behind(step: str, person: Person) -> Question | None:
    placeholder = _placeholder(step)
    if not placeholder:
        return None
    before, kind, _ = _BEHIND[placeholder]
    return before + person.domain, kind


def _placeholder(step: str) -> str:
    """The one that stands for what the DNS must tell first."""
    return next((name for _, name, _, _ in Formatter().parse(step) if name in _BEHIND), "") or ""


def _asked(
    step: str,
    search: Search,
    person: Person,
    names: Mapping[Question, Named],
    program: Program,
) -> list[Asked]:
    behind = _behind(step, person)
    if not behind:
        question = _question(step, person)
        request = None if question else _request(step, search, person)
        return [Asked(request, question)]
    named = names.get(behind)
    if named is None or named.failure:
        return [Asked(behind=behind, unknown=True)]
    placeholder = _placeholder(step)
    host = _BEHIND[placeholder][2](named, person.domain, program.reading)
    if not host:
        return []
    return [Asked(_request(step, search, person, **{placeholder: host}), behind=behind)]


def _request(step: str, search: Search, person: Person, **hosts: str) -> Request:
    method, _, url = step.partition(" ")
    address = person.address
    digest = md5(address.lower().encode(), usedforsecurity=False).hexdigest()
    values = {"address": address, "quoted": quote(address, safe=""), "md5": digest}
    url = url.format(domain=person.domain, **values, **hosts)
    return Request(method, url, search.reads, address) if method == "POST" else Request(method, url)

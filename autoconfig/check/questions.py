"""The questions that programs ask about a person's mail: their steps, filled in.

Some need no answer first. Others lie behind one: the hosts below which the mail exchanger is, the
name server, the server to which `_autodiscover._tcp` leads.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import md5
from itertools import groupby
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

    `behind`: the question whose answer had to be known first. If it is not known, there is neither.
    """

    request: Request | None = None
    question: Question | None = None
    behind: Question | None = None


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
    """The steps of a search in their order, as far as `names` tell what they lead to.

    Neighbouring steps behind the same hosts are all made for the first, then for the next; no step
    is made twice.
    """
    found: list[Asked] = []
    for placeholder, steps in groupby(search.steps, _placeholder):
        if placeholder:
            found += _behind_hosts(placeholder, list(steps), program, search, person, names)
        else:
            found += [_plain(step, search, person) for step in steps]
    return list(dict.fromkeys(found))


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
    "last": lambda record: (-record.priority, str(record.target)),
    "lightest": lambda record: (record.weight, str(record.target)),
    "heaviest": lambda record: (-record.weight, record.priority, str(record.target)),
}


def _mx(named: Named, domain: Domain, reading: Reading | None) -> list[str]:
    return [best_mx(named)]


def _mx_full(named: Named, domain: Domain, reading: Reading | None) -> list[str]:
    """The domain of the MX, unless it is the one that was asked for already."""
    host = best_mx(named)
    above, base = host.partition(".")[2], registrable(Domain(host))
    return [above] if base != domain and above.endswith(base) else []


def _mx_base(named: Named, domain: Domain, reading: Reading | None) -> list[str]:
    base = registrable(Domain(best_mx(named)))
    return [] if base == domain else [base]


def _srv(named: Named, domain: Domain, reading: Reading | None) -> list[str]:
    """The host to which the record leads that the program takes."""
    any_port = reading is not None and reading.srv == "lightest"
    usable = [each for each in named.records if any_port or each.port == HTTPS]
    return [host_of(each.target) for each in ranked_srv(usable, reading)[:1]]


def _ns(named: Named, domain: Domain, reading: Reading | None) -> list[str]:
    """A name server, and each name above it that has a dot."""
    host = min(filter(None, (host_of(each.target) for each in named.records)), default="")
    labels = host.split(".")
    return [".".join(labels[number:]) for number in range(len(labels) - 1)]


_HostsOf: TypeAlias = Callable[[Named, Domain, Reading | None], list[str]]
_BEHIND: Mapping[str, tuple[str, str, _HostsOf]] = {
    "mx": ("", "MX", _mx),
    "mx_full": ("", "MX", _mx_full),
    "mx_base": ("", "MX", _mx_base),
    "srv": ("_autodiscover._tcp.", "SRV", _srv),
    "ns": ("", "NS", _ns),
}
"""What a placeholder stands for: a name before the domain, a type, and hosts in its records."""


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


def _plain(step: str, search: Search, person: Person) -> Asked:
    question = _question(step, person)
    return Asked(question=question) if question else Asked(_request(step, search, person))


def _behind_hosts(
    placeholder: str,
    steps: Sequence[str],
    program: Program,
    search: Search,
    person: Person,
    names: Mapping[Question, Named],
) -> list[Asked]:
    behind = _behind(steps[0], person)
    named = names.get(behind) if behind else None
    if named is None or named.failure:
        return [Asked(behind=behind)]
    hosts = _BEHIND[placeholder][2](named, person.domain, program.reading)
    return [
        Asked(_request(step, search, person, **{placeholder: host}), behind=behind)
        for host in filter(None, hosts)
        for step in steps
    ]


def _request(step: str, search: Search, person: Person, **hosts: str) -> Request:
    method, _, url = step.partition(" ")
    address = person.address
    digest = md5(address.lower().encode(), usedforsecurity=False).hexdigest()
    values = {"address": address, "quoted": quote(address, safe=""), "md5": digest}
    url = url.format(domain=person.domain, **values, **hosts)
    return Request(method, url, search.reads, address) if method == "POST" else Request(method, url)

"""What each program asks, in its order, as a document: `docs/what-programs-ask.md`."""

from collections.abc import Iterator, Mapping
from itertools import chain, count

from autoconfig.programs.load import read_programs
from autoconfig.programs.model import Program, Search, Source
from tests.support.documents import ROOT

DOCUMENT = "docs/what-programs-ask.md"
OPENING = (
    "# What mail programs ask",
    "",
    "`make golden` writes this from `autoconfig/programs/programs.toml`,"
    " which also has how each program reads an answer.",
    "[Mail programs](clients.md) says what comes of it.",
    "",
    "A program goes on to the next question, and to the next search, where an answer is of no use."
    " Some ask all at once, and take what comes first in this order.",
    "ADDRESS is the address, DOMAIN its domain, MD5 the address's digest.",
    "MX is the domain's best mail exchanger, MX-DOMAIN its name without the first label,"
    " MX-SITE the domain that was registered for it.",
    "NAME-SERVER is a name server of the domain, then each domain above that.",
    "TARGET is the host to which the record `_autodiscover._tcp.DOMAIN` leads.",
    "",
)
WORDS = {
    "domain": "DOMAIN",
    "address": "ADDRESS",
    "quoted": "ADDRESS",
    "md5": "MD5",
    "mx": "MX",
    "mx_full": "MX-DOMAIN",
    "mx_base": "MX-SITE",
    "ns": "NAME-SERVER",
    "srv": "TARGET",
}
READS = {
    "mozilla": "Mozilla's document",
    "outlook": "Autodiscover",
    "mobilesync": "Autodiscover of ActiveSync",
    "srv": "DNS records of mail servers",
    "table": "A table of its own, with the servers of MX Plan",
}
ENDS_AT = {
    "status": "with a status of 2xx",
    "xml": "that is XML",
    "document": "that is the document",
    "servers": "with servers",
}
ASKS_IF = {
    "http": "a part of the way is plain http",
    "mx": "the MX has led to the servers",
    "redirect": "Autodiscover is redirected to another site",
    "srv": "a record leads Autodiscover to another site",
}


def told() -> str:
    """The document."""
    file = read_programs()
    asking = (each for each in file.program if each.searches)
    return "\n".join(chain(OPENING, *(_program(each, file.source) for each in asking)))


def write() -> None:
    """Write it anew."""
    (ROOT / DOCUMENT).write_text(told())


def _program(program: Program, sources: Mapping[str, Source]) -> Iterator[str]:
    versions = "any version" if program.versions == "any" else program.versions
    yield f"## {program.name} ({versions})\n"
    numbers = count(1)
    for search in program.searches:
        yield f"{_search(search)}\n"
        yield from (f"{next(numbers)}. `{step.format(**WORDS)}`" for step in search.steps)
        yield from [""] * bool(search.steps)
    if program.asks_if:
        reasons = ", or ".join(ASKS_IF[each] for each in program.asks_if)
        yield f"It asks its user first if {reasons}.\n"
    cited = dict.fromkeys(chain(program.source, *(each.source for each in program.searches)))
    yield f"Read or seen: {'; '.join(_source(sources[name]) for name in cited)}.\n"


def _search(search: Search) -> str:
    """A search in words, up to its steps."""
    said = [READS[search.reads]]
    if search.after:
        said.append(f"only if the last answer before was a {search.after}")
    if search.beside:
        said.append("beside the others, which count first")
    if search.only_below:
        said.append("for domains below " + ", ".join(f"`.{each}`" for each in search.only_below))
    if search.reads == "table" and search.steps:
        said.append("if the MX is below the same domain as these")
    if search.reads not in {"srv", "table"}:
        ends = "ends it all, even without servers" if search.then == "nothing" else "counts"
        said.append(f"the first answer {ENDS_AT[search.ends_at]} {ends}")
    if search.tries:
        said.append("it tries them with the password, and goes on if they refuse it")
    if search.seconds:
        said.append(f"it waits {search.seconds} seconds")
    return "; ".join(said) + (":" if search.steps else ".")


def _source(source: Source) -> str:
    return f"[{source.title}]({source.where}), {source.verified}"

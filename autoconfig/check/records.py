"""Servers that a program has from DNS records alone (RFC 6186, RFC 8314), or from its own table."""

from collections.abc import Mapping

from autoconfig.check.choice import Listed, by_port, choose
from autoconfig.check.questions import Person, host_of, ranked_srv
from autoconfig.check.seen import Named, Question
from autoconfig.check.verdict import Candidate, Reason
from autoconfig.names import Domain, registrable
from autoconfig.offers.catalogue import DEFAULT_REGION, Catalogue
from autoconfig.offers.hosting import Shared
from autoconfig.programs.model import Reading, Search

KINDS = {
    "_imap": ("imap", "STARTTLS"),
    "_imaps": ("imap", "SSL"),
    "_pop3": ("pop3", "STARTTLS"),
    "_pop3s": ("pop3", "SSL"),
    "_submission": ("smtp", "STARTTLS"),
    "_submissions": ("smtp", "SSL"),
    "_smtps": ("smtp", "SSL"),
}
"""The protocol and the encryption that the first label of a record stands for."""


def read_records(
    questions: list[Question],
    names: Mapping[Question, Named],
    search: Search,
    reading: Reading,
    person: Person,
) -> tuple[Candidate, ...] | Reason:
    """The servers that a program takes of SRV records. `questions`: in the order of its steps."""
    found: dict[str, tuple[int, Candidate]] = {}
    for question in questions:
        records = ranked_srv(names[question].records, reading)
        host = host_of(records[0].target) if records else ""
        if not host:
            continue  # a target of "." says that there is none (RFC 2782)
        protocol, socket = KINDS[question[0].partition(".")[0]]
        port, priority = records[0].port, records[0].priority
        if reading.encryption == "port" and socket == "STARTTLS":
            socket = by_port(port, reading)
        before = found.get(protocol)
        if not before or (search.ranks == "priority" and priority < before[0]):
            server = Candidate(protocol, host, port, socket, person.address)
            found[protocol] = priority, server
    if not found:
        return Reason("no-records")
    listed = [Listed(server.protocol == "smtp", server) for _, server in found.values()]
    return choose(listed, reading)


def own_table(
    named: Named | None, search: Search, person: Person, catalogue: Catalogue
) -> tuple[Candidate, ...] | Reason:
    """The servers that the program has in a table of its own.

    `named`: the mail exchangers, where one must be below the same domain as the servers.
    """
    region = catalogue.offers[search.servers_of or ""].regions[DEFAULT_REGION]
    host = region.server.named[0] if isinstance(region.server, Shared) else ""
    if named and not any(_is_below(each.exchange, host) for each in named.records):
        return Reason("not-in-table")
    protocols = {each.protocol: each for each in reversed(region.servers)}
    wanted = (protocols[protocol] for protocol in ("imap", "smtp"))
    return tuple(
        Candidate(each.protocol, host, each.port, each.socket, person.address) for each in wanted
    )


def _is_below(exchange: object, host: str) -> bool:
    return registrable(Domain(host_of(exchange))) == registrable(Domain(host))

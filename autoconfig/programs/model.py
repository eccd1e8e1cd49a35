"""Programs: the types of `programs.toml`.

A program has *searches*. Each is a list of steps, which are questions, and ends at the first answer
that the program takes; the next search begins where one found nothing. Searches that run `beside`
the others only add to what these find.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from autoconfig.offers.values import Identifier, Sources, Text


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """The place where a fact about a program was read or seen; `verified`: on which day."""

    title: Text
    where: Text
    verified: date


class Search(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Questions of one kind, in the order of their rank, of which the first answer counts.

    `steps`: `GET URL`, `POST URL`, `SRV NAME` or `MX`; of which URLs and names may hold
    `{domain}`, `{address}` (as it is), `{quoted}` (percent-encoded), `{mx}` (the best mail
    exchanger), `{mx_full}` (without its first label), `{mx_base}` (its registrable domain; the
    step is left out where it is the same as `mx_full`), `{srv}` (the host and port to which
    `_autodiscover._tcp` leads).

    `reads`: the kind of answer. `mozilla`: Mozilla's document. `outlook`, `mobilesync`: an
    Autodiscover answer of that schema. `srv`: records of mail servers. `table`: the program's own
    table has the servers of the offer `servers_of`, and it asks nobody, or the record `MX` alone.

    `ends_at`: the answer that ends the search: any `status` of 2xx, one that is well-formed `xml`,
    or one that has `servers` for the program. `then`: what comes after an answer that ends the
    search without servers: the `next` search, or `nothing` more.

    `beside`: whether it runs beside the others and adds to their result. `tries`: whether the
    program tries these servers with the password, and goes on if they refuse it. `only_below`: the
    endings of domains for which the search is made; all, if empty. `seconds`: its patience.
    """

    reads: Literal["mozilla", "outlook", "mobilesync", "srv", "table"]
    steps: tuple[Text, ...]
    source: Sources
    ends_at: Literal["status", "xml", "servers"] = "servers"
    then: Literal["next", "nothing"] = "next"
    beside: bool = False
    tries: bool = False
    only_below: tuple[Text, ...] = ()
    servers_of: Identifier | None = None
    seconds: float = 5.0


class Reading(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How strictly a program reads, and which servers it takes.

    `media_type`: only a document whose media type is XML, in small letters. `identity`: none
    without a host name in `id` and in a `domain`. `whole`: none in which a single IMAP, POP3 or
    SMTP server is odd. `other_types`: whether a server type that it does not know makes it refuse
    the document. `attributes`: whether a server's attribute other than `type` does. `trims`:
    whether white space around a value is left out. `sockets`: whether `socketType` must be written
    as in the standard (`exact`), or what it makes of another value: no server (`drop` is what
    `exact` does to that server), `STARTTLS`, or `plain`.

    `types`: the servers that it can use, most wanted first. `needs`: without which it refuses.
    `takes`: the `first` or the `last` server of each type, or `all`, which it tries or shows.
    `encryption`: whether an Autodiscover answer's is taken from the `port`, or from its `elements`.
    `redirects`: the codes at which it follows a redirect of Autodiscover; `relative`: whether to a
    relative address; `mozilla_redirects`: whether a Mozilla document may be redirected.
    """

    types: tuple[Literal["imap", "pop3", "smtp", "ews", "exchange", "activesync"], ...]
    needs: tuple[Literal["imap", "smtp", "incoming"], ...] = ("incoming", "smtp")
    takes: Literal["first", "last", "all"] = "first"
    outgoing: Literal["first", "last", "all"] | None = None
    media_type: bool = False
    identity: bool = False
    whole: bool = False
    other_types: Literal["skip", "refuse"] = "skip"
    attributes: Literal["skip", "refuse"] = "skip"
    trims: bool = True
    sockets: Literal["exact", "STARTTLS", "plain"] = "exact"
    encryption: Literal["port", "elements"] = "elements"
    redirects: tuple[int, ...] = (301, 302, 303, 307, 308)
    relative: bool = True
    mozilla_redirects: bool = True


class Program(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mail program. `name`: its word in `check` and in `docs/clients.md`.

    `versions`: those that the row is true of. `known_by`: as docs/clients.md explains the words.
    `uses`: what it can be set up with by itself: mail servers (`imap`), an `exchange` account, or
    `activesync`. It is not judged where the service has none of these.
    `asks_if`: what makes it ask its user before it takes what it found: a part of the way was plain
    `http`; it was found by the `mx`; Autodiscover leads to another site by a `redirect`, or by an
    `srv` record.
    `searches`: none where the program asks nobody of the domain; then `never` says whom.
    """

    id: Identifier
    name: Text
    versions: Text
    known_by: Literal["run", "tried", "read", "reported", "unknown"]
    source: Sources
    uses: tuple[Literal["imap", "exchange", "activesync"], ...] = ("imap",)
    asks_if: tuple[Literal["http", "mx", "redirect", "srv"], ...] = ()
    reading: Reading | None = None
    searches: tuple[Search, ...] = ()
    never: Literal["own-cloud", "not-public"] | None = None


class ProgramsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The file of programs, in the order in which they are told."""

    schema_version: Literal[1]
    source: dict[str, Source]
    program: tuple[Program, ...]

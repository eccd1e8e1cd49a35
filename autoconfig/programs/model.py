"""Programs: the types of `programs.toml`.

A program has *searches*. Each is a list of steps, which are questions, and ends at the first answer
that the program takes; the next search begins where one found nothing. Searches that run `beside`
the others only add to what these find.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from autoconfig.offers.values import Identifier, Port, Sources, Text


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """The place where a fact about a program was read or seen; `verified`: on which day."""

    title: Text
    where: Text
    verified: date


class Search(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Questions of one kind, in the order of their rank, of which the first answer counts.

    `steps`: `GET URL`, `POST URL`, `SRV NAME` or `MX NAME`, where URLs and names may hold
    `{domain}`; `{address}` (as it is), `{quoted}` (percent-encoded), `{md5}` (its digest, in small
    letters); `{mx}` (the best mail exchanger), `{mx_full}` (without its first label), `{mx_base}`
    (its registrable domain); no step is made twice; `{srv}` (the host to which
    `_autodiscover._tcp` leads); `{ns}` (a name server of the domain: all steps are made for its
    name, then for the name without its first label, while a dot is left in it).

    `reads`: the kind of answer. `mozilla`: Mozilla's document. `outlook`, `mobilesync`: an
    Autodiscover answer of that schema. `srv`: records of mail servers. `table`: the program's own
    table has the servers of the offer `servers_of`; its only step, if it has one, is `MX`, which
    must have the registrable domain of these servers.

    `ends_at`: the answer that ends the search: any `status` of 2xx, one that is well-formed `xml`,
    one that is Mozilla's `document`, or one that has `servers` for the program. `then`: what comes
    after an answer that ends the search without servers: the `next` search, or `nothing` more.

    `after`: the status with which the last answer before it must have come, if that matters.
    `beside`: whether it runs beside the others, and adds to what they find: of an Autodiscover
    answer the Exchange account alone, unless they find nothing; then it is made again with the
    password, if servers asked for one and no answer has ended it. `tries`: whether the program
    tries these servers with the password, and goes on if they refuse it. `only_below`: the endings
    of domains for which the search is made; all, if empty. `ranks`: which of several SRV records
    of one kind counts: that of the first `step` that has one, or that of the lowest `priority`,
    whichever step has it. `seconds`: how long the program waits for an answer; None if nobody
    knows.
    """

    reads: Literal["mozilla", "outlook", "mobilesync", "srv", "table"]
    source: Sources
    steps: tuple[Text, ...] = ()
    ends_at: Literal["status", "xml", "document", "servers"] = "servers"
    then: Literal["next", "nothing"] = "next"
    after: int | None = None
    beside: bool = False
    tries: bool = False
    only_below: tuple[Text, ...] = ()
    servers_of: Identifier | None = None
    ranks: Literal["step", "priority"] = "step"
    seconds: int | None = None


class Reading(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How strictly a program reads, and which servers it takes.

    `types`: the servers that it can use, most wanted first. `needs`: without which it refuses.
    `takes`: of each type the `first` server or the `last`; `all`, which it tries or shows; or the
    `foremost`, which is the first of the document's incoming servers, and the first of its outgoing
    ones, if it can use that. `outgoing`: the same for SMTP, where that differs.

    `parses`: a whole well-formed `document`, which may have to be `declared` by `<?xml`; `markup`,
    which may have blanks before it, and no byte order mark; or `tags` one by one, so that a text
    without any is read to its end, and an end tag that ends nothing is the only mistake.
    `any_status`: whether it reads the body of an error, too.
    `media_type`: only a document whose media type is XML, in small letters. `identity`: none
    without a host name in `id` and in a `domain`. `whole`: none in which a single IMAP or SMTP
    server is odd. `other_types`, `attributes`: what it does with the document if a server has a
    type that it does not know, or an attribute that is not `type`. `methods`: the ways to log in of
    which a server must have one, if it looks at them; none of them knows OAuth2 of this provider.
    `usernames`: whether it takes the user name of the document, or the address. `nameless`: the
    user name that it makes of none; where it makes none, it drops the server. `fills_domain`:
    whether it knows `%EMAILDOMAIN%`, of which it makes nothing otherwise. `trims`: whether white
    space around a value is left out. `sockets`: what it makes of a `socketType` that it does not
    know: `exact` drops the server; `STARTTLS`, `SSL` and `plain` take it for that; `port` goes by
    the port. `any_case`: whether it knows `ssl` and `starttls` in other letters. `means_starttls`:
    other words for that, in small letters.

    `encryption`: whether that of an Autodiscover answer is what its `elements` say, and that of an
    SRV record what its name says; or both go by the `port`, but for an SRV record whose name says
    TLS at once. `starttls`: the ports that are for STARTTLS, where it goes by the port; others are
    for TLS at once. `srv`: which record of `_autodiscover._tcp` and of mail servers counts: the
    `best` (RFC 2782; of `_autodiscover._tcp` those for port 443 alone), or the `lightest` by
    weight, whatever its priority, or the `heaviest`, of equal ones the first by priority, or the
    `last` by priority. `redirects`: the codes at which it follows a redirect of Autodiscover;
    `relative`: whether to a relative address; `mozilla_redirects`: which redirects of a Mozilla
    document it follows: `any`, `none`, those that do `not-leave-https`, or that `keep-scheme`.
    `redirect_url`: whether it follows that element of an Autodiscover answer. `login`: the user
    name where such an answer has none, the `address` or its `local` part.
    """

    types: tuple[Literal["imap", "pop3", "smtp", "ews", "exchange", "activesync"], ...]
    needs: tuple[Literal["imap", "smtp", "incoming"], ...] = ()
    takes: Literal["first", "last", "all", "foremost"] = "first"
    outgoing: Literal["last"] | None = None
    parses: Literal["document", "declared", "markup", "tags"] = "document"
    any_status: bool = False
    media_type: bool = False
    identity: bool = False
    whole: bool = False
    other_types: Literal["skip", "refuse"] = "skip"
    attributes: Literal["skip", "refuse"] = "skip"
    methods: tuple[Text, ...] = ()
    usernames: bool = True
    nameless: Text = ""
    fills_domain: bool = True
    trims: bool = False
    sockets: Literal["exact", "STARTTLS", "SSL", "plain", "port"] = "exact"
    any_case: bool = False
    means_starttls: tuple[Text, ...] = ()
    encryption: Literal["port", "elements"] = "elements"
    starttls: tuple[Port, ...] = ()
    srv: Literal["best", "last", "lightest", "heaviest"] = "best"
    redirects: tuple[int, ...] = (301, 302, 303, 307, 308)
    relative: bool = True
    mozilla_redirects: Literal["any", "none", "not-leave-https", "keep-scheme"] = "any"
    redirect_url: bool = False
    login: Literal["address", "local"] = "address"


class Program(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mail program. `name`: its word in `check` and in `docs/clients.md`; `name_fr`: what people
    are told in French, where that differs.

    `versions`: those that the row is true of, as far as anybody knows. `known_by`: as
    docs/clients.md explains the words.
    `uses`: what it can be set up with by itself: mail servers (`imap`), an `exchange` account, or
    `activesync`. It is not judged where the service has none of these.
    `asks_if`: what makes it ask its user before it takes what it found: a part of the way was plain
    `http`; it was found by the `mx`; Autodiscover leads to another site by a `redirect`, or by an
    `srv` record.
    `searches`: none where the program is not known to ask the domain; then `never` says whether it
    asks its maker's own cloud, or whether that is not public.
    """

    id: Identifier
    name: Text
    name_fr: Text = ""
    known_by: Literal["run", "tried", "read", "specified", "reported", "unknown"]
    source: Sources
    versions: Text = "any"
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

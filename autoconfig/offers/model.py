"""What an offer is: the types of `offers.toml`, and of a service made from an offer.

An *offer* is what OVH sells (E-mail Pro), a *service* what a customer has bought: an offer, in a
region, on a server. Everything published is a rendering of a `Service`.
Nothing in this module knows a host, a port or the name of an offer.
"""

import re
from datetime import date
from typing import Annotated, ClassVar, Literal, TypeAlias

from msgspec import Meta, Struct

Sources: TypeAlias = Annotated[
    tuple[str, ...], Meta(min_length=1, description='the names of [source.…] tables, as ["…"]')
]
Url: TypeAlias = Annotated[
    str, Meta(pattern=r"^https://[^\s\"'<>{}]+\Z", description="an https:// address")
]
UrlPattern: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^https://([^\s\"'<>{}]|\{server\})+\Z",
        description="an https:// address, in which {server} may stand for the service's host",
    ),
]
Port: TypeAlias = Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")]
Gigabytes: TypeAlias = Annotated[
    float, Meta(gt=0, description="a number of gigabytes, more than 0")
]
Identifier: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        description="small letters and digits, with hyphens between",
    ),
]
HostName: TypeAlias = Annotated[
    str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+\Z", description="a host name, in small letters")
]
HostPattern: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)+|\{server\})\Z",
        description="a host name, in small letters, or {server} for the service's own",
    ),
]


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a fact was read; `verified` is the day we last read it there."""

    title: str
    where: str
    verified: date
    published: date | None = None


class Server(Struct, frozen=True, forbid_unknown_fields=True):
    """One server in Mozilla's terms (`socketType`). `host` may be `{server}`: the service's own."""

    protocol: Literal["imap", "pop3", "smtp"]
    host: HostPattern
    port: Port
    socket: Literal["SSL", "STARTTLS"]
    source: Sources


class Login(Struct, frozen=True, forbid_unknown_fields=True):
    """How every server of the offer wants the person to log in, in Mozilla's terms.

    `username` holds placeholders that the client fills in. There is no OAuth2 among the methods:
    no client has OVH in its table of OAuth2 providers, and KMail would pick it.
    """

    username: Annotated[
        str,
        Meta(
            pattern="%EMAIL(ADDRESS|LOCALPART|DOMAIN)%",
            description="a user name with a placeholder such as %EMAILADDRESS%",
        ),
    ]
    authentication: Literal["password-cleartext", "password-encrypted"]
    source: Sources


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """An address on the web, with `{server}` for the service's own host."""

    url: UrlPattern
    source: Sources


class Host(Struct, frozen=True, forbid_unknown_fields=True):
    """A documented host of which no guide prints the full address."""

    host: HostPattern
    source: Sources


class Quota(Struct, frozen=True, forbid_unknown_fields=True):
    """Size of a mailbox in gigabytes, and the most it can be extended to."""

    gigabytes: Gigabytes
    source: Sources
    extendable_to: Gigabytes | None = None


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """A page for the person, in one language (ISO 639-1); `text` says what it is."""

    lang: Annotated[
        str, Meta(pattern=r"^[a-z]{2}\Z", description="a language in two letters, such as fr")
    ]
    url: Url
    text: str
    source: Sources


class Webmail(Page, frozen=True, forbid_unknown_fields=True):
    """A page on the service's own host, or on one for everybody."""

    url: UrlPattern


class Autodiscover(Struct, frozen=True, forbid_unknown_fields=True):
    """The server's own Autodiscover: where Outlook is sent (`outlook = "exchange"`)."""

    xml: UrlPattern
    svc: UrlPattern
    json: UrlPattern
    source: Sources


class MxRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """One mail exchanger; the lowest `preference` is tried first (RFC 5321 section 5.1)."""

    preference: Annotated[int, Meta(ge=0, le=65535, description="a whole number from 0 to 65535")]
    host: HostPattern


class Dns(Struct, frozen=True, forbid_unknown_fields=True):
    """What the domain's zone is expected to hold: `{id}` in a DKIM selector is the customer's."""

    source: Sources
    mx: tuple[MxRecord, ...] = ()
    spf: str | None = None
    autodiscover_srv: HostPattern | None = None
    dkim_selectors: tuple[str, ...] = ()


class ServerRule(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """Which `server` the configuration names for a service. `kind` in the data picks the rule.

    `required`: a service cannot be configured without. `default`: the host when none is named.
    """

    source: Sources

    required: ClassVar[bool] = False

    @property
    def default(self) -> str | None:
        return None

    def accepts(self, host: str) -> bool:
        raise NotImplementedError

    @property
    def advice(self) -> str:
        """What to write, for a message."""
        raise NotImplementedError


class Shared(ServerRule, frozen=True, kw_only=True, tag="shared"):
    """Every customer has the same hosts, so there is no `server` to configure.

    A host in `named` may be named all the same; it is then published for every protocol. Those in
    `not_for_mail` are seen by customers too, but take no IMAP, POP or SMTP from them.
    """

    named: tuple[HostName, ...] = ()
    not_for_mail: tuple[HostName, ...] = ()

    def accepts(self, host: str) -> bool:
        return host in self.named

    @property
    def advice(self) -> str:
        return " or write ".join(("leave the key out", *self.named))


class Numbered(ServerRule, frozen=True, kw_only=True, tag="numbered"):
    """One host of a numbered family: `{n}` in `pattern` is 1 to 99 (or nothing, if optional).

    `observed` are the hosts seen in public; another number is accepted with a warning.
    """

    pattern: Annotated[
        str,
        Meta(
            pattern=r"^[a-z]+\{n\}(\.[a-z0-9-]+)+\Z",
            description="a host name with {n} for its number, such as mail{n}.example.com",
        ),
    ]
    observed: Annotated[
        tuple[HostName, ...], Meta(min_length=1, description="an array of host names")
    ]
    number_optional: bool = False

    required: ClassVar[bool] = True

    def accepts(self, host: str) -> bool:
        number = "([1-9][0-9]?)" + ("?" if self.number_optional else "")
        before, after = map(re.escape, self.pattern.split("{n}"))
        return re.fullmatch(before + number + after, host) is not None

    @property
    def advice(self) -> str:
        return f"write the host that the control panel shows, such as {self.observed[-1]}"


class Fixed(ServerRule, frozen=True, kw_only=True, tag="fixed"):
    """One host for all customers, which need not be named."""

    host: HostName

    @property
    def default(self) -> str | None:
        return self.host

    def accepts(self, host: str) -> bool:
        return host == self.host

    @property
    def advice(self) -> str:
        return f"leave the key out or write {self.host}"


class Own(ServerRule, frozen=True, kw_only=True, tag="own"):
    """The customer's own host name: any that is not under one of `never_under`."""

    never_under: tuple[HostName, ...]
    such_as: HostName

    required: ClassVar[bool] = True

    def accepts(self, host: str) -> bool:
        return not any(f".{host}".endswith(f".{suffix}") for suffix in self.never_under)

    @property
    def advice(self) -> str:
        return f"write the service's own host as the control panel shows it, such as {self.such_as}"


class Region(Struct, frozen=True, forbid_unknown_fields=True):
    """The offer in one region, and in those of `also_in`. `servers`: most preferred first."""

    server: Shared | Numbered | Fixed | Own
    servers: tuple[Server, ...]
    dns: Dns
    also_in: tuple[str, ...] = ()
    webmail: tuple[Webmail, ...] = ()
    activesync: Link | None = None
    ews: Link | None = None
    ews_host: Host | None = None
    caldav: Link | None = None
    autodiscover: Autodiscover | None = None


class Offer(Struct, frozen=True, forbid_unknown_fields=True):
    """What OVH sells, in each of its regions.

    `outlook` is how Outlook takes it: as IMAP, or through the Exchange server's own Autodiscover.
    `display_name` and `short_name` are what a client shows, within the lengths that the draft
    recommends (draft-ietf-mailmaint-autoconfig, "displayName").
    """

    id: Identifier
    name: str
    display_name: Annotated[str, Meta(max_length=30, description="at most 30 characters")]
    short_name: Annotated[str, Meta(max_length=12, description="at most 12 characters")]
    outlook: Literal["imap", "exchange"]
    login: Login
    quota: Quota
    documentation: tuple[Page, ...]
    source: Sources
    region: Annotated[
        dict[str, Region], Meta(min_length=1, description="an [offer.region.…] table for each")
    ]
    aliases: tuple[Identifier, ...] = ()

    @property
    def regions(self) -> dict[str, Region]:
        """Every region by its name, those of `also_in` beside the one that they are like."""
        return {
            name: region
            for first, region in self.region.items()
            for name in (first, *region.also_in)
        }


class Service(Struct, frozen=True, eq=False):
    """What a customer has bought, with every host filled in. The unit that documents render.

    `host` is its own server, None where the offer's servers are shared by everybody.
    """

    offer: Offer
    region: str
    host: str | None
    servers: tuple[Server, ...]
    webmail: tuple[Webmail, ...] = ()
    activesync: str | None = None
    ews: str | None = None
    caldav: str | None = None
    autodiscover: Autodiscover | None = None

    def of(self, *protocols: str) -> tuple[Server, ...]:
        """The servers of these protocols, most preferred first."""
        return tuple(s for protocol in protocols for s in self.servers if s.protocol == protocol)

"""Offers and services: the types of `offers.toml`, and of a service made from an offer.

An *offer* is what OVH sells (Email Pro), a *service* what a customer has bought: an offer, in a
region, on a server. Everything published is a rendering of a `Service`.
Nothing in this module knows a host, a port or the name of an offer.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, TypeAlias
from urllib.parse import SplitResult, urlsplit

from msgspec import Meta, Struct, structs

from autoconfig.offers.hosting import Fixed, Numbered, Own, Shared
from autoconfig.offers.values import (
    DisplayName,
    Gigabytes,
    HostName,
    HostPattern,
    Identifier,
    Language,
    Port,
    Preference,
    Protocol,
    ShortName,
    Sources,
    Text,
    Url,
    UrlPattern,
    UserName,
)


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """The place where a fact was read; `verified` is the day on which we last read it there."""

    title: Text
    where: Text
    verified: date
    published: date | None = None


class ServerEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One server in Mozilla's terms (`socketType`). `host` may be `{server}`: the service's own."""

    protocol: Protocol
    host: HostPattern
    port: Port
    socket: Literal["SSL", "STARTTLS"]


SECURITY: Mapping[str, str] = {"SSL": "SSL/TLS", "STARTTLS": "STARTTLS"}
"""By the `socket` of a server, the word of mail programs, which do not translate it."""


class Server(ServerEntry, frozen=True):
    """A server, and where it was read that the offer has it."""

    source: Sources


class Login(Struct, frozen=True, forbid_unknown_fields=True):
    """The login at every server of the offer, in Mozilla's terms.

    `username` holds placeholders that the client fills in. There is no OAuth2 among the methods:
    no client has OVH in its table of OAuth2 providers, and KMail would pick it.
    """

    username: UserName
    authentication: Literal["password-cleartext", "password-encrypted"]
    source: Sources


class LinkEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """An address on the web, with `{server}` for the service's own host."""

    url: UrlPattern

    @property
    def parts(self) -> SplitResult:
        """The host and the rest, for programs that ask for each of them."""
        return urlsplit(self.url)


class Link(LinkEntry, frozen=True):
    """An address, and where it was read that the offer has it."""

    source: Sources


class Size(Struct, frozen=True, forbid_unknown_fields=True):
    """Size of a mailbox in gigabytes."""

    gigabytes: Gigabytes
    source: Sources


class Quota(Size, frozen=True):
    """Size of a mailbox, and the most it can be extended to.

    `contested`: the size that other pages of OVH print. No document for people names such a quota.
    """

    extendable_to: Gigabytes | None = None
    contested: Size | None = None


class PageEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A page for the person, in one language (ISO 639-1); `text` is the link's."""

    lang: Language
    url: Url
    text: Text


class Page(PageEntry, frozen=True):
    """A page, and where it was read that it is the offer's."""

    source: Sources


class WebmailEntry(PageEntry, frozen=True):
    """A page on the service's own host, or on one for everybody."""

    url: UrlPattern


class Webmail(WebmailEntry, frozen=True):
    """A webmail, and where it was read that the offer has it."""

    source: Sources


class AutodiscoverEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """The server's own Autodiscover: where Outlook is sent (`outlook = "exchange"`)."""

    xml: UrlPattern
    svc: UrlPattern
    json: UrlPattern


class Autodiscover(AutodiscoverEntry, frozen=True):
    """An Autodiscover, and where it was read that the offer has it."""

    source: Sources


class MxRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """One mail exchanger; the lowest `preference` is tried first (RFC 5321 section 5.1)."""

    preference: Preference
    host: HostPattern


class DnsEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """The records of the domain's zone: `{id}` in a DKIM selector is the customer's.

    `mx_direct`: the host to which mail comes that takes no other way. `fallback`: whether a domain
    with these `mx` has this offer if nothing says more.
    """

    mx: tuple[MxRecord, ...] = ()
    mx_direct: HostPattern | None = None
    spf: Text | None = None
    autodiscover_srv: HostPattern | None = None
    dkim_selectors: tuple[Text, ...] = ()
    fallback: bool = False


class Dns(DnsEntry, frozen=True, kw_only=True):
    """The records, and where it was read that the offer has them."""

    source: Sources


class Region(Struct, frozen=True, forbid_unknown_fields=True):
    """The offer in one region, and in those of `also_in`. `servers`: most preferred first.

    A `Service` has every field but `server` and `also_in`.
    """

    server: Shared | Numbered | Fixed | Own
    servers: tuple[Server, ...]
    dns: Dns
    also_in: tuple[Text, ...] = ()
    webmail: tuple[Webmail, ...] = ()
    activesync: Link | None = None
    ews: Link | None = None
    caldav: Link | None = None
    autodiscover: Autodiscover | None = None


class Api(Struct, frozen=True, forbid_unknown_fields=True):
    """The offer in OVHcloud's API: the family of its services, and the values of `offer` there."""

    family: Literal["mx-plan", "email-pro", "exchange", "zimbra"]
    values: tuple[Text, ...]
    source: Sources


class Offer(Struct, frozen=True, forbid_unknown_fields=True):
    """A product of OVH, in each of its regions.

    `outlook` is how Outlook takes it: as IMAP, or through the Exchange server's own Autodiscover.
    `display_name` and `short_name` are what a client shows.
    """

    id: Identifier
    name: Text
    display_name: DisplayName
    short_name: ShortName
    outlook: Literal["imap", "exchange"]
    login: Login
    documentation: tuple[Page, ...]
    source: Sources
    region: Annotated[
        dict[str, Region], Meta(min_length=1, description="an [offer.region.…] table for each")
    ]
    aliases: tuple[Identifier, ...] = ()
    api: Api | None = None
    quota: Quota | None = None

    @property
    def regions(self) -> dict[str, Region]:
        """Every region by its name, those of `also_in` beside the one that they are like."""
        return {
            name: region
            for first, region in self.region.items()
            for name in (first, *region.also_in)
        }


class SignRule(Struct, frozen=True, forbid_unknown_fields=True, tag_field="means"):
    """A record in zones of customers that is none of an offer's `dns`; `means` picks its kind."""

    source: Sources


class SignOfOffer(SignRule, frozen=True, kw_only=True):
    """A sign of one offer. `region` is a first name, none of `also_in`."""

    offer: Identifier
    region: Text


class FormerMx(SignOfOffer, frozen=True, kw_only=True, tag="former-mx"):
    """The best MX is a host by which mail comes that today's `mx` have replaced."""

    hosts: Annotated[tuple[HostName, ...], Meta(min_length=1, description="an array of host names")]


class NoMailbox(SignRule, frozen=True, kw_only=True, tag="no-mailbox"):
    """The best MX is a host that forwards mail and keeps none."""

    mx: HostName


class PerhapsNoMailbox(SignRule, frozen=True, kw_only=True, tag="perhaps-no-mailbox"):
    """The MX are these and no others: domains without mailboxes have them."""

    mx: Annotated[
        tuple[MxRecord, ...], Meta(min_length=1, description="an array of preferences and hosts")
    ]


class DefaultRecord(SignRule, frozen=True, kw_only=True, tag="default-record"):
    """The SRV record of Autodiscover leads to a host that every zone was created with."""

    srv: HostName


class ServerUnknown(SignOfOffer, frozen=True, kw_only=True, tag="server-unknown"):
    """The SRV record of Autodiscover leads to a host that stands for every server of the offer."""

    srv: HostName


class Dkim(SignOfOffer, frozen=True, kw_only=True, tag="dkim"):
    """A selector of the offer that has no `{id}` leads to a name below this one."""

    below: HostName


Sign: TypeAlias = FormerMx | NoMailbox | PerhapsNoMailbox | DefaultRecord | ServerUnknown | Dkim


class AccountPages(Struct, frozen=True, forbid_unknown_fields=True):
    """The pages on which a customer gets keys for OVHcloud's API.

    `key_page` makes them, with the rights that its query names (`GET=/email/pro&POST=…`).
    """

    key_page: Url
    service_account_guide: Url
    source: Sources


class SharedEntries(Struct, frozen=True, forbid_unknown_fields=True):
    """The tables `[shared.…]`: what several offers have, by the key that it stands for, and a name.

    An entry has no source: the sources stand where it is used, with `{ like = "NAME" }`.
    """

    servers: dict[str, tuple[ServerEntry, ...]] = {}
    dns: dict[str, DnsEntry] = {}
    webmail: dict[str, tuple[WebmailEntry, ...]] = {}
    documentation: dict[str, tuple[PageEntry, ...]] = {}
    activesync: dict[str, LinkEntry] = {}
    ews: dict[str, LinkEntry] = {}
    caldav: dict[str, LinkEntry] = {}
    autodiscover: dict[str, AutodiscoverEntry] = {}


class OffersFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of offers. In `offer`, each use of a shared entry has been replaced by the entry.

    `account`: by the region.
    """

    schema_version: Literal[1]
    source: Annotated[dict[str, Source], Meta(description="a [source.…] table for each source")]
    offer: Annotated[tuple[Offer, ...], Meta(description="an [[offer]] table for each offer")]
    sign: tuple[Sign, ...] = ()
    account: Annotated[
        dict[str, AccountPages], Meta(description="an [account.…] table for each region")
    ] = {}
    shared: SharedEntries = SharedEntries()


class Service(Struct, frozen=True, eq=False):
    """A service that a customer has bought, with every host filled in: the unit of documents.

    `host` is its own server, None where the offer's servers are shared by everybody. `guessed`:
    whether the offer is a guess from the zone of a domain. The other fields are those of the
    `Region`. Two services are equal if they are one object, so that its
    documents can be kept by it.
    """

    offer: Offer
    region: str
    host: str | None
    servers: tuple[Server, ...]
    dns: Dns
    webmail: tuple[Webmail, ...] = ()
    activesync: Link | None = None
    ews: Link | None = None
    caldav: Link | None = None
    autodiscover: Autodiscover | None = None
    guessed: bool = False

    @property
    def alike(self) -> tuple[object, ...]:
        """What is equal for two services of one offer whose documents are the same."""
        return (id(self.offer), *structs.astuple(self)[1:])

    def of(self, *protocols: str) -> tuple[Server, ...]:
        """The servers of these protocols, most preferred first."""
        return tuple(s for protocol in protocols for s in self.servers if s.protocol == protocol)

    def preferred(self, *protocols: str) -> tuple[Server, ...]:
        """The first server of each of these protocols that the service has."""
        return tuple(server for protocol in protocols for server in self.of(protocol)[:1])

"""The plan of a domain: the records to create, replace, delete and keep, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from types import MappingProxyType
from typing import NamedTuple

from autoconfig.names import Domain
from autoconfig.offers.model import Service
from autoconfig.zone.record import Record

Address = IPv4Address | IPv6Address


class Target(NamedTuple):
    """The server that answers mail programs: a host, or its addresses.

    `known`: the addresses of the host, where they have been looked up. A zone may hold them in
    place of a CNAME.
    """

    host: Domain | None = None
    addresses: tuple[Address, ...] = ()
    known: frozenset[Address] = frozenset()


class Act(StrEnum):
    """What is to be done about a record."""

    CREATE = "create"
    REPLACE = "replace"
    DELETE = "delete"
    KEEP = "keep"


class Why(StrEnum):
    """The reason for an entry; `zone.words` has a sentence for each, in each language.

    First those for a record that should be there, then those for one that should not; at last that
    of the way back.
    """

    ASKED_FIRST = "asked-first"
    ASKED_BY_OUTLOOK = "asked-by-outlook"
    LEADS_TO_OUTLOOK = "leads-to-outlook"
    LEADS_TO_SERVER = "leads-to-server"
    LEADS_TO_CALENDAR = "leads-to-calendar"
    NOT_WITHOUT_TLS = "not-without-tls"
    YOURS = "yours"
    ITSELF = "itself"
    OF_SERVICE = "of-service"
    NONE_SAID = "none-said"

    LEFT_OVER = "left-over"
    SERVER_UNKNOWN = "server-unknown"
    OTHER_SERVER = "other-server"
    OTHER_OFFER = "other-offer"
    NOT_FOR_MAIL = "not-for-mail"
    NOT_YOURS = "not-yours"
    NOT_OF_SERVICE = "not-of-service"
    OTHER_PORT = "other-port"
    TLS_AT_ONCE = "tls-at-once"
    STARTTLS_ONLY = "starttls-only"
    WITHOUT_TLS = "without-tls"
    DENIED = "denied"
    SERVICE_EXPECTED = "service-expected"
    BESIDE_ALIAS = "beside-alias"
    UNREADABLE = "unreadable"

    AS_BEFORE = "as-before"


class What(StrEnum):
    """The kind of a remark; `zone.words` has a sentence for each, in each language.

    First those on the records, then those on a zone of a customer's account.
    """

    NO_ROOM = "no-room"
    ALIAS = "alias"
    NEEDS_ADDRESS = "needs-address"
    OTHER_SERVICE = "other-service"
    SEVERAL_SERVICES = "several-services"
    MAIL_ELSEWHERE = "mail-elsewhere"
    NO_MAIL = "no-mail"
    FILTER = "filter"

    NO_ZONE = "no-zone"
    NOT_LOOKED_UP = "not-looked-up"
    OTHER_SERVERS = "other-servers"
    NOT_SERVED = "not-served"
    LEFT_ALONE = "left-alone"


class Entry(NamedTuple):
    """A record of the plan. `needed`: False for what only helps some programs.

    `old`: the record in place of which it comes; None unless it replaces one. `host` and `offer`:
    those of which the reason speaks, the host without final dot; empty where it speaks of none.
    """

    record: Record
    why: Why
    needed: bool
    old: Record | None = None
    host: str = ""
    offer: str = ""


class Remark(NamedTuple):
    """What the plan cannot mend: `what` leads to a sentence of `zone.words`, `values` fill it.

    `open`: whether something that is needed waits for it.
    """

    what: What
    values: Mapping[str, str] = MappingProxyType({})
    open: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one domain.

    `pending`: entries of `keep`, and of what is already gone, that are not everywhere yet, with
    the name servers that are behind. `failure`: the reason for which there is no plan, in
    sentences. `agrees`: whether the zone tells the offer that the service has, or tells none.
    """

    domain: Domain
    service: Service | None
    create: tuple[Entry, ...] = ()
    replace: tuple[Entry, ...] = ()
    delete: tuple[Entry, ...] = ()
    keep: tuple[Entry, ...] = ()
    remarks: tuple[Remark, ...] = ()
    pending: tuple[tuple[Record, tuple[str, ...]], ...] = ()
    failure: str = ""
    agrees: bool = True

    def of(self, act: Act) -> tuple[Entry, ...]:
        """The entries of which one thing is to be done."""
        lists = {
            Act.CREATE: self.create,
            Act.REPLACE: self.replace,
            Act.DELETE: self.delete,
            Act.KEEP: self.keep,
        }
        return lists[act]

    @property
    def changes(self) -> tuple[Entry, ...]:
        """What is to be done, in the order in which it is told."""
        return (*self.create, *self.replace, *self.delete)

    @property
    def settled(self) -> bool:
        """Whether nothing needed is to be done, and DNS agrees with the offer."""
        wanted = any(each.needed for each in self.changes) or any(
            each.open for each in self.remarks
        )
        return not self.failure and self.agrees and not wanted

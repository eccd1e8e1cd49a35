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


class Why(StrEnum):
    """The reason for an entry; `zone.words` has a sentence for each, in each language."""


class Entry(NamedTuple):
    """A record of the plan. `needed`: False for what only helps some programs.

    `old`: the record in place of which it comes; None unless it replaces one. `host`: the host of
    which the reason speaks, without final dot; empty where it speaks of none.
    """

    record: Record
    why: Why
    needed: bool
    old: Record | None = None
    host: str = ""


class Remark(NamedTuple):
    """What the plan cannot mend: `what` leads to a sentence of `zone.words`, `values` fill it."""

    what: str
    values: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one domain.

    `pending`: entries of `keep`, and of what is already gone, that are not everywhere yet, with
    the name servers that are behind. `failure`: the reason for which there is no plan. `agrees`:
    whether the zone tells the offer that the service has, or tells none.
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

    @property
    def changes(self) -> tuple[Entry, ...]:
        """What is to be done, in the order in which it is told."""
        return (*self.create, *self.replace, *self.delete)

    @property
    def settled(self) -> bool:
        """Whether nothing needed is to be done, and DNS agrees with the offer."""
        return not self.failure and self.agrees and not any(each.needed for each in self.changes)

"""The mail services of an account, as far as they could be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from autoconfig.names import Domain, EmailAddress


class NotRead(NamedTuple):
    """A part of the account that is in no table, and the reason; both are printable."""

    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


class Mailbox(NamedTuple):
    """A mailbox of a service. `offer`: its identifier."""

    offer: str
    address: EmailAddress


@dataclass(frozen=True, slots=True)
class Held:
    """A domain in a service.

    `service`: as people know it. `offers`: the number of mailboxes by offer, 1 where the service
    has one offer alone. `server`: the host that a configuration needs, None if it needs none.
    `usable`: whether a configuration can have the service; else `server` is what the API names in
    vain. `authoritative`: whether the service has all addresses of the domain. `mx_valid`: whether
    the MX records lead to it. Both are None where the API does not say. `mailboxes`: asks the API
    for those at the domain; it raises `AccountError`.
    """

    domain: Domain
    service: str
    offers: Mapping[str, int]
    mailboxes: Callable[[], list[Mailbox]]
    server: str | None = None
    usable: bool = True
    authoritative: bool | None = None
    mx_valid: bool | None = None


@dataclass(slots=True)
class Inventory:
    """What an account has.

    `unread`: domains of which a service, whose name follows, could not be asked. `incomplete`: a
    service whose domains are not known; nothing if there is none. `refused`: the families that the
    keys may not list. `doubts`: about servers.
    """

    held: list[Held] = field(default_factory=list)
    not_read: list[NotRead] = field(default_factory=list)
    unread: dict[Domain, str] = field(default_factory=dict)
    incomplete: str = ""
    refused: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

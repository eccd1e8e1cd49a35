"""The choice of a service for each domain, where that can be decided; it is never guessed.

A domain may be in two services at once, as OVHcloud sells it: then the one that has all of its
addresses, and to which its mail goes, has the domain, and of the other come single addresses.
"""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import NamedTuple

from autoconfig.account.client import AccountError, Unusable
from autoconfig.account.inventory import Held, Inventory
from autoconfig.config.services import ServiceTable
from autoconfig.names import Domain

UNKNOWN = "?"
"""A server that a person has to find out. No configuration that holds it loads."""


class Reason(Enum):
    """The reason why a domain is not decided."""

    NO_SERVER = auto()
    OTHER_SERVER = auto()
    BOTH = auto()
    NEITHER = auto()
    SAME_NUMBER = auto()
    NO_MAILBOX = auto()
    UNREAD = auto()
    INCOMPLETE = auto()
    MAILBOXES = auto()
    TWICE = auto()


class Sold(NamedTuple):
    """An offer, and the server that its table names."""

    offer: str
    server: str | None

    def table(self, region: str, names: Iterable[str]) -> ServiceTable:
        """The `[[service]]` table that has these domains and addresses."""
        parts = [tuple(n for n in names if ("@" in n) is address) for address in (False, True)]
        return ServiceTable(self.offer, region, self.server, domains=parts[0], addresses=parts[1])


class Doubt(NamedTuple):
    """A reason, and what its words name: `details` has pairs of a key and a text."""

    reason: Reason
    details: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, reason: Reason, **details: str) -> "Doubt":
        """The doubt whose words name these."""
        return cls(reason, tuple(details.items()))


class Unsure(NamedTuple):
    """Domains without a decision, for one reason. `sold`: what they may have."""

    doubt: Doubt
    sold: tuple[Sold, ...]
    domains: tuple[Domain, ...]


class Choice(NamedTuple):
    """The tables of a configuration, and the domains that are in none."""

    region: str
    services: tuple[ServiceTable, ...]
    unsure: tuple[Unsure, ...]


def choose(found: Inventory, region: str) -> Choice:
    """Decide for each domain. Reads the mailboxes of a domain where it has two offers.

    Raises `Unusable` if the credentials are refused by now.
    """
    domains: dict[Domain, list[Held]] = {}
    for held in found.held:
        domains.setdefault(held.domain, []).append(held)
    names: dict[Sold, list[str]] = {}
    unsure: dict[tuple[Doubt, tuple[Sold, ...]], list[Domain]] = {}
    for domain, all_held in sorted(domains.items()):
        decided = _decide(all_held, found)
        if isinstance(decided, Doubt):
            unsure.setdefault((decided, _all_sold(all_held)), []).append(domain)
        else:
            for name, sold in decided.items():
                names.setdefault(sold, []).append(name)
    tables = [sold.table(region, sorted(names[sold])) for sold in sorted(names, key=_order)]
    return Choice(region, tuple(tables), tuple(Unsure(*k, tuple(d)) for k, d in unsure.items()))


def _order(sold: Sold) -> tuple[str, str]:
    return sold.offer, sold.server or ""


def _all_sold(all_held: Iterable[Held]) -> tuple[Sold, ...]:
    """Every service that a domain may have, once."""
    sold = {
        Sold(offer, held.server if held.usable else UNKNOWN)
        for held in all_held
        for offer in ([o for o, number in held.offers.items() if number] or held.offers)
    }
    return tuple(sorted(sold, key=_order))


def _decide(all_held: Sequence[Held], found: Inventory) -> dict[str, Sold] | Doubt:
    """The service of the domain, and of each address that has another."""
    domain = all_held[0].domain
    for held in all_held:
        if not held.usable:
            reason = Reason.OTHER_SERVER if held.server else Reason.NO_SERVER
            return Doubt.of(reason, service=held.service, server=held.server or "")
    if domain in found.unread:
        return Doubt.of(Reason.UNREAD, service=found.unread[domain])
    owner = _owner(all_held)
    if isinstance(owner, Doubt):
        return owner
    if found.incomplete and not _has_all(owner):
        return Doubt.of(Reason.INCOMPLETE, service=found.incomplete)
    sold = _of_most(owner)
    return sold if isinstance(sold, Doubt) else _with_addresses(owner, sold, all_held)


def _has_all(held: Held) -> bool:
    """Whether the API says that the mail of the whole domain goes to the service."""
    return bool(held.authoritative and held.mx_valid)


def _owner(all_held: Sequence[Held]) -> Held | Doubt:
    """The service that has the domain."""
    if len({_all_sold([held]) for held in all_held}) == 1:
        return max(all_held, key=_has_all)
    owners = [held for held in all_held if _has_all(held)]
    unsaid = [held for held in all_held if held.authoritative is None]
    if not owners and not any(held.authoritative for held in all_held):
        mail_arrives = any(held.mx_valid for held in all_held)
        owners = [h for h in unsaid if (mail_arrives if h.mx_valid is None else h.mx_valid)]
    if len({_all_sold([held]) for held in owners}) == 1:
        return owners[0]
    services = ", ".join(sorted({held.service for held in all_held}))
    return Doubt.of(Reason.BOTH if owners else Reason.NEITHER, services=services)


def _of_most(owner: Held) -> Sold | Doubt:
    """The offer of most mailboxes at the domain."""
    most = max(owner.offers.values(), default=0)
    offers = [offer for offer, number in owner.offers.items() if number == most]
    if not most:
        return Doubt.of(Reason.NO_MAILBOX, service=owner.service)
    if len(offers) > 1:
        offers_said = ", ".join(sorted(offers))
        return Doubt.of(Reason.SAME_NUMBER, service=owner.service, offers=offers_said)
    return Sold(offers[0], owner.server)


def _with_addresses(owner: Held, sold: Sold, all_held: Sequence[Held]) -> dict[str, Sold] | Doubt:
    """The domain, and the addresses at it that are of another service.

    A mailbox of another one is left over if the owner takes all mail and has that address, too.
    """
    names: dict[str, Sold] = {owner.domain: sold}
    left_over: set[str] = set()
    apart = [held for held in all_held if _all_sold([held]) != (sold,)]
    for held in [owner, *apart] if apart and owner.authoritative else apart:
        try:
            mailboxes = held.mailboxes()
        except Unusable:
            raise
        except AccountError as error:
            return Doubt.of(Reason.MAILBOXES, service=held.service, failure=str(error))
        for mailbox in mailboxes:
            its, name = Sold(mailbox.offer, held.server), mailbox.address.mailbox
            if owner.authoritative and its == sold:
                left_over.add(name)
            elif its != sold and name not in left_over and names.setdefault(name, its) != its:
                return Doubt.of(Reason.TWICE, address=name)
    return names

"""Which service answers for a domain or an address. No mailbox is ever looked up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autoconfig.documents.formats import Document
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.model import Service


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A service and everything it answers with, rendered: the name of a format gives a document."""

    service: Service
    documents: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Directory:
    """The table of names. An address that is configured stands above its domain."""

    domains: Mapping[Domain, Site]
    mailboxes: Mapping[str, Site]
    """By `EmailAddress.mailbox`."""
    mailbox_domains: frozenset[str]
    """The domains of the mailboxes, whether they are served themselves or not."""

    def find(self, name: Domain | EmailAddress) -> Site | None:
        """The site of a domain or an address; None where we serve neither."""
        if isinstance(name, EmailAddress):
            return self.mailboxes.get(name.mailbox) or self.domains.get(name.domain)
        return self.domains.get(name)

    def serves(self, domain: Domain) -> bool:
        """Whether anybody at the domain gets an answer."""
        return domain in self.domains or domain in self.mailbox_domains

    def services(self) -> Iterator[Site]:
        """Each site once."""
        return iter({id(s): s for s in (*self.domains.values(), *self.mailboxes.values())}.values())

"""The table of names: the service of a domain or an address. No mailbox is ever looked up."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.model import Service

_NONE: Mapping[str, Service] = MappingProxyType({})


class Served:
    """The table of names. An address that is configured stands above its domain.

    `domains`: the service of each domain. `mailboxes`: by `EmailAddress.mailbox`, the service of
    each address that has one of its own. `mailbox_domains`: the domains of these, whether they are
    served themselves or not. `find` answers for a name; the tables are for whatever lists all.
    """

    def __init__(
        self, domains: Mapping[Domain, Service], mailboxes: Mapping[str, Service] = _NONE
    ) -> None:
        self.domains = domains
        self.mailboxes = mailboxes
        self.mailbox_domains = frozenset(Domain(name.rpartition("@")[2]) for name in mailboxes)

    def find(self, name: Domain | EmailAddress) -> Service | None:
        """The service of a domain or an address; None where we serve neither."""
        if isinstance(name, EmailAddress):
            if name.domain in self.mailbox_domains and name.mailbox in self.mailboxes:
                return self.mailboxes[name.mailbox]
            return self.domains.get(name.domain)
        return self.domains.get(name)

    def serves(self, domain: Domain) -> bool:
        """Whether anybody at the domain gets an answer."""
        return domain in self.domains or domain in self.mailbox_domains

    def all_domains(self) -> list[Domain]:
        """Each domain at which anybody gets an answer; last those that have addresses alone."""
        return list(dict.fromkeys((*self.domains, *sorted(self.mailbox_domains))))

    def services(self) -> Iterator[Service]:
        """Each service once."""
        return iter(dict.fromkeys((*self.domains.values(), *self.mailboxes.values())))

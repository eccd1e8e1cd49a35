"""An import into a configuration that is there: what is new is inserted, all else stays.

What a person has written stands above the account, so a name that has a service keeps it. New names
join the table of the same service; a service that has no table gets one at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from msgspec import structs

from autoconfig.account.choice import Choice, Unsure
from autoconfig.account.insertion import (
    Insertion,
    at_the_end,
    inserted,
    into_array,
    into_table,
    names_in_style,
)
from autoconfig.account.places import Places, find_places
from autoconfig.account.report import remark
from autoconfig.config.load import Config
from autoconfig.config.services import ServiceTable
from autoconfig.config.written import inline_table, table
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.catalogue import DEFAULT_REGION
from autoconfig.offers.hosting import Shared
from autoconfig.offers.model import Service

Identity: TypeAlias = tuple[str, str, str | None]
"""Offer, region and host: what makes two tables the same service."""


class Difference(NamedTuple):
    """A name, and the offers and hosts that it has in the configuration and in the account."""

    name: str
    written: str
    account: str


class Merged(NamedTuple):
    """The new text. `unsure`: what the configuration does not decide either."""

    text: str
    unsure: tuple[Unsure, ...]
    differences: list[Difference]


def merge(
    text: str, tables: Sequence[Mapping[str, Any]], config: Config, choice: Choice, language: str
) -> Merged:
    """Put what is new into a configuration.

    `text`: of the file. `tables`: its `[[service]]` tables. `config`: all of it, checked. Raises
    `ConfigurationError` if the operator's own offers do not take a server of the account.
    """
    merging = _Merging(text, tables, config, find_places(text))
    for service in choice.services:
        merging.add(service)
    left = [merging.left(each) for each in choice.unsure]
    unsure = tuple(each for each in left if each.domains)
    remarks = [remark(each, choice.region, language) for each in merging.unsaid(unsure)]
    return Merged(merging.result(remarks), unsure, merging.differences)


@dataclass(slots=True)
class _Merging:
    text: str
    tables: Sequence[Mapping[str, Any]]
    config: Config
    places: Places
    insertions: list[Insertion] = field(default_factory=list)
    new: list[ServiceTable] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def add(self, service: ServiceTable) -> None:
        """Add the names of a service that have none yet."""
        wanted = self._identity(service.offer, service.region, service.server)
        domains = tuple(each for each in service.domains if self._lacks(Domain(each), wanted))
        mailboxes = [EmailAddress.parse(each) for each in service.addresses]
        addresses = tuple(str(each) for each in mailboxes if self._lacks(each, wanted))
        home = self._home(wanted)
        if home is not None:
            self._join(home, "domains", domains)
            self._join(home, "addresses", addresses)
        elif domains or addresses:
            self.new.append(structs.replace(service, domains=domains, addresses=addresses))

    def left(self, unsure: Unsure) -> Unsure:
        """The domains that no person has decided on."""
        served = self.config.served.domains
        return unsure._replace(domains=tuple(each for each in unsure.domains if each not in served))

    def unsaid(self, unsure: Sequence[Unsure]) -> list[Unsure]:
        """The domains that stand in no comment, as an earlier import has written them."""
        comments = "\n".join(self.places.comments)
        shortened = [
            each._replace(domains=tuple(d for d in each.domains if f'"{d}"' not in comments))
            for each in unsure
        ]
        return [each for each in shortened if each.domains]

    def result(self, remarks: Sequence[str]) -> str:
        """The text with everything that is new."""
        listed = self.places.listed
        if listed and self.new:
            items = [inline_table(each) for each in self.new]
            self.insertions += into_array(self.text, listed, items)
        blocks = [*([] if listed else map(table, self.new)), *remarks]
        end = [at_the_end(self.text, blocks)] if blocks else []
        return inserted(self.text, [*self.insertions, *end])

    def _lacks(self, name: Domain | EmailAddress, wanted: Identity) -> bool:
        """Whether a name is to be added. One that has another service is told, and stays."""
        served = self.config.served
        own = name.mailbox in served.mailboxes if isinstance(name, EmailAddress) else True
        service = served.find(name)
        if service is None:
            return True
        has = self._identity_of(service)
        if has == wanted:
            return False
        if own:
            self.differences.append(Difference(str(name), _said(has), _said(wanted)))
        return not own

    def _home(self, wanted: Identity) -> int | None:
        """The table that new names join, best one that has all protocols, and domains."""
        homes = [
            number
            for number, each in enumerate(self.tables)
            if wanted
            == self._identity(each["offer"], each.get("region", DEFAULT_REGION), each.get("server"))
        ]
        order = [("protocols" in self.tables[n], "domains" not in self.tables[n], n) for n in homes]
        return min(order)[-1] if order else None

    def _join(self, home: int, key: str, names: Sequence[str]) -> None:
        if not names:
            return
        place = self.places.tables[home]
        array = place.arrays.get(key)
        if array is None:
            self.insertions.append(into_table(self.text, place, key, names))
        else:
            items = names_in_style(self.text, array, names)
            self.insertions += into_array(self.text, array, items)

    def _identity(self, offer: str, region: str, server: str | None) -> Identity:
        return self._identity_of(self.config.catalogue.service(offer, region, server)[0])

    def _identity_of(self, service: Service) -> Identity:
        """A host that stands for shared ones makes no other service."""
        offer = self.config.catalogue.offers[service.offer.id]
        shared = isinstance(offer.regions[service.region].server, Shared)
        return offer.id, service.region, None if shared else service.host


def _said(identity: Identity) -> str:
    offer, region, host = identity
    return " ".join(filter(None, (offer, host, f"({region})" if region != DEFAULT_REGION else "")))

"""A case of the world: a domain of its own, healthy or broken in one way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autoconfig.names import Domain, parse_domain
from autoconfig.offers.hosting import Own
from autoconfig.offers.model import Service
from tests.real.world.addresses import MAIL, ODD, Place
from tests.real.world.odd_web import Site
from tests.real.world.zones import healthy
from tests.support.services import CATALOGUE, service_of
from tests.support.zones import NONE, Zone

OWN_HOST = "mail"
"""The server of a customer who has one of his own, below the domain."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`id`: the first label of its domain. `what`: the fault, in a sentence.

    Names in the following are relative to the domain. `sites`: hosts that do not do as they should,
    at the odd web server unless `places` says otherwise. `places`: where names lead. `without`:
    names that have no record. `records`: lines more. `database`: the document that Mozilla's
    database has of the domain. `provider`: hosts of the provider that are elsewhere, absolute.

    `results`: what the programs come to, where it is not what they come to in the healthy domain
    of the offer: programs by the result. `problems`: the problems that are told, by their ids.
    """

    id: str
    what: str
    offer: str = "mx-plan"
    region: str = "eu"
    sites: Mapping[str, Site] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    records: str = ""
    database: str = ""
    provider: Mapping[str, Place] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def domain(self) -> Domain:
        return parse_domain(f"{self.id}.example")

    @property
    def service(self) -> Service:
        own = isinstance(CATALOGUE.offers[self.offer].regions[self.region].server, Own)
        host = f"{OWN_HOST}.{self.domain}" if own else None
        return service_of(self.offer, self.region, host)

    @property
    def hosts(self) -> dict[str, Site]:
        """The odd ones, absolute."""
        return {self._absolute(name): site for name, site in self.sites.items()}

    @property
    def certified(self) -> list[str]:
        """The hosts that nginx has a certificate for."""
        return [self._absolute(name) for name in ("@", "autoconfig", "autodiscover", OWN_HOST)]

    @property
    def zone(self) -> Zone:
        lines = healthy(self.domain, self.service)
        if self.service.host and self.service.host.endswith(self.domain):
            lines[OWN_HOST] = MAIL[-1].records(OWN_HOST)
        for name, place in {**dict.fromkeys(self.sites, ODD), **self.places}.items():
            kept = [
                each for each in lines.get(name, "").splitlines(keepends=True) if " MX " in each
            ]
            lines[name] = "".join(kept) + place.records(name)
        for name in self.without:
            del lines[name]
        return Zone(self.id, "".join(lines.values()) + self.records, NONE, self.domain)

    def _absolute(self, name: str) -> str:
        return str(self.domain) if name == "@" else f"{name}.{self.domain}"

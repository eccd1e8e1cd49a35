"""A case of the world: a domain of its own, healthy or broken in one way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autoconfig.names import Domain, parse_domain
from autoconfig.offers.hosting import Own
from autoconfig.offers.model import Service
from tests.real.world.addresses import MAIL, ODD, Place
from tests.real.world.certificates import Kind
from tests.real.world.odd_web import Site
from tests.real.world.zones import healthy
from tests.support.services import CATALOGUE, service_of
from tests.support.zones import NONE, Kept, Zone

OWN_HOST = "mail"
"""The server of a customer who has one of his own, below the domain."""
RESULTS = ("right", "asks", "wrong", "nothing", "undecided", "unknown")


@dataclass(frozen=True, slots=True)
class Fault:
    """`id`: the first label of its domain, if `name` is not that. `what`: the fault, in words.

    Names in the following are relative to the domain. `bare`: whether the zone has the names for
    programs that ask the web alone, and no SRV record. `sites`: hosts that do not do as they
    should, at the odd web server unless `places` says otherwise. `places`: where names lead.
    `without`: names that have no record. `records`: lines more. `mx`: lines in place of the
    offer's. `kept`: the state of its name servers. `database`: the document that Mozilla's database
    has of the domain. `provider`: hosts of the provider that are elsewhere, absolute. `mail`: what
    is wrong with the certificate of the customer's own mail server. `boss`: the offer of an address
    `boss@`, where it has a service of its own; the check is then about that.

    `results`: by the result, the programs that come to it (ids, with blanks between them), where
    they come to another one in the healthy domain; `open`: those of which no fact tells the result.
    `problems`: what is told of it, by ids.
    """

    id: str
    what: str
    offer: str = "mx-plan"
    region: str = "eu"
    name: str = ""
    bare: bool = False
    sites: Mapping[str, Site] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    records: str = ""
    mx: str | None = None
    kept: Kept = Kept.WELL
    database: str = ""
    provider: Mapping[str, Place] = field(default_factory=dict)
    mail: Kind = Kind.GOOD
    boss: str = ""
    results: Mapping[str, str] = field(default_factory=dict)
    open: str = ""
    problems: tuple[str, ...] = ()

    @property
    def domain(self) -> Domain:
        return parse_domain(self.name or f"{self.id}.example")

    @property
    def subject(self) -> str:
        """What the command is asked about."""
        return f"boss@{self.domain}" if self.boss else str(self.domain)

    @property
    def address(self) -> str:
        """What a person types into a program."""
        return f"{'boss' if self.boss else 'alice'}@{self.domain}"

    @property
    def service(self) -> Service:
        """That of the domain."""
        host = f"{OWN_HOST}.{self.domain}" if self.has_own_host else None
        return service_of(self.offer, self.region, host)

    @property
    def has_own_host(self) -> bool:
        """Whether the customer has a server of one's own, which is below the domain here."""
        return isinstance(CATALOGUE.offers[self.offer].regions[self.region].server, Own)

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
        if self.bare:
            lines = {name: text for name, text in lines.items() if not name.startswith("_")}
        if self.has_own_host:
            lines[OWN_HOST] = MAIL[-1].records(OWN_HOST)
        if self.mx is not None:
            lines["@"] = "".join(line for line in _lines(lines["@"]) if " MX " not in line)
            lines["@"] += self.mx
        for name, place in {**dict.fromkeys(self.sites, ODD), **self.places}.items():
            kept = "".join(line for line in _lines(lines.get(name, "")) if " MX " in line)
            lines[name] = kept + place.records(name)
        for name in self.without:
            del lines[name]
        text = "".join(lines.values()) + self.records
        return Zone(self.id, text, NONE, self.domain, kept=self.kept)

    def _absolute(self, name: str) -> str:
        return str(self.domain) if name == "@" else f"{name}.{self.domain}"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)

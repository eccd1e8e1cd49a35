"""The offers that we know: `offers.toml` loaded and checked, and a service resolved from it.

The operator names an offer, a region and a server as the control panel shows them; what comes out
is a `Service`, or a message that says what to write instead.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from msgspec import Struct, structs

from autoconfig.errors import ConfigurationError, InvalidName, Problem, shown
from autoconfig.names import parse_domain
from autoconfig.offers import Link, Numbered, Offer, Own, Region, Service, Shared, Source
from autoconfig.schema import convert, read_toml

PACKAGED = Path(__file__).with_name("offers.toml")

DEFAULT_REGION = "eu"


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    schema_version: Literal[1]
    source: dict[str, Source]
    offer: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every offer by its identifier, every source by its own."""

    offers: Mapping[str, Offer]
    sources: Mapping[str, Source]

    def verified(self, offer: Offer) -> date:
        """The day since which none of the offer's facts has gone unread."""
        return min(self.sources[name].verified for _, name in _citations(offer, ""))

    def service(
        self, offer: str, region: str = DEFAULT_REGION, server: str | None = None
    ) -> tuple[Service, list[Problem]]:
        """The service, and what is doubtful about it.

        Raises `ConfigurationError`; the `where` of each problem is the key at fault.
        """
        found = self._offer(offer)
        if region not in found.regions:
            regions = " or ".join(f'"{name}"' for name in found.regions)
            message = f"found {shown(region)}: {found.id} is sold in region {regions}"
            raise ConfigurationError([Problem("region", message)])
        rule = found.regions[region].server
        if server is None and rule.required:
            raise ConfigurationError([Problem("server", f"is missing: {rule.advice}")])
        host = rule.default if server is None else self._host(server)
        if server is not None and (host is None or not rule.accepts(host)):
            hint = self._hint(host, found, region) if host else "that is not a host name"
            message = f'{hint}; for {found.id} in region "{region}" {rule.advice}'
            raise ConfigurationError([Problem("server", f"found {shown(server)}: {message}")])
        return _resolve(found, region, host), _doubts(found.regions[region], host)

    def _offer(self, name: str) -> Offer:
        """The offer by its id, else by an alias; the operator's own come before the packaged."""
        wanted = re.sub(r"[\s_]+", "-", name.strip().lower())
        aliases = {alias: offer for offer in self.offers.values() for alias in offer.aliases}
        offer = self.offers.get(wanted) or aliases.get(wanted)
        if offer is not None:
            return offer
        near = get_close_matches(wanted, self.offers, n=1)
        hint = f'did you mean "{near[0]}"? ' if near else ""
        message = f"found {shown(name)}: {hint}The offers are {', '.join(self.offers)}"
        raise ConfigurationError([Problem("offer", message)])

    def _host(self, server: str) -> str | None:
        """The host name in what was pasted: without scheme, path, port, case and final dot.

        The first label alone (`pro1`) stands for the host of the numbered family that it fits.
        None if there is no host name in it.
        """
        pasted = re.sub(r"^[a-z]+://", "", server.strip().lower())
        name = re.sub(r":\d*$", "", re.split(r"[/?#]", pasted)[0]).removesuffix(".")
        for rule in (r.server for offer in self.offers.values() for r in offer.region.values()):
            if isinstance(rule, Numbered):
                whole = name + rule.pattern.partition("}")[2]
                if rule.accepts(whole):
                    return whole
        try:
            return parse_domain(name)
        except InvalidName:
            return None

    def _hint(self, host: str, offer: Offer, region: str) -> str:
        """Whose server this is, where the offer in the region does not take it."""
        owners = self._owners(host)
        regions = [name for owner, name in owners if owner is offer]
        others = " or ".join(dict.fromkeys(owner.id for owner, _ in owners))
        if region in regions:
            return f"{offer.id} publishes it without being told"
        if regions:
            return f'that is {offer.id} in region "{regions[0]}"'
        if any(isinstance(owner.regions[name].server, Own) for owner, name in owners):
            return f"a host of one's own is for {others}"
        return f"that is a server of {others}" if others else f"{offer.id} has no such server"

    def _owners(self, host: str) -> list[tuple[Offer, str]]:
        """Whose server this is: offers that know its name, else those that take any name."""
        rows = [
            (o, name, region) for o in self.offers.values() for name, region in o.regions.items()
        ]
        known = [
            (offer, name)
            for offer, name, region in rows
            if host in {server.host for server in region.servers}
            or (region.server.accepts(host) and not isinstance(region.server, Own))
        ]
        return known or [
            (offer, name) for offer, name, region in rows if region.server.accepts(host)
        ]


def load_catalogue(extra: Path | None = None) -> Catalogue:
    """The packaged offers, with those of the operator's own file added or put in their place.

    Raises `ConfigurationError` with every mistake of the first file that has any.
    """
    catalogue = _read(PACKAGED, {})
    if extra is None:
        return catalogue
    own = _read(extra, catalogue.sources)
    return Catalogue({**catalogue.offers, **own.offers}, {**catalogue.sources, **own.sources})


def _read(path: Path, known_sources: Mapping[str, Source]) -> Catalogue:
    problems: list[Problem] = []
    file = convert(read_toml(path), _File, problems)
    if file is not None and not problems:
        problems += _contradictions(file, {**known_sources, **file.source})
    if file is None or problems:
        raise ConfigurationError(problem.under(str(path)) for problem in problems)
    return Catalogue({offer.id: offer for offer in file.offer}, file.source)


def _contradictions(file: _File, sources: Mapping[str, Source]) -> Iterator[Problem]:
    """What the types cannot say: each is a mistake, by table and key."""
    names: set[str] = set()
    for number, offer in enumerate(file.offer, 1):
        where = f"offer.{number}"
        for key, name in (("id", offer.id), *(("aliases", alias) for alias in offer.aliases)):
            if name in names:
                yield Problem(f"{where}.{key}", f"found {shown(name)}: two offers have this name")
            names.add(name)
        for key, name in _citations(offer, where):
            if name not in sources:
                message = f"found {shown(name)}: describe it in a table [source.{name}]"
                yield Problem(key, message)
        for name, region in offer.region.items():
            for problem in _gaps(offer, region):
                place = f"{where}.region.{name}.{problem.where}"
                yield Problem(place, problem.message)


def _gaps(offer: Offer, region: Region) -> Iterator[Problem]:
    offered = {server.protocol for server in region.servers}
    for protocol in ("imap", "smtp"):
        if protocol not in offered:
            yield Problem("servers", f"has no {protocol}; clients refuse a document without")
    if isinstance(region.server, Shared) and any("{server}" in s.host for s in region.servers):
        yield Problem("servers", 'found {server}, which kind = "shared" does not have: name a host')
    if offer.outlook == "exchange" and region.autodiscover is None:
        yield Problem("autodiscover", 'is missing: outlook = "exchange" sends Outlook there')
    if offer.outlook == "imap" and region.autodiscover is not None:
        yield Problem("autodiscover", 'is unused: outlook = "imap" answers Outlook itself')
    if isinstance(region.server, Numbered):
        for host in region.server.observed:
            if not region.server.accepts(host):
                yield Problem("server.observed", f"{shown(host)} does not fit the pattern")


def _resolve(offer: Offer, region: str, host: str | None) -> Service:
    """The service with `{server}` filled in everywhere.

    A shared host that was named (`Shared.named`) stands for the host of every protocol.
    """
    entry = offer.regions[region]
    named = host if isinstance(entry.server, Shared) else None

    def filled(text: str) -> str:
        return text.replace("{server}", host or "")

    def url(link: Link | None) -> str | None:
        return filled(link.url) if link else None

    own = entry.autodiscover
    return Service(
        offer=offer,
        region=region,
        host=host,
        servers=tuple(structs.replace(s, host=named or filled(s.host)) for s in entry.servers),
        webmail=tuple(structs.replace(p, url=filled(p.url)) for p in entry.webmail),
        activesync=url(entry.activesync),
        ews=url(entry.ews),
        caldav=url(entry.caldav),
        autodiscover=own
        and structs.replace(own, xml=filled(own.xml), svc=filled(own.svc), json=filled(own.json)),
    )


def _doubts(region: Region, host: str | None) -> list[Problem]:
    rule = region.server
    if not isinstance(rule, Numbered) or host is None or host in rule.observed:
        return []
    message = (
        f"{host} has not been seen in public ({', '.join(rule.observed)} have): check the number"
    )
    return [Problem("server", message)]


def _citations(table: object, where: str) -> Iterator[tuple[str, str]]:
    """Every source that is named in the table or below: the path of its key, and its name."""
    if isinstance(table, Struct):
        fields = {name: getattr(table, name) for name in table.__struct_fields__}
    elif isinstance(table, dict):
        fields = table
    else:
        fields = {f"{i}": t for i, t in enumerate(table, 1)} if isinstance(table, tuple) else {}
    for key, value in fields.items():
        if key == "source":
            yield from ((f"{where}.{key}", name) for name in value)
        else:
            yield from _citations(value, f"{where}.{key}")

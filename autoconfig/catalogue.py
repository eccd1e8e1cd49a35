"""The offers that we know: `offers.toml` loaded and checked, and a service resolved from it.

The operator names an offer, a region and a server as the control panel shows them; what comes out
is a `Service`, or a message that says what to write instead.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Literal

from msgspec import Struct, structs

from autoconfig.errors import ConfigurationError, InvalidName, Problem
from autoconfig.names import parse_domain, shown
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
        return min(self.sources[name].verified for name in _sources(offer))

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
            message = f"is missing: for {found.id} write {rule.example}"
            raise ConfigurationError([Problem("server", message)])
        host = rule.default if server is None else self._host(server)
        if server is not None and not rule.accepts(host or ""):
            message = self._wrong_server(server, host or "", found, region)
            raise ConfigurationError([Problem("server", message)])
        return _resolve(found, region, host), _doubts(found.regions[region], host)

    def _offer(self, name: str) -> Offer:
        wanted = re.sub(r"[\s_]+", "-", name.strip().lower())
        for offer in self.offers.values():
            if wanted in (offer.id, *offer.aliases):
                return offer
        near = get_close_matches(wanted, self.offers, n=1)
        hint = f'did you mean "{near[0]}"? ' if near else ""
        message = f"found {shown(name)}: {hint}The offers are {', '.join(self.offers)}"
        raise ConfigurationError([Problem("offer", message)])

    def _host(self, server: str) -> str:
        """The host name in what was pasted: without scheme, path, port, case and final dot.

        The first label alone (`pro1`) stands for the host of the numbered family that it fits.
        """
        pasted = re.sub(r"^[a-z]+://", "", server.strip().lower())
        name = re.split(r"[/?#:\s]", pasted)[0].removesuffix(".")
        for rule in (r.server for offer in self.offers.values() for r in offer.region.values()):
            if isinstance(rule, Numbered):
                whole = name + rule.pattern.partition("}")[2]
                if rule.accepts(whole):
                    return whole
        try:
            return parse_domain(name)
        except InvalidName:
            message = f"found {shown(server)}, which is not a host name"
            raise ConfigurationError([Problem("server", message)]) from None

    def _wrong_server(self, server: str, host: str, offer: Offer, region: str) -> str:
        """What to write instead of a server that the offer does not take, and whose it is."""
        owners = self._owners(host)
        regions = [name for owner, name in owners if owner is offer]
        others = list(dict.fromkeys(owner.id for owner, _ in owners))
        if region in regions:
            hint = f"{offer.id} does not take this key"
        elif regions:
            hint = f'that is {offer.id} in region "{regions[0]}"'
        elif others:
            hint = f"that is a server of {' or '.join(others)}, not of {offer.id}"
        else:
            hint = f"{offer.id} has no such server"
        example = offer.regions[region].server.example
        return f'found {shown(server)}: {hint}; for {offer.id} in region "{region}" write {example}'

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
    names = Counter(chain.from_iterable((offer.id, *offer.aliases) for offer in file.offer))
    for name in (name for name, count in names.items() if count > 1):
        yield Problem("offer", f"{shown(name)} is the id or alias of two offers")
    for number, offer in enumerate(file.offer, 1):
        where = f"offer.{number} ({offer.id})"
        for name in sorted(_sources(offer) - set(sources)):
            yield Problem(where, f"the source {shown(name)} is not described under [source]")
        for name, region in offer.region.items():
            yield from (problem.under(f"{where}.region.{name}") for problem in _gaps(offer, region))


def _gaps(offer: Offer, region: Region) -> Iterator[Problem]:
    offered = {server.protocol for server in region.servers}
    for protocol in {"imap", "smtp"} - offered:
        yield Problem("servers", f"has no {protocol}; clients refuse a document without")
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


def _sources(table: object) -> set[str]:
    """The sources named in `source` keys anywhere in the table."""
    if isinstance(table, Struct):
        return set(getattr(table, "source", ())).union(
            *(_sources(getattr(table, name)) for name in table.__struct_fields__)
        )
    if isinstance(table, dict):
        return set().union(*map(_sources, table.values()))
    return set().union(*map(_sources, table)) if isinstance(table, tuple) else set()

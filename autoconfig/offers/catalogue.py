"""The offers that we know: `offers.toml` loaded and checked, and a service resolved from it.

The operator names an offer, a region and a server as the control panel shows them; what comes out
is a `Service`, or a message that says what to write instead.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, structs

from autoconfig.names import parse_domain
from autoconfig.offers.consistency import citations, contradictions, names_in, without_gaps
from autoconfig.offers.model import Link, Numbered, Offer, Own, ServerRule, Service, Shared, Source
from autoconfig.problems import ConfigurationError, InvalidName, Problem, quoted
from autoconfig.typed_toml import closest_keys, read_toml, valid_part

PACKAGED = Path(__file__).with_name("offers.toml")

DEFAULT_REGION = "eu"


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    schema_version: Literal[1]
    source: Annotated[dict[str, Source], Meta(description="a [source.…] table for each source")]
    offer: Annotated[tuple[Offer, ...], Meta(description="an [[offer]] table for each offer")]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every offer by its identifier, every source by its own.

    `names`: the offers by identifier or alias, the operator's own before the packaged. `complete`:
    False where offers are missing, because the file that describes them is wrong.
    """

    offers: Mapping[str, Offer]
    sources: Mapping[str, Source]
    names: Mapping[str, Offer]
    complete: bool = True

    def verified(self, offer: Offer) -> date:
        """The day since which none of the offer's facts has gone unread."""
        cited = citations(msgspec.to_builtins(offer), offer.id)
        return min(self.sources[name].verified for _, name in cited)

    def service(
        self, offer: str, region: str = DEFAULT_REGION, server: str | None = None
    ) -> tuple[Service, list[Problem]]:
        """The service, and what is doubtful about it.

        Raises `ConfigurationError`; the `where` of each problem is the key at fault. There is no
        problem in it where nothing is known of the offer, because that is wrong itself.
        """
        found, wanted = self._offer(offer), region.strip().lower()
        sold_in = next((name for name in found.regions if name.lower() == wanted), None)
        problems = []
        if sold_in is None:
            known = " or ".join(map(quoted, found.regions))
            message = f"found {quoted(region)}: {found.id} is sold in region {known}"
            problems.append(Problem("region", message))
        # Where the region is wrong, a server is right if it is so in any.
        regions = [*found.regions] if sold_in is None else [sold_in]
        wrong = [self._wrong_server(found, name, server) for name in regions]
        if all(wrong):
            problems.append(Problem("server", wrong[0]))
        if problems or sold_in is None:
            raise ConfigurationError(problems)
        rule = found.regions[sold_in].server
        host = rule.default if server is None else self._host(server)
        return _resolve(found, sold_in, host), _doubts(rule, host)

    def _offer(self, name: str) -> Offer:
        """The offer that is called so, however it is typed."""
        wanted = re.sub(r"[\s_]+", "-", name.strip().lower())
        if wanted in self.names:
            return self.names[wanted]
        near = closest_keys([wanted], self.offers).get(wanted)
        hint = f'did you mean "{near}"? ' if near else ""
        message = f"found {quoted(name)}: {hint}The offers are {', '.join(self.offers)}"
        raise ConfigurationError([Problem("offer", message)] if self.complete else [])

    def _wrong_server(self, offer: Offer, region: str, server: str | None) -> str:
        """What is wrong with a server in the region; nothing if it is right."""
        rule = offer.regions[region].server
        if server is None:
            return f"is missing: {rule.advice}" if rule.required else ""
        host = self._host(server)
        if host and rule.accepts(host):
            return ""
        hint = self._hint(host, offer, region) if host else "that is not a host name"
        return f'found {quoted(server)}: {hint}; for {offer.id} in region "{region}" {rule.advice}'

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
        rules = [region.server for each in self.offers.values() for region in each.region.values()]
        if any(isinstance(rule, Shared) and host in rule.not_for_mail for rule in rules):
            return "that host takes no IMAP, POP or SMTP from mail clients"
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

    Raises `ConfigurationError` with every mistake of the file.
    """
    catalogue, problems = read_catalogue(extra)
    if problems:
        raise ConfigurationError(problems)
    return catalogue


def read_catalogue(extra: Path | None) -> tuple[Catalogue, list[Problem]]:
    """As `load_catalogue`, with the mistakes of the operator's file beside the offers.

    If there is any, the packaged offers are there, but for those that the file names.
    """
    packaged = msgspec.convert(read_toml(PACKAGED), _File)  # free of mistakes: a test sees to that
    if extra is None:
        return _catalogue(packaged.offer, (), packaged.source), []
    try:
        written = read_toml(extra)
    except ConfigurationError as error:
        return incomplete(_catalogue(packaged.offer, (), packaged.source)), [*error.problems]
    tables, problems = valid_part(written, _File)
    problems += contradictions(tables, packaged.source)
    if not problems:
        own = msgspec.convert(written, _File)
        return _catalogue(packaged.offer, own.offer, {**packaged.source, **own.source}), []
    named = {name for table in without_gaps(tables.get("offer")) for _, name in names_in(table)}
    known = [offer for offer in packaged.offer if not named & {offer.id, *offer.aliases}]
    catalogue = incomplete(_catalogue(known, (), packaged.source))
    return catalogue, [problem.within(str(extra)) for problem in problems]


def incomplete(catalogue: Catalogue) -> Catalogue:
    """The catalogue, marked as one in which offers are missing."""
    return replace(catalogue, complete=False)


def _catalogue(
    packaged: Sequence[Offer], own: Sequence[Offer], sources: Mapping[str, Source]
) -> Catalogue:
    offers = {offer.id: offer for offer in (*packaged, *own)}
    names: dict[str, Offer] = {}
    for those in ([each for each in packaged if each is offers[each.id]], own):
        names |= {alias: offer for offer in those for alias in offer.aliases}
        names |= {offer.id: offer for offer in those}
    return Catalogue(offers, sources, names)


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


def _doubts(rule: ServerRule, host: str | None) -> list[Problem]:
    if not isinstance(rule, Numbered) or host is None or host in rule.observed:
        return []
    message = (
        f"{host} has not been seen in public ({', '.join(rule.observed)} have): check the number"
    )
    return [Problem("server", message)]

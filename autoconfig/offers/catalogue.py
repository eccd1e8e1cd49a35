"""The offers that we know: `offers.toml` loaded and checked, and a service resolved from it.

The operator names an offer, a region and a server as the control panel shows them; what comes out
is a `Service`, or a message that says what to write instead.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from autoconfig.offers.consistency import citations, contradictions, names_in, without_gaps
from autoconfig.offers.hosting import Place, Shared, read_host, wrong_server
from autoconfig.offers.model import AccountPages, Offer, OffersFile, Service, Sign, Source
from autoconfig.offers.shared import Expanded, expand
from autoconfig.problems import ConfigurationError, Problem, quoted
from autoconfig.typed_toml import closest_keys, read_toml, valid_part

PACKAGED = Path(__file__).with_name("offers.toml")

DEFAULT_REGION = "eu"

NOTHING = OffersFile(schema_version=1, source={}, offer=())
"""A file that adds nothing."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every offer by its identifier, every source by its own.

    `names`: the offers by identifier or alias, the operator's own before the packaged. `signs`:
    those of zones that are in no offer's `dns`. `account`: where a customer gets keys, by region.
    `complete`: whether all offers are there; False if
    the file that describes the others is wrong.
    """

    offers: Mapping[str, Offer]
    sources: Mapping[str, Source]
    names: Mapping[str, Offer]
    signs: tuple[Sign, ...] = ()
    account: Mapping[str, AccountPages] = field(default_factory=dict)
    complete: bool = True

    def verified(self, offer: Offer) -> date:
        """The date of the offer's oldest source: every fact was checked on or after it."""
        cited = citations(msgspec.to_builtins(offer), offer.id)
        return min(self.sources[name].verified for _, name in cited)

    def service(
        self,
        offer: str,
        region: str = DEFAULT_REGION,
        server: str | None = None,
        server_key: str = "server",
    ) -> tuple[Service, list[Problem]]:
        """The service, and what is doubtful about it.

        `server_key`: how the operator writes `server`, for messages. Raises `ConfigurationError`;
        the `where` of each problem is the key at fault. If the offer may be one that a broken
        `offers_file` was to define, no problem is reported for it.
        """
        found, wanted = self._offer(offer), region.strip().lower()
        sold_in = next((name for name in found.regions if name.lower() == wanted), None)
        problems = []
        if sold_in is None:
            known = " or ".join(map(quoted, found.regions))
            message = f"found {quoted(region)}: {found.id} is sold in region {known}"
            problems.append(Problem("region", message))
        places = self._places()
        # Where the region is wrong, a server is right if it is so in any.
        wrong = [
            wrong_server(server, place, places, server_key)
            for place in places
            if place.offer == found.id and sold_in in (None, place.region)
        ]
        if all(wrong):
            problems.append(Problem("server", wrong[0]))
        if problems or sold_in is None:
            raise ConfigurationError(problems)
        rule = found.regions[sold_in].server
        host = rule.default if server is None else read_host(server, places)
        doubt = rule.doubt(host) if host else ""
        return _resolve(found, sold_in, host), [Problem("server", doubt)] if doubt else []

    def owners(self, server: str) -> list[Place]:
        """The offers that have this server, however it is pasted; none of what nobody knows."""
        places = self._places()
        host = read_host(server, places)
        return [each for each in places if host and each.owns(host)]

    def _offer(self, name: str) -> Offer:
        """The offer that is called so, however it is typed."""
        wanted = re.sub(r"[\s_]+", "-", name.strip().lower())
        if wanted in self.names:
            return self.names[wanted]
        near = closest_keys([wanted], self.offers).get(wanted)
        hint = f'did you mean "{near}"? ' if near else ""
        message = f"found {quoted(name)}: {hint}The offers are {', '.join(self.offers)}"
        raise ConfigurationError([Problem("offer", message)] if self.complete else [])

    def _places(self) -> list[Place]:
        return [
            Place(offer.id, name, region.server, frozenset(each.host for each in region.servers))
            for offer in self.offers.values()
            for name, region in offer.regions.items()
        ]


def load_catalogue(extra: Path | None = None) -> Catalogue:
    """Return the packaged offers, with those of the operator's file added or put in their place.

    Raises `ConfigurationError` with every mistake of the file.
    """
    catalogue, problems = read_catalogue(extra)
    if problems:
        raise ConfigurationError(problems)
    return catalogue


def read_catalogue(extra: Path | None) -> tuple[Catalogue, list[Problem]]:
    """The same, but mistakes in the operator's file are returned beside the offers.

    With a mistake, the catalogue holds the packaged offers alone, less those that the file names.
    """
    expanded = expand(read_toml(PACKAGED), {})
    tables = expanded.tables
    try:
        packaged = msgspec.convert(tables, OffersFile)
    except msgspec.ValidationError:  # by somebody who is changing it
        _, problems = _checked(expanded)
        raise ConfigurationError(each.within(str(PACKAGED)) for each in problems) from None
    if extra is None:
        return _merged(packaged, NOTHING), []
    try:
        expanded = expand(read_toml(extra), tables["shared"])
    except ConfigurationError as error:
        return incomplete(_merged(packaged, NOTHING)), [*error.problems]
    part, problems = _checked(expanded, packaged)
    if not problems:
        return _merged(packaged, msgspec.convert(expanded.tables, OffersFile)), []
    named = {name for table in without_gaps(part.get("offer")) for _, name in names_in(table)}
    known = [offer for offer in packaged.offer if not named & {offer.id, *offer.aliases}]
    catalogue = incomplete(_merged(structs.replace(packaged, offer=tuple(known)), NOTHING))
    return catalogue, [problem.within(str(extra)) for problem in problems]


def _checked(
    expanded: Expanded, packaged: OffersFile = NOTHING
) -> tuple[dict[str, Any], list[Problem]]:
    """The valid part of a file's tables, and every mistake in the file."""
    part, problems = valid_part(expanded.tables, OffersFile)
    problems += contradictions(part, packaged.source, packaged.offer)
    return part, expanded.problems + expanded.as_written(problems)


def incomplete(catalogue: Catalogue) -> Catalogue:
    """The catalogue, marked as one in which offers are missing."""
    return replace(catalogue, complete=False)


def _merged(packaged: OffersFile, own: OffersFile) -> Catalogue:
    offers = {offer.id: offer for offer in (*packaged.offer, *own.offer)}
    names: dict[str, Offer] = {}
    for those in ([each for each in packaged.offer if each is offers[each.id]], own.offer):
        names |= {alias: offer for offer in those for alias in offer.aliases}
        names |= {offer.id: offer for offer in those}
    return Catalogue(
        offers,
        packaged.source | own.source,
        names,
        packaged.sign + own.sign,
        packaged.account | own.account,
    )


def _resolve(offer: Offer, region: str, host: str | None) -> Service:
    """The service with `{server}` filled in everywhere.

    A shared host that was named (`Shared.named`) stands for the host of every protocol.
    """
    entry = offer.regions[region]
    published = {
        field: with_host(getattr(entry, field), host or "")
        for field in entry.__struct_fields__
        if field not in {"server", "also_in"}
    }
    if isinstance(entry.server, Shared) and host:
        published["servers"] = tuple(structs.replace(s, host=host) for s in entry.servers)
    return Service(offer=offer, region=region, host=host, **published)


def with_host(value: Any, host: str) -> Any:
    """The value with `{server}` filled in, however deep in it."""
    match value:
        case str():
            return value.replace("{server}", host)
        case tuple():
            return tuple(with_host(each, host) for each in value)
        case dict():
            return {key: with_host(each, host) for key, each in value.items()}
        case Struct():
            fields = {key: with_host(each, host) for key, each in structs.asdict(value).items()}
            return structs.replace(value, **fields)
    return value

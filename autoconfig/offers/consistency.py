"""Checks that types cannot make: the facts of a file of offers must not contradict each other.

Everything here works on the tables that `valid_part` leaves of a file, so that these mistakes are
reported together with the others: None stands in the place of what is wrong already.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import msgspec

from autoconfig.offers.hosting import Numbered
from autoconfig.offers.model import Offer
from autoconfig.problems import Problem, quoted


def contradictions(
    tables: Mapping[str, Any], known: Iterable[str], elsewhere: Iterable[Offer] = ()
) -> Iterator[Problem]:
    """Mistakes that types cannot find, by table and key.

    `tables` are those of a file, as `typed_toml.valid_part` leaves them; `known`: sources that are
    described elsewhere; `elsewhere`: offers that are.
    """
    described = tables.get("source")
    tomorrow = date.today() + timedelta(days=1)  # somewhere on Earth it has begun
    for name, source in (described or {}).items():
        day = source and source.get("verified")
        if day and day > tomorrow:
            message = f"found {day}, which is to come: write the day on which it was read"
            yield Problem(f"source.{name}.verified", message)
    sources = None if described is None else {*described, *known}
    yield from _in_offers(tables, sources)
    yield from _in_signs(tables, sources, elsewhere)
    for region, pages in (tables.get("account") or {}).items():
        yield from _not_described(pages or {}, f"account.{region}", sources)


def _in_offers(tables: Mapping[str, Any], sources: Collection[str] | None) -> Iterator[Problem]:
    names: set[str] = set()
    in_api: set[tuple[str, str]] = set()
    fallbacks: dict[str, str] = {}
    for number, table in enumerate(tables.get("offer") or (), 1):
        where, offer = f"offer.{number}", table or {}
        for key, name in names_in(offer):
            if name in names:
                yield Problem(f"{where}.{key}", f"found {quoted(name)}: two offers have this name")
            names.add(name)
        for family, value in _in_api(offer.get("api") or {}):
            if (family, value) in in_api:
                message = f"found {quoted(value)}: two offers have it in the API"
                yield Problem(f"{where}.api.values", message)
            in_api.add((family, value))
        yield from _not_described(offer, where, sources)
        for name, region in (offer.get("region") or {}).items():
            place = f"{where}.region.{name}"
            for problem in _gaps(offer.get("outlook"), region or {}):
                yield Problem(f"{place}.{problem.where}", problem.message)
            if ((region or {}).get("dns") or {}).get("fallback"):
                for message in _wrong_fallback(region, place, fallbacks):
                    yield Problem(f"{place}.dns.fallback", message)


def _in_signs(
    tables: Mapping[str, Any], sources: Collection[str] | None, elsewhere: Iterable[Offer]
) -> Iterator[Problem]:
    sold = {offer.id: [*offer.region] for offer in elsewhere}
    own = [each or {} for each in tables.get("offer") or ()]
    sold |= {each["id"]: [*(each.get("region") or ())] for each in own if each.get("id")}
    complete = all(each.get("id") for each in own)
    for number, table in enumerate(tables.get("sign") or (), 1):
        where, sign = f"sign.{number}", table or {}
        yield from _not_described(sign, where, sources)
        offer, region = sign.get("offer") or "", sign.get("region")
        regions = sold.get(offer)
        if offer and complete and regions is None:
            message = f"found {quoted(offer)}: the offers are {', '.join(sold)}"
            yield Problem(f"{where}.offer", message)
        elif regions and region and region not in regions:
            has = " or ".join(map(quoted, regions))
            yield Problem(f"{where}.region", f"found {quoted(region)}: {offer} has {has}")


def _not_described(
    table: Mapping[str, Any], where: str, sources: Collection[str] | None
) -> Iterator[Problem]:
    """A problem for each source that is named in a table of the file, and described nowhere."""
    for key, name in citations(table, where):
        if sources is not None and name not in sources:
            message = f"found {quoted(name)}: describe it in a table [source.{name}]"
            yield Problem(key, message)


def names_in(offer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The names of an offer in its table, each after its key."""
    if offer.get("id"):
        yield "id", offer["id"]
    for alias in without_gaps(offer.get("aliases")):
        yield "aliases", alias


def _in_api(api: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The values that the API has for an offer, each after its family."""
    if api.get("family"):
        yield from ((api["family"], value) for value in without_gaps(api.get("values")))


def _gaps(outlook: str | None, region: Mapping[str, Any]) -> Iterator[Problem]:
    rule = region.get("server") or {}
    offered = {(each or {}).get("protocol") for each in region.get("servers") or [None]}
    for protocol in ("imap", "smtp"):
        if not offered & {protocol, None}:
            yield Problem("servers", f"has no {protocol}; clients refuse a document without")
    if outlook == "exchange" and "autodiscover" not in region:
        yield Problem("autodiscover", 'is missing: outlook = "exchange" sends Outlook there')
    if outlook == "imap" and "autodiscover" in region:
        yield Problem("autodiscover", 'is unused: outlook = "imap" answers Outlook itself')
    if rule.get("kind") == "shared" and outlook == "exchange":
        message = 'found kind = "shared": Exchange has a host; write kind = "fixed", and host'
        yield Problem("server", message)
    if rule.get("kind") == "shared":
        message = 'found {server}, which kind = "shared" does not have: name a host'
        own = (place for place, text in _texts(region, "") if "{server}" in text)
        yield from (Problem(place, message) for place in own)
    with suppress(msgspec.ValidationError):
        numbered = msgspec.convert(rule, Numbered)
        for host in numbered.observed:
            if not numbered.accepts(host):
                yield Problem("server.observed", f"{quoted(host)} does not fit the pattern")


def _wrong_fallback(
    region: Mapping[str, Any], place: str, fallbacks: dict[str, str]
) -> Iterator[str]:
    """The mistakes in `fallback`. `fallbacks`: the place that has it for each MX, added to."""
    hosts = [each["host"] for each in without_gaps(region["dns"].get("mx")) if each.get("host")]
    kind = (region.get("server") or {}).get("kind")
    if kind in ("numbered", "own"):
        yield f"found true: no MX tells the server that kind = {quoted(kind)} needs; remove it"
    elif "mx" not in region["dns"]:
        yield "is unused: write mx, by which the domains that have the offer are told"
    others = [fallbacks[host] for host in hosts if host in fallbacks]
    if others:
        yield f"found true: {others[0]} has it for the same MX; remove one"
    fallbacks.update(dict.fromkeys(hosts, place))


def without_gaps(items: Iterable[Any] | None) -> list[Any]:
    """The items that `typed_toml.valid_part` has left of an array."""
    return [item for item in items or () if item is not None]


def citations(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Every source that is named in the tables: the place of its key, and its name."""
    if isinstance(value, dict) and isinstance(value.get("source"), (list, tuple)):
        yield from ((f"{where}.source", name) for name in without_gaps(value["source"]))
    for place, each in _parts(value, where):
        yield from citations(each, place)


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Every string in the tables, after its place."""
    if isinstance(value, str):
        yield where, value
    for place, each in _parts(value, where):
        yield from _texts(each, place)


def _parts(value: object, where: str) -> Iterator[tuple[str, object]]:
    """The values of a table or an array, each after its place."""
    pairs = value.items() if isinstance(value, dict) else ()
    for key, each in enumerate(value, 1) if isinstance(value, (list, tuple)) else pairs:
        yield f"{where}.{key}" if where else str(key), each

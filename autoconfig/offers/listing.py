"""The offers listed: a table for people, JSON for programs."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.hosting import Fixed, Numbered
from autoconfig.offers.model import Offer, Quota, Region

STALE_AFTER = timedelta(days=365)
"""The age at which a fact is marked as old."""

COLUMNS = (
    *("OFFER", "REGION", "PROTOCOL", "SERVER", "PORT", "SECURITY"),
    *("QUOTA", "VERIFIED", "SOURCE"),
)


def for_people(catalogue: Catalogue) -> str:
    """A table of every server of every offer, with what repeats left out."""
    rows: list[tuple[str, ...]] = [COLUMNS]
    for offer in catalogue.offers.values():
        rows += _rows(offer, catalogue)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def for_programs(catalogue: Catalogue) -> str:
    """Everything that is known, as JSON: as in the file, but for what offers share."""
    offers = [
        {
            **msgspec.to_builtins(offer),
            "verified": str(catalogue.verified(offer)),
            "old": _is_old(catalogue.verified(offer)),
        }
        for offer in catalogue.offers.values()
    ]
    names = ("signs", "account", "sources")
    others = {name: msgspec.to_builtins(getattr(catalogue, name)) for name in names}
    listing = {"offers": offers, **others}
    return json.dumps(listing, indent=2, ensure_ascii=False)


def _rows(offer: Offer, catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    verified = catalogue.verified(offer)
    day = f"{verified} (old)" if _is_old(verified) else str(verified)
    name, about = offer.id, (_quota(offer.quota), day)
    for first, region in offer.region.items():
        where = ", ".join((first, *region.also_in))
        for server in region.servers:
            host = server.host.replace("{server}", _own_host(region))
            facts = (server.protocol, host, str(server.port), server.socket)
            yield (name, where, *facts, *about, ", ".join(server.source))
            name, where, about = "", "", ("", "")


def _quota(quota: Quota | None) -> str:
    if quota is None:
        return "unknown"
    size = f"{quota.gigabytes:g} GB"
    if quota.extendable_to:
        size += f", up to {quota.extendable_to:g}"
    return f"{size}, contested: {quota.contested.gigabytes:g}" if quota.contested else size


def _own_host(region: Region) -> str:
    match region.server:
        case Numbered(pattern=pattern):
            return pattern
        case Fixed(host=host):
            return host
    return "your own host"


def _is_old(verified: date) -> bool:
    return date.today() - verified > STALE_AFTER

"""The signs of each offer in a zone, compiled from the offer data.

Offers to which mail comes by the same MX are a *family*. A domain with these MX has one of them.
No two regions share an MX, so the offers of a family are of one region.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.hosting import Own, ServerRule
from autoconfig.offers.model import (
    DefaultRecord,
    Dkim,
    Dns,
    FormerMx,
    NoMailbox,
    PerhapsNoMailbox,
    ServerUnknown,
    Sign,
    SignOfOffer,
)

_SERVER = "{server}"


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An offer in a region that a zone can tell; `signs` are those beside its `dns`.

    An offer on a host of the customer's is none: any zone could name a host for it.
    """

    offer: str
    region: str
    rule: ServerRule
    dns: Dns
    signs: tuple[SignOfOffer, ...]

    def server(self, host: str) -> str | None:
        """The `server` of a configuration, if a record names this host."""
        return host if self.rule.required else self.rule.default

    def takes_mail_at(self, host: str) -> bool:
        """Whether an MX with this host is the service's own."""
        own = (each.host for each in self.dns.mx if each.host == _SERVER)
        return any(self._tells(pattern, host) for pattern in (self.dns.mx_direct, *own))

    def has_srv(self, target: str) -> bool:
        """Whether an SRV record of Autodiscover with this target tells the offer."""
        return self._tells(self.dns.autodiscover_srv, target) or self.has_srv_of_all_servers(target)

    def has_srv_of_all_servers(self, target: str) -> bool:
        """Whether such a record tells the offer, and not which of its servers it is on."""
        unknown = [each.srv for each in self.signs if isinstance(each, ServerUnknown)]
        return target in unknown or (self.rule.required and target == self.dns.autodiscover_srv)

    def has_dkim(self, target: str) -> bool:
        """Whether a selector that leads to this name tells the offer."""
        below = [f".{each.below}" for each in self.signs if isinstance(each, Dkim)]
        # A dot after a backslash is inside a label.
        ends = [end for end in below if target.endswith(end) and not target.endswith(f"\\{end}")]
        return bool(ends) and not self.rule.required

    def _tells(self, pattern: str | None, host: str) -> bool:
        if pattern == _SERVER:
            return self.rule.accepts(host)
        return host == pattern and not self.rule.required


Family: TypeAlias = tuple[Candidate, ...]
"""Offers with the same MX, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Signs:
    """All signs of a catalogue's offers.

    `families` are by MX. `dkim_selectors`: those at which DKIM's CNAME tells an offer.
    """

    candidates: Family
    families: Mapping[str, Family]
    dkim_selectors: tuple[str, ...]
    no_mailbox: frozenset[str]
    perhaps_no_mailbox: frozenset[frozenset[tuple[int, str]]]
    default_srv: frozenset[str]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Signs":
        """Compile the signs. Those of an offer that is sold there no longer are left out."""
        candidates, signs = tuple(_candidates(catalogue)), catalogue.signs
        perhaps = [each.mx for each in signs if isinstance(each, PerhapsNoMailbox)]
        return cls(
            candidates,
            _families(candidates),
            tuple(dict.fromkeys(_selectors(candidates))),
            frozenset(each.mx for each in signs if isinstance(each, NoMailbox)),
            frozenset(frozenset((one.preference, one.host) for one in mx) for mx in perhaps),
            frozenset(each.srv for each in signs if isinstance(each, DefaultRecord)),
        )

    def family(self, mx: str) -> Family:
        """The offers to which mail may come by this MX; none if it is no sign of any."""
        if mx in self.families:
            return self.families[mx]
        direct = [each for each in self.candidates if each.takes_mail_at(mx)]
        return _relatives(direct[0], self.families) if direct else ()


def _candidates(catalogue: Catalogue) -> Iterator[Candidate]:
    for offer in catalogue.offers.values():
        for name, region in offer.region.items():
            if not isinstance(region.server, Own):
                signs = tuple(_signs_of(offer.id, name, catalogue.signs))
                yield Candidate(offer.id, name, region.server, region.dns, signs)


def _signs_of(offer: str, region: str, signs: Iterable[Sign]) -> Iterator[SignOfOffer]:
    for sign in signs:
        if isinstance(sign, SignOfOffer) and (sign.offer, sign.region) == (offer, region):
            yield sign


def _families(candidates: Family) -> dict[str, Family]:
    families: dict[str, Family] = {}
    for candidate in candidates:
        for record in candidate.dns.mx:
            families[record.host] = (*families.get(record.host, ()), candidate)
    families.pop(_SERVER, None)
    former = {
        host: _relatives(candidate, families)
        for candidate in candidates
        for sign in candidate.signs
        if isinstance(sign, FormerMx)
        for host in sign.hosts
    }
    return former | families


def _relatives(candidate: Candidate, families: Mapping[str, Family]) -> Family:
    """The family of a candidate, also if it has no MX beside its own host."""
    shared = (families[each.host] for each in candidate.dns.mx if each.host in families)
    return next(shared, (candidate,))


def _selectors(candidates: Family) -> Iterator[str]:
    for candidate in candidates:
        if any(isinstance(sign, Dkim) for sign in candidate.signs):
            yield from (each for each in candidate.dns.dkim_selectors if "{id}" not in each)

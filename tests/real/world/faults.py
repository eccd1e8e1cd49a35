"""The faults, and what each mail program comes to: a person's reading of the facts.

The results are those of `docs/clients.md` and of the sources that it names; no code of the command
took part.
"""

from tests.real.world.addresses import ODD
from tests.real.world.case import Fault
from tests.real.world.odd_web import XML, Site, page
from tests.real.world.texts import OLD_HOSTER
from tests.support.services import CATALOGUE

HEALTHY = tuple(
    Fault(f"{offer.id}-{region}", f"a healthy domain of {offer.name}", offer.id, region)
    for offer in CATALOGUE.offers.values()
    for region in offer.region
)
_hoster = Site(page(200, OLD_HOSTER.encode(), XML))

PROVIDER_SITES = dict.fromkeys(("autoconfig.hoster.example", "autoconfig.mail.ovh.net"), _hoster)
"""Hosts that stand in no domain of the world."""

FAULTS: tuple[Fault, ...] = (
    Fault("old-document", "an old hoster answers for autoconfig", sites={"autoconfig": _hoster}),
    Fault(
        "provider-answers",
        "an old document stands under the MX's name",
        provider={"autoconfig.mail.ovh.net": ODD},
    ),
)

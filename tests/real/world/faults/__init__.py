"""The faults of the world: each breaks a domain in one way."""

from tests.real.world.case import Fault
from tests.real.world.faults.answers import ANSWERS, REDIRECTS
from tests.real.world.faults.exchange import EXCHANGE_FAULTS
from tests.real.world.faults.hostile import HOSTILE
from tests.real.world.faults.kinds import HTML_PAGE, OLD_PAGE
from tests.real.world.faults.leftovers import OLD_DOCUMENTS
from tests.real.world.faults.names import NAMES, SRV
from tests.real.world.faults.network import FAMILIES, HANGING
from tests.real.world.faults.results import HEALTHY, expected
from tests.real.world.faults.tls import CERTIFICATES, MAIL_CERTIFICATES
from tests.real.world.odd_web import Site, by_path, page
from tests.support.requests import POX

__all__ = ["FAULTS", "HEALTHY", "MAIL_CERTIFICATES", "PROVIDER_SITES", "expected"]

PROVIDER_SITES = {
    "autoconfig.hoster.example": Site(OLD_PAGE),
    "autoconfig.mail.ovh.net": Site(OLD_PAGE),
    "www.hoster.example": Site(by_path({POX: page(401)}, HTML_PAGE)),
}
"""Hosts that stand in no domain of the world."""


FAULTS: tuple[Fault, ...] = (
    *CERTIFICATES,
    *NAMES,
    *SRV,
    *OLD_DOCUMENTS,
    *ANSWERS,
    *REDIRECTS,
    *EXCHANGE_FAULTS,
    *HANGING,
    *FAMILIES,
    *HOSTILE,
    *MAIL_CERTIFICATES,
)

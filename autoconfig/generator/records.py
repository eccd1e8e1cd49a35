"""The DNS records of a domain for web space, without a look at its zone.

The zone is taken for one that is as OVHcloud created it: that has the records that keep programs
away, and nothing else of what matters here.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autoconfig.detect.rule import HTTPS
from autoconfig.names import Domain
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.model import DefaultRecord, Service
from autoconfig.zone.comments import added
from autoconfig.zone.compare import make_plan
from autoconfig.zone.plan import Target
from autoconfig.zone.record import Record, Srv, absolute
from autoconfig.zone.wanted import autodiscover, web_names


class Changes(NamedTuple):
    """The records of a zone to remove, those to add, and those that only help some programs."""

    remove: Sequence[Record]
    add: Sequence[Record]
    helps: Sequence[Record]


def changes(
    domain: Domain,
    service: Service,
    site: Domain | None,
    asked: Sequence[str],
    catalogue: Catalogue,
) -> Changes:
    """What is to be done in the zone of a domain.

    `site`: where the names are to lead; without one they are left to whoever adds them to the web
    space. `asked`: the names that are to lead there.
    """
    left_over = [*_left_over(domain, catalogue)]
    plan = make_plan(domain, service, left_over, Target(site or domain), catalogue)
    leading = {absolute(name) for name in asked} if site else set()
    no_room = {*web_names(domain)} - leading
    new = [each for each in added(plan) if each.record.name not in no_room]
    return Changes(
        left_over,
        [each.record for each in new if each.needed],
        [each.record for each in new if not each.needed],
    )


def _left_over(domain: Domain, catalogue: Catalogue) -> Iterator[Record]:
    """The records with which OVHcloud created zones."""
    for sign in catalogue.signs:
        if isinstance(sign, DefaultRecord):
            host = absolute(sign.srv)
            yield from (Record(name, "CNAME", host) for name in web_names(domain))
            yield Record(autodiscover(domain), "SRV", str(Srv(0, 0, HTTPS, host)))

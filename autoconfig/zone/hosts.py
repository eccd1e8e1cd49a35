"""Whose a host is, as far as the offers tell: what a record that leads there is worth."""

from dataclasses import dataclass

from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.hosting import Own, Shared
from autoconfig.offers.model import DefaultRecord, Offer, Region, ServerUnknown, Service
from autoconfig.zone.place import Verdict
from autoconfig.zone.plan import Why


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts of all offers, as a service sees them."""

    catalogue: Catalogue
    service: Service

    def left_over(self, host: str) -> Verdict | None:
        """The verdict on a host of which zones hold records from earlier years."""
        for sign in self.catalogue.signs:
            if isinstance(sign, DefaultRecord) and sign.srv == host:
                return Verdict(right=False, why=Why.LEFT_OVER, host=host)
            if isinstance(sign, ServerUnknown) and sign.srv == host:
                offer = self.catalogue.offers[sign.offer].name
                return Verdict(right=False, why=Why.SERVER_UNKNOWN, host=host, offer=offer)
        return None

    def of_other_service(self, host: str) -> Verdict | None:
        """The verdict on a host of OVHcloud's that is not the service's."""
        owners = [each for each in self.catalogue.offers.values() if _owns(each, host)]
        if not owners:
            return self.left_over(host)
        own = self.service.offer
        if own in owners:
            return Verdict(right=False, why=Why.OTHER_SERVER, host=host, offer=own.short_name)
        offer = owners[0].short_name
        return Verdict(right=False, why=Why.OTHER_OFFER, host=host, offer=offer)


def _owns(offer: Offer, host: str) -> bool:
    return any(_has(region, host) for region in offer.region.values())


def _has(region: Region, host: str) -> bool:
    rule = region.server
    if not isinstance(rule, Own) and rule.accepts(host):
        return True
    hosts = {each.host for each in region.servers}
    return host in {*hosts, region.dns.autodiscover_srv, *not_for_mail(region)}


def region_of(service: Service) -> Region:
    """The service's offer in its region."""
    return service.offer.regions[service.region]


def said(service: Service) -> str:
    """The service for people: its offer, and its server if it has one of its own."""
    return f"{service.offer.name} ({service.host})" if service.host else service.offer.name


def alike(service: Service, *protocols: str) -> tuple[str, ...]:
    """The hosts that are the very same as those that the service publishes for these protocols."""
    region = region_of(service)
    if not isinstance(region.server, Shared):
        return ()
    usual = [each.host for each in region.servers if each.protocol in protocols]
    return (*region.server.named, *usual)


def not_for_mail(region: Region) -> tuple[str, ...]:
    """The hosts that customers see, and that take no mail from them."""
    return region.server.not_for_mail if isinstance(region.server, Shared) else ()

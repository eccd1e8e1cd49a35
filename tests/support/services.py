"""One service for every offer, region and kind of server: what the golden files cover."""

from autoconfig.documents.render import Renderings
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.offers.model import Service

SERVERS = {"email-pro": "pro1", "exchange-private": "mail.example.com"}
"""The server named where one is required; Hosted Exchange needs one in Europe only."""


def _services() -> dict[str, Service]:
    catalogue = load_catalogue()
    services = {}
    for offer in catalogue.offers.values():
        for region, rule in ((name, region.server) for name, region in offer.regions.items()):
            server = SERVERS.get(offer.id, "ex4") if rule.required else None
            services[f"{offer.id}-{region}"] = catalogue.service(offer.id, region, server)[0]
    services["mx-plan-eu-ssl0"] = catalogue.service("mx-plan", "eu", "ssl0.ovh.net")[0]
    return services


SERVICES = _services()
RENDERINGS = Renderings()
DOCUMENTS = {name: RENDERINGS.of(service) for name, service in SERVICES.items()}
EVERY_DOCUMENT = [(name, format) for name, found in DOCUMENTS.items() for format in found]
EVERY_AUTODISCOVER = [
    (name, format) for name, format in EVERY_DOCUMENT if format.startswith("autodiscover")
]
EVERY_MOZILLA = [name for name, format in EVERY_DOCUMENT if format == "autoconfig"]

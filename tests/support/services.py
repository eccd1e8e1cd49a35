"""One service for every offer, region and kind of server: what the golden files cover."""

from msgspec import structs

from autoconfig.documents.render import Renderings
from autoconfig.offers.catalogue import DEFAULT_REGION, load_catalogue
from autoconfig.offers.hosting import Numbered, Own, ServerRule
from autoconfig.offers.model import Service

CATALOGUE = load_catalogue()
SERVERS = {"email-pro": "pro1", "exchange-hosted": "ex4"}
"""The server that the tests name where one is required; for other offers, see below."""


def server_for(offer: str, region: str = DEFAULT_REGION) -> str | None:
    """A server to name for a service of the offer in the region; None where none is required."""
    rule = CATALOGUE.offers[offer].regions[region].server
    return SERVERS.get(offer, _usual_host(rule)) if rule.required else None


def _usual_host(rule: ServerRule) -> str | None:
    match rule:
        case Numbered():
            return rule.observed[0]
        case Own():
            return rule.such_as
    return None


def service_of(offer: str, region: str = DEFAULT_REGION, server: str | None = None) -> Service:
    """A service of the offer in the region, with a host as the rules want it."""
    return CATALOGUE.service(offer, region, server or server_for(offer, region))[0]


def urls_of(service: Service) -> dict[str, str]:
    """What the service's own server answers on the web, by the name in the offers."""
    own = service.autodiscover
    links = {"activesync": service.activesync, "ews": service.ews}
    urls = {name: link.url for name, link in links.items() if link}
    return urls | ({"xml": own.xml, "svc": own.svc, "json": own.json} if own else {})


def calendars_of(service: Service) -> str:
    """The server that has the service's calendars, as the offers have it."""
    assert service.caldav is not None
    return service.caldav.url


def _services() -> dict[str, Service]:
    services = {
        f"{offer.id}-{region}": service_of(offer.id, region)
        for offer in CATALOGUE.offers.values()
        for region in offer.regions
    }
    return services | {
        "mx-plan-eu-ssl0": service_of("mx-plan", server="ssl0.ovh.net"),
        "mx-plan-eu-guess": structs.replace(service_of("mx-plan"), guessed=True),
    }


SERVICES = _services()
RENDERINGS = Renderings()
DOCUMENTS = {name: RENDERINGS.of(service) for name, service in SERVICES.items()}
EVERY_DOCUMENT = [(name, format) for name, found in DOCUMENTS.items() for format in found]
EVERY_AUTODISCOVER = [
    (name, format) for name, format in EVERY_DOCUMENT if format.startswith("autodiscover")
]
EVERY_MOZILLA = [name for name, format in EVERY_DOCUMENT if format == "autoconfig"]

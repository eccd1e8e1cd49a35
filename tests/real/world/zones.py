"""The zones of the world: the domains', the provider's, and those of everybody else in it."""

from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import urlsplit

from autoconfig.names import Domain
from autoconfig.offers.hosting import Numbered, ServerRule
from autoconfig.offers.model import Service
from autoconfig.zone.compare import make_plan
from autoconfig.zone.plan import Target
from tests.real.world.addresses import CLOSED, MAIL, ODD, OURS, OWNERS, Place
from tests.real.world.front import DATABASES
from tests.support.services import CATALOGUE, SERVICES
from tests.support.zones import NONE, Zone

SERVER = Domain("autoconfig.agency.example")
"""The name of `autoconfig serve`, to which the names of the domains lead."""
LEFT_OVER = ("mailconfig.ovh.net", "autodiscover.mail.ovh.net")
"""Names of old records, at which nobody answers."""


def healthy(domain: Domain, service: Service) -> dict[str, str]:
    """The lines of a zone by their names, as `autoconfig dns` proposes them; the names relative."""
    exchangers = service.dns.mx
    lines = {
        "@": OWNERS.records("@")
        + "".join(f"@ IN MX {each.preference} {each.host}.\n" for each in exchangers)
    }
    if not exchangers:  # the service's own server is the best
        lines["@"] += f"@ IN MX 1 {service.host}.\n"
    for entry in make_plan(domain, service, (), Target(SERVER), CATALOGUE).create:
        name = entry.record.name.removesuffix(f".{domain}.")
        line = f"{name} {entry.record.ttl} IN {entry.record.type} {entry.record.value}\n"
        lines[name] = lines.get(name, "") + line
    return lines


def provider_hosts() -> dict[str, Place]:
    """The mail and Exchange hosts of every offer, each at addresses of its own."""
    urls = (
        link.url
        for service in SERVICES.values()
        for link in (service.activesync, service.ews, service.caldav)
        if link
    )
    hosts = chain(
        (each.host for service in SERVICES.values() for each in service.servers),
        (str(urlsplit(url).hostname) for url in urls),
        (service.dns.autodiscover_srv for service in SERVICES.values()),
        (host for rule in _rules() if isinstance(rule, Numbered) for host in rule.observed),
    )
    provided = sorted({host for host in hosts if host and _below_provider(host)})
    assert len(provided) < len(MAIL), "the last is for the servers of customers"
    return dict(zip(provided, MAIL, strict=False))


def _rules() -> Iterator[ServerRule]:
    for offer in CATALOGUE.offers.values():
        yield from (region.server for region in offer.region.values())


def other_zones(places: dict[str, Place]) -> list[Zone]:
    """`places`: of hosts of the provider."""
    exchangers = {mx.host for each in SERVICES.values() for mx in each.dns.mx}
    places = {
        **dict.fromkeys(sorted(exchangers), OWNERS.only_four),  # nobody delivers mail here
        **dict.fromkeys(LEFT_OVER, CLOSED),
        **places,
    }
    databases = dict.fromkeys(DATABASES, OWNERS)
    return [
        _zone("ovh.net", (host for host in places if host.endswith(".ovh.net")), places),
        _zone("ovh.ca", (host for host in places if host.endswith(".ovh.ca")), places),
        _zone("agency.example", [SERVER], {SERVER: OURS}),
        *(
            _zone(apex, (host for host in DATABASES if host.endswith(apex)), databases)
            for apex in ("thunderbird.net", "ispdb.net")
        ),
        _zone("hoster.example", HOSTER, dict.fromkeys(HOSTER, ODD)),
    ]


HOSTER = ("www.hoster.example", "imap.hoster.example", "autoconfig.hoster.example")
"""Names of a hoster that a domain was at before."""


def _zone(apex: str, hosts: Iterable[str], places: dict[str, Place]) -> Zone:
    name_servers = "dns112 IN A 127.0.0.10\nns112 IN A 127.0.0.10\n" if apex == "ovh.net" else ""
    text = "".join(places[host].records(f"{host}.") for host in hosts)
    return Zone(apex, name_servers + text, NONE, apex)


def _below_provider(host: str) -> bool:
    return host.endswith((".ovh.net", ".ovh.ca"))

"""Web space of any kind: the documents alone."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from autoconfig.answers.endpoints import POX_PATH, Kind
from autoconfig.config.served import Served
from autoconfig.documents.render import Renderings
from autoconfig.export.advice import about_mailboxes, for_outlook, listed
from autoconfig.export.rules import redirects
from autoconfig.export.target import Target
from autoconfig.names import Domain
from autoconfig.offers.model import Service


def _own_files(served: Served, renderings: Renderings, base_url: str | None) -> Mapping[str, str]:
    return {}


def _advice(served: Served, folder: Path, base_url: str | None) -> Iterator[str]:
    outlook = [f"autodiscover.{domain}" for domain in for_outlook(served)]
    if outlook:
        yield (
            "Outlook: its settings hold the person's address, which no file can fill in. "
            f"Run `autoconfig serve` under {listed(outlook)}."
        )
    for service, domains in _by_service(served).items():
        these = f"{service.offer.name} ({listed(domains)})"
        if service.autodiscover:
            yield (
                f"{these}: Outlook needs no file, but a redirect "
                f"of {POX_PATH} by HTTP 302 to {service.autodiscover.xml}, "
                f"or the DNS record _autodiscover._tcp SRV 0 0 443 {service.host}."
            )
        if service.caldav:
            leads = (f"{path} to {url}" for path, url in redirects(service, Kind.DAV).items())
            yield (
                f"{these}: calendar programs need no file, but a redirect by HTTP 302 of "
                f"{' and of '.join(leads)}."
            )
    yield from about_mailboxes(served)


def _by_service(served: Served) -> dict[Service, list[Domain]]:
    found: dict[Service, list[Domain]] = {}
    for domain, service in served.domains.items():
        found.setdefault(service, []).append(domain)
    return found


PLAIN = Target(_own_files, _advice)

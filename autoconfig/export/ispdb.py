"""Mozilla's public database (ISPDB): a file for the domain of each region's MX servers.

A program asks it where a domain publishes nothing of its own, by the domain of the most preferred
MX host (draft-ietf-mailmaint-autoconfig, "MX"). So a file is right for the offers that share its
servers. The folder is `ispdb/` in a checkout of the database: nothing else in it is touched.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from autoconfig.documents.formats import FORMATS
from autoconfig.documents.render import document
from autoconfig.export.whole import write_whole
from autoconfig.names import Domain
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.model import Offer, Region, Service

DATABASE = "https://github.com/thunderbird/autoconfig"
PROVIDER = "OVHcloud"
"""The name that programs show: the database does not know which offer somebody has."""

_FORMAT = replace(FORMATS["autoconfig"], name="ispdb", template="ispdb.xml")


def export(folder: Path, catalogue: Catalogue, say: Callable[[str], object]) -> list[Path]:
    """Bring the files in the folder up to date, each whole; returns the paths of all of them.

    `say` is told of each what becomes of it, before anything is written. Raises `OSError`;
    `jinja2.TemplateError` if a template is broken.
    """
    new = {folder / name: content for name, content in files(catalogue).items()}
    old = {path: _content(path) for path in new}
    for path, content in new.items():
        was = "is new" if old[path] is None else "changes"
        say(f"{path}: {'stays as it is' if content == old[path] else was}")
    os.makedirs(folder, exist_ok=True)
    for path, content in new.items():
        if content != old[path]:
            write_whole(path, content)
    return [*new]


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def files(catalogue: Catalogue) -> dict[str, bytes]:
    """The files by their names. Raises `jinja2.TemplateError` if a template is broken."""
    return {
        f"{domain}.xml": document(_FORMAT, service).fill(domain)
        for domain, service in _services(catalogue)
    }


def _services(catalogue: Catalogue) -> Iterator[tuple[Domain, Service]]:
    """The domain of the MX servers of each region, and the service that they alone tell."""
    for offer in catalogue.offers.values():
        for name, region in offer.region.items():
            if region.dns.fallback:
                service, _ = catalogue.service(offer.id, name)
                stand_in = _one_for_all(offer, _alike(offer, region, catalogue))
                yield _domain(region), structs.replace(service, offer=stand_in)


def _alike(offer: Offer, region: Region, catalogue: Catalogue) -> list[Offer]:
    """The offers with the servers and the login of this one, which is among them."""
    return [
        each
        for each in catalogue.offers.values()
        if any(_settings(each, own) == _settings(offer, region) for own in each.region.values())
    ]


def _settings(offer: Offer, region: Region) -> object:
    servers = [(each.protocol, each.host, each.port, each.socket) for each in region.servers]
    return servers, offer.login.username, offer.login.authentication


def _one_for_all(offer: Offer, alike: list[Offer]) -> Offer:
    """The offer as it stands for those with its servers, with all their names and pages."""
    pages = {page.url: page for each in alike for page in each.documentation}
    return structs.replace(
        offer,
        name=", ".join(each.name for each in alike),
        display_name=PROVIDER,
        short_name=PROVIDER,
        documentation=tuple(pages.values()),
    )


def _domain(region: Region) -> Domain:
    """The domain that programs look for: what can be registered, which here has two labels."""
    best = min(region.dns.mx, key=lambda record: record.preference)
    return Domain(".".join(best.host.split(".")[-2:]))

"""The documents as files, for any web space: a file's path is its URL without the scheme.

A file is written beside its place and then moved there, so a run that is interrupted leaves whole
files only. The bytes are the server's.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autoconfig.directory import Site
from autoconfig.documents import Document
from autoconfig.endpoints import ENDPOINTS
from autoconfig.names import Domain
from autoconfig.offers import Service


def export(
    directory: Path, sites: Iterable[tuple[Domain, Mapping[str, Document]]]
) -> Iterator[tuple[Path, ...]]:
    """Write every file of every domain; yields the paths of one domain after the other.

    `sites`: each domain with its documents by format. Raises `OSError`.
    """
    for domain, documents in sites:
        written = []
        for endpoint in ENDPOINTS:
            file = endpoint.file(domain)
            if file is not None and endpoint.format is not None:
                written.append(directory / file)
                _write(written[-1], documents[endpoint.format].fill(domain))
        yield tuple(written)


def beyond_files(sites: Mapping[Domain, Site], mailboxes: Mapping[str, Site]) -> Iterator[str]:
    """What files cannot do for these services, and what does it instead."""
    kinds: dict[int, tuple[Service, list[Domain]]] = {}
    for domain, site in sites.items():
        kinds.setdefault(id(site), (site.service, []))[1].append(domain)
    outlook = [domains[0] for service, domains in kinds.values() if not service.autodiscover]
    if outlook:
        yield (
            "Outlook: its settings hold the person's address, which no file can fill in. "
            f"Run `autoconfig serve` under autodiscover.{outlook[0]} and the like."
        )
    for service, domains in kinds.values():
        if service.autodiscover:
            more = f" and {len(domains) - 1} more" if len(domains) > 1 else ""
            yield (
                f"{service.offer.name} ({domains[0]}{more}): Outlook needs no file, but a redirect "
                f"of /autodiscover/autodiscover.xml by HTTP 302 to {service.autodiscover.xml}, "
                f"or the DNS record _autodiscover._tcp SRV 0 0 443 {service.host}."
            )
    for mailbox in mailboxes:
        yield f"{mailbox}: a file is the same for every address; only the server tells it apart."


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise

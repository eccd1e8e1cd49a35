"""The rules by which web space answers: documents as files, and redirects to other servers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autoconfig.answers.answer import Headers
from autoconfig.answers.endpoints import ANY_ORIGIN, ENDPOINTS, NOSNIFF, Endpoint, Kind
from autoconfig.answers.redirects import TARGETS
from autoconfig.config.served import Served
from autoconfig.documents.formats import FORMATS, NO_STORE, Format
from autoconfig.names import HOST_PREFIXES, NOT_FOR_MAIL, Domain
from autoconfig.offers.model import Service


@dataclass(frozen=True, slots=True)
class FileRule:
    """The rule by which a web server sends the files of one URL.

    `file`: below the web root, with the web server's own expression for the domain in it. The rest
    are the headers of each answer: of the file itself (`found`), to a host without one (`unknown`),
    and to OPTIONS or a method that is not allowed (`allow`).
    """

    path: str
    file: str
    media_type: str
    found: Headers
    unknown: Headers
    allow: Headers


def file_endpoints() -> list[tuple[Endpoint, Format]]:
    """The URLs that are written as files, and the format that is in each."""
    return [(each, FORMATS[each.format]) for each in ENDPOINTS if each.file_host and each.format]


def file_rules(domain: str) -> list[FileRule]:
    """A rule for each URL. `domain`: how the web server writes the domain that is asked for."""
    return [_rule(endpoint, format, domain) for endpoint, format in file_endpoints()]


def _rule(endpoint: Endpoint, format: Format, domain: str) -> FileRule:
    always = (*((ANY_ORIGIN,) if endpoint.any_origin else ()), NOSNIFF)
    return FileRule(
        path=endpoint.path,
        file=str(endpoint.file(Domain(domain))),
        media_type=format.kind.media_type,
        found=(("Cache-Control", format.cache), *always, *format.kind.headers, *format.headers),
        unknown=(("Cache-Control", endpoint.not_found_cache), *always),
        allow=(("Allow", ", ".join(endpoint.allow)), ("Cache-Control", NO_STORE), *always),
    )


REDIRECTS: Mapping[Kind, Callable[[Service, str], str | None]] = {
    **TARGETS,
    Kind.POX: lambda service, _: service.autodiscover.xml if service.autodiscover else None,
    Kind.JSON: lambda service, _: service.autodiscover.json if service.autodiscover else None,
}
"""The URL to which a kind of URL leads, where the service has one elsewhere."""


def redirects(service: Service, *kinds: Kind) -> dict[str, str]:
    """The URLs of ours that lead to another server, and the URL there, by path.

    `kinds`: those of `REDIRECTS` that are wanted; all, if none is named.
    """
    rows = (each for each in ENDPOINTS if each.kind in (kinds or REDIRECTS))
    targets = {each.path: REDIRECTS[each.kind](service, each.path) for each in rows}
    return {path: url for path, url in targets.items() if url}


def host_prefixes() -> str:
    """A regular expression for the prefixes that clients put before a domain."""
    return "|".join(map(re.escape, HOST_PREFIXES))


def lookalikes(served: Served) -> list[str]:
    """The served domains that begin as our own names do, the longest last, each escaped."""
    found = (each for each in served.domains if each.startswith(NOT_FOR_MAIL))
    return [re.escape(each) for each in sorted(found, key=len)]

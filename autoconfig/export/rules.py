"""The documents that web space has as files, and the rules by which a web server sends them."""

import re
from dataclasses import dataclass

from autoconfig.answers.answer import Headers
from autoconfig.answers.endpoints import ANY_ORIGIN, ENDPOINTS, HOST_PREFIXES, NOSNIFF, Endpoint
from autoconfig.documents.formats import FORMATS, NO_STORE, Format
from autoconfig.names import Domain


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


def host_prefixes() -> str:
    """A regular expression for the prefixes that clients put before a domain."""
    return "|".join(map(re.escape, HOST_PREFIXES))

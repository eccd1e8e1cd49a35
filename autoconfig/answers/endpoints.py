"""The table of URLs: every path that the server answers, in one place.

To publish a format under a URL, add a row. Which function answers is `Endpoint.kind`, and
`respond.ANSWERS` has one for each kind; a plain document and a redirect need none of their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import PurePosixPath
from string import ascii_lowercase, ascii_uppercase

from autoconfig.documents.formats import FORMATS, NO_STORE
from autoconfig.documents.text import HTML, JSON, TEXT, XML, TextKind
from autoconfig.names import Domain


class Kind(Enum):
    """How a URL is answered."""

    DOCUMENT = auto()  # a format of `FORMATS`, for the domain of the address or of the host
    POX = auto()  # Autodiscover in plain old XML: the request says what it wants in its body
    SOAP = auto()  # Autodiscover for SOAP clients: only ever a redirect
    JSON = auto()  # Autodiscover v2
    DAV = auto()  # where a calendar program begins: only ever a redirect
    PAGE = auto()  # settings as a person reads them, in the reader's language
    PROFILE = auto()  # a file with which an Apple device sets itself up
    CODE = auto()  # a QR code for an address
    HEALTH = auto()
    READY = auto()
    METRICS = auto()  # for whoever watches this server; not reachable through a proxy
    ASK = auto()  # Caddy's on-demand TLS check; not reachable through a proxy


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One URL. Each row is itself alone, so that it is looked up by identity.

    `path` may end in `/<address>`. `format`: of the document that a GET gets. `parameter`: the
    query parameter that holds the address or the domain, in any case. `errors_in`: the kind of text
    of an error, where no format has it. `over_tls`: whether a client that came by plain http is
    sent on to https. `any_origin`: whether scripts of other sites may read it (CORS). `file_host`:
    the host under which `export` writes it as a file, `{domain}` being the domain. `allow`: every
    method that is answered, as the `Allow` header has it.
    """

    path: str
    methods: tuple[str, ...]
    kind: Kind
    format: str | None = None
    parameter: str | None = None
    errors_in: TextKind = TEXT
    over_tls: bool = False
    any_origin: bool = False
    not_found_cache: str = NO_STORE
    file_host: str | None = None
    allow: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        head = ("HEAD",) if "GET" in self.methods else ()
        object.__setattr__(self, "allow", (*self.methods, *head, "OPTIONS"))

    @property
    def errors(self) -> TextKind:
        """The kind of text of an error."""
        return FORMATS[self.format].errors if self.format else self.errors_in

    @property
    def label(self) -> str:
        """Its name in the metrics."""
        return self.format if self.kind is Kind.DOCUMENT and self.format else self.kind.name.lower()

    def file(self, domain: Domain) -> PurePosixPath | None:
        """The file of this URL for a domain, relative to the directory of all hosts."""
        if self.file_host is None:
            return None
        return PurePosixPath(self.file_host.format(domain=domain), self.path.lstrip("/"))


CASELESS_PREFIX = "/autodiscover/"
"""Below this, letter case does not matter: [MS-OXDISCO] 2.2; exchangelib writes capitals."""

POX_PATH = "/autodiscover/autodiscover.xml"
JSON_PATH = "/autodiscover/autodiscover.json"
PROFILE_PATH = "/email.mobileconfig"

ERRORS_UNDER: Mapping[str, TextKind] = {
    JSON_PATH: JSON,
    CASELESS_PREFIX: XML,
    "/mail/": TEXT,
    "/v1.1/": TEXT,
    "/.well-known/": TEXT,
    "": HTML,
}
"""The kind of text of an error at a path without a row, by its beginning; the first counts."""

NOSNIFF = ("X-Content-Type-Options", "nosniff")
"""A header of every answer: no client guesses another type."""
ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")


def _mozilla(path: str, file_host: str) -> Endpoint:
    """One of the URLs of the Mozilla document."""
    return Endpoint(
        path,
        ("GET",),
        Kind.DOCUMENT,
        format="autoconfig",
        parameter="emailaddress",
        any_origin=True,
        not_found_cache="public, max-age=300",
        file_host=file_host,
    )


ENDPOINTS = (
    _mozilla("/mail/config-v1.1.xml", "autoconfig.{domain}"),
    _mozilla("/.well-known/autoconfig/mail/config-v1.1.xml", "{domain}"),
    _mozilla("/.well-known/mail-v1.xml", "autoconfig.{domain}"),
    _mozilla("/v1.1/mail/config-v1.1.xml", "autoconfig.{domain}"),
    Endpoint(
        POX_PATH,
        ("GET", "POST"),
        Kind.POX,
        format="autodiscover-domain",
        parameter="domain",
        over_tls=True,
    ),
    Endpoint("/autodiscover/autodiscover.svc", ("GET", "POST"), Kind.SOAP, errors_in=XML),
    Endpoint(JSON_PATH, ("GET",), Kind.JSON, parameter="email", errors_in=JSON, over_tls=True),
    Endpoint(f"{JSON_PATH}/v1.0/<address>", ("GET",), Kind.JSON, errors_in=JSON, over_tls=True),
    Endpoint("/.well-known/caldav", ("GET", "PROPFIND"), Kind.DAV),
    Endpoint("/.well-known/carddav", ("GET", "PROPFIND"), Kind.DAV),
    Endpoint("/", ("GET",), Kind.PAGE, parameter="emailaddress", errors_in=HTML),
    Endpoint(PROFILE_PATH, ("GET",), Kind.PROFILE, format="mobileconfig", parameter="email"),
    Endpoint("/qr.svg", ("GET",), Kind.CODE, parameter="email", errors_in=HTML),
    Endpoint("/healthz", ("GET",), Kind.HEALTH),
    Endpoint("/readyz", ("GET",), Kind.READY),
    Endpoint("/metrics", ("GET",), Kind.METRICS),
    Endpoint("/ask", ("GET",), Kind.ASK, parameter="domain"),
)

BY_PATH = {endpoint.path: endpoint for endpoint in ENDPOINTS if "<" not in endpoint.path}
_ABOVE_ADDRESS = {e.path.partition("<")[0]: e for e in ENDPOINTS if "<" in e.path}
_ADDRESS_IN_PATH = re.compile(r"[^/\n].*")
_TO_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def endpoint_at(path: str) -> tuple[Endpoint | None, str | None]:
    """The row for a path, and the address in it where the row has one.

    `path` is as WSGI has it: bytes read as Latin-1. Bytes of an address that are no UTF-8 are
    replaced.
    """
    canonical = canonical_path(f"/{path.lstrip('/')}")  # some clients double the first slash
    for folder, endpoint in _ABOVE_ADDRESS.items():
        if canonical.startswith(folder):
            written = canonical.removeprefix(folder).encode("latin-1", errors="replace")
            address = written.decode(errors="replace")
            return (endpoint, address) if _ADDRESS_IN_PATH.fullmatch(address) else (None, None)
    return BY_PATH.get(canonical), None


def canonical_path(path: str) -> str:
    """The path as the table writes it; an address in it keeps its case."""
    lowered = path.translate(_TO_LOWER)  # ASCII alone: a path is bytes, which WSGI reads as Latin-1
    if not lowered.startswith(CASELESS_PREFIX):
        return path
    folder = next((each for each in _ABOVE_ADDRESS if lowered.startswith(each)), lowered)
    return folder + path[len(folder) :]


def errors_at(path: str) -> TextKind:
    """The kind of text of an error at a path without a row: that of the paths it resembles."""
    path = canonical_path(path)
    return next(kind for beginning, kind in ERRORS_UNDER.items() if path.startswith(beginning))

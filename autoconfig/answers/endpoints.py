"""The table of URLs: every path that the server answers, in one place.

To publish a format under a URL, add a row. Which function answers is `Endpoint.kind`, and
`answers.ANSWERS` has one for each kind; a plain document needs none of its own.
"""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePosixPath
from string import ascii_lowercase, ascii_uppercase

from autoconfig.documents.formats import NO_STORE
from autoconfig.names import Domain


class Kind(Enum):
    """How a URL is answered."""

    DOCUMENT = auto()  # a format of `documents.FORMATS`, for the domain of the address or the host
    POX = auto()  # Autodiscover in plain old XML: the request says what it wants in its body
    SOAP = auto()  # Autodiscover for SOAP clients: only ever a redirect
    JSON = auto()  # Autodiscover v2
    HEALTH = auto()
    READY = auto()
    METRICS = auto()  # for whoever watches this server, not through a proxy
    ASK = auto()  # whether a name may have a certificate, for the web server in front of us alone


class ErrorStyle(Enum):
    """What an error looks like to the client that asked."""

    TEXT = auto()
    XML = auto()
    JSON = auto()
    HTML = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One URL. Each row is itself alone, so that it is looked up by identity.

    `path` may end in `/<address>`. `format`: of a DOCUMENT. `parameter`: the query parameter that
    holds the address, in any case. `any_origin`: whether scripts of other sites may read it (CORS).
    `file_host`: the host under which `export` writes it as a file, `{domain}` being the domain.
    """

    path: str
    methods: tuple[str, ...]
    kind: Kind
    errors: ErrorStyle
    format: str | None = None
    parameter: str | None = None
    any_origin: bool = False
    not_found_cache: str = NO_STORE
    file_host: str | None = None

    @property
    def label(self) -> str:
        """What metrics call it."""
        return self.format or self.kind.name.lower()

    @property
    def allow(self) -> tuple[str, ...]:
        """Every method that is answered, as the `Allow` header has it."""
        return (*self.methods, *(("HEAD",) if "GET" in self.methods else ()), "OPTIONS")

    def file(self, domain: Domain) -> PurePosixPath | None:
        """The file of this URL for a domain, relative to the directory of all hosts."""
        if self.file_host is None:
            return None
        return PurePosixPath(self.file_host.format(domain=domain), self.path.lstrip("/"))


CERTIFIED_PREFIXES = ("autoconfig.", "autodiscover.")
"""The names of a domain that may have a certificate of their own."""

HOST_PREFIXES = (*CERTIFIED_PREFIXES, "ua-auto-config.")
"""What stands before a domain in the names that clients ask for."""

ANY_CASE = "/autodiscover/"
"""Below this, letter case does not matter: [MS-OXDISCO] 2.2; exchangelib writes capitals."""

POX_PATH = "/autodiscover/autodiscover.xml"
JSON_PATH = "/autodiscover/autodiscover.json"

ENDPOINTS = (
    Endpoint(
        "/mail/config-v1.1.xml",
        ("GET",),
        Kind.DOCUMENT,
        ErrorStyle.TEXT,
        format="autoconfig",
        parameter="emailaddress",
        any_origin=True,
        not_found_cache="public, max-age=300",
        file_host="autoconfig.{domain}",
    ),
    Endpoint(
        "/.well-known/autoconfig/mail/config-v1.1.xml",
        ("GET",),
        Kind.DOCUMENT,
        ErrorStyle.TEXT,
        format="autoconfig",
        parameter="emailaddress",
        any_origin=True,
        not_found_cache="public, max-age=300",
        file_host="{domain}",
    ),
    Endpoint(POX_PATH, ("GET", "POST"), Kind.POX, ErrorStyle.XML),
    Endpoint("/autodiscover/autodiscover.svc", ("GET", "POST"), Kind.SOAP, ErrorStyle.XML),
    Endpoint(JSON_PATH, ("GET",), Kind.JSON, ErrorStyle.JSON, parameter="email"),
    Endpoint(f"{JSON_PATH}/v1.0/<address>", ("GET",), Kind.JSON, ErrorStyle.JSON),
    Endpoint("/", ("GET",), Kind.DOCUMENT, ErrorStyle.HTML, format="page"),
    Endpoint("/healthz", ("GET",), Kind.HEALTH, ErrorStyle.TEXT),
    Endpoint("/readyz", ("GET",), Kind.READY, ErrorStyle.TEXT),
    Endpoint("/metrics", ("GET",), Kind.METRICS, ErrorStyle.TEXT),
    Endpoint("/ask", ("GET",), Kind.ASK, ErrorStyle.TEXT, parameter="domain"),
)


_BY_PATH = {endpoint.path: endpoint for endpoint in ENDPOINTS}
_ABOVE_ADDRESS = {e.path.partition("<")[0]: e for e in ENDPOINTS if "<" in e.path}
_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


def endpoint_at(path: str) -> Endpoint | None:
    """The row for a path that is written as the table does, with an address in its place."""
    above = (e for folder, e in _ABOVE_ADDRESS.items() if path.startswith(folder))
    return _BY_PATH.get(path) or next(above, None)


def canonical_path(path: str) -> str:
    """The path as the table writes it; an address in it keeps its case."""
    lowered = path.translate(_SMALL)  # ASCII alone: a path is bytes, which WSGI reads as Latin-1
    if not lowered.startswith(ANY_CASE):
        return path
    folder = next((each for each in _ABOVE_ADDRESS if lowered.startswith(each)), lowered)
    return folder + path[len(folder) :]


def errors_under(path: str) -> ErrorStyle:
    """What an error looks like at a path that is not in the table, by what it resembles."""
    path = canonical_path(path)
    if path.startswith(JSON_PATH):
        return ErrorStyle.JSON
    if path.startswith(ANY_CASE):
        return ErrorStyle.XML
    return ErrorStyle.TEXT if path.startswith(("/mail/", "/.well-known/")) else ErrorStyle.HTML

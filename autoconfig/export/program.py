"""The PHP program and its data, which together answer on web space as the server does.

The program (`templates/webspace/*.php`) holds no fact. The data are the tables that the server
reads, the words of its errors and the operator's names, written as PHP literals. A URL or a kind of
URL that is not in `HANDLERS` is for the server alone and touches neither. What people ask for, such
as the page, is longer than all the rest, and few requests are for it: it has a file of its own.
"""

from collections.abc import Iterable, Iterator, Mapping

from autoconfig.answers.endpoints import (
    ANY_ORIGIN,
    CASELESS_PREFIX,
    ENDPOINTS,
    ERRORS_UNDER,
    JSON_PATH,
    NOSNIFF,
    POX_PATH,
    Endpoint,
    Kind,
    errors_at,
)
from autoconfig.answers.language import LANGUAGE_RANGE, MOST_RANGES
from autoconfig.answers.page import field_page
from autoconfig.answers.pox_request import (
    FORMAT_OF_SCHEMA,
    MAX_BODY,
    PLAIN_REQUEST,
    REQUEST_NAMESPACES,
)
from autoconfig.answers.refusal import written
from autoconfig.answers.request import MACHINE_HOST
from autoconfig.config.served import Served
from autoconfig.documents.devices import CLOSED, DEVICES, GUIDE, GUIDES_END, OPEN, ranks
from autoconfig.documents.document import Document
from autoconfig.documents.formats import (
    APPLE_DEVICES,
    FORMATS,
    HOUR,
    LANGUAGES,
    NO_STORE,
    VARY_LANGUAGE,
    Format,
    in_language,
)
from autoconfig.documents.placeholders import PLACEHOLDERS, UUID_NAMESPACE
from autoconfig.documents.render import Renderings, source
from autoconfig.documents.text import FORM, HTML, JSON, TEXT, XML, TextKind
from autoconfig.errors import CLIENT_ERRORS, MalformedAddress, NotServed
from autoconfig.export import php
from autoconfig.export.rules import REDIRECTS, redirects
from autoconfig.export.target import OWNER_MARK
from autoconfig.names import (
    HOST_NAME,
    HOST_PREFIXES,
    LONGEST_ADDRESS,
    Domain,
    unicode_domain,
)
from autoconfig.offers.model import Service

Table = Mapping[str, object]

PARTS = ("main", "autodiscover", "people", "asked", "names", "send")
"""The files of the program, in the order of reading."""

HANDLERS: Mapping[Kind, str] = {
    **dict.fromkeys(REDIRECTS, "answer_redirect"),
    Kind.DOCUMENT: "answer_document",
    Kind.POX: "answer_pox",
    Kind.JSON: "answer_json",
    Kind.PAGE: "answer_page",
    Kind.PROFILE: "answer_profile",
    Kind.HEALTH: "answer_health",
    Kind.READY: "answer_health",  # web space that answers takes more requests
}
"""The function of the program that answers a kind of URL."""

KINDS = (XML, HTML, JSON, TEXT)
"""The kinds of text that the program escapes values for."""


def program() -> str:
    """The program, in one file to upload."""
    return php.joined((source(f"webspace/{part}.php") for part in PARTS), OWNER_MARK)


def data(served: Served, renderings: Renderings, base_url: str | None) -> str:
    """The file that the program reads as `DATA`."""
    tables = {
        "base_url": base_url,
        **_constants(),
        **_urls(),
        **_pages(),
        "errors": _errors(),
        "formats": {each.name: _format(each) for each in FORMATS.values() if _is_written(each)},
        **_names(served),
        "services": [_service(each, renderings) for each in served.services()],
    }
    return php.data_file(tables, OWNER_MARK)


def for_people(served: Served, renderings: Renderings) -> str:
    """The file that the program reads where a person asks, and not a mail program."""
    documents = (each for service in served.services() for each in _written(service, renderings))
    tables = {
        "documents": {each.digest: each.text for each in documents if _is_for_people(each.format)},
        "fields": {language: _fields(language) for language in LANGUAGES},
    }
    return php.data_file(tables, OWNER_MARK)


def _fields(language: str) -> Mapping[int, str]:
    statuses = (200, MalformedAddress.status, NotServed.status)
    return {status: field_page(language, status, typed="%TYPED%") for status in statuses}


def _is_for_people(format: Format) -> bool:
    """Whether people ask for it, as its errors say, which are pages."""
    return format.errors is HTML


def _is_written(format: Format) -> bool:
    """Whether the program can write the format: no signature, no escape that it does not know."""
    return format.finish is None and format.kind.name in {kind.name for kind in KINDS}


def _constants() -> Table:
    return {
        "host_prefixes": HOST_PREFIXES,
        "caseless_prefix": CASELESS_PREFIX,
        "headers": _lines((NOSNIFF,)),
        "pox_path": POX_PATH,
        "json_path": JSON_PATH,
        "no_store": NO_STORE,
        "hour": HOUR,
        "max_body": MAX_BODY,
        "longest_address": LONGEST_ADDRESS,
        "host_name": _whole(HOST_NAME.pattern),
        "plain_request": _whole(PLAIN_REQUEST.pattern.decode()),
        "white_space": _white_space(),
        "request_namespaces": REQUEST_NAMESPACES,
        "format_of_schema": FORMAT_OF_SCHEMA,
        "uuid_namespace": UUID_NAMESPACE,
        "kinds": {kind.name: _kind(kind) for kind in KINDS},
    }


def _whole(pattern: str) -> str:
    """A regular expression that a text matches from end to end; `~` stands at both ends of it."""
    return _anywhere(r"\A(?:{})\z".format(pattern.replace(r"\Z", r"\z")))


def _anywhere(pattern: str) -> str:
    """A regular expression as PHP takes it, in the same signs."""
    return "~{}~".format(pattern.replace("~", r"\x7e"))


def _white_space() -> str:
    """The white space of `str.strip`, as a class of a regular expression; U+3000 is the last."""
    spaces = (number for number in range(0x3001) if chr(number).isspace())
    return "[{}]".format("".join(f"\\x{{{number:x}}}" for number in spaces))


def _kind(kind: TextKind) -> Table:
    return {"name": kind.name, "type": kind.media_type, "headers": _lines(kind.headers)}


def _lines(headers: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers]


def _urls() -> Table:
    """The rows of the table of URLs that the program answers, by path or by its beginning."""
    rows = {each.path: _endpoint(each) for each in ENDPOINTS if _is_answered(each)}
    others = {each.path: each.errors for each in ENDPOINTS if not _is_answered(each)}
    return {
        "endpoints": {path: row for path, row in rows.items() if "<" not in path},
        "above_address": {path.partition("<")[0]: row for path, row in rows.items() if "<" in path},
        "errors_at": {p: kind.name for p, kind in others.items() if kind is not errors_at(p)},
        "errors_under": {beginning: kind.name for beginning, kind in ERRORS_UNDER.items()},
    }


def _is_answered(endpoint: Endpoint) -> bool:
    format = FORMATS.get(endpoint.format or "")
    return endpoint.kind in HANDLERS and (format is None or _is_written(format))


def _endpoint(endpoint: Endpoint) -> Table:
    return {
        "path": endpoint.path,
        "answer": HANDLERS[endpoint.kind],
        "allow": endpoint.allow,
        "errors": endpoint.errors.name,
        "format": endpoint.format,
        "parameter": endpoint.parameter,
        "headers": _lines((ANY_ORIGIN,) if endpoint.any_origin else ()),
        "not_found_cache": endpoint.not_found_cache,
    }


def _pages() -> Table:
    """What the page for people is chosen from, by language."""
    return {
        "pages": {language: _page(language) for language in LANGUAGES},
        "form": _kind(FORM),
        **_devices(),
        "profiles": {language: _profiles(language) for language in LANGUAGES},
        "most_ranges": MOST_RANGES,
        "language_range": _whole(LANGUAGE_RANGE.pattern),
        "machine_host": _whole(MACHINE_HOST.pattern),
    }


def _profiles(language: str) -> Table:
    """The Apple profiles by what they are for; the first is for everything else."""
    own = {device: in_language(f"mobileconfig-{device}", language) for device in APPLE_DEVICES}
    return {"": in_language("mobileconfig", language), **own}


def _devices() -> Table:
    """What a page is brought into the order of the reader's device by."""
    return {
        "guides": {"begin": GUIDE, "end": GUIDES_END, "closed": CLOSED, "open": OPEN},
        "devices": {
            device: {"word": _anywhere(word.pattern), "ranks": ranks(device)}
            for device, word in DEVICES.items()
        },
    }


def _page(language: str) -> Table:
    return {
        "address": in_language("page", language),
        "domain": in_language("page-domain", language),
        "headers": _lines((VARY_LANGUAGE,)),
    }


def _errors() -> Table:
    return {
        error.__name__: {
            "status": error.status,
            "written": {
                kind.name: written(error(), kind, time="%TIME%").decode() for kind in KINDS
            },
        }
        for error in CLIENT_ERRORS
    }


def _format(format: Format) -> Table:
    return {
        "kind": _kind(format.kind),
        "headers": _lines(format.headers),
        "cache": format.cache,
        "fills": {placeholder: PLACEHOLDERS[placeholder].name for placeholder in format.fills},
        "needs_address": format.needs_address,
    }


def _names(served: Served) -> Table:
    number = {service: index for index, service in enumerate(served.services())}
    both = {
        name: unicode_domain(Domain(name)) for name in (*served.domains, *served.mailbox_domains)
    }
    return {
        "domains": {domain: number[service] for domain, service in served.domains.items()},
        "unicode": {name: typed for name, typed in both.items() if typed != name},
        "mailboxes": {name: number[service] for name, service in served.mailboxes.items()},
        "mailbox_domains": dict.fromkeys(sorted(served.mailbox_domains), True),
    }


def _service(service: Service, renderings: Renderings) -> Table:
    return {
        "redirects": redirects(service),
        "activesync": service.activesync and service.activesync.url,
        "ews": service.ews and service.ews.url,
        "documents": {
            each.format.name: {"digest": each.digest, **_text(each)}
            for each in _written(service, renderings)
        },
    }


def _text(document: Document) -> Table:
    """None where it stands in the file for people, under the digest."""
    return {} if _is_for_people(document.format) else {"text": document.text}


def _written(service: Service, renderings: Renderings) -> Iterator[Document]:
    return (each for each in renderings.of(service).values() if _is_written(each.format))

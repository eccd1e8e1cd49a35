"""Kinds of web space that runs no Python, and what each needs beside the documents.

For Apache a `.htaccess` and a PHP program with its data, which together answer as the server does;
for nginx a snippet. `autoconfig.php` holds no fact: what it answers with, down to the table of URLs
and the words of an error, is written here as PHP literals from the tables that the server reads.

For Apache, PHP sends Outlook on to Exchange too, and not a rewrite rule: the address that Outlook
posts decides where, and a rule only sees the host.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autoconfig.answers.endpoints import (
    CASELESS_PREFIX,
    ENDPOINTS,
    HOST_PREFIXES,
    JSON_PATH,
    POX_PATH,
    Endpoint,
    errors_at,
)
from autoconfig.config.served import Served
from autoconfig.documents.formats import FORMATS, NO_STORE
from autoconfig.documents.render import Renderings, render
from autoconfig.documents.text import HTML, JSON, TEXT, XML
from autoconfig.errors import ClientError, MethodNotAllowed, NotFound, NotServed
from autoconfig.names import Domain, unicode_domain
from autoconfig.offers.model import Autodiscover, Service

HTACCESS = ".htaccess"
SNIPPET = "autoconfig.nginx.conf"

MARK = "Written by `autoconfig export`; change the configuration and export again."
"""Stands at the top of a target's own files: one without it is somebody's site."""


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of web space.

    `own_files`: the text of its files beside the documents, by name and in the order of writing;
    from the directory and the base URL. `beyond`: what is said at the end, from the directory and
    the folder: what is to be done, what these files cannot do, and what does it instead.
    """

    own_files: Callable[[Served, Renderings, str | None], Mapping[str, str]]
    beyond: Callable[[Served, Path], Iterator[str]]


def php(value: object, indent: str = "") -> str:
    """A value as a PHP literal; between single quotes only `\\` and `'` are special."""
    if isinstance(value, str):
        return "'{}'".format(value.replace("\\", "\\\\").replace("'", "\\'"))
    if value is None or isinstance(value, (bool, int)):
        return "null" if value is None else str(value).lower()
    deeper = f"{indent}    "
    if isinstance(value, Mapping):
        rows = (f"{php(key)} => {php(each, deeper)}" for key, each in value.items())
    elif isinstance(value, (tuple, list)):
        rows = (php(each, deeper) for each in value)
    else:
        raise TypeError(f"{type(value).__name__} has no PHP literal")
    return "[\n{}{}]".format("".join(f"{deeper}{row},\n" for row in rows), indent)


# ------------------------------------------------------------------------------------------ plain


def _nothing_more(
    served: Served, renderings: Renderings, base_url: str | None
) -> Mapping[str, str]:
    return {}


def _beyond_plain(served: Served, folder: Path) -> Iterator[str]:
    outlook = _first_for_outlook(served)
    if outlook:
        yield (
            "Outlook: its settings hold the person's address, which no file can fill in. "
            f"Run `autoconfig serve` under autodiscover.{outlook} and the like."
        )
    for service, domains in _by_service(served):
        if service.autodiscover:
            more = f" and {len(domains) - 1} more" if len(domains) > 1 else ""
            yield (
                f"{service.offer.name} ({domains[0]}{more}): Outlook needs no file, but a redirect "
                f"of {POX_PATH} by HTTP 302 to {service.autodiscover.xml}, "
                f"or the DNS record _autodiscover._tcp SRV 0 0 443 {service.host}."
            )
    yield from _beyond_mailboxes(served)


def _beyond_mailboxes(served: Served) -> Iterator[str]:
    for mailbox, service in served.mailboxes.items():
        domain = mailbox.rpartition("@")[2]
        yield (
            f"{mailbox}: a file is the same for every address. Run `autoconfig serve` under "
            f"autoconfig.{domain} and autodiscover.{domain}, or export --for apache."
        )
        if service.autodiscover and domain not in served.domains:
            yield (
                f"If all of {domain} is there, write it into `domains` and export again: then "
                f"Outlook needs only the DNS record _autodiscover._tcp SRV 0 0 443 "
                f"{service.host}."
            )


# ----------------------------------------------------------------------------------------- Apache


def _for_apache(served: Served, renderings: Renderings, base_url: str | None) -> Mapping[str, str]:
    data = php(_tables(served, renderings, base_url))
    return {
        "autoconfig-data.php": render(TEXT, "webspace-data.php", mark=MARK, data=data),
        "autoconfig.php": render(TEXT, "webspace.php", mark=MARK),
        HTACCESS: render(TEXT, "webspace.htaccess", mark=MARK, **_file_rules("%1")),
    }


def _beyond_apache(served: Served, folder: Path) -> Iterator[str]:
    names = _names(served)
    yield (
        f"Put all of it, {HTACCESS} too, into one folder with PHP 7.4 or newer, and make it the "
        f"web root of {names} and the like, with a certificate for each."
    )


def _tables(served: Served, renderings: Renderings, base_url: str | None) -> Mapping[str, object]:
    """What `autoconfig.php` reads as `DATA`."""
    number = {service: index for index, service in enumerate(served.services())}
    domains = {domain: number[service] for domain, service in served.domains.items()}
    both = {name: unicode_domain(Domain(name)) for name in (*domains, *served.mailbox_domains)}
    problems = ClientError.__subclasses__()
    return {
        "base_url": base_url,
        "host_prefixes": HOST_PREFIXES,
        "any_case": CASELESS_PREFIX,
        "pox_path": POX_PATH,
        "json_path": JSON_PATH,
        "types": {kind.name: kind.media_type for kind in (TEXT, XML, JSON, HTML)},
        "endpoints": [_endpoint(endpoint) for endpoint in ENDPOINTS],
        "errors_under": {path: errors_at(path).name for path in _folders()},
        "errors": {
            error.__name__: {
                "status": error.status,
                "pox": error.pox_code,
                "json": error.json_code,
                "text": error.message,
            }
            for error in problems
        },
        "error_xml": render(
            XML, "autodiscover-error.xml", time="%TIME%", code="%CODE%", message="%MESSAGE%"
        ),
        "error_html": {
            status: render(HTML, "error.html", status=status)
            for status in sorted({error.status for error in problems})
        },
        "formats": {
            format.name: {
                "type": format.kind.media_type,
                "cache": format.cache,
                "fills": format.fills,
                "needs_address": format.needs_address,
                "for_domain": format.for_domain,
            }
            for format in FORMATS.values()
        },
        "services": [_service(service, renderings) for service in served.services()],
        "domains": domains,
        "unicode": {name: typed for name, typed in both.items() if typed != name},
        "mailboxes": {name: number[service] for name, service in served.mailboxes.items()},
    }


def _endpoint(endpoint: Endpoint) -> Mapping[str, object]:
    return {
        "path": endpoint.path,
        "allow": endpoint.allow,
        "kind": endpoint.kind.name,
        "errors": endpoint.errors.name,
        "format": endpoint.format,
        "parameter": endpoint.parameter,
        "any_origin": endpoint.any_origin,
        "not_found_cache": endpoint.not_found_cache,
    }


def _folders() -> Iterator[str]:
    """The beginnings of paths that tell what an error looks like there, the longer ones first."""
    yield JSON_PATH
    for endpoint in ENDPOINTS:
        first, slash, _ = endpoint.path[1:].partition("/")
        if slash:
            yield f"/{first}/"


def _service(service: Service, renderings: Renderings) -> Mapping[str, object]:
    own = service.autodiscover
    return {
        "autodiscover": own and {"xml": own.xml, "svc": own.svc, "json": own.json},
        "activesync": service.activesync,
        "ews": service.ews,
        "documents": {
            name: {"text": document.text, "digest": document.digest}
            for name, document in renderings.of(service).items()
        },
    }


# ------------------------------------------------------------------------------------------ nginx


def _for_nginx(served: Served, renderings: Renderings, base_url: str | None) -> Mapping[str, str]:
    exchange = (
        (domain, _for_snippet(service.autodiscover))
        for domain, service in served.domains.items()
        if service.autodiscover
    )
    values = {
        **_file_rules("$autoconfig_domain"),
        "names": _names(served).replace(" and ", " "),
        "mark": MARK,
        "exchange": [*exchange],
        "text_type": TEXT.media_type,
        "no_store": NO_STORE,
        "not_found": NotFound.message,
        "not_served": NotServed.message,
        "not_allowed": MethodNotAllowed.message,
    }
    return {SNIPPET: render(TEXT, "webspace.nginx.conf", **values)}


def _for_snippet(own: Autodiscover) -> Mapping[str, str]:
    """The URLs with what is special between nginx's quotes percent-encoded."""
    safe = "!#%&()*+,/:;=?@[]~"
    return {name: quote(getattr(own, name), safe=safe) for name in ("xml", "svc", "json")}


def _beyond_nginx(served: Served, folder: Path) -> Iterator[str]:
    yield f"Include {folder / SNIPPET} in the server block of {_names(served)} and the like."
    if _first_for_outlook(served):
        yield (
            "Outlook: its settings hold the person's address, which no file can fill in. It gets "
            "404, until the proxy_pass in that file leads to `autoconfig serve`."
        )
    yield from _beyond_mailboxes(served)


# ----------------------------------------------------------------------------------------- common


def _file_rules(domain: str) -> dict[str, object]:
    """What rules of a web server say of the files; `domain` is how they name it."""
    rows = [
        {
            "path": endpoint.path,
            "pattern": re.escape(endpoint.path),
            "file": endpoint.file(Domain(domain)),
            "name": Path(endpoint.path).name,
            "allow": ", ".join(endpoint.allow),
            "media_type": FORMATS[endpoint.format].kind.media_type,
            "cache": FORMATS[endpoint.format].cache,
            "unknown_cache": endpoint.not_found_cache,
        }
        for endpoint in ENDPOINTS
        if endpoint.file_host and endpoint.format
    ]
    return {"prefixes": "|".join(map(re.escape, HOST_PREFIXES)), "files": rows}


def _by_service(served: Served) -> list[tuple[Service, list[Domain]]]:
    kinds: dict[Service, tuple[Service, list[Domain]]] = {}
    for domain, service in served.domains.items():
        kinds.setdefault(service, (service, []))[1].append(domain)
    return [*kinds.values()]


def _first_for_outlook(served: Served) -> Domain | None:
    """A domain whose Outlook users need settings from us."""
    sites = served.domains.items()
    return next((domain for domain, service in sites if not service.autodiscover), None)


def _names(served: Served) -> str:
    """The first two names that a client asks for."""
    domain = next(iter((*served.domains, *sorted(served.mailbox_domains))))
    return f"autoconfig.{domain} and autodiscover.{domain}"


TARGETS: Mapping[str, Target] = {
    "plain": Target(_nothing_more, _beyond_plain),
    "apache": Target(_for_apache, _beyond_apache),
    "nginx": Target(_for_nginx, _beyond_nginx),
}

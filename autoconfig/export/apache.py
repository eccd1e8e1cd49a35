"""Web space with Apache and PHP, as shared hosting has it: it answers as the server does.

Apache answers the plainest requests by a file, as `.htaccess` says, and PHP all others. PHP sends
Outlook on to Exchange too, and not a rewrite rule: the address that Outlook posts decides where,
and a rule only sees the host.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from autoconfig.answers.endpoints import (
    CASELESS_PREFIX,
    ENDPOINTS,
    ERRORS_UNDER,
    HOST_PREFIXES,
    JSON_PATH,
    POX_PATH,
    Endpoint,
)
from autoconfig.config.served import Served
from autoconfig.documents.formats import FORMATS
from autoconfig.documents.render import Renderings, render
from autoconfig.documents.text import HTML, JSON, TEXT, XML
from autoconfig.errors import CLIENT_ERRORS
from autoconfig.export.advice import client_hosts
from autoconfig.export.php import literal
from autoconfig.export.rules import file_rules, host_prefixes
from autoconfig.export.target import OWNER_MARK, Target
from autoconfig.names import Domain, unicode_domain
from autoconfig.offers.model import Service

HTACCESS = ".htaccess"
PROGRAM = "autoconfig.php"
DATA = "autoconfig-data.php"


def _own_files(served: Served, renderings: Renderings, base_url: str | None) -> Mapping[str, str]:
    """The data come before the program that reads them, and both before the rules."""
    return {
        DATA: render(
            TEXT,
            "webspace/autoconfig-data.php",
            mark=OWNER_MARK,
            data=literal(_tables(served, renderings, base_url)),
        ),
        PROGRAM: render(TEXT, "webspace/autoconfig.php", mark=OWNER_MARK),
        HTACCESS: _htaccess(),
    }


def _htaccess() -> str:
    rules = file_rules("%1")
    return render(
        TEXT,
        "webspace/htaccess",
        mark=OWNER_MARK,
        prefixes=host_prefixes(),
        rules=[(re.escape(rule.path), rule.file) for rule in rules],
        by_name={Path(rule.path).name: rule for rule in rules},
        quoted=_quoted,
    )


def _quoted(value: str) -> str:
    """The value of a header between Apache's double quotes, where `%` begins a variable."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _advice(served: Served, folder: Path) -> Iterator[str]:
    yield (
        f"Put all of it, {HTACCESS} too, into one folder with PHP 7.4 or newer, and make it the "
        f"web root of {' and '.join(client_hosts(served))} and the like, with a certificate for "
        "each."
    )


def _tables(served: Served, renderings: Renderings, base_url: str | None) -> Mapping[str, object]:
    """What `autoconfig.php` reads as `DATA`."""
    number = {service: index for index, service in enumerate(served.services())}
    domains = {domain: number[service] for domain, service in served.domains.items()}
    both = {name: unicode_domain(Domain(name)) for name in (*domains, *served.mailbox_domains)}
    return {
        "base_url": base_url,
        "host_prefixes": HOST_PREFIXES,
        "any_case": CASELESS_PREFIX,
        "pox_path": POX_PATH,
        "json_path": JSON_PATH,
        "types": {kind.name: kind.media_type for kind in (TEXT, XML, JSON, HTML)},
        "endpoints": [_endpoint(endpoint) for endpoint in ENDPOINTS],
        "errors_under": {path: kind.name for path, kind in ERRORS_UNDER.items() if path},
        "errors": {
            error.__name__: {
                "status": error.status,
                "pox": error.pox_code,
                "json": error.json_code,
                "text": error.message,
            }
            for error in CLIENT_ERRORS
        },
        "error_xml": render(
            XML, "autodiscover-error.xml", time="%TIME%", code="%CODE%", message="%MESSAGE%"
        ),
        "error_html": {
            status: render(HTML, "error.html", status=status)
            for status in sorted({error.status for error in CLIENT_ERRORS})
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


APACHE = Target(_own_files, _advice)

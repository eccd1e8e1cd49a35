"""Web space with nginx: the documents, redirects to other servers, 404 for everything else."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autoconfig.answers.endpoints import CASELESS_PREFIX, ENDPOINTS, Endpoint, Kind
from autoconfig.config.served import Served
from autoconfig.documents.formats import NO_STORE
from autoconfig.documents.render import Renderings, render
from autoconfig.documents.text import TEXT
from autoconfig.errors import MethodNotAllowed, NotFound, NotServed
from autoconfig.export.advice import about_mailboxes, client_hosts, for_outlook, listed
from autoconfig.export.rules import REDIRECTS, file_rules, host_prefixes, lookalikes, redirects
from autoconfig.export.target import OWNER_MARK, Target

SNIPPET = "autoconfig.nginx.conf"


@dataclass(frozen=True, slots=True)
class Redirect:
    """A URL that may lead to another server. `variable`: nginx's, which has the URL there.

    `methods`: those that are sent there.
    """

    path: str
    location: str
    variable: str
    keeps_query: bool
    methods: tuple[str, ...]


def _own_files(served: Served, renderings: Renderings, base_url: str | None) -> Mapping[str, str]:
    elsewhere = {domain: redirects(service) for domain, service in served.domains.items()}
    values = {
        "mark": OWNER_MARK,
        "hosts": client_hosts(served),
        "prefixes": host_prefixes(),
        "lookalikes": lookalikes(served),
        "rules": file_rules("$autoconfig_domain"),
        "quoted": _quoted,
        "redirects": _redirects(),
        "elsewhere": {domain: _escaped(urls) for domain, urls in elsewhere.items() if urls},
        "text_type": TEXT.media_type,
        "no_store": NO_STORE,
        "not_found": NotFound.message,
        "not_served": NotServed.message,
        "not_allowed": MethodNotAllowed.message,
    }
    return {SNIPPET: render(TEXT, "webspace/nginx.conf", **values)}


def _redirects() -> list[Redirect]:
    rows = [each for each in ENDPOINTS if each.kind in REDIRECTS and "<" not in each.path]
    return [_redirect(each, f"autoconfig_url_{number}") for number, each in enumerate(rows, 1)]


def _redirect(endpoint: Endpoint, variable: str) -> Redirect:
    path, caseless = endpoint.path, endpoint.path.startswith(CASELESS_PREFIX)
    location = f'~* "^{re.escape(path)}$"' if caseless else f"= {path}"
    methods = tuple(method for method in endpoint.allow if method != "OPTIONS")
    return Redirect(path, location, variable, endpoint.kind is Kind.JSON, methods)


def _escaped(urls: Mapping[str, str]) -> Mapping[str, str]:
    """The URLs with what is special between nginx's quotes percent-encoded."""
    return {path: quote(url, safe="!#%&()*+,/:;=?@[]~") for path, url in urls.items()}


def _quoted(value: str) -> str:
    """The value of a header between nginx's quotes. Raises `ValueError` for `$`, always special."""
    if "$" in value:
        raise ValueError(f"nginx cannot send {value}")
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _advice(served: Served, folder: Path, base_url: str | None) -> Iterator[str]:
    hosts = listed(client_hosts(served))
    yield f"Include {folder / SNIPPET} in the server block of {hosts}."
    if for_outlook(served):
        yield (
            "Outlook: its settings hold the person's address, which no file can fill in. It gets "
            "404, until the proxy_pass in that file leads to `autoconfig serve`."
        )
    yield from about_mailboxes(served)


NGINX = Target(_own_files, _advice)

"""Web space with nginx: the documents, a redirect for Exchange, 404 for everything else."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from autoconfig.config.served import Served
from autoconfig.documents.formats import NO_STORE
from autoconfig.documents.render import Renderings, render
from autoconfig.documents.text import TEXT
from autoconfig.errors import MethodNotAllowed, NotFound, NotServed
from autoconfig.export.advice import about_mailboxes, client_hosts, first_for_outlook
from autoconfig.export.rules import file_rules, host_prefixes
from autoconfig.export.target import OWNER_MARK, Target
from autoconfig.offers.model import Autodiscover

SNIPPET = "autoconfig.nginx.conf"


def _own_files(served: Served, renderings: Renderings, base_url: str | None) -> Mapping[str, str]:
    exchange = {
        domain: _urls(service.autodiscover)
        for domain, service in served.domains.items()
        if service.autodiscover
    }
    values = {
        "mark": OWNER_MARK,
        "hosts": client_hosts(served),
        "prefixes": host_prefixes(),
        "rules": file_rules("$autoconfig_domain"),
        "quoted": _quoted,
        "exchange": exchange,
        "text_type": TEXT.media_type,
        "no_store": NO_STORE,
        "not_found": NotFound.message,
        "not_served": NotServed.message,
        "not_allowed": MethodNotAllowed.message,
    }
    return {SNIPPET: render(TEXT, "webspace/nginx.conf", **values)}


def _urls(own: Autodiscover) -> Mapping[str, str]:
    """The URLs with what is special between nginx's quotes percent-encoded."""
    safe = "!#%&()*+,/:;=?@[]~"
    return {name: quote(getattr(own, name), safe=safe) for name in ("xml", "svc", "json")}


def _quoted(value: str) -> str:
    """The value of a header between nginx's quotes. Raises `ValueError` for `$`, always special."""
    if "$" in value:
        raise ValueError(f"nginx cannot send {value}")
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _advice(served: Served, folder: Path) -> Iterator[str]:
    hosts = " and ".join(client_hosts(served))
    yield f"Include {folder / SNIPPET} in the server block of {hosts} and the like."
    if first_for_outlook(served):
        yield (
            "Outlook: its settings hold the person's address, which no file can fill in. It gets "
            "404, until the proxy_pass in that file leads to `autoconfig serve`."
        )
    yield from about_mailboxes(served)


NGINX = Target(_own_files, _advice)

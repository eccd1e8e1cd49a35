"""The sites: one domain for each way in which a page can differ. The pages of them, and others."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from tests.support.services import SERVICES, service_of

WEB_ADDRESS = "127.0.0.1"
"""The machine's own, where every name of a site leads."""

OPERATORS = "autoconfig.agency.example"
"""The host of `base_url`, under which there are a field for an address, and the generator."""

UNKNOWN = "unknown.example"
"""A domain that the server does not serve, and whose names lead to it."""

LONG = "donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbau"
"""A word of German without a hyphen, at which a line would break."""


@dataclass(frozen=True, slots=True)
class Site:
    """A domain. `written`: its service in the configuration; none where the DNS tells it."""

    domain: str
    written: Mapping[str, object]
    local_part: str = "alice"

    @property
    def address(self) -> str:
        return f"{self.local_part}@{self.domain}"

    @property
    def host(self) -> str:
        """The name under which a person opens its page."""
        return f"autoconfig.{self.domain}"

    @property
    def path(self) -> str:
        """That of its person's page."""
        return f"/?emailaddress={quote(self.address)}"

    @property
    def table(self) -> str:
        rows = {**self.written, "domains": [self.domain]}
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items()]
        return "\n".join(("[[service]]", *lines, ""))


GUESSED = Site("guessed.example.fr", {})
"""Its zone has the MX of OVHcloud, and says no more: the page is a guess, and says so."""

OFFERS = {
    name: Site(
        f"{name}.example",
        {"offer": service.offer.id, "region": service.region}
        | ({"server": service.host} if service.host else {}),
    )
    for name, service in SERVICES.items()
    if not service.guessed
}
"""One of every offer, region and kind of server, as the golden files have them."""

SITES = OFFERS | {
    "guessed": GUESSED,
    "without POP3": Site(
        "no-pop3.example",
        {"offer": "exchange-hosted", "server": "ex4", "protocols": ["imap", "smtp"]},
    ),
    "POP3 alone": Site("pop3.example", {"offer": "mx-plan", "protocols": ["pop3", "smtp"]}),
    "long": Site(
        f"{LONG}.example",
        {"offer": "exchange-private", "server": f"mail.{LONG}.{LONG}.example"},
        local_part=LONG + "abcdefg",  # 64 letters, as many as there may be
    ),
    "international": Site("crème-brûlée.example", {"offer": "zimbra-pro"}, "o'neil+a&b"),
}


class Place(NamedTuple):
    """Where a page is."""

    host: str
    path: str = "/"

    def at(self, port: int) -> str:
        """The URL."""
        return f"http://{self.host}:{port}{self.path}"


PAGES = {
    f"{name}, {which}": Place(site.host, path)
    for name, site in SITES.items()
    for which, path in (("domain", "/"), ("person", site.path))
} | {
    "field": Place(OPERATORS),
    "no address": Place(OPERATORS, "/?emailaddress=alice"),
    "not served": Place(OPERATORS, f"/?emailaddress=alice@{UNKNOWN}"),
    "unknown": Place(f"autoconfig.{UNKNOWN}"),
    "generator": Place(OPERATORS, "/generator"),
}

MAIL_HOSTS = {
    host: f"127.0.1.{number}"
    for number, host in enumerate(
        sorted({server.host for name in OFFERS for server in SERVICES[name].servers}), start=1
    )
}
"""The mail hosts of the offers, and where they lead."""

EXCHANGER = service_of("mx-plan").dns.mx[0].host
"""The MX of the domain whose zone is read."""


def configuration() -> str:
    """The file that the server is started with."""
    head = f'base_url = "https://{OPERATORS}"\ndetect = true\ngenerator = true\n'
    return "\n".join((head, *(site.table for site in SITES.values() if site.written)))

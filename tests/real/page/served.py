"""The sites: one domain for each way in which a page can differ, and the server's configuration."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from tests.support.services import SERVICES, service_of

OPERATORS = "autoconfig.agency.example"
"""The host of `base_url`, under which there is a field for an address."""

UNKNOWN = "unknown.example"
"""A domain that the server does not serve, and whose names lead to it."""

LONG = "donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbau"
"""A word of German without a hyphen, at which nothing may break a line."""


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
    def quoted_address(self) -> str:
        """As it stands in a query."""
        return quote(self.address)

    @property
    def host(self) -> str:
        """The name under which a person opens its page."""
        return f"autoconfig.{self.domain}"

    @property
    def table(self) -> str:
        rows = {**self.written, "domains": [self.domain]}
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items()]
        return "\n".join(("[[service]]", *lines, ""))


GUESSED = Site("guessed.example.fr", {})
"""Its zone has the MX of OVHcloud, and says no more: the page is a guess, and says so."""

OFFERS: Mapping[str, Site] = {
    name: Site(
        f"{name}.example",
        {"offer": service.offer.id, "region": service.region}
        | ({"server": service.host} if service.host else {}),
    )
    for name, service in SERVICES.items()
    if not service.guessed
}
"""One of every offer, region and kind of server, as the golden files have them."""

SITES: Mapping[str, Site] = OFFERS | {
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

EXCHANGER = service_of("mx-plan").dns.mx[0].host
"""The MX of the domain whose zone is read."""


def configuration() -> str:
    """The file that the server is started with."""
    head = f'base_url = "https://{OPERATORS}"\ndetect = true\n'
    return "\n".join((head, *(site.table for site in SITES.values() if site.written)))

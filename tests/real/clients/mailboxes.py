"""One mailbox of every offer, the configuration that serves them, and the settings each should get.

The settings are those of the offers, which a person has read in the golden files.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from autoconfig.offers.hosting import Own
from autoconfig.offers.model import Service
from tests.support.services import CATALOGUE, service_of

UNKNOWN = "alice@unknown.example"
"""Of a domain whose names lead to the server, which does not serve it."""

NO_CERTIFICATE = "alice@no-certificate.example"
"""Of a domain on the first Exchange server of all, asked over http alone."""

OWN_HOST = "mail.private.example"
"""The server of a customer who has one of his own."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a client connects, `socket` being `SSL` (TLS at once) or `STARTTLS`."""

    type: str
    host: str
    port: int
    socket: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox of a service. `exchange`: the host whose Autodiscover answers for it."""

    service: Service

    @property
    def offer(self) -> str:
        return self.service.offer.id

    @property
    def incoming(self) -> tuple[Server, ...]:
        return self._servers("imap", "pop3")

    @property
    def outgoing(self) -> tuple[Server, ...]:
        return self._servers("smtp")

    @property
    def exchange(self) -> str | None:
        return self.service.host if self.service.autodiscover else None

    @property
    def ews(self) -> str | None:
        """The URL of Exchange Web Services, where Thunderbird offers them as a third choice."""
        return self.service.ews.url if self.exchange and self.service.ews else None

    @property
    def calendars(self) -> str | None:
        """The host of the calendars, where the offer has them."""
        return urlsplit(self.service.caldav.url).hostname if self.service.caldav else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The types of incoming server that Thunderbird offers, the recommended one first."""
        return (*(each.type for each in self.incoming), *(["ews"] if self.ews else []))

    @property
    def domain(self) -> str:
        return f"{self.offer}.example"

    @property
    def address(self) -> str:
        return f"alice@{self.domain}"

    def _servers(self, *protocols: str) -> tuple[Server, ...]:
        return tuple(
            Server(each.protocol, each.host, each.port, each.socket)
            for each in self.service.of(*protocols)
        )


def _mailbox(offer: str) -> Mailbox:
    own = isinstance(CATALOGUE.offers[offer].regions["eu"].server, Own)
    return Mailbox(service_of(offer, server=OWN_HOST if own else None))


MAILBOXES = tuple(map(_mailbox, CATALOGUE.offers))
EXCHANGE = tuple(mailbox for mailbox in MAILBOXES if mailbox.exchange)
IMAP = tuple(mailbox for mailbox in MAILBOXES if not mailbox.exchange)
CALENDAR = tuple(mailbox for mailbox in MAILBOXES if mailbox.calendars)
CERTIFIED = (*(mailbox.domain for mailbox in MAILBOXES), UNKNOWN.partition("@")[2])
DOMAINS = (*CERTIFIED, NO_CERTIFICATE.partition("@")[2])
WEB_ADDRESS = "127.0.0.1"
"""Where the names lead that the owner of a domain points to the server."""

MAIL_HOSTS = {
    host: f"127.0.1.{number}"
    for number, host in enumerate(
        sorted({s.host for m in MAILBOXES for s in (*m.incoming, *m.outgoing)}), start=1
    )
}
"""An address of loopback for each, which tells them apart where a client names none."""

EXCHANGER = service_of("mx-plan").dns.mx[0].host
"""The MX of every domain."""


def configuration() -> str:
    """The file that the server is started with."""
    return "\n".join(map(_table, MAILBOXES))


def _table(mailbox: Mailbox) -> str:
    domains = [mailbox.domain]
    if mailbox is EXCHANGE[0]:
        domains.append(NO_CERTIFICATE.partition("@")[2])
    host = mailbox.service.host
    server = f'server = "{host}"\n' if host else ""
    return f'[[service]]\noffer = "{mailbox.offer}"\n{server}domains = {json.dumps(domains)}\n'

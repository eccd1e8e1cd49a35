"""The mailboxes, the configuration of the server, and the settings that each mailbox should get.

There is one of every offer whose domain is configured, and some whose domains are in no
configuration: the server reads their offers from their zones. The settings are those of the offers,
which a person has read in the golden files.
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
    """A mailbox of a service. `exchange`: the host whose Autodiscover answers for it.

    `parent`: the name below which its domain is.
    """

    service: Service
    parent: str = "example"

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
        return f"{self.offer}.{self.parent}"

    @property
    def address(self) -> str:
        return f"alice@{self.domain}"

    @property
    def announced(self) -> str | None:
        """The host of the record with which OVHcloud tells Outlook of the service."""
        return self.service.dns.autodiscover_srv

    def _servers(self, *protocols: str) -> tuple[Server, ...]:
        return tuple(
            Server(each.protocol, each.host, each.port, each.socket)
            for each in self.service.of(*protocols)
        )


def _mailbox(offer: str) -> Mailbox:
    own = isinstance(CATALOGUE.offers[offer].regions["eu"].server, Own)
    return Mailbox(service_of(offer, server=OWN_HOST if own else None))


CONFIGURED = tuple(map(_mailbox, CATALOGUE.offers))
TOLD_BY_DNS = tuple(
    service_of(offer, server=server)
    for offer, server in (
        ("mx-plan", None),
        ("zimbra-starter", None),
        ("email-pro", "pro2"),
        ("exchange-hosted", "ex2"),
    )
)
DETECTED = tuple(Mailbox(service, "example.fr") for service in TOLD_BY_DNS)
"""Of domains that are in no configuration, and whose names lead to the server."""
BY_MX = tuple(Mailbox(service, "example.org") for service in TOLD_BY_DNS)
"""Of domains that are in no configuration, and have no names beside the records of OVHcloud."""
MAILBOXES = (*CONFIGURED, *DETECTED)
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

PROVIDER = f"autoconfig.{EXCHANGER.partition('.')[2]}"
"""Where programs ask that go by the MX; it leads to the server, as if the provider ran it."""


def configuration() -> str:
    """The file that the server is started with."""
    return "\n".join(["detect = true\n", *map(_table, CONFIGURED)])


def _table(mailbox: Mailbox) -> str:
    domains = [mailbox.domain]
    if mailbox is EXCHANGE[0]:
        domains.append(NO_CERTIFICATE.partition("@")[2])
    host = mailbox.service.host
    server = f'server = "{host}"\n' if host else ""
    return f'[[service]]\noffer = "{mailbox.offer}"\n{server}domains = {json.dumps(domains)}\n'

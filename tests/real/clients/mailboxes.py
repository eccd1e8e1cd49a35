"""One mailbox of every offer, as `autoconfig.toml` serves it, and the settings it should get.

Written down by hand, and not read from the offers: what real clients find is compared with this.
"""

from dataclasses import dataclass
from pathlib import Path

CONFIG = Path(__file__).parent / "autoconfig.toml"
UNKNOWN = "alice@unknown.example"
"""Of a domain whose names lead to the server, which does not serve it."""

NO_CERTIFICATE = "alice@no-certificate.example"
"""Of a domain on the same Exchange server as `exchange-hosted.example`, asked over http alone."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a client connects, `socket` being `SSL` (TLS at once) or `STARTTLS`."""

    type: str
    host: str
    port: int
    socket: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`offer`: its id. `exchange`: the host whose Autodiscover answers for it."""

    offer: str
    incoming: tuple[Server, ...]
    outgoing: tuple[Server, ...]
    exchange: str | None = None

    @property
    def domain(self) -> str:
        return f"{self.offer}.example"

    @property
    def address(self) -> str:
        return f"alice@{self.domain}"


def _shared(offer: str) -> Mailbox:
    return Mailbox(
        offer,
        (
            Server("imap", "imap.mail.ovh.net", 993, "SSL"),
            Server("pop3", "pop.mail.ovh.net", 995, "SSL"),
        ),
        (
            Server("smtp", "smtp.mail.ovh.net", 465, "SSL"),
            Server("smtp", "smtp.mail.ovh.net", 587, "STARTTLS"),
        ),
    )


def _one_host(offer: str, host: str, exchange: str | None = None) -> Mailbox:
    return Mailbox(
        offer,
        (Server("imap", host, 993, "SSL"), Server("pop3", host, 995, "SSL")),
        (Server("smtp", host, 587, "STARTTLS"),),
        exchange,
    )


MAILBOXES = (
    _shared("mx-plan"),
    _shared("zimbra-starter"),
    _shared("zimbra-pro"),
    _one_host("email-pro", "pro1.mail.ovh.net"),
    _one_host("exchange-hosted", "ex4.mail.ovh.net", "ex4.mail.ovh.net"),
    _one_host("exchange-private", "mail.private.example", "mail.private.example"),
)
EXCHANGE = tuple(mailbox for mailbox in MAILBOXES if mailbox.exchange)
IMAP = tuple(mailbox for mailbox in MAILBOXES if not mailbox.exchange)
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

"""The names of a zone at which mail programs look for settings and servers.

RFC 6186 has the SRV names of mail, RFC 8314 section 5.1 adds `_submissions`, RFC 6764 has those of
calendars. `_autodiscover` is Microsoft's. MX, SPF, DKIM and DMARC are never ours to change.
"""

from typing import NamedTuple

from autoconfig.names import CERTIFIED_PREFIXES, Domain
from autoconfig.offers.model import Service
from autoconfig.zone.record import absolute

WEB_TYPES = ("CNAME", "A", "AAAA")
"""The types by which a name can lead to a web server."""


class Label(NamedTuple):
    """An SRV name of mail, and the kind of server that programs expect there.

    `created`: whether it is proposed where there is none. `denied`: whether, where the service has
    no such server, a record says so. Elsewhere it is left out: a program that is told that there is
    no `_submission` does not look for another way to send.
    """

    name: str
    protocol: str
    socket: str
    priority: int = 0
    created: bool = True
    denied: bool = False


MAIL = (
    Label("_imaps._tcp", "imap", "SSL"),
    Label("_pop3s._tcp", "pop3", "SSL", priority=10),
    Label("_submission._tcp", "smtp", "STARTTLS"),
    Label("_submissions._tcp", "smtp", "SSL"),
    Label("_smtps._tcp", "smtp", "SSL", created=False),  # in no standard, but programs ask
    Label("_imap._tcp", "imap", "STARTTLS", denied=True),
    Label("_pop3._tcp", "pop3", "STARTTLS", priority=10, denied=True),
)
PROTOCOLS = tuple(dict.fromkeys(label.protocol for label in MAIL))


def names_of_interest(domain: Domain, service: Service | None) -> dict[str, tuple[str, ...]]:
    """The absolute names that are looked at, and the types of records that count there.

    MX is among them, because it tells the offer, and TXT, because no CNAME can stand beside it.
    `service`: None if it is not known yet.
    """
    names: dict[str, tuple[str, ...]] = {absolute(domain): ("MX",)}
    names |= dict.fromkeys(web_names(domain), (*WEB_TYPES, "TXT"))
    names[autodiscover(domain)] = ("SRV",)
    names |= {below(label.name, domain): ("SRV",) for label in MAIL}
    if service is None or service.caldav:
        names[calendars(domain)] = ("SRV", "TXT")
    return names


def web_names(domain: Domain) -> list[str]:
    """The names at which programs ask for settings, `autoconfig` first."""
    return [absolute(f"{prefix}{domain}") for prefix in CERTIFIED_PREFIXES]


def autodiscover(domain: Domain) -> str:
    """The name at which Outlook looks for a server of Autodiscover."""
    return below("_autodiscover._tcp", domain)


def calendars(domain: Domain) -> str:
    """The name at which programs look for calendars."""
    return below("_caldavs._tcp", domain)


def below(label: str, domain: Domain) -> str:
    """An absolute name of the domain."""
    return absolute(f"{label}.{domain}")

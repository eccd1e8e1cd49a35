"""The records that lead a mail program to its settings and servers, as they should be.

RFC 6186 names the SRV records of mail, RFC 8314 section 5.1 adds `_submissions`, RFC 6764 has those
of calendars. `_autodiscover` is Microsoft's. Nothing here is ever about MX, SPF, DKIM or DMARC.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

from autoconfig.names import CERTIFIED_PREFIXES, Domain
from autoconfig.offers.model import Service
from autoconfig.zone.hosts import Hosts, alike, not_for_mail, region_of
from autoconfig.zone.place import Place, Verdict
from autoconfig.zone.plan import Target, Why
from autoconfig.zone.record import Record, Srv, absolute, plain

HTTPS = 443
ROOT = "."
NONE = Srv(0, 0, 0, ROOT)
"""Says that there is no such server (RFC 2782)."""

WEB_TYPES = ("CNAME", "A", "AAAA")
AUTODISCOVER, CALENDARS = "_autodiscover._tcp", "_caldavs._tcp"

End: TypeAlias = tuple[str, int]
"""A host without final dot, and a port."""


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


LABELS = (
    Label("_imaps._tcp", "imap", "SSL"),
    Label("_pop3s._tcp", "pop3", "SSL", priority=10),
    Label("_submission._tcp", "smtp", "STARTTLS"),
    Label("_submissions._tcp", "smtp", "SSL"),
    Label("_smtps._tcp", "smtp", "SSL", created=False),  # in no standard
    Label("_imap._tcp", "imap", "STARTTLS", denied=True),
    Label("_pop3._tcp", "pop3", "STARTTLS", priority=10, denied=True),
)

WEIGHT = 1
"""As in RFC 6186 section 6: there is but one server to choose."""


def names_of_interest(domain: Domain, service: Service | None) -> dict[str, tuple[str, ...]]:
    """The absolute names that are looked at, and the types of records that count there.

    MX is among them, because it tells the offer. `service`: None if it is not known yet.
    """
    names: dict[str, tuple[str, ...]] = {absolute(domain): ("MX",)}
    names |= {absolute(f"{prefix}{domain}"): WEB_TYPES for prefix in CERTIFIED_PREFIXES}
    names |= {_below(label, domain): ("SRV",) for label in (AUTODISCOVER, *_MAIL)}
    if service is None or service.caldav:
        names[calendars(domain)] = ("SRV", "TXT")
    return names


_MAIL = tuple(label.name for label in LABELS)
PROTOCOLS = tuple(dict.fromkeys(label.protocol for label in LABELS))


def calendars(domain: Domain) -> str:
    """The name at which programs look for calendars."""
    return _below(CALENDARS, domain)


def _below(label: str, domain: Domain) -> str:
    return absolute(f"{label}.{domain}")


# ------------------------------------------------------------------------------------ SRV records


@dataclass(frozen=True, slots=True)
class _Ends:
    """What is known of the ends to which the SRV records of a name may lead.

    `none`: the verdict on the root. `known`: on hosts with their ports. `hosts`: on the same with
    other ports.
    """

    none: Verdict
    known: Mapping[End, Verdict]
    hosts: Mapping[str, Verdict]


_OF_SERVICE = Verdict(right=True, why=Why.OF_SERVICE)
_NONE_SAID = Verdict(right=True, why=Why.NONE_SAID)
_DENIED = Verdict(right=False, why=Why.DENIED)
_OTHER_PORT = Verdict(right=False, why=Why.OTHER_PORT)
_NOT_FOR_MAIL = Verdict(right=False, why=Why.NOT_FOR_MAIL)
_OTHER_TLS = {
    "SSL": Verdict(right=False, why=Why.STARTTLS_ONLY),
    "STARTTLS": Verdict(right=False, why=Why.TLS_AT_ONCE),
}
"""The verdict on a port of the protocol at which TLS begins otherwise than programs expect."""


def _judge(ends: _Ends, hosts: Hosts, record: Record) -> Verdict:
    srv = Srv.parse(record.value)
    if srv is None:
        return Verdict(right=False, why=Why.UNREADABLE)
    if srv.host == ROOT:
        return ends.none
    host = plain(srv.host)
    known = ends.known.get((host, srv.port)) or ends.hosts.get(host)
    foreign = Verdict(right=False, why=Why.NOT_OF_SERVICE)
    return (known or hosts.of_other_service(host) or foreign)._replace(host=host)


def _srv_place(name: str, wanted: Srv | None, why: Why, ends: _Ends, hosts: Hosts) -> Place:
    records = (Record(name, "SRV", str(wanted)),) if wanted else ()
    return Place(name, ("SRV",), records, why, partial(_judge, ends, hosts))


def srv_places(
    domain: Domain, service: Service, target: Target, hosts: Hosts, calendar: Sequence[Record]
) -> Iterator[Place]:
    """The places of SRV records. `calendar`: the records that stand at `calendars`."""
    yield _autodiscover(domain, service, target, hosts)
    for label in LABELS:
        yield _of_mail(label, domain, service, hosts)
    yield from _of_calendars(domain, service, hosts, calendar)


def _autodiscover(domain: Domain, service: Service, target: Target, hosts: Hosts) -> Place:
    expected = service.dns.autodiscover_srv
    ours = {f"{prefix}{domain}" for prefix in CERTIFIED_PREFIXES} | {target.host or domain}
    yours = Verdict(right=True, why=Why.YOURS)
    if expected:
        yours = Verdict(right=False, why=Why.SERVICE_EXPECTED, needed=False)
    known = {(host, HTTPS): yours for host in ours}
    if expected:
        known[expected, HTTPS] = _OF_SERVICE
    elsewhere = {host: _OTHER_PORT for host, _ in known}
    ends = _Ends(_DENIED if expected else _NONE_SAID, known, elsewhere)
    wanted = Srv(0, 0, HTTPS, absolute(expected)) if expected else None
    name = _below(AUTODISCOVER, domain)
    return _srv_place(name, wanted, Why.LEADS_TO_OUTLOOK, ends, hosts)


def _of_mail(label: Label, domain: Domain, service: Service, hosts: Hosts) -> Place:
    servers = service.of(label.protocol)
    fit = [each for each in servers if each.socket == label.socket]
    wanted, why = None, Why.LEADS_TO_SERVER
    if fit and label.created:
        wanted = Srv(label.priority, WEIGHT, fit[0].port, absolute(fit[0].host))
    elif label.denied:
        wanted, why = NONE, Why.NOT_WITHOUT_TLS
    ends = _ends_of_mail(label, service, none=_DENIED if fit else _NONE_SAID)
    return _srv_place(_below(label.name, domain), wanted, why, ends, hosts)


def _ends_of_mail(label: Label, service: Service, none: Verdict) -> _Ends:
    other_tls, other_port = _OTHER_TLS[label.socket], _OTHER_PORT
    servers = service.of(label.protocol)
    if label.denied and not any(each.socket == label.socket for each in servers):
        # A program may try TLS at the port of a server that is there; elsewhere it has none.
        other_port = Verdict(right=False, why=Why.WITHOUT_TLS)
        other_tls = other_port._replace(needed=False)
    same = alike(service, label.protocol)
    known = {
        (host, each.port): _OF_SERVICE if each.socket == label.socket else other_tls
        for each in servers
        for host in (each.host, *same)
    }
    hosts = dict.fromkeys(not_for_mail(region_of(service)), _NOT_FOR_MAIL)
    hosts |= {each.host: other_port for each in service.servers}
    hosts |= dict.fromkeys(alike(service, *PROTOCOLS), other_port)
    return _Ends(none, known, hosts)


# --------------------------------------------------------------------------------------- calendars

PATH = '"path='
"""The beginning of a TXT record that says where calendars are (RFC 6764 section 4)."""


def _of_calendars(
    domain: Domain, service: Service, hosts: Hosts, present: Sequence[Record]
) -> Iterator[Place]:
    """The places of calendars, unless the domain has some of its own elsewhere."""
    if service.caldav is None:
        return
    url = urlsplit(service.caldav.url)
    host, port = str(url.hostname), url.port or HTTPS
    there = [Srv.parse(each.value) for each in present if each.type == "SRV"]
    aliases = any(each.type == "CNAME" for each in present)
    if aliases or any(each is None or plain(each.host) not in {"", host} for each in there):
        return
    name = calendars(domain)
    ends = _Ends(_DENIED, {(host, port): _OF_SERVICE}, {host: _OTHER_PORT})
    wanted = Srv(0, WEIGHT, port, absolute(host))
    yield _srv_place(name, wanted, Why.LEADS_TO_CALENDAR, ends, hosts)
    path = Record(name, "TXT", f'{PATH}{url.path or "/"}"')
    yield Place(name, ("TXT",), (path,), Why.LEADS_TO_CALENDAR, _judge_path)


def _judge_path(record: Record) -> Verdict | None:
    return _OF_SERVICE if record.value.startswith(PATH) else None

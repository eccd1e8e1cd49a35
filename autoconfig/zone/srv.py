"""The SRV records that lead mail programs to servers (RFC 2782), as they should be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias
from urllib.parse import urlsplit

from autoconfig.detect.rule import HTTPS
from autoconfig.names import Domain, certified_names
from autoconfig.offers.model import Service
from autoconfig.zone.hosts import Hosts, alike, not_for_mail, region_of
from autoconfig.zone.place import Place, Verdict
from autoconfig.zone.plan import Target, Why
from autoconfig.zone.record import Record, Srv, absolute, plain
from autoconfig.zone.wanted import MAIL, PROTOCOLS, Label, autodiscover, below, calendars

NONE = Srv(0, 0, 0, ".")
"""Says that there is no such server."""

WEIGHT = 1
"""As in RFC 6186 section 6: there is but one server to choose."""

PATH = '"path='
"""The beginning of a TXT record that says where calendars are (RFC 6764 section 4)."""

End: TypeAlias = tuple[str, int]
"""A host without final dot, and a port."""

_OF_SERVICE = Verdict(right=True, why=Why.OF_SERVICE)
_NONE_SAID = Verdict(right=True, why=Why.NONE_SAID)
_DENIED = Verdict(right=False, why=Why.DENIED)
_OTHER_PORT = Verdict(right=False, why=Why.OTHER_PORT)
_NOT_FOR_MAIL = Verdict(right=False, why=Why.NOT_FOR_MAIL)
_NOT_OF_SERVICE = Verdict(right=False, why=Why.NOT_OF_SERVICE)
_WITHOUT_TLS = Verdict(right=False, why=Why.WITHOUT_TLS)
_OTHER_TLS = {
    "SSL": Verdict(right=False, why=Why.STARTTLS_ONLY),
    "STARTTLS": Verdict(right=False, why=Why.TLS_AT_ONCE),
}
"""The verdict on a port at which TLS begins otherwise than programs expect."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """The verdicts on where the records of a name may lead.

    `none`: on the root. `known`: on hosts with a port. `hosts`: on hosts with any other port.
    """

    none: Verdict
    known: Mapping[End, Verdict]
    hosts: Mapping[str, Verdict]


def srv_places(
    domain: Domain, service: Service, target: Target, hosts: Hosts, calendar: Sequence[Record]
) -> Iterator[Place]:
    """The places of SRV records. `calendar`: the records that stand at `calendars`."""
    yield _of_outlook(domain, service, target, hosts)
    for label in MAIL:
        yield _of_mail(label, domain, service, hosts)
    if service.caldav:
        yield from _of_calendars(domain, service.caldav.url, hosts, calendar)


def _place(name: str, wanted: Srv | None, why: Why, ends: _Ends, hosts: Hosts) -> Place:
    records = (Record(name, "SRV", str(wanted)),) if wanted else ()
    return Place(name, ("SRV",), records, why, partial(_judge, ends, hosts))


def _judge(ends: _Ends, hosts: Hosts, record: Record) -> Verdict:
    srv = Srv.parse(record.value)
    if srv is None:
        return Verdict(right=False, why=Why.UNREADABLE)
    host = plain(srv.host)
    if not host:
        return ends.none
    known = ends.known.get((host, srv.port)) or ends.hosts.get(host)
    return (known or hosts.of_other_service(host) or _NOT_OF_SERVICE)._replace(host=host)


def _of_outlook(domain: Domain, service: Service, target: Target, hosts: Hosts) -> Place:
    """The server of Autodiscover: the service's own, else the one that answers programs."""
    expected = service.dns.autodiscover_srv
    yours = Verdict(right=True, why=Why.YOURS)
    if expected:
        yours = Verdict(right=False, why=Why.SERVICE_EXPECTED, needed=False)
    known = dict.fromkeys(filter(None, (*certified_names(domain), target.host)), yours)
    wanted, none = None, _NONE_SAID
    if expected:
        known[expected] = _OF_SERVICE
        wanted, none = Srv(0, 0, HTTPS, absolute(expected)), _DENIED
    by_port = {(host, HTTPS): verdict for host, verdict in known.items()}
    ends = _Ends(none, by_port, dict.fromkeys(known, _OTHER_PORT))
    return _place(autodiscover(domain), wanted, Why.LEADS_TO_OUTLOOK, ends, hosts)


def _of_mail(label: Label, domain: Domain, service: Service, hosts: Hosts) -> Place:
    server = next((s for s in service.of(label.protocol) if s.socket == label.socket), None)
    wanted, why, none, other_port = None, Why.LEADS_TO_SERVER, _NONE_SAID, _OTHER_PORT
    if server and label.created:
        wanted = Srv(label.priority, WEIGHT, server.port, absolute(server.host))
        none = _DENIED
    elif label.denied:
        wanted, why, other_port = NONE, Why.NOT_WITHOUT_TLS, _WITHOUT_TLS
    ends = _Ends(none, _ports(label, service), _hosts(service, other_port))
    return _place(below(label.name, domain), wanted, why, ends, hosts)


def _ports(label: Label, service: Service) -> dict[End, Verdict]:
    """The verdicts on the service's servers of the protocol, and on hosts that are the same."""
    other = _OTHER_TLS[label.socket]._replace(needed=not label.denied)
    return {
        (host, each.port): _OF_SERVICE if each.socket == label.socket else other
        for each in service.of(label.protocol)
        for host in (each.host, *alike(service, label.protocol))
    }


def _hosts(service: Service, other_port: Verdict) -> dict[str, Verdict]:
    """The verdicts on the service's hosts at ports that it does not have for the protocol."""
    own = (*(each.host for each in service.servers), *alike(service, *PROTOCOLS))
    others = dict.fromkeys(not_for_mail(region_of(service)), _NOT_FOR_MAIL)
    return others | dict.fromkeys(own, other_port)


def _of_calendars(
    domain: Domain, address: str, hosts: Hosts, there: Sequence[Record]
) -> Iterator[Place]:
    """The server of calendars and the path there, unless the domain has its calendars elsewhere."""
    url = urlsplit(address)
    host, port = str(url.hostname), url.port or HTTPS
    srv = [Srv.parse(each.value) for each in there if each.type == "SRV"]
    aliases = any(each.type == "CNAME" for each in there)
    if aliases or any(each is None or plain(each.host) not in {"", host} for each in srv):
        return
    name = calendars(domain)
    ends = _Ends(_DENIED, {(host, port): _OF_SERVICE}, {host: _OTHER_PORT})
    wanted = Srv(0, WEIGHT, port, absolute(host))
    yield _place(name, wanted, Why.LEADS_TO_CALENDAR, ends, hosts)
    path = Record(name, "TXT", f'{PATH}{url.path or "/"}"')
    yield Place(name, ("TXT",), (path,), Why.LEADS_TO_CALENDAR, _judge_path)


def _judge_path(record: Record) -> Verdict | None:
    return _OF_SERVICE if record.value.startswith(PATH) else None

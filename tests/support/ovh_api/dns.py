"""The name servers of an account's zones: they answer from the served copy alone.

So a test sees what a program sees that reads back what it has written: nothing before a refresh.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.zone

from tests.support.name_server import LONGEST, Reply, Server, name_server
from tests.support.ovh_api.state import State


def name_server_of(state: State) -> AbstractContextManager[Server]:
    """A name server that looks at the account for each answer."""
    return name_server(otherwise=_served(state))


def _served(state: State) -> Reply:
    """What is served of a name; a refusal outside the zones."""

    def reply(query: dns.message.Message) -> Iterator[bytes]:
        answer = dns.message.make_response(query)
        zone = _zone(state, query.question[0].name)
        if zone is None:
            answer.set_rcode(dns.rcode.REFUSED)
        else:
            answer.flags |= dns.flags.AA
            _fill(answer, zone)
        yield answer.to_wire(max_size=LONGEST)

    return reply


def _zone(state: State, name: dns.name.Name) -> dns.zone.Zone | None:
    """The longest zone of a name, as it is served."""
    origins = {dns.name.from_text(each): zone for each, zone in state.zones.items()}
    above = [each for each in origins if name.is_subdomain(each)]
    if not above:
        return None
    origin = max(above, key=len)
    return dns.zone.from_text(origins[origin].export(served=True), origin, relativize=False)


def _fill(answer: dns.message.Message, zone: dns.zone.Zone) -> None:
    """The records that are asked for, after the aliases in the zone that lead to them."""
    origin = zone.origin
    assert origin
    name, kind = answer.question[0].name, answer.question[0].rdtype
    while found := zone.get_rrset(name, dns.rdatatype.CNAME):
        answer.answer.append(found)
        if kind == dns.rdatatype.CNAME:
            return
        name = found[0].target
        if not name.is_subdomain(origin):
            return
    records = zone.get_rrset(name, kind)
    if records:
        answer.answer.append(records)
        return
    soa = zone.get_rrset(origin, dns.rdatatype.SOA)
    assert soa
    answer.authority.append(soa)
    if not any(each.is_subdomain(name) for each in zone.nodes):
        answer.set_rcode(dns.rcode.NXDOMAIN)

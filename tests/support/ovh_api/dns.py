"""The name servers of an account's zones: they answer from the served copy alone.

So a test sees what a program sees that reads back what it has written: nothing before a refresh.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.zone

from tests.support.name_server import LONGEST, Server
from tests.support.ovh_api.state import State


class ZoneServer(Server):
    """`state`: read at each question. A name outside its zones is refused."""

    def __init__(self, state: State) -> None:
        super().__init__({}, {}, self._answer, ("127.0.0.1", 0))
        self.state = state

    def _answer(self, query: dns.message.Message) -> Iterable[bytes]:
        answer = dns.message.make_response(query)
        zone = self._zone(query.question[0].name)
        if zone is None:
            answer.set_rcode(dns.rcode.REFUSED)
        else:
            answer.flags |= dns.flags.AA
            _fill(answer, zone)
        yield answer.to_wire(max_size=LONGEST)

    def _zone(self, name: dns.name.Name) -> dns.zone.Zone | None:
        """The zone of a name that is longest, as it is served."""
        origins = {dns.name.from_text(each): each for each in self.state.zones}
        above = [each for each in origins if name.is_subdomain(each)]
        if not above:
            return None
        origin = max(above, key=len)
        text = self.state.zones[origins[origin]].export(served=True)
        return dns.zone.from_text(text, origin, relativize=False)


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


@contextmanager
def name_server_of(state: State) -> Iterator[ZoneServer]:
    server = ZoneServer(state)
    server.start()
    try:
        yield server
    finally:
        server.stop()

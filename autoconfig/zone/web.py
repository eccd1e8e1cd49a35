"""The names at which mail programs ask for their settings: `autoconfig` and `autodiscover`.

Each must lead to the server that answers, by a CNAME or by its addresses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from autoconfig.names import Domain
from autoconfig.zone.hosts import Hosts
from autoconfig.zone.place import Place, Verdict
from autoconfig.zone.plan import Remark, Target, What, Why
from autoconfig.zone.record import Present, Record, absolute, address_record, plain
from autoconfig.zone.wanted import WEB_TYPES, web_names

MOST_ALIASES = 16
"""Names in a chain; resolvers give up at about as many."""

_WHY = (Why.ASKED_FIRST, Why.ASKED_BY_OUTLOOK)
"""The reasons for the names, in the order of `web_names`."""


@dataclass(frozen=True, slots=True)
class WebNames:
    """What the two names are judged by. `goal`: the server's name, and those it is an alias of."""

    target: Target
    present: Present
    hosts: Hosts
    goal: tuple[str, ...]

    @classmethod
    def of(cls, target: Target, present: Present, hosts: Hosts) -> "WebNames":
        host = (absolute(target.host),) if target.host else ()
        goal = tuple(name for each in host for name in _chain(each, present))
        return cls(target, present, hosts, goal)

    def places(self, domain: Domain) -> Iterator[Place]:
        """The two places. A name that is the server's own stays as it is."""
        names = dict(zip(web_names(domain), _WHY, strict=True))
        own = [name for name in self.goal if name in names]
        for name, why in names.items():
            if name not in own:
                wanted, each = self._wanted(name), bool(self.target.addresses)
                yield Place(name, WEB_TYPES, wanted, why, self._judge, needed=True, each=each)
                continue
            remarks = self._lost(name) if name == own[-1] else ()
            yield Place(name, WEB_TYPES, (), why, _itself, needed=True, remarks=remarks)

    def _wanted(self, name: str) -> tuple[Record, ...]:
        if not self.target.addresses:
            return (Record(name, "CNAME", absolute(str(self.target.host))),)
        return tuple(address_record(name, each) for each in dict.fromkeys(self.target.addresses))

    def _judge(self, record: Record) -> Verdict:
        host = plain(record.value)
        leads = self._leads(record.type, host)
        right = Verdict(right=leads, why=Why.YOURS if leads else Why.NOT_YOURS, host=host)
        return self.hosts.left_over(host) or right

    def _leads(self, kind: str, host: str) -> bool:
        if kind != "CNAME":
            return self._is_address(host)
        chain = tuple(_chain(absolute(host), self.present))
        end = [each.value for each in self.present.get(chain[-1], ()) if each.type in WEB_TYPES]
        meets = not set(self.goal).isdisjoint(chain)
        return meets or (bool(end) and all(map(self._is_address, end)))

    def _is_address(self, text: str) -> bool:
        """Whether a value is an address of the server."""
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return address in self.target.known or address in self.target.addresses

    def _lost(self, name: str) -> tuple[Remark, ...]:
        """The remark that the server's own name leads nowhere; `name` is the last to mend it at."""
        end = self.goal[-1]
        reached = {each.type for each in self.present.get(end, ())} & {"A", "AAAA"}
        lost = not reached if end == name else self.hosts.left_over(plain(end))
        return (Remark(What.NEEDS_ADDRESS, {"name": name}, open=True),) if lost else ()


def with_addresses(target: Target, present: Present) -> Target:
    """The target with the addresses that its host has among the records, if it is there."""
    *_, end = _chain(absolute(target.host or ""), present)
    found = (each.value for each in present.get(end, ()) if each.type in {"A", "AAAA"})
    return target._replace(known=target.known.union(map(ip_address, found)))


def _itself(record: Record) -> Verdict:
    return Verdict(right=True, why=Why.ITSELF, host=plain(record.name))


def _chain(name: str, present: Present) -> Iterator[str]:
    """The name, and those that it is an alias of, each once."""
    seen: set[str] = set()
    following: str | None = name
    while following and following not in seen and len(seen) < MOST_ALIASES:
        seen.add(following)
        yield following
        found = present.get(following, ())
        aliases = (absolute(plain(each.value)) for each in found if each.type == "CNAME")
        following = next(aliases, None)

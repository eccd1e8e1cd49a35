"""A customer's zones at the stand-in, and `autoconfig dns` that writes into them.

The command, the client library and HTTP are the real ones. The DNS answers from the copy of each
zone that the stand-in serves.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from autoconfig.cli import main
from autoconfig.names import Domain
from autoconfig.zone.live import Interest, Live
from autoconfig.zone.text import read_zone
from tests.support.ovh_api import Server, State, StoredZone, stand_in
from tests.support.services import service_of

DOMAIN = "example.fr"
HOST = "autoconfig.agency.example"

SERVICE = service_of("mx-plan")
MX = "\n".join(f"@ MX {each.preference} {each.host}." for each in SERVICE.dns.mx)


def end(protocol: str, socket: str) -> str:
    """Port and host of a server of the service, as SRV records have them."""
    found = next(each for each in SERVICE.of(protocol) if each.socket == socket)
    return f"{found.port} {found.host}."


DEFAULT_ZONE = f"""
{MX}
@ 600 SPF "v=spf1 -all"
@ A 192.0.2.10
@ TXT "1|www.example.fr"
www A 192.0.2.10
www TXT "3|welcome"
mail CNAME old.example.net.
autoconfig CNAME old.example.net.
autodiscover A 192.0.2.20
autodiscover AAAA 2001:db8::20
_autodiscover._tcp SRV 0 0 443 old.example.net.
_imaps._tcp SRV 0 0 {end("imap", "SSL")}
_submission._tcp 600 SRV 0 0 465 old.example.net.
"""
"""A zone of which the plan for MX Plan creates, replaces by one of the same type and of another,
deletes and keeps.
"""

APPLY = ("--offer", "mx-plan", "--to", HOST, "--apply", "--yes")


class Customer:
    """A customer with an account, in a folder of their own. `dns`: what name servers answer."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.state = server.state
        self.dns = Names(server.state)

    @property
    def zone(self) -> StoredZone:
        return self.state.zones[DOMAIN]

    def run(self, *arguments: str, typed: str = "") -> Result:
        """`autoconfig dns` with these arguments."""
        return CliRunner().invoke(main, ["dns", *arguments], input=typed)

    def apply(self, *more: str) -> Result:
        return self.run(DOMAIN, *APPLY, *more)

    def journals(self) -> list[Path]:
        """The journals in the folder, in their order."""
        return sorted(Path().glob("autoconfig-dns-*.jsonl"))


class Names:
    """Name servers, which serve what has been refreshed.

    `changes`: fields of their answers that are otherwise. `late`: the questions in which they
    still have what they had before.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.changes: dict[str, Any] = {}
        self.late = 0
        self._before: dict[Domain, Live] = {}

    async def look(self, interests: Mapping[Domain, Interest], *_: object) -> dict[Domain, Live]:
        self.late -= 1
        if self.late < 0:
            self._before = {}
        now = {domain: self._live(domain, each) for domain, each in interests.items()}
        self._before = {**now, **self._before}
        return {domain: self._before[domain] for domain in interests}

    def _live(self, domain: Domain, interest: Interest) -> Live:
        zone = self.state.zones.get(domain)
        if zone is None:
            return Live(failure="no zone has it")
        text = replace(zone, edited=zone.served).export()
        records = read_zone(text, Domain(zone.name), "served").records
        seen = tuple(each for each in records if each.type in interest.get(each.name, ()))
        return Live(seen, asked=zone.name_servers)._replace(**self.changes)


@contextmanager
def customer(
    folder: Path, monkeypatch: pytest.MonkeyPatch, zone: str = DEFAULT_ZONE
) -> Iterator[Customer]:
    """A customer whose account has one zone."""
    state = State()
    state.add_zone(DOMAIN, zone)
    with stand_in(state) as server:
        made = Customer(server)
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(folder)
        monkeypatch.setattr("autoconfig.zone.live.look", made.dns.look)
        monkeypatch.setattr("autoconfig.zone.servers.Servers.reach", _no_address)
        monkeypatch.setattr("autoconfig.account.client.PAUSES", ())
        monkeypatch.setattr("time.sleep", bool)
        yield made


async def _no_address(*_: object) -> frozenset[Any]:
    return frozenset()

"""The real programs, each asked about the domains of many faults: the servers that it takes.

A program is started once, or, where a process does not forget, once for each domain.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest
from exchangelib import Credentials
from exchangelib.autodiscover import clear_cache, close_connections, discover
from exchangelib.errors import AutoDiscoverFailed

from tests.real.clients.deltachat import delta_chat
from tests.real.clients.glib import look_up
from tests.real.clients.thunderbird import FIND, SOCKETS, display, thunderbird
from tests.real.world.addresses import REFUSE, blocked
from tests.real.world.case import Fault
from tests.real.world.world import World

FIND_ALL = f"""
{FIND}
const wantsPassword = error => error.cause?.fluentTitleId;
const one = async address => {{
  try {{
    return await find(address, "");
  }} catch (error) {{
    if (!wantsPassword(error)) {{
      throw error;
    }}
  }}
  return find(address, "secret").catch(() => ({{ confirmed: [], config: null }}));
}};
return Promise.all(arguments[0].map(one));
"""
"""As the window: without a password first; with one, if an Exchange server wants it."""
AT_ONCE = 12
"""Domains that a program looks up side by side: with more, it would find servers slow, and take
another version of IP.
"""
PROCESSES = 4
MAIL_PORTS = (25, 143, 465, 587, 993)
ENCRYPTION = {"tls": "SSL", "starttls": "STARTTLS", "plain": "plain"}  # as Delta Chat says it


class Taken(NamedTuple):
    """A server that a program takes; of Exchange, the host alone."""

    protocol: str
    host: str
    port: int = 0
    socket: str = ""
    username: str = ""


class Did(NamedTuple):
    """What a program did. `asked`: whether it asked its user for leave to go to another site."""

    taken: tuple[Taken, ...] = ()
    asked: bool = False


Asks: TypeAlias = Callable[[World, Sequence[Fault], Path], Iterator[Did]]


def by_thunderbird(world: World, faults: Sequence[Fault], folder: Path) -> Iterator[Did]:
    with display(folder) as screen, thunderbird(screen, world.ca, folder / "it") as driver:
        for addresses in _at_once(faults):
            for found in driver.run(FIND_ALL, addresses):
                config = found["config"] or {"incoming": [], "outgoing": []}
                servers = [*config["incoming"], *config["outgoing"][:1]]  # it uses that one
                taken = tuple(_of_thunderbird(each) for each in servers if each["hostname"])
                yield Did(taken, bool(found["confirmed"]))


def _of_thunderbird(server: Mapping[str, str]) -> Taken:
    host, protocol = server["hostname"], server["type"]
    if server.get("exchangeURL"):
        return Taken("exchange", host)
    socket = SOCKETS[int(server["socketType"])]
    return Taken(protocol, host, int(server["port"]), socket, server["username"])


def by_delta_chat(world: World, faults: Sequence[Fault], folder: Path) -> Iterator[Did]:
    """What it guesses, where it finds nothing, is nothing found: the domain itself is among that.

    No mail server lets it in, so that it tells all of them. Where it was told no encryption, it
    tries both kinds at the port.
    """
    with blocked(*MAIL_PORTS, by=REFUSE), delta_chat(folder) as program:
        tried = {
            address: servers
            for addresses in _at_once(faults)
            for address, servers in program.tried(addresses).items()
        }
    for fault in faults:
        found: dict[Taken, list[str]] = {}
        for protocol, servers in zip(("imap", "smtp"), tried[fault.address], strict=True):
            split = [each.split(":") for each in servers]
            if fault.domain not in {host for host, *_ in split}:
                for host, port, kind in split:
                    found.setdefault(Taken(protocol, host, int(port)), []).append(kind)
        yield Did(
            tuple(
                server._replace(socket="" if len(kinds) > 1 else ENCRYPTION[kinds[0]])
                for server, kinds in found.items()
            )
        )


def by_evolution(world: World, faults: Sequence[Fault], folder: Path) -> Iterator[Did]:
    for said in _look_ups("evolution", faults, folder):
        found = re.findall(r"^(IMAP|POP3|SMTP): (.+)@([^@]+):(\d+)$", said, re.MULTILINE)
        yield Did(
            tuple(
                Taken(kind.lower(), host, int(port), "", user) for kind, user, host, port in found
            )
        )


def by_geary(world: World, faults: Sequence[Fault], folder: Path) -> Iterator[Did]:
    for said in _look_ups("geary", faults, folder):
        found = re.findall(r"^(imap|smtp) (\S+) (\d+) (\S+)$", said, re.MULTILINE)
        yield Did(tuple(Taken(kind, host, int(port), socket) for kind, host, port, socket in found))


def by_evolution_ews(world: World, faults: Sequence[Fault], folder: Path) -> Iterator[Did]:
    for said in _look_ups("evolution_ews", faults, folder):
        found = re.findall(r"^https://([^/]+)/", said, re.MULTILINE)
        yield Did(tuple(Taken("exchange", host) for host in found))


def by_exchangelib(world: World, faults: Sequence[Fault], folder: Path) -> Iterator[Did]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(world.ca))
        for fault in faults:
            yield Did(tuple(_of_exchangelib(fault.address)))
            close_connections()
            clear_cache()


def _of_exchangelib(address: str) -> Iterator[Taken]:
    """The server; none if Autodiscover fails, or has no Exchange server in its answer."""
    try:
        _, protocol = discover(address, Credentials(address, "secret"))
    except (AutoDiscoverFailed, ValueError):
        return
    yield Taken("exchange", str(protocol.server))


def _at_once(faults: Sequence[Fault]) -> list[list[str]]:
    """Their addresses, in groups."""
    addresses = [each.address for each in faults]
    return [addresses[start : start + AT_ONCE] for start in range(0, len(faults), AT_ONCE)]


def _look_ups(name: str, faults: Sequence[Fault], folder: Path) -> list[str]:
    """What a program of `glib` says of each, several processes at once."""

    def said(fault: Fault) -> str:
        own = folder / fault.id
        own.mkdir()
        return look_up(name, fault.address, own)[1]

    with ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(said, faults))


PROGRAMS: Mapping[str, Asks] = {
    "thunderbird": by_thunderbird,
    "delta-chat": by_delta_chat,
    "evolution": by_evolution,
    "evolution-ews": by_evolution_ews,
    "exchangelib": by_exchangelib,
    "geary": by_geary,
}

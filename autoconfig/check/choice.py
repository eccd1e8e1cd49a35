"""The servers that a program takes of those that an answer lists."""

from collections.abc import Sequence
from typing import NamedTuple

from autoconfig.check.verdict import Candidate, Reason
from autoconfig.programs.model import Reading


class Listed(NamedTuple):
    """A server of an answer; None if the program cannot use it. `sends`: whether for sending."""

    sends: bool
    server: Candidate | None


def choose(
    listed: Sequence[Listed], reading: Reading, *, alone: bool = False
) -> tuple[Candidate, ...] | Reason:
    """The servers that the program takes, or the reason why it refuses all.

    `alone`: whether an Exchange server is enough, as where it is found by Autodiscover.
    """
    usable = _usable(listed, reading)
    taken = tuple(
        server
        for protocol in reading.types
        for server in _taken([each for each in usable if each.protocol == protocol], reading)
    )
    if alone and any(each.url for each in taken):
        return taken
    have = {each.protocol for each in taken}
    have |= {"incoming"} if have - {"smtp"} else set()
    lacking = next((need for need in reading.needs if need not in have), "" if have else "servers")
    return Reason(f"no-{lacking}") if lacking else taken


def by_port(port: int, reading: Reading) -> str:
    """The encryption that the program takes for granted at a port."""
    return "STARTTLS" if port in reading.starttls else "SSL"


def _usable(listed: Sequence[Listed], reading: Reading) -> list[Candidate]:
    if reading.takes == "foremost":
        firsts = {each.sends: each for each in reversed(listed)}
        listed = list(firsts.values())
    return [each.server for each in listed if each.server]


def _taken(servers: Sequence[Candidate], reading: Reading) -> Sequence[Candidate]:
    if not servers:
        return ()
    takes = reading.takes
    if servers[0].protocol == "smtp" and reading.outgoing:
        takes = reading.outgoing
    return servers if takes == "all" else servers[-1:] if takes == "last" else servers[:1]

"""The keys of the configuration outside any table: as they are written, and checked."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, NamedTuple, TypeAlias, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct

from autoconfig.names import Domain, parse_domain
from autoconfig.problems import MOST_SAID, InvalidName, Problem, quoted
from autoconfig.typed_toml import valid_part

Network: TypeAlias = IPv4Network | IPv6Network
Item = TypeVar("Item")

DNS_PORT = 53
LAST_PORT = 65535

SERVICE = "service"
"""The key of the tables that are not settings."""


class SignTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The `[sign]` table, as it is written: two files."""

    certificate: str
    key: str


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The keys outside any table, as they are written."""

    base_url: str | None = None
    trusted_proxies: tuple[str, ...] = ("127.0.0.0/8", "::1")
    offers_file: str | None = None
    detect: bool = False
    resolvers: tuple[str, ...] = ()
    generator: bool = False
    sign: SignTable | None = None


class NameServer(NamedTuple):
    """A name server to ask. `host`: its name or its IP address, of version 6 without brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        """As a configuration names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DNS_PORT else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class CheckedSettings:
    """The settings, as far as they are right.

    `base_url`: in one form, or None. `trusted_proxies`: the networks. `offers_file`: as it is
    written; None if there is none. `offers_in_doubt`: whether there is one whose name is wrong.
    `sign`: the files of the table, None for one whose name is wrong; None if there is no table.
    """

    base_url: str | None
    trusted_proxies: tuple[Network, ...]
    offers_file: str | None
    offers_in_doubt: bool
    detect: bool
    resolvers: tuple[NameServer, ...]
    generator: bool
    sign: Mapping[str, str | None] | None


def read_settings(tables: Mapping[str, Any]) -> tuple[CheckedSettings, list[Problem]]:
    """Check the settings; problems come in the order of the file, with the key for their place."""
    written, problems = valid_part(tables, Settings, elsewhere={SERVICE: f"[[{SERVICE}]]"})
    base_url, faults = _base_url(written.get("base_url"))
    default = Settings().trusted_proxies
    networks, network_faults = _each("trusted_proxies", _network, written, default)
    resolvers, resolver_faults = _each("resolvers", parse_name_server, written)
    problems += [*faults, *network_faults, *resolver_faults]
    positions = {key: number for number, key in enumerate(tables)}
    problems.sort(key=lambda problem: _position(problem.where, positions))
    offers_file = written.get("offers_file")
    in_doubt = "offers_file" in written and offers_file is None
    detect = written.get("detect", False) is not False
    generator = written.get("generator") is True
    checked = CheckedSettings(
        base_url, networks, offers_file, in_doubt, detect, resolvers, generator, written.get("sign")
    )
    return checked, problems


def _position(where: str, positions: Mapping[str, int]) -> int:
    """The position of the key that a place stands under; missing keys come last."""
    while where and where not in positions:
        where = where.rpartition(".")[0]
    return positions.get(where, sys.maxsize)


def _base_url(text: str | None) -> tuple[str | None, list[Problem]]:
    """The address in one form: `https://`, the host's name and perhaps a port.

    A path is refused: the clients' standards name whole paths, so this server answers at the root
    only, and what a proxy in front might do with a longer path cannot be checked here.
    """
    if text is None:
        return None, []
    if fault := _fault(text):
        advice = "write one such as https://autoconfig.example.com"
        return None, [Problem("base_url", f"found {quoted(text)}: {fault}; {advice}")]
    url = urlsplit(text.strip())
    return f"https://{parse_domain(url.hostname or '')}{f':{url.port}' if url.port else ''}", []


def host_of(base_url: str | None) -> Domain | None:
    """The host name of a base URL in its one form, without port; None where there is none."""
    host = urlsplit(base_url or "").hostname
    return Domain(host) if host else None


def _fault(text: str) -> str:
    """The reason why a text is no web address for this server; nothing if it may be one."""
    if not text.strip().isprintable():
        return "it must hold no invisible character"  # which `urlsplit` would leave out
    try:
        url = urlsplit(text.strip())
        if url.port == 0:
            raise ValueError("Port out of range 1-65535")
        host = url.hostname or ""
    except ValueError as error:  # "Port out of range 0-65535", or brackets without an IPv6 address
        return f"that is no web address ({error})"
    if url.scheme != "https":
        return "it must begin with https://, because Outlook is sent there"
    if "@" in url.netloc:
        return "it must hold no user and no password"
    if url.path.strip("/") or re.search(r"[?#]", text):
        return "it must end after the host: this server answers below no path"
    return "" if _is_domain(host) else f"{quoted(host)} is no name that has a certificate"


def _is_domain(text: str) -> bool:
    with suppress(InvalidName):
        return bool(parse_domain(text))
    return False


def _each(
    key: str, read: Callable[[str], Item], written: Mapping[str, Any], default: Iterable[str] = ()
) -> tuple[tuple[Item, ...], list[Problem]]:
    """The items of an array, and the mistakes in it. `read` raises `InvalidName`."""
    items: list[Item] = []
    problems: list[Problem] = []
    for text in written.get(key, default) or ():
        if len(problems) > MOST_SAID:
            break
        if text is None:
            continue
        try:
            items.append(read(text))
        except InvalidName as error:
            problems.append(Problem(key, f"found {error}"))
    return tuple(items), problems


def _network(text: str) -> Network:
    try:
        return ip_network(text.strip())
    except ValueError:
        raise InvalidName(f"{quoted(text)}: write {_instead_of_network(text)}") from None


def _instead_of_network(text: str) -> str:
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return "an IP address or network such as 10.0.0.0/8"
    address = text.strip().partition("/")[0]
    return f'"{network}" to trust the whole network, or "{address}" to trust one address'


_HOST_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:{_HOST_LABEL}\.)*(?!\d+\Z){_HOST_LABEL}")
"""The name of a machine, which may have one label: `localhost`, or a container's."""
_NAME_SERVER = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<host>[^:]+))(?::(?P<port>[0-9]{1,5}))?")


def parse_name_server(text: str) -> NameServer:
    """Read `host` or `host:port`, an IPv6 address in brackets.

    Raises `InvalidName` with a sentence that shows a good one.
    """
    found = _NAME_SERVER.fullmatch(text.strip().lower())
    port = int(found["port"] or DNS_PORT) if found else 0
    host = found and (_ip(found["six"], 6) or _ip(found["host"], 4) or _name(found["host"]))
    if host and 0 < port <= LAST_PORT:
        return NameServer(host, port)
    brackets = f"[{text.strip()}]" if _ip(text.strip(), 6) else ""
    instead = brackets or "one such as 127.0.0.1, [::1] or 192.0.2.53:5353"
    raise InvalidName(f"{quoted(text)} is no name server; write {instead}")


def _ip(text: str | None, version: int) -> str:
    """An IP address of this version in its one form; nothing if it is none."""
    with suppress(ValueError):
        address = ip_address(text or "")
        return str(address) if address.version == version else ""
    return ""


def _name(text: str | None) -> str:
    return text if text and _HOST.fullmatch(text) else ""

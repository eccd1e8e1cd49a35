"""The operator's configuration: which domains and addresses are at which OVH service.

Reading it finds every mistake in one go and renders every document; what comes out is only looked
up. `deploy/autoconfig.example.toml` shows and explains every key.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct

from autoconfig.catalogue import DEFAULT_REGION, Catalogue, load_catalogue
from autoconfig.directory import Directory, Site
from autoconfig.errors import ConfigurationError, InvalidName, Problem, shown
from autoconfig.names import Domain, EmailAddress, parse_domain
from autoconfig.render import documents
from autoconfig.schema import convert, read_text, read_toml

DEFAULT_PATH = Path("autoconfig.toml")
ENVIRONMENT_VARIABLE = "AUTOCONFIG_CONFIG"

Network: TypeAlias = IPv4Network | IPv6Network
Name = TypeVar("Name", bound=str)


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The keys outside any table, as they are written."""

    base_url: str | None = None
    trusted_proxies: tuple[str, ...] = ("127.0.0.0/8", "::1")
    offers_file: str | None = None


class ServiceTable(Struct, frozen=True, forbid_unknown_fields=True):
    """A `[[service]]` table, as it is written."""

    offer: str = ""
    region: str = DEFAULT_REGION
    server: str | None = None
    domains: tuple[str, ...] = ()
    domains_file: str | None = None
    addresses: tuple[str, ...] = ()


ABOVE = {key: f"{key}, above the first [[service]]" for key in Settings.__struct_fields__}
"""How to write a setting that stands below a service."""


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration, checked.

    `base_url`: an https address of this server without final slash, or None. `trusted_proxies`:
    the networks whose `X-Forwarded-*` headers count. `warnings`: what works but is doubtful.
    """

    directory: Directory
    base_url: str | None
    trusted_proxies: tuple[Network, ...]
    warnings: tuple[Problem, ...] = ()


def config_path(flag: Path | None) -> Path:
    """Where the configuration is: the flag, else the environment, else `autoconfig.toml` here."""
    return flag or Path(os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_PATH)


def load_config(path: Path) -> Config:
    """Read and check the file, and render its documents.

    Raises `ConfigurationError` with every mistake: file, line or table, key, what was found and
    what to write instead.
    """
    tables = read_toml(path)
    services = tables.pop("service", [])
    problems: list[Problem] = []
    settings = convert(tables, Settings, problems, {"service": "[[service]]"}) or Settings()
    base_url = _base_url(settings.base_url, problems)
    proxies = _networks(settings.trusted_proxies, problems)
    problems.sort(key=lambda problem: _position(problem.where, tables))
    problems = [problem.under(str(path)) for problem in problems]
    catalogue = _catalogue(path, settings.offers_file, problems)
    reader = _ServiceReader(path, catalogue, problems)
    reader.read(services)
    if problems:
        raise ConfigurationError(problems)
    mailbox_domains = frozenset(name.rpartition("@")[2] for name in reader.mailboxes)
    directory = Directory(reader.domains, reader.mailboxes, mailbox_domains)
    return Config(directory, base_url, proxies, tuple(reader.warnings))


def _position(where: str, tables: Iterable[str]) -> int:
    """How far down the file a key stands; keys that are missing come last."""
    keys = enumerate(tables)
    return next((i for i, key in keys if f"{where}.".startswith(f"{key}.")), sys.maxsize)


def _catalogue(path: Path, name: str | None, problems: list[Problem]) -> Catalogue | None:
    """The offers, with those of the operator's file; None if that is wrong."""
    if name is None:
        return load_catalogue()
    file = path.parent / name
    try:
        read_text(file)
    except ConfigurationError as error:
        problems += [problem.under(f"{path}: offers_file") for problem in error.problems]
        return None
    try:
        return load_catalogue(file)
    except ConfigurationError as error:
        problems += error.problems
        return None


def _base_url(text: str | None, problems: list[Problem]) -> str | None:
    if text is None:
        return None
    try:
        url = urlsplit(text.strip())
        host = parse_domain(url.hostname or "")
        path = url.path.rstrip("/")
        plain = re.fullmatch(r"[A-Za-z0-9._~/-]*", path) and not re.search(r"[@?#]", text)
        if url.scheme == "https" and plain:
            return f"https://{host}{f':{url.port}' if url.port else ''}{path}"
    except (InvalidName, ValueError):
        pass
    example = "https://autoconfig.example.com"
    message = f"found {shown(text)}: write an https address such as {example}"
    problems.append(Problem("base_url", message))
    return None


def _networks(texts: Iterable[str], problems: list[Problem]) -> tuple[Network, ...]:
    networks = []
    for text in texts:
        try:
            networks.append(ip_network(text.strip(), strict=False))
        except ValueError:
            message = f"found {shown(text)}: write an IP address or network such as 10.0.0.0/8"
            problems.append(Problem("trusted_proxies", message))
    return tuple(networks)


@dataclass(slots=True)
class _ServiceReader:
    """Reads the `[[service]]` tables into the table of names.

    `places` remembers where each name was claimed (a place and a number in it), to name both where
    two services claim it.
    """

    path: Path
    catalogue: Catalogue | None
    problems: list[Problem]
    warnings: list[Problem] = field(default_factory=list)
    domains: dict[Domain, Site] = field(default_factory=dict)
    mailboxes: dict[str, Site] = field(default_factory=dict)
    _places: dict[str, tuple[str, int]] = field(default_factory=dict)
    _sites: dict[tuple[str, str, str | None], Site] = field(default_factory=dict)

    def read(self, tables: object) -> None:
        if not isinstance(tables, list):
            message = "write [[service]], in two pairs of brackets, before each service"
            self.problems.append(Problem(f"{self.path}: service", message))
        elif not tables and not any("[[service]]" in p.message for p in self.problems):
            message = "there is no [[service]]: add one for each OVH service, with its domains"
            self.problems.append(Problem(str(self.path), message))
        else:
            for number, table in enumerate(tables, 1):
                self._read_service(f"service {number}", table)

    def _read_service(self, name: str, written: dict[str, object]) -> None:
        problems: list[Problem] = []
        table = convert(written, ServiceTable, problems, ABOVE)
        where = f"{self.path}: {name}"
        if table is None:
            message = f"found {shown(written)}: write [[service]], and keys below it"
            self.problems.append(Problem(where, message))
            return
        where += f" ({table.offer})" if table.offer else ""
        site = self._site(table, where, problems)
        self.problems += [problem.under(where) for problem in problems]
        wrong = {problem.where.partition(".")[0] for problem in problems}
        names = (table.domains, table.addresses, table.domains_file)
        if not any(names) and not {"domains", "domains_file", "addresses"} & wrong:
            message = "has no domain: add `domains`, `domains_file` or `addresses`"
            self.problems.append(Problem(where, message))
        for number, text in enumerate(table.domains, 1):
            self._claim(text, (f"{where}: domains", number), self.domains, site, parse_domain)
        for number, text in enumerate(table.addresses, 1):
            self._claim(text, (f"{where}: addresses", number), self.mailboxes, site, _mailbox)
        if table.domains_file:
            self._read_domains(self.path.parent / table.domains_file, where, site)

    def _site(self, table: ServiceTable, where: str, problems: list[Problem]) -> Site | None:
        """The service's documents; tables that say the same share them."""
        if self.catalogue is None or "offer" in {problem.where for problem in problems}:
            return None
        if not table.offer:
            message = f"is missing: write one of {', '.join(self.catalogue.offers)}"
            problems.append(Problem("offer", message))
            return None
        try:
            service, doubts = self.catalogue.service(table.offer, table.region, table.server)
        except ConfigurationError as error:
            problems += [p for p in error.problems if p.where not in {q.where for q in problems}]
            return None
        self.warnings += [doubt.under(where) for doubt in doubts]
        key = (service.offer.id, service.region, service.host)
        if key not in self._sites:
            self._sites[key] = Site(service, documents(service))
        return self._sites[key]

    def _read_domains(self, file: Path, where: str, site: Site | None) -> None:
        """One domain a line; `#` begins a comment."""
        try:
            lines = read_text(file).splitlines()
        except ConfigurationError as error:
            self.problems += [problem.under(f"{where}: domains_file") for problem in error.problems]
            return
        texts = [(number, line.partition("#")[0].strip()) for number, line in enumerate(lines, 1)]
        if not any(text for _, text in texts):
            self.problems.append(Problem(f"{where}: domains_file", f"{file} names no domain"))
        for number, text in texts:
            if text:
                self._claim(text, (f"{file}: line", number), self.domains, site, parse_domain)

    def _claim(
        self,
        text: str,
        place: tuple[str, int],
        table: dict[Name, Site],
        site: Site | None,
        parse: Callable[[str], Name],
    ) -> None:
        """Give a name to a service, once. `site` is None where the service itself is wrong."""
        try:
            name = parse(text)
        except InvalidName as error:
            self.problems.append(Problem("{} {}".format(*place), f"found {error}"))
            return
        first = self._places.setdefault(name, place)
        if first is not place:
            here = "" if text == name else f" (here as {shown(text)})"
            message = '"{}" is claimed twice{}; the first time by {} {}'.format(name, here, *first)
            self.problems.append(Problem("{} {}".format(*place), message))
        elif site is not None:
            table[name] = site


def _mailbox(text: str) -> str:
    return EmailAddress.parse(text).mailbox

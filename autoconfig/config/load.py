"""The operator's configuration: which domains and addresses are at which OVH service.

Reading it finds every mistake in one go and renders every document; what comes out is only looked
up. `deploy/autoconfig.example.toml` shows and explains every key.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

from msgspec import Struct

from autoconfig.config.directory import Directory, Site
from autoconfig.documents.formats import FORMATS, Format
from autoconfig.documents.render import documents
from autoconfig.names import Domain, EmailAddress, parse_domain
from autoconfig.offers.catalogue import (
    DEFAULT_REGION,
    Catalogue,
    incomplete,
    load_catalogue,
    read_catalogue,
)
from autoconfig.problems import ConfigurationError, InvalidName, Problem, quoted
from autoconfig.typed_toml import closest_keys, read_text, read_toml, valid_part

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
    the networks whose `X-Forwarded-*` headers count. `services`: how many tables there are.
    `warnings`: what works but is doubtful.
    """

    directory: Directory
    base_url: str | None
    trusted_proxies: tuple[Network, ...]
    services: int = 0
    warnings: tuple[Problem, ...] = ()


def config_path(flag: Path | None) -> Path:
    """Where the configuration is: the flag, else the environment, else `autoconfig.toml` here."""
    return flag or Path(os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_PATH)


def load_config(path: Path, formats: Iterable[Format] = FORMATS.values()) -> Config:
    """Read and check the file, and render its documents in these formats.

    Raises `ConfigurationError` with every mistake: file, line or table, key, what was found and
    what to write instead.
    """
    tables = read_toml(path)
    guesses = closest_keys(tables, Settings.__struct_fields__, ["service"])
    services = {
        key: each
        for key, each in tables.items()
        if key == "service" or (guesses.get(key) == "service" and isinstance(each, (list, dict)))
    }
    tables.pop("service", None)
    settings, problems = valid_part(tables, Settings, elsewhere={"service": "[[service]]"})
    base_url = _base_url(settings.get("base_url"), problems)
    proxies = _networks(settings.get("trusted_proxies", Settings().trusted_proxies), problems)
    problems.sort(key=lambda problem: _position(problem.where, tables))
    problems = [problem.within(str(path)) for problem in problems]
    catalogue = _catalogue(path, settings, problems)
    reader = _ServiceReader(path, catalogue, formats, problems)
    for key, each in services.items():
        reader.read(key, each)
    if all(each == [] for each in services.values()):
        message = "there is no [[service]]: add one for each OVH service, with its domains"
        problems.append(Problem(str(path), message))
    if problems:
        raise ConfigurationError(problems)
    return Config(reader.directory(), base_url, proxies, reader.services, tuple(reader.warnings))


def _position(where: str, tables: Iterable[str]) -> int:
    """How far down the file a key stands; keys that are missing come last."""
    keys = enumerate(tables)
    return next((i for i, key in keys if f"{where}.".startswith(f"{key}.")), sys.maxsize)


def _catalogue(path: Path, settings: Mapping[str, Any], problems: list[Problem]) -> Catalogue:
    """The offers, with those of the operator's file as far as that is right."""
    if "offers_file" not in settings:
        return load_catalogue()
    if settings["offers_file"] is None:
        return incomplete(load_catalogue())
    file = path.parent / settings["offers_file"]
    try:
        read_text(file)
    except ConfigurationError as error:
        problems += [problem.within(f"{path}: offers_file") for problem in error.problems]
        return incomplete(load_catalogue())
    catalogue, found = read_catalogue(file)
    problems += found
    return catalogue


def _base_url(text: str | None, problems: list[Problem]) -> str | None:
    """The address in one form: `https://`, the host's name and perhaps a port.

    A path is refused: the clients' standards name whole paths, so this server answers at the root
    only, and what a proxy in front might do with a longer path cannot be checked here.
    """
    if text is None:
        return None
    if fault := _fault(text):
        message = f"found {quoted(text)}: {fault}; write one such as https://autoconfig.example.com"
        problems.append(Problem("base_url", message))
        return None
    url = urlsplit(text.strip())
    return f"https://{parse_domain(url.hostname or '')}{f':{url.port}' if url.port else ''}"


def _fault(text: str) -> str:
    """Why a text is no web address for this server; nothing if it may be one."""
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


def _networks(texts: Iterable[str | None] | None, problems: list[Problem]) -> tuple[Network, ...]:
    networks = []
    for text in filter(None, texts or ()):
        try:
            networks.append(ip_network(text.strip()))
        except ValueError:
            message = f"found {quoted(text)}: write {_instead_of_network(text)}"
            problems.append(Problem("trusted_proxies", message))
    return tuple(networks)


def _instead_of_network(text: str) -> str:
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return "an IP address or network such as 10.0.0.0/8"
    address = text.strip().partition("/")[0]
    return f'"{network}" to trust the whole network, or "{address}" to trust one address'


@dataclass(slots=True)
class _ServiceReader:
    """Reads the `[[service]]` tables into the table of names.

    A name is claimed by standing in `domains` or `mailboxes`, with None where the service itself is
    wrong. `_lists` are all the lists of names so far: to say where a name was claimed first, they
    are read again, once, so that a million names cost no more than the table.
    """

    path: Path
    catalogue: Catalogue
    formats: Iterable[Format]
    problems: list[Problem]
    warnings: list[Problem] = field(default_factory=list)
    services: int = 0
    domains: dict[Domain, Site | None] = field(default_factory=dict)
    mailboxes: dict[str, Site | None] = field(default_factory=dict)
    _lists: list["_Names[Any]"] = field(default_factory=list)
    _places: dict[str, str] = field(default_factory=dict)
    _sites: dict[tuple[str, str, str | None], Site] = field(default_factory=dict)

    def directory(self) -> Directory:
        """The table of names, when there are no problems: then every name has a site."""
        mailboxes = cast("dict[str, Site]", self.mailboxes)
        mailbox_domains = frozenset(name.rpartition("@")[2] for name in mailboxes)
        return Directory(cast("dict[Domain, Site]", self.domains), mailboxes, mailbox_domains)

    def read(self, key: str, tables: object) -> None:
        """`key`: "service", or how that is misspelt."""
        if not isinstance(tables, list):
            message = "write [[service]], in two pairs of brackets, before each service"
            self.problems.append(Problem(f"{self.path}: {key}", message))
            return
        for number, table in enumerate(tables, 1):
            where = f"{self.path}: {key} {number}"
            if isinstance(table, dict):
                self._read_service(where, table)
            else:
                message = f"found {quoted(table)}: write [[service]], and keys below it"
                self.problems.append(Problem(where, message))

    def _read_service(self, where: str, written: dict[str, object]) -> None:
        self.services += 1
        table, problems = valid_part(written, ServiceTable, elsewhere=ABOVE)
        where += f" ({table['offer']})" if table.get("offer") else ""
        site = self._site(table, where, problems)
        self.problems += [problem.within(where) for problem in problems]
        names = [table.get(key, ()) for key in ("domains", "domains_file", "addresses")]
        if not any(each is None or each for each in names):
            message = "has no domain: add `domains`, `domains_file` or `addresses`"
            self.problems.append(Problem(where, message))
        domains, addresses = table.get("domains"), table.get("addresses")
        self._claim(_Names(f"{where}: domains", domains or (), _domain), self.domains, site)
        self._claim(_Names(f"{where}: addresses", addresses or (), _mailbox), self.mailboxes, site)
        if table.get("domains_file"):
            self._read_domains(self.path.parent / table["domains_file"], where, site)

    def _site(self, table: Mapping[str, Any], where: str, problems: list[Problem]) -> Site | None:
        """The service's documents; tables that say the same share them."""
        wrong = {key for key, value in table.items() if value is None}
        if "offer" in wrong:
            return None
        if not table.get("offer"):
            message = f"is missing: write one of {', '.join(self.catalogue.offers)}"
            problems.append(Problem("offer", message))
            return None
        region = "" if "region" in wrong else table.get("region", DEFAULT_REGION)
        try:
            service, doubts = self.catalogue.service(table["offer"], region, table.get("server"))
        except ConfigurationError as error:
            problems += [problem for problem in error.problems if problem.where not in wrong]
            return None
        self.warnings += [doubt.within(where) for doubt in doubts]
        key = (service.offer.id, service.region, service.host)
        if key not in self._sites:
            self._sites[key] = Site(service, documents(service, self.formats))
        return self._sites[key]

    def _read_domains(self, file: Path, where: str, site: Site | None) -> None:
        """One domain a line; `#` begins a comment."""
        try:
            lines = read_text(file).split("\n")
        except ConfigurationError as error:
            self.problems += [
                problem.within(f"{where}: domains_file") for problem in error.problems
            ]
            return
        texts = [line.partition("#")[0].strip() or None for line in lines]
        if not any(texts):
            self.problems.append(Problem(f"{where}: domains_file", f"{file} names no domain"))
        self._claim(_Names(f"{file}: line", texts, _domain), self.domains, site)

    def _claim(
        self, names: "_Names[Name]", table: dict[Name, Site | None], site: Site | None
    ) -> None:
        """Give each name to a service, once. `site` is None where the service itself is wrong."""
        self._lists.append(names)
        for number, text in enumerate(names.texts, 1):
            if text is None:
                continue
            try:
                name = names.parse(text)
            except InvalidName as error:
                self.problems.append(Problem(f"{names.where} {number}", f"found {error}"))
                continue
            if name in table:
                here = "" if text == name else f" (here as {quoted(text)})"
                first = self._first_place(name)
                message = f'"{name}" is claimed twice{here}; the first time by {first}'
                self.problems.append(Problem(f"{names.where} {number}", message))
            else:
                table[name] = site

    def _first_place(self, name: str) -> str:
        while self._lists:
            names = self._lists.pop(0)
            for number, text in enumerate(names.texts, 1):
                with suppress(InvalidName):
                    if text is not None:
                        self._places.setdefault(names.parse(text), f"{names.where} {number}")
        return self._places[name]


@dataclass(frozen=True, slots=True)
class _Names(Generic[Name]):
    """A list of names as it is written; None stands where there is none."""

    where: str
    texts: Sequence[str | None]
    parse: Callable[[str], Name]


def _domain(text: str) -> Domain:
    try:
        return parse_domain(text)
    except InvalidName as error:
        hint = "; an address goes into `addresses`" if "@" in text else ""
        raise InvalidName(f"{error}{hint}") from None


def _mailbox(text: str) -> str:
    try:
        address = EmailAddress.parse(text)
    except InvalidName as error:
        hint = "; a domain goes into `domains`" if "@" not in text else ""
        raise InvalidName(f"{error}{hint}") from None
    if address.local == "*":
        message = f"{quoted(text)}, which is no mailbox; for all of a domain write"
        raise InvalidName(f'{message} `domains = ["{address.domain}"]`')
    return address.mailbox

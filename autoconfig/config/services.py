"""The `[[service]]` tables: each names a service, and the domains and addresses of it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar, cast

from msgspec import Meta, Struct, structs

from autoconfig.config.served import Served
from autoconfig.config.settings import SERVICE, Settings
from autoconfig.names import Domain, EmailAddress, parse_domain, require_mail
from autoconfig.offers.catalogue import DEFAULT_REGION, Catalogue
from autoconfig.offers.model import Service
from autoconfig.offers.values import Protocol
from autoconfig.problems import (
    MOST_SAID,
    ConfigurationError,
    InvalidName,
    Problem,
    quoted,
    shortened,
)
from autoconfig.typed_toml import read_text, valid_part

Name = TypeVar("Name", bound=str)


class ServiceTable(Struct, frozen=True, forbid_unknown_fields=True):
    """A `[[service]]` table, as it is written."""

    offer: str = ""
    region: str = DEFAULT_REGION
    server: str | None = None
    protocols: Annotated[
        tuple[Protocol, ...],
        Meta(min_length=1, description='an array, such as ["imap", "smtp"]'),
    ] = ()
    domains: tuple[str, ...] = ()
    domains_file: str | None = None
    addresses: tuple[str, ...] = ()


BESIDE = "; a path is read from the folder of the configuration"
"""The advice for a file that the configuration names, and that is not there."""

TOP_LEVEL_HINTS = {
    key: f"{key}, above the first [[{SERVICE}]]" for key in Settings.__struct_fields__
}
"""For a top-level key found inside a `[[service]]` table: how to refer to its proper place."""


@dataclass(frozen=True, slots=True)
class NameList(Generic[Name]):
    """A list of names as it is written; None marks an item that is no name.

    `where`: leads to it. `parse`: makes a name of a text; it raises `InvalidName`. `problems`: of
    the list as a whole. `of_mailboxes`: whether the names are addresses.
    """

    where: str
    texts: Sequence[str | None]
    parse: Callable[[str], Name]
    problems: Sequence[Problem] = ()
    of_mailboxes: bool = False


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A `[[service]]` table, read.

    `service`: None if the table has a mistake in what says which service it is.
    """

    service: Service | None = None
    names: tuple[NameList[Any], ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceReader:
    """Reads `[[service]]` tables. `path`: of the file; other files are relative to it."""

    path: Path
    catalogue: Catalogue
    _services: dict[tuple[object, ...], Service] = field(default_factory=dict)

    def read(self, key: str, tables: object) -> Iterator[ServiceEntry]:
        """`key`: "service", or a misspelling of it."""
        if not isinstance(tables, list):
            message = "write [[service]], in two pairs of brackets, before each service"
            yield ServiceEntry(problems=(Problem(f"{self.path}: {key}", message),))
            return
        for number, table in enumerate(tables, 1):
            where = f"{self.path}: {key} {number}"
            if isinstance(table, dict):
                yield self._entry(where, table)
            else:
                message = f"found {quoted(table)}: write [[service]], and keys below it"
                yield ServiceEntry(problems=(Problem(where, message),))

    def _entry(self, where: str, written: dict[str, object]) -> ServiceEntry:
        table, problems = valid_part(written, ServiceTable, elsewhere=TOP_LEVEL_HINTS)
        where += f" ({shortened(table['offer'])})" if table.get("offer") else ""
        service, faults, doubts = self._service(table)
        faults = [*faults, *_wrong_protocols(table.get("protocols") or (), service)]
        problems = [problem.within(where) for problem in (*problems, *faults)]
        given = [table.get(key, ()) for key in ("domains", "domains_file", "addresses")]
        if not any(each is None or each for each in given):
            message = "has no domain: add `domains`, `domains_file` or `addresses`"
            problems.append(Problem(where, message))
        addresses = table.get("addresses") or ()
        names: list[NameList[Any]] = [
            NameList(f"{where}: domains", table.get("domains") or (), _domain),
            NameList(f"{where}: addresses", addresses, _mailbox, of_mailboxes=True),
        ]
        if table.get("domains_file"):
            names.append(_domains_in(self.path.parent / table["domains_file"], where))
        warnings = tuple(doubt.within(where) for doubt in doubts)
        return ServiceEntry(service, tuple(names), tuple(problems), warnings)

    def _service(
        self, table: Mapping[str, Any]
    ) -> tuple[Service | None, Sequence[Problem], Sequence[Problem]]:
        """The service, its mistakes and its doubts; tables that say the same share the service."""
        wrong = {key for key, value in table.items() if value is None}
        if "offer" in wrong:
            return None, (), ()
        if not table.get("offer"):
            message = f"is missing: write one of {', '.join(self.catalogue.offers)}"
            return None, [Problem("offer", message)], ()
        region = "" if "region" in wrong else table.get("region", DEFAULT_REGION)
        try:
            service, doubts = self.catalogue.service(table["offer"], region, table.get("server"))
        except ConfigurationError as error:
            return None, [each for each in error.problems if each.where not in wrong], ()
        wanted = table.get("protocols")
        servers = tuple(s for s in service.servers if not wanted or s.protocol in wanted)
        key = (service.offer.id, service.region, service.host, servers)
        return self._services.setdefault(key, structs.replace(service, servers=servers)), (), doubts


def _wrong_protocols(written: Sequence[str | None], service: Service | None) -> Iterator[Problem]:
    """Mistakes in `protocols` as a whole. `service`: what is left of it, None if it is unknown."""
    for protocol in dict.fromkeys(filter(None, written)):
        if written.count(protocol) > 1:
            yield Problem("protocols", f"found {quoted(protocol)} twice: write it once")
    if not written or None in written:
        return
    left = {server.protocol for server in service.servers} if service else {*written}
    for needed in (("imap", "pop3"), ("smtp",)):
        if not left & {*needed}:
            missing = " or ".join(quoted(each) for each in needed if each not in written)
            message = f"found {quoted(written)}: add {missing}; clients refuse a document without"
            yield Problem("protocols", message)


_COMMENT = re.compile(r"(?<!\S)#|#(?!\S)")
"""Not inside a word, of which the beginning may be another domain."""


def _domains_in(file: Path, where: str) -> NameList[Domain]:
    where += ": domains_file"
    try:
        texts = listed(read_text(file, BESIDE))
    except ConfigurationError as error:
        return NameList(where, (), _domain, [problem.within(where) for problem in error.problems])
    problems = [] if any(texts) else [Problem(where, f"{file} names no domain")]
    return NameList(f"{file}: line", texts, _domain, problems)


def listed(text: str) -> list[str | None]:
    """The names in a list of one a line: None for each line that has none.

    `#` begins a comment, where white space stands beside it.
    """
    return [_before_comment(line).strip() or None for line in text.split("\n")]


def _before_comment(line: str) -> str:
    return _COMMENT.split(line, 1)[0] if "#" in line else line


def claim(entries: Sequence[ServiceEntry]) -> tuple[Served, list[Problem]]:
    """Give each name to its service, once. Problems: those of the entries and of their names.

    Where an entry has a mistake its names are claimed all the same, so that a second claim is seen;
    the table of names is right if there is no problem.
    """
    domains: dict[Domain, Service | None] = {}
    mailboxes: dict[str, Service | None] = {}
    problems: list[Problem] = []
    first_places = cache(lambda: _places(entries))
    for entry in entries:
        problems += entry.problems
        for names in entry.names:
            table: dict[Any, Service | None] = mailboxes if names.of_mailboxes else domains
            problems += _claim(names, table, entry.service, first_places)
    right = cast("dict[Domain, Service]", domains), cast("dict[str, Service]", mailboxes)
    return Served(*right), problems


def _claim(
    names: NameList[Name],
    table: dict[Name, Service | None],
    service: Service | None,
    first_places: Callable[[], Mapping[str, str]],
) -> list[Problem]:
    problems = [*names.problems]
    for number, text in enumerate(names.texts, 1):
        if text is None:
            continue
        if len(problems) > MOST_SAID:
            break
        try:
            name = names.parse(text)
        except InvalidName as error:
            problems.append(Problem(f"{names.where} {number}", f"found {error}"))
            continue
        if name in table:
            here = "" if text == name else f" (here as {quoted(text)})"
            first = first_places()[name]
            message = f'"{name}" is claimed twice{here}; the first time by {first}'
            problems.append(Problem(f"{names.where} {number}", message))
        else:
            table[name] = service
    return problems


def _places(entries: Sequence[ServiceEntry]) -> Mapping[str, str]:
    """The first place of each name. Only a double claim needs it: it costs as much as claiming."""
    places: dict[str, str] = {}
    for names in (names for entry in entries for names in entry.names):
        for number, text in enumerate(names.texts, 1):
            with suppress(InvalidName):
                if text is not None:
                    places.setdefault(names.parse(text), f"{names.where} {number}")
    return places


def _domain(text: str) -> Domain:
    try:
        domain = parse_domain(text)
    except InvalidName as error:
        hint = "; an address goes into `addresses`" if "@" in text else ""
        raise InvalidName(f"{error}{hint}") from None
    require_mail(domain)
    return domain


def _mailbox(text: str) -> str:
    try:
        address = EmailAddress.parse(text)
    except InvalidName as error:
        hint = "; a domain goes into `domains`" if "@" not in text else ""
        raise InvalidName(f"{error}{hint}") from None
    if address.local == "*":
        message = f"{quoted(text)}, which is no mailbox; for all of a domain write"
        raise InvalidName(f'{message} `domains = ["{address.domain}"]`')
    require_mail(address)
    return address.mailbox

"""The list of what an export has written into its folder, which the next export goes by.

A folder holds one configuration. So the list has the services, for a person who adds one, and for
each domain the digests of its files, by which a file that somebody has changed is told from ours.
It names a file before it is there and until it is gone; so whatever ends a run, the next one finds
what is to be removed.

The list is kept from the web: no web space of ours answers its name (`.htaccess` and the nginx
snippet answer what they know, and `plain` has a web root below it), and its mode is the owner's.
Nothing in it is believed: it has no paths, and a file goes only if it is at a place where an export
writes, and is byte for byte what one wrote there.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, structs

from autoconfig.config.served import Served
from autoconfig.config.services import ServiceTable
from autoconfig.export.rules import file_endpoints
from autoconfig.export.target import OWNER_MARK
from autoconfig.export.whole import write_whole
from autoconfig.names import HOST_NAME, Domain
from autoconfig.offers.model import Service
from autoconfig.offers.values import Protocol
from autoconfig.problems import ConfigurationError, Problem
from autoconfig.typed_toml import read_text

NAME = ".autoconfig-export.json"

Digests = tuple[str, ...]


class HeldService(Struct, frozen=True):
    """A service, and the digests of the files of each domain; `addresses` have no file.

    `protocols`: those that are answered; none if all of the offer are.
    """

    offer: str
    region: str
    server: str | None
    domains: dict[str, Digests]
    addresses: tuple[str, ...] = ()
    protocols: tuple[Protocol, ...] = ()

    @property
    def table(self) -> ServiceTable:
        """The service, as a configuration has it."""
        return ServiceTable(
            offer=self.offer,
            region=self.region,
            server=self.server,
            protocols=self.protocols,
            domains=tuple(self.domains),
            addresses=self.addresses,
        )

    def is_limited_form_of(self, other: "HeldService") -> bool:
        """Whether it is the same service with fewer protocols."""
        same = (self.offer, self.region, self.server) == (other.offer, other.region, other.server)
        return same and bool(self.protocols) and not other.protocols


class Manifest(Struct, frozen=True):
    """The list. `own`: digests of the web space's own files. `earlier`: by domain, digests of files
    of earlier exports that are not gone yet, or that somebody has changed. `finished`: whether the
    run has come to its end.
    """

    services: tuple[HeldService, ...]
    own: dict[str, Digests]
    base_url: str | None = None
    earlier: dict[str, Digests] = {}
    finished: bool = True
    version: Literal[1] = 1
    about: str = OWNER_MARK

    def written(self) -> dict[Domain, Digests]:
        """The domains of which there may be files, and the digests that these may have."""
        found: dict[Domain, Digests] = {}
        for domains in (*(service.domains for service in self.services), self.earlier):
            for name, digests in domains.items():
                if HOST_NAME.fullmatch(name):
                    found[Domain(name)] = (*found.get(Domain(name), ()), *digests)
        return found

    def beside(self, before: "Manifest") -> "Manifest":
        """The list while what was written before is still there."""
        mine = self.written()
        earlier = {
            domain: digests
            for domain, digests in before.written().items()
            if not {*digests} <= {*mine.get(domain, ())}
        }
        own = {name: {*before.own.get(name, ()), *each} for name, each in self.own.items()}
        both = {**before.own, **{name: tuple(digests) for name, digests in own.items()}}
        return structs.replace(self, own=both, earlier=earlier, finished=False)

    def with_changed(self, before: "Manifest", changed: Collection[str]) -> "Manifest":
        """The list when all is done, with what is left of the one before."""
        earlier = {
            domain: digests
            for domain, digests in before.written().items()
            if not {*places(domain)}.isdisjoint(changed)
        }
        own = {name: digests for name, digests in before.own.items() if name in changed}
        return structs.replace(self, own={**own, **self.own}, earlier=earlier)

    def besides(self, other: "Manifest") -> tuple[HeldService, ...]:
        """The services, with the names that the other has not, or of which it limits no protocols.

        A name that has another service there is not meant: it has moved.
        """
        theirs = {name: each for each in other.services for name in each.domains}
        rest = [
            structs.replace(
                each,
                domains={
                    name: digests
                    for name, digests in each.domains.items()
                    if name not in theirs or each.is_limited_form_of(theirs[name])
                },
            )
            for each in self.services
        ]
        return tuple(each for each in rest if each.domains or each.addresses)


def places(domain: Domain) -> list[str]:
    """The paths at which an export may write a file of the domain, below the folder."""
    return [str(endpoint.file(domain)) for endpoint, _ in file_endpoints()]


def joined(services: Iterable[HeldService]) -> Iterator[HeldService]:
    """Each service once, with all its names; of two that claim a domain the first has it."""
    found: dict[object, HeldService] = {}
    taken: set[str] = set()
    for each in services:
        key = (each.offer, each.region, each.server, each.protocols)
        mine = found.get(key, structs.replace(each, domains={}))
        domains = {name: d for name, d in each.domains.items() if name not in taken}
        taken |= domains.keys()
        found[key] = structs.replace(
            mine,
            domains={**mine.domains, **domains},
            addresses=tuple(dict.fromkeys((*mine.addresses, *each.addresses))),
        )
    yield from (each for each in found.values() if each.domains or each.addresses)


def hasher() -> "blake2b":
    """A digest of eight bytes: whoever can write a file with the same one can write any file."""
    return blake2b(digest_size=8)


def digest(content: bytes) -> str:
    """The digest of a file."""
    return blake2b(content, digest_size=8).hexdigest()


def read(folder: Path) -> Manifest | None:
    """The list in a folder; None if there is none. Raises `ConfigurationError` if it is damaged."""
    path = folder / NAME
    if not path.is_symlink() and not path.exists():
        return None
    try:
        return msgspec.json.decode(read_text(path), type=Manifest)
    except (msgspec.MsgspecError, RecursionError):
        message = (
            "is damaged, or of a later version. Remove it to export all the same: the files of "
            "earlier exports then stay, until you remove them"
        )
        raise ConfigurationError([Problem(str(path), message)]) from None


def write(folder: Path, manifest: Manifest) -> None:
    """Put the list in its place, for its owner alone. Raises `OSError`."""
    write_whole(folder / NAME, content(manifest), mode=0o600)


def content(manifest: Manifest) -> bytes:
    """The list, as its file has it."""
    return msgspec.json.encode(manifest) + b"\n"


def held(served: Served, digests: Mapping[Domain, Digests]) -> tuple[HeldService, ...]:
    """The services, with the digests of their domains."""
    domains: dict[Service, dict[str, Digests]] = {each: {} for each in served.services()}
    addresses: dict[Service, list[str]] = {each: [] for each in domains}
    for domain, service in served.domains.items():
        domains[service][domain] = digests[domain]
    for mailbox, service in served.mailboxes.items():
        addresses[service].append(mailbox)
    return tuple(
        HeldService(
            each.offer.id, each.region, each.host, names, tuple(addresses[each]), _protocols(each)
        )
        for each, names in domains.items()
    )


def _protocols(service: Service) -> tuple[Protocol, ...]:
    answered = dict.fromkeys(server.protocol for server in service.servers)
    sold = {server.protocol for server in service.offer.regions[service.region].servers}
    return () if answered.keys() == sold else tuple(answered)

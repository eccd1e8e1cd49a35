"""The service of a domain that stands in no configuration, as its zone tells.

A request waits for a look-up only where nothing is kept of its domain, and then no longer than the
look-up's deadline.
"""

import socket
from collections.abc import Callable, Coroutine, Hashable, Iterator, Sequence
from concurrent.futures import CancelledError
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Protocol, TypeAlias, TypeVar

from msgspec import structs

from autoconfig import errors
from autoconfig.detect.findings import FAILED, HIT, REFUSED, SERVED, Findings
from autoconfig.detect.flights import of_this_process
from autoconfig.detect.records import SECONDS, LookUpFailed, Reached, Records
from autoconfig.detect.rule import Confidence, Finding, decide
from autoconfig.detect.signs import Signs
from autoconfig.names import Domain
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.hosting import Numbered
from autoconfig.offers.model import Service
from autoconfig.problems import ConfigurationError

Result = TypeVar("Result")

RESERVED = ("test", "example", "invalid", "localhost", "local", "onion", "arpa", "alt", "internal")
"""Top-level names without public zones (RFC 2606, 6761, 6762, 7686, 8375, 9476; ICANN 2024)."""
_BELOW_RESERVED = tuple(f".{each}" for each in RESERVED)

DISCARD = 9
"""A port that is good for any address: nothing is sent."""
PATIENCE = 0.1
"""Seconds by which a look-up may be late: its event loop may have had to wait."""

Counting: TypeAlias = Callable[[str, float], None]
"""Counts a result, a `Confidence`, `HIT` or `REFUSED`, and the seconds that it took."""


class Asking(Protocol):
    """What asks the DNS: `detect.lookup.Resolver`. Both raise `records.LookUpFailed`."""

    async def records(
        self, domain: Domain, dkim: Sequence[str] = (), seconds: float = SECONDS
    ) -> Records: ...

    async def reached(self, host: Domain, seconds: float = SECONDS) -> Reached: ...


class Detector:
    """Finds the services of domains in the DNS."""

    def __init__(
        self,
        catalogue: Catalogue,
        ask: Asking,
        findings: Findings,
        count: Counting,
        seconds: float = SECONDS,
    ) -> None:
        """`findings`: those of this process, which another configuration's detector may have found.

        `seconds`: the deadline of a look-up.
        """
        self._catalogue = catalogue
        self._ask = ask
        self._findings = findings
        self._count = count
        self._seconds = seconds
        self._signs = Signs.of(catalogue)
        self._services: dict[Finding | None, Service] = {}

    def cached(self, domain: Domain) -> Service | None:
        """The service that was found a short time ago. It never waits."""
        service = self._services.get(self._findings.fresh(domain))
        if service is not None:
            self._count(HIT, 0)
        return service

    def find(self, domain: Domain) -> Service | None:
        """The service of a domain; None if it has none, or the zone does not tell which.

        Raises `errors.LookUpFailed` and `errors.Busy`.
        """
        if domain.endswith(_BELOW_RESERVED):
            return None
        finding = self._known(self._findings.fresh(domain))
        if finding:
            self._count(HIT, 0)
        else:
            finding = self._look_up(domain)
        if finding.confidence is Confidence.FAILED:
            raise errors.LookUpFailed(domain=domain)
        return self._service(finding)

    def leads_to_us(self, host: Domain, base_host: Domain | None) -> bool:
        """Whether a host is this server by the DNS, or by the one of `base_url`.

        Raises `errors.LookUpFailed` and `errors.Busy`.
        """
        return self._wait(
            host, (self, host, base_host), lambda: self._leads_to_us(host, base_host), 2
        )

    def expected(self) -> Iterator[Service]:
        """The services that most domains will turn out to have."""
        for each in self._signs.candidates:
            offer, region, rule = each.offer, each.region, each.rule
            for server in rule.observed if isinstance(rule, Numbered) else [rule.default]:
                yield self._made(Finding(Confidence.KNOWN, offer, region, server))
            if each.dns.fallback:
                yield self._made(Finding(Confidence.GUESS, offer, region, rule.default))

    def _look_up(self, domain: Domain) -> Finding:
        """What a look-up finds; where it comes to nothing, the service that was found before."""
        try:
            return self._wait(domain, (self, domain), lambda: self._ask_about(domain))
        except (errors.Busy, errors.LookUpFailed):
            good = self._known(self._findings.good(domain))
            if good:
                return good
            raise

    def _wait(
        self,
        name: Domain,
        key: Hashable,
        begin: Callable[[], Coroutine[Any, Any, Result]],
        lookups: int = 1,
    ) -> Result:
        """What is begun, or is under way by this key. `lookups`: how many follow each other."""
        seconds = lookups * self._seconds + PATIENCE
        try:
            flights = of_this_process(self._findings.flights)
            return flights.wait(key, begin, seconds, self._findings.most)
        except errors.Busy:
            self._count(REFUSED, 0)
            raise errors.Busy(domain=name) from None
        except (TimeoutError, CancelledError, LookUpFailed):
            raise errors.LookUpFailed(domain=name) from None

    async def _ask_about(self, domain: Domain) -> Finding:
        finding = self._known(self._findings.fresh(domain))
        if finding:  # another request has been quicker
            return finding
        began = self._findings.clock()
        try:
            records = await self._ask.records(domain, seconds=self._seconds)
        except LookUpFailed:
            result = Confidence.FAILED
            finding = self._known(self._findings.keep_failure(domain)) or FAILED
        else:
            finding = decide(records, self._signs).finding
            result = finding.confidence
            self._findings.keep(domain, finding, records.ttl)
        self._count(result, self._findings.clock() - began)
        return finding

    async def _leads_to_us(self, host: Domain, base_host: Domain | None) -> bool:
        reached = await self._ask.reached(host, self._seconds)
        if any(map(is_own, reached.addresses)) or base_host in reached.aliases:
            return True
        if not base_host or not reached.addresses:
            return False
        base = await self._ask.reached(base_host, self._seconds)
        return not base.addresses.isdisjoint(reached.addresses)

    def _known(self, finding: Finding | None) -> Finding | None:
        """A finding, if the catalogue still has its service."""
        if finding:
            try:
                self._service(finding)
            except ConfigurationError:
                return None
        return finding

    def _service(self, finding: Finding) -> Service | None:
        return self._made(finding) if finding.confidence in SERVED else None

    def _made(self, finding: Finding) -> Service:
        """The service of a finding: one object, so that its documents are rendered once.

        Raises `ConfigurationError` if the catalogue has none such.
        """
        service = self._services.get(finding)
        if service is None:
            offer, region = finding.offer or "", finding.region or ""
            service, _ = self._catalogue.service(offer, region, finding.server)
            if finding.confidence is Confidence.GUESS:
                service = structs.replace(service, guessed=True)
            service = self._services.setdefault(finding, service)
        return service


def is_own(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of this machine's: it would be reached from itself."""
    if address.is_unspecified or address.is_multicast or getattr(address, "ipv4_mapped", None):
        return False
    if address.is_loopback:
        return True
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(address), DISCARD))
        except OSError:
            return False
        return ip_address(probe.getsockname()[0]) == address

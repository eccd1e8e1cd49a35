"""The name servers of zones: which a zone has, and what each of them says.

A zone may name any host for its servers, and a host may have any address. So few are asked, at
addresses that `permitted` lets pass, and one that is silent only once.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, ip_address
from socket import AF_INET, AF_INET6

from dns.rdatatype import CNAME, NS, RdataType

from autoconfig.config.settings import DNS_PORT, NameServer
from autoconfig.detect.lookup import Resolver
from autoconfig.detect.question import Own, put, question, read_own
from autoconfig.detect.records import LookUpFailed
from autoconfig.names import Domain
from autoconfig.zone.plan import Address

SECONDS = 5.0
"""Time for a question to the resolver, which may have to ask others."""
SERVER_SECONDS = 2.0
"""Time for a question to a name server of the zone, which has the answer."""
QUESTIONS = 128
"""Questions that are under way at once: with answers in 50 ms, more than a processor can read. Each
needs an open file.
"""
MOST_SERVERS = 8
"""Name servers of a zone that are asked; nearly all zones have two to four."""
MOST_ADDRESSES = 2
"""Addresses of a name server that are tried: one of each version, as a rule."""
MOST_SILENT = 16
"""Name servers that do not answer, and none that does, after which no more are asked: the network
lets nobody but the resolver ask.
"""


class Servers:
    """A resolver, and the name servers of zones, for one run."""

    def __init__(
        self, resolver: Resolver, permitted: Callable[[Address], bool], port: int = DNS_PORT
    ) -> None:
        """`permitted`: whether a zone's name server at an address is asked. `port`: theirs."""
        self._resolver = resolver
        self._permitted = permitted
        self._port = port
        self._turn = asyncio.Semaphore(QUESTIONS)
        self._hosts: dict[str, asyncio.Task[list[Address]]] = {}
        self._heard: set[Address] = set()
        self._silent: set[Address] = set()

    async def resolve(self, name: str, kind: RdataType) -> Own:
        """What the resolver says; also of an alias of which the end cannot be found.

        Raises `LookUpFailed`.
        """
        try:
            return await self._resolve(name, kind)
        except LookUpFailed:
            own = await self._resolve(name, CNAME)
            if not own.records:
                raise
            return own

    async def _resolve(self, name: str, kind: RdataType) -> Own:
        async with self._turn:
            return await self._resolver.own(name, kind, SECONDS)

    async def zone(self, domain: Domain) -> tuple[str, list[str]]:
        """The zone that holds a domain, and its name servers. Raises `LookUpFailed`.

        A zone of one label is a registry's, and no such server is asked for a customer's names.
        """
        name = f"{domain}."
        while name.count(".") > 1:
            found = await self.resolve(name, NS)
            hosts = {
                each.target.to_text(omit_final_dot=True).lower()
                for each in found.records
                if each.rdtype == NS
            }
            if hosts:
                return name, sorted(hosts)[:MOST_SERVERS]
            name = name.partition(".")[2]
        return name, []

    async def addresses(self, host: str) -> list[Address]:
        """Where a name server may be asked. Zones share them, so each is looked up once."""
        if host not in self._hosts:
            self._hosts[host] = asyncio.create_task(self._look_up(host))
        return await asyncio.shield(self._hosts[host])

    async def _look_up(self, host: str) -> list[Address]:
        usable = filter(self._permitted, await self.reach(host) or ())
        return sorted(usable, key=lambda each: (each.version, int(each)))[:MOST_ADDRESSES]

    async def reach(self, host: str) -> frozenset[Address] | None:
        """The addresses of a host; None if they cannot be looked up."""
        try:
            async with self._turn:
                return (await self._resolver.reached(Domain(host), SECONDS)).addresses
        except LookUpFailed:
            return None

    async def ask(self, address: Address, name: str, kind: RdataType) -> Own:
        """What the name server at an address says of its own zone. Raises `LookUpFailed`."""
        family = AF_INET if isinstance(address, IPv4Address) else AF_INET6
        async with self._turn:
            if self._is_silent(address):
                raise LookUpFailed("no answer")
            try:
                async with asyncio.timeout(SERVER_SECONDS):
                    answer = await put(question(name, kind), (family, (str(address), self._port)))
            except OSError:  # the time-out is one
                self._silent |= {address} - self._heard
                raise LookUpFailed("no answer") from None
        self._heard.add(address)
        own = read_own(answer)
        if not own.known:
            raise LookUpFailed("an answer of a name server that does not have the zone")
        return own

    def _is_silent(self, address: Address) -> bool:
        nobody = not self._heard and len(self._silent) >= MOST_SILENT
        return nobody or address in self._silent


def permitted(resolvers: Sequence[NameServer], *, named: bool) -> Callable[[Address], bool]:
    """The addresses at which name servers of zones are asked: those of the public internet.

    Those of a private network are where a resolver in one was `named`, as in a network that has
    zones of its own; those of loopback where a resolver is there, too.
    """
    own = [_address(each.host) for each in resolvers]
    inside = named and not all(each and each.is_global for each in own)
    here = any(each and each.is_loopback for each in own)

    def may_be_asked(address: Address) -> bool:
        if address.is_multicast or address.is_unspecified or address.is_link_local:
            return False
        return address.is_global or inside or (here and address.is_loopback)

    return may_be_asked


def _address(host: str) -> Address | None:
    with suppress(ValueError):
        return ip_address(host)
    return None

"""A detector that has been told what the DNS says, in place of one that asks it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest
from flask import Flask

from autoconfig import web
from autoconfig.config.load import Config
from autoconfig.config.served import Served
from autoconfig.names import Domain
from autoconfig.offers.model import Service
from autoconfig.wsgi.journal import Journal
from tests.support.services import CATALOGUE

Told = Service | Exception | None
LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass
class ToldDetector:
    """The four methods of `detect.detector.Detector`.

    `told`: the service of a domain, or the error that is raised; None for every other domain.
    `ours`: the names that lead to this server. `at_start`: the services that are expected. `kept`:
    the domains that `find` was asked about. `asked` and `glanced`: the names that the DNS, and that
    what is kept was asked about.
    """

    told: Mapping[str, Told] = field(default_factory=dict)
    ours: frozenset[str] = frozenset()
    at_start: tuple[Service, ...] = ()
    kept: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    glanced: list[str] = field(default_factory=list)

    def find(self, domain: Domain) -> Service | None:
        self.asked.append(domain)
        found = self.told.get(domain)
        if isinstance(found, Exception):
            raise found
        self.kept.add(domain)
        return found

    def cached(self, domain: Domain) -> Service | None:
        self.glanced.append(domain)
        found = self.told.get(domain) if domain in self.kept else None
        return found if isinstance(found, Service) else None

    def leads_to_us(self, host: Domain, base_host: Domain | None) -> bool:
        self.asked.append(host)
        return host in self.ours

    def expected(self) -> Iterator[Service]:
        return iter(self.at_start)


def configuration(
    names: Mapping[str, Service] = {}, base_url: str | None = None, *, detect: bool = True
) -> Config:
    """A configuration with these domains and addresses."""
    domains = {Domain(name): service for name, service in names.items() if "@" not in name}
    mailboxes = {name: service for name, service in names.items() if "@" in name}
    return Config(Served(domains, mailboxes), base_url, LOOPBACK, CATALOGUE, detect=detect)


def application(config: Config, detector: ToldDetector, journal: Journal | None = None) -> Flask:
    """The application of a configuration that has the DNS asked, with this detector."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(web, "_detector", lambda *_: detector)
        return web.create_app(config, journal)

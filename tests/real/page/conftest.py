"""Fixtures: `network` → `server` → `browser`; one of each for all tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.clients.network import private_network
from tests.real.page.chromium import Chromium, chromium
from tests.real.page.served import EXCHANGER, GUESSED, OPERATORS, SITES, UNKNOWN, configuration
from tests.real.programs import Server, autoconfig_serve

WEB_ADDRESS = "127.0.0.1"


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing but loopback, where every name of a site leads."""
    hosts = (*(site.host for site in SITES.values()), f"autoconfig.{UNKNOWN}", OPERATORS)
    names = {host.encode("idna").decode(): WEB_ADDRESS for host in hosts}
    folder = tmp_path_factory.mktemp("network")
    with private_network(names, [(GUESSED.domain, EXCHANGER)], [], folder):
        yield


@pytest.fixture(scope="session")
def server(network: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    config = folder / "autoconfig.toml"
    config.write_text(configuration())
    with autoconfig_serve(config, folder) as server:
        yield server


@pytest.fixture(scope="session")
def browser(server: Server) -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def output() -> Path:
    """Where screenshots are kept."""
    folder = Path(os.environ.get("PAGE_OUTPUT", "build/page"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder

"""Fixtures: `network` → `server` → `browser`, and what lets a program in; one of each for all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.real.clients.deltachat import DeltaChat, delta_chat
from tests.real.clients.network import private_network
from tests.real.page.chromium import Chromium, chromium
from tests.real.page.served import (
    EXCHANGER,
    GUESSED,
    MAIL_HOSTS,
    OPERATORS,
    SITES,
    UNKNOWN,
    WEB_ADDRESS,
    configuration,
)
from tests.real.programs import Server, autoconfig_serve, public_folder
from tests.real.world.mail import mail_servers


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing but loopback, where every name of a site and of its servers leads."""
    hosts = (*(site.host for site in SITES.values()), f"autoconfig.{UNKNOWN}", OPERATORS)
    names = {host.encode("idna").decode(): WEB_ADDRESS for host in hosts} | MAIL_HOSTS
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
def mail(network: None) -> Iterator[None]:
    """Mail servers under every host of the offers."""
    with public_folder() as folder:
        certificate = folder / "certificate.pem"
        ours = trustme.CA().issue_cert(*MAIL_HOSTS)
        ours.private_key_and_cert_chain_pem.write_to_path(certificate)
        with mail_servers(MAIL_HOSTS.values(), certificate, {}, folder):
            yield


@pytest.fixture(scope="session")
def deltachat(network: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeltaChat]:
    with delta_chat(tmp_path_factory.mktemp("deltachat")) as running:
        yield running


@pytest.fixture(scope="session")
def output() -> Path:
    """Where screenshots are kept."""
    folder = Path(os.environ.get("PAGE_OUTPUT", "build/page"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder

"""Fixtures: `network` → `server` → `front`, and the clients; one of each for all tests."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.real.clients.front import Front
from tests.real.clients.front import front as run_front
from tests.real.clients.mail import MailServers, mail_servers
from tests.real.clients.mailboxes import (
    BY_MX,
    CALENDAR,
    CERTIFIED,
    DETECTED,
    DOMAINS,
    EXCHANGER,
    MAIL_HOSTS,
    MAILBOXES,
    PROVIDER,
    WEB_ADDRESS,
    configuration,
)
from tests.real.clients.marionette import Marionette
from tests.real.clients.network import private_network
from tests.real.clients.thunderbird import display as run_display
from tests.real.clients.thunderbird import thunderbird as run_thunderbird
from tests.real.namespaces import AUTHORITIES, in_place_of
from tests.real.programs import Server, autoconfig_serve

CALENDAR_HOSTS = {each.calendars for each in CALENDAR if each.calendars}
EXCHANGE_HOSTS = list(dict.fromkeys(each.service.host for each in MAILBOXES if each.service.host))
"""Of the offers that have servers of their own, which are all Exchange servers."""


def _web_hosts(domains: Iterable[str]) -> list[str]:
    return [
        f"{prefix}{each}" for each in domains for prefix in ("", "autoconfig.", "autodiscover.")
    ]


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing but loopback; the owners' zones are as docs/hosting.md says, with OVHcloud's MX.

    Those that the server reads have OVHcloud's record for Outlook, too.
    """
    folder = tmp_path_factory.mktemp("network")
    told = (*DETECTED, *BY_MX)
    exchangers = [(domain, EXCHANGER) for domain in (*DOMAINS, *(each.domain for each in BY_MX))]
    web_hosts = [*_web_hosts(DOMAINS), *CALENDAR_HOSTS, PROVIDER]
    names = dict.fromkeys(web_hosts, WEB_ADDRESS) | MAIL_HOSTS
    autodiscover = [(each.domain, each.announced) for each in told if each.announced]
    with private_network(names, exchangers, autodiscover, folder):
        yield


@pytest.fixture(scope="session")
def config_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of the server."""
    path = tmp_path_factory.mktemp("configuration") / "autoconfig.toml"
    path.write_text(configuration())
    return path


@pytest.fixture(scope="session")
def server(
    network: None, config_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with autoconfig_serve(config_file, tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def running_front(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    names = [*_web_hosts(CERTIFIED), *MAIL_HOSTS, *CALENDAR_HOSTS, PROVIDER]
    with run_front(names, EXCHANGE_HOSTS, server.port, tmp_path_factory.mktemp("front")) as front:
        yield front


@pytest.fixture
def front(running_front: Front) -> Front:
    """The front, which only knows what was asked in this test."""
    running_front.forget()
    return running_front


@pytest.fixture
def trusted_by_system(front: Front) -> Iterator[None]:
    """For clients that trust the CAs of the system: that of the front is the only one."""
    with in_place_of(AUTHORITIES, front.ca):
        yield


@pytest.fixture
def mail(front: Front) -> Iterator[MailServers]:
    """Mail servers under every host of the mailboxes, to which nobody has come yet."""
    with mail_servers(front.certificate, front.key) as servers:
        yield servers


@pytest.fixture(scope="session")
def output() -> Path:
    """Where screenshots are kept."""
    folder = Path(os.environ.get("CLIENTS_OUTPUT", "build/clients"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def display(network: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with run_display(tmp_path_factory.mktemp("display")) as name:
        yield name


@pytest.fixture(scope="session")
def thunderbird(
    running_front: Front, display: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Marionette]:
    """One Thunderbird for the tests that leave nothing behind in it."""
    folder = tmp_path_factory.mktemp("thunderbird")
    with run_thunderbird(display, running_front.ca, folder) as driver:
        yield driver


@pytest.fixture
def first_start(running_front: Front, display: str, tmp_path: Path) -> Iterator[Marionette]:
    """A Thunderbird that was never started before."""
    with run_thunderbird(display, running_front.ca, tmp_path) as driver:
        yield driver

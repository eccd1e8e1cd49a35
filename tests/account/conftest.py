"""An account at the stand-in, and no keys but those that a test gives."""

import os
from collections.abc import Iterator

import ovh.config
import pytest

from autoconfig.account.client import Account
from autoconfig.names import Domain
from tests.support.ovh_api import Server, State, StoredZone, stand_in


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither variables nor files of this machine."""
    for name in os.environ:
        if name.startswith("OVH_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(ovh.config, "CONFIG_PATH", [])


ZONE = Domain("example.fr")


@pytest.fixture
def zone() -> StoredZone:
    """The zone of an account that has no other: with one alias."""
    return StoredZone.of(ZONE, "autoconfig CNAME mail.example.net.")


@pytest.fixture
def server(zone: StoredZone, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The API, with the keys to that account at hand. Nothing is asked again."""
    monkeypatch.setattr("autoconfig.account.client.PAUSES", ())
    with stand_in(State(zones={ZONE: zone})) as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def account(server: Server) -> Account:
    """That account."""
    return Account.open(pause=bool)

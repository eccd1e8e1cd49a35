"""Fixtures: `server` → `caddy`, `nginx`, `apache`; one of each for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE
from tests.real.hosting import fronts
from tests.real.hosting.fronts import Front
from tests.real.programs import Server, autoconfig_serve, public_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with public_folder() as folder, autoconfig_serve(EXAMPLE, folder) as server:
        yield server


@pytest.fixture(scope="session")
def caddy(server: Server) -> Iterator[Front]:
    with public_folder() as folder, fronts.caddy(server.port, folder) as front:
        yield front


@pytest.fixture(scope="session")
def nginx(server: Server) -> Iterator[Front]:
    with public_folder() as folder, fronts.nginx(server.port, folder) as front:
        yield front


@pytest.fixture(scope="session")
def apache(server: Server) -> Iterator[Front]:
    with public_folder() as folder, fronts.apache(server.port, folder) as front:
        yield front

"""Fixtures, one of each for all tests: `zones`, which are served in a network of our own, → the
resolver of the machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.dns.asking_zones import ASKING_ZONES
from tests.real.dns.name_servers import RESOLVER, resolver, zones_of_the_world
from tests.real.dns.planned_zones import PLANNED_ZONES
from tests.real.namespaces import in_place_of, loopback_alone
from tests.real.programs import public_folder
from tests.support.zones import ZONES


@pytest.fixture(scope="session")
def keys() -> Iterator[Path]:
    """Of the zones that are signed. Every zone is served."""
    zones = (*ZONES, *ASKING_ZONES, *PLANNED_ZONES)
    with public_folder() as folder, loopback_alone(), zones_of_the_world(zones, folder) as keys:
        yield keys


@pytest.fixture(scope="session", autouse=True)
def system_resolver(keys: Path) -> Iterator[str]:
    """The address of the one that /etc/resolv.conf names."""
    with public_folder() as folder:
        own = folder / "resolv.conf"
        own.write_text(f"nameserver {RESOLVER}\n")
        with in_place_of(Path("/etc/resolv.conf"), own), resolver(RESOLVER, keys, folder):
            yield RESOLVER

"""Fixture, one of all tests: `the_world`, healthy and broken."""

from collections.abc import Iterator

import pytest

from tests.real.world.world import World, world


@pytest.fixture(scope="session")
def the_world() -> Iterator[World]:
    """Everything runs."""
    with world() as running:
        yield running

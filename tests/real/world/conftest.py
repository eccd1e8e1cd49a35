"""Fixtures, one of each for all tests: `the_world`, healthy and broken → `ended`, what the command
says of each fault."""

from collections.abc import Iterator

import pytest

from tests.real.world.checks import Ended, all_about
from tests.real.world.faults import FAULTS
from tests.real.world.world import World, world


@pytest.fixture(scope="session")
def the_world() -> Iterator[World]:
    """Everything runs."""
    with world() as running:
        yield running


@pytest.fixture(scope="session")
def ended(the_world: World) -> dict[str, Ended]:
    """The checks of all faults, by their ids."""
    return all_about(the_world, FAULTS)

"""In each broken domain the real programs do what the table of faults says, as `check` must.

The world is that of `make world`: `tests/real/world`. Where the table says "undecided", no program
is asked: that is a word for what a command may not know.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

import pytest

from autoconfig.zone.hosts import alike
from tests.real.clients.takes import PROGRAMS, Did, Taken
from tests.real.namespaces import AUTHORITIES, in_place_of
from tests.real.world.case import Fault
from tests.real.world.certificates import Kind
from tests.real.world.faults import FAULTS, expected
from tests.real.world.world import World, world
from tests.support.services import service_of

GOOD = {Kind.GOOD, Kind.WILDCARD, Kind.SOON}
DECIDED = {"right", "asks", "wrong", "nothing"}
WITHOUT_END = {"hostile-endless", "hostile-head", "hostile-bomb"}
"""Answers that no program is fed with here, since not every one of them has a bound."""


def _asked_of(program: str) -> list[Fault]:
    """The faults of which the table tells what the program comes to.

    Delta Chat is told to take any certificate, so what it does where one is bad is no matter.
    """
    return [
        fault
        for fault in FAULTS
        if expected(fault).get(program) in DECIDED
        and fault.id not in WITHOUT_END
        and not (program == "delta-chat" and _bad_certificate(fault))
    ]


def _bad_certificate(fault: Fault) -> bool:
    return any(each.certificate not in GOOD for each in fault.sites.values())


@pytest.fixture(scope="module")
def the_world() -> Iterator[World]:
    """Everything runs; the CA of the world is the only one of the system."""
    with world() as running, in_place_of(AUTHORITIES, running.ca):
        yield running


@pytest.fixture(scope="module")
def did(
    the_world: World, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Mapping[str, Did]]:
    """What a program did, by the fault; it is run when it is first asked about."""

    @cache
    def of(program: str) -> Mapping[str, Did]:
        faults = _asked_of(program)
        alone = [[each] for each in faults if each.provider]
        found: dict[str, Did] = {}
        for several in ([each for each in faults if not each.provider], *alone):
            with the_world.broken(several[0]):
                folder = tmp_path_factory.mktemp(program)
                names = [each.id for each in several]
                found |= zip(names, PROGRAMS[program](the_world, several, folder), strict=True)
        return found

    return of


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        pytest.param(program, fault, id=f"{program}-{fault.id}")
        for program in PROGRAMS
        for fault in _asked_of(program)
    ],
)
def test_program_does_as_the_table_says(
    program: str, fault: Fault, did: Callable[[str], Mapping[str, Did]]
) -> None:
    found = did(program)[fault.id]
    assert result(found, fault) == expected(fault)[program], (fault.what, found)


def result(found: Did, fault: Fault) -> str:
    """The word for what a program did."""
    protocols = {each.protocol for each in found.taken}
    if not all(_is_right(each, fault) for each in found.taken):
        return "wrong"
    if "exchange" not in protocols and not {"smtp"} < protocols:
        return "nothing"
    return "asks" if found.asked else "right"


def _is_right(server: Taken, fault: Fault) -> bool:
    """Whether it is one of the service's; what a program does not show is not compared."""
    service = service_of(fault.boss) if fault.boss else fault.service
    if server.protocol == "exchange":
        return bool(service.autodiscover) and server.host == service.host
    own = service.of(server.protocol)
    hosts = {*(each.host for each in own), *alike(service, server.protocol)}
    return (
        server.host in hosts
        and any(server.port == each.port and server.socket in ("", each.socket) for each in own)
        and server.username in ("", fault.address)
    )

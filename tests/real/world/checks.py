"""`autoconfig check` as a person starts it, and what it says."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from autoconfig.programs.load import load_programs
from tests.real.programs import program
from tests.real.world.case import Fault
from tests.real.world.faults import expected
from tests.real.world.world import World

AT_ONCE = 2
"""Commands. More of them take too long on a machine of two processors, and are undecided."""
TRIES = 2
PATIENCE = 60.0
IDS = {each.name: each.id for each in load_programs()}
"""Of the programs, by their names."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What the command ended with: its code, an object for each subject, messages, and seconds."""

    code: int
    found: Sequence[Mapping[str, Any]]
    errors: str
    seconds: float

    def checked(self) -> "Checked":
        """What it found of the only subject."""
        assert len(self.found) == 1, self.errors
        return Checked(self.found[0])


@dataclass(frozen=True, slots=True)
class Checked:
    """What the command found of a subject."""

    found: Mapping[str, Any]

    @property
    def results(self) -> dict[str, str]:
        """By program."""
        return {IDS[each["client"]]: each["result"] for each in self.found["verdicts"]}

    def unexpected(self, fault: Fault) -> bool:
        """Whether a program is undecided that should not be, as where this machine is too slow."""
        wanted = expected(fault)
        return any(
            result == "undecided" != wanted.get(each, result)
            for each, result in self.results.items()
        )

    @property
    def problems(self) -> set[str]:
        return {each["id"] for each in self.found["problems"]}


def check(world: World, *arguments: str) -> Ended:
    """Run it with the world's CA and resolver."""
    command = [program("autoconfig"), "check", "--json", "--resolver", world.resolver]
    own = {**os.environ, "SSL_CERT_FILE": str(world.ca), "LC_ALL": "C.UTF-8"}
    began = time.monotonic()
    done = subprocess.run(
        [*command, *arguments],
        env=own,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    found = json.loads(done.stdout) if done.stdout else []
    return Ended(done.returncode, found, done.stderr, time.monotonic() - began)


def about(world: World, fault: Fault, before: Callable[[], object] = lambda: None) -> Ended:
    """The check of a case, whose offer is configured. On a busy machine it is made again.

    `before`: what is done before each.
    """
    for _ in range(TRIES):
        before()
        with world.broken(fault):
            ended = check(world, fault.subject, "--config", str(world.config))
        if not (ended.found and ended.checked().unexpected(fault)):
            break
    return ended


def all_about(world: World, faults: Sequence[Fault]) -> dict[str, Ended]:
    """The checks of cases, by their ids. One that concerns every domain is made alone."""
    together = [each for each in faults if not each.provider]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = list(pool.map(lambda each: about(world, each), together))
    found = {fault.id: each for fault, each in zip(together, ended, strict=True)}
    return found | {each.id: about(world, each) for each in faults if each.provider}

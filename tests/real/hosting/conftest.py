"""Fixtures, one of each for all tests: `server` → `caddy`, `nginx`, `apache`, or each as `front`;
`recorder` → `recorded`; and `installed` → `booted`, a machine to throw away that serves."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.real.hosting.fronts import CADDIES, FRONTS, Front
from tests.real.hosting.machines import SOURCE, Machine, ask, boot, journal, machine
from tests.real.hosting.recorder import Recorder, recording
from tests.real.programs import Server, autoconfig_serve, public_folder, wait_for
from tests.support.recipes import DEPLOY, EXAMPLE, steps

UNIT = DEPLOY / "autoconfig.service"


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with public_folder() as folder, autoconfig_serve(EXAMPLE, folder) as server:
        yield server


@pytest.fixture(scope="session")
def started(server: Server) -> Iterator[Callable[[str], Front]]:
    """Starts one of `FRONTS` before the server, once."""
    with ExitStack() as stack:

        @cache
        def start(name: str) -> Front:
            folder = stack.enter_context(public_folder())
            return stack.enter_context(FRONTS[name](server.port, folder))

        yield start


@pytest.fixture(params=FRONTS)
def front(started: Callable[[str], Front], request: pytest.FixtureRequest) -> Front:
    """Each of them in turn."""
    return started(request.param)


@pytest.fixture(params=CADDIES)
def caddy(started: Callable[[str], Front], request: pytest.FixtureRequest) -> Front:
    """Each Caddy in turn."""
    return started(request.param)


@pytest.fixture
def nginx(started: Callable[[str], Front]) -> Front:
    return started("nginx")


@pytest.fixture
def apache(started: Callable[[str], Front]) -> Front:
    return started("apache")


@pytest.fixture(scope="session")
def recorder() -> Iterator[Recorder]:
    with recording() as found:
        yield found


@pytest.fixture(scope="session", params=FRONTS)
def recorded(recorder: Recorder, request: pytest.FixtureRequest) -> Iterator[Front]:
    """Each of them before a server that records what arrives."""
    with public_folder() as folder, FRONTS[request.param](recorder.port, folder) as front:
        yield front


@pytest.fixture(scope="session")
def installed() -> Iterator[Machine]:
    """A machine on which the steps of the service were taken, as far as systemd is not needed."""
    with public_folder() as folder, machine(folder) as found:
        found.run(f"cp deploy/{EXAMPLE.name} autoconfig.toml", cwd=SOURCE)
        found.run("mkdir -p /etc/autoconfig && cp deploy/*.txt /etc/autoconfig/", cwd=SOURCE)
        for step in steps(UNIT):
            if step.startswith("cp deploy/autoconfig.service"):
                break
            if not step.startswith("apt "):
                found.run(step, cwd=SOURCE)
        # The rest of Apache, whose program alone is installed on this machine. Nothing is started.
        found.write("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n")
        found.run("chmod +x /usr/sbin/policy-rc.d && apt-get update --quiet")
        found.run("DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes apache2")
        yield found


@pytest.fixture(scope="session")
def booted(installed: Machine) -> Iterator[Machine]:
    """The same, with the rest of the steps taken under systemd."""
    with public_folder() as folder, boot(installed, folder) as found:
        last = [step for step in steps(UNIT) if "systemctl" in step or "service" in step]
        assert len(last) == 3
        for step in last:
            done = found.run(step, cwd=SOURCE, check=False)
            assert done.code == 0, done.said + journal(found)
        wait_for(lambda: ask(found, "/healthz").startswith("ok"), "the service")
        yield found

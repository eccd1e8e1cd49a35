"""Fixtures, one of each for all tests: `server` → `caddy`, `nginx`, `apache`; and `installed` →
`booted`, a machine to throw away that serves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.hosting import fronts
from tests.real.hosting.fronts import Front
from tests.real.hosting.machines import SOURCE, Machine, ask, boot, journal, machine
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

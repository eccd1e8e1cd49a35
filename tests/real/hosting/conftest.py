"""Fixtures: `server` → `caddy`, `nginx`, `apache`; one of each for all tests."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE
from tests.real.hosting import fronts
from tests.real.hosting.fronts import Front, Server
from tests.real.hosting.programs import listening
from tests.running import free_port

Serving = Callable[[Path], AbstractContextManager[Server]]


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """One that a web server may enter under another user, which pytest's own folders forbid."""
    with tempfile.TemporaryDirectory(prefix="autoconfig-hosting-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Starts `autoconfig serve` with the example configuration."""

    @contextmanager
    def start(folder: Path) -> Iterator[Server]:
        port, log = free_port(), folder / "autoconfig.log"
        command: list[str | Path] = [Path(sys.executable).with_name("autoconfig"), "serve"]
        command += ["--config", EXAMPLE, "--port", str(port), "--workers", "1"]
        with listening(command, [port], log) as process:
            yield Server(port, log, process)

    return start


@pytest.fixture(scope="session")
def server(serving: Serving) -> Iterator[Server]:
    with temporary_folder() as folder, serving(folder) as server:
        yield server


@pytest.fixture(scope="session")
def caddy(server: Server) -> Iterator[Front]:
    with temporary_folder() as folder, fronts.caddy(server.port, folder) as front:
        yield front


@pytest.fixture(scope="session")
def nginx(server: Server) -> Iterator[Front]:
    with temporary_folder() as folder, fronts.nginx(server.port, folder) as front:
        yield front


@pytest.fixture(scope="session")
def apache(server: Server) -> Iterator[Front]:
    with temporary_folder() as folder, fronts.apache(server.port, folder) as front:
        yield front

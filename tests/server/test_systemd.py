"""What systemd hears of the server; `make hosting` has a real one hear it."""

import socket
from pathlib import Path

import pytest

from tests.support.recipes import EXAMPLE
from tests.support.running import PATIENCE
from tests.support.serving import running, started

PLACES = {"a file": "", "an abstract name": "@"}


@pytest.mark.parametrize("sign", PLACES.values(), ids=PLACES)
def test_systemd_hears_that_the_server_has_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    name = f"{sign}{tmp_path / 'notify'}"
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(name.replace("@", "\0", 1))
        systemd.settimeout(30)
        with running(tmp_path):
            assert systemd.recv(100) == b"READY=1"


@pytest.mark.parametrize("mistake", ["configuration", "port"])
def test_systemd_does_not_hear_of_a_server_that_cannot_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    """So `systemctl` says that, and why."""
    name = tmp_path / "notify"
    monkeypatch.setenv("NOTIFY_SOCKET", str(name))
    config = tmp_path / "absent.toml" if mistake == "configuration" else EXAMPLE
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd,
        socket.create_server(("127.0.0.1", 0)) as taken,
    ):
        systemd.bind(str(name))
        systemd.settimeout(0)
        port = taken.getsockname()[1] if mistake == "port" else None
        with started(tmp_path, config=config, port=port) as server:
            assert server.process.wait(PATIENCE) in (1, 2)
        with pytest.raises(BlockingIOError):
            systemd.recv(100)


def test_server_serves_where_nobody_hears_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    with running(tmp_path) as server:
        assert server.complaints() == []

"""`/metrics` for Prometheus on another machine: the block for it in each web server's file."""

import re
import shutil
import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests.real.hosting import fronts
from tests.real.hosting.fronts import FRONTS, Front
from tests.real.programs import Server
from tests.support.recipes import DEPLOY

BLOCK = re.compile(r"^(\s*)# For Prometheus on another machine.*\n((?:\1# .*\n)+)", re.MULTILINE)
SPELLINGS = ("/metrics", "/metrics?", "//metrics", "/%6detrics", "/./metrics", "/METRICS")
PROMETHEUS, STRANGER = "127.0.0.1", "127.0.0.2"


def with_block(text: str) -> str:
    """A file in which the block is no comment any more, for Prometheus on this machine."""
    found = BLOCK.search(text)
    assert found, "the file has no block for Prometheus"
    lines = found[2].replace("192.0.2.1", PROMETHEUS).replace(f"{found[1]}# ", found[1])
    return text[: found.start(2)] + lines + text[found.end(2) :]


def status(front: Front, target: str, client: str) -> str:
    """What a client gets that has this address."""
    place = ("127.0.0.1", front.http)
    with closing(socket.create_connection(place, 30, source_address=(client, 0))) as connection:
        host = "Host: autoconfig.example.fr\r\nConnection: close"
        connection.sendall(f"GET {target} HTTP/1.1\r\n{host}\r\n\r\n".encode())
        with connection.makefile() as answer:
            return answer.readline().split()[1]


@pytest.mark.parametrize("name", FRONTS)
def test_prometheus_alone_reads_the_metrics_through_a_web_server(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """And nothing else that is not for others. The server itself trusts nobody more than before."""
    changed = folder / "deploy"
    shutil.copytree(DEPLOY, changed)
    for path in (changed / "Caddyfile", changed / "nginx.conf", changed / "apache.conf"):
        path.write_text(with_block(path.read_text()))
    monkeypatch.setattr(fronts, "DEPLOY", changed)
    with FRONTS[name](server.port, folder) as front:
        answer = front.ask("/metrics")
        assert answer.status == 200
        assert b"autoconfig_requests_total" in answer.body
        assert status(front, "/metrics", PROMETHEUS) == "200"
        for target in SPELLINGS:
            assert status(front, target, STRANGER) in ("403", "404"), target
        for client in (PROMETHEUS, STRANGER):
            assert status(front, "/ask?domain=autoconfig.example.fr", client) == "404"

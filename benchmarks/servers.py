"""The servers that are compared: each on loopback with two workers, while a block lasts."""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.constant import SITE
from benchmarks.processes import answers, ask, program, running, wait_for
from benchmarks.questions import MOZILLA, QUESTIONS, addresses, domain, write_config
from tests.support.running import free_port

WORKERS = 2
CONSTANTS = ("WSGI", "Flask")
"""The applications of `benchmarks.constant`, by what they are made with."""
BIN = Path(sys.executable).parent
SERVER = re.compile(r'Server type="(\w+)">\s*<hostname>(.+)</hostname>\s*<port>(\d+)<')
"""A server in Mozilla's document: its protocol, host and port."""

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

NGINX = """\
daemon off;
pid {folder}/nginx.pid;
worker_processes {workers};
{user}
events {{}}
http {{
    access_log off;
    keepalive_requests 1000000000;
    sendfile off;  # as nginx has it by itself; files as small as these are served faster so
    types {{ text/xml xml; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {site};
        error_page 405 =200 $uri;  # a file for whoever posts, too
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """One that is up. `own_words`: whether it writes a document of its own with the same facts."""

    name: str
    port: int
    pid: int
    domains: int
    own_words: bool = False


def automx2_is_installed() -> bool:
    return find_spec("automx2") is not None


def write_site(folder: Path) -> Path:
    """The answers to the first address, as files: what nginx and the constants serve."""
    (address,) = addresses(1, 1)
    for question in QUESTIONS:
        file = folder / question.path[1:]
        file.parent.mkdir(parents=True)
        file.write_bytes(question.answer_to(address))
    return folder


@contextmanager
def nginx(folder: Path, site: Path) -> Iterator[Server]:
    port, config, log = free_port(), folder / "nginx.conf", folder / "nginx.log"
    user = "user www-data;" if os.geteuid() == 0 else ""
    config.write_text(NGINX.format(folder=folder, workers=WORKERS, user=user, port=port, site=site))
    command = [program("nginx"), "-c", str(config), "-e", "stderr"]
    with _up("nginx, a file", command, port, log, domains=1) as server:
        yield server


@contextmanager
def constant(folder: Path, site: Path, made_with: str) -> Iterator[Server]:
    port, name = free_port(), made_with.lower()
    command = granian(f"benchmarks.constant:{name}", port, "--factory")
    log, environ = folder / f"{name}.log", {SITE: str(site)}
    with _up(f"{made_with}, a constant", command, port, log, environ=environ, domains=1) as server:
        yield server


@contextmanager
def autoconfig(
    folder: Path, domains: int, first: str = "", workers: int = WORKERS
) -> Iterator[Server]:
    """As people run it: with its access log. `first`: what its configuration begins with."""
    config, port = write_config(folder / f"{domains}", domains, first), free_port()
    log = folder / f"autoconfig-{domains}.log"
    command = serve_command(config, port, workers)
    with _up("autoconfig", command, port, log, ready=HEALTH, domains=domains) as server:
        yield server


@contextmanager
def automx2(folder: Path, domains: int) -> Iterator[Server]:
    """Its database in SQLite, filled through its own `/initdb/`: one provider with all domains."""
    port, config, log = free_port(), folder / "automx2.conf", folder / "automx2.log"
    folder.mkdir()
    config.write_text(f"[automx2]\ndb_uri = sqlite:///{folder}/automx2.sqlite\n")
    command, environ = granian("automx2.server:app", port), {"AUTOMX2_CONF": str(config)}
    ready = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with _up(
        "automx2", command, port, log, environ=environ, ready=ready, domains=domains
    ) as server:
        ask(port, seed(domains))
        yield server


def seed(domains: int) -> bytes:
    """The request that fills automx2's database with MX Plan as it is in the golden file."""
    servers = [
        {"type": kind.replace("pop3", "pop"), "name": host, "port": int(port)}
        for kind, host, port in SERVER.findall(MOZILLA.answer.decode())
    ]
    provider = {
        "version": 2,
        "provider": "OVHcloud MX Plan",
        "domains": [{"name": domain(number)} for number in range(domains)],
        "servers": servers,
    }
    body = json.dumps(provider).encode()
    lines = ["POST /initdb/ HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def granian(application: str, port: int, *options: str) -> list[str]:
    command = [str(BIN / "granian"), "--interface", "wsgi", "--workers", str(WORKERS)]
    command += ["--http", "1", "--log-level", "warning", "--port", str(port)]
    return [*command, *options, application]


def serve_command(config: Path, port: int, workers: int = WORKERS) -> list[str]:
    command = [str(BIN / "autoconfig"), "serve", "--config", str(config)]
    return [*command, "--port", str(port), "--workers", str(workers)]


@contextmanager
def _up(  # noqa: PLR0913, PLR0917  # one sentence for each server, above
    name: str,
    command: list[str],
    port: int,
    log: Path,
    domains: int,
    environ: dict[str, str] | None = None,
    ready: bytes = MOZILLA.request(*addresses(1, 1)),
) -> Iterator[Server]:
    with running(command, log, environ) as process:
        wait_for(lambda: answers(port, ready), process, log)
        yield Server(name, port, process.pid, domains, own_words=name == "automx2")

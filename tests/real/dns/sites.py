"""Servers that read the DNS, and one that has the same domains in its configuration."""

import http.client
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from autoconfig.names import Domain
from tests.real.programs import Command, listening, program, wait_for
from tests.support.requests import MOZILLA
from tests.support.running import free_port
from tests.support.serving import LOOPBACK, Answer, Asked, answer, asked
from tests.support.zones import Expected, Zone

CONFIGURED = "zone-900.fr"
"""In every configuration, and in no zone: whoever asked the DNS about it would find nothing."""
PATIENCE = 20.0
"""Seconds that any answer may take."""
HEADERS = {
    *("access-control-allow-origin", "cache-control", "content-language", "content-length"),
    *("content-type", "etag", "location", "retry-after", "vary", "x-content-type-options"),
}
"""Of an answer, whichever program serves it."""


@dataclass(frozen=True, slots=True)
class Site:
    port: int
    process: Popen[bytes]
    log: Path

    def ask(self, question: Asked) -> Answer:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=PATIENCE)
        try:
            connection.request(question.method, question.target, question.body, question.headers)
            response = connection.getresponse()
            found = answer(response.status, response.getheaders(), response.read())
            return found._replace(headers=[pair for pair in found.headers if pair[0] in HEADERS])
        finally:
            connection.close()

    def is_up(self) -> bool:
        """Whether a worker answers: the port takes connections before one does."""
        with suppress(OSError, http.client.HTTPException):
            return self.ask(asked("GET", "/healthz")).status == 200
        return False

    def status(self, domain: str) -> int:
        """Of the settings of a domain."""
        return self.ask(about(domain)).status

    def timed(self, domain: str) -> tuple[int, float]:
        """The same, and the seconds that it took."""
        began = time.monotonic()
        return self.status(domain), time.monotonic() - began


def about(domain: str) -> Asked:
    return asked("GET", MOZILLA, f"autoconfig.{domain}")


def reading_dns(*resolvers: str, base_url: str = "", more: str = "") -> str:
    """A configuration. `more`: further keys."""
    return f"""\
detect = true
resolvers = {list(resolvers)}
{f'base_url = "{base_url}"' if base_url else ""}
{more}
[[service]]
offer = "mx-plan"
domains = ["{CONFIGURED}"]
"""


def configured(zones: Iterable[Zone]) -> str:
    """The configuration of somebody who knows what every domain has."""
    services: dict[Expected, list[Domain]] = defaultdict(list)
    for zone in zones:
        if zone.served.is_answered:
            services[zone.served].append(zone.domain)
    return reading_dns().replace("detect = true", "") + "".join(
        f'[[service]]\noffer = "{found.offer}"\nregion = "{found.region}"\ndomains = {domains}\n'
        + (f'server = "{found.server}"\n' if found.server else "")
        for found, domains in services.items()
    )


@contextmanager
def autoconfig(text: str, folder: Path, workers: int = 2) -> Iterator[Site]:
    """`autoconfig serve`."""
    command = [program("autoconfig"), "serve", "--workers", str(workers), "--port"]
    with _site(command, text, folder) as site:
        yield site


@contextmanager
def gunicorn(text: str, folder: Path, *options: str) -> Iterator[Site]:
    """The application under another server, with two processes of four threads."""
    command = [program("gunicorn"), "--workers=2", "--threads=4", *options]
    with _site([*command, "autoconfig.web:create_app()", "--bind"], text, folder) as site:
        yield site


@contextmanager
def _site(command: Sequence[str], text: str, folder: Path) -> Iterator[Site]:
    """`command` is without the port, which is its last option."""
    folder.mkdir(exist_ok=True)
    config, port, log = folder / "autoconfig.toml", free_port(), folder / "site.log"
    config.write_text(text)
    where = f"{LOOPBACK}:{port}" if command[-1] == "--bind" else str(port)
    whole: Command = [*command, where]
    with listening(whole, [port], log, {"AUTOCONFIG_CONFIG": str(config)}) as process:
        site = Site(port, process, log)
        wait_for(site.is_up, "a worker")
        yield site

"""A world on loopback: names, web servers, mail servers, and domains broken in one way each.

    with world() as w:                          # once a session: everything starts
        with w.broken(fault) as domain:         # a row of `faults.FAULTS`, or of `HEALTHY`
            ...                                 # ask about f"alice@{domain}"

`w.ca`: the file of the CA to trust; `w.resolver`: the name server to ask, which is that of
/etc/resolv.conf too; `w.config`: the file with all domains and their offers. Every fault has a
domain of its own, so that most of them are there at once; `broken` does what concerns all domains.

Nothing in it can reach the world outside. It takes root, and the programs of
`tests/real/install world`.
"""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.rcode

from autoconfig.names import Domain
from autoconfig.offers.model import Service
from tests.real.dns.name_servers import RESOLVER, ROOT, UNBOUND, says, zones_of_the_world
from tests.real.namespaces import in_place_of
from tests.real.programs import Command, listening, program, public_folder, running, wait_for
from tests.real.world.addresses import MAIL, world_of_addresses
from tests.real.world.case import Fault
from tests.real.world.certificates import Authority
from tests.real.world.faults import FAULTS, HEALTHY, PROVIDER_SITES
from tests.real.world.front import DATABASES, Front, front
from tests.real.world.mail import mail_servers
from tests.real.world.odd_web import SERVE_PORT, Asked, OddWeb, odd_web
from tests.real.world.texts import DATABASE
from tests.real.world.zones import SERVER, other_zones, provider_hosts
from tests.support.services import service_of

REPLACED = {
    Path("/etc/resolv.conf"): f"nameserver {RESOLVER}\n",
    Path("/etc/nsswitch.conf"): "passwd: files\ngroup: files\nhosts: files dns\n",
    Path("/etc/hosts"): "127.0.0.1 localhost\n::1 localhost\n",
}
CONTROL = """\
server:
  log-queries: yes
  trust-anchor-file: "{keys}"
remote-control:
  control-enable: yes
  control-interface: "{folder}/control"
"""


@dataclass(frozen=True, slots=True)
class World:
    """See the module. `front` and `odd`: its two web servers."""

    ca: Path
    config: Path
    front: Front
    odd: OddWeb
    folder: Path
    resolver: str = RESOLVER

    @contextmanager
    def broken(self, fault: Fault) -> Iterator[Domain]:
        """Inside, the fault is there, in the domain."""
        with ExitStack() as stack:
            for host, place in fault.provider.items():
                for kind, address in zip(("A", "AAAA"), place.both, strict=False):
                    self._control("local_data", f"{host}. 60 IN {kind} {address}")
                stack.callback(self._control, "local_data_remove", f"{host}.")
            if fault.provider:
                self._control("flush_infra", "all")
            yield fault.domain

    def forget(self) -> None:
        """What was asked until now."""
        self.front.forget()
        self.odd.asked.clear()
        (self.folder / "unbound.log").write_text("")

    def asked(self) -> list[Asked]:
        """Every request to a web server since then."""
        return [*self.front.asked(), *self.odd.asked]

    def questions(self) -> list[tuple[str, str]]:
        """Every question to the resolver since then: name without final dot, and type."""
        lines = (self.folder / "unbound.log").read_text().splitlines()
        words = [line.split() for line in lines if line.endswith(" IN")]
        return [(each[-3].removesuffix(".").lower(), each[-2]) for each in words]

    def _control(self, *words: str) -> None:
        config = self.folder / "unbound.conf"
        command = [program("unbound-control"), "-q", "-c", str(config), *words]
        subprocess.run(command, check=True)


@contextmanager
def world(faults: Sequence[Fault] = FAULTS) -> Iterator[World]:
    """Make it, with these faults and every healthy domain."""
    cases = (*HEALTHY, *faults)
    with ExitStack() as stack:
        folder = stack.enter_context(public_folder())
        stack.enter_context(world_of_addresses())
        for path, text in REPLACED.items():
            own = folder / path.name
            own.write_text(text)
            stack.enter_context(in_place_of(path, own))
        zones = [*other_zones(provider_hosts()), *(case.zone for case in cases)]
        keys = stack.enter_context(zones_of_the_world(zones, folder / "nsd"))
        stack.enter_context(_resolver(keys, folder))
        authority = Authority(folder / "certificates")
        for host in (SERVER, *provider_hosts(), *DATABASES):
            authority.write(host)
        for case in cases:
            for name in case.certified:
                authority.write(name)
        sites = {**PROVIDER_SITES, **{k: v for case in cases for k, v in case.hosts.items()}}
        config = folder / "autoconfig.toml"
        config.write_text(_configuration(cases))
        stack.enter_context(_serve(config, folder))
        odd = stack.enter_context(odd_web(sites, authority))
        database = {"ovh.net": DATABASE}
        database |= {case.domain: case.database for case in cases if case.database}
        certificate = authority.write(*provider_hosts())
        mail = {each.service.host: each.mail for each in cases if each.has_own_host}
        others = {host: authority.write_odd(host, kind) for host, kind in mail.items() if host}
        addresses = [address for each in MAIL for address in each.both]
        stack.enter_context(mail_servers(addresses, certificate, others, folder))
        (folder / "nginx").mkdir()
        running_front = stack.enter_context(
            front(folder / "certificates", database, folder / "nginx")
        )
        yield World(authority.ca, config, running_front, odd, folder)


def _configuration(cases: Sequence[Fault]) -> str:
    return f'base_url = "https://{SERVER}"\n' + "\n".join(map(_table, cases))


def _table(case: Fault) -> str:
    text = _service(case.service, "domains", case.domain)
    if case.boss:
        text += _service(service_of(case.boss), "addresses", case.address)
    return text


def _service(service: Service, key: str, value: str) -> str:
    host = f'server = "{service.host}"\n' if service.host else ""
    return (
        f'[[service]]\noffer = "{service.offer.id}"\nregion = "{service.region}"\n{host}'
        f"{key} = {json.dumps([value])}\n"
    )


@contextmanager
def _serve(config: Path, folder: Path) -> Iterator[None]:
    command: Command = [program("autoconfig"), "serve", "--config", config, "--workers", "1"]
    with listening([*command, "--port", str(SERVE_PORT)], [SERVE_PORT], folder / "serve.log"):
        yield


@contextmanager
def _resolver(keys: Path, folder: Path) -> Iterator[None]:
    """unbound, which a fault may give further names."""
    hints = ". 3600 IN NS ns.zone-000.com.\nns.zone-000.com. 3600 IN A {}\n"
    (folder / "root.hints").write_text(hints.format(ROOT))
    text = UNBOUND.format(address=RESOLVER, folder=folder).partition("remote-control:")[0]
    (folder / "unbound.conf").write_text(text + CONTROL.format(keys=keys, folder=folder))
    command: Command = [program("unbound"), "-d", "-c", folder / "unbound.conf"]
    with running(command, folder / "unbound.log"):
        wait_for(lambda: says(RESOLVER) == dns.rcode.NOERROR, "unbound")
        yield

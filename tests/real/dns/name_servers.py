"""The domain name system of a test, whole: a root with every zone below it, and a resolver.

nsd is authoritative for the zones, each of which the root delegates as its `Kept` says; unbound
begins at that root, follows the delegations, and checks the signatures of what is signed. All of it
is on port 53 of addresses of loopback, which takes a network of our own.
"""

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import dns.dnssec
import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from dns.dnssectypes import Algorithm

from autoconfig.names import Domain
from tests.real.programs import program, running, wait_for
from tests.support.zones import BROKEN_SERVER, Kept, Zone

ROOT, LAME, UNREACHABLE, SILENT = "127.0.0.10", "127.0.0.11", "127.0.0.12", "127.0.0.13"
SECOND = "127.0.0.14"
"""Another name server of a zone, which may have another copy than that at `ROOT`."""
RESOLVER = "127.0.0.1"
"""The one that the machine itself asks."""
DAY = 24 * 60 * 60

NSD = """\
server:
  ip-address: {address}
  port: 53
  do-ip6: no
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
"""

UNBOUND = """\
server:
  interface: {address}
  do-ip6: no
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  do-not-query-localhost: no
  root-hints: "{folder}/root.hints"
  infra-host-ttl: 5
remote-control:
  control-enable: no
"""

HEAD = f"""\
$TTL 3600
@ IN SOA ns.zone-000.com. dns.zone-000.com. 1 86400 3600 3600000 60
@ IN NS ns.zone-000.com.
ns.zone-000.com. IN A {ROOT}
dns112.ovh.net. IN A {ROOT}
ns112.ovh.net. IN A {ROOT}
{BROKEN_SERVER} IN A {LAME}
ns.unreachable.zone-000.com. IN A {UNREACHABLE}
ns.silent.zone-000.com. IN A {SILENT}
ns.second.zone-000.com. IN A {SECOND}
"""
ORDINARILY = ("dns112.ovh.net.", "ns112.ovh.net.")
DELEGATED_TO = {
    Kept.LAME: (BROKEN_SERVER,),
    Kept.UNREACHABLE: ("ns.unreachable.zone-000.com.",),
    Kept.SILENT: ("ns.silent.zone-000.com.",),
}


@contextmanager
def zones_of_the_world(zones: Sequence[Zone], folder: Path) -> Iterator[Path]:
    """Serve them. Inside is a file with the keys of those that are signed, for a resolver."""
    names, keys = [""], []
    folder.mkdir(exist_ok=True)
    (folder / "root.zone").write_text(_root(zones))
    for zone in zones:
        if zone.kept in (Kept.WELL, Kept.SIGNED, Kept.FORGED):
            text, key = _signed(zone) if zone.kept is not Kept.WELL else (zone.bind, "")
            (folder / f"{zone.apex}.zone").write_text(text, encoding="ascii")
            names.append(zone.apex)
            keys.append(key)
    (folder / "trusted.keys").write_text("".join(keys))
    with ExitStack() as stack:
        stack.enter_context(_nsd(ROOT, names, folder))
        stack.enter_context(_nsd(LAME, [], folder / "lame"))
        silent = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
        silent.bind((SILENT, 53))
        yield folder / "trusted.keys"


@contextmanager
def name_server(address: str, texts: Mapping[Domain, str], folder: Path) -> Iterator[None]:
    """nsd at an address, until the block ends, with zones by the name of their top."""
    folder.mkdir(exist_ok=True)
    for apex, text in texts.items():
        (folder / f"{apex}.zone").write_text(text, encoding="utf-8")
    with _nsd(address, texts, folder):
        yield


@contextmanager
def resolver(address: str, keys: Path, folder: Path) -> Iterator[None]:
    """unbound at an address, until the block ends. `keys`: those that it trusts."""
    folder.mkdir(exist_ok=True)
    hints = ". 3600 IN NS ns.zone-000.com.\nns.zone-000.com. 3600 IN A {}\n"
    (folder / "root.hints").write_text(hints.format(ROOT))
    config = folder / "unbound.conf"
    text = UNBOUND.format(address=address, folder=folder)
    config.write_text(f'{text}server:\n  trust-anchor-file: "{keys}"\n')
    with running([program("unbound"), "-d", "-c", config], folder / "unbound.log"):
        wait_for(lambda: says(address) == dns.rcode.NOERROR, f"unbound at {address}")
        yield


def says(address: str) -> dns.rcode.Rcode | None:
    """What a name server answers to the first of all questions; None if it does not."""
    with suppress(OSError, dns.exception.DNSException):
        return dns.query.udp(dns.message.make_query(".", "SOA"), address, 1).rcode()
    return None


@contextmanager
def _nsd(address: str, names: Iterable[str], folder: Path) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    config = folder / "nsd.conf"
    rows = (
        f'zone:\n  name: "{name or "."}"\n  zonefile: "{name or "root"}.zone"\n' for name in names
    )
    config.write_text(NSD.format(address=address, folder=folder) + "".join(rows))
    with running([program("nsd"), "-d", "-c", config], folder / "nsd.log"):
        wait_for(lambda: says(address) is not None, f"nsd at {address}")
        yield


def _root(zones: Sequence[Zone]) -> str:
    """The root zone, which delegates each that no other zone is above."""
    apexes = [f".{zone.apex}" for zone in zones]
    rows = [
        f"{zone.apex}. IN NS {server}\n"
        for zone in zones
        if zone.kept is not Kept.NOWHERE
        and not any(f".{zone.apex}".endswith(apex) for apex in apexes if apex != f".{zone.apex}")
        for server in DELEGATED_TO.get(zone.kept, ORDINARILY)
    ]
    return HEAD + "".join(rows)


def _signed(zone: Zone) -> tuple[str, str]:
    """The zone with signatures, which are wrong if it is forged, and the key that made them."""
    private = ec.generate_private_key(ec.SECP256R1())
    public = dns.dnssec.make_dnskey(private.public_key(), Algorithm.ECDSAP256SHA256, flags=257)
    parsed = dns.zone.from_text(zone.bind, zone.apex, relativize=False)
    with parsed.writer() as writing:
        dns.dnssec.sign_zone(
            parsed, writing, keys=[(private, public)], lifetime=DAY, add_dnskey=True
        )
    text = parsed.to_text(relativize=False)
    if zone.kept is Kept.FORGED:
        text = text.replace("pro1.mail", "pro2.mail").replace("mx0.mail", "mx1.mail")
    return text, f"{zone.apex}. IN DNSKEY {public.to_text()}\n"

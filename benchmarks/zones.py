"""Name servers on loopback: nsd with a zone in which every domain has its mail at MX Plan, and one
that never answers; and what it costs to ask them with dnspython and nothing more."""

import asyncio
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from dns.asyncquery import udp
from dns.message import make_query

from benchmarks.processes import program, running, wait_for
from benchmarks.questions import domain
from tests.support.running import free_port
from tests.support.services import service_of

PARENT = "fr"
"""Below it, since a server looks up no domain of `.example`."""

NSD = """\
server:
    ip-address: 127.0.0.1
    port: {port}
    username: ""
    chroot: ""
    zonesdir: "{folder}"
    database: ""
    pidfile: "{folder}/nsd.pid"
    xfrdfile: "{folder}/xfrd.state"
    zonelistfile: "{folder}/zone.list"
    rrl-ratelimit: 0
    minimal-responses: yes  # as a name server that recurses
remote-control:
    control-enable: no
zone:
    name: {zone}
    zonefile: zone
"""
ZONE = """\
$TTL 3600
@ SOA ns hostmaster 1 3600 600 604800 3600
@ NS ns
ns A 127.0.0.1
"""


def detected(number: int) -> str:
    """A domain whose zone says what it has; as many as anybody wants."""
    return f"{domain(number)}.{PARENT}"


@contextmanager
def name_server(folder: Path) -> Iterator[str]:
    """The address of nsd, to which all names are known."""
    folder.mkdir(parents=True)
    port, config, log = free_port(), folder / "nsd.conf", folder / "nsd.log"
    zone = detected(0).partition(".")[2]
    config.write_text(NSD.format(port=port, folder=folder, zone=zone))
    mail = service_of("mx-plan").dns.mx
    records = "".join(f"* MX {each.preference} {each.host}.\n" for each in mail)
    (folder / "zone").write_text(ZONE + records)
    with running([program("nsd"), "-d", "-c", str(config)], log) as process:
        wait_for(lambda: _accepts(port), process, log)
        yield f"127.0.0.1:{port}"


@contextmanager
def silent_name_server() -> Iterator[str]:
    """The address of one that reads no query."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
        silent.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{silent.getsockname()[1]}"


def bare_queries(resolver: str, domains: Sequence[str], at_once: int) -> float:
    """Microseconds of CPU time for the two queries of a domain and the reading of the answers."""
    questions = [[(each, "MX"), (f"_autodiscover._tcp.{each}", "SRV")] for each in domains]
    before = time.process_time()
    ask(resolver, questions, at_once)
    return (time.process_time() - before) * 1e6 / len(domains)


def ask(resolver: str, questions: Sequence[Sequence[tuple[str, str]]], at_once: int) -> None:
    """Put the questions of each domain, names with types, side by side; so many domains at once."""
    host, _, port = resolver.partition(":")
    waiting = iter(questions)

    async def work() -> None:
        for each in waiting:
            queries = [make_query(*question, use_edns=0) for question in each]
            await asyncio.gather(*(udp(query, host, 5, int(port)) for query in queries))

    async def all_of_them() -> None:
        await asyncio.gather(*(work() for _ in range(at_once)))

    asyncio.run(all_of_them())


def _accepts(port: int) -> bool:
    with closing(socket.socket()) as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0

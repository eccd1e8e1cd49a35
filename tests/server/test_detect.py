"""A server that has the DNS asked: its threads, its reloads, its workers, its end.

The name server is ours, and as slow as a test wants it.
"""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from autoconfig.detect.findings import MOST_LOOKUPS
from autoconfig.serve.limits import BODIES, THREADS
from tests.support.name_server import Reply, name_server, records, silence
from tests.support.name_server import Server as NameServer
from tests.support.requests import MOZILLA
from tests.support.running import until
from tests.support.serving import (
    POST,
    POX_BODY,
    WHOLE,
    Answer,
    Server,
    asked,
    everything,
    running,
    statuses,
)

SERVICE = '[[service]]\noffer = "mx-plan"\ndomains = ["example.com"]\n'
CUSTOMER = "customer.com"
MX = records(f"{CUSTOMER}. 300 MX 1 mx1.mail.ovh.net.")
SRV = records(f"_autodiscover._tcp.{CUSTOMER}. 300 SRV 0 0 443 pro1.mail.ovh.net.")
ZONE: dict[str, Reply] = {f"{CUSTOMER} MX": MX, f"_autodiscover._tcp.{CUSTOMER} SRV": SRV}
SLOW = [f"slow{number}.com" for number in range(3 * MOST_LOOKUPS)]


def configuration(folder: Path, names: NameServer, more: str = "") -> Path:
    path = folder / "autoconfig.toml"
    host, port = names.address
    path.write_text(f'detect = true\nresolvers = ["{host}:{port}"]\n{more}{SERVICE}')
    return path


@contextmanager
def detecting(folder: Path, names: NameServer, **more: int) -> Iterator[Server]:
    with running(folder, config=configuration(folder, names), **more) as server:
        yield server


def ask(server: Server, domain: str = CUSTOMER) -> Answer:
    return server.ask(asked("GET", MOZILLA, f"autoconfig.{domain}"))


def look_up(server: Server) -> Answer:
    """The answer of a look-up in time, which a busy machine may not let the first one be."""
    assert until(lambda: ask(server).status == 200)
    assert until(lambda: ask(server, "last.com").status == 404), "and the DNS has heard all before"
    return ask(server)


def looked_up(names: NameServer) -> int:
    return sum(each.startswith(f"{CUSTOMER} MX") for each in names.asked)


def test_findings_of_a_worker_outlive_a_reload(tmp_path: Path) -> None:
    with name_server(ZONE) as names, detecting(tmp_path, names) as server:
        before, number = look_up(server), looked_up(names)
        assert b"pro1.mail" in before.body
        configuration(tmp_path, names, '[[service]]\noffer = "mx-plan"\ndomains = ["new.com"]\n')
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda: ask(server, "new.com").status == 200)
        assert ask(server) == before
        assert looked_up(names) == number
        assert server.complaints() == []


def test_worker_that_takes_a_place_looks_up_for_itself(tmp_path: Path) -> None:
    with name_server(ZONE) as names, detecting(tmp_path, names) as server:
        before, number = look_up(server), looked_up(names)
        (victim,) = server.children()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: victim not in server.children() and server.is_ready())
        assert look_up(server) == before
        assert looked_up(names) > number


def test_server_ends_in_the_middle_of_look_ups(tmp_path: Path) -> None:
    replies: dict[str, Reply] = {f"{domain} MX": silence for domain in SLOW}
    with name_server(replies) as names, ExitStack() as opened:
        with detecting(tmp_path, names, workers=2) as server:
            for domain in SLOW[:20]:
                begin(server, opened, domain)
            assert until(lambda: bool(names.asked))
        assert server.complaints() == []


def begin(server: Server, opened: ExitStack, domain: str) -> socket.socket:
    client = opened.enter_context(server.connect())
    client.sendall(f"GET {MOZILLA} HTTP/1.0\r\nHost: autoconfig.{domain}\r\n\r\n".encode())
    return client


def test_threads_remain_for_others_whatever_the_dns_and_slow_clients_do(tmp_path: Path) -> None:
    """As many bodies are on their way as may be, and more domains are asked about than may be."""
    replies: dict[str, Reply] = {f"{domain} MX": silence for domain in SLOW}
    with (
        name_server({**ZONE, **replies}) as names,
        detecting(tmp_path, names) as server,
        ExitStack() as opened,
    ):
        look_up(server)
        for _ in range(THREADS * BODIES // 100):
            client = opened.enter_context(server.connect())
            client.sendall(POST + WHOLE + b"\r\n" + POX_BODY[:50])
        slow = [begin(server, opened, domain) for domain in SLOW]
        assert all(server.is_well() and ask(server).status == 200 for _ in range(20))
        answers = [everything(client) for client in slow]
        assert [statuses(each) for each in answers] == [[503]] * len(SLOW)
        waited = [each for each in answers if b"retry-after: 30" in each.lower()]
        refused = [each for each in answers if b"retry-after: 1\r" in each.lower()]
        assert waited
        assert refused
        assert len(waited) + len(refused) == len(SLOW)
        assert server.complaints() == []


def test_look_ups_leave_no_files_open(tmp_path: Path) -> None:
    replies: dict[str, Reply] = {f"{domain} MX": silence for domain in SLOW}
    with (
        name_server({**ZONE, **replies}) as names,
        detecting(tmp_path, names) as server,
        ExitStack() as opened,
    ):
        look_up(server)
        (worker,) = server.children()
        before = datagram_sockets(worker)
        domains, slow = iter(SLOW), []

        def one_is_open() -> bool:
            """One more is made each time, as those before may have ended meanwhile."""
            slow.append(begin(server, opened, next(domains)))
            return datagram_sockets(worker) > before

        assert until(one_is_open)
        for client in slow:
            everything(client)
        assert until(lambda: datagram_sockets(worker) == before)


def datagram_sockets(pid: int) -> int:
    rows = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    theirs = {f"socket:[{row[9]}]" for row in rows}
    files = []
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            files.append(os.readlink(file))
    return len(theirs.intersection(files))


@pytest.mark.parametrize("detect", [True, False], ids=["asks", "does-not-ask"])
def test_worker_has_one_thread_more_for_look_ups_once_it_makes_them(
    tmp_path: Path, *, detect: bool
) -> None:
    with name_server(ZONE) as names, detecting(tmp_path, names) as server:
        (worker,) = server.children()
        before = len(os.listdir(f"/proc/{worker}/task"))
        for _ in range(3):
            ask(server, CUSTOMER if detect else "example.com")
        assert until(lambda: len(os.listdir(f"/proc/{worker}/task")) == before + detect)

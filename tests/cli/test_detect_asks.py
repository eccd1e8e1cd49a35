"""`autoconfig detect` as a process of its own, asking name servers on loopback."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import dns.message
import dns.rcode
import dns.rdatatype

from autoconfig.detect.survey import AT_ONCE
from autoconfig.offers.catalogue import load_catalogue
from tests.support.name_server import absent, name_server, records, refusal
from tests.support.serving import COMMAND

BEST = load_catalogue().offers["mx-plan"].regions["eu"].dns.mx[0].host


def run(*arguments: str | Path, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = [COMMAND, "detect", *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, check=False, timeout=60
    )


def test_zones_are_read_as_they_are_and_a_failure_is_no_absence() -> None:
    replies = {
        "guess.example MX": records(f"guess.example. 300 MX 1 {BEST}."),
        "elsewhere.example MX": records("elsewhere.example. 300 MX 1 mx.example.com."),
        "broken.example MX": refusal(dns.rcode.SERVFAIL),
        "half.example MX": records(f"half.example. 300 MX 1 {BEST}."),
        "_autodiscover._tcp.half.example SRV": refusal(dns.rcode.REFUSED),
    }
    domains = ["guess.example", "elsewhere.example", "broken.example", "half.example", "none.test"]
    with name_server(replies) as server:
        done = run(*domains, "--json", "--resolver", str(server.address))
    assert [(each["domain"], each["confidence"]) for each in json.loads(done.stdout)] == [
        ("guess.example", "guess"),
        ("elsewhere.example", "none"),
        ("broken.example", "failed"),
        ("half.example", "failed"),
        ("none.test", "none"),
    ]
    assert done.returncode == 1
    assert done.stderr.startswith(f"Asking {server.address} about 5 domains, ")


class Waiting:
    """A name server that answers nobody before so many domains wait. `most`: as many did."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.most = wanted, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.resolver = "127.0.0.1:{1}".format(*self.socket.getsockname())
        self.thread = Thread(target=self.serve)

    def serve(self) -> None:
        waiting: dict[str, list[tuple[bytes, tuple[str, int]]]] = {}
        while (received := self.socket.recvfrom(65535))[0]:
            query = dns.message.from_wire(received[0])
            (answer,) = absent(rcode=dns.rcode.NXDOMAIN)(query)
            domain = query.question[0].name.to_text().split(".")[-3]
            waiting.setdefault(domain, []).append((answer, received[1]))
            self.most = max(self.most, len(waiting))
            if self.most >= self.wanted:
                for answers in waiting.values():
                    for packet in answers:
                        self.socket.sendto(*packet)
                waiting.clear()


@contextmanager
def waiting(wanted: int) -> Iterator[Waiting]:
    server = Waiting(wanted)
    server.thread.start()
    try:
        yield server
    finally:
        server.socket.sendto(b"", server.socket.getsockname())
        server.thread.join()
        server.socket.close()


def test_many_domains_are_asked_side_by_side() -> None:
    """Whoever asks one after the other gets no answer."""
    domains = "".join(f"customer-{number}.example\n" for number in range(2 * AT_ONCE))
    with waiting(AT_ONCE) as server:
        done = run("-", "--json", "--resolver", server.resolver, stdin=domains)
    assert {each["confidence"] for each in json.loads(done.stdout)} == {"none"}
    assert server.most == AT_ONCE


def test_ctrl_c_ends_it_though_nobody_answers(tmp_path: Path) -> None:
    with waiting(2) as server:
        process = subprocess.Popen(
            [COMMAND, "detect", "a.example", "--resolver", server.resolver, "-o", "new.toml"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not server.most:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=4)  # less than the domain has
    assert (process.returncode, printed) == (130, "")
    assert said.splitlines()[1:] == ["interrupted"]
    assert os.listdir(tmp_path) == []


def test_pipe_that_nobody_reads_ends_it_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with name_server() as server:
        done = subprocess.run(
            [COMMAND, "detect", "a.example", "--resolver", str(server.address)],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    os.close(writer)
    assert done.returncode == 141
    assert [line[:7] for line in done.stderr.splitlines()] == ["Asking "]

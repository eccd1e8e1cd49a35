"""A server process, started as a user starts it, and clients that speak to it over sockets."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from autoconfig.serve.limits import HEADER_SECONDS, STOP_SECONDS
from tests.support.recipes import EXAMPLE
from tests.support.requests import MOZILLA, POX, pox
from tests.support.running import PATIENCE, until

COMMAND = Path(sys.executable).with_name("autoconfig")
LOOPBACK = "127.0.0.1"
PROMPTLY = HEADER_SECONDS - 1.0
"""Seconds for an answer that must not come by a limit of the server; others have `PATIENCE`."""
STOPPING = STOP_SECONDS - 2.0
"""The same for the end of a server."""
MIB = 1024 * 1024
ROUNDS = 10
"""How often to ask again where one worker has taken every connection."""

POX_BODY = pox().encode()
GET = b"GET /healthz HTTP/1.1\r\nHost: example.com\r\n"
POST = f"POST {POX} HTTP/1.1\r\nHost: example.com\r\n".encode()
WHOLE = b"Content-Length: %d\r\n" % len(POX_BODY)
CLOSE = b"Connection: close\r\n\r\n"


class Asked(NamedTuple):
    """`status`: of the answer, where it is known without asking the application."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None = None
    status: int | None = None


def asked(method: str, target: str, host: str = "example.com", status: int | None = None) -> Asked:
    return Asked(method, target, {"Host": host}, POX_BODY if method == "POST" else None, status)


class Answer(NamedTuple):
    """Without what belongs to the server or the connection, and the time in an error."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def answer(status: int, headers: list[tuple[str, str]], body: bytes) -> Answer:
    kept = sorted((name.lower(), value) for name, value in headers)
    kept = [pair for pair in kept if pair[0] not in ("date", "server", "connection")]
    return Answer(status, kept, re.sub(rb'(?<=<Error Time=")[^"]+', b"", body))


@dataclass(frozen=True, slots=True)
class Server:
    """`log` and `messages`: what it writes to standard output and to standard error."""

    process: subprocess.Popen[bytes]
    port: int
    workers: int
    log: Path
    messages: Path

    def connect(self, buffer: int | None = None) -> socket.socket:
        """`buffer`: bytes that our kernel may keep in each direction."""
        connection = socket.socket()
        connection.settimeout(PATIENCE)
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        connection.connect((LOOPBACK, self.port))
        return connection

    def ask(self, question: Asked, seconds: float = PATIENCE) -> Answer:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=seconds)
        try:
            connection.request(question.method, question.target, question.body, question.headers)
            response = connection.getresponse()
            return answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def is_well(self) -> bool:
        return self._answers(asked("GET", MOZILLA))

    def takes_posts(self) -> bool:
        """Whether there is room for one more body."""
        return self._answers(asked("POST", POX))

    def _answers(self, question: Asked) -> bool:
        with suppress(OSError):
            return self.ask(question, PROMPTLY).status == 200
        return False

    def send(self, data: bytes) -> bytes:
        """Everything that is answered until the server closes; it may close before it has read."""
        with self.connect() as connection:
            connection.settimeout(PROMPTLY)
            with suppress(ConnectionError):
                connection.sendall(data)
            return everything(connection)

    def children(self) -> list[int]:
        pid = self.process.pid
        return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def is_ready(self) -> bool:
        """Whether every worker listens."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        listening = [row for row in rows if row[1].endswith(f":{self.port:04X}") and row[3] == "0A"]
        inodes = {f"socket:[{row[9]}]" for row in listening}
        ready = 0
        with suppress(FileNotFoundError):
            for pid in self.children():
                files = [os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir()]
                ready += not inodes.isdisjoint(files)
        return ready == self.workers and self.is_well()

    def owners(self) -> dict[int, int]:
        """Which worker has a connection: its process, by the port of the client."""
        workers = {}
        for pid in self.children():
            with suppress(FileNotFoundError):
                for file in Path(f"/proc/{pid}/fd").iterdir():
                    with suppress(FileNotFoundError):
                        workers[os.readlink(file)] = pid
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        found = {
            int(row[2].rpartition(":")[2], 16): workers.get(f"socket:[{row[9]}]")
            for row in rows[1:]
            if row[1].endswith(f":{self.port:04X}") and row[3] == "01"
        }
        return {port: pid for port, pid in found.items() if pid}

    def by_worker(self, question: Asked) -> dict[int, set[int]]:
        """What each worker answers: statuses by process. Asks until each has been asked."""
        found: dict[int, set[int]] = {pid: set() for pid in self.children()}
        with ExitStack() as kept:
            for _ in range(ROUNDS):
                answers = [self._ask_and_keep(question, kept) for _ in range(12 * self.workers)]
                owners = self.owners()
                for port, status in answers:
                    if port in owners:  # the kernel's table may lack a row while others change
                        found.setdefault(owners[port], set()).add(status)
                if all(found.values()):
                    break
        return found

    def _ask_and_keep(self, question: Asked, kept: ExitStack) -> tuple[int, int]:
        """The port of the client and the status; the connection stays open."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=PATIENCE)
        kept.callback(connection.close)
        connection.request(question.method, question.target, headers=question.headers)
        port: int = connection.sock.getsockname()[1]
        response = connection.getresponse()
        response.read()
        return port, response.status

    def everywhere(self, question: Asked, status: int) -> bool:
        """Whether every worker gives this answer."""
        with suppress(OSError):  # a worker has just gone
            found = self.by_worker(question)
            return len(found) == self.workers and all(each == {status} for each in found.values())
        return False

    def log_lines(self, domain: str) -> int:
        """Lines of the access log about a domain."""
        return sum(line.startswith(f"{domain}:") for line in self.log.read_text().splitlines())

    def complaints(self) -> list[str]:
        """What it wrote to standard error besides that it has started, or loaded again."""
        expected = re.compile(r".*(: \d+ services?, \d+ domains?.*; http://\S+|: loaded again)")
        lines = self.messages.read_text().splitlines()
        return [line for line in lines if not expected.fullmatch(line)]

    def left(self) -> list[int]:
        """Its processes that have not ended, with or without their parent."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                state, _, group = status.read_text().rpartition(")")[2].split()[:3]
                if int(group) == self.process.pid and state not in "ZX":
                    found.append(int(status.parent.name))
        return found

    def memory(self) -> int:
        """Bytes in use by all its processes."""
        pids = [self.process.pid, *self.children()]
        texts = "".join(Path(f"/proc/{pid}/status").read_text() for pid in pids)
        return 1024 * sum(map(int, re.findall(r"^VmRSS:\s+(\d+) kB", texts, re.MULTILINE)))


def everything(connection: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionError):
        while chunk := connection.recv(65536):
            found += chunk
    return found


def statuses(data: bytes | bytearray) -> list[int]:
    return [int(code) for code in re.findall(rb"^HTTP/1\.[01] (\d{3}) ", data, re.MULTILINE)]


@contextmanager
def started(
    directory: Path,
    *options: str,
    workers: int = 1,
    port: int | None = None,
    config: Path = EXAMPLE,
    stdout: int | None = None,
    command: Sequence[str | Path] = (COMMAND,),
) -> Iterator[Server]:
    """The command in a process group of its own, of which nothing is left afterwards.

    `stdout`: a descriptor in the place of the file `log`. `command`: in the place of `autoconfig`.
    """
    if port is None:
        with socket.create_server((LOOPBACK, 0)) as free:
            port = int(free.getsockname()[1])
    log, messages = directory / f"{port}.out", directory / f"{port}.err"
    with log.open("wb") as out, messages.open("wb") as err:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--workers", str(workers), *options],
            stdout=out if stdout is None else stdout,
            stderr=err,
            env={**os.environ, "AUTOCONFIG_CONFIG": str(config)},
            start_new_session=True,
        )
    try:
        yield Server(process, port, workers, log, messages)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def running(directory: Path, *options: str, **more: Any) -> Iterator[Server]:
    """A server that is ready. In the end it is told to stop, and does. `more`: as for `started`."""
    with started(directory, *options, **more) as server:
        assert until(server.is_ready), server.messages.read_text()
        yield server
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STOPPING) == 0

"""Clients that ask a server all the time, while a test does something to it."""

import http.client
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from tests.support.requests import MOZILLA, POX
from tests.support.running import PATIENCE, until
from tests.support.serving import LOOPBACK, POX_BODY, Answer, Asked, Server, answer

OLD = "old.example"
"""The domain that the clients ask for, and nobody else does."""
GET_OLD = Asked("GET", MOZILLA, {"Host": f"autoconfig.{OLD}"})
POST_OLD = Asked("POST", POX, {"Host": OLD}, POX_BODY.replace(b"example.com", OLD.encode()))
PAUSE = 0.002
"""Seconds between two questions of a client: the server shares the processors with us."""


def configure(path: Path, *domains: str, more: int = 0) -> None:
    """Write a configuration of `OLD`, of what `Server.is_well` asks for, and these.

    `more`: how many domains besides, so that loading takes a while.
    """
    names = [OLD, "example.com", *domains, *(f"x{number}.example" for number in range(more))]
    listed = ",\n".join(f'"{name}"' for name in names)
    path.write_text(f'[[service]]\noffer = "mx-plan"\ndomains = [\n{listed}\n]\n')


@dataclass(slots=True)
class Client:
    """One that keeps its connection, or opens one for each question.

    `answers`: how many were whole and right. `wrong`: those that were not. `ended`: connections
    that the server ended between two answers, as it may when it stops or a worker dies.
    """

    question: Asked
    expected: Answer
    keeps: bool
    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def ask(self, connection: http.client.HTTPConnection) -> None:
        method, target, headers, body, _ = self.question
        before = connection.sock
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
        except (OSError, http.client.RemoteDisconnected) as error:
            self.ended.append(repr(error))
            connection.close()
            return
        except http.client.HTTPException as error:
            self.wrong.append(f"torn: {error!r}")
            connection.close()
            return
        try:
            found = answer(response.status, response.getheaders(), response.read())
        except (OSError, http.client.HTTPException) as error:
            self.wrong.append(f"torn: {error!r}")
            connection.close()
            return
        if found != self.expected:
            self.wrong.append(f"{found}")
        else:
            self.answers += 1
        if not self.keeps:
            connection.close()
        elif before is not None and connection.sock is not before:
            self.ended.append("closed after an answer")


@dataclass(slots=True)
class Load:
    clients: list[Client]

    @property
    def answers(self) -> int:
        return sum(client.answers for client in self.clients)

    @property
    def wrong(self) -> list[str]:
        return [each for client in self.clients for each in client.wrong]

    @property
    def ended(self) -> list[str]:
        return [each for client in self.clients for each in client.ended]

    def goes_on(self) -> bool:
        """Wait until each client that opens connections has had some more answers."""
        clients = [client for client in self.clients if not client.keeps]
        before = [client.answers for client in clients]
        return until(
            lambda: all(
                client.answers > had + 20 for client, had in zip(clients, before, strict=True)
            )
        )


@contextmanager
def load(server: Server, questions: Iterable[Asked] = (GET_OLD, POST_OLD)) -> Iterator[Load]:
    """Two clients of each kind for each question, from before the block to its end."""
    stop = threading.Event()
    kinds = [*product(questions, (True, False))] * 2
    clients = [Client(each, server.ask(each), keeps) for each, keeps in kinds]
    assert {client.expected.status for client in clients} == {200}

    def run(client: Client) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=PATIENCE)
        while not stop.is_set():
            client.ask(connection)
            time.sleep(PAUSE)
        connection.close()

    threads = [threading.Thread(target=run, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    try:
        load = Load(clients)
        assert load.goes_on()
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join()

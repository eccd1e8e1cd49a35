"""A server that records what arrives, in place of ours: what a web server in front hands on."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Recorder:
    """`heads`: request line and headers of each request, as they arrived. `opened`: connections."""

    port: int
    heads: list[bytes] = field(default_factory=list)
    opened: int = 0

    def told(self) -> Mapping[str, list[str]]:
        """The headers of the last request under the names that WSGI has for them."""
        found: dict[str, list[str]] = {}
        for line in self.heads[-1].decode("latin-1").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            found.setdefault(wsgi_name(name), []).append(value.strip())
        return found


def wsgi_name(header: str) -> str:
    """The name of a header in the environ, which PEP 3333 takes from CGI."""
    return f"HTTP_{header.upper().replace('-', '_')}"


@contextmanager
def recording() -> Iterator[Recorder]:
    """A recorder that answers every request with an empty 200."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        recorder = Recorder(listener.getsockname()[1])
        threading.Thread(target=_accept, args=(listener, recorder), daemon=True).start()
        yield recorder
        listener.shutdown(socket.SHUT_RDWR)  # which ends `accept`


def _accept(listener: socket.socket, recorder: Recorder) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            recorder.opened += 1
            threading.Thread(target=_answer, args=(connection, recorder), daemon=True).start()


def _answer(connection: socket.socket, recorder: Recorder) -> None:
    with connection, suppress(OSError):
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := connection.recv(65536)):
                return
            data += more
        recorder.heads.append(data.partition(b"\r\n\r\n")[0])
        connection.sendall(ANSWER)

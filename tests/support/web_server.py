"""A server on loopback that answers as a test has written, over TLS or not, well or badly.

A `Script` talks with one client over an open connection. `answers` makes one that speaks HTTP.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TypeAlias

Script: TypeAlias = Callable[[socket.socket], None]
"""Talks with a client; the connection is closed when it returns."""
Pages: TypeAlias = Mapping[str, bytes | Callable[[], Iterable[bytes]]]
"""By the path with its query: the octets that go back, or what makes them, each when it comes."""

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def page(
    body: bytes = b"",
    *fields: str,
    status: str = "200 OK",
    media_type: str = "text/xml; charset=utf-8",
) -> bytes:
    """An answer with a body; `fields`: further ones of the header."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"Content-Type: {media_type}"] if media_type else []
    return "\r\n".join([*lines, *fields, "", ""]).encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return page(b"", f"Location: {location}", status=status, media_type="")


class Server:
    """A server with its script. `asked`: the head of each request so far, and its body."""

    def __init__(self, script: Script | Pages, tls: ssl.SSLContext | None, family: int) -> None:
        self.asked: list[str] = []
        self.connections = 0
        self.script = script
        self._tls = tls
        host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        self._listener = socket.create_server((host, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self.ended = Event()
        self._threads = [Thread(target=self._serve)]

    def start(self) -> None:
        self._threads[0].start()

    def stop(self) -> None:
        self.ended.set()
        with suppress(OSError):
            socket.create_connection(self._listener.getsockname()).close()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self.ended.is_set():
                connection.close()
                return
            self.connections += 1
            thread = Thread(target=self._talk, args=[connection])
            self._threads.append(thread)
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            if isinstance(self.script, Mapping):
                self._answer(connection, self.script)
            else:
                self.script(connection)
        except OSError:
            pass  # the client has gone, or did not like the certificate
        finally:
            connection.close()

    def _answer(self, connection: socket.socket, pages: Pages) -> None:
        """Answer one request after the other, until the client has gone."""
        with connection.makefile("rb") as lines:
            while head := _head(lines):
                size = next((v for k, v in head[1:] if k == "content-length"), "0")
                body = lines.read(int(size)).decode()
                first = str(head[0][0])
                self.asked.append(f"{first}\n{body}" if body else first)
                path = first.split()[1]
                found = pages.get(path, pages.get("*", NOT_FOUND))
                for octets in [found] if isinstance(found, bytes) else found():
                    if self.ended.is_set():
                        return
                    connection.sendall(octets)


def _head(lines: Iterable[bytes]) -> list[tuple[str, str]]:
    """The first line of a request, then its fields; nothing if there is none."""
    read: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("latin-1").strip()
        if not text:
            break
        name, _, value = text.partition(": ") if read else (text, "", "")
        read.append((name.lower() if read else name, value))
    return read


@contextmanager
def web_server(
    script: Script | Pages,
    tls: ssl.SSLContext | None = None,
    family: int = socket.AF_INET,
) -> Iterator[Server]:
    """A server that runs; `tls`: over TLS from the start."""
    server = Server(script, tls, family)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def hangs(seconds: float = 30.0) -> Script:
    """Take the connection and the request, and say nothing, until the client has gone."""

    def script(connection: socket.socket) -> None:
        connection.settimeout(seconds)
        with suppress(OSError):
            while connection.recv(4096):
                pass

    return script


def says(octets: bytes) -> Script:
    """Read a request, say this, whatever it is, and hang up."""

    def script(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(octets)

    return script


def endless(first: bytes, again: bytes, pause: float = 0.0) -> Script:
    """Read a request; then the same without an end, until the client has gone."""

    def script(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(first)
        while True:
            connection.sendall(again)
            time.sleep(pause)

    return script

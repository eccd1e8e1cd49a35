"""Mail servers that remember who came: a stand-in for those of OVHcloud.

IMAP and SMTP let nobody in. POP3 lets everybody in, to an empty mailbox.
"""

import re
import socket
import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.clients.mailboxes import MAILBOXES

SERVERS = {each.port: each for m in MAILBOXES for each in (*m.incoming, *m.outgoing)}
PORTS = {*SERVERS, 25, 110, 143}
"""Those of the mailboxes, and those that clients guess."""

SILENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Login:
    """What a client tried. `user` is None where it did not show who it is."""

    address: str
    port: int
    user: str | None


@dataclass(frozen=True, slots=True)
class MailServers:
    """All of them, behind one certificate."""

    certificate: Path
    key: Path
    logins: list[Login] = field(default_factory=list)


@contextmanager
def mail_servers(certificate: Path, key: Path) -> Iterator[MailServers]:
    """Listen on every port of mail."""
    servers = MailServers(certificate, key)
    with ExitStack() as stack:
        for port in PORTS:
            stack.enter_context(_listening(servers, port))
        yield servers


@contextmanager
def _listening(servers: MailServers, port: int) -> Iterator[None]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(SILENCE_SECONDS)
            with suppress(OSError):  # the client has gone, or does not trust the certificate
                servers.logins.append(_serve(self.request, servers))

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        request_queue_size = 20

    with Server(("", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _serve(connection: socket.socket, servers: MailServers) -> Login:
    """One connection, until the client shows who it is or goes away."""
    address, port = connection.getsockname()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(servers.certificate, servers.key)
    server = SERVERS.get(port)
    if server is None:
        return Login(address, port, None)
    starttls = server.socket == "STARTTLS"
    if starttls:
        with connection.makefile("rwb", buffering=0) as plain:
            plain.write(b"220 ready\r\n")
            for line in plain:
                start = line.upper().startswith(b"STARTTLS")
                plain.write(b"220 go\r\n" if start else b"250-here\r\n250 STARTTLS\r\n")
                if start:
                    break
    with (
        context.wrap_socket(connection, server_side=True) as secure,
        secure.makefile("rwb", buffering=0) as stream,
    ):
        match server.type:
            case "imap":
                user = _imap_user(stream)
            case "pop3":
                user = _pop3_user(stream)
            case _:
                user = _smtp_user(stream, greeted=starttls)
    return Login(address, port, user)


def _imap_user(stream: socket.SocketIO) -> str | None:
    stream.write(b"* OK ready\r\n")
    for line in stream:
        tag, command, *_ = line.split()
        if command.upper() == b"LOGIN":
            stream.write(tag + b" NO [AUTHENTICATIONFAILED] not here\r\n")
            return line.split()[2].strip(b'"').decode()
        stream.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK\r\n")
    return None


POP3 = {
    b"CAPA": b"+OK\r\nUSER\r\nUIDL\r\n.\r\n",
    b"STAT": b"+OK 0 0\r\n",
    b"LIST": b"+OK\r\n.\r\n",
    b"UIDL": b"+OK\r\n.\r\n",
}


def _pop3_user(stream: socket.SocketIO) -> str | None:
    user = None
    stream.write(b"+OK ready\r\n")
    for line in stream:
        command, *arguments = line.split()
        if command.upper() == b"USER":
            user = arguments[0].decode()
        stream.write(POP3.get(command.upper(), b"+OK\r\n"))
        if command.upper() == b"QUIT":
            break
    return user


def _smtp_user(stream: socket.SocketIO, *, greeted: bool) -> str | None:
    if not greeted:
        stream.write(b"220 ready\r\n")
    for line in stream:
        if plain := re.fullmatch(rb"AUTH PLAIN (\S+)\r\n", line):
            stream.write(b"535 not here\r\n")
            return b64decode(plain[1]).split(b"\0")[1].decode()
        stream.write(b"250-here\r\n250 AUTH PLAIN\r\n")
    return None

"""The domain that the documents check: its zone, its server, and OVHcloud's mail servers."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import dns.message
import dns.rcode
import dns.rdatatype
import trustme

from autoconfig.offers.hosting import Shared
from autoconfig.web import create_app
from tests.support.name_server import Reply, name_server, records
from tests.support.services import CATALOGUE, service_of
from tests.support.web_server import web_server

CONFIGURATION = """\
[[service]]
offer = "email-pro"
server = "pro1"
domains = ["example.fr"]
"""
WEB_NAMES = ("autoconfig.example.fr", "autodiscover.example.fr")
ZONE = """\
example.fr. 3600 MX {mx.preference} {mx.host}.
_autodiscover._tcp.example.fr. 3600 SRV 0 0 443 {pro}.
_imaps._tcp.example.fr. 3600 SRV 0 1 {imap.port} {shared}.
autoconfig.example.fr. 3600 CNAME server.agency.example.
autodiscover.example.fr. 3600 CNAME server.agency.example.
server.agency.example. 3600 A 192.0.2.80
{pro}. 3600 A 192.0.2.81
{shared}. 3600 A 192.0.2.82
"""
"""The records, when the domain has changed from MX Plan to Email Pro: the one of IMAP stayed."""
SOA = "example. 900 SOA ns.example. admin.example. 1 2 3 4 900"
NOBODY = "::127.0.0.1:1"
"""Where everything else leads to: a port that is closed."""

HEAR, START_TLS = b"", b"STARTTLS"
"""In a talk: wait for a line; go over to TLS."""
TALKS = {
    "imap": (b"* OK ready\r\n", HEAR, b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na1 OK\r\n", HEAR),
    "pop3": (b"+OK ready\r\n", HEAR, b"+OK\r\nUSER\r\n.\r\n", HEAR),
    "smtp": (
        *(b"220 ready\r\n", HEAR, b"250-hello\r\n250 STARTTLS\r\n", HEAR),
        *(b"220 go on\r\n", START_TLS, HEAR, b"250-hello\r\n250 AUTH PLAIN LOGIN\r\n", HEAR),
    ),
}
"""What a mail server says, by its protocol."""


@dataclass(frozen=True, slots=True)
class World:
    """Where the domain is. `options`: those of `check` that lead there. `authority`: to trust."""

    options: str
    authority: Path


@contextmanager
def checked(folder: Path) -> Iterator[World]:
    """All of it on loopback. `folder`: for the configuration, and for what trusts it."""
    plan = CATALOGUE.offers["mx-plan"].regions["eu"]
    assert isinstance(plan.server, Shared)
    service = service_of("email-pro")
    pro, shared = str(service.host), plan.server.named[0]
    authority, file, config = trustme.CA(), folder / "authority.pem", folder / "checked.toml"
    authority.cert_pem.write_to_path(str(file))
    config.write_text(CONFIGURATION)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*WEB_NAMES, pro).configure_cert(tls)
    with ExitStack() as running:
        web = {443: tls, 80: None}
        ports = {at: running.enter_context(_web_server(config, web[at])) for at in web}
        places = [f"{name}:{at}:127.0.0.1:{ports[at]}" for at in web for name in WEB_NAMES]
        for each in service.servers:
            talk = TALKS[each.protocol]
            at_once = None if START_TLS in talk else tls
            server = running.enter_context(web_server(partial(_talk, talk, tls), at_once))
            places.append(f"{pro}:{each.port}:127.0.0.1:{server.port}")
        imap = next(each for each in plan.servers if each.protocol == "imap")
        text = ZONE.format(mx=plan.dns.mx[0], pro=pro, shared=shared, imap=imap)
        names = running.enter_context(name_server(otherwise=_resolver(text)))
        leads = (f"--connect-to {place}" for place in (*places, NOBODY))
        yield World(f"--resolver {names.address} {' '.join(leads)}", file)


def _resolver(text: str) -> Reply:
    """The records, also behind an alias; no other name exists."""
    held = [line.split(maxsplit=3) for line in text.splitlines()]

    def reply(query: dns.message.Message) -> Iterator[bytes]:
        asked = query.question[0]
        name, kind = asked.name.to_text().lower(), dns.rdatatype.to_text(asked.rdtype)
        found = [each for each in held if each[0] == name and each[2] in (kind, "CNAME")]
        for each in found:
            if each[2] == "CNAME" != kind:
                found += [other for other in held if (other[0], other[2]) == (each[3], kind)]
        there = any(f".{each[0]}".endswith(f".{name}") for each in held)
        code = dns.rcode.NOERROR if there else dns.rcode.NXDOMAIN
        authority = [] if found else [SOA]
        yield from records(*map(" ".join, found), rcode=code, authority=authority)(query)

    return reply


def _talk(talk: tuple[bytes, ...], tls: ssl.SSLContext, connection: socket.socket) -> None:
    """Speak with a mail program, and then wait until it has gone."""
    for number, step in enumerate(talk, 1):
        if step == HEAR:
            connection.recv(4096)
        elif step == START_TLS:
            with tls.wrap_socket(connection, server_side=True) as over_tls:
                _talk(talk[number:], tls, over_tls)
            return
        else:
            connection.sendall(step)


class _Server(ThreadingMixIn, WSGIServer):
    """Answers several clients at once, and says nothing of those that leave."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Programs leave when they have seen the certificate."""


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@contextmanager
def _web_server(config: Path, tls: ssl.SSLContext | None) -> Iterator[int]:
    """Our own server at a port, over TLS or not."""
    application = create_app(config)
    server = make_server("127.0.0.1", 0, application, _Server, _Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    running = threading.Thread(target=server.serve_forever, args=[0.05])
    running.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        running.join()
        server.server_close()

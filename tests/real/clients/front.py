"""The web server with TLS that stands before the server, as at a hoster: Debian's nginx.

It has a certificate of a throw-away CA for every name, passes what it is asked on to the real
`autoconfig serve`, and plays the Autodiscover of the Exchange hosts, which wants a password.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import trustme

from tests.real.programs import Command, listening, program
from tests.support.requests import POX

EXCHANGE_ANSWER = """\
<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
<User><DisplayName>Alice</DisplayName></User>
<Account><AccountType>email</AccountType><Action>settings</Action>
<Protocol><Type>EXCH</Type><Server>{host}</Server><AuthPackage>Basic</AuthPackage>
<ASUrl>https://{host}/EWS/Exchange.asmx</ASUrl><EwsUrl>https://{host}/EWS/Exchange.asmx</EwsUrl>
</Protocol></Account></Response></Autodiscover>
"""

BARRIER = 81  # a port of nginx that does nothing but answer

NGINX = """\
daemon off;
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    log_format asked '$scheme $host $request_method $request_uri $status';
    access_log {front.log} asked;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {front.certificate};
    ssl_certificate_key {front.key};
    server {{
        listen 80 default_server;
        listen 443 ssl default_server;
        location / {{
            proxy_pass http://127.0.0.1:{port};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }}
    }}
    server {{
        listen {barrier};
        access_log off;
        return 204;
    }}
    {exchange}
}}
"""
NGINX_EXCHANGE = """
    server {{
        listen 443 ssl;
        server_name {host};
        location = {path} {{
            default_type "text/xml; charset=utf-8";
            if ($http_authorization = "") {{ return 401; }}
            return 200 '{answer}';
        }}
        location / {{ return 401; }}
        add_header WWW-Authenticate 'Basic realm="{host}"' always;
    }}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as nginx saw it."""

    scheme: str
    host: str
    method: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Front:
    """The running front. `ca`: the certificate of its CA, which no client trusts by itself."""

    ca: Path
    certificate: Path
    key: Path
    log: Path

    def forget(self) -> None:
        """Forget what was asked until now; nginx appends to its log."""
        self.log.write_text("")

    def asked(self) -> list[Asked]:
        """Every request that was answered, in that order.

        nginx has one worker: when it answers here, it has logged what it answered before.
        """
        with closing(HTTPConnection("127.0.0.1", BARRIER, timeout=10)) as connection:
            connection.request("GET", "/")
            connection.getresponse().read()
        return [_read(line) for line in self.log.read_text().splitlines()]


@contextmanager
def front(
    names: Iterable[str], exchange_hosts: Iterable[str], port: int, folder: Path
) -> Iterator[Front]:
    """nginx on ports 80 and 443, before the server on `port`."""
    running_front = Front(
        folder / "ca.pem", folder / "server.pem", folder / "server.key", folder / "access.log"
    )
    authority = trustme.CA()
    authority.cert_pem.write_to_path(running_front.ca)
    certificate = authority.issue_cert(*names)
    certificate.private_key_pem.write_to_path(running_front.key)
    for part in certificate.cert_chain_pems:
        part.write_to_path(running_front.certificate, append=True)
    exchange = "".join(
        NGINX_EXCHANGE.format(
            host=host, path=POX, answer=EXCHANGE_ANSWER.format(host=host).replace("\n", "")
        )
        for host in exchange_hosts
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        NGINX.format(
            folder=folder, front=running_front, port=port, exchange=exchange, barrier=BARRIER
        )
    )
    command: Command = [program("nginx"), "-c", configuration]
    with listening(command, (80, 443, BARRIER), folder / "nginx.log"):
        yield running_front


def _read(line: str) -> Asked:
    scheme, host, method, rest = line.split(" ", 3)
    path, _, status = rest.rpartition(" ")
    return Asked(scheme, host, method, path, int(status))

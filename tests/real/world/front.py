"""nginx: before `autoconfig serve`, and as the owner's site, Exchange hosts, Mozilla's database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from ipaddress import ip_address
from pathlib import Path

from tests.real.programs import listening, program
from tests.real.world.addresses import (
    HTTP_ALONE,
    MAIL,
    NO_CERTIFICATE,
    OLD_TLS,
    OURS,
    OWNERS,
    PLAIN,
    Place,
)
from tests.real.world.odd_web import SERVE_PORT, Asked
from tests.real.world.texts import exchange
from tests.support.requests import POX

BARRIER = 81  # a port of nginx that does nothing but answer
DATABASES = {
    "live.thunderbird.net": "/autoconfig/v1.1/",
    "autoconfig.thunderbird.net": "/v1.1/",
    "v1.ispdb.net": "/",
}
NGINX = """\
daemon off;
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    log_format asked '$scheme $server_addr $host $request_method $request_uri 0$content_length';
    access_log {folder}/access.log asked;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {certificates}/$ssl_server_name.pem;
    ssl_certificate_key {certificates}/$ssl_server_name.pem;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    server {{
        {ours}
        location / {{ proxy_pass http://127.0.0.1:{port}; }}
    }}
    server {{
        {old_tls}
        ssl_protocols TLSv1 TLSv1.1;
        ssl_ciphers ALL:@SECLEVEL=0;
        location / {{ proxy_pass http://127.0.0.1:{port}; }}
    }}
    server {{
        {no_certificate}
        ssl_reject_handshake on;
        location / {{ proxy_pass http://127.0.0.1:{port}; }}
    }}
    server {{
        {owners}
        location / {{ return 404; }}
    }}
    server {{
        {owners_too}
        server_name {databases};
        types {{ }}
        default_type text/xml;
        root {folder}/databases/$host;
    }}
    server {{
        {exchange}
        add_header WWW-Authenticate 'Basic realm="$host"' always;
        location ~* ^{pox}$ {{
            default_type "text/xml; charset=utf-8";
            if ($http_authorization = "") {{ return 401; }}
            return 200 '{settings}';
        }}
        location / {{ return 401; }}
    }}
    server {{
        listen 127.0.0.1:{barrier};
        access_log off;
        return 204;
    }}
}}
"""


class Front:
    """The running nginx."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "access.log"

    def forget(self) -> None:
        """Forget what was asked until now; nginx appends to its log."""
        self._log.write_text("")

    def asked(self) -> list[Asked]:
        """Every request that was answered, in that order.

        nginx has one worker: when it answers here, it has logged what it answered before.
        """
        with closing(HTTPConnection("127.0.0.1", BARRIER, timeout=10)) as connection:
            connection.request("GET", "/")
            connection.getresponse().read()
        return [_asked(*line.split()) for line in self._log.read_text().splitlines()]


@contextmanager
def front(certificates: Path, database: Mapping[str, str], folder: Path) -> Iterator[Front]:
    """Serve. `certificates`: a folder with a file for each name; `database`: by domain."""
    for host, path in DATABASES.items():
        files = folder / "databases" / host / path.strip("/")
        files.mkdir(parents=True)
        for domain, text in database.items():
            (files / domain).write_text(text)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        NGINX.format(
            folder=folder,
            certificates=certificates,
            port=SERVE_PORT,
            ours="\n".join(
                (
                    _listen(OURS, " default_server"),
                    _listen(PLAIN, " default_server").replace(" ssl", ""),
                    _listen(HTTP_ALONE, " default_server", ["80"]),
                )
            ),
            old_tls=_listen(OLD_TLS, " default_server"),
            no_certificate=_listen(NO_CERTIFICATE, " default_server"),
            owners=_listen(OWNERS, " default_server"),
            owners_too=_listen(OWNERS),
            databases=" ".join(DATABASES),
            exchange="\n".join(_listen(each, " default_server") for each in MAIL),
            pox=POX.replace(".", r"\."),
            settings=exchange("$host").replace("\n", ""),
            barrier=BARRIER,
        )
    )
    with listening([program("nginx"), "-c", configuration], [BARRIER], folder / "nginx.log"):
        yield Front(folder)


def _listen(place: Place, options: str = "", ports: Sequence[str] = ("80", "443 ssl")) -> str:
    return "\n".join(
        f"listen {address}:{port}{options};"
        for address in (place.four, f"[{place.six}]")
        for port in ports
    )


def _asked(  # the fields of a line
    scheme: str, address: str, host: str, method: str, target: str, size: str
) -> Asked:
    family = ip_address(address).version
    return Asked(scheme, family, host, method, target, int(size.removesuffix("-")))

"""The web servers of `deploy/`, run by the very files, and a client that speaks to them.

What is changed in a file is what a test on one machine must change: the ports, the paths of
certificates and caches, and for Caddy the authority that issues.
"""

import http.client
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ruamel.yaml import YAML

from tests.real.programs import Command, listening, program
from tests.support.recipes import DEPLOY, steps
from tests.support.running import free_port

HOSTS = ("example.fr", "example.com", "exchange.example", "unknown.example", "agency.example")
"""Domains whose `autoconfig.` and `autodiscover.` are in the certificate of nginx and Apache."""

COMPOSE = YAML(typ="safe").load(DEPLOY / "compose.yaml")
CADDIES: Mapping[str, tuple[Path, Mapping[str, str]]] = {
    "caddy": (Path("/usr/bin/caddy"), {}),
    "newest caddy": (
        Path(sys.executable).with_name("caddy"),
        COMPOSE["services"]["caddy"]["environment"],
    ),
}
"""Debian's, and the one that compose.yaml has, with the environment that it gets there."""

APACHE_MODULES = ("alias", "authz_core", "authz_host", "env", "mpm_event", "reqtimeout")
"""Those that Debian's Apache has from the start and that matter here."""
APACHE_NEEDS = {"proxy_http": ("proxy",), "ssl": ("socache_shmcb",)}
"""What a2enmod adds to a module by itself."""


@dataclass(frozen=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, response: http.client.HTTPResponse) -> "Answer":
        found = {name.lower(): value for name, value in response.getheaders()}
        return cls(response.status, found, response.read())

    @property
    def cache_status(self) -> str | None:
        return self.headers.get("x-cache-status")


@dataclass(frozen=True)
class Front:
    """A web server before `autoconfig serve`. `ca`: the certificate to trust; `webroot`: where
    certbot puts what Let's Encrypt asks for."""

    http: int
    https: int
    ca: Path
    folder: Path

    def ask(
        self,
        target: str,
        host: str = "autoconfig.example.fr",
        scheme: str = "https",
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, on a connection of its own. Raises `ssl.SSLError`."""
        connection = http.client.HTTPConnection("127.0.0.1", timeout=30)
        connection.sock = self.connection(host, scheme)
        with closing(connection):
            connection.request(method, target, body, {"Host": host, **(headers or {})})
            return Answer.of(connection.getresponse())

    def connection(self, host: str, scheme: str) -> socket.socket:
        """With TLS and a certificate that is checked, if the scheme is https."""
        plain = socket.create_connection(
            ("127.0.0.1", self.https if scheme == "https" else self.http), timeout=30
        )
        if scheme == "http":
            return plain
        context = ssl.create_default_context(cafile=str(self.ca))
        try:
            return context.wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise


@contextmanager
def caddy(server: int, folder: Path, name: str = "caddy") -> Iterator[Front]:
    """One of `CADDIES`, with an authority of its own instead of Let's Encrypt."""
    binary, given = CADDIES[name]
    assert binary.exists(), f"{binary} is missing: make hosting installs it"
    http, https = free_port(), free_port()
    config = folder / "Caddyfile"
    options = (
        f"http_port {http}\nhttps_port {https}\ndefault_bind 127.0.0.1\nadmin off\n"
        "local_certs\nskip_install_trust"
    )
    config.write_text(
        changed(DEPLOY / "Caddyfile", {"\ton_demand_tls {": f"{options}\n\ton_demand_tls {{"})
    )
    env = {
        **given,
        "AUTOCONFIG_UPSTREAM": f"127.0.0.1:{server}",
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    command: Command = [binary, "run", "--adapter", "caddyfile", "--config", config]
    with listening(command, (http, https), folder / "caddy.log", env):
        ca = folder / "data/caddy/pki/authorities/local/root.crt"
        yield Front(http, https, ca, folder)


@contextmanager
def nginx(server: int, folder: Path) -> Iterator[Front]:
    """nginx, with the file where Debian's nginx.conf includes it."""
    http, https = free_port(), free_port()
    ca, changes = _on_this_machine(server, folder)
    changes |= {
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen [::]:80;": "",
        "listen 443 ssl;": f"listen 127.0.0.1:{https} ssl;",
        "listen [::]:443 ssl;": "",
        "/var/cache/nginx-autoconfig": str(folder / "cache"),
    }
    site = folder / "autoconfig.conf"
    site.write_text(changed(DEPLOY / "nginx.conf", changes))
    main = folder / "nginx.conf"
    temporary = "".join(
        f"{name}_temp_path {folder / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main.write_text(
        f"user www-data;\nworker_processes auto;\ndaemon off;\npid {folder / 'pid'};\n"
        f"error_log stderr info;\ninclude {folder}/modules-enabled/*.conf;\n"
        "events {\n\tworker_connections 768;\n}\n"  # as Debian's nginx.conf has it
        f"http {{\n{temporary}access_log {folder / 'access.log'};\ninclude {site};\n}}\n"
    )
    (folder / "modules-enabled").mkdir()
    for step in steps(DEPLOY / "nginx.conf"):
        if step.startswith(("sed ", "echo ")):
            subprocess.run(["/bin/sh", "-ec", step.replace("/etc/nginx", str(folder))], check=True)
    command: Command = [program("nginx"), "-p", folder, "-c", main, "-e", "stderr"]
    with listening(command, (http, https), folder / "nginx.log"):
        yield Front(http, https, ca, folder)


@contextmanager
def apache(server: int, folder: Path) -> Iterator[Front]:
    """Apache, with the modules that the steps in the file enable."""
    http, https = free_port(), free_port()
    ca, changes = _on_this_machine(server, folder)
    changes |= {"*:80": f"127.0.0.1:{http}", "*:443": f"127.0.0.1:{https}"}
    site = folder / "autoconfig.conf"
    site.write_text(changed(DEPLOY / "apache.conf", changes))
    enabled = next(step for step in steps(DEPLOY / "apache.conf") if step.startswith("a2enmod "))
    modules = list(APACHE_MODULES)
    for module in enabled.split()[1:]:
        modules += (*APACHE_NEEDS.get(module, ()), module)
    main = folder / "apache2.conf"
    main.write_text(
        "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n" for m in modules)
        + f"ServerName localhost\nServerRoot {folder}\nDefaultRuntimeDir {folder}\n"
        f"PidFile {folder / 'pid'}\nErrorLog /dev/stderr\nUser www-data\nGroup www-data\n"
        f"Listen 127.0.0.1:{http}\nListen 127.0.0.1:{https}\n"
        '<Directory "/">\nRequire all denied\n</Directory>\n'  # as Debian's apache2.conf has it
        f"Include {site}\n"
    )
    command: Command = [program("apache2"), "-f", main, "-D", "FOREGROUND"]
    with listening(command, (http, https), folder / "apache.log"):
        yield Front(http, https, ca, folder)


FRONTS: Mapping[str, Callable[[int, Path], AbstractContextManager[Front]]] = {
    **{name: partial(caddy, name=name) for name in CADDIES},
    "nginx": nginx,
    "apache": apache,
}
"""Each web server by its name: started before a server's port, with its files in a folder."""


def _on_this_machine(server: int, folder: Path) -> tuple[Path, dict[str, str]]:
    """The certificate, and what is changed in the files of nginx and Apache alike."""
    ca, key = certificate(folder)
    return ca, {
        "127.0.0.1:8000": f"127.0.0.1:{server}",
        "/etc/letsencrypt/live/autoconfig/fullchain.pem": str(ca),
        "/etc/letsencrypt/live/autoconfig/privkey.pem": str(key),
        "/var/www/html": str(folder),
    }


def changed(path: Path, changes: Mapping[str, str]) -> str:
    """The text of a file of `deploy/` with what a test must change: ports, paths, the CA."""
    text = path.read_text()
    for old, new in changes.items():
        assert old in text, f"{path.name} has no {old!r}"
        text = text.replace(old, new)
    return text


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for all names, which is its own authority, and its key."""
    names = ",".join(
        f"DNS:{prefix}.{host}" for host in HOSTS for prefix in ("autoconfig", "autodiscover")
    )
    chain, key = folder / "fullchain.pem", folder / "privkey.pem"
    command = [program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt"]
    command += ["ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=autoconfig"]
    command += ["-addext", f"subjectAltName={names}", "-keyout", str(key), "-out", str(chain)]
    subprocess.run(command, check=True, capture_output=True)
    return chain, key


def hosts_in(document: bytes) -> set[bytes]:
    """The mail servers that a document names."""
    return set(re.findall(rb"<(?:hostname|Server)>([^<]+)<", document))

"""Real servers, each with a configuration of its own, on loopback, for as long as a block lasts."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real.programs import INSTALL, listening, program, running, wait_for
from tests.support.running import free_port

MODULES = Path("/usr/lib/apache2/modules")
MEDIA_TYPES = Path("/etc/nginx/mime.types")
"""Those of the distribution, which every nginx includes: they know `.xml` and `.json`."""

APACHE = """\
ServerRoot "{folder}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile "{folder}/pid"
ErrorLog "{folder}/messages"
LogLevel warn
Mutex file:{folder}
Timeout 20
{modules}
{user}
TypesConfig /dev/null
DocumentRoot "{tree}"
<Directory />
  AllowOverride None
  Require all denied
</Directory>
<Directory "{tree}">
  Options FollowSymLinks
  AllowOverride All
  Require all granted
</Directory>
<Files ".ht*">
  Require all denied
</Files>
<FilesMatch "\\.php$">
  SetHandler "{handler}"
</FilesMatch>
"""

FPM = """\
[global]
error_log = {folder}/fpm-messages
daemonize = no
[www]
{user}
listen = {folder}/fpm.sock
listen.mode = 0666
pm = static
pm.max_children = 2
catch_workers_output = yes
"""

NGINX = """\
daemon off;
pid {folder}/pid;
error_log {folder}/messages info;
worker_processes 1;
{user}
events {{}}
http {{
    include {types};
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {tree};
        include {tree}/autoconfig.nginx.conf;
    }}
}}
"""

PHP_INI = """\
display_errors = {display}
display_startup_errors = {display}
html_errors = On
log_errors = On
expose_php = On
zlib.output_compression = On
error_reporting = E_ALL
"""
"""As talkative as web space may be, so that what is not said is our doing. PHP
beside Apache reads no `.htaccess`: what it shows before a program begins is for its host to say."""


@dataclass(frozen=True, slots=True)
class Web:
    """`folder` holds what it writes."""

    port: int
    folder: Path

    def messages(self) -> str:
        """Everything that it has logged."""
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*messages"))


def module(pattern: str) -> Path:
    """A module of Apache."""
    found = sorted(MODULES.glob(pattern))
    assert found, f"Apache's {pattern} is missing; {INSTALL}"
    return found[-1]


@contextmanager
def apache_with_module(tree: Path, folder: Path) -> Iterator[Web]:
    """PHP inside Apache, with every extension that is installed."""
    php = module("libphp*.so")
    own = f'LoadModule php_module "{php}"\nPHPINIDir "{folder}"'
    with _apache(tree, folder, "mpm_prefork", own, "application/x-httpd-php") as server:
        yield server


@contextmanager
def apache_with_fpm(
    tree: Path, folder: Path, extensions: Sequence[str] = ("dom",)
) -> Iterator[Web]:
    """PHP beside Apache, as most web space has it, without the extensions `intl` and `mbstring`."""
    folder.mkdir(exist_ok=True)
    fpm = program("php-fpm", "php-fpm8.4", "php-fpm8.3", "php-fpm8.2", "php-fpm8.1")
    ini = folder / "php"
    ini.mkdir()
    loaded = "".join(f"extension={name}.so\n" for name in extensions)
    (ini / "few.ini").write_text(loaded + PHP_INI.format(display="Off"))
    (folder / "fpm.conf").write_text(FPM.format(folder=folder, user=_user("user = {}")))
    command = [fpm, "--nodaemonize", "--fpm-config", f"{folder}/fpm.conf", "-c", "/dev/null"]
    environ = {"PHP_INI_SCAN_DIR": str(ini)}
    if os.geteuid() == 0:
        command.append("--allow-to-run-as-root")
    own = "\n".join(
        f'LoadModule {name}_module "{module(f"mod_{name}.so")}"' for name in ("proxy", "proxy_fcgi")
    )
    handler = f"proxy:unix:{folder}/fpm.sock|fcgi://localhost"
    with running(command, folder / "fpm-output-messages", environ):
        wait_for((folder / "fpm.sock").exists, "php-fpm")
        with _apache(tree, folder, "mpm_event", own, handler) as server:
            yield server


@contextmanager
def nginx(tree: Path, folder: Path) -> Iterator[Web]:
    """The snippet in a server block that says nothing else."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    port = free_port()
    text = NGINX.format(
        folder=folder, port=port, tree=tree, types=MEDIA_TYPES, user=_user("user {};")
    )
    (folder / "nginx.conf").write_text(text)
    command = [program("nginx"), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/messages"]
    with listening(command, [port], folder / "output-messages"):
        yield Web(port, folder)


@contextmanager
def _apache(tree: Path, folder: Path, mpm: str, own: str, handler: str) -> Iterator[Web]:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    (folder / "php.ini").write_text(PHP_INI.format(display="On"))
    port = free_port()
    names = [mpm, "authz_core", "rewrite", "headers", "mime", "dir", "setenvif"]
    modules = "\n".join(f'LoadModule {name}_module "{module(f"mod_{name}.so")}"' for name in names)
    text = APACHE.format(
        folder=folder,
        port=port,
        tree=tree,
        modules=f"{modules}\n{own}",
        user=_user("User {}\nGroup {}"),
        handler=handler,
    )
    (folder / "apache.conf").write_text(text)
    command = [program("apache2", "httpd"), "-DFOREGROUND", "-f", f"{folder}/apache.conf"]
    with listening(command, [port], folder / "output-messages"):
        yield Web(port, folder)


def _user(directive: str) -> str:
    """Servers that root starts want another user for the work."""
    return directive.replace("{}", "www-data") if os.geteuid() == 0 else ""

"""dovecot and postfix, which play every mail host, and let some mailboxes in."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.real.programs import Command, accepts, program, running, wait_for


class Mailbox(NamedTuple):
    """A mailbox, by its local part in any domain, and what may be done with it."""

    name: str
    password: str = "correct horse"  # noqa: S105  of the throw-away world
    more: str = ""


MAY_ALL = Mailbox("alice")
ODD_PASSWORD = Mailbox("odd", 'pa"ss\\wörd{5}')
BLOCKED = Mailbox("blocked", more="nologin=y reason=Account_is_suspended")
"""IMAP says so, by the code CONTACTADMIN; SMTP refuses its log-in."""
MAY_NOT_SEND = Mailbox("silent")
"""Signs in by IMAP; SMTP refuses its log-in."""
MAILBOXES = (MAY_ALL, ODD_PASSWORD, BLOCKED, MAY_NOT_SEND)

AUTH_PORT = 12345

DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap pop3
listen = {addresses}
ssl = required
ssl_min_protocol = TLSv1.2
ssl_cert = <{certificate}
ssl_key = <{certificate}
{others}
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
{passdbs}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = 0
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {port}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
PASSDB = """\
passdb {{
  driver = passwd-file
  deny = yes
  args = username_format=%n {folder}/denied-%s
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {folder}/users
}}
"""
LOCAL_NAME = """\
local_name {host} {{
  ssl_cert = <{certificate}
  ssl_key = <{certificate}
}}
"""

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.world.example
mydestination = localhost
alias_maps =
inet_interfaces = all
inet_protocols = all
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
smtpd_tls_chain_files = {certificate}
tls_server_sni_maps = texthash:{folder}/sni
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{port}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_peername_lookup = no
"""
MASTER = """\
465 inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
587 inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def mail_servers(
    addresses: Iterable[str], certificate: Path, others: Mapping[str, Path], folder: Path
) -> Iterator[None]:
    """Serve, dovecot at these addresses alone. `certificate`: of every host but `others`, who have
    their own.
    """
    with (
        _dovecot(addresses, certificate, others, folder / "dovecot"),
        _postfix(certificate, others, folder / "postfix"),
    ):
        yield


@contextmanager
def _dovecot(
    addresses: Iterable[str], certificate: Path, others: Mapping[str, Path], folder: Path
) -> Iterator[None]:
    for each in (folder, folder / "run", folder / "state", folder / "mail"):
        each.mkdir()
    shutil.chown(folder / "mail", "mail", "mail")
    (folder / "users").write_text(
        "".join(f"{each.name}:{each.password}::::::{each.more}\n" for each in MAILBOXES)
    )
    denied = "".join(f"{each.name}\n" for each in (BLOCKED, MAY_NOT_SEND))
    for protocol, names in (("smtp", denied), ("imap", ""), ("pop3", "")):
        (folder / f"denied-{protocol}").write_text(names)
    config = folder / "dovecot.conf"
    config.write_text(
        DOVECOT.format(
            folder=folder,
            addresses=", ".join(addresses),
            certificate=certificate,
            others="".join(
                LOCAL_NAME.format(host=host, certificate=own) for host, own in others.items()
            ),
            passdbs=PASSDB.format(folder=folder),
            port=AUTH_PORT,
        )
    )
    command: Command = [program("dovecot"), "-F", "-c", config]
    with running(command, folder / "log") as process:
        wait_for(lambda: process.poll() or accepts(AUTH_PORT), "dovecot")
        assert process.poll() is None, (folder / "log").read_text()
        yield


@contextmanager
def _postfix(certificate: Path, others: Mapping[str, Path], folder: Path) -> Iterator[None]:
    for each in (folder, folder / "queue", folder / "data"):
        each.mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "sni").write_text("".join(f"{host} {own}\n" for host, own in others.items()))
    values = {"folder": folder, "certificate": certificate, "port": AUTH_PORT}
    (folder / "main.cf").write_text(MAIN.format(**values))
    (folder / "master.cf").write_text(MASTER)
    command: Command = [program("postfix"), "-c", folder, "start-fg"]
    with running(command, folder / "log") as process:
        wait_for(lambda: process.poll() or accepts(587), "postfix")
        assert process.poll() is None, (folder / "log").read_text()
        try:
            yield
        finally:  # it has left our process group
            subprocess.run([program("postfix"), "-c", folder, "stop"], check=True)

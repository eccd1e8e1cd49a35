"""The addresses of the world, all on loopback, and what each of them does to whoever connects.

They are public, as those of real servers, and nobody's: of a net that was given back (RFC 7526),
and of one that has not been given yet. A host has one of version 4 and one of version 6, of the
same number.
"""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from tests.real.namespaces import loopback_alone
from tests.real.programs import program


class Place(NamedTuple):
    """The two addresses of a host, of which it may have none."""

    four: str = ""
    six: str = ""

    @property
    def both(self) -> tuple[str, ...]:
        return tuple(filter(None, self))

    @property
    def only_four(self) -> "Place":
        return self._replace(six="")

    def records(self, name: str) -> str:
        """The lines of a zone that lead there."""
        four, six = (f"{name} IN A {self.four}\n", f"{name} IN AAAA {self.six}\n")
        return (four if self.four else "") + (six if self.six else "")


def place(number: int) -> Place:
    return Place(f"192.88.99.{number}", f"2d00::{number}")


OURS, OWNERS = place(1), place(2)
"""nginx: before `autoconfig serve`; as the owner's own web site, and as Mozilla's databases."""
PLAIN, OLD_TLS, NO_CERTIFICATE, HTTP_ALONE = place(4), place(5), place(6), place(7)
"""nginx before `autoconfig serve`, too: with plain HTTP on port 443; with TLS 1.1 alone; without a
certificate for any name; on port 80 alone."""
ODD, SILENT = place(11), place(12)
"""A web server that does as a fault says; one that takes a connection, and says nothing."""
CLOSED, DROPPED = place(21), place(22)
"""Nobody listens there; packets are lost on the way."""
UNREACHABLE = place(31)
"""There is no route."""
MAIL = tuple(map(place, range(101, 120)))
"""One for each mail host: dovecot, postfix, and nginx as an Exchange server."""
NGINX = (OURS, OWNERS, PLAIN, OLD_TLS, NO_CERTIFICATE, HTTP_ALONE)
LISTENING = (*NGINX, ODD, SILENT, CLOSED, DROPPED, *MAIL)

DROP = """\
table inet world {
  chain input {
    type filter hook input priority 0
    ip daddr %s drop
    ip6 daddr %s drop
  }
}
"""


@contextmanager
def world_of_addresses() -> Iterator[None]:
    """Enter a network of our own in which all of them are."""
    with loopback_alone():
        for four, six in LISTENING:
            _ip("address", "add", f"{four}/32", "dev", "lo")
            _ip("-6", "address", "add", f"{six}/128", "dev", "lo", "nodad")
        _ip("route", "add", "unreachable", f"{UNREACHABLE.four}/32")
        _ip("-6", "route", "add", "unreachable", f"{UNREACHABLE.six}/128")
        _nft(DROP % DROPPED)
        yield


REFUSE = "reject with tcp reset"


@contextmanager
def blocked(*ports: int, by: str = "drop") -> Iterator[None]:
    """Until the block ends, no packet for these ports arrives anywhere.

    `by`: what nftables does with one; `REFUSE` is as if nobody listened.
    """
    with ExitStack() as stack:
        for port in ports:
            table = f"blocked{port}"
            _nft(
                f"table inet {table} {{\n chain input {{\n  type filter hook input priority 0\n"
                f"  tcp dport {port} {by}\n }}\n}}\n"
            )
            stack.callback(_nft, f"delete table inet {table}\n")
        yield


def _ip(*words: str) -> None:
    subprocess.run([program("ip"), *words], check=True)


def _nft(rules: str) -> None:
    subprocess.run([program("nft"), "-f", "-"], input=rules, text=True, check=True)

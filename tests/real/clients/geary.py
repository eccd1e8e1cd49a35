"""Geary's look-up, `Accounts.AutoConfig`, as a program: prints the two servers that it finds."""

import ctypes
import sys
from pathlib import Path

from tests.real.clients.glib import POINTER, TEXT, Failure, function

LIBRARIES = "*/geary/libgeary-client-*.so"  # in /usr/lib, by machine and version
SOCKETS = ("none", "STARTTLS", "SSL")  # Geary.TlsNegotiationMethod
READY = ctypes.CFUNCTYPE(None, POINTER, POINTER, POINTER)


def main(address: str) -> str | None:
    """Print the servers; the message where there are none."""
    (library,) = Path("/usr/lib").glob(LIBRARIES)
    geary = ctypes.CDLL(str(library))
    name = "accounts_auto_config"
    start = function(geary, f"{name}_get_config", None, POINTER, TEXT, READY, POINTER)
    finish = function(geary, f"{name}_get_config_finish", POINTER, *[POINTER] * 3)
    loop = function(geary, "g_main_loop_new", POINTER, POINTER, ctypes.c_int)(None, 0)

    found, failure = [], Failure()

    def ready(_source: int, result: int, _data: int) -> None:
        found.append(finish(look_up, result, failure.reference))
        function(geary, "g_main_loop_quit", None, POINTER)(loop)

    cancellable = function(geary, "g_cancellable_new", POINTER)()
    look_up = function(geary, f"{name}_new", POINTER, POINTER)(cancellable)
    callback = READY(ready)
    start(look_up, address.partition("@")[2].encode(), callback, None)
    function(geary, "g_main_loop_run", None, POINTER)(loop)
    (values,) = found
    if not values:
        return str(failure)
    for protocol in ("imap", "smtp"):
        getter = f"{name}_values_get_{protocol}"
        host, port = (
            function(geary, f"{getter}_{part}", TEXT, POINTER)(values).decode()
            for part in ("server", "port")
        )
        socket = function(geary, f"{getter}_tls_method", ctypes.c_int, POINTER)(values)
        sys.stdout.write(f"{protocol} {host} {port} {SOCKETS[socket]}\n")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

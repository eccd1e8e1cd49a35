"""Evolution's own look-up, `EMailAutoconfig`, as a program: prints what it finds for an address.

Evolution wants to know its accounts first, of which there are none.
"""

import ctypes
import sys

from tests.real.clients.glib import POINTER, TEXT, Failure, function

LIBRARY = "/usr/lib/evolution/libevolution-mail.so.0"


def main(address: str) -> str | None:
    """Print the results; the message where there are none."""
    evolution = ctypes.CDLL(LIBRARY)
    new_registry = function(evolution, "e_source_registry_new_sync", POINTER, *[POINTER] * 2)
    look_up = function(
        evolution, "e_mail_autoconfig_new_sync", POINTER, POINTER, TEXT, *[POINTER] * 3
    )
    dump = function(evolution, "e_mail_autoconfig_dump_results", None, POINTER)

    failure = Failure()
    registry = new_registry(None, failure.reference)
    found = registry and look_up(registry, address.encode(), None, None, failure.reference)
    if not found:
        return str(failure)
    dump(found)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

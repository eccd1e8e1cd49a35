"""Evolution's own look-up, `EMailAutoconfig`, as a program: prints what it finds for an address.

Run it in a D-Bus session: Evolution wants to know its accounts first, of which there are none.
"""

import ctypes
import sys

LIBRARY = "/usr/lib/evolution/libevolution-mail.so.0"


class GError(ctypes.Structure):
    """Of GLib."""

    _fields_ = (
        ("domain", ctypes.c_uint32),
        ("code", ctypes.c_int),
        ("message", ctypes.c_char_p),
    )


def main(address: str) -> str | None:
    """Print the results; the message where there are none."""
    evolution = ctypes.CDLL(LIBRARY)
    error = ctypes.POINTER(GError)()
    new_registry = evolution.e_source_registry_new_sync
    new_registry.argtypes, new_registry.restype = [ctypes.c_void_p] * 2, ctypes.c_void_p
    look_up = evolution.e_mail_autoconfig_new_sync
    look_up.argtypes = [ctypes.c_void_p, ctypes.c_char_p, *[ctypes.c_void_p] * 3]
    look_up.restype = ctypes.c_void_p
    dump = evolution.e_mail_autoconfig_dump_results
    dump.argtypes, dump.restype = [ctypes.c_void_p], None

    registry = new_registry(None, ctypes.byref(error))
    found = registry and look_up(registry, address.encode(), None, None, ctypes.byref(error))
    if not found:
        return f"nothing found: {error.contents.message.decode()}"
    dump(found)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

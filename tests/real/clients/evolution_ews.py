"""Evolution's Exchange account: prints the URL of Exchange Web Services that Autodiscover gives.

It asks as the set-up of such an account does, with the password that the user was asked for.
"""

import ctypes
import sys

from tests.real.clients.glib import POINTER, TEXT, Failure, function

LIBRARY = "/usr/lib/evolution-ews/libevolution-ews.so"


def main(address: str) -> str | None:
    """Print the URL; the message where there is none."""
    ews = ctypes.CDLL(LIBRARY)
    login = address.encode()

    settings_type = function(ews, "camel_ews_settings_get_type", ctypes.c_size_t)()
    settings = function(ews, "g_object_new", POINTER, ctypes.c_size_t, POINTER)(settings_type, None)
    for name, value in (("user", login), ("auth_mechanism", b"PLAIN")):
        function(ews, f"camel_network_settings_set_{name}", None, POINTER, TEXT)(settings, value)

    source = function(ews, "e_source_new", POINTER, *[POINTER] * 3)(None, None, None)
    get_extension = function(ews, "e_source_get_extension", POINTER, POINTER, TEXT)
    authentication = get_extension(source, b"Authentication")
    for name, value in (("user", login), ("method", b"plain/password")):
        set_value = function(ews, f"e_source_authentication_set_{name}", None, POINTER, TEXT)
        set_value(authentication, value)

    certificate, errors, failure = ctypes.c_char_p(), ctypes.c_int(), Failure()
    arguments = [POINTER, POINTER, TEXT, TEXT, *[POINTER] * 4]
    discover = function(ews, "e_ews_autodiscover_ws_url_sync", ctypes.c_int, *arguments)
    out = [ctypes.byref(certificate), ctypes.byref(errors), None, failure.reference]
    if not discover(source, settings, login, b"secret", *out):
        return str(failure)
    url = function(ews, "camel_ews_settings_dup_hosturl", TEXT, POINTER)(settings).decode()
    sys.stdout.write(f"{url}\n")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

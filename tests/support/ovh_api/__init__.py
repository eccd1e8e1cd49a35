"""A stand-in for OVHcloud's API, by which the real client library talks to an account of ours.

    state = State()
    state.add_zone("example.fr", "autoconfig IN CNAME mail.example.net.")
    with stand_in(state) as server:
        …  # with the variables of server.environment()
        assert server.called("POST", "PUT", "DELETE") == []

It checks signature, time and rights as the API does, and does the odd things that it is known for.
A test adds what goes wrong to `server.faults`.
"""

from tests.support.ovh_api import faults, mail
from tests.support.ovh_api.faults import Fault
from tests.support.ovh_api.mail import Attached, ZimbraDomain, attached
from tests.support.ovh_api.server import Call, Server, stand_in
from tests.support.ovh_api.state import State
from tests.support.ovh_api.zone_store import StoredZone

__all__ = [
    "Attached",
    "Call",
    "Fault",
    "Server",
    "State",
    "StoredZone",
    "ZimbraDomain",
    "attached",
    "faults",
    "mail",
    "stand_in",
]

"""Zones of which a plan is made, each for one offer, as a customer has them before and after."""

from tests.support.zones import MX, NONE, OLD_RECORDS, Zone

TWO_COPIES = "zone-950.com"
"""A zone whose second name server may have another copy."""
SERVERS = ("dns112.ovh.net", "ns.second.zone-000.com")


def copy(records: str, serial: int) -> str:
    """A copy of that zone, whole."""
    start = f"ns.second.zone-000.com. dns.zone-000.com. {serial} 86400 3600 3600000 60"
    servers = "".join(f"@ IN NS {host}.\n" for host in SERVERS)
    return f"$TTL 3600\n@ IN SOA {start}\n{servers}{MX}{records}"


PLANNED_ZONES = (Zone("two-copies", copy(OLD_RECORDS, 10), NONE, TWO_COPIES),)

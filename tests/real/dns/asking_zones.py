"""Zones whose `autoconfig.` name leads to us, or elsewhere, for the question before a certificate.

The names of the tests' own machine are those of loopback. `BASE_HOST` is this server's public name,
at an address that the machine does not have itself, as behind a load balancer.
"""

from tests.real.namespaces import ADDRESS
from tests.support.zones import BROKEN_SERVER, FAILED, GOOGLE_MX, MX, MX_PLAN, NONE, Expected, Zone

BASE_HOST = "autoconfig.zone-903.com"
BASE_ADDRESS, ELSEWHERE = "203.0.113.9", "203.0.113.66"


def _zone(what: str, records: str, expected: Expected = MX_PLAN, mail: str = MX) -> Zone:
    return Zone(f"ask-{what}", mail + records, expected)


LEADING = (
    _zone("address-of-this-machine", f"autoconfig IN A {ADDRESS}\n"),
    _zone("address-of-loopback", "autoconfig IN A 127.0.0.1\n"),
    _zone("address-of-loopback-version-six", "autoconfig IN AAAA ::1\n"),
    _zone("address-among-others", f"autoconfig IN A {ELSEWHERE}\nautoconfig IN A {ADDRESS}\n"),
    _zone("alias-of-us", f"autoconfig IN CNAME {BASE_HOST}.\n"),
    _zone("alias-of-us-in-capitals", f"autoconfig IN CNAME {BASE_HOST.upper()}.\n"),
    _zone("alias-of-an-alias-of-us", f"autoconfig IN CNAME web\nweb IN CNAME {BASE_HOST}.\n"),
    _zone("address-of-our-load-balancer", f"autoconfig IN A {BASE_ADDRESS}\n"),
    _zone("wildcard", f"* IN A {ADDRESS}\n"),
)
"""Detected, and at us."""

NOT_LEADING = (
    _zone("elsewhere", f"autoconfig IN A {ELSEWHERE}\n"),
    _zone("no-such-name", ""),
    _zone("no-address", 'autoconfig IN TXT "nothing"\n'),
    _zone("alias-of-the-old-service", "autoconfig IN CNAME mailconfig.ovh.net.\n"),
    _zone("alias-of-a-name-below-ours", f"autoconfig IN CNAME a.{BASE_HOST}.\n"),
    _zone("alias-of-a-look-alike", f"autoconfig IN CNAME {BASE_HOST}.zone-666.com.\n"),
    _zone("alias-with-a-dot-inside-a-label", "autoconfig IN CNAME autoconfig\\.zone-903.com.\n"),
    _zone("unspecified-address", "autoconfig IN A 0.0.0.0\nautoconfig IN AAAA ::\n"),
    _zone("mapped-address", "autoconfig IN AAAA ::ffff:127.0.0.1\n"),
    _zone("multicast-address", "autoconfig IN A 224.0.0.1\nautoconfig IN AAAA ff02::1\n"),
    _zone("broadcast-address", "autoconfig IN A 255.255.255.255\n"),
    _zone("mail-elsewhere", f"autoconfig IN A {ADDRESS}\n", NONE, GOOGLE_MX),
    _zone("no-mail", f"autoconfig IN CNAME {BASE_HOST}.\n", NONE, ""),
)
"""Not detected, or not at us."""

UNCERTAIN = (
    _zone("name-lame", f"autoconfig IN NS {BROKEN_SERVER}\n"),
    _zone("name-in-a-loop", "autoconfig IN CNAME web\nweb IN CNAME autoconfig\n"),
    _zone("srv-lame", f"autoconfig IN A {ADDRESS}\n_tcp IN NS {BROKEN_SERVER}\n", FAILED),
)
"""A look-up fails."""

BASE_ZONE = Zone("ask-base", f"autoconfig IN A {BASE_ADDRESS}\n", NONE, "zone-903.com")
ASKING_ZONES = (*LEADING, *NOT_LEADING, *UNCERTAIN, BASE_ZONE)

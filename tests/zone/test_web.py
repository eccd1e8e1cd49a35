"""The names at which programs ask for settings: to the server, by whatever records lead there."""

from ipaddress import ip_address

import pytest

from autoconfig.names import Domain
from autoconfig.zone.plan import Target, What
from tests.support.plans import TARGET, planned, told
from tests.support.services import service_of

SERVICE = service_of("exchange-hosted")
LABELS = ("autoconfig", "autodiscover")

V4, V6 = ip_address("192.0.2.1"), ip_address("2001:db8::1")
KNOWN = TARGET._replace(known=frozenset({V4, V6}))
BOTH = Target(addresses=(V4, V6))
OWN = Target(Domain("autoconfig.example.fr"))

SERVER = "autoconfig.agency.example."
RIGHT = f"autodiscover CNAME {SERVER}\n"
KEPT = f"keep autodiscover CNAME {SERVER} (yours)"

CASES = {
    "nothing": (
        TARGET,
        "",
        [
            f"create needed autoconfig CNAME {SERVER} (asked-first)",
            f"create needed autodiscover CNAME {SERVER} (asked-by-outlook)",
        ],
    ),
    "right": (
        TARGET,
        f"{RIGHT}autoconfig CNAME {SERVER}",
        [f"keep autoconfig CNAME {SERVER} (yours)", KEPT],
    ),
    "capitals": (
        TARGET,
        f"{RIGHT}autoconfig CNAME AutoConfig.Agency.Example.",
        ["keep autoconfig CNAME AutoConfig.Agency.Example. (yours)", KEPT],
    ),
    "as-zones-are-created": (
        TARGET,
        f"{RIGHT}autoconfig CNAME mailconfig.ovh.net.",
        [f"replace needed autoconfig CNAME {SERVER} < CNAME mailconfig.ovh.net. (left-over)", KEPT],
    ),
    "as-zones-are-created-at-the-address-of-the-server": (
        KNOWN,
        f"{RIGHT}autoconfig CNAME mailconfig.ovh.net.\nmailconfig.ovh.net. A {V4}",
        [f"replace needed autoconfig CNAME {SERVER} < CNAME mailconfig.ovh.net. (left-over)", KEPT],
    ),
    "of-some-years-ago": (
        TARGET,
        f"{RIGHT}autoconfig CNAME autodiscover.mail.ovh.net.",
        [
            f"replace needed autoconfig CNAME {SERVER} < CNAME autodiscover.mail.ovh.net."
            " (server-unknown)",
            KEPT,
        ],
    ),
    "elsewhere": (
        TARGET,
        f"{RIGHT}autoconfig CNAME other.example.",
        [f"replace needed autoconfig CNAME {SERVER} < CNAME other.example. (not-yours)", KEPT],
    ),
    "addresses-elsewhere": (
        TARGET,
        f"{RIGHT}autoconfig AAAA 2001:db8::9\nautoconfig A 192.0.2.9",
        [
            f"replace needed autoconfig CNAME {SERVER} < A 192.0.2.9 (not-yours)",
            "delete needed autoconfig AAAA 2001:db8::9 (not-yours)",
            KEPT,
        ],
    ),
    "address-of-the-server": (
        KNOWN,
        f"{RIGHT}autoconfig A 192.0.2.1",
        ["keep autoconfig A 192.0.2.1 (yours)", KEPT],
    ),
    "address-beside-that-of-the-server": (
        KNOWN,
        f"{RIGHT}autoconfig A 192.0.2.1\nautoconfig A 192.0.2.9",
        [
            "delete needed autoconfig A 192.0.2.9 (not-yours)",
            "keep autoconfig A 192.0.2.1 (yours)",
            KEPT,
        ],
    ),
    "no-address": (
        KNOWN,
        f"{RIGHT}autoconfig A 192.0.2.1.9",
        [f"replace needed autoconfig CNAME {SERVER} < A 192.0.2.1.9 (not-yours)", KEPT],
    ),
    "alias-of-an-alias": (
        TARGET,
        f"{RIGHT}autoconfig CNAME www.example.fr.\nwww CNAME {SERVER}",
        ["keep autoconfig CNAME www.example.fr. (yours)", KEPT],
    ),
    "alias-of-what-the-server-is-an-alias-of": (
        TARGET,
        f"{RIGHT}autoconfig CNAME cloud.example.\n{SERVER} CNAME cloud.example.",
        ["keep autoconfig CNAME cloud.example. (yours)", KEPT],
    ),
    "alias-of-a-name-with-the-address": (
        KNOWN,
        f"{RIGHT}autoconfig CNAME www.example.fr.\nwww A 192.0.2.1",
        ["keep autoconfig CNAME www.example.fr. (yours)", KEPT],
    ),
    "alias-of-a-name-with-another-address-too": (
        KNOWN,
        f"{RIGHT}autoconfig CNAME www.example.fr.\nwww A 192.0.2.1\nwww A 192.0.2.9",
        [f"replace needed autoconfig CNAME {SERVER} < CNAME www.example.fr. (not-yours)", KEPT],
    ),
    "alias-in-a-circle": (
        KNOWN,
        f"{RIGHT}autoconfig CNAME www.example.fr.\nwww CNAME autoconfig.example.fr.",
        [f"replace needed autoconfig CNAME {SERVER} < CNAME www.example.fr. (not-yours)", KEPT],
    ),
    "addresses-beside-an-alias": (
        TARGET,
        f"{RIGHT}autoconfig CNAME {SERVER}\nautoconfig A 192.0.2.9",
        [
            "delete needed autoconfig A 192.0.2.9 (beside-alias)",
            f"keep autoconfig CNAME {SERVER} (yours)",
            KEPT,
        ],
    ),
    "signed": (
        TARGET,
        f"{RIGHT}autoconfig CNAME other.example.\nautoconfig RRSIG CNAME 13 3",
        [f"replace needed autoconfig CNAME {SERVER} < CNAME other.example. (not-yours)", KEPT],
    ),
    "text-beside-an-address-of-the-server": (
        KNOWN,
        f'{RIGHT}autoconfig A 192.0.2.1\nautoconfig TXT "x"',
        ["keep autoconfig A 192.0.2.1 (yours)", KEPT],
    ),
    "both-addresses": (
        BOTH,
        "autodiscover A 192.0.2.1\nautodiscover AAAA 2001:db8::1",
        [
            "create needed autoconfig A 192.0.2.1 (asked-first)",
            "create needed autoconfig AAAA 2001:db8::1 (asked-first)",
            "keep autodiscover A 192.0.2.1 (yours)",
            "keep autodiscover AAAA 2001:db8::1 (yours)",
        ],
    ),
    "one-of-two-addresses": (
        BOTH,
        "autoconfig AAAA 2001:db8::1\nautodiscover CNAME autoconfig.example.fr.",
        [
            "create helps autoconfig A 192.0.2.1 (asked-first)",
            "keep autoconfig AAAA 2001:db8::1 (yours)",
            "keep autodiscover CNAME autoconfig.example.fr. (yours)",
        ],
    ),
    "other-addresses": (
        BOTH,
        "autoconfig AAAA 2001:db8::9\nautodiscover AAAA 2001:db8::9\nautodiscover A 192.0.2.9",
        [
            "create needed autoconfig A 192.0.2.1 (asked-first)",
            "replace needed autoconfig AAAA 2001:db8::1 < AAAA 2001:db8::9 (not-yours)",
            "replace needed autodiscover A 192.0.2.1 < A 192.0.2.9 (not-yours)",
            "replace needed autodiscover AAAA 2001:db8::1 < AAAA 2001:db8::9 (not-yours)",
        ],
    ),
    "alias-where-addresses-are-wanted": (
        BOTH,
        'autoconfig CNAME other.example.\nautoconfig TXT "x"\nautodiscover CNAME www.example.fr.\n'
        "www A 192.0.2.1",
        [
            "create needed autoconfig AAAA 2001:db8::1 (asked-first)",
            "replace needed autoconfig A 192.0.2.1 < CNAME other.example. (not-yours)",
            "keep autodiscover CNAME www.example.fr. (yours)",
        ],
    ),
    "server-below-the-domain": (
        OWN,
        "autoconfig A 192.0.2.1",
        [
            "create needed autodiscover CNAME autoconfig.example.fr. (asked-by-outlook)",
            "keep autoconfig A 192.0.2.1 (itself)",
        ],
    ),
    "server-below-the-domain-is-an-alias": (
        OWN,
        "autoconfig CNAME vm.example.net.",
        [
            "create needed autodiscover CNAME autoconfig.example.fr. (asked-by-outlook)",
            "keep autoconfig CNAME vm.example.net. (itself)",
        ],
    ),
    "server-below-the-domain-is-an-alias-of-the-other-name": (
        OWN,
        "autoconfig CNAME autodiscover.example.fr.\nautodiscover A 192.0.2.1",
        [
            "keep autoconfig CNAME autodiscover.example.fr. (itself)",
            "keep autodiscover A 192.0.2.1 (itself)",
        ],
    ),
}


@pytest.mark.parametrize(("target", "zone", "lines"), CASES.values(), ids=CASES)
def test_names_come_to_lead_to_the_server(target: Target, zone: str, lines: list[str]) -> None:
    plan = planned(SERVICE, zone, target)
    assert told(plan, *LABELS) == lines
    assert not plan.remarks
    assert plan.settled == (not any(" needed " in line for line in lines))


def test_no_cname_comes_to_stand_beside_other_records() -> None:
    zone = 'autoconfig TXT "x"\nautoconfig MX 1 mx.example.\nautoconfig A 192.0.2.9\n' + RIGHT
    plan = planned(SERVICE, zone)
    assert told(plan, *LABELS) == [KEPT]
    (remark,) = plan.remarks
    assert remark.what is What.NO_ROOM
    assert remark.values == {"name": "autoconfig.example.fr.", "types": "MX, TXT"}
    assert not plan.settled


LOST = {
    "nothing": ("", "autoconfig"),
    "text": ('autoconfig TXT "x"', "autoconfig"),
    "left-over": ("autoconfig CNAME mailconfig.ovh.net.", "autoconfig"),
    "other-name": ("autoconfig CNAME autodiscover.example.fr.", "autodiscover"),
    "circle": (
        "autoconfig CNAME autodiscover.example.fr.\nautodiscover CNAME autoconfig.example.fr.",
        "autodiscover",
    ),
    "other-name-is-a-left-over": (
        "autoconfig CNAME autodiscover.example.fr.\nautodiscover CNAME mailconfig.ovh.net.",
        "autodiscover",
    ),
}


@pytest.mark.parametrize(("zone", "label"), LOST.values(), ids=LOST)
def test_name_of_the_server_itself_needs_an_address(zone: str, label: str) -> None:
    plan = planned(SERVICE, zone, OWN)
    (remark,) = plan.remarks
    assert (remark.what, remark.values) == (
        What.NEEDS_ADDRESS,
        {"name": f"{label}.example.fr."},
    )
    assert not plan.settled
    assert not plan.replace
    assert not plan.delete


def test_long_chain_of_aliases_is_given_up() -> None:
    chain = [f"n{number} CNAME n{number + 1}.example.fr." for number in range(20)]
    zone = "\n".join((*chain, f"n20 CNAME {SERVER}", "autoconfig CNAME n0.example.fr."))
    assert told(planned(SERVICE, zone), "autoconfig") == [
        f"replace needed autoconfig CNAME {SERVER} < CNAME n0.example.fr. (not-yours)"
    ]

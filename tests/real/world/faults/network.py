"""Hosts that hang, cannot be reached, or differ by the version of IP."""

from tests.real.world import odd_web as odd
from tests.real.world.addresses import (
    CLOSED,
    DROPPED,
    ODD,
    OURS,
    OWNERS,
    SILENT,
    UNREACHABLE,
    Place,
)
from tests.real.world.faults.kinds import OLD_PAGE, Pro
from tests.real.world.faults.results import ALL_MAIL_ASKS, LOST, MISLED, NO_DOCUMENT
from tests.real.world.odd_web import Site

HANGING = (
    *(
        Pro(
            name,
            f"autoconfig: {what}",
            sites={"autoconfig": site} if site else {},
            places={"autoconfig": place},
            results={"undecided": ALL_MAIL_ASKS},
            problems=(problem,),
        )
        for name, what, place, site, problem in (
            ("hang-connect", "packets are lost", DROPPED, None, "no-answer"),
            ("hang-tls", "a connection, and then silence", SILENT, None, "no-answer"),
            ("hang-answer", "a request, and then silence", ODD, Site(odd.hang), "no-answer"),
            ("trickle", "some octets a second", ODD, Site(odd.trickle), "no-answer"),
            ("unreachable", "there is no route", UNREACHABLE, None, "unreachable"),
        )
    ),
    Pro(
        "site-hangs",
        "the owner's site never answers, which matters to Outlook alone",
        sites={"@": Site(odd.hang)},
        results={"undecided": "outlook-older"},
        problems=("no-answer",),
    ),
    Pro(
        "everything-hangs",
        "no host of the domain answers",
        places=dict.fromkeys(("autoconfig", "autodiscover", "@"), DROPPED),
        results={"undecided": f"{ALL_MAIL_ASKS} outlook-older"},
        problems=("no-answer",),
    ),
)


FAMILIES = (
    Pro(
        "six-refused",
        "nobody listens at the IPv6 address of autoconfig",
        places={"autoconfig": Place(OURS.four, CLOSED.six)},
        problems=("ipv6-fails",),
    ),
    Pro(
        "six-lost",
        "packets for the IPv6 address of autoconfig are lost",
        places={"autoconfig": Place(OURS.four, DROPPED.six)},
        problems=("ipv6-fails",),
    ),
    Pro(
        "six-old",
        "the IPv6 address of autoconfig is still that of an old hoster",
        sites={"autoconfig": Site(OLD_PAGE)},
        places={"autoconfig": Place(OURS.four, ODD.six)},
        results={"wrong": f"{MISLED} {LOST} delta-chat"},
        open="fairemail geary",
        problems=("families-differ",),
    ),
    Pro(
        "four-old",
        "the IPv4 address of autoconfig is still that of an old hoster",
        sites={"autoconfig": Site(OLD_PAGE)},
        places={"autoconfig": Place(ODD.four, OURS.six)},
        open="geary",  # which takes the version whose look-up comes first
        problems=("families-differ",),
    ),
    Pro(
        "six-page",
        "the IPv6 address of autoconfig is that of a web site",
        places={"autoconfig": Place(OURS.four, OWNERS.six)},
        results=NO_DOCUMENT,
        open="geary",  # which takes either version, by chance
        problems=("ipv6-fails",),
    ),
    Pro(
        "four-alone",
        "autoconfig has an IPv4 address alone: well",
        places={"autoconfig": Place(OURS.four)},
    ),
    Pro(
        "six-alone",
        "autoconfig has an IPv6 address alone: well, where there is IPv6",
        places={"autoconfig": Place("", OURS.six)},
    ),
)

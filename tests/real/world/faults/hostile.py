"""Answers that are meant to harm whoever reads them."""

from tests.real.world import odd_web as odd
from tests.real.world.faults.kinds import Pro
from tests.real.world.faults.results import LOST, MAIL, NO_DOCUMENT
from tests.real.world.odd_web import Site

HOSTILE = (
    *(
        Pro(
            f"hostile-{name}",
            what,
            sites={"autoconfig": Site(manner)},
            results=NO_DOCUMENT,
            problems=problems,
        )
        for name, what, manner, problems in (
            ("endless", "a body without end", odd.endless, ("too-large",)),
            ("head", "a head without end", odd.endless_head, ()),
            ("bomb", "64 MiB in 300 kB", odd.bomb, ("too-large",)),
            ("garbage", "what is not HTTP", odd.not_http, ("not-http",)),
            ("closed", "the connection ends without an answer", odd.close, ("closes",)),
        )
    ),
    Pro(
        "hostile-laughs",
        "billion laughs",
        sites={"autoconfig": Site(odd.LAUGHS)},
        results={"wrong": "thunderbird evolution", "nothing": "delta-chat"},
        open=f"thunderbird-android gnome-online-accounts {LOST}",
    ),
    *(
        Pro(
            f"hostile-{name}",
            what,
            sites={"autoconfig": Site(manner)},
            open=f"{MAIL}",  # it depends on each one's parser; the check must hold
        )
        for name, what, manner in (
            ("outside", "entities outside", odd.OUTSIDE),
            ("deep", "50,000 elements within one another", odd.DEEP),
            ("huge", "30,000 providers", odd.HUGE),
        )
    ),
)

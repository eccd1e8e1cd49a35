"""The page for people in the order of a device: its likeliest mail programs first.

A page is rendered once. Its guides stand between marks, which no value that is filled in can hold,
as each is escaped; there it is cut (`document.CUTS`), and each order is made of the same pieces.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain, pairwise

from autoconfig.documents.document import Document
from autoconfig.guides.load import load_guides
from autoconfig.guides.model import Device

DEVICES: Mapping[Device, re.Pattern[str]] = {
    "android": re.compile("Android"),
    "iphone": re.compile("iPhone|iPad|iPod"),
    "mac": re.compile("Macintosh"),
    "windows": re.compile("Windows NT"),
    "linux": re.compile("Linux|X11"),
}
"""A word of a browser's `User-Agent` header. The first device counts: Android says Linux, too. An
iPad may say that it is a Macintosh, and cannot be told from one.
"""

GUIDE, END_OF_ID, GUIDES_END = "<!--guide ", "-->", "<!--guides-->"
"""The mark before each guide, which its id follows, and the one behind the last."""

CLOSED, OPEN = ' name="program">', ' name="program" open>'
"""How a guide begins, and how the likeliest one does."""

_MARKS = (GUIDE.encode(), GUIDES_END.encode())


@lru_cache(maxsize=256)  # few are different
def device_of(user_agent: str) -> Device | None:
    """The device that the header tells; None if it tells none."""
    return next((each for each, word in DEVICES.items() if word.search(user_agent)), None)


def in_orders(written: Document) -> Document:
    """The document; with its orders, by device, if there are guides in it."""
    marks = [number for number, piece in enumerate(written.pieces) if piece.startswith(_MARKS)]
    guides = [range(*each) for each in pairwise(marks)]
    orders: dict[str, Document] = {
        each: _arranged(written, guides, each) for each in DEVICES if guides
    }
    return replace(written, orders=orders)


def _arranged(page: Document, guides: Sequence[range], device: Device) -> Document:
    """The page with the device's guides first and the likeliest open. `guides`: their pieces."""
    rank = ranks(device)
    first, *others = sorted(guides, key=lambda guide: rank[_id(page.pieces[guide.start])])
    before, behind = range(guides[0].start), range(guides[-1].stop, len(page.pieces))
    numbers = [*chain(before, first, *others, behind)]
    pieces = [page.pieces[number] for number in numbers]
    pieces[before.stop] = pieces[before.stop].replace(CLOSED.encode(), OPEN.encode())
    places = {number: place for place, number in enumerate(numbers)}
    gaps = tuple((name, tuple(places[gap] for gap in each)) for name, each in page.gaps)
    return replace(page, pieces=tuple(pieces), gaps=gaps, digest=f"{page.digest}-{device}")


def _id(guide: bytes) -> str:
    return guide.decode().removeprefix(GUIDE).partition(END_OF_ID)[0]


@cache
def ranks(device: Device) -> Mapping[str, int]:
    """The place of each guide, by its id, in the order of the device."""
    return {each: rank for rank, each in enumerate(load_guides().order(device))}

"""The page for people in the order of a device: its likeliest mail programs first.

A page is rendered once, and the guides in it are moved when it is finished. What is moved stands
between comments, which no value that is filled in can hold: each is escaped.
"""

import re
from collections.abc import Mapping
from functools import cache

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

GUIDE, GUIDES_END = b"<!--guide ", b"<!--guides-->"
"""Before the id of a guide, `-->` and the guide; and behind the last one."""

CLOSED, OPEN = b"<details", b"<details open"
"""How a guide begins, and how the likeliest one does."""


def device_of(user_agent: str) -> Device | None:
    """The device that the header tells; None if it tells none."""
    return next((each for each, word in DEVICES.items() if word.search(user_agent)), None)


def arranged(body: bytes, device: Device | None) -> bytes:
    """The page with the device's guides first and the likeliest open. None: as it is rendered."""
    if device is None:
        return body
    page, _, tail = body.partition(GUIDES_END)
    head, *guides = page.split(GUIDE)
    rank = ranks(device)
    guides.sort(key=lambda guide: rank[guide.partition(b"-->")[0]])
    likeliest = [guide.replace(CLOSED, OPEN, 1) for guide in guides[:1]]
    return GUIDE.join((head, *likeliest, *guides[1:])) + GUIDES_END + tail


@cache
def ranks(device: Device) -> Mapping[bytes, int]:
    """The place of each guide, by its id, in the order of the device."""
    return {each.encode(): rank for rank, each in enumerate(load_guides().order(device))}

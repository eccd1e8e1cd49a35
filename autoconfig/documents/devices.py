"""The page for people in the order of a device: its likeliest mail programs first.

A page is rendered once. Its guides stand between marks, which no value that is filled in can hold,
as each is escaped. Each order is cut at these marks (`document.CUTS`), so that all are made of the
same pieces.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from autoconfig.documents.document import Document
from autoconfig.documents.formats import Format
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

GUIDE, GUIDES_END = "<!--guide ", "<!--guides-->"
"""Before the id of a guide, `-->` and the guide; and behind the last one."""

CLOSED, OPEN = "<details", "<details open"
"""How a guide begins, and how the likeliest one does."""


def device_of(user_agent: str) -> Device | None:
    """The device that the header tells; None if it tells none."""
    return next((each for each, word in DEVICES.items() if word.search(user_agent)), None)


def in_orders(format: Format, text: str, shared: dict[bytes, bytes] | None = None) -> Document:
    """The document; with its orders, by device, if there are guides in it.

    `shared`: as `Document.from_text` has it.
    """
    shared = {} if shared is None else shared
    written = Document.from_text(format, text, shared)
    orders: dict[str, Document] = {}
    for device in DEVICES if GUIDE in text else ():
        order = Document.from_text(format, arranged(text, device), shared)
        orders[device] = replace(order, digest=f"{written.digest}-{device}")
    return replace(written, orders=orders)


def arranged(text: str, device: Device) -> str:
    """The page with the device's guides first and the likeliest open."""
    page, end, tail = text.partition(GUIDES_END)
    head, *guides = page.split(GUIDE)
    rank = _ranks(device)
    first, *others = sorted(guides, key=lambda guide: rank[guide.partition("-->")[0]])
    return GUIDE.join((head, first.replace(CLOSED, OPEN, 1), *others)) + end + tail


@cache
def _ranks(device: Device) -> Mapping[str, int]:
    """The place of each guide, by its id, in the order of the device."""
    return {each: rank for rank, each in enumerate(load_guides().order(device))}

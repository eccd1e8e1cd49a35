"""A person who has no mouse: where Tab leads, and what is seen of it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from playwright.sync_api import ElementHandle, FloatRect, Page

MARGIN = 8
"""Pixels around an element in which its focus may show."""

BOX = """
element => {
  const {x, y, width, height} = element.getBoundingClientRect();
  return {x, y, width, height};
}
"""
FOLLOWS = """
([first, then]) =>
  Boolean(first.compareDocumentPosition(then) & Node.DOCUMENT_POSITION_FOLLOWING)
"""
OPERABLE = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(each => each.type !== "hidden" && each.checkVisibility())
  .map(each => each.outerHTML)
"""


class Stop(NamedTuple):
    """An element at which Tab stops. `box`, `picture`: in the window, scrolled down so far then."""

    element: ElementHandle
    html: str
    scrolled: float
    box: FloatRect
    picture: bytes

    @property
    def top(self) -> float:
        """On the page."""
        return self.scrolled + self.box["y"]


def tabs(page: Page) -> Iterator[ElementHandle]:
    """Each element that Tab leads to, until it leaves the page."""
    while True:
        page.keyboard.press("Tab")
        element = page.evaluate_handle("document.activeElement").as_element()
        if element is None or element.evaluate("each => each === document.body"):
            return
        yield element


def stops(page: Page) -> list[Stop]:
    """All of them, from the beginning of the page."""
    return [_stop(page, element) for element in tabs(page)]


def _stop(page: Page, element: ElementHandle) -> Stop:
    box: FloatRect = element.evaluate(BOX)
    html: str = element.evaluate("each => each.outerHTML")
    scrolled: float = page.evaluate("scrollY")
    return Stop(element, html, scrolled, box, _picture(page, box))


def _picture(page: Page, box: FloatRect) -> bytes:
    left, top = max(0, box["x"] - MARGIN), max(0, box["y"] - MARGIN)
    clip: FloatRect = {
        "x": left,
        "y": top,
        "width": box["width"] + 2 * MARGIN,
        "height": box["height"] + 2 * MARGIN,
    }
    return page.screenshot(clip=clip)


def out_of_reach(page: Page, found: list[Stop]) -> list[str]:
    """What a mouse can operate, and Tab does not reach."""
    reached = [stop.html for stop in found]
    return [html for html in page.evaluate(OPERABLE) if html not in reached]


def out_of_order(page: Page, found: list[Stop]) -> list[str]:
    """The stops that stand before or above the one from which Tab leads to them."""
    return [
        then.html
        for first, then in pairwise(found)
        if then.top < first.top - 1 or not page.evaluate(FOLLOWS, [first.element, then.element])
    ]


def unmarked(page: Page, found: list[Stop]) -> list[str]:
    """The stops that look the same without focus."""
    page.evaluate("document.activeElement.blur()")
    return [stop.html for stop in found if _without_focus(page, stop) == stop.picture]


def _without_focus(page: Page, stop: Stop) -> bytes:
    page.evaluate("scrolled => scrollTo(0, scrolled)", stop.scrolled)
    return _picture(page, stop.box)

"""Every page, as every reader sees it: nothing sticks out, and nothing is in anybody's way."""

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

import pytest

from tests.real.page.chromium import HEIGHT, WIDTHS, Chromium, Opened, Reader
from tests.real.page.findings import inaccessible, kept, open_all, sticking_out
from tests.real.page.served import PAGES
from tests.real.programs import Server

LANGUAGES: Final = ("en", "fr")
SCHEMES: Final = ("light", "dark")

PAINTED = """
() => new Promise(resolve => new PerformanceObserver(resolve).observe(
  {type: "paint", buffered: true}))
"""


class View(NamedTuple):
    """A page before a reader."""

    name: str
    reader: Reader

    def __str__(self) -> str:
        return f"{self.name}, {self.reader}"


def _views() -> Iterator[View]:
    """Two of each page: each language and each scheme, which are crossed on the next page.

    So there is every pair of an offer, a language and a scheme; and a third thing depends on none.
    """
    for number, name in enumerate(PAGES):
        for language, scheme in product((0, 1), repeat=2):
            if (number + language + scheme) % 2:
                width = WIDTHS[(number // 2 + 2 * language + scheme) % len(WIDTHS)]
                yield View(name, Reader(LANGUAGES[language], SCHEMES[scheme], width))


@pytest.fixture(scope="module", params=[*_views()], ids=str)
def view(request: pytest.FixtureRequest, browser: Chromium, server: Server) -> Iterator[Opened]:
    """Opened once for all that is looked for."""
    name, reader = request.param
    with browser.opened(PAGES[name].at(server.port), reader) as found:
        yield found


def test_first_paint_needs_nothing_else(view: Opened) -> None:
    """One request, no complaint of the browser, and nothing kept."""
    view.page.evaluate(PAINTED)
    assert view.requests == [view.page.url]
    assert view.complaints == []
    assert kept(view.page) == []


@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
def test_nothing_sticks_out(view: Opened, *, unfolded: bool) -> None:
    """At any width."""
    if unfolded:
        open_all(view.page)
    for width in WIDTHS:
        view.page.set_viewport_size({"width": width, "height": HEIGHT})
        assert sticking_out(view.page) == [], width


def test_axe_finds_nothing(view: Opened, request: pytest.FixtureRequest) -> None:
    """With all unfolded."""
    reader = request.node.callspec.params["view"].reader
    view.page.set_viewport_size({"width": reader.width, "height": HEIGHT})
    open_all(view.page)
    assert inaccessible(view.page) == []


def test_no_browser_asks_for_an_icon(server: Server) -> None:
    """Which it does by itself, some time after a page whose policy lets it.

    The log has `-` in place of a path that is none of the table.
    """
    assert '"GET - HTTP/1.1" 404' not in server.log.read_text()

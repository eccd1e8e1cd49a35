"""Every page, as every reader sees it: nothing sticks out, nothing is in anybody's way."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import pytest

from tests.real.page.chromium import HEIGHT, WIDTHS, Chromium, Opened, Reader
from tests.real.page.findings import inaccessible, kept, open_all, sticking_out
from tests.real.page.served import OPERATORS, SITES, UNKNOWN
from tests.real.programs import Server

LANGUAGES, SCHEMES = ("en", "fr"), ("light", "dark")


class View(NamedTuple):
    """A page before a reader. `status`: of its answer."""

    name: str
    host: str
    path: str
    reader: Reader

    def __str__(self) -> str:
        return f"{self.name}, {self.reader}"


def _of_sites() -> Iterator[View]:
    """The pages of a domain and of a person, of each site.

    Half of the combinations, in which all pairs of page, language and scheme occur for each site;
    the other half comes with the next one.
    """
    for number, (name, site) in enumerate(SITES.items()):
        pages = (("domain", "/"), ("person", f"/?emailaddress={site.quoted_address}"))
        for page, language, scheme in product((0, 1), repeat=3):
            if (number + page + language + scheme) % 2:
                width = WIDTHS[(number + 2 * page + language) % len(WIDTHS)]
                which, path = pages[page]
                reader = Reader(LANGUAGES[language], SCHEMES[scheme], width)
                yield View(f"{name}, {which}", site.host, path, reader)


def _others() -> Iterator[View]:
    pages = {
        "field": (OPERATORS, "/"),
        "no address": (OPERATORS, "/?emailaddress=alice"),
        "not served": (OPERATORS, f"/?emailaddress=alice@{UNKNOWN}"),
        "unknown": (f"autoconfig.{UNKNOWN}", "/"),
        "no URL": (OPERATORS, "/nothing"),
    }
    for (name, (host, path)), language, scheme in product(pages.items(), LANGUAGES, SCHEMES):
        width = WIDTHS[0] if scheme == SCHEMES[0] else WIDTHS[-1]
        yield View(name, host, path, Reader(language, scheme, width))


PAINTED = """
() => new Promise(resolve => new PerformanceObserver(resolve).observe(
  {type: "paint", buffered: true}))
"""

VIEWS = (*_of_sites(), *_others())


@pytest.fixture(scope="module", params=VIEWS, ids=str)
def view(request: pytest.FixtureRequest, browser: Chromium, server: Server) -> Iterator[Opened]:
    """Opened once for all that is looked for."""
    given: View = request.param
    url = f"http://{given.host}:{server.port}{given.path}"
    with browser.opened(url, given.reader) as found:
        yield found


def test_first_paint_needs_nothing_else(view: Opened) -> None:
    """One request, no complaint of the browser, and nothing kept."""
    view.page.evaluate(PAINTED)
    assert view.requests == [view.page.url]
    assert view.complaints == []
    assert kept(view.page) == []


def test_nothing_sticks_out(view: Opened) -> None:
    """At any width, folded and unfolded."""
    width = view.page.viewport_size
    assert width
    for each in ("folded", "unfolded"):
        if each == "unfolded":
            open_all(view.page)
        for pixels in WIDTHS:
            view.page.set_viewport_size({"width": pixels, "height": HEIGHT})
            assert sticking_out(view.page) == [], f"{each}, {pixels}"
    view.page.set_viewport_size(width)


def test_axe_finds_nothing(view: Opened) -> None:
    open_all(view.page)
    assert inaccessible(view.page) == []

"""By keyboard alone: everything is reached, in reading order, and is seen to have the focus."""

from itertools import cycle

import pytest
from playwright.sync_api import Page

from tests.real.page.chromium import Chromium, Reader
from tests.real.page.findings import open_all
from tests.real.page.keyboard import out_of_order, out_of_reach, stops, tabs, unmarked
from tests.real.page.served import OFFERS, PAGES, WEB_ADDRESS
from tests.real.programs import Server

READERS = (Reader("fr", "light", 320), Reader("en", "dark", 1280))
OTHER = {"en": "fr", "fr": "en"}

OPENED = """
async summary => {
  const {open, children} = summary.parentElement;
  const pictures = [...children].flatMap(each => [...each.querySelectorAll(":scope > img")]);
  await Promise.all(pictures.map(each => each.decode()));
  return open;
}
"""
"""Whether it is open; where there is a code in it, that has come and is a picture."""


@pytest.mark.parametrize("reader", READERS, ids=str)
@pytest.mark.parametrize(
    ("name", "unfolded"),
    [
        ("field", False),
        ("no address", False),
        ("generator", False),
        ("exchange-hosted-eu, person", False),
        ("exchange-hosted-eu, person", True),
        ("zimbra-pro-eu, person", True),
        ("zimbra-pro-eu, domain", True),
    ],
)
def test_tab_leads_everywhere(
    browser: Chromium, server: Server, name: str, reader: Reader, *, unfolded: bool
) -> None:
    with browser.opened(PAGES[name].at(server.port), reader) as (page, *_):
        if unfolded:
            open_all(page)
        found = stops(page)
        assert out_of_reach(page, found) == []
        assert out_of_order(page, found) == []
        assert unmarked(page, found) == []


@pytest.mark.parametrize(("name", "reader"), [*zip(OFFERS, cycle(READERS), strict=False)])
def test_person_needs_no_mouse(
    browser: Chromium, server: Server, name: str, reader: Reader
) -> None:
    """From the field to the page, into each guide and its code, and to the other language.

    Each offer before one of the readers: how Tab goes depends on the width alone.
    """
    site = OFFERS[name]
    with browser.opened(f"http://{WEB_ADDRESS}:{server.port}/", reader) as (page, *_):
        _tab_to(page, "input")
        page.keyboard.type(site.address)
        _enter(page)
        for stop in tabs(page):
            if stop.evaluate("each => each.matches('details:not([open]) > summary')"):
                page.keyboard.press("Enter")
                assert stop.evaluate(OPENED)
        _tab_to(page, "a[hreflang]")
        _enter(page)
        assert page.get_attribute("html", "lang") == OTHER[reader.language]
        assert site.address in page.inner_text("h1")


def _tab_to(page: Page, selector: str) -> None:
    """Up to the first that matches it."""
    assert any(stop.evaluate(f"each => each.matches('{selector}')") for stop in tabs(page))


def _enter(page: Page) -> None:
    """Follow the link, or send the form, that has the focus."""
    with page.expect_navigation():
        page.keyboard.press("Enter")

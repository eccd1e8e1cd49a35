"""Each fault that is looked for is found in a page that has it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.real.page.chromium import Chromium, Reader
from tests.real.page.findings import inaccessible, sticking_out
from tests.real.page.keyboard import Stop, out_of_order, out_of_reach, stops, unmarked


def at_stops(look: Callable[[Page, list[Stop]], list[str]]) -> Callable[[Page], list[str]]:
    return lambda page: look(page, stops(page))


FAULTS: dict[str, tuple[Callable[[Page], list[str]], str]] = {
    "a long word": (sticking_out, "<p>" + "long" * 500),
    "a box that scrolls": (sticking_out, "<p style='overflow: auto'>" + "long" * 500),
    "a grey text": (inaccessible, "<main><h1 style='color: #888'>Pale</h1></main>"),
    "no heading": (inaccessible, "<main><p>Nothing</p></main>"),
    "a focus that does not show": (at_stops(unmarked), "<button style='outline: 0'>Press"),
    "a link that Tab leaves out": (at_stops(out_of_reach), "<a href='/' tabindex='-1'>Away</a>"),
    "a second stop above the first": (
        at_stops(out_of_order),
        "<body style='display: grid'><a href='/' style='order: 2'>First</a><a href='/'>Second</a>",
    ),
}


@pytest.mark.parametrize(("look", "html"), FAULTS.values(), ids=FAULTS)
def test_fault_is_found(browser: Chromium, look: Callable[[Page], list[str]], html: str) -> None:
    with browser.opened("about:blank", Reader()) as (page, *_):
        page.set_content(f"<!DOCTYPE html><html lang='en'><title>x</title>{html}")
        assert look(page) != []

"""Who opens the page on a device finds the guide for it first, in the order of the document too."""

from itertools import pairwise

import pytest

from tests.real.page.chromium import Chromium, Reader
from tests.real.page.served import PAGES
from tests.real.programs import Server

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1"
PHONE = "Mobile/15E148 Safari/604.1"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
AGENTS = {
    "iPhone": (
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) {SAFARI} {PHONE}",
        "iPhone",
    ),
    "iPad that says so": (
        f"Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) {SAFARI} {PHONE}",
        "iPad",
    ),
    "iPad that asks for pages of a Mac": (
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Safari/605.1.15",
        "Mac",
    ),
    "Mac": (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {CHROME} Safari/537.36", "Mac"),
    "Android": (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "Android"),
    "Windows": (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Windows"),
    "Linux": (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36", "Thunderbird"),
}
"""What browsers send, and the word in the name of the guide that is meant."""
SUMMARIES = """
() => [...document.querySelectorAll("main > details > summary")].map(
  each => [each.innerText, each.getBoundingClientRect().top])
"""


@pytest.mark.parametrize(("agent", "word"), AGENTS.values(), ids=AGENTS)
@pytest.mark.parametrize("name", ["mx-plan-eu", "zimbra-pro-eu", "exchange-hosted-eu"])
def test_first_guide_is_for_the_device(
    browser: Chromium, server: Server, name: str, agent: str, word: str
) -> None:
    """And the eye reads them in the order in which a screen reader does.

    These offers differ in what programs do with them; the order comes from a table for all.
    """
    url = PAGES[f"{name}, person"].at(server.port)
    with browser.opened(url, Reader("fr", agent=agent)) as (page, *_):
        shown = page.evaluate(SUMMARIES)
        assert word in shown[0][0]
        assert all(above < below for (_, above), (_, below) in pairwise(shown))

"""Pictures of pages, for people to look at: `build/page/`."""

from pathlib import Path
from struct import unpack

import pytest

from tests.real.page.chromium import Chromium, Reader
from tests.real.page.findings import open_all
from tests.real.page.served import PAGES
from tests.real.programs import Server

PHONE = Reader("fr", "light", 390)
READERS = (PHONE, Reader("fr", "dark", 320), Reader("en", "light", 768), Reader("en", "dark", 1280))
SHOWN = (
    *("mx-plan-eu, person", "exchange-hosted-eu, person", "zimbra-pro-eu, person"),
    *("mx-plan-eu, domain", "guessed, domain", "long, person"),
    *("field", "not served", "unknown", "generator"),
)
"""Those that differ most to the eye."""


@pytest.mark.parametrize("reader", READERS, ids=str)
@pytest.mark.parametrize("name", SHOWN)
def test_page_is_as_wide_as_the_screen(
    browser: Chromium, server: Server, output: Path, name: str, reader: Reader
) -> None:
    """A picture of the whole of it; and on a phone, of all that can be unfolded."""
    with browser.opened(PAGES[name].at(server.port), reader) as (page, *_):
        picture = page.screenshot(path=output / f"{name}, {reader}.png", full_page=True)
        assert unpack(">I", picture[16:20]) == (reader.width,)
        if reader is PHONE:
            open_all(page)
            page.screenshot(path=output / f"{name}, {reader}, unfolded.png", full_page=True)

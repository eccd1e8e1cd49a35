"""An owner's walk through the form of the generator, and their mistakes in it."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.real.page.chromium import HEIGHT, WIDTHS, Chromium, Reader
from tests.real.page.findings import inaccessible, sticking_out
from tests.real.page.keyboard import out_of_order, out_of_reach, stops, unmarked
from tests.real.page.served import PAGES
from tests.real.programs import Server

READERS = (Reader("fr", "dark", 320), Reader("en", "light", 1280))


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_owner_mends_mistakes_and_gets_the_files(
    browser: Chromium, server: Server, reader: Reader
) -> None:
    """The page that tells the mistakes is as good as any other."""
    with browser.opened(PAGES["generator"].at(server.port), reader) as (page, _, complaints):
        page.fill("[name=domains]", f"example.com\nalice@example.org\n{'long' * 15}")
        page.select_option("[name=offer]", "email-pro")
        page.fill("[name=server]", "ssl0.ovh.net")
        page.fill("[name=site]", "not a site")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        mistakes = page.query_selector_all("[aria-invalid]")
        assert [each.get_attribute("name") for each in mistakes] == ["domains", "server", "site"]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            assert sticking_out(page) == []
        page.set_viewport_size({"width": reader.width, "height": HEIGHT})
        found = stops(page)
        assert (out_of_reach(page, found), out_of_order(page, found)) == ([], [])
        assert unmarked(page, found) == []
        assert inaccessible(page) == []
        page.fill("[name=domains]", "example.com")
        page.fill("[name=server]", "pro1")
        page.fill("[name=site]", "")
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        with ZipFile(Path(download.value.path())) as files:
            assert any("example.com" in name for name in files.namelist()), files.namelist()
        assert complaints == []

"""A person's walk from `/` to a program that is set up, in each language, for each offer.

They open the machine's own address, type theirs, and follow the page. By hand, the program is
Delta Chat core, given what the page shows; dovecot and postfix let it in. A code is read from a
picture of the screen, and a profile is downloaded: both must have what the page shows.
"""

import json
import plistlib
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import zxingcpp
from playwright.sync_api import ElementHandle

from autoconfig.offers.model import Server as Offered
from tests.real.clients.deltachat import DeltaChat
from tests.real.page.chromium import Chromium, Opened, Reader
from tests.real.page.served import OFFERS, OPERATORS, WEB_ADDRESS, Site
from tests.real.page.shown import Shown, servers
from tests.real.programs import Server
from tests.real.world.mail import MAY_ALL
from tests.support.services import SERVICES

READERS = (Reader("fr", "dark", 390), Reader("en", "dark", 1280))
"""On the dark ground of either, a code must have its light one."""
DELTA_CHAT = {"SSL": "ssl", "STARTTLS": "starttls"}
CODE = {"SSL": 3, "STARTTLS": 2}
"""The kinds of encryption, as Delta Chat and as Thunderbird's code name them."""

UNFOLD = """
element => {
  for (let each = element.closest("details"); each; each = each.parentElement.closest("details")) {
    each.open = true;
  }
}
"""


class Walk(NamedTuple):
    """A person before the page of their address. `name`: of the service."""

    name: str
    site: Site
    reader: Reader
    opened: Opened

    @property
    def incoming(self) -> Shown:
        return servers(self.opened.page, self.reader.language, "IMAP")[0]

    @property
    def outgoing(self) -> Shown:
        return servers(self.opened.page, self.reader.language, "SMTP")[0]

    def unfolded(self, selector: str) -> Iterator[ElementHandle]:
        """Each of these elements, where it can be seen."""
        for element in self.opened.page.query_selector_all(selector):
            element.evaluate(UNFOLD)
            element.scroll_into_view_if_needed()
            yield element


@pytest.fixture(
    scope="module", params=[*product(OFFERS, READERS)], ids=lambda each: f"{each[0]}, {each[1]}"
)
def walk(request: pytest.FixtureRequest, browser: Chromium, server: Server) -> Iterator[Walk]:
    """From the field for an address to the page of it."""
    name, reader = request.param
    with browser.opened(f"http://{WEB_ADDRESS}:{server.port}/", reader) as opened:
        opened.page.get_by_role("textbox").fill(OFFERS[name].address)
        with opened.page.expect_navigation():
            opened.page.keyboard.press("Enter")
        yield Walk(name, OFFERS[name], reader, opened)


def test_program_is_set_up_by_what_is_shown(walk: Walk, mail: None, deltachat: DeltaChat) -> None:
    """It shows the servers of the offer, and those let a program in with what is typed there."""
    service, incoming, outgoing = SERVICES[walk.name], walk.incoming, walk.outgoing
    assert incoming == _offered(service.of("imap")[0], walk.site)
    assert outgoing == _offered(service.of("smtp")[0], walk.site)
    deltachat.configure(
        walk.site.address,
        password=MAY_ALL.password,
        imapServer=incoming.host,
        imapPort=incoming.port,
        imapSecurity=DELTA_CHAT[incoming.socket],
        imapUser=incoming.username,
        smtpServer=outgoing.host,
        smtpPort=outgoing.port,
        smtpSecurity=DELTA_CHAT[outgoing.socket],
        smtpUser=outgoing.username,
    )


def test_profile_sets_up_the_same(walk: Walk) -> None:
    """Whatever of it is downloaded from the page."""
    found = [_downloaded(walk, link) for link in walk.unfolded("a[href*=mobileconfig]")]
    assert found
    for profile in found:
        _assert_sets_up(walk, profile)


def test_code_is_read_from_the_dark_screen(walk: Walk, browser: Chromium, server: Server) -> None:
    """That for Thunderbird has what is shown; the other leads to a profile that has it."""
    kinds = set()
    for _ in walk.unfolded("figure img"):
        text = _scanned(walk, browser)
        kinds.add(text[0])
        if text.startswith("["):
            _assert_takes(walk, json.loads(text))
        else:
            _assert_sets_up(walk, _followed(text, server))
    assert kinds == {"[", "h"}


def _offered(server: Offered, site: Site) -> Shown:
    return Shown(server.host, server.port, server.socket, site.address)


def _downloaded(walk: Walk, link: ElementHandle) -> Any:
    with walk.opened.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "email.mobileconfig"
    return plistlib.loads(Path(download.value.path()).read_bytes())


def _scanned(walk: Walk, browser: Chromium) -> str:
    """What a camera reads in what is on the screen, which is not turned to its negative."""
    for picture in walk.opened.page.query_selector_all("figure img"):
        if picture.is_visible():
            picture.evaluate("each => each.decode()")
    screen = browser.pixels(walk.opened.page.screenshot())
    (code,) = zxingcpp.read_barcodes(screen, try_invert=False)
    return code.text


def _followed(link: str, server: Server) -> Any:
    """What is behind the link of a code, which leads to the operator's host."""
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc) == ("https", OPERATORS)
    connection = HTTPConnection(WEB_ADDRESS, server.port, timeout=30)
    connection.request("GET", f"{parts.path}?{parts.query}", headers={"Host": parts.netloc})
    profile = connection.getresponse().read()
    connection.close()
    return plistlib.loads(profile)


def _assert_takes(walk: Walk, account: list[Any]) -> None:
    """Thunderbird gets what is shown: its form has lists without names."""
    _, _, (_, *incoming), (((_, *outgoing), (address, _)),) = account
    for shown, (host, port, security, _, username) in (
        (walk.incoming, incoming),
        (walk.outgoing, outgoing),
    ):
        assert (host, port, username) == (shown.host, shown.port, shown.username)
        assert security == CODE[shown.socket]
    assert address == walk.site.address


def _assert_sets_up(walk: Walk, profile: Mapping[str, Any]) -> None:
    """Of a profile, each account is that of the address, at a server of the service."""
    service = SERVICES[walk.name]
    links = {"com.apple.eas.account": service.activesync, "com.apple.ews.account": service.ews}
    for account in profile["PayloadContent"]:
        match account["PayloadType"]:
            case "com.apple.mail.managed":
                for way, shown in (("Incoming", walk.incoming), ("Outgoing", walk.outgoing)):
                    kept = f"{way}MailServer"
                    assert account[f"{kept}HostName"] == shown.host
                    assert account[f"{kept}PortNumber"] == shown.port
                    assert account[f"{kept}Username"] == shown.username
                    assert account[f"{kept}UseSSL"]
                assert account["EmailAddress"] == walk.site.address
            case "com.apple.caldav.account":
                assert account["CalDAVUsername"] == walk.site.address
            case kind:
                link = links[kind]
                assert link
                assert account["Host"] == urlsplit(link.url).hostname
                assert account["EmailAddress"] == walk.site.address

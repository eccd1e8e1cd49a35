"""Chromium, as Debian has it, and the people who read in it."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.real.programs import program

WIDTHS = (320, 390, 768, 1280)
"""Of a narrow phone, or of a computer's page at 400 %; a phone; a tablet; a computer."""
HEIGHT = 900
LOCALES = {"en": "en-GB", "fr": "fr-FR"}

GREY = """
async picture => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"),
    {width: image.width, height: image.height});
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const {data} = context.getImageData(0, 0, image.width, image.height);
  let grey = "";
  for (let at = 0; at < data.length; at += 4) {
    grey += String.fromCharCode((data[at] + data[at + 1] + data[at + 2]) / 3);
  }
  return [image.height, image.width, btoa(grey)];
}
"""


class Reader(NamedTuple):
    """A person, and what they read on. `agent`: how their browser names itself, if not as it is."""

    language: str = "en"
    scheme: Literal["light", "dark"] = "light"
    width: int = 1280
    agent: str | None = None
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.language}, {self.scheme}, {self.width}"


class Opened(NamedTuple):
    """A page. `requests`: what it has asked, by URL; `complaints`: what the browser says of it."""

    page: Page
    requests: list[str]
    complaints: list[str]


class Chromium:
    """The browser. Readers who have the same preferences have the same profile."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._blank = browser.new_page()
        self._profiles: dict[Reader, BrowserContext] = {}

    @contextmanager
    def opened(self, url: str, reader: Reader) -> Iterator[Opened]:
        """A page, until the block ends."""
        page = self._profile(reader).new_page()
        page.set_viewport_size({"width": reader.width, "height": HEIGHT})
        found = Opened(page, [], [])
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("console", lambda message: found.complaints.extend(_complaint(message, page)))
        page.on("pageerror", lambda error: found.complaints.append(error.message))
        page.goto(url)
        yield found
        page.close()

    def pixels(self, picture: bytes) -> memoryview:
        """The rows of a picture in PNG: how light each point is."""
        height, width, grey = self._blank.evaluate(GREY, b64encode(picture).decode())
        return memoryview(b64decode(grey)).cast("B", (height, width))

    def _profile(self, reader: Reader) -> BrowserContext:
        same = reader._replace(width=0)
        if same not in self._profiles:
            self._profiles[same] = self._browser.new_context(
                color_scheme=reader.scheme,
                locale=LOCALES[reader.language],
                user_agent=reader.agent,
                java_script_enabled=reader.scripts,
            )
        return self._profiles[same]


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Run it, without the sandbox that root may not have."""
    with sync_playwright() as playwright:
        path = program("chromium", "google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield Chromium(browser)
        browser.close()


def _complaint(message: ConsoleMessage, page: Page) -> Iterator[str]:
    """All but that the page itself has another status than 200."""
    of_page = message.location["url"] == page.url
    if not (of_page and message.text.startswith("Failed to load resource")):
        yield message.text

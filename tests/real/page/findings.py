"""What is wrong with a page as it stands in the browser: each function gives a list to be empty."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

OPEN_ALL = """
() => {
  for (const each of document.querySelectorAll("details")) {
    each.removeAttribute("name");  // of which only one is open at a time
    each.open = true;
  }
  return Promise.all([...document.images].map(image => {
    image.loading = "eager";
    return image.decode();
  }));
}
"""

STICKING_OUT = """
() => {
  const found = [];
  const look = (what, {left, right, width}) => {
    if (width && (left < -1 || right > innerWidth + 1)) {
      found.push(`from ${left} to ${right} of ${innerWidth}: ${what.slice(0, 100)}`);
    }
  };
  for (const each of document.body.querySelectorAll("*")) {
    look(each.outerHTML, each.getBoundingClientRect());
    const scrolls = !each.matches("input, textarea") && each.scrollWidth > each.clientWidth + 1;
    if (each.clientWidth && scrolls) {
      found.push(`${each.scrollWidth} in ${each.clientWidth}: ${each.outerHTML.slice(0, 100)}`);
    }
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    range.selectNodeContents(texts.currentNode);
    look(texts.currentNode.data.trim(), range.getBoundingClientRect());
  }
  const {scrollWidth} = document.scrollingElement;
  return scrollWidth > innerWidth ? [...found, `scrolls: ${scrollWidth} in ${innerWidth}`] : found;
}
"""

KEPT = """
async () => [
  ...Object.keys(localStorage),
  ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map(each => each.name),
]
"""

AXE = """
async left_out => {
  const rules = Object.fromEntries(axe.getRules().map(({ruleId, tags}) =>
    [ruleId, {enabled: !tags.includes("deprecated") && !left_out.includes(ruleId)}]));
  const {violations, incomplete} = await axe.run({rules});
  return [...violations, ...incomplete].flatMap(({id, nodes}) => nodes.map(
    ({target, html, failureSummary, any}) =>
      `${id}: ${target}: ${html.slice(0, 100)}: ${failureSummary || any.map(each => each.message)}`
  ));
}
"""
"""Every rule, also those of good practice, of level AAA and on trial. Where axe cannot decide, that
is a finding.
"""
LEFT_OUT = (
    "p-as-heading",  # on trial: it takes a button of its own paragraph, in bold type, for a heading
)


def open_all(page: Page) -> None:
    """Open whatever is folded, and wait for its pictures."""
    page.evaluate(OPEN_ALL)


def sticking_out(page: Page) -> list[str]:
    """What is wider than the window, or than the box that it is in."""
    found: list[str] = page.evaluate(STICKING_OUT)
    return found


def kept(page: Page) -> list[str]:
    """What the page has left behind in the browser."""
    cookies = [str(cookie) for cookie in page.context.cookies()]
    return [*cookies, *page.evaluate(KEPT)]


def inaccessible(page: Page) -> list[str]:
    """What axe finds."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE, LEFT_OUT)
    return found

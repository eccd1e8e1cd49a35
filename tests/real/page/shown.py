"""What a page shows to a person, read from what is visible of it."""

from typing import NamedTuple

from playwright.sync_api import Page

BOXES = """
() => {
  const boxes = [];
  let heading = "";
  for (const each of document.querySelectorAll("h1, h2, h3, dl")) {
    if (each.tagName !== "DL") {
      heading = each.innerText;
    } else if (each.checkVisibility()) {
      const labels = [...each.querySelectorAll("dt")];
      const rows = labels.map(label => [label.innerText, label.nextElementSibling.innerText]);
      boxes.push([heading, Object.fromEntries(rows)]);
    }
  }
  return boxes;
}
"""
LABELS = {
    "en": ("Server", "Port", "Security", "User name"),
    "fr": ("Serveur", "Port", "Sécurité", "Utilisateur"),
}
SOCKETS = {"SSL/TLS": "SSL", "STARTTLS": "STARTTLS"}
"""In the words of the offers, by those of the page."""


class Shown(NamedTuple):
    """A server, as its box shows it."""

    host: str
    port: int
    socket: str
    username: str


def servers(page: Page, language: str, protocol: str) -> list[Shown]:
    """Those of a protocol, which the heading above a box names, in their order.

    A second box below a heading says what differs.
    """
    found: list[Shown] = []
    same: dict[str, str] = {}
    for heading, values in page.evaluate(BOXES):
        if protocol in heading:
            same |= values
            found.append(_read([same[label] for label in LABELS[language]]))
    return found


def _read(values: list[str]) -> Shown:
    host, port, security, username = values
    return Shown(host, int(port), SOCKETS[security], username)

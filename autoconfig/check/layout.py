"""Lines on a screen: marks, colours, and words that break at its width."""

import re
import textwrap
import unicodedata
from dataclasses import dataclass

UNBROKEN = re.compile(" (?=[:;]( |$)|»)|(?<=«) ")
"""Spaces of French, at which no line breaks."""
INDENT = "  "
LEAST_WIDTH = 40
"""Columns. What is narrower breaks its lines itself."""

RIGHT, WRONG, OPEN, ASIDE = "✓", "✗", "?", "-"
"""Right; wrong; not decided; not judged. They say all that a colour says."""
IN_ASCII = str.maketrans({RIGHT: "+", WRONG: "x", "…": "..."})
COLOURS = {RIGHT: "32", WRONG: "31", OPEN: "33", ASIDE: "2"}
BOLD = "1"
"""Codes of SGR, ECMA-48 section 8.3.117: green, red, yellow, faint; bold."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The form of lines. `width`: columns. `colour`: whether the terminal takes it."""

    width: int
    colour: bool

    def wrapped(self, text: str, margin: str = "", first: str | None = None) -> str:
        """Lines behind a margin; `first`: the beginning of the first one. Long words stay whole.

        None begins with a mark that French has a space before.
        """
        return textwrap.fill(
            UNBROKEN.sub("\N{NO-BREAK SPACE}", text),
            max(self.width, LEAST_WIDTH),
            initial_indent=margin if first is None else first,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def marked(self, mark: str, text: str, margin: str = INDENT, indent: str = "") -> str:
        """A text behind its mark. A colour has no width, so it comes last."""
        lines = self.wrapped(text, f"{indent}{margin}", f"{indent}{mark} ")
        return lines.replace(mark, self._painted(mark, COLOURS[mark]), 1)

    def bold(self, text: str) -> str:
        """A heading."""
        return self._painted(self.wrapped(text), BOLD)

    def _painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def writable(text: str, encoding: str) -> str:
    """The text, or where an encoding lacks its characters, the nearest that is in ASCII."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        decomposed = unicodedata.normalize("NFKD", text.translate(IN_ASCII))
        return decomposed.encode("ascii", "ignore").decode()
    return text

"""Kinds of text: the forms of documents and errors, and the escaping of a value in each."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from markupsafe import escape


def _inside_json_string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


@dataclass(frozen=True, slots=True, eq=False)
class TextKind:
    """A kind of text.

    `name`: also what the program for web space calls it. `media_type`: the `Content-Type`.
    `suffix`: the ending of a file. `escape`: makes a value into text of this kind; for JSON, into
    what stands between the quotes of a string. `markup`: whether Jinja's own escaping does it.
    `headers`: what every answer of this kind is sent with.
    """

    name: str
    media_type: str
    suffix: str
    escape: Callable[[str], str]
    markup: bool = False
    headers: tuple[tuple[str, str], ...] = ()


XML = TextKind("XML", "text/xml; charset=utf-8", ".xml", escape, markup=True)
"""Thunderbird compares the media type to the letter, and parses nothing else."""
PROFILE = replace(XML, media_type="application/x-apple-aspen-config", suffix=".mobileconfig")
"""An Apple configuration profile, signed or not: a device installs nothing else."""

STYLE = "sha256-tAysL48GIWDGniJxRsyO4tm5Q5i61fERCuVV/394QmE="
"""The digest of `templates/page.css`, which every page has in it: no other style is applied (CSP,
level 3). Where the style has changed, `tests/answers/test_page.py` says the new one.
"""

LONG_FORM_STYLE = "sha256-NYm7XweQxdCsgIqq+z+NsCp+RBVij1Ibfdzf302gbnA="
"""That of `templates/generator.css`, for the one page whose form has many fields."""


def _page_with(policy: str, *styles: str) -> TextKind:
    """Pages have their style in them; no script, no frame. `policy`: what else they may do.

    `styles`: the digests of further styles. A page of a person has the address in its URL, which no
    site that it leads to shall read.
    """
    sources = " ".join(f"'{each}'" for each in (STYLE, *styles))
    allowed = ("default-src 'none'", f"style-src {sources}", policy, "base-uri 'none'")
    headers = (
        ("Content-Security-Policy", "; ".join((*allowed, "frame-ancestors 'none'"))),
        ("Referrer-Policy", "no-referrer"),
    )
    return TextKind(
        "HTML", "text/html; charset=utf-8", ".html", escape, markup=True, headers=headers
    )


HTML = _page_with("form-action 'none'")
CODES = _page_with("form-action 'none'; img-src 'self' data:")
"""A page with QR codes, which this server alone draws."""
FORM = _page_with("form-action 'self'")
"""A page with a form, which leads to this server alone."""
LONG_FORM = _page_with("form-action 'self'", LONG_FORM_STYLE)
"""The same, where the form has many fields."""
JSON = TextKind("JSON", "application/json", ".json", _inside_json_string)
SCANNED = replace(JSON, name="SCANNED")
"""JSON that is drawn as a QR code, for which the program for web space has no encoder."""
TEXT = TextKind("TEXT", "text/plain; charset=utf-8", ".txt", str)

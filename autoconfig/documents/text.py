"""Kinds of text: the forms of documents and errors, and the escaping of a value in each."""

import json
from collections.abc import Callable
from dataclasses import dataclass

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
HTML = TextKind(
    "HTML",
    "text/html; charset=utf-8",
    ".html",
    escape,
    markup=True,
    headers=(("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),),
)
"""Pages have their style in them and nothing else; no script, no frame, no form."""
JSON = TextKind("JSON", "application/json", ".json", _inside_json_string)
TEXT = TextKind("TEXT", "text/plain; charset=utf-8", ".txt", str)

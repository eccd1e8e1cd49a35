"""PHP literals read as PHP reads them, for what `export.php` writes."""

import re
from typing import Any


def read_literal(text: str) -> Any:
    """The value of a literal. An array is a dictionary, as in PHP; a number stays text."""
    value, rest = _read(text)
    assert rest == ""
    return value


def read_data(text: str) -> dict[str, Any]:
    """The value that a data file returns."""
    found = re.fullmatch(r"<\?php\n// [^\n]*\nreturn (.*);\n", text, flags=re.DOTALL)
    assert found is not None
    tables: dict[str, Any] = read_literal(found[1])
    return tables


def _read(text: str) -> tuple[Any, str]:
    if text.startswith("'"):
        found = re.match(r"'((?:[^'\\]|\\.)*)'", text, flags=re.DOTALL)
        assert found is not None
        return re.sub(r"\\([\\'])", r"\1", found[1]), text[found.end() :]
    if not text.startswith("["):
        found = re.match(r"true|false|null|-?\d+", text)
        assert found is not None
        words: dict[str, Any] = {"true": True, "false": False, "null": None}
        return words.get(found[0], found[0]), text[found.end() :]
    pairs: list[tuple[Any, Any]] = []
    text = text[1:].lstrip()
    while not text.startswith("]"):
        key, text = _read(text)
        if text.startswith(" => "):
            value, text = _read(text[4:])
            pairs.append((key, value))
        else:
            pairs.append((len(pairs), key))
        assert text.startswith(",")
        text = text[1:].lstrip()
    return dict(pairs), text[1:]

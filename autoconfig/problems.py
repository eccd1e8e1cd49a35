"""Mistakes of an operator: in a configuration, a file of offers, the arguments of a command.

A command ends with an exit code for each kind, and says every mistake at once: where it is, what
was found, and what to write instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class AutoconfigError(Exception):
    """Base of everything raised on purpose. Its text is a sentence that says what to do."""


class InvalidName(AutoconfigError):
    """A text is no domain name or e-mail address."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake (or one doubt) in a file that the operator wrote.

    `where` leads to it (file, then line or table and key); `message` says what was found and what
    to write instead.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return printable(f"{self.where}: {self.message}")

    def within(self, place: str) -> "Problem":
        """The same problem with `place` put in front of its location."""
        return Problem(f"{place}: {self.where}" if self.where else place, self.message)


def printable(text: str) -> str:
    """One line without control characters, whatever a file holds."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(value: object, longest: int = 80) -> str:
    """A value as TOML writes it, cut to a length that fits into a message."""
    if isinstance(value, str):
        text = printable(value)
        return f'"{text}"' if len(text) <= longest else f'"{text[:longest]}…"'
    text = printable(_toml(value))
    return text if len(text) <= longest else f"{text[:longest]}…"


def _toml(value: object) -> str:
    match value:
        case str():
            return f'"{value}"'
        case bool():
            return str(value).lower()
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            pairs = ", ".join(f"{key} = {_toml(each)}" for key, each in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
    return str(value)


class ConfigurationError(AutoconfigError):
    """The configuration, the offers or the command's arguments are wrong. Exit code 2.

    `problems` holds every mistake found, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

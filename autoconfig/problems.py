"""Mistakes of an operator: in a configuration, a file of offers, the arguments of a command.

A command ends with an exit code for each kind, and says every mistake at once: where it is, what
was found, and what to write instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

MOST_SAID = 1000
"""Mistakes that are said at once. A file that is none of ours may have millions; whatever looks for
mistakes may stop after so many.
"""


class AutoconfigError(Exception):
    """Base of everything raised on purpose. Its text is a sentence that says what to do.

    `exit_code`: with which a command ends; 1 is a negative answer, 2 a mistake of its caller.
    """

    exit_code: ClassVar[int] = 1


class InvalidName(AutoconfigError):
    """A text is no domain name or e-mail address. `meant`: the name that it may hold, if any."""

    exit_code = 2

    def __init__(self, message: str, meant: str = "") -> None:
        self.meant = meant
        super().__init__(message)


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
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


LONGEST_SHOWN = 80
"""Characters of a key or a value that a message shows."""


def shortened(text: str) -> str:
    """A text, cut to a length that fits into a message."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def quoted(value: object) -> str:
    """A value as TOML writes it, cut to a length that fits into a message."""
    if isinstance(value, str):
        return f'"{shortened(printable(value[: LONGEST_SHOWN + 1]))}"'
    return shortened(printable(_toml(value)))


def _toml(value: object) -> str:
    """The value as TOML; of what is longer, enough to be cut."""
    match value:
        case str():
            return f'"{value[: LONGEST_SHOWN + 1]}"'
        case bool():
            return str(value).lower()
        case int():
            return str(value) if value.bit_length() <= 4 * LONGEST_SHOWN else hex(value)
        case list() | tuple():
            return f"[{', '.join(_toml(each) for each in value[: LONGEST_SHOWN + 1])}]"
        case dict():
            few = islice(value.items(), LONGEST_SHOWN + 1)
            pairs = ", ".join(f"{key[:LONGEST_SHOWN]} = {_toml(each)}" for key, each in few)
            return f"{{ {pairs} }}" if pairs else "{}"
    return str(value)


class ConfigurationError(AutoconfigError):
    """The configuration, the offers or the command's arguments are wrong. Exit code 2.

    `problems` holds every mistake found, in the order of the file; the text has `MOST_SAID`.
    """

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        said = [str(problem) for problem in self.problems[:MOST_SAID]]
        if len(self.problems) > MOST_SAID:
            said.append("there are more mistakes: mend these first")
        super().__init__("\n".join(said))

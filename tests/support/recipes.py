"""The files of `deploy/`, and the commands that each one opens with."""

import re
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
EXAMPLE = DEPLOY / "autoconfig.example.toml"
"""The configuration that `make run` serves; it has every offer."""


def steps(path: Path) -> list[str]:
    """The commands of the opening comment, which a reader copies: its indented lines."""
    opening = re.match(r"(#.*\n)+", path.read_text())
    assert opening, f"{path.name} does not open with a comment"
    joined = opening[0].replace("\\\n#", "")
    return [" ".join(line.split()) for line in re.findall(r"^#   (.*)$", joined, re.MULTILINE)]

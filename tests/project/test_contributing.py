"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the checkout.

A `diff` block names a file, and has the lines that stand there already, those to take away and
those to add. Everything is checked afterwards that a stranger would be told to run.
"""

import re
from pathlib import Path

import pytest

from tests.support.copied import Copy
from tests.support.documents import BLOCKS, Block, read

RECIPES = [
    heading
    for heading in re.findall(r"^## (.*)$", read("CONTRIBUTING.md"), re.MULTILINE)
    if re.match(r"(Add|Change) ", heading)
]
DIFFS = [block for block in BLOCKS if block.language == "diff"]
AT_THE_END = "@@ at the end\n"


class Hunk:
    """What stands in a file before and after a change."""

    def __init__(self, text: str) -> None:
        self.end = text.startswith(AT_THE_END)
        lines = text.removeprefix(AT_THE_END).removeprefix("@@\n").splitlines(keepends=True)
        self.before = "".join(line[1:] for line in lines if line[0] in " -")
        self.after = "".join(line[1:] for line in lines if line[0] in " +")

    def applied(self, text: str) -> str:
        if self.end:
            return text + self.after
        assert text.count(self.before) == 1, self.before
        return text.replace(self.before, self.after)


def apply(block: Block, folder: Path) -> None:
    """Change the file that a `diff` block names, or write it."""
    first, _, rest = block.text.partition("\n")
    sign, name = first.split(" ")
    path = folder / name
    assert path.exists() == (sign == "---")
    text = path.read_text() if path.exists() else ""
    for hunk in re.split(r"^(?=@@)", rest, flags=re.MULTILINE):
        if hunk:
            text = Hunk(hunk).applied(text)
    path.write_text(text)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy.of_the_checkout(tmp_path_factory.mktemp("copy") / "checkout")


def test_there_is_a_recipe_for_each_usual_change() -> None:
    assert RECIPES == [
        "Change a fact",
        "Add an offer",
        "Add a format",
        "Add a URL",
        "Add a client",
    ]


@pytest.mark.parametrize("recipe", RECIPES)
def test_recipe_has_ten_steps_at_the_most(recipe: str) -> None:
    text = read("CONTRIBUTING.md").split(f"\n## {recipe}\n")[1].split("\n## ")[0]
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert numbers == [*range(1, len(numbers) + 1)]
    assert 5 <= len(numbers) <= 10


def test_recipes_lead_to_a_green_checkout(copy: Copy) -> None:
    """All of them, one upon the other: a port is changed, and an offer, a JSON format, a URL and a
    client are added. Nothing else is touched, and the golden files are written by `make golden`.
    """
    facts = "autoconfig/offers/offers.toml"
    text = (copy.folder / facts).read_text()
    copy.write(facts, re.sub(r"(?<=port = )(\d+)", r"1\1", text, count=1))
    for block in DIFFS:
        apply(block, copy.folder)
    shown = re.findall(r"`autoconfig ((?:show|offers)[^`]*)`", read("CONTRIBUTING.md"))
    assert len(shown) >= 2
    for command in shown:
        assert copy.autoconfig(*command.split())
    copy.make("golden")
    copy.make("test")
    copies = [f"--ignore=tests/project/test_{name}.py" for name in ("contributing", "facts_once")]
    copy.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/project", *copies)
    copy.run(".venv/bin/ruff", "check", ".")
    copy.run(".venv/bin/ruff", "format", "--check", ".")
    copy.run(".venv/bin/mypy", "autoconfig", "tests/answers")

"""What commands print, as documents show it, and the examples that `make golden` writes anew."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.checked import checked
from tests.support.documents import BLOCKS, ROOT, examples

ASKED = re.compile(r"127\.0\.0\.1:\d+(.*), \d{4}-\d\d-\d\d(?: ([\d:]+) UTC)?")
"""The name server that was asked, and when."""
UNREACHED = re.compile(r"No answer from (.*): what they have may differ")
"""The name servers of the zones: here they cannot be reached, as a reader's can."""
STAMP = re.compile(r"\d{8}T\d{6}(\.\d{6})?")
"""The time in the name of a journal or a copy, of which the former is exact."""
RENEWED = ("docs/check.md", "docs/fr/verifier.md")
"""Documents whose examples show facts of the offers, as golden files do."""
CHECK = "autoconfig check "


def as_written(line: str) -> str:
    """What a reader saw, by the system's name server, when the documents were written."""
    line = ASKED.sub(_in_the_morning, UNREACHED.sub(r"Asked \1 too", line))
    return STAMP.sub(lambda found: f"20261126T093000{'.000000' if found[1] else ''}", line)


def write() -> None:
    """Write the examples of `autoconfig check` anew."""
    with tempfile.TemporaryDirectory() as folder, checked(Path(folder)) as world:
        trust = os.environ | {"SSL_CERT_FILE": str(world.authority)}
        for block in (each for each in BLOCKS if each.document in RENEWED):
            for example in examples(block) if block.language == "console" else ():
                if example.command.startswith(CHECK):
                    program = str(Path(sys.executable).with_name("autoconfig"))
                    command = [program, *example.command.split()[1:], *world.options.split()]
                    run = subprocess.run(
                        command,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT,
                        text=True,
                        env=trust,
                        check=False,
                    )
                    lines = "".join(f"{as_written(each)}\n" for each in run.stdout.splitlines())
                    _replace(ROOT / block.document, example.output, lines)


def _replace(document: Path, shown: str, printed: str) -> None:
    text = document.read_text()
    assert text.count(shown) == 1, "an example is not found"
    document.write_text(text.replace(shown, printed))


def _in_the_morning(asked: re.Match[str]) -> str:
    about, time = asked.groups()
    return f"127.0.0.53{about}, 2026-11-26{' 09:30:00 UTC' if time else ''}"

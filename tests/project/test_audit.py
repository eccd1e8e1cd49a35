"""What `make audit` makes of each thing that `pip-audit` may say."""

import json
import sys
from pathlib import Path

import pytest

from tests.audit import judged, main

GOOD = {"name": "flask", "version": "3.1.3", "vulns": []}
WEAK = {
    "name": "lxml",
    "version": "6.0.0",
    "vulns": [{"id": "PYSEC-0-1", "fix_versions": ["6.0.1"], "aliases": [], "description": ""}],
}
UNKNOWN = {"name": "granian", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "words", "is_well"),
    [
        ([GOOD], "no weakness is known of 1 packages", True),
        ([GOOD, WEAK], "lxml 6.0.0: PYSEC-0-1, mended in ['6.0.1']", False),
        ([UNKNOWN, WEAK], "lxml 6.0.0: PYSEC-0-1", False),
        ([GOOD, UNKNOWN], "does not know granian", False),
        ([UNKNOWN], "NOT ASKED", True),
    ],
    ids=["good", "weak", "weak and unknown", "partly unknown", "mirror without a database"],
)
def test_only_a_whole_answer_without_a_weakness_is_good(
    packages: list[object], words: str, *, is_well: bool
) -> None:
    said, well = judged(json.dumps({"dependencies": packages, "fixes": []}), "")
    assert words in said
    assert well is is_well


@pytest.mark.parametrize(
    ("messages", "is_well"),
    [
        ("requests.exceptions.ConnectionError: Failed to resolve", True),
        ("requests.exceptions.ProxyError: Unable to connect", True),
        ("ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed", True),
        ("requests.exceptions.HTTPError: 503 Server Error: unavailable", True),
        ("ERROR:pip_audit._cli:requirements.lock is not hashed", False),
        ("", False),
    ],
)
def test_only_a_database_out_of_reach_excuses_from_an_answer(
    messages: str, *, is_well: bool
) -> None:
    assert judged("", messages)[1] is is_well


@pytest.mark.parametrize(("package", "code"), [(GOOD, 0), (WEAK, 1)], ids=["good", "weak"])
def test_weakness_is_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: object, code: int
) -> None:
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\nprintf '%s' '{json.dumps({'dependencies': [package]})}'\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code

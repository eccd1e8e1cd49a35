"""The tests, held: what they share is in `tests/support`, and each module of them stands alone."""

from pathlib import Path

import pytest

from tests.support.imports import imported

ROOT = Path(__file__).parents[2]
MODULES = [path for folder in ("benchmarks", "tests") for path in ROOT.glob(f"{folder}/**/*.py")]


def modules_of_tests(source: str) -> set[str]:
    """The modules of tests and of fixtures that Python text imports, or imports from."""
    parts = {part for name in imported(source) for part in name.split(".")}
    return {part for part in parts if part.startswith("test_") or part == "conftest"}


@pytest.mark.parametrize(
    "source",
    [
        "from tests.answers.test_endpoints import host",
        "from tests.answers import test_endpoints",
        "from .test_endpoints import host",
        "def inside():\n    import tests.answers.test_endpoints as endpoints",
    ],
)
def test_module_of_tests_is_seen_however_it_is_imported(source: str) -> None:
    assert modules_of_tests(source) == {"test_endpoints"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_imports_one_of_tests_or_fixtures(path: Path) -> None:
    assert modules_of_tests(path.read_text()) == set()

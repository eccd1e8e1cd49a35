"""The architecture, held: who may import whom, and where each outside library lives."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autoconfig

PACKAGE = Path(autoconfig.__file__).parent
MODULES = re.findall(r"^- `(\w+)`", autoconfig.__doc__ or "", flags=re.MULTILINE)
"""The modules from the bottom up, as the package's docstring lists them."""

HOMES = {
    "jinja2": {"render"},
    "flask": {"web"},
    "werkzeug": {"web"},
    "granian": {"serve"},
    "lxml": {"autodiscover"},
    "click": {"cli"},
    "idna": {"names"},
    "tomllib": {"schema"},
    "msgspec": {"schema", "offers", "conflicts", "catalogue", "config", "listing"},
}


def imports(module: str) -> set[str]:
    """The dotted names that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_list_of_modules_is_complete() -> None:
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert sorted(MODULES) == sorted(files)


@pytest.mark.parametrize("module", MODULES)
def test_module_imports_only_what_lies_below_it(module: str) -> None:
    ours = {name.split(".")[1] for name in imports(module) if name.startswith("autoconfig.")}
    assert ours <= set(MODULES[: MODULES.index(module)])


@pytest.mark.parametrize("library", HOMES)
def test_outside_library_has_one_home(library: str) -> None:
    users = {m for m in MODULES if any(name.split(".")[0] == library for name in imports(m))}
    assert users == HOMES[library]


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "autoconfig", "example.com", "--offer", "mx-plan"],
        ["offers"],
        ["validate", "--config", "deploy/autoconfig.example.toml"],
    ],
    ids=lambda arguments: str(arguments[0]),
)
def test_command_without_web_server_imports_neither_flask_nor_lxml(arguments: list[str]) -> None:
    program = (
        "import sys; from autoconfig.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "print({'flask', 'lxml', 'granian'} & set(sys.modules), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr.splitlines()[-1] == "set()"

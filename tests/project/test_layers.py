"""The architecture, held: which room may know which, and where each outside library lives."""

import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import autoconfig
from autoconfig.cli.group import COMMANDS
from tests.support.documents import table
from tests.support.imports import imported

PACKAGE = Path(autoconfig.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
}

MAY_KNOW = {
    "problems": set(),
    "names": {"problems"},
    "errors": {"problems"},
    "typed_toml": {"problems"},
    "offers": {"problems", "names", "typed_toml"},
    "programs": {"problems", "typed_toml", "offers"},
    "guides": {"problems", "typed_toml", "offers", "programs"},
    "sign": {"problems"},
    "documents": {"problems", "names", "errors", "typed_toml", "offers", "guides"},
    "config": {"problems", "names", "typed_toml", "offers", "sign"},
    "detect": {"problems", "names", "errors", "offers", "config"},
    "zone": {"problems", "names", "errors", "offers", "config", "detect"},
    "account": {"problems", "names", "typed_toml", "offers", "config", "zone"},
    "check": {
        *("problems", "names", "errors", "offers", "config", "detect", "zone", "programs"),
    },
    "answers": {"problems", "names", "errors", "offers", "sign", "documents", "config", "detect"},
    "wsgi": {"names", "errors", "offers", "documents", "config", "detect", "answers"},
    "export": {
        *("problems", "names", "errors", "typed_toml", "offers", "documents", "config"),
        "answers",
    },
    "generator": {
        *("problems", "names", "errors", "offers", "documents", "config", "detect", "zone"),
        *("answers", "wsgi", "export"),
    },
    "web": {"documents", "config", "detect", "answers", "wsgi", "generator"},
    "serve": {"problems", "errors", "documents", "config", "detect", "answers", "wsgi", "web"},
    "cli": {
        *("problems", "names", "errors", "typed_toml", "offers", "documents", "config", "detect"),
        *("zone", "account", "programs", "check", "export", "serve"),
    },
}
"""Each room of `autoconfig/`, from the ground up, and the rooms that it may import from."""

HOMES = {
    "jinja2": {"documents.render"},
    "markupsafe": {"documents.text", "documents.render"},
    "flask": {"web", "generator.view"},
    "segno": {"answers.codes"},
    "werkzeug": {"web", "wsgi.exchange", "generator.view"},
    "granian": {"serve.server", "serve.workers"},
    "lxml": {"answers.pox_request", "check.xml"},
    "click": {
        "cli.group",
        "cli.output",
        "cli.options",
        "cli.serve",
        "cli.show",
        "cli.export",
        "cli.offers",
        "cli.validate",
        "cli.names",
        "cli.detect",
        "cli.dns",
        "cli.check",
        "cli.import_",
        "cli.dns_apply",
    },
    "dns": {
        *("detect.lookup", "detect.question", "zone.live", "zone.presentation", "zone.servers"),
        "check.names",
    },
    "cryptography": {"sign.identity", "sign.reading"},
    "h11": {"check.http"},
    "ovh": {"account.credentials", "account.client"},
    "requests": {"account.client"},
    "oauthlib": {"account.client"},
    "idna": {"names"},
    "tomllib": {"typed_toml"},
    "msgspec": {
        "typed_toml",
        "offers.values",
        "offers.hosting",
        "offers.model",
        "offers.consistency",
        "offers.catalogue",
        "offers.listing",
        "detect.detector",
        "config.settings",
        "config.services",
        "config.written",
        "account.shapes",
        "account.report",
        "account.merge",
        "export.ispdb",
        "export.manifest",
        "zone.subject",
        "account.journal",
        "account.zones",
        "documents.words",
        "programs.load",
        "programs.model",
        "guides.load",
        "guides.model",
    },
}

FOR_FEW = {
    *("flask", "granian", "dns", "asyncio", "ovh", "requests", "h11", "segno", "cryptography"),
}
"""Libraries that few commands need, and that take their time to load."""


def imports(module: str) -> set[str]:
    return imported(MODULES[module].read_text())


def ours(module: str) -> set[str]:
    """What a module imports of the package, without the package's name."""
    return {
        name.removeprefix("autoconfig.")
        for name in imports(module)
        if name.startswith("autoconfig.")
    }


def room(module: str) -> str:
    return module.partition(".")[0]


def test_the_list_of_rooms_is_complete() -> None:
    listed = re.findall(r"^- `(\w+)`", autoconfig.__doc__ or "", flags=re.MULTILINE)
    assert listed == list(MAY_KNOW)
    assert set(MAY_KNOW) == set(map(room, MODULES))


def test_architecture_shows_the_rooms_and_what_they_may_know() -> None:
    said = dict(re.findall(r"^- `(\w+)` +(.*)$", autoconfig.__doc__ or "", flags=re.MULTILINE))
    assert table("docs/architecture.md", "## The rooms") == [
        [f"`{room}`", said[room], ", ".join(each for each in MAY_KNOW if each in known)]
        for room, known in MAY_KNOW.items()
    ]


def test_a_room_knows_only_those_below_it() -> None:
    rooms = list(MAY_KNOW)
    for number, known in enumerate(MAY_KNOW.values()):
        assert known <= set(rooms[:number])


@pytest.mark.parametrize("module", MODULES)
def test_module_imports_only_from_rooms_that_its_own_may_know(module: str) -> None:
    assert set(map(room, ours(module))) <= {*MAY_KNOW[room(module)], room(module)}


@pytest.mark.parametrize("within", MAY_KNOW)
def test_modules_of_a_room_form_no_circle(within: str) -> None:
    graph = {
        module: {
            each
            for each in MODULES
            if each != module
            and room(each) == within
            and any(f"{name}.".startswith(f"{each}.") for name in ours(module))
        }
        for module in MODULES
        if room(module) == within
    }
    assert set(TopologicalSorter(graph).static_order()) == set(graph)


@pytest.mark.parametrize("library", HOMES)
def test_outside_library_has_its_homes(library: str) -> None:
    users = {m for m in MODULES if any(name.split(".")[0] == library for name in imports(m))}
    assert users == HOMES[library]


def loaded_by(arguments: list[str]) -> set[str]:
    """The modules that are loaded when the command has ended."""
    program = (
        "import sys; from autoconfig.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return {*run.stderr.splitlines()[-1].split()}


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "autoconfig", "example.com", "--offer", "mx-plan"],
        ["offers"],
        ["validate", "--config", "deploy/autoconfig.example.toml"],
        ["names", "--config", "deploy/autoconfig.example.toml"],
        ["detect", "--help"],
        ["dns", "--help"],
        ["check", "--help"],
    ],
    ids=lambda arguments: str(arguments[0]),
)
def test_command_imports_no_library_that_it_does_not_need(arguments: list[str]) -> None:
    assert not {*FOR_FEW, "lxml"} & loaded_by(arguments)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_needs_neither_dns_nor_flask(command: str) -> None:
    assert not FOR_FEW & loaded_by([*command.split(), "--help"])


def test_server_that_detects_nothing_imports_no_library_for_dns() -> None:
    program = (
        "import sys; from pathlib import Path; import autoconfig.serve.application\n"
        "autoconfig.serve.application.create_app(Path('deploy/autoconfig.example.toml'))\n"
        "print({'dns', 'asyncio', 'ovh', 'requests'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"

"""The README: its commands are run and must print what it shows; its tables are the code's."""

import inspect
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
import pytest

from autoconfig import serve
from autoconfig.answers import pox_request as autodiscover
from autoconfig.answers.endpoints import ENDPOINTS
from autoconfig.cli import main
from autoconfig.cli.show import SHOWN_FORMATS
from autoconfig.config.services import ServiceTable
from autoconfig.config.settings import Settings
from autoconfig.export.files import TARGETS
from autoconfig.offers.catalogue import load_catalogue
from tests.support.recipes import DEPLOY, steps
from tests.support.running import free_port

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```console\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A command of the README and what it is said to print."""

    command: str
    output: str


EXAMPLES = [
    Example(command, output)
    for block in BLOCKS
    for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, flags=re.MULTILINE)
]
SERVED = [example for example in EXAMPLES if example.command.startswith("curl ")]
MAKE = {"make run", "make test"}
CLIENTS = ROOT / "tests/real/clients"
RECIPES = (
    *("autoconfig.service", "Caddyfile", "nginx.conf", "apache.conf"),
    *("compose.yaml", "kubernetes.yaml"),
)
HERE = [e for e in EXAMPLES if e not in SERVED and e.command not in MAKE]


def section(heading: str) -> str:
    """What stands below a heading."""
    return README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    lines = [line for line in section(heading).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


@pytest.fixture(scope="module")
def served() -> Iterator[int]:
    """`make run`, on a port that is free."""
    port = free_port()
    expected = next(e.output for e in EXAMPLES if e.command == "make run")
    # `--old-file`: the environment that runs this test is not to be made anew under it.
    command = ["make", "--silent", "--old-file=.venv/.ready", "run", f"PORT={port}"]
    run = subprocess.Popen(
        command,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "MAKEFLAGS": ""},
    )
    assert run.stderr is not None
    try:
        assert run.stderr.readline() == expected.replace("8000", str(port))
        yield port
    finally:
        run.terminate()
        run.wait(timeout=30)
        run.stderr.close()


@pytest.mark.parametrize("example", SERVED, ids=lambda e: str(e.command))
def test_request_in_the_readme_gets_the_answer_it_shows(served: int, example: Example) -> None:
    """By urllib: curl is not among what the README asks for."""
    request, _, rest = example.command.partition(" | ")
    url = shlex.split(request)[-1].replace("8000", str(served))
    for attempt in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # loopback http
                lines = answer.read().decode().splitlines(keepends=True)
            break
        except urllib.error.URLError:
            assert attempt < 99, "the server did not come up"
            time.sleep(0.1)
    shown = re.fullmatch(r"head -n (\d+)", rest)
    assert shown is not None
    assert "".join(lines[: int(shown[1])]) == example.output


def test_command_in_the_readme_prints_what_it_shows(tmp_path: Path) -> None:
    """All in one shell, as a reader types them, in a folder of its own."""
    (tmp_path / "deploy").symlink_to(ROOT / "deploy")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    bin_folder = Path(sys.executable).parent
    (tmp_path / ".venv/bin/activate").write_text(f'PATH="{bin_folder}:$PATH"\n')
    for example in HERE:
        run = subprocess.run(
            ["/bin/sh", "-c", f". .venv/bin/activate\n{example.command}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        said = [line for line in run.stderr.splitlines() if line != "Writing"]
        assert run.stdout.splitlines() + said == example.output.splitlines(), example.command


def test_readme_has_the_examples_that_a_newcomer_needs() -> None:
    commands = {example.command for example in EXAMPLES}
    assert commands >= MAKE
    assert len(SERVED) >= 1
    assert len(HERE) >= 5


@pytest.mark.parametrize("target", sorted(MAKE))
def test_make_target_of_the_readme_exists(target: str) -> None:
    name = target.removeprefix("make ")
    assert re.search(rf"^{name}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


def test_continuous_build_runs_every_suite() -> None:
    """The real programs too: none is left to memory."""
    suites = sorted(path.parent.name for path in (ROOT / "tests/real").glob("*/__init__.py"))
    listed = re.search(r"^for target in (.*); do$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert listed
    assert listed[1].split() == ["test", "check", "versions", *suites]


def test_table_of_urls_is_the_table_of_endpoints() -> None:
    written = [(path.strip("`"), methods) for path, methods, *_ in rows("URLs")]
    assert written == [(e.path, ", ".join(e.methods)) for e in ENDPOINTS]


def test_table_of_offers_is_the_catalogue() -> None:
    expected = []
    for offer in load_catalogue().offers.values():
        required = [name for name, region in offer.regions.items() if region.server.required]
        where = "required" if len(required) == len(offer.regions) else "required in eu"
        outlook = "sent to the Exchange server" if offer.outlook == "exchange" else "settings"
        if offer.outlook == "imap" and offer.region["eu"].activesync:
            outlook += ", and ActiveSync"
        server = where if required else "none"
        expected.append([f"`{offer.id}`", offer.name, ", ".join(offer.regions), server, outlook])
    assert rows("The offers") == expected


def test_table_of_keys_is_the_configuration() -> None:
    settings = [field.name for field in msgspec.structs.fields(Settings)]
    service = [f"service.{field.name}" for field in msgspec.structs.fields(ServiceTable)]
    assert {key.strip("`") for key, *_ in rows("Add a domain")} == {*settings, *service}


def test_table_of_limits_is_that_of_the_code() -> None:
    section = README.split("\n**Limits.**", 1)[1].split("\n\n", 2)[1]
    written = re.findall(r"(\d+)( KiB| s)? \(`(\w+)`\)", section)
    expected = {
        name: str(value // 1024 if unit == " KiB" else value)
        for _, unit, name in written
        for value in [vars(serve).get(name) or vars(autodiscover)[name]]
    }
    assert {name: number for number, _, name in written} == expected
    assert len(written) == 8


def test_example_configuration_shows_every_key() -> None:
    example = (ROOT / "deploy/autoconfig.example.toml").read_text()
    for table in (Settings, ServiceTable):
        for field in msgspec.structs.fields(table):
            assert re.search(rf"^(# )?{field.name} = ", example, flags=re.MULTILINE), field.name


def test_list_of_commands_is_that_of_the_program() -> None:
    listed = re.findall(r"^autoconfig (\w+)\s+(.*)$", section("Commands"), flags=re.MULTILINE)
    context = click.Context(main)
    assert [name for name, _ in listed] == main.list_commands(context)
    for name, usage in listed:
        command = main.get_command(context, name)
        assert command is not None
        options = {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
        }
        assert set(re.findall(r"--\w+", usage)) == options


def test_formats_are_named_in_the_readme() -> None:
    sentence = next(line for line in README.splitlines() if line.startswith("`FORMAT` is"))
    assert re.findall(r"`(\w+)`", sentence.partition(".")[0])[1:] == SHOWN_FORMATS


def test_files_that_the_readme_names_exist() -> None:
    paths = re.findall(r"`((?:autoconfig|templates|deploy|tests)/[\w./]*)`", README)
    assert len(paths) > 10
    assert all((ROOT / path).exists() for path in paths)


@pytest.mark.parametrize("name", RECIPES)
def test_recipe_in_the_readme_is_that_of_the_file(name: str) -> None:
    """In ten lines at the most, the same as in the comment that the file opens with."""
    link = re.escape(f"[`deploy/{name}`](deploy/{name})")
    recipe = re.search(f"{link}.*\n\n```sh\n([^`]*)```\n", section("Host it"))
    assert recipe
    assert len(recipe[1].splitlines()) <= 10
    commands = recipe[1].replace("\\\n", "").splitlines()
    assert [" ".join(command.split()) for command in commands] == steps(DEPLOY / name)


def test_every_recipe_is_in_the_readme() -> None:
    """A file of `deploy/` whose opening comment has steps, but for the container's own."""
    with_steps = {
        path.name for path in DEPLOY.iterdir() if re.search("^#   ", path.read_text(), re.M)
    }
    assert with_steps - {"Dockerfile"} == set(RECIPES)


def test_table_of_web_spaces_is_the_table_of_targets() -> None:
    assert [name.strip("`") for name, *_ in rows("Without a server")] == list(TARGETS)


def test_clients_that_are_said_to_be_run_are_run() -> None:
    tests = {f"tests/real/clients/{path.name}" for path in CLIENTS.glob("test_*.py")}
    run = [re.fullmatch(r"\[run\]\((.*)\)", known) for _, known, _ in rows("Mail programs")]
    assert {row[1] for row in run if row} == tests - {"tests/real/clients/test_mailboxes.py"}


def test_versions_of_clients_are_those_that_are_installed() -> None:
    pins = (CLIENTS.parent / "requirements.in").read_text()
    programs = " ".join(name for name, *_ in rows("Mail programs"))
    for name, requirement in (("Delta Chat core", "deltachat-rpc-server"), ("exchangelib",) * 2):
        version = re.search(rf"{name} (\d+\.\d+)\b", programs)
        assert version
        assert f"{requirement}=={version[1]}." in pins


def test_every_public_function_says_what_it_does() -> None:
    modules = [sys.modules[name] for name in sorted(sys.modules) if name.startswith("autoconfig.")]
    for module in modules:
        for name, value in vars(module).items():
            ours = getattr(value, "__module__", None) == module.__name__
            if ours and not name.startswith("_") and inspect.isfunction(value):
                assert value.__doc__, f"{module.__name__}.{name}"

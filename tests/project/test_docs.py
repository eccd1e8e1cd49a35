"""The blocks of all documents: each is run, or compared with what it repeats."""

import os
import re
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import ovh
import pytest
from lxml import etree

from autoconfig.config.settings import NameServer
from tests.support.checked import World, checked
from tests.support.documented import documented
from tests.support.documents import BLOCKS, ROOT, Block, commands, examples, links, section
from tests.support.ovh_api import Server, stand_in
from tests.support.ovh_api.dns import name_server_of
from tests.support.printed import as_written
from tests.support.recipes import DEPLOY, EXAMPLE, steps
from tests.support.running import free_port
from tests.support.signing import write_signing

COVERED = {
    "console": "run, but for `make`; what installs the program, by test_install.py",
    "powershell": "run by test_install.py",
    "sh": "a recipe of `deploy/`, which tests/real/hosting takes to the letter; or run",
    "toml": "checked by `autoconfig validate`, and what the commands after it find",
    "python": "run",
    "xml": "read by an XML parser",
    "text": "the usage of the commands, which test_tables.py compares",
    "diff": "applied by test_contributing.py to a copy of the checkout",
    "bat": "for Windows alone: its form is all that is looked at",
    "ini": "read by OVHcloud's client library",
}
"""What a block may be written in, and what becomes of it."""

RECIPES = {path.name: steps(path) for path in sorted(DEPLOY.iterdir()) if steps(path)}
"""The steps of each file of `deploy/`."""
ELSEWHERE = {"Dockerfile": "an engine without compose, for those who know what to do with it"}
"""Files whose steps no document repeats."""
ELSEWHERE_RUN = re.compile(r"make |pipx |uvx |python3 ")
"""Commands that run_document leaves to other tests."""
IN_THUNDERBIRD = "/usr/lib/thunderbird/isp/"

CURL = """#!{python}
# The program of that name is not among what the documents ask for.
import sys, urllib.request
url = sys.argv[-1].replace("127.0.0.1:8000", "127.0.0.1:{port}")
sys.stdout.buffer.write(urllib.request.urlopen(url, timeout=5).read())
"""


AUTOCONFIG = """#!/bin/sh
# The documents ask the system's name servers and OVHcloud. A reader sees both streams as they come.
export {keys}
case "$* " in
  *" --zone "* | import*) exec {autoconfig} "$@" 2>&1 ;;
  detect* | dns*) exec {autoconfig} "$@" --resolver {resolver} 2>&1 ;;
  check*) exec env SSL_CERT_FILE={authority} {autoconfig} "$@" {checked} 2>&1 ;;
esac
exec {autoconfig} "$@"
"""
CUT = "…"
"""A line of a document, in place of several that a command prints: one time a command."""
ZONE_FILE = "example.com.txt"
"""The zone of example.com, as a reader has copied it out of the control panel."""


def written_in(language: str) -> pytest.MarkDecorator:
    """A test for each block of a language."""
    found = [block for block in BLOCKS if block.language == language]
    return pytest.mark.parametrize("block", found, ids=str)


@pytest.fixture(scope="module")
def served() -> Iterator[int]:
    """`make run`, on a port that is free. It says what the README shows."""
    port = free_port()
    (said,) = {
        example.output
        for block in BLOCKS
        if block.language == "console"
        for example in examples(block)
        if example.command == "make run"
    }
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
        assert run.stderr.readline() == said.replace("8000", str(port))
        answering(f"http://127.0.0.1:{port}/readyz")
        yield port
    finally:
        run.terminate()
        run.wait(timeout=30)
        run.stderr.close()


@pytest.fixture
def account() -> Iterator[Server]:
    """OVHcloud, for the account that the documents tell of."""
    with stand_in(documented()) as server:
        yield server


@pytest.fixture
def resolver(account: Server) -> Iterator[NameServer]:
    """A name server for the domains that the documents ask about."""
    with name_server_of(account.state) as server:
        yield server.address


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The domain that the documents check, and its servers."""
    with checked(tmp_path_factory.mktemp("checked")) as found:
        yield found


def answering(url: str) -> tuple[str, str]:
    """The media type and the text of an answer, once the server gives it."""
    for attempt in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # loopback http
                return answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.URLError:
            assert attempt < 99, "the server did not come up"
            time.sleep(0.1)
    raise AssertionError


@pytest.fixture
def folder(
    served: int, account: Server, resolver: NameServer, world: World, tmp_path: Path
) -> Path:
    """A folder of a reader's own, with what the checkout has of the rest."""
    programs = tmp_path / ".venv/bin"
    programs.mkdir(parents=True)
    keys = " ".join(f"{name}={value}" for name, value in account.environment().items())
    autoconfig = Path(sys.executable).with_name("autoconfig")
    for name, text in (
        ("curl", CURL.format(python=sys.executable, port=served)),
        (
            "autoconfig",
            AUTOCONFIG.format(
                autoconfig=autoconfig,
                resolver=resolver,
                keys=keys,
                authority=world.authority,
                checked=world.options,
            ),
        ),
    ):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    (tmp_path / "deploy").symlink_to(DEPLOY)
    (tmp_path / ZONE_FILE).write_text(account.state.zones["example.com"].export())
    path = f'PATH="{programs}:{Path(sys.executable).parent}:$PATH"'
    (programs / "activate").write_text(f"{path}\n")
    return tmp_path


def in_shell(command: str, folder: Path) -> list[str]:
    """The lines that a command prints, those of standard error last."""
    run = subprocess.run(
        ["/bin/sh", "-c", f". .venv/bin/activate\n{command}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = run.stdout.splitlines() + run.stderr.splitlines()
    return [as_written(line.replace(f"{folder}/", "")) for line in lines]


def abridged(printed: list[str], shown: list[str]) -> list[str]:
    """What was printed, with `…` in the place of lines that the document leaves out."""
    if CUT not in shown:
        return printed
    head = shown.index(CUT)
    tail = len(printed) - (len(shown) - head - 1)
    assert tail - head > 1, "nothing is left out"
    return [*printed[:head], CUT, *printed[tail:]]


def run_document(document: str, folder: Path) -> int:
    """Run a document from its top, as a reader does; the number of its commands."""
    count = 0
    for block in BLOCKS:
        if block.document != document:
            continue
        if block.language == "toml":
            (folder / "autoconfig.toml").write_text(block.text)
        for example in examples(block) if block.language == "console" else ():
            if not ELSEWHERE_RUN.match(example.command):
                shown = example.output.splitlines()
                printed = in_shell(example.command, folder)
                assert abridged(printed, shown) == shown, example.command
                count += 1
    return count


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_language_of_a_block_is_one_that_is_run_or_compared(block: Block) -> None:
    assert block.language in COVERED


def test_every_fence_is_closed_and_read() -> None:
    for document in {block.document for block in BLOCKS}:
        fences = re.findall(r"^ *(?:```|~~~)", (ROOT / document).read_text(), re.MULTILINE)
        assert len(fences) == 2 * sum(block.document == document for block in BLOCKS), document


@written_in("console")
def test_console_block_is_commands_and_what_they_print(block: Block) -> None:
    lines = [line for each in examples(block) for line in (f"$ {each.command}\n", each.output)]
    assert "".join(lines) == block.text
    assert lines


@pytest.mark.parametrize(
    "document", sorted({block.document for block in BLOCKS if block.language == "console"})
)
def test_commands_of_a_document_print_what_it_shows(document: str, folder: Path) -> None:
    """One after the other in one folder, as a reader types them."""
    run_document(document, folder)


@pytest.mark.parametrize(
    "target",
    sorted({
        target
        for block in BLOCKS
        for target in re.findall(r"^\$ make ([\w-]+)", block.text, re.MULTILINE)
    }),
)  # fmt: skip
def test_make_target_of_a_document_exists(target: str) -> None:
    assert re.search(rf"^{target}\b.*:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_readme_runs_and_tests_by_one_command_each_and_opens_one_url() -> None:
    readme = [each for each in BLOCKS if each.document == "README.md"]
    made = [e.command for block in readme for e in examples(block) if "make" in e.command]
    assert made == ["make run", "make test"]
    assert len({link.target for link in links("README.md") if "://127" in link.target}) == 1


def test_url_to_open_in_a_browser_shows_what_the_readme_says(served: int) -> None:
    (url,) = {link.target for link in links("README.md") if "://127" in link.target}
    type_, body = answering(url.replace("8000", str(served)))
    assert type_.startswith("text/xml")
    assert "<domain>example.fr</domain>" in body


@written_in("toml")
def test_configuration_in_a_document_is_good(block: Block, folder: Path) -> None:
    write_signing(folder)
    (folder / "autoconfig.toml").write_text(block.text)
    (line,) = in_shell("autoconfig validate", folder)
    assert re.fullmatch(r"autoconfig.toml: \d+ service.*", line)


@written_in("sh")
def test_steps_in_a_document_are_those_of_a_file_or_are_run(block: Block, folder: Path) -> None:
    """Thunderbird's folder is looked for below another root."""
    if IN_THUNDERBIRD not in block.text:
        assert commands(block) in RECIPES.values()
        assert len(block.text.splitlines()) <= 10
        return
    run_document(block.document, folder)
    isp = folder / "isp"
    isp.mkdir()
    assert in_shell(block.text.replace(IN_THUNDERBIRD, f"{isp}/"), folder) == []
    (written,) = isp.iterdir()
    golden = ROOT / "tests/golden/mx-plan-eu.autoconfig.xml"
    assert (written.name, written.read_text()) == ("example.com.xml", golden.read_text())


@pytest.mark.parametrize("name", RECIPES.keys() - ELSEWHERE.keys())
def test_recipe_of_a_file_is_in_the_hosting_document_below_its_name(name: str) -> None:
    hosting = (ROOT / "docs/hosting.md").read_text()
    below = re.split(r"^## ", hosting, flags=re.MULTILINE)
    (own,) = [each for each in below if f"[`deploy/{name}`](../deploy/{name})" in each]
    (recipe,) = re.findall(r"^```sh\n([^`]*)^```$", own, re.MULTILINE)
    assert commands(Block("docs/hosting.md", 0, "sh", recipe)) == RECIPES[name]


@written_in("python")
def test_python_in_a_document_runs(block: Block) -> None:
    program = [sys.executable, "-W", "error", "-c", block.text]
    subprocess.run(program, check=True, env={**os.environ, "AUTOCONFIG_CONFIG": str(EXAMPLE)})


def test_route_of_the_architecture_is_answered_and_stands_behind_our_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The document says both of them."""
    monkeypatch.setenv("AUTOCONFIG_CONFIG", str(EXAMPLE))
    (block,) = [each for each in BLOCKS if each.language == "python"]
    assert block.text in section("docs/architecture.md", "## Flask, and a route of your own")
    names: dict[str, object] = {}
    exec(block.text + block.text.split("\n\n\n")[1].replace("imprint", "healthz"), names)  # noqa: S102
    client = names["app"].test_client()  # type: ignore[attr-defined]
    assert client.get("/imprint").text == "Example Ltd, 1 Example Street"
    assert client.get("/healthz").text == "ok\n"


@written_in("text")
def test_text_in_a_document_is_the_usage_of_the_commands(block: Block) -> None:
    assert block.text in section("docs/reference.md", "## Commands")


@written_in("xml")
def test_xml_in_a_document_is_well_formed(block: Block) -> None:
    etree.fromstring(block.text.encode())


@written_in("bat")
def test_commands_for_windows_have_their_form(block: Block) -> None:
    for line in block.text.splitlines():
        program, verb, key, *options = shlex.split(line, posix=False)
        assert (program, verb) == ("reg", "add")
        assert key.startswith("HKCU\\Software\\Microsoft\\Office\\")
        assert options[0::2] == ["/v", "/t", "/d"]


@written_in("ini")
def test_keys_in_a_document_are_those_that_the_library_reads(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "ovh.conf"
    file.write_text(block.text)
    client = ovh.Client(config_file=file)
    names = ("application_key", "application_secret", "consumer_key")
    assert all(f"{name} = {vars(client)[f'_{name}']}\n" in block.text for name in names)

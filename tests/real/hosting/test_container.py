"""`deploy/Dockerfile` and `deploy/compose.yaml`: checked by their linters, and the image's steps
taken without an engine.

Each stage of the Dockerfile becomes a machine to throw away, with Debian's Python for that of the
base image. Its instructions are read from the file, and its server is started as an engine does:
under its user, with nothing that may be written.
"""

import fnmatch
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from autoconfig.answers.endpoints import BY_PATH, Kind
from autoconfig.config.load import load_config
from autoconfig.serve.limits import STOP_SECONDS
from tests.real.hosting.machines import CHECKOUT, SOURCE, Machine, machine
from tests.real.programs import accepts, program, public_folder, wait_for
from tests.support.recipes import DEPLOY, EXAMPLE, steps
from tests.support.running import free_port

DOCKERFILE = DEPLOY / "Dockerfile"
COMPOSE: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")
CONFIG = "/etc/autoconfig/autoconfig.toml"
BASE = re.compile(r"python:3\.\d+-slim")


@dataclass(frozen=True)
class Instruction:
    """One of the Dockerfile: `COPY`, its `--flags` and the rest."""

    name: str
    flags: dict[str, str]
    text: str

    @property
    def words(self) -> list[str]:
        """The arguments, of which the shell form is not split."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)


@dataclass
class Image:
    """A stage that has been built: its file system, and how its program is run."""

    machine: Machine
    env: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)


def instructions() -> list[Instruction]:
    text = "\n".join(
        line for line in DOCKERFILE.read_text().splitlines() if not line.startswith("#")
    )
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            name, rest = line.split(maxsplit=1)
            flags = dict(re.findall(r"--([\w-]+)=(\S+) ", rest)) if name != "RUN" else {}
            arguments = re.sub(r"^(--[\w-]+=\S+\s+)*", "", rest) if flags else rest
            found.append(Instruction(name, flags, arguments))
    return found


def in_context(path: str) -> bool:
    """Whether `Dockerfile.dockerignore` lets a file of the checkout through."""
    let = True
    for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and fnmatch.fnmatch(path, pattern):
            let = line.startswith("!")
    return let


def copy(image: Image, stages: dict[str, Image], instruction: Instruction) -> None:
    *sources, target = instruction.words
    stage = instruction.flags.get("from")
    if stage:
        assert len(sources) == 1
        image.machine.take(stages[stage].machine, sources[0], target)
        return
    place = target if target.startswith("/") else f"{image.workdir}/{target}"
    for source in sources:
        assert in_context(source), f"{source} is left out by Dockerfile.dockerignore"
        is_folder = (CHECKOUT / source).is_dir()
        name = f"{place}/." if is_folder or not target.endswith("/") else place
        contents = f"{SOURCE}/{source}/." if is_folder else f"{SOURCE}/{source}"
        image.machine.run(f"mkdir -p {shlex.quote(place)} && cp -r {contents} {name}")


def build(stack: ExitStack, folder: Path) -> Image:
    """Take the instructions, one after the other, as an engine does."""
    stages: dict[str, Image] = {}
    image = None
    for number, each in enumerate(instructions()):
        if each.name == "FROM":
            base, *name = each.text.split(" AS ")
            assert BASE.fullmatch(base)
            image = Image(stack.enter_context(machine(folder)))
            stages[name[0] if name else f"stage {number}"] = image
            continue
        assert image, "an instruction before FROM"
        if each.name == "COPY":
            copy(image, stages, each)
        elif each.name == "RUN":
            image.machine.run(each.text, image.env, image.workdir)
        elif each.name == "WORKDIR":
            # Not /src, where the checkout stands that is copied from.
            image.workdir = f"{each.text}-image" if each.text == SOURCE else each.text
            image.machine.run(["mkdir", "-p", image.workdir])
        elif each.name == "ENV":
            path = image.env.get("PATH", "/usr/local/bin:/usr/bin:/bin")
            pairs = (word.replace("$PATH", path).split("=", 1) for word in each.words)
            image.env |= dict(pairs)
        elif each.name == "USER":
            image.user = each.text
        elif each.name == "HEALTHCHECK":
            image.health = json.loads(each.text.removeprefix("CMD "))
        elif each.name in ("ENTRYPOINT", "CMD"):
            setattr(image, {"CMD": "command"}.get(each.name, "entrypoint"), each.words)
        else:
            assert each.name == "EXPOSE", each
    assert image
    return image


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    with public_folder() as folder, ExitStack() as stack:
        image = build(stack, folder)
        image.machine.run(f"rm -rf {SOURCE}")  # it is not in the image
        image.machine.write(CONFIG, EXAMPLE.read_text())
        image.machine.write("/etc/autoconfig/customers.example.txt", "client-one.example\n")
        yield image


@pytest.fixture(scope="module")
def container(image: Image) -> Iterator[int]:
    """The port of the image's program, run with its own arguments but for that port."""
    port = free_port()
    command = [*image.entrypoint, *image.command, "--port", str(port)]
    image.machine.run("mount -o remount,ro / && mount -o remount,ro /tmp")
    with public_folder() as folder:
        log = folder / "log"
        with image.machine.beside(command, log, image.env, image.user) as process:

            def is_up() -> bool:
                assert process.poll() is None, log.read_text()
                return accepts(port)

            wait_for(is_up, "the server of the image")
            yield port


def get(port: int, target: str) -> str:
    url = f"http://127.0.0.1:{port}{target}"
    command = [program("curl"), "--silent", "--show-error", "--max-time", "10", url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_linter_finds_nothing_in_the_dockerfile() -> None:
    command = [program("hadolint"), str(DOCKERFILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_image_serves_with_nothing_that_may_be_written(image: Image, container: int) -> None:
    answer = get(container, "/mail/config-v1.1.xml?emailaddress=alice@example.fr")
    assert "<hostname>pro1.mail.ovh.net</hostname>" in answer


def test_image_runs_under_a_number_that_is_not_root(image: Image, container: int) -> None:
    user, group = image.user.split(":")
    assert int(user) >= 1000
    assert int(group) >= 1000
    done = image.machine.run(["touch", "/opt/autoconfig/own"], user=image.user, check=False)
    assert done.code != 0


def test_health_check_tells_a_server_that_is_up_from_one_that_is_not(
    image: Image, container: int
) -> None:
    """With the test's port in it."""
    for port, healthy in ((container, True), (free_port(), False)):
        check = [word.replace(":8000", f":{port}") for word in image.health]
        assert any(str(port) in word for word in check)
        done = image.machine.run(check, image.env, user=image.user, check=False)
        assert (done.code == 0) is healthy, done.said


def test_health_check_asks_a_url_that_is_there() -> None:
    check = next(each.text for each in instructions() if each.name == "HEALTHCHECK")
    path = re.search(r"http://127\.0\.0\.1:8000(/\w+)", check)
    assert path
    assert BY_PATH[path[1]].kind is Kind.HEALTH  # a server that stops is well


def test_image_has_the_versions_of_the_lock_file_and_no_others(image: Image) -> None:
    program = (
        "from importlib.metadata import distributions\n"
        "for d in distributions(): print(d.name.lower().replace('_', '-'), d.version)"
    )
    found = image.machine.run(["/opt/autoconfig/bin/python", "-c", program]).said.splitlines()
    lock = (CHECKOUT / "requirements.lock").read_text()
    locked = {
        f"{name} {version}" for name, version in re.findall(r"^([\w-]+)==([^\s;]+)", lock, re.M)
    }
    installed = {line for line in found if not line.startswith("ovh-autoconfig ")}
    assert installed <= locked
    assert len(found) == len(installed) + 1


def test_both_stages_have_the_same_base() -> None:
    """The environment that is copied holds links to the interpreter."""
    bases = {each.text.split(" AS ")[0] for each in instructions() if each.name == "FROM"}
    assert len(bases) == 1


def test_build_gets_nothing_but_the_source() -> None:
    for path in (".git", ".venv", "tests", "deploy", "autoconfig.toml", ".env"):
        assert not in_context(path), path
    for path in ("autoconfig", "templates", "requirements.lock"):
        assert in_context(path), path


# --------------------------------------------------------------------------------- compose.yaml


def test_compose_file_is_valid() -> None:
    command = program("check-jsonschema")
    done = subprocess.run(
        [command, "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_that_compose_names_are_there() -> None:
    build = COMPOSE["services"]["autoconfig"]["build"]
    context = (DEPLOY / build["context"]).resolve()
    assert context == CHECKOUT
    assert context / build["dockerfile"] == DOCKERFILE
    mounted = [volume.split(":") for volume in COMPOSE["services"]["caddy"]["volumes"]]
    assert ["./Caddyfile", "/etc/caddy/Caddyfile", "ro"] in mounted


def test_caddy_of_compose_is_told_where_the_server_is() -> None:
    """`test_caddy` shows what Caddy makes of it."""
    port = next(each.text for each in instructions() if each.name == "EXPOSE")
    upstream = COMPOSE["services"]["caddy"]["environment"]["AUTOCONFIG_UPSTREAM"]
    assert upstream == f"autoconfig:{port}"
    assert upstream.split(":")[0] in COMPOSE["services"]
    assert "{$AUTOCONFIG_UPSTREAM:" in (DEPLOY / "Caddyfile").read_text()


def test_server_of_compose_is_reached_through_caddy_alone() -> None:
    assert "ports" not in COMPOSE["services"]["autoconfig"]
    assert {port.split(":")[0] for port in COMPOSE["services"]["caddy"]["ports"]} == {"80", "443"}


def test_network_of_compose_is_the_one_that_is_to_be_trusted(tmp_path: Path) -> None:
    """The step in the file adds it to a configuration."""
    step = next(step for step in steps(DEPLOY / "compose.yaml") if "trusted_proxies" in step)
    path = tmp_path / "autoconfig.toml"
    path.write_text('[[service]]\noffer = "mx-plan"\ndomains = ["example.fr"]\n')
    assert step.endswith(f" {CONFIG}")
    subprocess.run(["/bin/sh", "-c", step.replace(CONFIG, str(path))], check=True)
    subnet = COMPOSE["networks"]["default"]["ipam"]["config"][0]["subnet"]
    assert [str(network) for network in load_config(path).trusted_proxies] == [subnet]


def test_configuration_of_compose_is_where_the_image_looks() -> None:
    (volume,) = COMPOSE["services"]["autoconfig"]["volumes"]
    host, inside, mode = volume.split(":")
    assert any(f"AUTOCONFIG_CONFIG={inside}/autoconfig.toml" in i.text for i in instructions())
    assert mode == "ro"
    assert any(
        step.endswith(f"cp autoconfig.toml {host}/") for step in steps(DEPLOY / "compose.yaml")
    )


def test_stop_may_take_as_long_as_the_server_needs() -> None:
    grace = COMPOSE["services"]["autoconfig"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > STOP_SECONDS

"""`autoconfig check`: what it checks, prints and writes, and its exit codes."""

import json
import os
import re
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import autoconfig.check.login
import autoconfig.check.run
from autoconfig.check.connect import Network
from autoconfig.check.run import Subject
from autoconfig.check.verdict import Check, MailServer, Reason
from autoconfig.cli import main
from autoconfig.names import EmailAddress
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.model import Service
from autoconfig.zone.plan import Target
from tests.support.checks import check, mail_servers, troubled

MANY = """\
base_url = "https://autoconfig.agency.example"
resolvers = ["127.0.0.2"]

[[service]]
offer = "mx-plan"
domains = ["a.example", "b.example"]

[[service]]
offer = "email-pro"
server = "pro1"
addresses = ["boss@a.example", "boss@c.example"]
"""
PASSWORD = "correct horse"  # noqa: S105  # nobody's


class Runs:
    """In the place of the run. `troubles`: the names at which not all is well. `said`: what the
    first mail server says.
    """

    def __init__(self) -> None:
        self.subjects: list[Subject] = []
        self.target: Target | None = None
        self.catalogue: Catalogue | None = None
        self.network: Network | None = None
        self.troubles: set[str] = set()
        self.unknown = False
        self.said = ""

    async def run(
        self,
        subjects: Sequence[Subject],
        catalogue: Catalogue,
        network: Network,
        target: Target | None,
        settled: Callable[[int], object],
        now: datetime,
    ) -> list[Check]:
        assert now.tzinfo
        self.subjects += subjects
        self.catalogue, self.network, self.target = catalogue, network, target
        settled(len(subjects))
        return [self._check(each) for each in subjects]

    def _check(self, subject: Subject) -> Check:
        domain = str(subject.name).rpartition("@")[2]
        found = troubled(domain) if str(subject.name) in self.troubles else check(domain)
        if self.unknown:
            found = replace(found, service=None)
        first, *others = mail_servers()
        if self.said:
            first = first._replace(detail=Reason("mail-turned-away", {"said": self.said}))
        return replace(found, subject=subject.name, mail_servers=(first, *others))

    @property
    def told(self) -> list[tuple[str, str | None, str]]:
        """The name of each subject, its offer, and who says so."""
        return [
            (str(each.name), each.service.offer.id if each.service else None, each.told_by)
            for each in self.subjects
        ]


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("AUTOCONFIG_CONFIG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(autouse=True)
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    found = Runs()
    monkeypatch.setattr(autoconfig.check.run, "run", found.run)
    return found


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=stdin)


def asked(*arguments: str, stdin: str = "") -> Result:
    return run(*arguments, "--resolver", "127.0.0.1", stdin=stdin)


# ------------------------------------------------------------------------------------ what is asked


def test_without_a_configuration_the_dns_tells_the_offer(runs: Runs) -> None:
    assert asked("a.example", "alice@b.example", "a.example").exit_code == 0
    assert runs.told == [("a.example", None, "dns"), ("alice@b.example", None, "dns")]
    assert runs.target is None


def test_offer_stands_in_for_a_configuration(runs: Runs) -> None:
    assert asked("a.example", "--offer", "email-pro", "--server", "pro2").exit_code == 0
    assert runs.told == [("a.example", "email-pro", "option")]


def test_names_are_read_from_standard_input(runs: Runs) -> None:
    result = asked("-", stdin="a.example\n# no\nalice@b.example\n")
    assert result.exit_code == 0
    assert [name for name, *_ in runs.told] == ["a.example", "alice@b.example"]


def test_all_of_a_configuration_is_checked_with_addresses_that_have_a_service(runs: Runs) -> None:
    Path("autoconfig.toml").write_text(MANY)
    result = run()
    assert runs.told == [
        ("a.example", "mx-plan", "configuration"),
        ("b.example", "mx-plan", "configuration"),
        ("boss@a.example", "email-pro", "configuration"),
        ("boss@c.example", "email-pro", "configuration"),
    ]
    assert runs.target == Target("autoconfig.agency.example")  # type: ignore[arg-type]  # is one
    assert result.stderr.startswith("Asking 127.0.0.2 about 4 domains, ")
    assert result.stdout.splitlines()[-1].startswith("As seen through 127.0.0.2, ")
    assert result.exit_code == 0


def test_address_of_a_configuration_has_its_own_service_or_that_of_its_domain(runs: Runs) -> None:
    Path("autoconfig.toml").write_text(MANY)
    assert run("boss@a.example", "alice@a.example").exit_code == 0
    assert [offer for _, offer, _ in runs.told] == ["email-pro", "mx-plan"]


def test_configuration_that_detects_has_others_told_by_the_dns(runs: Runs) -> None:
    Path("autoconfig.toml").write_text(f"detect = true\n{MANY}")
    assert run("d.example", "alice@c.example", "c.example").exit_code == 0
    assert {told for _, _, told in runs.told} == {"dns"}


@pytest.mark.parametrize(
    ("text", "names", "message"),
    [
        (MANY, ["d.example"], "has no service for d.example; add it to one, or give --offer"),
        (MANY, ["c.example"], "has addresses at c.example alone; name one of them"),
        ("detect = true", [], "names no domain; `detect = true` has no list of them"),
    ],
    ids=["another domain", "addresses alone", "no domain"],
)
def test_what_a_configuration_lacks_is_said(text: str, names: list[str], message: str) -> None:
    Path("autoconfig.toml").write_text(text)
    result = run(*names)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: autoconfig.toml {message}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a DOMAIN or an ADDRESS, or write autoconfig.toml"),
        (["--offer", "mx-plan"], "--offer needs a DOMAIN or an ADDRESS"),
        (["a.example", "--password-file", "x"], "--password-file goes with --login"),
        (["a.example", "--login"], "--login needs one ADDRESS, and no more"),
        (["a@a.example", "b@a.example", "--login"], "--login needs one ADDRESS, and no more"),
        (["a.example", "--prometheus", "-"], "--prometheus needs a file"),
    ],
)
def test_options_without_sense_are_refused(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_every_mistake_is_said_at_once() -> None:
    result = run("a..b", "--resolver", "x y", "--connect-to", "nowhere")
    assert result.exit_code == 2
    assert [line.split(":")[1].strip() for line in result.stderr.splitlines()] == [
        "DOMAIN",
        "--resolver",
        "--connect-to",
    ]


# ---------------------------------------------------------------------------------- what is printed


def test_exit_code_is_1_if_a_program_does_not_get_the_right_servers(runs: Runs) -> None:
    runs.troubles = {"b.example"}
    assert asked("a.example").exit_code == 0
    assert asked("a.example", "b.example").exit_code == 1


def test_json_is_a_list_in_the_language_that_is_asked_for(runs: Runs) -> None:
    runs.troubles = {"b.example"}
    result = asked("a.example", "b.example", "--json", "--lang", "fr")
    found: list[dict[str, Any]] = json.loads(result.stdout)
    assert [each["domain"] for each in found] == ["a.example", "b.example"]
    assert found[1]["verdicts"][3]["why"] == "le nom n'existe pas"


def test_json_is_utf_8_whatever_the_terminal_has(runs: Runs) -> None:
    runs.said = "caf\xe9, \u0153uvre"
    arguments = ["check", "a.example", "--resolver", "127.0.0.1", "--json"]
    result = CliRunner(charset="latin-1").invoke(main, arguments)
    (found,) = json.loads(result.stdout_bytes.decode())
    assert runs.said in found["mail_servers"][0]["detail"]


def test_quiet_tells_nothing_of_what_is_well(runs: Runs) -> None:
    result = asked("a.example", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    runs.troubles = {"b.example"}
    result = asked("a.example", "b.example", "--quiet")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("b.example: ")
    assert "a.example" not in result.stdout
    assert json.loads(asked("a.example", "--quiet", "--json").stdout) == []


def test_steps_are_told_if_asked_for(runs: Runs) -> None:
    runs.troubles = {"a.example"}
    assert "Steps:" in asked("a.example", "--steps").stdout


@pytest.mark.parametrize(
    ("variables", "first"),
    [
        ({}, "All is well"),
        ({"LANG": "fr_FR.UTF-8"}, "Tout va bien"),
        ({"LC_MESSAGES": "fr", "LANG": "en_GB.UTF-8"}, "Tout va bien"),
        ({"LC_ALL": "C", "LC_MESSAGES": "fr"}, "All is well"),
        ({"LC_ALL": "", "LANG": "fr"}, "Tout va bien"),
        ({"LANG": "de_DE.UTF-8"}, "All is well"),
    ],
    ids=str,
)
def test_language_is_that_of_the_environment(
    variables: dict[str, str], first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert asked("a.example").stdout.splitlines()[1].startswith(first)


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=str,
)
def test_terminal_has_colours_and_its_width(
    variables: dict[str, str], *, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ({"COLUMNS": "60"} | variables).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True)
    arguments = ["check", "a.example", "--resolver", "127.0.0.1"]
    lines = CliRunner().invoke(main, arguments, color=True).stdout.splitlines()
    assert any("\x1b[32m" in line for line in lines) == coloured
    assert max(len(re.sub(r"\x1b\[\d+m", "", line)) for line in lines) <= 60


def test_terminal_without_the_marks_gets_others(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True)
    runs.troubles = {"a.example"}
    runner = CliRunner(charset="ascii")
    result = runner.invoke(main, ["check", "a.example", "--resolver", "127.0.0.1", "--lang", "fr"])
    assert b"\n+ bien regles" in result.stdout_bytes
    assert b"\nx mauvais serveurs" in result.stdout_bytes


def test_closed_standard_output_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout", None)
    arguments = ["check", "a.example", "--resolver", "127.0.0.1"]
    assert main(arguments, standalone_mode=False) == 2
    assert capsys.readouterr().err.endswith("error: standard output: Bad file descriptor\n")


# --------------------------------------------------------------------------------------- prometheus


def test_file_for_prometheus_is_written_whatever_was_found(runs: Runs) -> None:
    runs.troubles = {"b.example"}
    result = asked("a.example", "b.example", "--prometheus", "check.prom", "--quiet")
    text = Path("check.prom").read_text()
    assert result.exit_code == 1
    assert 'autoconfig_check_right{domain="a.example",address=""} 1\n' in text
    assert 'autoconfig_check_right{domain="b.example",address=""} 0\n' in text
    assert text.endswith("\n")
    assert os.listdir() == ["check.prom"]


def test_file_for_prometheus_that_cannot_be_written_is_said_beside_the_report() -> None:
    result = asked("a.example", "--prometheus", "absent/check.prom")
    assert result.exit_code == 2
    assert result.stdout.startswith("a.example: ")
    assert result.stderr.endswith("error: absent/check.prom: No such file or directory\n")


# -------------------------------------------------------------------------------------------- login


class SignsIn:
    """In the place of the mail servers. `passwords`: what they got, and of whom."""

    def __init__(self) -> None:
        self.passwords: list[tuple[str, str]] = []

    async def sign_in(
        self,
        service: Service,
        address: EmailAddress,
        password: str,
        network: Network,
        broken: Container[tuple[str, str, int]],
    ) -> tuple[MailServer, ...]:
        self.passwords.append((str(address), password))
        imap = service.of("imap")[0]
        return (MailServer("imap", imap.host, imap.port, "auth", Reason("step-refused")),)


@pytest.fixture
def signs_in(monkeypatch: pytest.MonkeyPatch) -> SignsIn:
    found = SignsIn()
    monkeypatch.setattr(autoconfig.check.login, "sign_in", found.sign_in)
    return found


def test_password_is_asked_for_and_not_shown(signs_in: SignsIn) -> None:
    result = asked("alice@a.example", "--login", "--json", stdin=f"{PASSWORD}\n")
    assert signs_in.passwords == [("alice@a.example", PASSWORD)]
    assert "Password of alice@a.example: " in result.stderr
    assert PASSWORD not in result.output
    (found,) = json.loads(result.stdout)
    assert [each["result"] for each in found["mail_servers"]] == ["auth", "ok", "ok"]
    assert result.exit_code == 0


def test_password_in_another_encoding_than_the_terminal_has_is_refused_and_not_shown() -> None:
    arguments = ["check", "alice@a.example", "--login", "--resolver", "127.0.0.1"]
    result = CliRunner().invoke(main, arguments, input=b"caf\xe9-secret\n")
    assert (result.exit_code, result.stdout) == (2, "")
    message = "what was typed is not in the encoding of this system; give --password-file"
    assert result.stderr.splitlines()[-1].endswith(f"error: --login: {message}")
    assert "secret" not in result.stderr


def test_refused_password_is_told_in_quiet_too(signs_in: SignsIn) -> None:
    result = asked("alice@a.example", "--login", "--quiet", stdin=f"{PASSWORD}\n")
    assert (result.exit_code, len(signs_in.passwords)) == (0, 1)
    assert result.stdout.startswith("alice@a.example: ")


@pytest.mark.parametrize("file", ["password", "-"])
def test_password_is_read_from_a_file(file: str, signs_in: SignsIn) -> None:
    Path("password").write_text(f"{PASSWORD}\n")
    result = asked("alice@a.example", "--login", "--password-file", file, stdin=f"{PASSWORD}\n")
    assert (result.exit_code, signs_in.passwords) == (0, [("alice@a.example", PASSWORD)])
    assert PASSWORD not in result.output


@pytest.mark.parametrize("text", ["", "\n", "one\ntwo\n", "one\rtwo\n", "one\0two\n"])
def test_file_that_holds_no_password_is_refused_and_not_shown(text: str, runs: Runs) -> None:
    Path("password").write_text(text)
    result = asked("alice@a.example", "--login", "--password-file", "password")
    assert (result.exit_code, result.stdout, runs.subjects) == (2, "", [])
    message = "--password-file: holds no password: write it on one line, and nothing else"
    assert result.stderr == f"error: {message}\n"


def test_nobody_gets_the_password_where_the_offer_is_not_known(
    runs: Runs, signs_in: SignsIn
) -> None:
    runs.unknown = True
    result = asked("alice@a.example", "--login", stdin=f"{PASSWORD}\n")
    assert signs_in.passwords == []
    assert "warning: not signed in, as the offer is not known" in result.stderr
    assert result.exit_code == 1

"""Commands that ask no name server, with a configuration by which the server does."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autoconfig.cli import main

FILE = "autoconfig.toml"
DETECT = "detect = true\n"
SERVICE = '[[service]]\noffer = "mx-plan"\ndomains = ["example.fr"]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUTOCONFIG_CONFIG", raising=False)
    return tmp_path


def _run(configuration: str, *arguments: str) -> Result:
    Path(FILE).write_text(configuration)
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("configuration", "counted"),
    [(DETECT, "0 services, 0 domains"), (DETECT + SERVICE, "1 service, 1 domain")],
    ids=["alone", "beside a service"],
)
def test_validate_says_that_the_dns_is_asked_about_the_rest(
    configuration: str, counted: str
) -> None:
    result = _run(configuration, "validate")
    assert result.exit_code == 0
    assert result.stdout == f"{FILE}: {counted}, and others as their DNS tells\n"


@pytest.mark.parametrize("name", ["unknown.fr", "alice@unknown.fr"])
@pytest.mark.parametrize("configuration", [DETECT, DETECT + SERVICE], ids=["alone", "beside"])
def test_show_names_the_command_that_asks_the_dns(configuration: str, name: str) -> None:
    result = _run(configuration, "show", "autoconfig", name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        f"{FILE} has no service for {name}; `autoconfig detect unknown.fr` tells" in result.stderr
    )


def test_show_prints_what_is_configured() -> None:
    result = _run(DETECT + SERVICE, "show", "autoconfig", "example.fr")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("web_space", ["plain", "apache", "nginx"])
def test_export_writes_what_is_configured_and_says_what_it_leaves_out(web_space: str) -> None:
    result = _run(DETECT + SERVICE, "export", "out", "--for", web_space)
    assert result.exit_code == 0
    assert "`detect = true` is for the server" in result.stderr
    assert Path("out/autoconfig.example.fr/mail/config-v1.1.xml").exists()


def test_export_without_a_service_is_a_mistake_and_removes_nothing() -> None:
    assert _run(SERVICE, "export", "out").exit_code == 0
    result = _run(DETECT, "export", "out")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{FILE}: there is no [[service]]: add one; files cannot ask the DNS" in result.stderr
    assert Path("out/autoconfig.example.fr/mail/config-v1.1.xml").exists()


def test_names_are_those_of_what_is_configured() -> None:
    result = _run(DETECT + SERVICE, "names")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.split() == ["autoconfig.example.fr", "autodiscover.example.fr"]


def test_names_without_a_service_are_the_host_of_base_url() -> None:
    result = _run(f'base_url = "https://autoconfig.a.fr"\n{DETECT}', "names")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "autoconfig.a.fr\n", "")


def test_no_name_is_a_negative_answer() -> None:
    result = _run(DETECT, "names")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{FILE} names no domain; `detect = true` has no list of them" in result.stderr

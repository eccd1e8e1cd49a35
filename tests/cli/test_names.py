"""`autoconfig names`: what needs a DNS record and a certificate, one name a line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autoconfig.cli import main
from autoconfig.config.load import load_config
from autoconfig.names import CERTIFIED_PREFIXES
from tests.support.recipes import EXAMPLE

CONFIG = ("--config", str(EXAMPLE))
SPELLED = """
base_url = "https://AutoConfig.CAFÉ.example.:8443/"
[[service]]
offer = "mx-plan"
domains = ["B.FR.", "CAFÉ.example"]
domains_file = "more.txt"
addresses = ["X@A.fr", "y@a.fr", "z@b.fr"]
"""
"""Each name in another form than `names` has it; of a.fr, addresses alone."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["names", *arguments])


def of(*domains: str) -> list[str]:
    return [f"{prefix}{domain}" for domain in domains for prefix in CERTIFIED_PREFIXES]


@pytest.fixture
def spelled(tmp_path: Path) -> tuple[str, str]:
    path = tmp_path / "own.toml"
    path.write_text(SPELLED)
    (tmp_path / "more.txt").write_text("C.Fr.\n")
    return "--config", str(path)


def test_names_are_those_of_every_domain_and_of_base_url() -> None:
    result = run(*CONFIG)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        *of(*load_config(EXAMPLE).served.domains),
        "autoconfig.agency.example",
    ]


def test_names_have_one_form_and_come_once(spelled: tuple[str, str]) -> None:
    """A-labels in lower case without final dot; that of `base_url` is one of a domain here."""
    assert run(*spelled).stdout == (
        "autoconfig.b.fr\nautodiscover.b.fr\n"
        "autoconfig.xn--caf-dma.example\nautodiscover.xn--caf-dma.example\n"
        "autoconfig.c.fr\nautodiscover.c.fr\n"
        "autoconfig.a.fr\nautodiscover.a.fr\n"
    )


@pytest.mark.parametrize(
    ("domains", "found"),
    [
        pytest.param(["c.fr"], ["c.fr"], id="of-a-file"),
        pytest.param(["a.fr"], ["a.fr"], id="of-addresses-alone"),
        pytest.param(["a.fr", "b.fr"], ["a.fr", "b.fr"], id="in-the-order-asked"),
        pytest.param(["café.EXAMPLE."], ["xn--caf-dma.example"], id="in-another-form"),
        pytest.param(["B.fr", "b.FR."], ["b.fr"], id="twice"),
    ],
)
def test_names_of_a_domain_are_its_own(
    spelled: tuple[str, str], domains: list[str], found: list[str]
) -> None:
    result = run(*domains, *spelled)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == of(*found)


@pytest.mark.parametrize("domain", ["unknown.example", "autoconfig.agency.example", "a.b.c"])
def test_names_of_a_domain_that_is_not_configured_are_none(domain: str) -> None:
    result = run("example.fr", domain, *CONFIG)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"has no service for {domain}" in result.stderr


def test_names_of_what_is_no_domain_are_a_mistake() -> None:
    result = run("example.fr", "no domain", *CONFIG)
    assert (result.exit_code, result.stdout) == (2, "")
    assert '"no domain" is not a domain name' in result.stderr

"""Names at which nobody has an address are mistakes wherever a domain is given.

`www.example.com` is a web site's, `autoconfig.example.com` is where clients ask.
"""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autoconfig.cli import main
from autoconfig.names import NOT_FOR_MAIL

CONFIGURED = '[[service]]\noffer = "mx-plan"\n'


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def _configured(folder: Path, text: str) -> Result:
    (folder / "autoconfig.toml").write_text(CONFIGURED + text)
    return _run("validate", "--config", str(folder / "autoconfig.toml"))


def _in_domains(folder: Path, name: str) -> Result:
    return _configured(folder, f'domains = ["{name}"]\n')


def _in_domains_file(folder: Path, name: str) -> Result:
    (folder / "list.txt").write_text(f"{name}\n")
    return _configured(folder, 'domains_file = "list.txt"\n')


def _in_an_address(folder: Path, name: str) -> Result:
    return _configured(folder, f'addresses = ["boss@{name}"]\n')


def _exported(folder: Path, name: str) -> Result:
    return _run("export", str(folder / "web"), "--offer", "mx-plan", "good.example", name)


def _shown(folder: Path, name: str) -> Result:
    return _run("show", "autoconfig", name, "--offer", "mx-plan")


def _shown_for_an_address(folder: Path, name: str) -> Result:
    return _run("show", "autodiscover", f"boss@{name}", "--offer", "mx-plan")


WAYS = (
    *(_in_domains, _in_domains_file, _in_an_address),
    *(_exported, _shown, _shown_for_an_address),
)
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))


@every_way
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *((f"{prefix}example.com", "example.com") for prefix in NOT_FOR_MAIL),
        ("WWW.Example.com.", "example.com"),
        ("www.café.example", "xn--caf-dma.example"),
        ("autodiscover.www.example.com", "example.com"),
        ("autoconfig.mail.example.com", "mail.example.com"),
        ("www.example.co.uk", "example.co.uk"),
        ("www.ovh.fr", "ovh.fr"),
        ("www.www.fr", "www.fr"),
    ],
)
def test_name_without_addresses_is_refused_with_the_one_that_is_meant(
    tmp_path: Path, way: object, name: str, meant: str
) -> None:
    assert callable(way)
    result = way(tmp_path, name)
    assert result.exit_code == 2
    assert " is a name at which nobody has an address; write " in result.stderr
    assert result.stderr.strip().endswith((f"write {meant}", f"write boss@{meant}"))
    assert not (tmp_path / "web").exists()


@every_way
@pytest.mark.parametrize(
    "name",
    [
        *(f"{prefix}fr" for prefix in NOT_FOR_MAIL),
        *("autoconfig.co.uk", "www.asso.fr", "autodiscover.com.au"),
        *("mail.example.com", "wwww.example.com", "autoconfigs.example.com"),
    ],
)
def test_name_that_can_be_registered_is_taken(tmp_path: Path, way: object, name: str) -> None:
    assert callable(way)
    assert way(tmp_path, name).exit_code == 0


@pytest.mark.parametrize("asked", ["www.example.com", "boss@autoconfig.example.com"])
def test_name_is_not_to_be_added_to_a_configuration_that_refuses_it(
    tmp_path: Path, asked: str
) -> None:
    (tmp_path / "c.toml").write_text(f'{CONFIGURED}domains = ["example.com"]\n')
    result = _run("show", "autoconfig", asked, "--config", str(tmp_path / "c.toml"))
    assert result.exit_code == 2
    assert "is a name at which nobody has an address; write " in result.stderr

"""The `[sign]` table: what it gives, and what is said about one that is wrong."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from autoconfig.cli import main
from autoconfig.config.load import Config, load_config
from autoconfig.problems import ConfigurationError
from tests.support.signing import (
    DAY,
    FILES,
    NOW,
    TABLE,
    certificate,
    opened,
    pem,
    private_key,
    write_signing,
)

SERVICE = '[[service]]\noffer = "mx-plan"\ndomains = ["example.com"]\n'
CERTIFICATE, KEY = FILES
OLD = NOW - 3 * DAY


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, which has a configuration that signs."""
    monkeypatch.chdir(tmp_path)
    write_signing(tmp_path)
    (tmp_path / "autoconfig.toml").write_text(SERVICE + TABLE)
    return tmp_path


def load(text: str = SERVICE + TABLE) -> Config:
    Path("autoconfig.toml").write_text(text)
    return load_config(Path("autoconfig.toml"))


@pytest.mark.usefixtures("folder")
def test_files_of_the_table_sign() -> None:
    identity = load().identity
    assert identity is not None
    assert opened(identity.sign(b"profile"))[0] == b"profile"


@pytest.mark.usefixtures("folder")
def test_nothing_signs_without_the_table() -> None:
    assert load(SERVICE).identity is None


def test_files_are_relative_to_the_configuration(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert load_config(Path("../autoconfig.toml")).identity is not None


@pytest.mark.usefixtures("folder")
def test_table_may_stand_above_the_services() -> None:
    assert load(TABLE + SERVICE).identity is not None


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        (TABLE, lambda f: (f / KEY).unlink(),
         [f"sign.key: {KEY}: there is no such file; a path is read from the folder of the conf"]),
        (TABLE, lambda f: [(f / each).unlink() for each in FILES],
         [f"sign.certificate: {CERTIFICATE}: there is no such", f"sign.key: {KEY}: there is no"]),
        (TABLE.replace(KEY, "."), lambda f: None, ["sign.key: .: cannot be read: Is a directory"]),
        (TABLE.replace(f'"{KEY}"', "7"), lambda f: None,
         ["sign.key: found 7: write a string, in quotes"]),
        (TABLE.replace("\nkey", "\nkye"), lambda f: None,
         ['sign.kye: there is no such key; did you mean "key"?']),
        ('[sign]\nkey = "privkey.pem"\n', lambda f: None,
         ["sign.certificate: is missing: write a string, in quotes"]),
        ("sign = true\n", lambda f: None, ["sign: found true: write a table"]),
        (TABLE, lambda f: (f / KEY).write_bytes(pem(private_key("ec"))),
         [f"sign.key: {KEY}: is not that of the first certificate"]),
        (TABLE, lambda f: write_signing(f, until=OLD),
         [f"sign.certificate: {CERTIFICATE}: has expired on {OLD.date()}: name one that is ren"]),
    ],
    ids=["no key", "neither", "a folder", "a number", "a wrong key", "half", "no table",
         "another's", "expired"],
)  # fmt: skip
def test_mistake_is_said_with_its_place(
    folder: Path, table: str, change: Callable[[Path], object], said: list[str]
) -> None:
    change(folder)
    with pytest.raises(ConfigurationError) as caught:
        load(f"{table}\n{SERVICE}")
    problems = [str(each) for each in caught.value.problems]
    assert len(problems) == len(said)
    for problem, beginning in zip(problems, said, strict=True):
        assert problem.startswith(f"autoconfig.toml: {beginning}")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_key_that_others_may_read_is_a_warning(folder: Path, mode: int) -> None:
    (folder / KEY).chmod(mode)
    config = load()
    assert config.identity is not None
    assert [str(each) for each in config.warnings] == [
        f"autoconfig.toml: sign.key: {KEY}: is open to others than its owner (mode {mode:o}): "
        "give it to the user that serves (`chown`), and to nobody else (`chmod 600`)"
    ]


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_key_of_its_owner_alone_is_no_warning(folder: Path, mode: int) -> None:
    (folder / KEY).chmod(mode)
    assert load().warnings == ()


def test_certificate_without_its_issuer_is_a_warning(folder: Path) -> None:
    (folder / CERTIFICATE).write_bytes(certificate())
    (warning,) = load().warnings
    assert str(warning).startswith(f"autoconfig.toml: sign.certificate: {CERTIFICATE}: has no cer")


@pytest.mark.usefixtures("folder")
def test_library_that_is_missing_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "autoconfig.sign.reading", raising=False)
    monkeypatch.delitem(sys.modules, "autoconfig.sign.identity", raising=False)
    monkeypatch.setitem(sys.modules, "cryptography.x509", None)
    with pytest.raises(ConfigurationError) as caught:
        load()
    assert str(caught.value).startswith("autoconfig.toml: sign: the library that signs, cryptogra")
    assert str(caught.value).endswith(
        "install the program again, as FOLDER[sign], where FOLDER is its folder"
    )


# ------------------------------------------------------------------------------------- on the line


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.stderr


def test_validate_reads_the_key(folder: Path) -> None:
    assert run("validate") == (0, "")
    (folder / KEY).chmod(0o644)
    code, said = run("validate")
    assert (code, said.startswith("warning: autoconfig.toml: sign.key: ")) == (0, True)
    write_signing(folder, until=OLD)
    code, said = run("validate")
    assert (code, said.startswith("error: autoconfig.toml: sign.certificate: ")) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [("names",), ("export", "tree"), ("show", "autoconfig", "example.com")],
    ids=lambda arguments: str(arguments[0]),
)
def test_command_that_signs_nothing_reads_no_key(folder: Path, arguments: tuple[str, ...]) -> None:
    """Whoever asks for the names, to renew the certificate, need not be able to."""
    write_signing(folder, until=OLD)
    (folder / KEY).unlink()
    code, said = run(*arguments)
    assert (code, "sign" in said) == (0, False)


@pytest.mark.usefixtures("folder")
def test_profile_is_shown_with_its_signature() -> None:
    signed, plain = (
        CliRunner().invoke(main, ["show", "mobileconfig", "alice@example.com", *options])
        for options in ([], ["--offer", "mx-plan"])
    )
    assert (signed.exit_code, plain.exit_code) == (0, 0)
    assert opened(signed.stdout_bytes)[0] == plain.stdout_bytes

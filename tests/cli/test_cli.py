"""The commands: what they print, where, and their exit codes."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from autoconfig.cli import main
from autoconfig.cli.group import COMMANDS
from autoconfig.cli.output import put
from autoconfig.cli.show import SHOWN_FORMATS
from autoconfig.documents.formats import LANGUAGES
from autoconfig.names import EmailAddress
from autoconfig.offers.catalogue import load_catalogue
from tests.support.client import ask_as_outlook
from tests.support.recipes import EXAMPLE
from tests.support.requests import POX
from tests.support.services import DOCUMENTS, service_of, urls_of

CONFIG = ("--config", str(EXAMPLE))
EMAIL_PRO = ("--offer", "email-pro", "--server", "https://pro1.mail.ovh.net/owa")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("name", ["example.fr", "alice@example.fr", "EXAMPLE.FR", "café.example"])
def test_show_prints_the_bytes_of_the_servers_mozilla_answer(
    client: FlaskClient, name: str
) -> None:
    address = name if "@" in name else f"bob@{name}"
    served = client.get("/mail/config-v1.1.xml", query_string={"emailaddress": address})
    shown = run("show", "autoconfig", name, *CONFIG)
    assert (shown.exit_code, shown.stdout_bytes) == (0, served.data)
    assert shown.stderr == ""


def test_show_prints_the_bytes_of_the_servers_autodiscover_answer(client: FlaskClient) -> None:
    address = "Alice+o&#39;k@example.com"
    shown = run("show", "autodiscover", "Alice+o'k@example.com", *CONFIG)
    assert shown.stdout_bytes == ask_as_outlook(client, address).data
    assert shown.exit_code == 0


def test_show_autodiscover_of_a_domain_has_no_login(client: FlaskClient) -> None:
    served = client.get(POX, headers={"Host": "autodiscover.example.fr"})
    assert run("show", "autodiscover", "example.fr", *CONFIG).stdout_bytes == served.data


def test_show_says_where_outlook_is_sent_for_exchange(client: FlaskClient) -> None:
    shown = run("show", "autodiscover", "boss@example.fr", *CONFIG)
    assert shown.exit_code == 0
    assert shown.stdout_bytes == ask_as_outlook(client, "boss@example.fr").data
    assert shown.stdout == urls_of(service_of("exchange-hosted", server="ex4"))["xml"] + "\n"
    assert "Outlook is sent (HTTP 302)" in shown.stderr


def test_show_without_configuration_takes_an_offer() -> None:
    with_offer = run("show", "autoconfig", "example.fr", *EMAIL_PRO)
    assert with_offer.stdout == run("show", "autoconfig", "example.fr", *CONFIG).stdout
    canada = run("show", "autoconfig", "example.ca", "--offer", "mx-plan", "--region", "ca")
    assert f"<hostname>{service_of('mx-plan', 'ca').servers[0].host}</hostname>" in canada.stdout


@pytest.mark.parametrize("name", ["example.fr", "boss@example.fr"])
def test_show_writes_the_same_bytes_into_a_file(tmp_path: Path, name: str) -> None:
    """`boss` is at Exchange, where the document is the URL of a redirect."""
    format = "autodiscover" if "@" in name else "autoconfig"
    printed = run("show", format, name, *CONFIG)
    written = run("show", format, name, *CONFIG, "-o", str(tmp_path / "document"))
    assert (written.exit_code, written.stdout) == (0, "")
    assert written.stderr == printed.stderr
    assert (tmp_path / "document").read_bytes() == printed.stdout_bytes
    assert [path.name for path in tmp_path.iterdir()] == ["document"]


@pytest.mark.parametrize("there", [None, b"", b"before"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["autoconfig", "unknown.example", *CONFIG],
        ["autoconfig", "example.fr", "--offer", "email-pro"],
        ["mobilesync", "a@example.fr", *EMAIL_PRO],
        ["autoconfig", "no domain", *CONFIG],
        ["autoconfig", "example.fr", "--config", "no-such.toml"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_show_that_fails_leaves_a_file_as_it_was(
    tmp_path: Path, arguments: list[str], there: bytes | None
) -> None:
    file = tmp_path / "document"
    if there is not None:
        file.write_bytes(there)
    assert run("show", *arguments, "--output", str(file)).exit_code in (1, 2)
    assert (file.read_bytes() if file.exists() else None) == there
    assert len(list(tmp_path.iterdir())) == (there is not None)


SHOWN = ("show", "autoconfig", "a.fr", "--offer", "mx-plan")


def test_file_that_is_there_keeps_its_mode_and_a_link_to_it_stays(tmp_path: Path) -> None:
    (tmp_path / "real").touch(mode=0o600)
    (tmp_path / "link").symlink_to("real")
    assert run(*SHOWN, "-o", str(tmp_path / "link")).exit_code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == run(*SHOWN).stdout_bytes
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o600


def test_file_is_replaced_by_a_whole_one_and_never_written_into(tmp_path: Path) -> None:
    """Whoever reads the old one has all of it, and so has the next one if the disk is full."""
    (tmp_path / "document").write_bytes(b"old")
    (tmp_path / "old").hardlink_to(tmp_path / "document")
    assert run(*SHOWN, "-o", str(tmp_path / "document")).exit_code == 0
    assert (tmp_path / "document").read_bytes() == run(*SHOWN).stdout_bytes
    assert (tmp_path / "old").read_bytes() == b"old"


def test_device_is_written_into_and_stays() -> None:
    assert run(*SHOWN, "-o", os.devnull).exit_code == 0
    assert Path(os.devnull).is_char_device()
    assert run(*SHOWN, "-o", "-").stdout == run(*SHOWN).stdout


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("/dev/full", "No space left on device"),
        ("{folder}", "Is a directory"),
        ("{folder}/none/document", "No such file or directory"),
    ],
)
def test_file_that_cannot_be_written_is_named(tmp_path: Path, file: str, said: str) -> None:
    path = file.format(folder=tmp_path)
    result = run(*SHOWN, "-o", path)
    assert (result.exit_code, result.stderr) == (2, f"error: {path}: {said}\n")
    assert list(tmp_path.iterdir()) == []


def test_link_in_a_circle_is_named_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    result = run(*SHOWN, "-o", str(link))
    said = f"error: {link}: Too many levels of symbolic links\n"
    assert (result.exit_code, result.stderr, link.is_symlink()) == (2, said, True)


@pytest.mark.parametrize("format", SHOWN_FORMATS)
def test_every_format_can_be_shown(format: str) -> None:
    address = EmailAddress.parse("a@example.fr")
    shown = run("show", format, str(address), "--offer", "zimbra-pro")
    expected = DOCUMENTS["zimbra-pro-eu"][format].fill(address.domain, address)
    assert (shown.exit_code, shown.stdout_bytes) == (0, expected)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["example.fr", "Alice@example.fr", "boss@example.fr"])
def test_page_is_shown_in_the_language_that_is_asked_for(
    client: FlaskClient, name: str, language: str
) -> None:
    shown = run("show", "page", name, "--lang", language, *CONFIG)
    asked = f"emailaddress={name}" if "@" in name else ""
    headers = {"Host": "example.fr", "Accept-Language": language}
    answer = client.get(f"/?{asked}", headers=headers)
    assert (shown.exit_code, shown.stdout_bytes) == (0, answer.data)


def test_page_is_shown_as_to_a_reader_of_no_language(client: FlaskClient) -> None:
    shown = run("show", "page", "example.fr", *CONFIG)
    assert shown.stdout_bytes == client.get("/", headers={"Host": "example.fr"}).data


@pytest.mark.parametrize("device", ["", "iphone", "mac"])
@pytest.mark.parametrize("name", ["Alice@example.fr", "boss@example.fr", "alice@zimbra.example"])
def test_profile_is_shown_as_the_server_answers(
    client: FlaskClient, name: str, device: str
) -> None:
    options = ["--for", device] if device else []
    shown = run("show", "mobileconfig", name, "--lang", "fr", *options, *CONFIG)
    answer = client.get(f"/email.mobileconfig?email={name}&for={device}&lang=fr")
    assert (shown.exit_code, shown.stdout_bytes, shown.stderr) == (0, answer.data, "")


def test_activesync_of_exchange_is_shown_as_the_server_answers(client: FlaskClient) -> None:
    shown = run("show", "mobilesync", "boss@example.fr", *CONFIG)
    answer = ask_as_outlook(client, "boss@example.fr", "mobilesync/responseschema/2006")
    assert (shown.exit_code, shown.stdout_bytes, shown.stderr) == (0, answer.data, "")


def test_a_number_that_was_never_seen_is_a_warning() -> None:
    shown = run("show", "autoconfig", "example.fr", "--offer", "email-pro", "--server", "pro77")
    assert shown.exit_code == 0
    host = service_of("email-pro", server="pro77").host
    assert f"warning: --server: {host} has not been seen" in shown.stderr
    assert f"<hostname>{host}</hostname>" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["show", "autoconfig", "unknown.example", *CONFIG], 1, "has no service for unknown"),
        (["show", "mobilesync", "a@example.fr", *EMAIL_PRO], 1, "has no ActiveSync, so there is"),
        (["show", "mobilesync", "example.fr", "--offer", "zimbra-pro"], 2, "needs an address"),
        (["show", "autoconfig", "example.fr", "--lang", "fr", *EMAIL_PRO], 2, "goes with page"),
        (["show", "page", "example.fr", "--lang", "de", *EMAIL_PRO], 2, "'de' is not one of"),
        (["show", "page", "a@a.fr", "--for", "mac", *EMAIL_PRO], 2, "--for goes with mobileconfig"),
        (["show", "mobileconfig", "a@a.fr", "--for", "pc", *EMAIL_PRO], 2, "'pc' is not one of"),
        (["show", "mobileconfig", "a.fr", *EMAIL_PRO], 2, "needs an address"),
        (["show", "autoconfig", "no domain", *CONFIG], 2, '"no domain" is not a domain name'),
        (["show", "autoconfig", "a@b@c", *CONFIG], 2, '"a@b@c" is not an e-mail address'),
        (["show", "other", "example.fr", *CONFIG], 2, "'other' is not one of"),
        (["show", "autoconfig", "example.fr", "--offer", "email-pro"], 2, "--server: is missing"),
        (["show", "autoconfig", "a.fr", "--offer", "exchange", "--server", "ssl0.ovh.net"],
         2, "--server: found \"ssl0.ovh.net\": that is a server of mx-plan"),
        (["show", "autoconfig", "a.fr", "--offer", "mx-plan", "--server", "mail.a.fr"],
         2, "leave --server out or write "),
        (["show", "autoconfig", "a.fr", "--offer", "mxplan", "--region", "us"], 2, "--region: "),
        (["show", "autoconfig", "a.fr", "--offer", "gmail"], 2, "--offer: found \"gmail\""),
        (["show", "autoconfig", "a.fr", *CONFIG, *EMAIL_PRO], 2, "exclude each other"),
        (["show", "autoconfig", "a.fr", "--server", "pro1"], 2, "go with --offer"),
        (["show", "autoconfig", "a.fr", "--config", "no-such.toml"], 2, "there is no such file"),
        (["validate", "--config", "no-such.toml"], 2, "there is no such file"),
        (["serve", "--config", "no-such.toml"], 2, "there is no such file"),
        (["export", "out", "example.fr", *CONFIG], 2, "DOMAIN goes with --offer"),
        (["export", "out", "--offer", "mx-plan"], 2, "--offer needs a DOMAIN"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else None,
)  # fmt: skip
def test_refusal_has_its_exit_code_and_says_why_on_standard_error(
    arguments: list[str], code: int, message: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert message in result.stderr
    assert result.stdout == ""


def test_validate_counts_what_is_configured() -> None:
    result = run("validate", *CONFIG)
    assert result.exit_code == 0
    assert result.stdout == f"{EXAMPLE}: 6 services, 9 domains, 1 address\n"


def test_environment_names_the_configuration_unless_the_flag_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("autoconfig.toml").write_text('service = [{offer = "mx-plan", domains = ["here.fr"]}]')
    assert run("validate").stdout == "autoconfig.toml: 1 service, 1 domain\n"
    monkeypatch.setenv("AUTOCONFIG_CONFIG", str(EXAMPLE))
    assert run("validate").stdout.startswith(f"{EXAMPLE}: ")
    assert run("validate", "--config", "autoconfig.toml").stdout.startswith("autoconfig.toml: ")


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ([], "", "autoconfig.toml: there is no such file in {folder}: write one, with a [[serv"),
        ([], "e.toml", "e.toml: there is no such file in {folder}, where AUTOCONFIG_CONFIG leads"),
        (["--config", "f.toml"], "e.toml", "f.toml: there is no such file in {folder}: "),
        (["--config", "{folder}/f.toml"], "", "{folder}/f.toml: there is no such file: write"),
    ],
)
def test_missing_configuration_is_said_with_the_way_to_it_and_to_another(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    environment: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOCONFIG_CONFIG", environment)
    result = run("validate", *(each.format(folder=tmp_path) for each in arguments))
    assert result.stderr.startswith(f"error: {said.format(folder=tmp_path)}")
    for way in ("--config", "AUTOCONFIG_CONFIG", "--offer"):
        assert way in result.stderr


def test_offers_lists_every_server_of_every_offer() -> None:
    listed = run("offers").stdout
    for offer in load_catalogue().offers.values():
        assert offer.id in listed
        for region in offer.region.values():
            for server in region.servers:
                host = "" if "{" in server.host else server.host
                line = rf"{server.protocol} .*{host}.* {server.port} .*{server.socket}"
                assert re.search(line, listed)


def test_offers_for_programs_have_source_and_date() -> None:
    listing = json.loads(run("offers", "--json").stdout)
    assert [offer["id"] for offer in listing["offers"]] == list(load_catalogue().offers)
    for offer in listing["offers"]:
        assert offer["verified"]
        for region in offer["region"].values():
            for server in region["servers"]:
                assert all(listing["sources"][name]["verified"] for name in server["source"])


def test_offers_marks_facts_older_than_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(date):
        @classmethod
        def today(cls) -> "Later":
            return cls(2029, 1, 1)

    monkeypatch.setattr("autoconfig.offers.listing.date", Later)
    assert "(old)" in run("offers").stdout
    assert all(offer["old"] for offer in json.loads(run("offers", "--json").stdout)["offers"])


def _whole_run(*arguments: str, stdout: int) -> tuple[int, bytes]:
    """The exit code and standard error of a process of its own."""
    command = [sys.executable, "-c", "from autoconfig.cli import main; main()", *arguments]
    done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=60)
    return done.returncode, done.stderr


PRINTING = pytest.mark.parametrize(
    "arguments",
    [
        ["offers"],
        ["validate", *CONFIG],
        ["names", *CONFIG],
        ["show", "autoconfig", "a.fr", "--offer", "mx-plan"],
    ],
    ids=lambda arguments: str(arguments[0]),
)


@PRINTING
def test_pipe_that_nobody_reads_ends_a_command_quietly(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert _whole_run(*arguments, stdout=writer) == (141, b"")
    finally:
        os.close(writer)


@PRINTING
def test_full_disk_is_said_to_be_that_of_standard_output(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        code, said = _whole_run(*arguments, stdout=full.fileno())
    assert (code, said) == (2, b"error: standard output: No space left on device\n")


def test_closed_standard_output_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)  # as Python has it after `>&-`
    with pytest.raises(OSError, match="Bad file descriptor: 'standard output'"):
        put("a line")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [(KeyboardInterrupt, 130, "interrupted\n"), (BrokenPipeError, 141, "")],
)
def test_interrupted_command_ends_as_shells_expect(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException], code: int, said: str
) -> None:
    def interrupt() -> None:
        raise error

    monkeypatch.setattr("autoconfig.cli.offers.load_catalogue", interrupt)
    result = run("offers")
    assert (result.exit_code, result.stderr) == (code, said)


def test_failed_write_is_not_reported_again_when_python_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OSError, match="No space left") as failed:
            put("a line")
        full.flush()
    assert failed.value.filename == "standard output"


def test_help_lists_every_command() -> None:
    listed = re.findall(r"^  (\w+)  +\S", run("--help").stdout, re.MULTILINE)
    assert listed == sorted(COMMANDS)


def test_unknown_command_is_named() -> None:
    result = run("publish")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such command 'publish'" in result.stderr


@pytest.mark.parametrize(("typed", "meant"), [("sho", "show"), ("Serve", "serve")])
def test_misspelt_command_is_told_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert f"Did you mean '{meant}'?" in run(typed).stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_list_of_commands_says_what_each_does(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    about = re.escape(command.get_short_help_str()[:30])
    assert re.search(rf"^  {name} +{about}", run("--help").stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("host", "address", "url"),
    [
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1:8123"),
        ("localhost", "127.0.0.1", "http://localhost:8123"),
        ("::1", "::1", "http://[::1]:8123"),
    ],
)
def test_serve_says_what_it_serves_and_where(
    monkeypatch: pytest.MonkeyPatch, host: str, address: str, url: str
) -> None:
    served: list[object] = []
    monkeypatch.setattr("autoconfig.serve.signals.hold_reloads", lambda: None)
    monkeypatch.setattr("autoconfig.serve.server.listenable", lambda host, port: address)
    monkeypatch.setattr("autoconfig.serve.server.serve", lambda *given: served.extend(given))
    result = run("serve", *CONFIG, "--host", host, "--port", "8123", "--workers", "3")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{EXAMPLE}: 6 services, 9 domains, 1 address; {url}\n"
    assert served[2:] == [address, 8123, 3]


def test_version_is_that_of_the_distribution() -> None:
    assert run("--version").stdout.startswith("autoconfig, version ")

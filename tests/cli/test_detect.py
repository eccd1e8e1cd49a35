"""`autoconfig detect`: what it asks, prints and writes, and its exit codes."""

import asyncio
import json
import os
import signal
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autoconfig.cli import main
from autoconfig.cli.arguments import standard_input
from autoconfig.cli.detect import SECONDS
from autoconfig.config.settings import NameServer
from autoconfig.detect.records import LookUpFailed, Mx, Records, Srv
from autoconfig.detect.signs import Signs
from autoconfig.detect.words import HEADS
from autoconfig.names import Domain
from autoconfig.offers.catalogue import load_catalogue
from tests.support.services import service_of

PRO = service_of("email-pro", server="pro1").host or ""
BEST = {
    region: Mx(1, load_catalogue().offers["mx-plan"].regions[region].dns.mx[0].host)
    for region in ("eu", "ca")
}
ZONES: Mapping[str, Records] = {
    "known.example": Records((BEST["eu"],), (Srv(0, 0, 443, PRO),)),
    "guess.example": Records((BEST["eu"],)),
    "canada.example": Records((BEST["ca"],)),
    "elsewhere.example": Records((Mx(10, "mx.example.com"),)),
    "xn--caf-dma.example": Records((BEST["eu"],)),
}
"""What the name servers say; of other domains they say nothing."""


class NameServers:
    """In the place of a resolver."""

    asked: list[Domain]

    def __init__(self, servers: Sequence[NameServer] = ()) -> None:
        assert servers

    async def records(
        self, domain: Domain, dkim: Sequence[str] = (), seconds: float = 0
    ) -> Records:
        assert (seconds, dkim) == (SECONDS, Signs.of(load_catalogue()).dkim_selectors)
        NameServers.asked.append(domain)
        if domain not in ZONES:
            raise LookUpFailed("SERVFAIL")
        return ZONES[domain]


@pytest.fixture(autouse=True)
def name_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("autoconfig.detect.lookup.Resolver", NameServers)
    system = (NameServer("192.0.2.53", 53),)
    monkeypatch.setattr("autoconfig.detect.lookup.system_servers", lambda: system)
    monkeypatch.chdir(tmp_path)
    NameServers.asked = []


def detect(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["detect", *arguments], input=stdin)


# ---------------------------------------------------------------------------------- domains


def test_domains_are_told_in_their_order_and_once() -> None:
    result = detect("known.example", "guess.example", "KNOWN.example.", "canada.example")
    lines = result.stdout.split("\n\n")[0].splitlines()[1:]
    assert [line.split()[0] for line in lines] == [
        "known.example",
        "guess.example",
        "canada.example",
    ]
    assert (result.exit_code, sorted(NameServers.asked)) == (
        0,
        ["canada.example", "guess.example", "known.example"],
    )


def test_address_counts_as_its_domain_and_an_international_name_in_either_form() -> None:
    detect("alice@known.example", "CAFÉ.example", "xn--caf-dma.example")
    assert sorted(NameServers.asked) == ["known.example", "xn--caf-dma.example"]


def test_domains_are_read_from_standard_input_as_from_a_domains_file() -> None:
    listed = "\ufeff# ours\nknown.example\r\n\n  bob@guess.example  # a guess\nknown.example\n"
    result = detect("canada.example", "-", "-", stdin=listed)
    assert NameServers.asked == ["canada.example", "known.example", "guess.example"]
    assert result.exit_code == 0


def test_reserved_name_is_asked_for_all_the_same() -> None:
    detect("mail.internal", "a.home.arpa", "b.test")
    assert {*NameServers.asked} == {"mail.internal", "a.home.arpa", "b.test"}


def test_every_mistake_is_said_and_nothing_asked() -> None:
    listed = "known.example\n192.0.2.1\n\nwww.known.example # a web site\n"
    result = detect("no domain", "known.example", "a@b@c", "-", "--resolver", ":", stdin=listed)
    assert result.stderr.splitlines() == [
        'error: DOMAIN: "no domain" is not a domain name; write one such as example.com',
        'error: DOMAIN: "a@b@c" is not an e-mail address; write one such as alice@example.com',
        'error: standard input: line 2: "192.0.2.1" is not a domain name; write a name and not '
        "an IP address, such as example.com",
        'error: standard input: line 4: "www.known.example" is a name at which nobody has an '
        "address; write known.example",
        *[line for line in result.stderr.splitlines() if line.startswith("error: --resolver: ")],
    ]
    assert len(result.stderr.splitlines()) == 5
    assert (result.exit_code, result.stdout, NameServers.asked) == (2, "", [])


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        ([], "", "Missing argument 'DOMAIN...'"),
        (["-"], "", "error: standard input: names no domain"),
        (["-"], "# none\n\n", "error: standard input: names no domain"),
        (["-"], b"known.example\n\xff", "error: standard input: line 2 is not UTF-8"),
        (["-"], "no domain\n" * 5000, "error: there are more mistakes"),
        (["a.example", "--lang", "de"], "", "'de' is not one of"),
        (["a.example", "--json", "-o", "-"], "", "--json and -o - cannot both"),
        (["a.example", "--resolver", "192.0.2.1:0"], "", "error: --resolver: "),
    ],
    ids=lambda value: str(value)[:40],
)
def test_wrong_usage_ends_with_2_before_anything_is_asked(
    arguments: list[str], stdin: str | bytes, said: str
) -> None:
    result = detect(*arguments, stdin=stdin)
    assert said in result.stderr
    assert (result.exit_code, result.stdout, NameServers.asked) == (2, "", [])


def test_standard_input_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoconfig.typed_toml.MAX_FILE", 100)
    result = detect("-", stdin="known.example\n" * 100)
    assert result.stderr.startswith("error: standard input: is larger than")
    assert result.exit_code == 2


def test_standard_input_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(os.open(os.devnull, os.O_WRONLY)) as unreadable:
        monkeypatch.setattr(sys, "stdin", unreadable)
        with pytest.raises(OSError, match="Bad file descriptor: 'standard input'"):
            standard_input()


def test_closed_standard_input_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)  # as Python has it after `<&-`
    with pytest.raises(OSError, match="Bad file descriptor: 'standard input'"):
        standard_input()


# ---------------------------------------------------------------------------------- messages


def test_name_servers_that_are_asked_are_said_with_the_time() -> None:
    said = detect("known.example").stderr
    assert said.startswith("Asking 192.0.2.53 about 1 domain, 20")
    assert said.endswith(" UTC\n")
    arguments = ("--resolver", "192.0.2.1:5353", "--resolver", "[2001:db8::1]:54")
    said = detect("known.example", *arguments).stderr
    assert said.startswith("Asking 192.0.2.1:5353, [2001:db8::1]:54 about 1 domain, ")


def test_many_domains_are_counted_by_how_sure_it_is() -> None:
    result = detect(*ZONES, "silent.example")
    assert result.stderr.splitlines()[-1] == "3 guess, 1 known, 1 none, 1 failed"


def test_progress_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoconfig.cli.output._looks_on", lambda: True)
    result = detect(*ZONES)
    assert "Looking up" in result.stderr
    assert "Looking up" not in result.stdout


# ------------------------------------------------------------------------------- exit codes


@pytest.mark.parametrize(
    ("domains", "code"),
    [
        (["known.example", "guess.example"], 0),
        (["known.example", "elsewhere.example"], 1),
        (["known.example", "silent.example"], 1),
    ],
    ids=str,
)
@pytest.mark.parametrize("way", [[], ["--json"], ["-o", "-"], ["-o", "new.toml"]], ids=str)
def test_exit_code_says_whether_every_domain_has_a_service(
    domains: list[str], code: int, way: list[str]
) -> None:
    assert detect(*domains, *way).exit_code == code


def test_look_up_that_fails_is_no_answer_and_never_absent() -> None:
    (found,) = json.loads(detect("silent.example", "--json").stdout)
    assert (found["confidence"], found["offer"], found["signs"]) == ("failed", None, [])
    assert NameServers.asked == ["silent.example"] * 2
    assert "No answer" in detect("silent.example").stdout


def test_ctrl_c_ends_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(*_: object, **__: object) -> Records:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(3600)
        raise AssertionError

    monkeypatch.setattr(NameServers, "records", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = detect("known.example", "-o", "new.toml")
    finally:
        signal.signal(signal.SIGINT, before)
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr.splitlines()[-1] == "interrupted"
    assert not Path("new.toml").exists()


# ------------------------------------------------------------------------------- languages


@pytest.mark.parametrize("way", [[], ["--json"], ["-o", "-"]], ids=str)
def test_french_is_printed_where_it_is_asked_for(way: list[str]) -> None:
    english, french = detect("guess.example", *way), detect("guess.example", *way, "--lang", "fr")
    assert english.stdout != french.stdout
    assert "espace client" in french.stdout.replace("\n#", "")
    assert "control panel" in english.stdout.replace("\n#", "")


def test_english_is_the_default() -> None:
    assert detect("guess.example").stdout.startswith(HEADS["en"][0])


# ------------------------------------------------------------------------------------ files


def test_configuration_that_is_written_is_valid_and_whole(tmp_path: Path) -> None:
    written = detect(*ZONES, "silent.example", "-o", "new.toml")
    printed = detect(*ZONES, "silent.example", "-o", "-").stdout
    assert Path("new.toml").read_text() == printed
    assert "new.toml: 4 of 6 domains; the others stand in it as comments" in written.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["new.toml"]
    valid = CliRunner().invoke(main, ["validate", "--config", "new.toml"])
    assert valid.stdout == "new.toml: 3 services, 4 domains\n"
    assert {"elsewhere.example", "silent.example"} <= {*printed.replace('"', " ").split()}


def test_lines_are_printed_beside_a_file_and_the_tables_are_in_it_alone() -> None:
    result = detect("known.example", "guess.example", "-o", "new.toml")
    assert result.stdout.startswith(HEADS["en"][0])
    assert "[[service]]" not in result.stdout
    assert Path("new.toml").read_text().count("[[service]]") == 2


def test_json_is_alone_on_standard_output_beside_a_file() -> None:
    result = detect("known.example", "--json", "-o", "new.toml")
    assert [each["server"] for each in json.loads(result.stdout)] == [PRO]
    assert Path("new.toml").exists()


@pytest.mark.parametrize("there", ["file", "link", "folder"])
def test_file_of_somebody_is_never_replaced_and_nothing_asked(there: str) -> None:
    place = Path("mine.toml")
    match there:
        case "file":
            place.write_text("# mine\n")
        case "link":
            place.symlink_to("nowhere")
        case "folder":
            place.mkdir()
    before = place.lstat()
    result = detect("known.example", "-o", "mine.toml")
    assert result.stderr.startswith("error: mine.toml: is there already, and stays as it is: ")
    assert (result.exit_code, result.stdout, NameServers.asked) == (2, "", [])
    assert place.lstat() == before


def test_file_in_a_folder_that_is_not_there_is_refused_and_nothing_asked() -> None:
    result = detect("known.example", "-o", "nowhere/new.toml")
    assert result.stderr.startswith("error: nowhere/new.toml: there is no such folder: ")
    assert (result.exit_code, result.stdout, NameServers.asked) == (2, "", [])


def test_file_that_appears_meanwhile_is_not_replaced_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.path.lexists", lambda path: False)
    Path("mine.toml").write_text("# mine\n")
    result = detect("known.example", "-o", "mine.toml")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "error: mine.toml: File exists",
    )
    assert Path("mine.toml").read_text() == "# mine\n"


def test_configuration_that_would_have_no_service_is_not_written() -> None:
    result = detect("elsewhere.example", "-o", "new.toml")
    assert "new.toml is not written, as no domain has a service" in result.stderr
    assert result.exit_code == 1
    assert os.listdir() == []
    printed = detect("elsewhere.example", "-o", "-").stdout
    assert tomllib.loads(printed) == {}
    assert '# domains = ["elsewhere.example"]' in printed

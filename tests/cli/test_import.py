"""`autoconfig import`: what it calls, prints and writes, and its exit codes."""

import json
import os
import re
import shlex
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autoconfig.account.choice import Reason
from autoconfig.account.words import REASONS, REFUSED
from autoconfig.cli import main, rewriting
from autoconfig.config.load import load_config
from autoconfig.documents.formats import LANGUAGES
from tests.support.mail_account import EXCHANGE, IN_TWO_OFFERS, PRO, TRUTH, whole_account
from tests.support.ovh_api import Fault, Server, State, attached, mail, stand_in
from tests.support.ovh_api.faults import EXPIRED, LIST, NULL, TOO_MANY, answer

FILE = Path("autoconfig.toml")


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without files of keys, and no waiting."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("autoconfig.account.client.PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr("autoconfig.account.client.LONGEST_PAUSE", 0.0)


@pytest.fixture
def state() -> State:
    return whole_account()


@pytest.fixture
def server(state: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with stand_in(state) as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


def imported(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["import", *arguments])


def names(text: str) -> dict[str, tuple[str, str | None]]:
    """The offer and the server of each name in a configuration."""
    return {
        name: (table["offer"], table.get("server"))
        for table in tomllib.loads(text).get("service", [])
        for name in (*table.get("domains", ()), *table.get("addresses", ()))
    }


# ------------------------------------------------------------------------------------ printed


def test_configuration_is_printed_loads_and_is_right(server: Server) -> None:
    result = imported()
    assert (names(result.stdout), result.stderr, result.exit_code) == (TRUTH, "", 0)
    FILE.write_text(result.stdout)
    assert len(load_config(FILE).served.domains) == len([name for name in TRUTH if "@" not in name])


def test_services_are_told_in_the_order_of_offer_and_server(server: Server, state: State) -> None:
    mail.exchange(state, "org-1", "hosted-9", "second.example", hostname=EXCHANGE.replace("4", "3"))
    tables = tomllib.loads(imported().stdout)["service"]
    order = [(table["offer"], table.get("server", "")) for table in tables]
    assert order == sorted(order)
    assert all(table.get("domains", []) == sorted(table.get("domains", [])) for table in tables)


def test_nothing_but_get_is_called_and_no_call_twice(server: Server) -> None:
    imported()
    calls = server.called()
    assert server.called("POST", "PUT", "DELETE") == []
    without_pages = [call for call in calls if "/v2/" not in call]
    assert len({*without_pages}) == len(without_pages)


def test_json_has_the_services_and_the_rest_with_reasons(server: Server, state: State) -> None:
    mail.old_mx_plan(state, "unsure.example")
    mail.exchange(state, "org-1", "hosted-2", attached("unsure.example", mxIsValid=False))
    state.answers["/email/pro"].append("emailpro-9")
    result = imported("--json", "--lang", "fr")
    told = json.loads(result.stdout)
    assert [*told] == ["services", "unsure", "not_read"]
    (private,) = [each for each in told["services"] if each["offer"] == "exchange-private"]
    assert private == {
        "offer": "exchange-private",
        "region": "eu",
        "server": "mail.corp.example",
        "domains": ["corp.example"],
        "addresses": [],
    }
    assert ("unsure.example", ["exchange-hosted", "mx-plan"]) in [
        (each["domain"], each["offers"]) for each in told["unsure"]
    ]
    assert all("compte" in each["reason"] or "lu" in each["reason"] for each in told["unsure"])
    assert [each["what"] for each in told["not_read"]] == ["Email Pro emailpro-9"]
    assert result.exit_code == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_unsure_is_a_comment_with_the_reason(
    server: Server, state: State, lang: str
) -> None:
    mail.email_pro(state, "emailpro-2", "unsure.example", hostname=EXCHANGE)
    result = imported("--lang", lang)
    assert (names(result.stdout), result.exit_code) == (TRUTH, 1)
    _, _, comments = result.stdout.partition("\n# ")
    assert '# domains = ["unsure.example"]' in comments
    text = " ".join(line.removeprefix("# ") for line in f"# {comments}".splitlines())
    first, _, _ = REASONS[Reason.OTHER_SERVER][lang].partition("{server}")
    assert text.startswith(first)


def test_server_that_nobody_has_seen_is_warned_of(server: Server, state: State) -> None:
    unseen = PRO.replace("1", "88")
    mail.email_pro(state, "emailpro-2", "a.example", "b.example", hostname=unseen)
    result = imported()
    assert names(result.stdout)["a.example"] == ("email-pro", unseen)
    assert (result.stderr.count("warning:"), result.exit_code) == (1, 0)


def test_empty_account_is_no_failure(server: Server, state: State) -> None:
    state.answers.update({path: [] for path in State().answers})
    result = imported()
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "no mail service" in result.stderr


def test_region_is_that_of_the_endpoint(
    server: Server, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ovh.client  # noqa: PLC0415  # which reads files of keys when it is imported

    state.lacks("/email/domain", "/email/pro", "/v2/zimbra")
    mail.mx_plan(state, "mxplan-2", "example.ca")
    monkeypatch.setitem(ovh.client.ENDPOINTS, "ovh-ca", server.url)
    monkeypatch.setenv("OVH_ENDPOINT", "ovh-ca")
    told = json.loads(imported("--json").stdout)
    assert {each["region"] for each in told["services"]} == {"ca"}
    assert told["not_read"] == []


# ------------------------------------------------------------------------------ rights and faults


@pytest.mark.parametrize(
    ("lacking", "lost"),
    [
        ("/email/pro", "email-pro"),
        ("/email/exchange", "exchange-hosted"),
        ("/v2/zimbra/platform", "zimbra-pro"),
    ],
)
def test_missing_right_is_named_and_stops_no_other_family(
    server: Server, state: State, lacking: str, lost: str
) -> None:
    others = (path for path in State().answers if path != lacking)
    state.grant(*(f"GET {path}{end}" for path in others for end in ("", "/*")))
    result = imported()
    found = names(result.stdout)
    sure = {name for name, (offer, _) in TRUTH.items() if offer != lost}
    assert sure - IN_TWO_OFFERS - {"corp.example", "c@zimbra.example", "starter.example"} <= {
        *found
    }
    assert "corp.example" in found or lost == "exchange-hosted"
    assert lost not in {offer for offer, _ in found.values()}
    assert f"GET {lacking.removeprefix('/v2')}" in result.stderr.replace("/v2", "")
    assert result.exit_code == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_configuration_warns_of_what_could_not_be_read(
    server: Server, state: State, lang: str
) -> None:
    others = (path for path in State().answers if path != "/email/pro")
    state.grant(*(f"GET {path}{end}" for path in others for end in ("", "/*")))
    first = imported("--lang", lang).stdout.partition("\n[[service]]")[0]
    assert first.replace("\n# ", " ") == "# " + REFUSED[lang].format(families="Email Pro") + "\n"


def test_account_that_may_not_be_read_is_no_empty_one(server: Server, state: State) -> None:
    state.grant("GET /domain/zone")
    result = imported()
    assert (result.stdout, result.exit_code) == ("", 1)
    assert {line.partition(":")[0] for line in result.stderr.splitlines()} == {"not read"}


FAULTS = (NULL, TOO_MANY, EXPIRED, answer(403), answer(404), LIST)
"""Of the API; each call meets one of them."""


def test_fault_at_any_call_ends_in_a_message_and_in_no_wrong_table(server: Server) -> None:
    imported()
    paths = {call.path.partition("?")[0] for call in server.calls if not call.path.startswith("/a")}
    for path, fault in zip(sorted(paths), cycle(FAULTS), strict=False):
        server.faults[:] = [Fault(fault, path=path)]
        result = imported()
        found = {n: its for n, its in names(result.stdout).items() if n not in IN_TWO_OFFERS}
        assert {name: TRUTH[name] for name in found} == found
        assert result.exit_code == 1
        assert "not read: " in result.stderr or "\n# [[service]]" in result.stdout


def test_fault_that_passes_is_none(server: Server) -> None:
    server.faults[:] = [Fault(TOO_MANY, number=number) for number in (5, 9, 10)]
    assert names(imported().stdout) == TRUTH


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_keys_it_says_how_to_get_them_with_the_rights_to_read(lang: str) -> None:
    result = imported("--lang", lang)
    assert (result.stdout, result.exit_code) == ("", 2)
    reading, both = re.findall(r"^ +ovh-eu: (\S+)$", result.stderr, re.MULTILINE)
    assert "GET=/email/pro&" in reading
    assert "POST=" not in reading
    assert "POST=" in both
    assert result.stderr.splitlines()[-1].startswith("error: ")


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("ovh.client", f"run {shlex.quote(sys.executable)} -m pip install '.[ovh]'"),
        ("pip", "install the program again, as FOLDER[ovh], where FOLDER is its folder"),
    ],
)
def test_without_the_library_it_says_what_to_install_and_no_more(
    without: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ovh.client", None)
    if without == "pip":
        monkeypatch.setattr("autoconfig.account.credentials.find_spec", lambda name: None)
    result = imported()
    assert (result.stdout, result.exit_code) == ("", 2)
    (line,) = result.stderr.splitlines()
    assert line.endswith(said)


def test_keys_that_are_refused_are_no_empty_account(server: Server, state: State) -> None:
    state.consumer_key = "another"
    result = imported()
    assert (result.stdout, result.exit_code) == ("", 2)
    assert "GET=/email/pro&" in result.stderr


# ------------------------------------------------------------------------------------ written

OURS = f"""# ours
base_url = "https://autoconfig.agency.example"

[[service]]  # the big one
offer = "pro"
server = "{PRO.upper()}"
domains = [
    'mine.example',  # Mine Ltd
]
"""


def test_what_is_new_is_shown_and_written(server: Server) -> None:
    FILE.write_text(OURS)
    result = imported("--write", "--yes")
    assert result.exit_code == 0
    text = FILE.read_text()
    assert names(text) == {"mine.example": ("pro", PRO.upper())} | {
        name: ("pro", PRO.upper()) if its == ("email-pro", PRO) else its
        for name, its in TRUTH.items()
    }
    assert all(f"+{line}" in result.stdout for line in text.splitlines() if line not in OURS)
    assert "'xn--caf-dma.example'," in text
    again = imported("--write", "--yes")
    assert (FILE.read_text(), again.stdout, again.exit_code) == (text, "", 0)


def test_copy_of_the_old_file_is_kept_and_undoes_it(server: Server) -> None:
    FILE.write_text(OURS)
    FILE.chmod(0o640)
    result = imported("--write", "--yes")
    (copy,) = Path.cwd().glob("autoconfig.toml.before-import-*")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (FILE, copy)] == [0o640, 0o640]
    (undo,) = re.findall("cp .*", result.stderr)
    subprocess.run(shlex.split(undo), check=True)
    assert FILE.read_text() == OURS


def test_mode_is_kept_whatever_the_umask_is(server: Server) -> None:
    FILE.write_text(OURS)
    FILE.chmod(0o666)
    before = os.umask(0o077)
    try:
        imported("--write", "--yes")
    finally:
        os.umask(before)
    assert stat.S_IMODE(FILE.stat().st_mode) == 0o666


def test_symbolic_link_is_followed_and_names_are_read_beside_it(server: Server) -> None:
    Path("real").mkdir()
    Path("list.txt").write_text("mine.example\n")
    Path("real/file.toml").write_text('[[service]]\noffer = "mx-plan"\ndomains_file = "list.txt"\n')
    FILE.symlink_to("real/file.toml")
    assert imported("--write", "--yes").exit_code == 0
    assert FILE.is_symlink()
    assert {*TRUTH} <= {*names(Path("real/file.toml").read_text())}
    assert len([*Path("real").iterdir()]) == 2


def test_without_a_file_a_new_one_is_written(server: Server) -> None:
    result = imported("--write", "--yes", "--config", "new.toml")
    assert names(Path("new.toml").read_text()) == TRUTH
    assert result.stdout.startswith("--- /dev/null\n+++ new.toml\n@@ -0,0 +1,")
    assert [each.name for each in Path.cwd().iterdir()] == ["new.toml"]


@pytest.mark.parametrize("decided", [True, False])
def test_what_is_unsure_counts_until_a_person_has_decided(
    server: Server, state: State, *, decided: bool
) -> None:
    mail.email_pro(state, "emailpro-2", "unsure.example", hostname=EXCHANGE)
    mail.old_mx_plan(state, "mine.example")
    more = "domains = ['unsure.example',"
    FILE.write_text(OURS.replace("domains = [", more) if decided else OURS)
    result = imported("--write", "--yes")
    assert result.exit_code == (0 if decided else 1)
    assert ("not decided: unsure.example" in result.stderr) is not decided
    assert f"mine.example stays as it is: email-pro {PRO}" in result.stderr
    text = FILE.read_text()
    assert imported("--write", "--yes").exit_code == result.exit_code
    assert FILE.read_text() == text


def test_without_a_terminal_nothing_is_written(server: Server) -> None:
    FILE.write_text(OURS)
    result = imported("--write")
    assert (FILE.read_text(), result.exit_code) == (OURS, 2)
    assert "+++ autoconfig.toml" in result.stdout
    assert "--yes" in result.stderr


@pytest.mark.parametrize(("said", "code"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_person_is_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch, said: str, code: int
) -> None:
    FILE.write_text(OURS)
    monkeypatch.setattr("autoconfig.cli.import_._sits_here", lambda: True)
    result = CliRunner().invoke(main, ["import", "--write"], input=said)
    assert (FILE.read_text() != OURS, result.exit_code) == (code == 0, code)
    assert "Write this into autoconfig.toml?" in result.stderr


def test_person_is_asked_in_french(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoconfig.cli.import_._sits_here", lambda: True)
    result = CliRunner().invoke(main, ["import", "--write", "--lang", "fr"], input="n\n")
    assert "Écrire cela dans autoconfig.toml ? (oui : y, non : n) [y/N]" in result.stderr


def test_file_that_was_changed_meanwhile_stays_as_it_is(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    FILE.write_text(OURS)
    monkeypatch.setattr("autoconfig.cli.import_._sits_here", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_, **__: FILE.write_text(f"{OURS}# new\n"))
    result = CliRunner().invoke(main, ["import", "--write"])
    assert (FILE.read_text(), result.exit_code) == (f"{OURS}# new\n", 2)
    assert "has been changed" in result.stderr
    assert [each.name for each in Path.cwd().iterdir()] == ["autoconfig.toml"]


def test_result_that_would_not_load_is_not_written(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    FILE.write_text(OURS)
    monkeypatch.setattr("autoconfig.account.merge.inserted", lambda text, _: f"{text}[")
    result = imported("--write", "--yes")
    assert (FILE.read_text(), result.exit_code) == (OURS, 2)
    assert "autoconfig.toml: is not valid TOML" in result.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [("[[service]]\n", "offer: is missing"), ("[", "not valid TOML"), (None, "no such folder")],
    ids=["mistake", "no-toml", "no-folder"],
)
def test_file_that_is_wrong_is_refused_before_anything_is_asked(
    server: Server, content: str | None, says: str
) -> None:
    path = FILE if content else Path("none/autoconfig.toml")
    if content:
        FILE.write_text(content)
    result = imported("--write", "--yes", "--config", str(path))
    assert (result.exit_code, server.calls) == (2, [])
    assert says in result.stderr


@pytest.mark.parametrize("options", [("--json", "--write"), ("--yes",)], ids=" ".join)
def test_options_that_contradict_each_other_are_refused(options: tuple[str, ...]) -> None:
    result = imported(*options)
    assert (result.exit_code, "--write" in result.stderr) == (2, True)


def test_lines_are_those_of_toml() -> None:
    assert rewriting.lines("a\r\nb\x0cc\n\n") == ["a", "b\x0cc", ""]

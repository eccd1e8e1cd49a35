"""A folder holds one configuration: the last export's, whatever earlier ones wrote or broke off.

Files of anybody else stay, and so does a file of ours that somebody has changed.
"""

import json
import os
import stat
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest
from click.testing import Result
from msgspec import structs

from autoconfig.config.load import load_config
from autoconfig.config.served import Served
from autoconfig.export.apache import DATA, HTACCESS, PEOPLE, PROGRAM
from autoconfig.export.files import TARGETS, export
from autoconfig.export.manifest import NAME, digest, places
from autoconfig.export.nginx import SNIPPET
from autoconfig.names import Domain
from tests.support.exports import run, tree
from tests.support.recipes import EXAMPLE
from tests.support.services import service_of

OWN = {"plain": [], "apache": [HTACCESS, PROGRAM, DATA, PEOPLE], "nginx": [SNIPPET]}
A, B, C = (Domain(name) for name in ("a.example", "b.example", "c.example"))
DOCUMENT = places(A)[0]

every_target = pytest.mark.parametrize("target", TARGETS)


def configured(folder: Path, *domains: str, more: str = "") -> tuple[str, str]:
    """`--config`, with a configuration of these domains."""
    path = folder / f"{'-'.join(domains) or 'none'}.toml"
    names = json.dumps(domains)
    path.write_text(f'{more}[[service]]\noffer = "mx-plan"\ndomains = {names}\n')
    return "--config", str(path)


def everything(folder: Path) -> set[str]:
    """Every file and directory, our list too."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.fixture
def web(tmp_path: Path) -> Path:
    return tmp_path / "web"


# ------------------------------------------------------------------------------ with --offer


def test_offer_that_would_drop_domains_is_refused_and_the_whole_configuration_printed(
    web: Path,
) -> None:
    first = ("--for", "apache", "--offer", "email-pro", "--server", "pro2", A, B)
    assert run(str(web), *first).exit_code == 0
    before = tree(web)
    result = run(str(web), "--for", "apache", "--offer", "zimbra-pro", C)
    assert result.exit_code == 2
    assert f"error: {web}: holds {A}, {B} too, which this export would drop" in result.stderr
    assert tree(web) == before
    services = tomllib.loads(result.stdout)["service"]
    assert [(each["offer"], each["domains"]) for each in services] == [
        ("email-pro", [A, B]),
        ("zimbra-pro", [C]),
    ]


def test_configuration_that_is_printed_is_the_way_on(tmp_path: Path, web: Path) -> None:
    """Of every offer, and with everything that is not the default."""
    assert run(str(web), "--for", "apache", "--config", str(EXAMPLE)).exit_code == 0
    result = run(str(web), "--for", "apache", "--offer", "zimbra-pro", C)
    assert result.exit_code == 2
    (tmp_path / "all.toml").write_text(result.stdout)
    printed, example = load_config(tmp_path / "all.toml"), load_config(EXAMPLE)
    assert printed.base_url == example.base_url
    assert set(printed.served.domains) == {*example.served.domains, C}
    assert set(printed.served.mailboxes) == set(example.served.mailboxes)
    for table in ("domains", "mailboxes"):
        for name, service in getattr(example.served, table).items():
            same = getattr(printed.served, table)[name]
            assert (same.offer, same.region, same.servers) == (
                service.offer,
                service.region,
                service.servers,
            )
    assert run(str(web), "--config", str(tmp_path / "all.toml")).exit_code == 0


def test_protocols_that_are_left_out_stay_so(web: Path) -> None:
    sold = service_of("mx-plan")
    answered = tuple(each for each in sold.servers if each.protocol != "pop3")
    list(export(web, Served({A: structs.replace(sold, servers=answered)})))
    printed = run(str(web), "--offer", "mx-plan", B).stdout
    first, second = tomllib.loads(printed)["service"]
    assert (first["protocols"], first["domains"]) == (["imap", "smtp"], [A])
    assert "protocols" not in second


def test_offer_that_would_drop_protocols_is_refused(tmp_path: Path, web: Path) -> None:
    limited = f'[[service]]\noffer = "mx-plan"\nprotocols = ["imap", "smtp"]\ndomains = ["{A}"]\n'
    (tmp_path / "limited.toml").write_text(limited)
    assert run(str(web), "--config", str(tmp_path / "limited.toml")).exit_code == 0
    result = run(str(web), "--offer", "mx-plan", A, B)
    assert result.exit_code == 2
    assert f"`protocols` of {A}" in result.stderr
    first, second = tomllib.loads(result.stdout)["service"]
    assert (first["protocols"], first["domains"]) == (["imap", "smtp"], [A])
    assert (second.get("protocols"), second["domains"]) == (None, [B])
    alone = tomllib.loads(run(str(web), "--offer", "mx-plan", A).stdout)["service"]
    assert [each["domains"] for each in alone] == [[A]]
    assert run(str(web), "--offer", "zimbra-starter", A).exit_code == 0  # it has moved


def test_offer_for_domains_of_the_same_service_adds_to_its_table(web: Path) -> None:
    run(str(web), "--offer", "mx-plan", A)
    printed = run(str(web), "--offer", "mx-plan", B, C).stdout
    assert [each["domains"] for each in tomllib.loads(printed)["service"]] == [[A, B, C]]


@pytest.mark.parametrize("domains", [(A, B), (B, A, C)])
def test_offer_for_all_domains_of_the_folder_takes_their_place(
    web: Path, domains: tuple[str, ...]
) -> None:
    run(str(web), "--offer", "email-pro", "--server", "pro1", A, B)
    assert run(str(web), "--offer", "mx-plan", *domains).exit_code == 0
    assert {name.split("/")[0].removeprefix("autoconfig.") for name in tree(web)} == {*domains}


def test_offer_that_would_drop_an_address_or_base_url_is_refused(tmp_path: Path, web: Path) -> None:
    address = '[[service]]\noffer = "zimbra-pro"\naddresses = ["boss@a.example"]\n'
    for more, said in (
        (address, "boss@a.example"),
        ('base_url = "https://x.example"\n', "base_url"),
    ):
        assert run(str(web), *configured(tmp_path, A, more=more)).exit_code == 0
        result = run(str(web), "--offer", "mx-plan", A)
        assert result.exit_code == 2
        assert said in result.stderr
        assert said in result.stdout


# ------------------------------------------------------------------------ with a configuration


@every_target
def test_domain_that_is_taken_out_goes_and_is_said_before(
    tmp_path: Path, web: Path, target: str
) -> None:
    run(str(web), "--for", target, *configured(tmp_path, A, B))
    result = run(str(web), "--for", target, *configured(tmp_path, B))
    alone = tmp_path / "alone"
    run(str(alone), "--for", target, *configured(tmp_path, B))
    assert tree(web) == tree(alone)
    assert everything(web) == everything(alone)
    lines = result.stderr.splitlines()
    assert lines[0].startswith("Removing what an earlier export wrote and this one does not: ")
    assert all(place in lines[0] for place in places(A))
    assert "export the earlier configuration again" in lines[0]


@every_target
def test_earlier_configuration_is_back_when_it_is_exported_again(
    tmp_path: Path, web: Path, target: str
) -> None:
    run(str(web), "--for", target, *configured(tmp_path, A, B))
    before = tree(web)
    run(str(web), "--for", "plain", *configured(tmp_path, B))
    run(str(web), "--for", target, *configured(tmp_path, A, B))
    assert tree(web) == before


@pytest.mark.parametrize("after", TARGETS)
@pytest.mark.parametrize("before", TARGETS)
def test_other_web_space_has_its_own_files_alone(
    tmp_path: Path, web: Path, before: str, after: str
) -> None:
    run(str(web), "--for", before, *configured(tmp_path, A))
    said = run(str(web), "--for", after, *configured(tmp_path, A)).stderr
    assert {name for name in tree(web) if "/" not in name} == {*OWN[after]}
    gone = [name for name in OWN[before] if name not in OWN[after]]
    assert ("Removing" in said) == bool(gone)
    assert (", ".join(gone) + ". To have" in said) or not gone


def test_domain_without_files_leaves_none(tmp_path: Path, web: Path) -> None:
    """Addresses alone have no file."""
    run(str(web), *configured(tmp_path, A))
    path = tmp_path / "boss.toml"
    path.write_text(f'[[service]]\noffer = "mx-plan"\naddresses = ["boss@{A}"]\n')
    assert run(str(web), "--config", str(path)).exit_code == 0
    assert everything(web) == {NAME}


def test_many_files_are_said_by_the_first_ten(tmp_path: Path, web: Path) -> None:
    domains = [f"d{number}.example" for number in range(20)]
    run(str(web), *configured(tmp_path, *domains))
    said = run(str(web), *configured(tmp_path, A)).stderr
    assert f" and {20 * len(places(A)) - 10} more." in said


# ---------------------------------------------------------------------------- what is not ours


def test_files_of_somebody_else_stay(tmp_path: Path, web: Path) -> None:
    run(str(web), "--for", "apache", *configured(tmp_path, A, B))
    mine = [f"{A}/index.html", f"autoconfig.{A}/mail/notes.txt", "favicon.ico", ".user.ini"]
    for name in mine:
        (web / name).write_text("mine")
    (web / "empty").mkdir()
    run(str(web), "--for", "nginx", *configured(tmp_path, B))
    assert [name for name in mine if (web / name).read_text() != "mine"] == []
    assert (web / "empty").is_dir()
    assert not any((web / place).exists() for place in places(A))


@pytest.mark.parametrize("name", [DOCUMENT, HTACCESS])
def test_file_that_somebody_has_changed_stays_and_is_said_each_time(
    tmp_path: Path, web: Path, name: str
) -> None:
    run(str(web), "--for", "apache", *configured(tmp_path, A, B))
    changed = (web / name).read_bytes() + b"# mine\n"
    (web / name).write_bytes(changed)
    for _ in range(2):
        said = run(str(web), *configured(tmp_path, B)).stderr
        assert f"Left alone, as it is not what an export wrote there: {name}." in said
        assert (web / name).read_bytes() == changed
    (web / name).unlink()
    assert "Left alone" not in run(str(web), *configured(tmp_path, B)).stderr
    assert "Left alone" not in run(str(web), *configured(tmp_path, B)).stderr


def test_file_that_was_changed_and_is_wanted_again_is_written_again(
    tmp_path: Path, web: Path
) -> None:
    run(str(web), *configured(tmp_path, A, B))
    before = tree(web)
    (web / DOCUMENT).write_text("mine")
    run(str(web), *configured(tmp_path, B))
    run(str(web), *configured(tmp_path, A, B))
    assert tree(web) == before


def test_folder_of_an_older_version_keeps_what_no_list_has(tmp_path: Path, web: Path) -> None:
    run(str(web), "--for", "apache", *configured(tmp_path, A, B))
    (web / NAME).unlink()
    (web / "notes.txt").write_text("mine")
    result = run(str(web), *configured(tmp_path, B))
    assert result.exit_code == 0
    line = result.stderr.splitlines()[0]
    assert line.startswith(f"Left alone, as no {NAME} says that an export wrote it: ")
    assert all(name in line for name in (*places(A), *OWN["apache"]))
    assert not any(name in line for name in (*places(B), "notes.txt"))
    assert all((web / place).exists() for place in places(A))
    assert "Left alone" not in run(str(web), *configured(tmp_path, B)).stderr


def test_folder_of_somebody_else_may_hold_anything(
    tmp_path: Path, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be read, a pipe, a circle of links, a folder with a strange name."""
    web.mkdir()
    (web / "secret").write_text("mine")
    os.mkfifo(web / "pipe")
    (web / "circle").symlink_to("circle")
    (web / "-not a host-").mkdir()

    def refuse(path: str | Path, mode: str) -> IO[bytes]:
        if Path(path).name == "secret":
            raise PermissionError(13, "Permission denied", str(path))
        return open(path, mode)

    monkeypatch.setattr("autoconfig.export.leftovers.open", refuse, raising=False)
    for domain in (A, B):
        assert run(str(web), "--for", "apache", *configured(tmp_path, domain)).exit_code == 0
    assert {"secret", "pipe", "circle", "-not a host-"} <= everything(web)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("nowhere", path)])
def test_no_file_in_the_place_of_an_own_one_is_left_alone(
    tmp_path: Path, web: Path, make: Callable[[Path], None]
) -> None:
    web.mkdir()
    make(web / HTACCESS)
    result = run(str(web), "--for", "apache", *configured(tmp_path, A))
    assert result.exit_code == 2
    assert f"error: {web / HTACCESS}: belongs to a site of its own" in result.stderr
    assert everything(web) == {HTACCESS}


def test_offer_beside_domains_of_an_older_version_is_refused(tmp_path: Path, web: Path) -> None:
    run(str(web), *configured(tmp_path, A))
    (web / NAME).unlink()
    assert run(str(web), "--offer", "mx-plan", A).exit_code == 0
    (web / NAME).unlink()
    result = run(str(web), "--offer", "mx-plan", B)
    assert result.exit_code == 2
    assert DOCUMENT in result.stderr


# ------------------------------------------------------------------------------- symbolic links


@pytest.mark.parametrize("finished", ["true", "false"])
def test_nothing_is_removed_through_a_symbolic_link(
    tmp_path: Path, web: Path, finished: str
) -> None:
    """Neither a file nor an empty directory, nor a piece of a file if a run was killed."""
    run(str(web), *configured(tmp_path, A, B))
    elsewhere = tmp_path / "site"
    (web / A).rename(elsewhere)
    (web / A).symlink_to(elsewhere)
    (elsewhere / "mail").mkdir(exist_ok=True)
    place = next(place for place in places(A) if place.startswith(f"{A}/"))
    piece = web / place.replace("config-v1", ".config-v1").replace(".xml", f".xml.{'0' * 16}")
    piece.write_text("mine")
    listed = (web / NAME).read_text()
    (web / NAME).write_text(listed.replace('"finished":true', f'"finished":{finished}'))
    said = run(str(web), *configured(tmp_path, B)).stderr
    linked = [place for place in places(A) if place.startswith(f"{A}/")]
    assert linked
    assert all((web / place).exists() for place in linked)
    assert "Left alone" in said
    assert (elsewhere / "mail").is_dir()
    assert piece.read_text() == "mine"
    assert not any((web / place).exists() for place in places(A) if place not in linked)


def test_symbolic_link_in_the_place_of_a_file_stays(tmp_path: Path, web: Path) -> None:
    run(str(web), *configured(tmp_path, A, B))
    (tmp_path / "copy").write_bytes((web / DOCUMENT).read_bytes())
    (web / DOCUMENT).unlink()
    (web / DOCUMENT).symlink_to(tmp_path / "copy")
    run(str(web), *configured(tmp_path, B))
    assert (web / DOCUMENT).is_symlink()
    assert (tmp_path / "copy").exists()


def test_folder_may_be_a_symbolic_link(tmp_path: Path, web: Path) -> None:
    (tmp_path / "real").mkdir()
    web.symlink_to(tmp_path / "real")
    run(str(web), *configured(tmp_path, A, B))
    run(str(web), *configured(tmp_path, B))
    assert not any((web / place).exists() for place in places(A))


def test_list_that_is_a_symbolic_link_is_replaced_and_not_followed(
    tmp_path: Path, web: Path
) -> None:
    web.mkdir()
    (tmp_path / "target").write_text("{}")
    (web / NAME).symlink_to(tmp_path / "nothing")
    assert run(str(web), *configured(tmp_path, A)).exit_code == 2
    (web / NAME).unlink()
    run(str(web), *configured(tmp_path, A))
    (tmp_path / "target").write_bytes((web / NAME).read_bytes())
    (web / NAME).unlink()
    (web / NAME).symlink_to(tmp_path / "target")
    before = (tmp_path / "target").read_bytes()
    assert run(str(web), *configured(tmp_path, B)).exit_code == 0
    assert not (web / NAME).is_symlink()
    assert (tmp_path / "target").read_bytes() == before


# ------------------------------------------------------------------------------------- the list


def test_list_is_for_its_owner_alone(tmp_path: Path, web: Path) -> None:
    run(str(web), *configured(tmp_path, A))
    assert stat.S_IMODE((web / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"null",
        b'{"services": 1}',
        b"[" * 10**5,
        b'{"version": 2}',
        b'{"services": [], "own": {}, "version": 2}',
        b'{"a": ' * 10**5,
    ],
    ids=lambda content: content[:20].decode(errors="replace"),
)
def test_damaged_list_is_refused_with_a_way_on(tmp_path: Path, web: Path, content: bytes) -> None:
    run(str(web), *configured(tmp_path, A))
    before = tree(web)
    (web / NAME).write_bytes(content)
    result = run(str(web), *configured(tmp_path, B))
    assert result.exit_code == 2
    assert f"error: {web / NAME}: " in result.stderr
    assert tree(web) == before
    (web / NAME).unlink()
    assert run(str(web), *configured(tmp_path, B)).exit_code == 0


HOSTILE = ("../outside", "/etc/passwd", "..", ".", "", "a.example/index.html", "index.html", "a\0b")
HOSTILE_DOMAINS = ("..", "../outside", "/", "a.example/..", "", "a\0.example", "A.example", "-.fr")


def test_hostile_list_removes_nothing_but_what_an_export_writes(tmp_path: Path, web: Path) -> None:
    """It names files with their true digests, at every kind of place."""
    run(str(web), *configured(tmp_path, B))
    outside = tmp_path / "outside"
    outside.mkdir()
    victims = [outside / place for place in (*places(A), "mail/config-v1.1.xml", "index.html")]
    victims += [web / "index.html", web / f"{A}/index.html", tmp_path / "index.html"]
    for victim in victims:
        victim.parent.mkdir(parents=True, exist_ok=True)
        victim.write_text("mine")
    written = json.loads((web / NAME).read_text())
    digests = [digest(b"mine")]
    written["own"] = dict.fromkeys(HOSTILE, digests) | {"index.html": digests}
    written["earlier"] = dict.fromkeys(HOSTILE_DOMAINS, digests)
    written["finished"] = False
    (web / NAME).write_text(json.dumps(written))
    result = run(str(web), *configured(tmp_path, B))
    assert result.exit_code == 0
    assert "Removing" not in result.stderr
    assert [victim for victim in victims if victim.read_text() != "mine"] == []


# --------------------------------------------------------------------- at once, and broken off


def test_exports_of_two_configurations_at_once_leave_one_of_them(tmp_path: Path, web: Path) -> None:
    options = [configured(tmp_path, A, C), configured(tmp_path, B, C)]
    alone = []
    for number, each in enumerate(options):
        run(str(tmp_path / f"{number}"), *each)
        alone.append(tree(tmp_path / f"{number}"))
    configs = [load_config(Path(path)) for _, path in options]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: list(export(web, configs[number % 2].served)), range(20)))
    assert tree(web) in alone


def test_piece_that_a_killed_run_has_left_goes_with_the_next(tmp_path: Path, web: Path) -> None:
    """tests/server/test_export_faults.py kills runs at every step."""
    run(str(web), "--for", "apache", *configured(tmp_path, A))
    listed = (web / NAME).read_text()
    (web / NAME).write_text(listed.replace('"finished":true', '"finished":false'))
    for name in (NAME, HTACCESS, *places(A)):
        folder, file = os.path.split(name)
        (web / folder / f".{file}.{'0' * 16}").write_text("")
        (web / folder / f".{file}.mine").write_text("")
    run(str(web), *configured(tmp_path, B))
    left = {name for name in everything(web) if name.endswith(("0" * 16, ".mine"))}
    assert len(left) == 2 + len(places(A))
    assert all(name.endswith(".mine") for name in left)


def test_failure_to_remove_is_said_with_the_file(
    tmp_path: Path, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(str(web), *configured(tmp_path, A, B))

    def fail(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr("autoconfig.export.leftovers.os.unlink", fail)
        result = run(str(web), *configured(tmp_path, B))
    assert result.exit_code == 2
    assert f"error: {web / DOCUMENT}: Permission denied" in result.stderr
    assert run(str(web), *configured(tmp_path, B)).exit_code == 0
    assert not (web / DOCUMENT).exists()


# -------------------------------------------------------------------------------------- progress


def test_nothing_but_messages_is_said_where_nobody_looks_on(web: Path) -> None:
    said = run(str(web), "--offer", "mx-plan", A).stderr
    assert said.splitlines()[0].endswith(f"files for 1 domain in {web}")


def test_progress_is_shown_on_a_terminal(web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoconfig.cli.output._looks_on", lambda: True)
    result: Result = run(str(web), "--offer", "mx-plan", A)
    assert result.exit_code == 0
    assert "Writing" in result.stderr

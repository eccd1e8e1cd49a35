"""Files whose paths are the URLs, whole or absent, byte for byte the server's answers.

What the trees for Apache and nginx answer is tested under those, in `tests/real/webspace/`.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import FileIO
from pathlib import Path
from typing import IO, Any, cast

import pytest
from flask.testing import FlaskClient
from jinja2 import TemplateError

from autoconfig.config.load import Config, load_config
from autoconfig.documents.formats import FORMATS, Format
from autoconfig.documents.render import render
from autoconfig.documents.text import TextKind
from autoconfig.export.advice import MOST_LISTED
from autoconfig.export.apache import DATA, HTACCESS, PEOPLE, PROGRAM
from autoconfig.export.files import TARGETS, export
from autoconfig.export.files import tree as tree_of
from autoconfig.export.manifest import NAME
from autoconfig.export.nginx import SNIPPET
from autoconfig.export.rules import file_endpoints
from autoconfig.names import Domain, certified_names
from autoconfig.problems import ConfigurationError
from tests.support.exports import exported, files, run, tree
from tests.support.recipes import EXAMPLE
from tests.support.services import service_of, urls_of

OWN_FILES = {"plain": set(), "apache": {PROGRAM, DATA, PEOPLE, HTACCESS}, "nginx": {SNIPPET}}

EX4 = service_of("exchange-hosted", server="ex4")
FILES = len(file_endpoints())
"""Files of a domain."""

every_target = pytest.mark.parametrize("target", TARGETS)
targets_with_files = pytest.mark.parametrize("target", [t for t in TARGETS if OWN_FILES[t]])


def test_path_of_a_file_is_its_url_and_its_content_the_servers_answer(
    client: FlaskClient, config: Config, tmp_path: Path
) -> None:
    assert run(str(tmp_path), "--config", str(EXAMPLE)).exit_code == 0
    written = tree(tmp_path)
    assert len(written) == FILES * len(config.served.domains)
    for name, content in written.items():
        host, _, path = name.partition("/")
        assert client.get(f"/{path}", headers={"Host": host}).data == content


def test_every_domain_has_a_file_under_both_hosts(config: Config, tmp_path: Path) -> None:
    run(str(tmp_path), "--config", str(EXAMPLE))
    for domain in config.served.domains:
        assert (tmp_path / f"autoconfig.{domain}/mail/config-v1.1.xml").is_file()
        assert (tmp_path / f"{domain}/.well-known/autoconfig/mail/config-v1.1.xml").is_file()


def test_offer_on_the_command_line_stands_for_a_configuration(tmp_path: Path) -> None:
    result = run(str(tmp_path), "--offer", "mx-plan", "example.com", "café.example")
    assert result.exit_code == 0
    assert {path.parts[len(tmp_path.parts)] for path in files(tmp_path)} == {
        "autoconfig.example.com",
        "autoconfig.xn--caf-dma.example",
        "example.com",
        "xn--caf-dma.example",
    }


def test_what_files_cannot_do_is_said(tmp_path: Path) -> None:
    said = run(str(tmp_path), "--config", str(EXAMPLE)).stderr
    assert f"{9 * FILES} files for 9 domains" in said
    assert "Outlook: its settings hold the person's address" in said
    assert "and the like" not in said
    assert f"302 to {urls_of(EX4)['xml']}" in said
    assert "_autodiscover._tcp SRV 0 0 443 mail.corp.example." in said
    assert "boss@example.fr: a file is the same for every address" in said


def test_second_run_replaces_the_files(tmp_path: Path) -> None:
    run(str(tmp_path), "--offer", "email-pro", "--server", "pro1", "example.fr")
    for file in files(tmp_path):
        file.write_bytes(b"written by an earlier run")
    before = tree(tmp_path)
    run(str(tmp_path), "--offer", "mx-plan", "example.fr")
    assert set(tree(tmp_path)) == set(before)
    assert all(before[name] != content for name, content in tree(tmp_path).items())


def test_files_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        run(str(tmp_path), "--offer", "mx-plan", "example.fr")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in files(tmp_path)} == {0o644}


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_interrupted_run_leaves_whole_files_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: BaseException
) -> None:
    """The fault strikes when half of the fourth file is written."""
    whole = exported("plain", tmp_path / "whole")
    fail_at(monkeypatch, 4, fault)
    with pytest.raises(type(fault)):
        list(export(tmp_path / "torn", load_config(EXAMPLE).served))
    left = tree(tmp_path / "torn")
    assert len(left) == 3
    assert left.items() <= whole.items()


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_interrupted_run_leaves_the_old_program_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    """At each of the target's own files, which come after those of nine domains."""
    before = exported("apache", tmp_path)
    fail_at(monkeypatch, 9 * FILES + number, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        list(export(tmp_path, load_config(EXAMPLE).served, "apache", "https://new.example"))
    after = tree(tmp_path)
    assert set(after) == set(before)
    assert {name for name in after if after[name] != before[name]} <= {DATA}


def fail_at(monkeypatch: pytest.MonkeyPatch, number: int, fault: BaseException) -> None:
    """Half of one file is written, then nothing more. The list of all comes before the first."""
    opened = -1

    class Torn(FileIO):
        def write(self, content: Any) -> int:
            super().write(content[: len(content) // 2])
            raise fault

    def open_torn(path: str, mode: str, opener: Any) -> IO[Any]:
        nonlocal opened
        opened += 1
        opening = Torn if opened == number else open
        return cast("IO[Any]", opening(path, mode, opener=opener))

    monkeypatch.setattr("autoconfig.export.whole.open", open_torn, raising=False)


@pytest.mark.parametrize("fault", [IsADirectoryError, OSError(28, "No space left on device")])
def test_failure_names_the_file_that_was_to_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: type[OSError] | OSError
) -> None:
    path = tmp_path / str(file_endpoints()[0][0].file(Domain("example.com")))
    if isinstance(fault, OSError):
        fail_at(monkeypatch, 1, fault)
    else:
        path.mkdir(parents=True)
    result = run(str(tmp_path), "--offer", "mx-plan", "example.com")
    assert result.exit_code == 2
    said = "No space left on device" if isinstance(fault, OSError) else "Is a directory"
    assert result.stderr.splitlines()[-1] == f"error: {path}: {said}"
    assert list(files(tmp_path)) == []


def test_exports_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    served = load_config(EXAMPLE).served
    together = tmp_path / "together"
    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(lambda _: list(export(together, served)), range(20)))) == 20
    assert tree(together) == exported("plain", tmp_path / "alone")


ADDRESSES = '[[service]]\noffer = "exchange"\nserver = "ex4"\naddresses = ["boss@a.example"]\n'


def test_addresses_alone_have_no_file_and_what_they_need_is_said(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(ADDRESSES)
    said = run(str(tmp_path / "web"), "--config", str(tmp_path / "own.toml")).stderr
    assert "0 files for 0 domains" in said
    assert "`autoconfig serve` under autoconfig.a.example and autodiscover.a.example" in said
    assert f"_autodiscover._tcp SRV 0 0 443 {EX4.host}." in said


def test_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run(str(tmp_path / "file" / "below"), "--offer", "mx-plan", "example.fr")
    assert result.exit_code == 2
    assert str(tmp_path / "file") in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("target", ["apache", "nginx"])
@pytest.mark.parametrize("number", [1, 3, MOST_LISTED // 2])
def test_every_name_is_said_at_the_end(tmp_path: Path, target: str, number: int) -> None:
    domains = [f"d{each}.example" for each in range(number)]
    said = run(str(tmp_path), "--for", target, "--offer", "mx-plan", *domains).stderr
    assert [d for d in domains for name in certified_names(Domain(d)) if name not in said] == []
    assert " more" not in said


@every_target
def test_more_names_than_a_certificate_has_are_left_to_the_command_for_them(
    tmp_path: Path, target: str
) -> None:
    domains = [f"d{each}.example" for each in range(MOST_LISTED + 1)]
    said = run(str(tmp_path), "--for", target, "--offer", "mx-plan", *domains).stderr
    assert " more (`autoconfig names` prints all)" in said
    assert len(said) < 2000


def test_thousands_of_addresses_are_said_by_the_first(tmp_path: Path) -> None:
    names = [f'"n{number}@a.example"' for number in range(3 * MOST_LISTED)]
    text = f'[[service]]\noffer = "mx-plan"\naddresses = [{", ".join(names)}]\n'
    (tmp_path / "own.toml").write_text(text)
    said = run(str(tmp_path / "web"), "--config", str(tmp_path / "own.toml")).stderr
    assert said.splitlines()[-1] == f"The same is true of {2 * MOST_LISTED} more addresses."


def test_every_domain_for_outlook_is_said(tmp_path: Path) -> None:
    said = run(str(tmp_path), "--offer", "mx-plan", "a.fr", "b.fr", "c.fr").stderr
    assert "under autodiscover.a.fr, autodiscover.b.fr and autodiscover.c.fr." in said


# ---------------------------------------------------------------------------------------- targets


def test_plain_is_what_is_written_without_a_target(tmp_path: Path) -> None:
    run(str(tmp_path / "default"), "--config", str(EXAMPLE))
    assert exported("plain", tmp_path / "plain") == tree(tmp_path / "default")


@every_target
def test_target_has_the_plain_files_and_its_own(tmp_path: Path, target: str) -> None:
    plain, written = exported("plain", tmp_path / "a"), exported(target, tmp_path / "b")
    assert set(written) - set(plain) == OWN_FILES[target]
    assert {name: written[name] for name in plain} == plain


@every_target
def test_second_run_for_the_same_target_changes_nothing(tmp_path: Path, target: str) -> None:
    assert exported(target, tmp_path) == exported(target, tmp_path)


@every_target
@pytest.mark.parametrize("base_url", [None, "https://autoconfig.agency.example"])
def test_tree_in_memory_is_what_an_export_writes(
    tmp_path: Path, target: str, base_url: str | None
) -> None:
    """With the list of the files, in the order of writing, and nothing on the disk."""
    served = load_config(EXAMPLE).served
    in_memory = list(tree_of(served, target, base_url))
    assert list(tmp_path.iterdir()) == []
    written = [path for step in export(tmp_path, served, target, base_url) for path in step]
    assert [tmp_path / path for path, _ in in_memory] == [tmp_path / NAME, *written]
    assert dict(in_memory) == {NAME: (tmp_path / NAME).read_bytes(), **tree(tmp_path)}


def test_system_without_locks_writes_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As Windows, which has no `fcntl` and opens no folder."""
    locked = exported("apache", tmp_path / "locked")
    monkeypatch.setitem(sys.modules, "fcntl", None)
    assert exported("apache", tmp_path / "not") == locked


def test_unknown_target_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    result = run(str(tmp_path), "--for", "iis", "--offer", "mx-plan", "example.com")
    assert result.exit_code == 2
    assert all(target in result.stderr for target in TARGETS)


@targets_with_files
def test_file_of_somebody_else_is_not_overwritten(tmp_path: Path, target: str) -> None:
    for name in OWN_FILES[target]:
        (tmp_path / name).write_text("# my site\n")
    result = run(str(tmp_path), "--for", target, "--config", str(EXAMPLE))
    assert result.exit_code == 2
    for name in OWN_FILES[target]:
        assert f"error: {tmp_path / name}: belongs to a site of its own" in result.stderr
        assert (tmp_path / name).read_text() == "# my site\n"
    assert len(tree(tmp_path)) == len(OWN_FILES[target])


def test_refusal_comes_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / HTACCESS).write_text("")
    with pytest.raises(ConfigurationError):
        next(export(tmp_path, load_config(EXAMPLE).served, "apache"))
    assert set(tree(tmp_path)) == {HTACCESS}


@pytest.mark.parametrize(
    ("target", "said", "unsaid"),
    [
        ("plain", ["Run `autoconfig serve`", "boss@example.fr"], [HTACCESS, SNIPPET]),
        (
            "apache",
            [HTACCESS, "PHP 7.4", "autodiscover.example.fr"],
            ["autoconfig serve", "boss@example.fr", "SRV", SNIPPET],
        ),
        (
            "nginx",
            [SNIPPET, "proxy_pass", "boss@example.fr"],
            [HTACCESS, "SRV", "302"],
        ),
    ],
)
def test_what_is_said_at_the_end_fits_the_target(
    tmp_path: Path, target: str, said: list[str], unsaid: list[str]
) -> None:
    message = run(str(tmp_path), "--for", target, "--config", str(EXAMPLE)).stderr
    assert f"{9 * FILES + len(OWN_FILES[target])} files" in message
    assert [words for words in said if words not in message] == []
    assert [words for words in unsaid if words in message] == []


def test_broken_template_is_found_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The last service's, of which nothing would be written but at the end."""
    served = load_config(EXAMPLE).served
    last = list(served.services())[-1]

    def broken(kind: TextKind, template: str, **values: object) -> str:
        if values["service"] is last:
            raise TemplateError("'nothing' is undefined")
        return render(kind, template, **values)

    monkeypatch.setattr("autoconfig.documents.render.render", broken)
    with pytest.raises(TemplateError):
        next(export(tmp_path, served))
    assert tree(tmp_path) == {}
    with pytest.raises(TemplateError):
        next(tree_of(served))


def test_service_without_a_document_has_no_file_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As the server answers: not offered."""
    format = replace(FORMATS["autoconfig"], offered=lambda service: service.activesync is not None)
    monkeypatch.setitem(cast("dict[str, Format]", FORMATS), "autoconfig", format)
    served = load_config(EXAMPLE).served
    list(export(tmp_path, served))
    having = [domain for domain, service in served.domains.items() if service.activesync]
    assert 0 < len(having) < len(served.domains)
    written = [path for path in files(tmp_path) if path.suffix == ".xml"]
    assert len(written) == FILES * len(having)

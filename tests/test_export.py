"""Export: files whose paths are the URLs, whole or absent, byte for byte the server's answers."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from autoconfig.cli import main
from autoconfig.config import Config, load_config
from autoconfig.export import export
from tests.conftest import EXAMPLE


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["export", *arguments])


def files(directory: Path) -> Iterator[Path]:
    return (path for path in directory.rglob("*") if path.is_file())


def test_path_of_a_file_is_its_url_and_its_content_the_servers_answer(
    client: FlaskClient, config: Config, tmp_path: Path
) -> None:
    assert run(str(tmp_path), "--config", str(EXAMPLE)).exit_code == 0
    written = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in files(tmp_path)}
    assert len(written) == 2 * len(config.directory.domains)
    for name, content in written.items():
        host, _, path = name.partition("/")
        assert client.get(f"/{path}", headers={"Host": host}).data == content


def test_every_domain_has_a_file_under_both_hosts(config: Config, tmp_path: Path) -> None:
    run(str(tmp_path), "--config", str(EXAMPLE))
    for domain in config.directory.domains:
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
    assert "18 files for 9 domains" in said
    assert "Outlook: its settings hold the person's address" in said
    assert "302 to https://ex4.mail.ovh.net/autodiscover/autodiscover.xml" in said
    assert "_autodiscover._tcp SRV 0 0 443 mail.corp.example." in said
    assert "boss@example.fr: a file is the same for every address" in said


def test_second_run_replaces_the_files(tmp_path: Path) -> None:
    run(str(tmp_path), "--offer", "email-pro", "--server", "pro1", "example.fr")
    run(str(tmp_path), "--offer", "mx-plan", "example.fr")
    assert all(b"imap.mail.ovh.net" in path.read_bytes() for path in files(tmp_path))


def test_files_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        run(str(tmp_path), "--offer", "mx-plan", "example.fr")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in files(tmp_path)} == {0o644}


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_interrupted_run_leaves_whole_files_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: BaseException
) -> None:
    """The fault strikes when half of the fourth file is written."""
    domains = load_config(EXAMPLE).directory.domains.items()
    whole = Path.write_bytes
    writes = 0

    def write(path: Path, content: bytes) -> int:
        nonlocal writes
        writes += 1
        if writes == 4:
            whole(path, content[: len(content) // 2])
            raise fault
        return whole(path, content)

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(type(fault) if isinstance(fault, OSError) else KeyboardInterrupt):
        list(export(tmp_path, ((domain, site.documents) for domain, site in domains)))
    left = list(files(tmp_path))
    assert len(left) == 3
    assert all(path.read_bytes().endswith(b"</clientConfig>\n") for path in left)


def test_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run(str(tmp_path / "file" / "below"), "--offer", "mx-plan", "example.fr")
    assert result.exit_code == 2
    assert str(tmp_path / "file") in result.stderr
    assert result.stdout == ""

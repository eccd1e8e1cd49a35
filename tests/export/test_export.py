"""Export: files whose paths are the URLs, whole or absent, byte for byte the server's answers.

What the trees for Apache and nginx answer is tested under those, in `tests/webspace/`.
"""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import FileIO
from pathlib import Path
from typing import IO, Any, cast

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from autoconfig import names
from autoconfig.answers import pox_request as autodiscover
from autoconfig.answers.endpoints import Kind
from autoconfig.cli import main
from autoconfig.config.load import Config, load_config
from autoconfig.documents.formats import FORMATS
from autoconfig.documents.text import HTML
from autoconfig.errors import ClientError
from autoconfig.export.files import export
from autoconfig.export.webspace import HTACCESS, SNIPPET, TARGETS, php
from autoconfig.names import EmailAddress
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.offers.model import Numbered
from autoconfig.problems import ConfigurationError
from tests.conftest import EXAMPLE
from tests.support.services import RENDERINGS, SERVICES

TEMPLATES = Path(__file__).parents[2] / "templates"
PROGRAM, DATA = "autoconfig.php", "autoconfig-data.php"
OWN_FILES = {"plain": set(), "apache": {PROGRAM, DATA, HTACCESS}, "nginx": {SNIPPET}}

every_target = pytest.mark.parametrize("target", TARGETS)
targets_with_files = pytest.mark.parametrize("target", [t for t in TARGETS if OWN_FILES[t]])


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["export", *arguments])


def files(directory: Path) -> Iterator[Path]:
    return (path for path in directory.rglob("*") if path.is_file())


def tree(directory: Path) -> dict[str, bytes]:
    """Every file by its path."""
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files(directory)}


def for_target(target: str, folder: Path) -> dict[str, bytes]:
    assert run(str(folder), "--for", target, "--config", str(EXAMPLE)).exit_code == 0
    return tree(folder)


def test_path_of_a_file_is_its_url_and_its_content_the_servers_answer(
    client: FlaskClient, config: Config, tmp_path: Path
) -> None:
    assert run(str(tmp_path), "--config", str(EXAMPLE)).exit_code == 0
    written = tree(tmp_path)
    assert len(written) == 2 * len(config.served.domains)
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


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_interrupted_run_leaves_whole_files_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: BaseException
) -> None:
    """The fault strikes when half of the fourth file is written."""
    fail_at(monkeypatch, 4, fault)
    with pytest.raises(type(fault)):
        list(export(tmp_path, load_config(EXAMPLE).served))
    left = list(files(tmp_path))
    assert len(left) == 3
    assert all(path.read_bytes().endswith(b"</clientConfig>\n") for path in left)


@pytest.mark.parametrize("number", [19, 20, 21])
def test_interrupted_run_leaves_the_old_program_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    before = for_target("apache", tmp_path)
    fail_at(monkeypatch, number, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        list(export(tmp_path, load_config(EXAMPLE).served, "apache", "https://new.example"))
    after = tree(tmp_path)
    assert set(after) == set(before)
    assert {name for name in after if after[name] != before[name]} <= {DATA}


def fail_at(monkeypatch: pytest.MonkeyPatch, number: int, fault: BaseException) -> None:
    """Half of one file is written, then nothing more."""
    opened = 0

    class Torn(FileIO):
        def write(self, content: Any) -> int:
            super().write(content[: len(content) // 2])
            raise fault

    def open_torn(path: str, mode: str) -> IO[Any]:
        nonlocal opened
        opened += 1
        return cast("IO[Any]", Torn(path, mode)) if opened == number else open(path, mode)

    monkeypatch.setattr("autoconfig.export.files.open", open_torn, raising=False)


@pytest.mark.parametrize("fault", [IsADirectoryError, OSError(28, "No space left on device")])
def test_failure_names_the_file_that_was_to_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: type[OSError] | OSError
) -> None:
    path = tmp_path / "autoconfig.example.com/mail/config-v1.1.xml"
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
    directory = load_config(EXAMPLE).served
    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(lambda _: list(export(tmp_path, directory)), range(20)))) == 20
    written = tree(tmp_path)
    assert len(written) == 2 * len(directory.domains)
    assert all(content.endswith(b"</clientConfig>\n") for content in written.values())


ADDRESSES = '[[service]]\noffer = "exchange"\nserver = "ex4"\naddresses = ["boss@a.example"]\n'


def test_addresses_alone_have_no_file_and_what_they_need_is_said(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(ADDRESSES)
    said = run(str(tmp_path / "web"), "--config", str(tmp_path / "own.toml")).stderr
    assert "0 files for 0 domains" in said
    assert "`autoconfig serve` under autoconfig.a.example and autodiscover.a.example" in said
    assert "_autodiscover._tcp SRV 0 0 443 ex4.mail.ovh.net." in said


def test_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run(str(tmp_path / "file" / "below"), "--offer", "mx-plan", "example.fr")
    assert result.exit_code == 2
    assert str(tmp_path / "file") in result.stderr
    assert result.stdout == ""


# ---------------------------------------------------------------------------------------- targets


def test_plain_is_what_is_written_without_a_target(tmp_path: Path) -> None:
    run(str(tmp_path / "default"), "--config", str(EXAMPLE))
    assert for_target("plain", tmp_path / "plain") == tree(tmp_path / "default")


@every_target
def test_target_has_the_plain_files_and_its_own(tmp_path: Path, target: str) -> None:
    plain, written = for_target("plain", tmp_path / "a"), for_target(target, tmp_path / "b")
    assert set(written) - set(plain) == OWN_FILES[target]
    assert {name: written[name] for name in plain} == plain


@every_target
def test_second_run_for_the_same_target_changes_nothing(tmp_path: Path, target: str) -> None:
    assert for_target(target, tmp_path) == for_target(target, tmp_path)


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
        ("plain", ["18 files", "Run `autoconfig serve`", "boss@example.fr"], [HTACCESS, SNIPPET]),
        (
            "apache",
            ["21 files", HTACCESS, "PHP 7.4", "autodiscover.example.fr"],
            ["autoconfig serve", "boss@example.fr", "SRV", SNIPPET],
        ),
        (
            "nginx",
            ["19 files", SNIPPET, "proxy_pass", "boss@example.fr"],
            [HTACCESS, "SRV", "302"],
        ),
    ],
)
def test_what_is_said_at_the_end_fits_the_target(
    tmp_path: Path, target: str, said: list[str], unsaid: list[str]
) -> None:
    message = run(str(tmp_path), "--for", target, "--config", str(EXAMPLE)).stderr
    assert [words for words in said if words not in message] == []
    assert [words for words in unsaid if words in message] == []


def test_nginx_has_nothing_missing_where_all_is_exchange(tmp_path: Path) -> None:
    arguments = ("--offer", "exchange-hosted", "--server", "ex4", "example.com")
    assert "Outlook" not in run(str(tmp_path), "--for", "nginx", *arguments).stderr


def test_no_template_of_a_target_holds_a_fact_of_an_offer() -> None:
    """Hosts and ports stand in `offers.toml` alone."""
    hosts = {server.host for service in SERVICES.values() for server in service.servers}
    ports = {str(server.port) for service in SERVICES.values() for server in service.servers}
    offers = load_catalogue().offers.values()
    rules = [region.server for offer in offers for region in offer.region.values()]
    hosts |= {rule.pattern for rule in rules if isinstance(rule, Numbered)}
    for path in TEMPLATES.glob("webspace*"):
        text = path.read_text()
        assert "ovh.net" not in text
        assert not [fact for fact in hosts if fact in text]
        assert not set(re.findall(r"\b\d+\b", text)) & ports


# ------------------------------------------------------------------------------------- PHP, by eye


def read_php(text: str) -> Any:
    """A PHP literal read as PHP does, for what `php` writes."""
    value, rest = _read(text)
    assert rest == ""
    return value


def _read(text: str) -> tuple[Any, str]:
    if text.startswith("'"):
        found = re.match(r"'((?:[^'\\]|\\.)*)'", text, flags=re.DOTALL)
        assert found is not None
        return re.sub(r"\\([\\'])", r"\1", found[1]), text[found.end() :]
    if not text.startswith("["):
        found = re.match(r"true|false|null|-?\d+", text)
        assert found is not None
        words: dict[str, Any] = {"true": True, "false": False, "null": None}
        return words.get(found[0], found[0]), text[found.end() :]
    pairs: list[tuple[Any, Any]] = []
    text = text[1:].lstrip()
    while not text.startswith("]"):
        key, text = _read(text)
        if text.startswith(" => "):
            value, text = _read(text[4:])
            pairs.append((key, value))
        else:
            pairs.append((len(pairs), key))
        assert text.startswith(",")
        text = text[1:].lstrip()
    return dict(pairs), text[1:]


@given(st.text())
def test_text_in_php_is_what_it_was(text: str) -> None:
    literal = php(text)
    assert read_php(literal) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*'", literal[1:-1]), "the literal ends early"


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner),
    )
)
def test_value_in_php_is_what_it_was(value: object) -> None:
    assert read_php(php(value)) == as_php(value)


def as_php(value: object) -> object:
    """PHP has one kind of array for lists and dictionaries."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        return {key: as_php(each) for key, each in value.items()}
    return value


def test_value_that_php_has_no_literal_for_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no PHP literal"):
        php([object()])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The data file of the example, read."""
    text = for_target("apache", tmp_path_factory.mktemp("web"))[DATA].decode()
    found = re.fullmatch(r"<\?php\n// [^\n]*\nreturn (.*);\n", text, flags=re.DOTALL)
    assert found is not None
    tables: dict[str, Any] = read_php(found[1])
    return tables


def test_data_names_every_domain_and_mailbox_of_the_configuration(
    config: Config, data: dict[str, Any]
) -> None:
    assert set(data["domains"]) == set(config.served.domains)
    assert set(data["mailboxes"]) == set(config.served.mailboxes)
    assert data["unicode"] == {"xn--caf-dma.example": "café.example"}
    assert data["base_url"] == config.base_url


def test_data_leads_every_name_to_the_documents_that_the_server_fills_in(
    config: Config, data: dict[str, Any]
) -> None:
    """With the placeholders replaced in one pass, as PHP does it."""
    address = EmailAddress("%EMAILDOMAIN%<", names.parse_domain("example.fr"))
    for domain, service in config.served.domains.items():
        documents = data["services"][int(data["domains"][domain])]["documents"]
        assert set(documents) == set(RENDERINGS.of(service))
        for name, document in RENDERINGS.of(service).items():
            values = {
                "%EMAILDOMAIN%": domain,
                "%UNICODEDOMAIN%": names.unicode_domain(domain),
                "%EMAILADDRESS%": str(address),
                "%EMAILLOCALPART%": address.local,
            }
            fills = data["formats"][name]["fills"].values()
            pieces = re.split(f"({'|'.join(fills)})", documents[name]["text"])
            text = "".join(
                str(escape(values[piece])) if piece in fills else piece for piece in pieces
            )
            assert text.encode() == document.fill(domain, address)
            assert document.etag(domain) == f"{documents[name]['digest']}-{domain}"


def test_data_has_every_error_that_a_client_may_get(data: dict[str, Any]) -> None:
    assert set(data["errors"]) == {error.__name__ for error in ClientError.__subclasses__()}
    assert {error["status"] for error in data["errors"].values()} == set(data["error_html"])
    assert set(data["formats"]) == set(FORMATS)


def test_program_knows_every_kind_of_url_and_every_error(data: dict[str, Any]) -> None:
    program = (TEMPLATES / "webspace.php").read_text()
    for kind in Kind:
        assert f"function answer_{kind.name.lower()}(" in program
    assert set(re.findall(r"Refusal\('(\w+)'", program)) <= set(data["errors"])


def test_limits_and_schemas_of_the_program_are_the_servers() -> None:
    program = (TEMPLATES / "webspace.php").read_text()
    schemas = "http://schemas.microsoft.com/exchange/autodiscover/"
    assert f"const MAX_BODY = {autodiscover.MAX_BODY};" in program
    assert f"const LONGEST_ADDRESS = {names.LONGEST_ADDRESS};" in program
    assert f'const CONTENT_POLICY = "{HTML.headers[0][1]}";' in program
    assert f"const SCHEMAS = '{schemas}';" in program
    known = dict(re.findall(r"SCHEMAS \. '(\S+)' => '(\w+)'", program))
    assert {schemas + name: format for name, format in known.items()} == (
        autodiscover.FORMAT_OF_SCHEMA
    )
    assert re.findall(r"SCHEMAS \. '(\S+)',", program) == [
        "outlook/requestschema/2006",
        "mobilesync/requestschema/2006",
    ]


def test_white_space_of_the_program_is_that_of_python() -> None:
    found = re.search(r"const WHITE = '\[(.*)\]';", (TEMPLATES / "webspace.php").read_text())
    assert found is not None
    characters = re.sub(r"\\x\{(....)\}", r"\\u\1", found[1])
    white = re.compile(f"[{characters}]")
    for number in range(0x11000):
        assert bool(white.match(chr(number))) == chr(number).isspace(), hex(number)


def test_program_begins_at_its_first_byte_and_includes_its_data_alone(tmp_path: Path) -> None:
    """Anything before `<?php` would stand before `<?xml`."""
    written = for_target("apache", tmp_path)
    assert written[DATA].startswith(b"<?php\n")
    program = written[PROGRAM].decode()
    assert program.startswith("<?php\n")
    assert "?>" not in program
    assert re.findall(r"\b(?:require|include)(?:_once)?\b[^;]*", program) == [
        "require __DIR__ . '/autoconfig-data.php')"
    ]
    assert not re.search(r"\b(?:eval|assert|create_function|unserialize|extract)\s*\(", program)


def test_international_domain_on_the_command_line_is_known_in_both_forms(tmp_path: Path) -> None:
    run(str(tmp_path), "--for", "apache", "--offer", "mx-plan", "CAFÉ.example")
    data = (tmp_path / DATA).read_text()
    assert "'xn--caf-dma.example' => 'café.example'," in data


def test_hostile_url_of_an_offer_stays_inside_its_quotes(tmp_path: Path) -> None:
    """nginx expands `$` between quotes, and ends them at a backslash's pleasure."""
    service = SERVICES["exchange-hosted-eu"]
    offers = (Path(load_catalogue.__code__.co_filename).with_name("offers.toml")).read_text()
    assert service.autodiscover is not None
    hostile = offers.replace("/autodiscover/autodiscover.xml", "/$host\\\\/autodiscover.xml")
    (tmp_path / "own.toml").write_text(hostile)
    (tmp_path / "autoconfig.toml").write_text(
        'offers_file = "own.toml"\n[[service]]\noffer = "exchange-hosted"\nserver = "ex4"\n'
        'domains = ["example.com"]\n'
    )
    config = tmp_path / "autoconfig.toml"
    assert run(str(tmp_path), "--for", "nginx", "--config", str(config)).exit_code == 0
    snippet = (tmp_path / SNIPPET).read_text()
    assert "/%24host%5C/autodiscover.xml" in snippet
    assert "/$host" not in snippet

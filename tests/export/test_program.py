"""The PHP program and its data. What they answer is tested in `tests/real/webspace/`."""

import re
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from autoconfig import names
from autoconfig.answers import pox_request as autodiscover
from autoconfig.answers.endpoints import Kind
from autoconfig.config.load import Config
from autoconfig.documents.formats import FORMATS
from autoconfig.documents.text import HTML
from autoconfig.errors import CLIENT_ERRORS
from autoconfig.export.apache import DATA, PROGRAM
from autoconfig.names import EmailAddress
from tests.support.exports import exported, run
from tests.support.php import read_data
from tests.support.services import RENDERINGS

TEMPLATES = Path(__file__).parents[2] / "templates" / "webspace"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The data file of the example, read."""
    return read_data(exported("apache", tmp_path_factory.mktemp("web"))[DATA].decode())


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
    assert set(data["errors"]) == {error.__name__ for error in CLIENT_ERRORS}
    assert {error["status"] for error in data["errors"].values()} == set(data["error_html"])
    assert set(data["formats"]) == set(FORMATS)


def test_program_knows_every_kind_of_url_and_every_error(data: dict[str, Any]) -> None:
    program = (TEMPLATES / "autoconfig.php").read_text()
    for kind in Kind:
        assert f"function answer_{kind.name.lower()}(" in program
    assert set(re.findall(r"Refusal\('(\w+)'", program)) <= set(data["errors"])


def test_limits_and_schemas_of_the_program_are_the_servers() -> None:
    program = (TEMPLATES / "autoconfig.php").read_text()
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
    found = re.search(r"const WHITE = '\[(.*)\]';", (TEMPLATES / "autoconfig.php").read_text())
    assert found is not None
    characters = re.sub(r"\\x\{(....)\}", r"\\u\1", found[1])
    white = re.compile(f"[{characters}]")
    for number in range(0x11000):
        assert bool(white.match(chr(number))) == chr(number).isspace(), hex(number)


def test_program_begins_at_its_first_byte_and_includes_its_data_alone(tmp_path: Path) -> None:
    """Anything before `<?php` would stand before `<?xml`."""
    written = exported("apache", tmp_path)
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

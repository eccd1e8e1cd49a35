"""The PHP program and its data: nothing is in one that the other lacks, and no fact in the program.

What they answer is tested under Apache, in `tests/real/webspace/`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import Any, cast

import pytest

from autoconfig.answers.endpoints import ENDPOINTS, Endpoint, Kind
from autoconfig.answers.pox_request import FORMAT_OF_SCHEMA, MAX_BODY
from autoconfig.config.load import Config
from autoconfig.documents.document import Document
from autoconfig.documents.formats import FORMATS, Format
from autoconfig.documents.placeholders import PLACEHOLDERS
from autoconfig.documents.render import Renderings, source
from autoconfig.documents.text import HTML, SCANNED, TEXT, TextKind
from autoconfig.errors import CLIENT_ERRORS
from autoconfig.export import program
from autoconfig.export.apache import DATA, PEOPLE, PROGRAM
from autoconfig.names import LONGEST_ADDRESS, EmailAddress, parse_domain
from tests.support.exports import exported, run
from tests.support.php import read_data
from tests.support.services import RENDERINGS, SERVICES

WITHOUT_CODES = Renderings(codes=False)

TEMPLATES = Path(__file__).parents[2] / "templates" / "webspace"


def written(config: Config, renderings: Renderings = RENDERINGS) -> dict[str, Any]:
    """The data of a configuration, read."""
    return read_data(program.data(config.served, renderings, config.base_url))


@pytest.fixture(scope="module")
def data(config: Config) -> dict[str, Any]:
    return written(config)


@pytest.fixture(scope="module")
def for_people(config: Config) -> dict[str, Any]:
    """What people ask for, read."""
    return read_data(program.for_people(config.served, RENDERINGS))


# ------------------------------------------------------------------------------- what the data say


def test_data_name_every_domain_and_mailbox_of_the_configuration(
    config: Config, data: dict[str, Any]
) -> None:
    assert set(data["domains"]) == set(config.served.domains)
    assert set(data["mailboxes"]) == set(config.served.mailboxes)
    assert data["unicode"] == {"xn--caf-dma.example": "café.example"}
    assert data["base_url"] == config.base_url


def test_international_domain_on_the_command_line_is_known_in_both_forms(tmp_path: Path) -> None:
    run(str(tmp_path), "--for", "apache", "--offer", "mx-plan", "CAFÉ.example")
    data = read_data((tmp_path / DATA).read_text())
    assert data["unicode"] == {"xn--caf-dma.example": "café.example"}


def is_on_web_space(format: Format) -> bool:
    """Whether it has neither a last step nor the form of a QR code, which PHP cannot give it."""
    return not format.finish and format.kind is not SCANNED


def on_web_space(documents: Mapping[str, Document]) -> dict[str, Document]:
    return {name: each for name, each in documents.items() if is_on_web_space(each.format)}


def test_data_lead_every_name_to_the_documents_that_the_server_fills_in(
    config: Config, data: dict[str, Any], for_people: dict[str, Any]
) -> None:
    """With the placeholders replaced in one pass, as PHP does it."""
    address = EmailAddress("%EMAILDOMAIN%<", parse_domain("example.fr"))
    for domain, service in config.served.domains.items():
        values = {row.name: row.value(domain, address) for row in PLACEHOLDERS.values()}
        documents = data["services"][int(data["domains"][domain])]["documents"]
        rendered = on_web_space(RENDERINGS.of(service))
        assert set(documents) == set(rendered)
        for name, document in rendered.items():
            fills = data["formats"][name]["fills"]
            own = documents[name].get("text") or for_people["documents"][documents[name]["digest"]]
            pieces = re.split(f"({'|'.join(fills)})", own)
            escape = document.format.kind.escape
            text = "".join(escape(values[fills[p]]) if p in fills else p for p in pieces)
            assert text.encode() == document.fill(domain, address)
            assert document.etag(domain) == f"{documents[name]['digest']}-{domain}"


def test_data_have_every_error_that_a_client_may_get_in_every_kind_of_text(
    data: dict[str, Any],
) -> None:
    assert set(data["errors"]) == {error.__name__ for error in CLIENT_ERRORS}
    for error in CLIENT_ERRORS:
        found = data["errors"][error.__name__]
        assert found["status"] == str(error.status)
        assert set(found["written"]) == set(data["kinds"])
        assert found["written"]["TEXT"] == f"{error.message}\n"


def test_data_have_every_format_in_a_kind_of_text_that_the_program_escapes_for(
    data: dict[str, Any],
) -> None:
    assert set(data["formats"]) == {each.name for each in FORMATS.values() if is_on_web_space(each)}
    assert {row["kind"]["name"] for row in data["formats"].values()} <= set(data["kinds"])


def test_nothing_for_people_is_in_what_every_request_reads(
    config: Config, data: dict[str, Any], for_people: dict[str, Any]
) -> None:
    """It is longer than all the rest together."""
    rows = [row for service in data["services"].values() for row in service["documents"].values()]
    missing = {row["digest"] for row in rows if "text" not in row}
    assert missing == set(for_people["documents"])
    of_all = (on_web_space(RENDERINGS.of(each)) for each in config.served.services())
    documents = [document for each in of_all for document in each.values()]
    assert missing == {each.digest for each in documents if each.format.errors is HTML}
    assert len(str(data)) < len(str(for_people))


CODE_IN_A_PAGE = re.compile(
    r"<details>\s*<summary>[^<]*</summary>(?:(?!</?details\b).)*"
    r'<figure class="code"><img src="/qr\.svg\?[^<]*></figure>\s*</details>\s*',
    flags=re.DOTALL,
)


@pytest.mark.parametrize("service", SERVICES)
def test_page_without_codes_is_the_usual_page_but_for_them(service: str) -> None:
    """What web space has, and what it is compared with under Apache."""
    usual, bare = RENDERINGS.of(SERVICES[service]), WITHOUT_CODES.of(SERVICES[service])
    assert usual.keys() == bare.keys()
    for name, document in usual.items():
        without, found = CODE_IN_A_PAGE.subn("", document.text)
        assert without.split() == bare[name].text.split()
        assert found == document.text.count("/qr.svg")
    assert "/qr.svg" in usual["page"].text


def test_white_space_of_the_program_is_that_of_python(data: dict[str, Any]) -> None:
    characters = re.sub(r"\\x\{(\w+)\}", lambda found: f"\\U{found[1]:0>8}", data["white_space"])
    white = re.compile(characters)
    for number in range(0x110000):
        assert bool(white.match(chr(number))) == chr(number).isspace(), hex(number)


# --------------------------------------------------------------------------------- the server alone


class Foreign(Enum):
    """Kinds of URLs that the program does not know."""

    PROBE = auto()


def server_alone(path: str, errors: TextKind) -> Endpoint:
    return Endpoint(path, ("GET",), cast("Kind", Foreign.PROBE), errors_in=errors)


def with_rows(
    config: Config, monkeypatch: pytest.MonkeyPatch, *rows: Endpoint
) -> tuple[str, dict[str, Any]]:
    """The program and its data, with these rows in the table of URLs."""
    monkeypatch.setattr(program, "ENDPOINTS", (*ENDPOINTS, *rows))
    return program.program(), written(config)


def test_url_of_the_server_alone_changes_neither_program_nor_data(
    config: Config, data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = program.program()
    rows = (server_alone("/probe", HTML), server_alone("/.well-known/probe", TEXT))
    assert with_rows(config, monkeypatch, *rows) == (before, data)


def test_error_at_a_url_of_the_server_alone_has_the_form_that_the_server_gives_it(
    config: Config, data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where its neighbours have another form."""
    assert data["errors_at"].items() >= {"/metrics": "TEXT", "/ask": "TEXT"}.items()
    _, after = with_rows(config, monkeypatch, server_alone("/probe", TEXT))
    assert after == {**data, "errors_at": {**data["errors_at"], "/probe": "TEXT"}}


def test_signed_format_stays_on_the_server(
    config: Config, data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PHP has no key."""
    signed = replace(FORMATS["page"], name="sealed", finish=bytes.upper)
    monkeypatch.setitem(cast("dict[str, Format]", FORMATS), "sealed", signed)
    row = Endpoint("/sealed", ("GET",), Kind.DOCUMENT, format="sealed")
    monkeypatch.setattr(program, "ENDPOINTS", (*ENDPOINTS, row))
    assert "sealed" in Renderings().of(SERVICES["mx-plan-eu"])
    assert written(config, Renderings()) == data


# ------------------------------------------------------------------------------------- the program


def test_program_has_what_the_data_name_and_reads_all_of_it(
    data: dict[str, Any], for_people: dict[str, Any]
) -> None:
    text = program.program()
    for handler in program.HANDLERS.values():
        assert f"function {handler}(" in text
    for placeholder in PLACEHOLDERS.values():
        assert f"'{placeholder.name}' =>" in text or placeholder.name.startswith("uuid_")
    assert set(re.findall(r"Refusal\('(\w+)'", text)) <= set(data["errors"])
    assert set(re.findall(r"DATA\['(\w+)'\]", text)) == set(data)
    assert set(re.findall(r"for_people\(\)\['(\w+)'\]", text)) == set(for_people)
    keys = set(re.findall(r"\$endpoint\['(\w+)'\]", text))
    assert all(keys == set(row) for row in data["endpoints"].values())


@pytest.mark.parametrize("part", program.PARTS)
def test_each_file_of_the_program_is_php_without_a_tag_of_the_template_language(part: str) -> None:
    text = source(f"webspace/{part}.php")
    assert text.startswith("<?php\ndeclare(strict_types=1);\n\n")
    assert text.endswith("}\n")
    assert not re.search(r"\{[{%#]|[}%#]\}", text)


def test_every_file_of_the_folder_is_a_part_of_the_program() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.php")} == set(program.PARTS)


def test_program_begins_at_its_first_byte_and_includes_its_data_alone(tmp_path: Path) -> None:
    """Anything before `<?php` would stand before `<?xml`."""
    files = exported("apache", tmp_path)
    assert files[DATA].startswith(b"<?php\n")
    assert files[PEOPLE].startswith(b"<?php\n")
    text = files[PROGRAM].decode()
    assert text.startswith("<?php\n")
    assert text.count("<?php") == text.count("declare(strict_types=1);") == 1
    assert "?>" not in text
    assert re.findall(r"\b(?:require|include)(?:_once)?\b[^;]*", text) == [
        "require __DIR__ . '/autoconfig-data.php')",
        "require __DIR__ . '/autoconfig-people.php'",
    ]
    assert not re.search(r"\b(?:eval|assert|create_function|unserialize|extract)\s*\(", text)


def test_program_holds_no_constant_that_the_data_hand_over() -> None:
    text = program.program()
    facts = ("schemas.microsoft.com", "no-store", "max-age", "default-src", "charset", "nosniff")
    limits = map(str, (MAX_BODY, LONGEST_ADDRESS))
    paths = (each.path for each in ENDPOINTS if each.path != "/")
    assert [fact for fact in (*facts, *limits, *paths, *FORMAT_OF_SCHEMA) if fact in text] == []
    assert not re.search(r"^const ", text, flags=re.MULTILINE)

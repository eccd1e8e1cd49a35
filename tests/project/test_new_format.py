"""A format is a template and two rows, a redirect is three rows: added to a copy of the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from autoconfig.documents.text import JSON
from autoconfig.export.program import program
from tests.support.copied import Copy
from tests.support.php import read_data
from tests.support.recipes import EXAMPLE
from tests.support.throw_away import (
    HOSTILE_LOCAL_PART,
    LEADS_TO,
    REDIRECT,
    add_formats,
    add_redirect,
)

LEAFLET = """\
{
  "offer": "MX Plan",
  "hostile": "A & B <c> \\"d\\" 'e'",
  "domain": "example.com"
}
"""

ASK = """\
import json, sys
from pathlib import Path
from autoconfig.web import create_app

client = create_app(Path(sys.argv[1])).test_client()
path, host, address = sys.argv[2:]
query = {"emailaddress": address} if address else {}
answer = client.get(path, headers={"Host": host}, query_string=query)
print(json.dumps([answer.status_code, dict(answer.headers), answer.get_data(as_text=True)]))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copied = Copy.into(tmp_path_factory.mktemp("project"))
    add_formats(copied)
    add_redirect(copied)
    return copied


@pytest.fixture(scope="module")
def golden(copy: Copy) -> Path:
    """The golden files of the copy, renewed."""
    copy.python("-c", "from tests.support import golden; golden.write()")
    return copy.folder / "tests" / "golden"


def answered(copy: Copy, path: str, address: str = "") -> tuple[int, dict[str, str], str]:
    """Status, headers and body that the application of the copy gives."""
    status, headers, body = json.loads(
        copy.python("-c", ASK, EXAMPLE, path, "example.com", address)
    )
    return status, headers, body


def test_document_has_values_escaped_for_json_and_not_for_xml(copy: Copy) -> None:
    assert copy.autoconfig("show", "leaflet", "example.com", "--offer", "mx-plan") == LEAFLET


def test_golden_file_has_the_ending_of_its_kind_of_text(golden: Path) -> None:
    assert (golden / "mx-plan-eu.leaflet.json").read_text() == LEAFLET
    assert len([*golden.glob("*.leaflet.*")]) == len([*golden.glob("*.autoconfig.xml")])


def test_application_serves_it_with_the_headers_of_the_format(copy: Copy) -> None:
    status, headers, body = answered(copy, "/mail/leaflet.json")
    assert (status, body) == (200, LEAFLET)
    assert headers["Content-Type"] == "application/json"
    assert headers["Content-Disposition"] == 'attachment; filename="leaflet.json"'
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_address_is_filled_in_escaped_for_json(copy: Copy) -> None:
    address = f"{HOSTILE_LOCAL_PART}@example.com"
    status, headers, body = answered(copy, "/mail/leaflet-card.json", address)
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert "Content-Disposition" not in headers
    assert json.loads(body)["address"] == address
    assert f'"address": "{JSON.escape(address)}"' in body


def test_last_step_is_taken_after_filling(copy: Copy) -> None:
    assert answered(copy, "/mail/leaflet-signed.json")[::2] == (200, f"{LEAFLET}signed")
    assert (
        copy.autoconfig("show", "leaflet-signed", "example.com", "--offer", "mx-plan")
        == f"{LEAFLET}signed"
    )


@pytest.mark.parametrize("target", ["plain", "apache", "nginx"])
def test_export_writes_it_as_a_file(copy: Copy, tmp_path: Path, target: str) -> None:
    arguments = ("--for", target, "--offer", "mx-plan", "example.com")
    copy.autoconfig("export", tmp_path, *arguments)
    written = [*tmp_path.rglob("[!.]*.json")]
    assert written == [tmp_path / "autoconfig.example.com/mail/leaflet.json"]
    assert written[0].read_text() == LEAFLET


def test_program_for_web_space_has_what_it_can_write(copy: Copy, tmp_path: Path) -> None:
    copy.autoconfig("export", tmp_path, "--for", "apache", "--offer", "mx-plan", "example.com")
    data: dict[str, Any] = read_data((tmp_path / "autoconfig-data.php").read_text())
    assert data["formats"]["leaflet"]["headers"] == {
        0: 'Content-Disposition: attachment; filename="leaflet.json"'
    }
    assert data["formats"]["leaflet-card"]["fills"] == {
        "%EMAILADDRESS%": "address",
        "%EMAILDOMAIN%": "domain",
    }
    assert "leaflet-signed" not in data["formats"]
    assert "leaflet-signed" not in data["services"][0]["documents"]
    assert {"/mail/leaflet.json", "/mail/leaflet-card.json"} <= set(data["endpoints"])
    assert "/mail/leaflet-signed.json" not in data["endpoints"]


def test_redirect_is_a_row_for_the_server_and_for_web_space(copy: Copy, tmp_path: Path) -> None:
    """And the program for web space stays as it is."""
    target = LEADS_TO.format(offer="mx-plan")
    status, headers, _ = answered(copy, REDIRECT)
    assert (status, headers["Location"]) == (302, target)
    copy.autoconfig("export", tmp_path, "--for", "apache", "--offer", "mx-plan", "example.com")
    data: dict[str, Any] = read_data((tmp_path / "autoconfig-data.php").read_text())
    assert data["services"][0]["redirects"][REDIRECT] == target
    assert (tmp_path / "autoconfig.php").read_text() == program()


@pytest.mark.usefixtures("golden")
def test_what_holds_for_every_document_holds_for_it(copy: Copy) -> None:
    """The tests that go through the table of formats, run in the copy."""
    every = ("tests/documents", "-k", "leaflet")
    options = ("-q", "-p", "no:cacheprovider")
    copy.python("-m", "pytest", *every, *options)

"""The ZIP: what `export` writes, byte for byte, and the steps beside it."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autoconfig.config.served import Served
from autoconfig.documents.formats import LANGUAGES
from autoconfig.export.files import export
from autoconfig.generator.form import SPACES
from autoconfig.names import Domain
from tests.generator.forms import GOOD, STEPS, send, unpacked
from tests.support.services import SERVICES, server_for

OFFERED = {name: each for name, each in SERVICES.items() if "guess" not in name}
every_service = pytest.mark.parametrize("name", OFFERED)
every_space = pytest.mark.parametrize("space", SPACES)
DOMAINS = "example.com café.example"


def fields(name: str) -> dict[str, str]:
    """The form for one of the services, as the control panel shows it."""
    service = OFFERED[name]
    given = server_for(service.offer.id, service.region) or ""
    server = service.host or "" if "ssl0" in name else given
    return {"offer": service.offer.id, "region": service.region, "server": server}


@every_space
@every_service
def test_zip_holds_what_export_writes_and_the_steps(
    form: FlaskClient, tmp_path: Path, name: str, space: str
) -> None:
    files = unpacked(send(form, **fields(name), domains=DOMAINS, space=space))
    names = (Domain("example.com"), Domain("xn--caf-dma.example"))
    for _ in export(tmp_path, Served(dict.fromkeys(names, OFFERED[name])), space):
        pass
    written = {
        f"autoconfig/{path.relative_to(tmp_path).as_posix()}": path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert {**files, STEPS["en"]: b""} == {**written, STEPS["en"]: b""}


@pytest.mark.parametrize("language", LANGUAGES)
def test_steps_are_in_the_language_of_the_form(form: FlaskClient, language: str) -> None:
    top = {path for path in unpacked(send(form, language, **GOOD)) if "/" not in path}
    assert top == {STEPS[language]}


@every_space
def test_same_form_gives_the_same_bytes(form: FlaskClient, space: str) -> None:
    one, other = (send(form, **GOOD, space=space).data for _ in range(2))
    assert one == other


@every_space
def test_paths_in_the_zip_stay_in_its_folder(form: FlaskClient, space: str) -> None:
    for path in unpacked(send(form, offer="mx-plan", domains=DOMAINS, space=space)):
        assert re.fullmatch(r"(?:[a-z0-9.-]+/)*[A-Za-z0-9.-]+", path)
        assert ".." not in path.split("/")
        assert len(path) < 500


def test_everybody_may_read_what_is_unpacked(form: FlaskClient) -> None:
    with zipfile.ZipFile(io.BytesIO(send(form, **GOOD).data)) as packed:
        entries = packed.infolist()
    assert {each.external_attr >> 16 for each in entries} == {0o100644}
    assert {each.date_time for each in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {each.compress_type for each in entries} == {zipfile.ZIP_DEFLATED}

"""The form as a person fills it in, and what comes back."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from autoconfig.config.load import Config
from autoconfig.web import create_app
from autoconfig.wsgi.journal import Journal
from tests.support.detecting import ToldDetector, application, configuration

URL = "/generator"
BASE = "autoconfig.agency.example"
GOOD = {"offer": "mx-plan", "domains": "example.com"}
"""Enough: the other fields have a value that most people want."""
STEPS = {"en": "README.txt", "fr": "LISEZMOI.txt"}


def with_form(config: Config, journal: Journal | None = None) -> Flask:
    """The application of a configuration, and the form."""
    return create_app(replace(config, generator=True), journal)


def that_detects(detector: ToldDetector) -> FlaskClient:
    """The form where the DNS may be asked, which says what the detector has been told."""
    config = replace(configuration(base_url=f"https://{BASE}"), generator=True)
    return application(config, detector).test_client()


def send(
    client: FlaskClient, language: str = "en", host: str = "localhost", **fields: str
) -> TestResponse:
    """Send the form."""
    return client.post(f"{URL}?lang={language}", data=fields, headers={"Host": host})


def unpacked(response: TestResponse) -> Mapping[str, bytes]:
    """The files of a ZIP, by their paths in it."""
    assert response.status_code == 200, response.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(response.data)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def steps_in(files: Mapping[str, bytes], language: str = "en") -> str:
    """The text of the steps, as Notepad shows it."""
    text = files[STEPS[language]].decode("utf-8")
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    assert "\n" not in text.replace("\r\n", "")
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n")

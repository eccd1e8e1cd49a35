"""Fixtures: `config` → `app` → `client`, over one configuration that has every offer."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from autoconfig.config.load import Config, load_config
from autoconfig.web import create_app

settings.register_profile("any machine", deadline=None)  # a busy one is slow at times
settings.load_profile("any machine")

EXAMPLE = Path(__file__).parent.parent / "deploy" / "autoconfig.example.toml"


@pytest.fixture(scope="session")
def config() -> Config:
    """The example configuration that `make run` serves."""
    return load_config(EXAMPLE)


@pytest.fixture(scope="session")
def app(config: Config) -> Flask:
    return create_app(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()

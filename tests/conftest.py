"""Fixtures: `config` → `app` → `client`, over one configuration that has every offer."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from autoconfig.config.load import Config, load_config
from autoconfig.web import create_app
from autoconfig.wsgi.exchange import Fast

settings.register_profile("any machine", deadline=None)  # a busy one is slow at times
settings.load_profile("any machine")

EXAMPLE = Path(__file__).parent.parent / "deploy" / "autoconfig.example.toml"


@pytest.fixture(scope="session")
def config() -> Config:
    """The example configuration that `make run` serves."""
    return load_config(EXAMPLE)


@pytest.fixture(scope="session", params=[True, False], ids=["fast", "flask"])
def app(request: pytest.FixtureRequest, config: Config) -> Flask:
    """With the layer in front of Flask and without: every answer is the same."""
    app = create_app(config)
    if not request.param:
        assert isinstance(app.wsgi_app, Fast)
        app.wsgi_app = app.wsgi_app.app  # type: ignore[method-assign, assignment]  # as Flask documents it
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()

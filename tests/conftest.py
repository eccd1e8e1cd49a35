"""Fixtures: `config` → `app` → `client`, over one configuration that has every offer."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from autoconfig.config.load import Config, load_config
from autoconfig.web import create_app

pytest.register_assert_rewrite("tests.support")  # before anything of it is imported
from tests.support.recipes import EXAMPLE  # noqa: E402

settings.register_profile("any machine", deadline=None)  # a busy one is slow at times
settings.load_profile("any machine")


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

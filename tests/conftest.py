"""Fixtures: `config` → `app` → `client`, over one configuration that has every offer."""

import signal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from autoconfig.config.load import Config, load_config
from autoconfig.web import create_app

pytest.register_assert_rewrite("tests.support")  # before anything of it is imported
from tests.support.recipes import EXAMPLE  # noqa: E402

settings.register_profile(  # a busy one is slow at times
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell lets a job in the background ignore SIGINT, and all that the job starts would inherit
    # that. A handler is not inherited, so programs that the tests start can be interrupted.
    signal.signal(signal.SIGINT, lambda *_: None)


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

"""Fixtures: the form of the example configuration."""

import pytest
from flask.testing import FlaskClient

from autoconfig.config.load import Config
from tests.generator.forms import with_form


@pytest.fixture
def form(config: Config) -> FlaskClient:
    return with_form(config).test_client()

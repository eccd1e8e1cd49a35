"""Fixtures of more than one chapter."""

import logging
from collections.abc import Callable

import pytest


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the access log and our other logs have got since the test began."""
    caplog.set_level(logging.INFO, logger="autoconfig")
    caplog.set_level(logging.INFO, logger="autoconfig.access")
    caplog.clear()
    return lambda: [record.getMessage() for record in caplog.records]

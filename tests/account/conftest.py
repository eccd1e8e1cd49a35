"""No keys but those that a test gives: neither variables nor files of this machine."""

import os

import ovh.config
import pytest


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("OVH_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(ovh.config, "CONFIG_PATH", [])

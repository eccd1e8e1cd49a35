"""The rules for Apache, as they are written; their answers are tested in `tests/real/webspace/`."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from autoconfig.config.served import Served
from autoconfig.documents.formats import FORMATS
from autoconfig.export import rules
from autoconfig.export.apache import APACHE, HTACCESS
from autoconfig.export.rules import file_rules
from autoconfig.names import Domain
from tests.support.services import RENDERINGS, SERVICES

SERVED = Served({Domain("example.com"): SERVICES["mx-plan-eu"]})


def test_header_of_a_format_is_sent_with_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    header = ("Content-Disposition", r'attachment; filename="a\b 1%"')
    format = replace(FORMATS["autoconfig"], headers=(header,))
    monkeypatch.setattr(rules, "FORMATS", {**FORMATS, "autoconfig": format})
    text = APACHE.own_files(SERVED, RENDERINGS, None)[HTACCESS]
    assert r'    Header set Content-Disposition "attachment; filename=\"a\\b 1%%\""' in text


def test_files_of_one_name_are_sent_alike() -> None:
    """Apache's rules see a file's name and not the URL."""
    by_name = {
        (PurePosixPath(rule.path).name, rule.media_type, rule.found) for rule in file_rules("%1")
    }
    assert len(by_name) == len({name for name, *_ in by_name})

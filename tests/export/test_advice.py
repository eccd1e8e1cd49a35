"""Sentences that an export ends with: the next step, and what these files cannot do."""

from pathlib import Path

import pytest

from autoconfig.answers.redirects import dav_url
from tests.support.exports import run
from tests.support.recipes import EXAMPLE
from tests.support.requests import DAV
from tests.support.services import service_of


@pytest.mark.parametrize("path", DAV)
def test_redirect_of_calendars_is_left_to_the_operator_of_plain_files(
    tmp_path: Path, path: str
) -> None:
    said = run(str(tmp_path), "--config", str(EXAMPLE)).stderr
    assert f"{path} to {dav_url(service_of('zimbra-pro'), path)}" in said


@pytest.mark.parametrize("target", ["apache", "nginx"])
def test_web_space_that_redirects_calendars_itself_says_nothing_of_them(
    tmp_path: Path, target: str
) -> None:
    assert "calendar" not in run(str(tmp_path), "--for", target, "--config", str(EXAMPLE)).stderr


def test_extension_of_php_is_named(tmp_path: Path) -> None:
    said = run(str(tmp_path), "--for", "apache", "--offer", "mx-plan", "example.com").stderr
    assert "PHP 7.4 or newer and its DOM extension" in said


def test_host_of_base_url_leads_to_web_space_too(tmp_path: Path) -> None:
    """Outlook is sent there from plain http."""
    said = run(str(tmp_path), "--for", "apache", "--config", str(EXAMPLE)).stderr
    assert " and autoconfig.agency.example, with a certificate for each" in said

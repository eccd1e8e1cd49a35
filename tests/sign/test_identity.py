"""Signing, and a certificate that expires while the server runs."""

import logging
import pickle
from datetime import datetime, timedelta

import pytest

from autoconfig.sign import identity
from autoconfig.sign.identity import Identity
from tests.support.signing import DAY, NOW, certificate, issuer, opened, pem, private_key

CONTENT = b'<?xml version="1.0"?>\n<plist>\r\n</plist>\n'


def of(kind: str = "rsa", until: datetime = NOW + 30 * DAY) -> Identity:
    return Identity(certificate(kind, until=until) + issuer(), pem(private_key(kind)))


class Clock(datetime):
    """The time, as a test sets it."""

    said = NOW

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # always UTC
        return cls.said


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(Clock, "said", NOW)
    monkeypatch.setattr(identity, "datetime", Clock)
    return Clock


@pytest.mark.parametrize("kind", ["rsa", "ec"])
@pytest.mark.parametrize(
    "content", [CONTENT, b"", b"x" * 100_000], ids=["a profile", "none", "much"]
)
def test_signed_content_is_the_content_to_the_byte(kind: str, content: bytes) -> None:
    found, _ = opened(of(kind).sign(content))
    assert found == content


def test_certificates_of_the_issuers_are_in_the_signature() -> None:
    _, certificates = opened(of().sign(CONTENT))
    names = [each.subject.rfc4514_string() for each in certificates]
    assert names == ["CN=profiles.example", "CN=Authority"]


def test_identity_goes_to_another_process_and_signs_there() -> None:
    there = pickle.loads(pickle.dumps(of()))  # noqa: S301  # our own
    assert opened(there.sign(CONTENT))[0] == CONTENT


def test_key_is_in_no_text_of_an_identity() -> None:
    """A traceback or a log may have that."""
    assert "PRIVATE" not in f"{of()!r} {of()}"


@pytest.mark.usefixtures("clock")
def test_expired_certificate_signs_nothing_and_the_profile_goes_out() -> None:
    assert of(until=NOW - timedelta(seconds=1)).sign(CONTENT) == CONTENT
    assert opened(of(until=NOW).sign(CONTENT))[0] == CONTENT


def test_expired_certificate_is_said_once_an_hour(
    clock: type[Clock], caplog: pytest.LogCaptureFixture
) -> None:
    expired = of(until=NOW - 9 * DAY)
    said = []
    for minutes in (0, 1, 59, 60, 61, 119, 121):
        clock.said = NOW + timedelta(minutes=minutes)
        caplog.clear()
        expired.sign(CONTENT)
        said.append(len(caplog.records))
    assert said == [1, 0, 0, 1, 0, 0, 1]
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("autoconfig", logging.WARNING)
    assert f"has expired on {(NOW - 9 * DAY).date()}" in record.getMessage()

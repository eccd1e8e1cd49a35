"""Signed profiles of a server: each worker signs, and a reload takes a renewed certificate."""

import re
import signal
from pathlib import Path

from tests.support.load import OLD, configure
from tests.support.running import until
from tests.support.serving import Server, asked, running
from tests.support.signing import DAY, NOW, TABLE, opened, write_signing

PROFILE = asked("GET", f"/email.mobileconfig?email=alice@{OLD}")
QUESTIONS = 20
"""How often to ask, so that each of two workers has answered."""


def signers(server: Server) -> set[int]:
    """The numbers of the certificates by which profiles are signed."""
    answers = [server.ask(PROFILE) for _ in range(QUESTIONS)]
    return {opened(each.body)[1][0].serial_number for each in answers}


def failures(server: Server) -> bool:
    text = server.ask(asked("GET", "/metrics")).body.decode()
    return re.search(r"^autoconfig_reload_failures_total 1\b", text, re.MULTILINE) is not None


def test_reload_takes_a_renewed_certificate_and_refuses_one_that_has_expired(
    tmp_path: Path,
) -> None:
    config = tmp_path / "mine.toml"
    configure(config)
    config.write_text(config.read_text() + TABLE)
    write_signing(tmp_path)
    with running(tmp_path, workers=2, config=config) as server:
        (first,) = signers(server)
        write_signing(tmp_path, "ec")
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda: first not in signers(server))
        (renewed,) = signers(server)
        write_signing(tmp_path, until=NOW - DAY)
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda: failures(server))
        assert signers(server) == {renewed}
        complaints = "\n".join(server.complaints())
    assert "sign.certificate" in complaints
    assert "has expired on" in complaints
    assert "PRIVATE" not in complaints

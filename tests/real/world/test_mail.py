"""`autoconfig check` says what the mail servers do, and what they say to a password."""

import re
from pathlib import Path
from string import Formatter

import pytest

from autoconfig.check.words.mail import MAIL
from tests.real.world.addresses import blocked
from tests.real.world.case import Fault
from tests.real.world.checks import Ended, about, check
from tests.real.world.faults import HEALTHY, MAIL_CERTIFICATES
from tests.real.world.mail import BLOCKED, MAY_ALL, MAY_NOT_SEND, ODD_PASSWORD, Mailbox
from tests.real.world.world import World

OF = {each.id: each for each in HEALTHY}


def says(reason: str, detail: str) -> bool:
    """Whether it is the sentence of a reason, whatever fills it."""
    parts = (re.escape(each[0]) for each in Formatter().parse(MAIL[reason]["en"]))
    return re.fullmatch(".*".join((*parts, "")), detail) is not None


def said(ended: Ended) -> dict[tuple[str, int], tuple[str, str]]:
    """By protocol and port, the result and what is said of it."""
    rows = ended.checked().found["mail_servers"]
    return {(each["protocol"], each["port"]): (each["result"], each["detail"]) for each in rows}


def results(ended: Ended) -> dict[tuple[str, int], str]:
    return {place: result for place, (result, _) in said(ended).items()}


@pytest.mark.parametrize("fault", MAIL_CERTIFICATES, ids=lambda each: each.id)
def test_certificate_that_programs_refuse_is_told(fault: Fault, the_world: World) -> None:
    found = said(about(the_world, fault))
    assert set(found) == {("imap", 993), ("pop3", 995), ("smtp", 587)}
    for result, detail in found.values():
        assert result == "tls"
        assert says(fault.id.replace("mail-", "mail-tls-"), detail)


def test_port_that_this_network_blocks_is_told_with_the_one_that_works(the_world: World) -> None:
    with blocked(587):
        found = said(about(the_world, OF["mx-plan-eu"]))
    result, detail = found["smtp", 587]
    assert result == "blocked"
    assert says("mail-blocked", detail)
    assert "465 works" in detail
    assert {result for place, (result, _) in found.items() if place[1] != 587} == {"ok"}


def test_blocked_port_is_told_where_the_offer_has_no_other(the_world: World) -> None:
    with blocked(587):
        found = results(about(the_world, OF["email-pro-eu"]))
    assert found == {("imap", 993): "ok", ("pop3", 995): "ok", ("smtp", 587): "blocked"}


def test_blocked_mail_changes_no_verdict(the_world: World) -> None:
    with blocked(587, 465, 993, 995):
        ended = about(the_world, OF["mx-plan-eu"])
    assert set(results(ended).values()) <= {"timeout", "blocked"}
    assert ended.code == 0


def sign_in(world: World, mailbox: Mailbox, password: str, folder: Path) -> Ended:
    file = folder / "password"
    file.write_text(password + "\n", encoding="utf-8")
    address = f"{mailbox.name}@{OF['mx-plan-eu'].domain}"
    options = ("--login", "--password-file", str(file), "--config", str(world.config))
    return check(world, address, *options)


@pytest.mark.parametrize("mailbox", [MAY_ALL, ODD_PASSWORD], ids=lambda each: each.name)
def test_right_password_is_right(mailbox: Mailbox, the_world: World, tmp_path: Path) -> None:
    found = said(sign_in(the_world, mailbox, mailbox.password, tmp_path))
    for place in (("imap", 993), ("smtp", 465)):
        assert found[place][0] == "ok"
        assert says("login-ok", found[place][1])


@pytest.mark.parametrize(
    ("mailbox", "password", "imap", "smtp"),
    [
        (MAY_ALL, "wrong", "login-refused", "login-refused-too"),
        (Mailbox("nobody"), "wrong", "login-refused", "login-refused-too"),
        (MAY_NOT_SEND, MAY_NOT_SEND.password, "login-ok", "login-cannot-send"),
        (BLOCKED, BLOCKED.password, "login-blocked", "login-refused-too"),
    ],
    ids=["wrong password", "no such mailbox", "no right to send", "blocked"],
)
def test_refusal_is_told_for_what_it_is(
    mailbox: Mailbox, password: str, imap: str, smtp: str, the_world: World, tmp_path: Path
) -> None:
    found = said(sign_in(the_world, mailbox, password, tmp_path))
    for place, reason in ((("imap", 993), imap), (("smtp", 465), smtp)):
        result, detail = found[place]
        assert result == ("ok" if reason == "login-ok" else "auth")
        assert says(reason, detail), detail


def test_password_is_in_nothing_that_is_printed(the_world: World, tmp_path: Path) -> None:
    ended = sign_in(the_world, ODD_PASSWORD, ODD_PASSWORD.password, tmp_path)
    assert ODD_PASSWORD.password not in f"{ended.found}{ended.errors}"

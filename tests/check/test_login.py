"""Signing in: where the password goes, how, and what a refusal means."""

import asyncio
import logging
from base64 import b64decode, b64encode
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from autoconfig.check import login
from autoconfig.check.dialogue import Offered
from autoconfig.check.login import (
    BESIDE_OK,
    MEANINGS,
    UNTOLD,
    WAYS,
    Credentials,
    sign_in,
    try_password,
)
from autoconfig.check.verdict import MailServer, Reason
from autoconfig.check.words.mail import MAIL
from autoconfig.names import EmailAddress
from autoconfig.offers.model import Server
from autoconfig.problems import printable
from tests.support.mail_server import (
    CERTIFIED,
    HEAR,
    HOST,
    STAY,
    TLS,
    Script,
    Step,
    certified,
    network_to,
    server_at,
    service_with,
)

IMAP, SMTPS, SUBMISSION = 993, 465, 587
SERVERS = (
    server_at("imap", IMAP),
    server_at("smtp", SMTPS),
    server_at("smtp", SUBMISSION, "STARTTLS"),
)
AT_ONCE = {IMAP: CERTIFIED, SMTPS: CERTIFIED}
ALICE = EmailAddress.parse("alice@example.com")
PASSWORD = 'p"\\a {5} é€ss'  # noqa: S105  # of nobody
PLAIN = b64encode(f"\0alice@example.com\0{PASSWORD}".encode())
NAME, SECRET = b64encode(b"alice@example.com"), b64encode(PASSWORD.encode())


def imap(*answers: Step, capabilities: str = "SASL-IR AUTH=PLAIN") -> Script:
    """A server that says this when it is given the password."""
    told = f"* CAPABILITY IMAP4rev1 {capabilities}\r\na1 OK\r\n"
    return Script(b"* OK ready\r\n", HEAR, told.encode(), HEAR, *answers)


def smtp(*answers: Step, mechanisms: str = "PLAIN LOGIN") -> Script:
    told = f"250-hello\r\n250 AUTH {mechanisms}\r\n"
    return Script(b"220 ready\r\n", HEAR, told.encode(), HEAR, *answers)


IMAP_OK, SMTP_OK = b"a2 OK welcome\r\n", b"235 2.7.0 welcome\r\n"


def signed_in(
    scripts: Mapping[int, Script], *servers: Server, password: str = PASSWORD
) -> dict[str, MailServer]:
    """What comes of it, by protocol."""
    service = service_with(*(servers or SERVERS))
    with network_to(scripts, at_once=AT_ONCE) as network:
        found = asyncio.run(sign_in(service, ALICE, password, network), debug=True)
    return {server.protocol: server for server in found}


# ---------------------------------------------------------------------- how the password is given


@pytest.mark.parametrize(
    ("script", "heard"),
    [
        (imap(IMAP_OK), [b"a2 AUTHENTICATE PLAIN " + PLAIN]),
        (
            imap(b"+ \r\n", HEAR, IMAP_OK, capabilities="AUTH=PLAIN"),
            [b"a2 AUTHENTICATE PLAIN", PLAIN],
        ),
        (
            imap(b"+ \r\n", HEAR, b"+ go on\r\n", HEAR, IMAP_OK, capabilities="AUTH=NTLM"),
            [b"a2 LOGIN {17}", b"alice@example.com {16}", PASSWORD.encode()],
        ),
        (
            imap(
                *(b"+ VXNlcg==\r\n", HEAR, b"+ UGFzcw==\r\n", HEAR, IMAP_OK),
                capabilities="LOGINDISABLED AUTH=LOGIN",
            ),
            [b"a2 AUTHENTICATE LOGIN", NAME, SECRET],
        ),
    ],
    ids=["plain at once", "plain", "login command", "login"],
)
def test_password_is_given_to_imap_as_the_server_takes_it(
    script: Script, heard: list[bytes]
) -> None:
    found = signed_in({IMAP: script}, SERVERS[0])
    assert (found["imap"].result, found["imap"].detail.what) == ("ok", "login-ok")
    assert script.heard == [b"a1 CAPABILITY", *heard]


@pytest.mark.parametrize(
    ("script", "heard"),
    [
        (smtp(SMTP_OK), [b"AUTH PLAIN " + PLAIN]),
        (
            smtp(b"334 VXNlcg==\r\n", HEAR, b"334 UGFzcw==\r\n", HEAR, SMTP_OK, mechanisms="LOGIN"),
            [b"AUTH LOGIN", NAME, SECRET],
        ),
    ],
    ids=["plain", "login"],
)
def test_password_is_given_to_smtp_as_the_server_takes_it(
    script: Script, heard: list[bytes]
) -> None:
    found = signed_in({SMTPS: script}, SERVERS[1])
    assert (found["smtp"].result, found["smtp"].detail.what) == ("ok", "login-ok")
    assert script.heard == [b"EHLO [127.0.0.1]", *heard]


OFFERS = [
    Offered(mechanisms=frozenset({"PLAIN"})),
    Offered(mechanisms=frozenset({"PLAIN"}), initial=False),
    Offered(mechanisms=frozenset({"LOGIN"})),
    Offered(login=True),
]


@given(st.sampled_from(OFFERS), st.sampled_from([*WAYS]), st.text(), st.text())
def test_any_name_and_password_arrive_as_they_were_typed(
    offered: Offered, protocol: str, name: str, password: str
) -> None:
    way = WAYS[protocol](offered, Credentials(name, password))
    typed = [name.encode(), password.encode()]
    if "PLAIN" in offered.mechanisms:
        assert b64decode(way[-1].split(b" ")[-1]) == b"\0" + b"\0".join(typed)
    elif protocol == "imap" and offered.login:
        lengths = [b"{%d}" % len(each) for each in typed]
        assert way == (b"LOGIN " + lengths[0], typed[0] + b" " + lengths[1], typed[1])
    else:
        assert [b64decode(each) for each in way[1:]] == typed


def test_password_that_the_terminal_could_not_decode_arrives_as_it_was_typed() -> None:
    typed = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert Credentials("a", typed).octets() == (b"a", b"caf\xe9")


def test_user_name_is_made_as_the_offer_says() -> None:
    service = service_with(SERVERS[0])
    name = structs.replace(service.offer.login, username="%EMAILDOMAIN%/%EMAILLOCALPART%")
    service = structs.replace(service, offer=structs.replace(service.offer, login=name))
    script = imap(IMAP_OK)
    with network_to({IMAP: script}, at_once=AT_ONCE) as network:
        asyncio.run(sign_in(service, ALICE, "x", network))
    assert b64decode(script.heard[-1].split()[-1]) == b"\0example.com/alice\0x"


# ------------------------------------------------------------------------- where it does not go


@pytest.mark.parametrize(
    ("steps", "result"),
    [
        ([b"220 ready\r\n", HEAR, b"250 AUTH PLAIN LOGIN\r\n", STAY], "tls"),
        (
            [b"220 ready\r\n", HEAR, b"250-AUTH PLAIN\r\n250 STARTTLS\r\n", HEAR, b"454 no\r\n"],
            "tls",
        ),
        (
            [
                *(b"220 ready\r\n", HEAR, b"250 STARTTLS\r\n", HEAR),
                *(b"220 go on\r\n250 AUTH PLAIN\r\n", STAY),
            ],
            "tls",
        ),
    ],
    ids=["no STARTTLS", "STARTTLS refused", "injected"],
)
def test_password_goes_nowhere_without_tls(steps: list[Step], result: str) -> None:
    script = Script(*steps)
    found = signed_in({SUBMISSION: script}, SERVERS[2])
    assert found["smtp"].result == result
    assert not any(line.startswith(b"AUTH") for line in script.heard)


def test_password_goes_nowhere_where_the_certificate_is_for_another_name() -> None:
    script = imap(IMAP_OK)
    service = service_with(SERVERS[0])
    wrong = {IMAP: certified("other.example")}
    with network_to({IMAP: script}, at_once=wrong) as network:
        (found,) = asyncio.run(sign_in(service, ALICE, PASSWORD, network))
    assert (found.result, found.detail.what, script.heard) == ("tls", "mail-tls-name", [])


def test_password_goes_nowhere_that_takes_none() -> None:
    found = signed_in({SMTPS: smtp(STAY, mechanisms="NTLM")}, SERVERS[1])
    assert (found["smtp"].result, found["smtp"].detail.what) == ("auth", "mail-no-password")


def test_next_server_is_taken_where_the_first_cannot_be_reached() -> None:
    script = Script(
        *(b"220 ready\r\n", HEAR, b"250 STARTTLS\r\n", HEAR, b"220 go on\r\n", TLS, HEAR),
        *(b"250 AUTH PLAIN\r\n", HEAR, SMTP_OK),
    )
    found = signed_in({SUBMISSION: script, IMAP: imap(IMAP_OK)})
    assert (found["smtp"].port, found["smtp"].result) == (SUBMISSION, "ok")


@pytest.mark.parametrize("answer", [b"535 no\r\n", b"", b"HTTP/1.1\r\n"])
def test_password_is_given_once_a_protocol(answer: bytes) -> None:
    second = smtp(SMTP_OK)
    found = signed_in({SMTPS: smtp(answer), SUBMISSION: second})
    assert found["smtp"].port == SMTPS
    assert found["smtp"].result != "ok"
    assert second.heard == []


def test_password_is_tried_where_a_server_works_and_all_else_stays_as_it_was_told() -> None:
    blocked = MailServer("smtp", HOST, SUBMISSION, "blocked", Reason("mail-blocked-alone"))
    tried = MailServer("imap", HOST, IMAP, "ok", Reason("mail-ok"), days=60), blocked
    service = service_with(SERVERS[0], SERVERS[2])
    with network_to({IMAP: imap(IMAP_OK)}, at_once=AT_ONCE) as network:
        found = asyncio.run(try_password(service, tried, ALICE, PASSWORD, network))
    assert (found[0].detail.what, found[0].days) == ("login-ok", 60)
    assert found[1:] == (blocked,)


def test_last_server_is_told_where_none_can_be_reached() -> None:
    found = signed_in({})
    assert [(each.port, each.result) for each in found.values()] == [
        (IMAP, "refused"),
        (SUBMISSION, "refused"),
    ]


def test_password_is_kept_back_where_the_user_name_is_refused() -> None:
    script = smtp(b"334 VXNlcg==\r\n", HEAR, b"550 5.1.1 who?\r\n", mechanisms="LOGIN")
    found = signed_in({SMTPS: script}, SERVERS[1])
    assert found["smtp"].detail.what == "login-no-user"
    assert script.heard[1:] == [b"AUTH LOGIN", NAME]


def test_server_that_keeps_silent_about_the_password_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(login, "SECONDS", 0.5)
    found = signed_in({IMAP: imap(STAY)}, SERVERS[0])
    assert found["imap"].result == "timeout"


@pytest.mark.parametrize(
    "said",
    [
        "no such password: hunter2hunter",
        "no such password: hunter2",
        PLAIN.decode(),
        f"[{SECRET.decode()}]",
        SECRET.decode()[:9],
        "[hunter2hunter] no",
        "[HUNTER] no",
    ],
)
@pytest.mark.parametrize("status", ["535 ", "535 5.7.8 ", "junk "])
def test_password_that_a_server_says_back_is_told_nowhere(
    status: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    password = "hunter2hunter" if "hunter" in said.lower() else PASSWORD
    scripts = {
        IMAP: imap(f"a2 NO {said}\r\n".encode()),
        SMTPS: smtp(f"{status}{said}\r\n".encode()),
    }
    found = signed_in(scripts, password=password)
    assert {each.detail.values["said"] for each in found.values()} == {UNTOLD}
    assert password not in caplog.text


@given(st.text(), st.text())
def test_text_has_the_password_if_it_has_it_anywhere(password: str, around: str) -> None:
    credentials = Credentials("alice", password)
    sent = [printable(password), credentials.plain().decode(), credentials.login()[1].decode()]
    assert all(credentials.are_in(f"{around}{each}{around}") for each in sent)


@pytest.mark.parametrize("password", ["12", "hunter2", "xyzzy-9"])
def test_text_of_a_usual_refusal_does_not_have_the_password(password: str) -> None:
    assert not Credentials("alice", password).are_in("535 5.7.8 bad credentials")


def test_password_is_not_in_the_representation_of_credentials() -> None:
    assert repr(Credentials("alice", "secret")) == "Credentials(user='alice')"


# -------------------------------------------------------------------------- what a refusal means

AUTHENTICATION = b"a2 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"


@pytest.mark.parametrize(
    ("by_imap", "by_smtp", "reading", "sending"),
    [
        (IMAP_OK, SMTP_OK, "login-ok", "login-ok"),
        (
            AUTHENTICATION,
            b"535 5.7.1 Authentication failed\r\n",
            "login-refused",
            "login-refused-too",
        ),
        (IMAP_OK, b"535 5.7.1 Authentication failed\r\n", "login-ok", "login-cannot-send"),
        (AUTHENTICATION, SMTP_OK, "login-cannot-read", "login-ok"),
        (b"a2 NO [CONTACTADMIN] no\r\n", b"535 no\r\n", "login-blocked", "login-refused-too"),
        (AUTHENTICATION, b"535 5.7.13 no\r\n", "login-refused-too", "login-blocked"),
        (b"a2 NO LOGIN failed.\r\n", b"535 5.7.3 no\r\n", "login-refused", "login-refused-too"),
        (IMAP_OK, b"454 4.7.0 later\r\n", "login-ok", "login-later"),
        (b"* BYE [UNAVAILABLE] later\r\n", b"421 too many\r\n", "login-later", "login-too-often"),
    ],
)
def test_two_refusals_are_judged_together(
    by_imap: bytes, by_smtp: bytes, reading: str, sending: str
) -> None:
    found = signed_in({IMAP: imap(by_imap), SMTPS: smtp(by_smtp)})
    assert (found["imap"].detail.what, found["smtp"].detail.what) == (reading, sending)
    assert {each.result for each in found.values()} <= {"ok", "auth"}


@pytest.mark.parametrize(
    ("protocol", "reply", "what"),
    [
        ("imap", b"a2 NO [AUTHORIZATIONFAILED] no\r\n", "login-no-right"),
        ("imap", b"a2 NO [EXPIRED] no\r\n", "login-expired"),
        ("imap", b"a2 NO [CONTACTADMIN] no\r\n", "login-blocked"),
        ("imap", b"a2 NO [LIMIT] no\r\n", "login-too-often"),
        ("imap", b"a2 NO [ALERT] read this\r\n", "login-refused"),
        ("imap", b"a2 BAD User is authenticated but not connected.\r\n", "login-unclear"),
        ("smtp", b"535 5.7.8 bad\r\n", "login-refused"),
        ("smtp", b"535 bad\r\n", "login-refused"),
        ("smtp", b"535 5.7.13 disabled\r\n", "login-blocked"),
        ("smtp", b"432 4.7.12 change it\r\n", "login-expired"),
        ("smtp", b"550 5.1.1 who?\r\n", "login-no-user"),
        ("smtp", b"550 5.7.1 no permission\r\n", "login-no-right"),
        ("smtp", b"504 5.5.4 what?\r\n", "login-unclear"),
        ("smtp", b"334 more?\r\n", "login-unclear"),
    ],
)
def test_refusal_means_what_its_code_says(protocol: str, reply: bytes, what: str) -> None:
    port, script = (IMAP, imap) if protocol == "imap" else (SMTPS, smtp)
    found = signed_in({port: script(reply)})[protocol]
    assert (found.result, found.detail.what) == ("auth", what)


def test_reply_of_the_server_is_told() -> None:
    found = signed_in({SMTPS: smtp(b"535 5.7.1 Authentication \x1bfailed\r\n")}, SERVERS[1])
    assert found["smtp"].detail.values["said"] == r"535 5.7.1 Authentication \x1bfailed"


def test_every_meaning_has_words() -> None:
    meanings = {
        *MEANINGS.values(),
        *BESIDE_OK.values(),
        login.OK,
        login.REFUSED_TOO,
        "login-unclear",
    }
    assert meanings == {what for what in MAIL if what.startswith("login-")}

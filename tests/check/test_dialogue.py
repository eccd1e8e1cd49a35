"""The talk with mail servers: what they offer, and what becomes of those that behave badly."""

import asyncio
import socket
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoconfig.check.connect import Stream
from autoconfig.check.dialogue import (
    LONGEST_LINE,
    MOST_LINES,
    PROTOCOLS,
    Offered,
    Reply,
    Unspoken,
    imap_reply,
    pop3_reply,
    smtp_reply,
)
from tests.support.mail_server import HEAR, STAY, Script, Turn, network_to

PORT = 143


def said_by(protocol: str, *steps: bytes | Turn, seconds: float = 60.0) -> Offered:
    """What a server offers that speaks without TLS."""

    async def talk() -> Offered:
        stream = await network.connect("mail.example", PORT, tls=False)
        dialogue = PROTOCOLS[protocol](stream)
        try:
            async with asyncio.timeout(seconds):
                await dialogue.greet()
                return await dialogue.offered()
        finally:
            dialogue.close()

    with network_to({PORT: Script(*steps)}) as network:
        return asyncio.run(talk())


# --------------------------------------------------------------------------- what is offered


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        (
            b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=login\r\na1 OK\r\n",
            Offered(mechanisms=frozenset({"PLAIN", "LOGIN"}), login=True, initial=True),
        ),
        (
            b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n* OK still here\r\na1 OK done\r\n",
            Offered(starttls=True, mechanisms=frozenset(), login=False, initial=False),
        ),
        (
            b"* capability imap4rev1\r\n* CAPABILITY AUTH=NTLM\r\na1 ok\r\n",
            Offered(mechanisms=frozenset({"NTLM"}), login=True, initial=False),
        ),
    ],
    ids=["plain", "starttls", "two lines"],
)
def test_imap_server_offers_what_its_capabilities_say(told: bytes, offered: Offered) -> None:
    assert said_by("imap", b"* OK ready\r\n", HEAR, told) == offered


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        (
            b"250-mail.example\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n250 AUTH=LOGIN\r\n",
            Offered(starttls=True, mechanisms=frozenset({"PLAIN", "LOGIN"})),
        ),
        (b"250 mail.example\r\n", Offered()),
        (b"250\r\n", Offered()),
    ],
    ids=["all", "nothing", "digits alone"],
)
def test_smtp_server_offers_what_it_says_after_ehlo(told: bytes, offered: Offered) -> None:
    script = (b"220-mail.example\r\n220 ready\r\n", HEAR, told)
    assert said_by("smtp", *script) == offered


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        (
            b"+OK\r\nSTLS\r\nSASL PLAIN\r\n\r\n.\r\n",
            Offered(starttls=True, mechanisms=frozenset({"PLAIN"})),
        ),
        (b"+OK list\r\nUSER\r\n.\r\n", Offered(login=True)),
        (b"-ERR what?\r\n", Offered(login=True)),
    ],
    ids=["all", "user", "old"],
)
def test_pop3_server_offers_what_its_capabilities_say(told: bytes, offered: Offered) -> None:
    assert said_by("pop3", b"+OK ready\r\n", HEAR, told) == offered


@pytest.mark.parametrize(
    ("offered", "takes"),
    [
        (Offered(mechanisms=frozenset({"PLAIN", "NTLM"})), True),
        (Offered(mechanisms=frozenset({"LOGIN"})), True),
        (Offered(login=True), True),
        (Offered(mechanisms=frozenset({"NTLM", "GSSAPI"})), False),
    ],
)
def test_password_is_taken_by_plain_login_and_the_command(offered: Offered, *, takes: bool) -> None:
    assert offered.password is takes


# ------------------------------------------------------------------------- who behaves badly

FULL = b"* OK " + b"a" * LONGEST_LINE + b"\r\n"


@pytest.mark.parametrize(
    ("protocol", "steps", "what", "said"),
    [
        ("imap", [b"* BYE too busy\r\n"], "mail-turned-away", "too busy"),
        ("pop3", [b"-ERR go away\r\n"], "mail-turned-away", "go away"),
        (
            "smtp",
            [b"554-5.7.1 blocked\r\n554 5.7.1 by us\r\n"],
            "mail-turned-away",
            "blocked by us",
        ),
        ("imap", [b"* OK\r\n", HEAR, b"* BYE too busy\r\n"], "mail-turned-away", "too busy"),
        ("imap", [b"* OK\r\n", HEAR, b"a1 BAD what?\r\n"], "mail-turned-away", "what?"),
        ("smtp", [b"220\r\n", HEAR, b"421 4.3.2 too busy\r\n"], "mail-turned-away", "too busy"),
        ("imap", [b"HTTP/1.1 400 Bad Request\r\n"], "mail-odd", "HTTP/1.1 400 Bad Request"),
        ("imap", [b"* PREAUTH welcome\r\n"], "mail-odd", "* PREAUTH welcome"),
        ("imap", [b"+ go on\r\n"], "mail-turned-away", "go on"),
        ("pop3", [b"* OK ready\r\n"], "mail-odd", "* OK ready"),
        ("smtp", [b"SSH-2.0-OpenSSH\r\n"], "mail-odd", "SSH-2.0-OpenSSH"),
        ("smtp", [b"220 \x1b[31mred\x00\x9b\r\n", HEAR, b"\x00\x1b]0;x\x07\r\n"], "mail-odd", None),
        ("smtp", [], "mail-closed", ""),
        ("imap", [b"* OK ready"], "mail-closed", ""),
        ("imap", [b"* OK ready\r\n", HEAR, b"* CAPABILITY IMAP4rev1\r\n"], "mail-closed", ""),
        ("pop3", [b"+OK\r\n", HEAR, b"+OK\r\nSTLS\r\n"], "mail-closed", ""),
        ("imap", [FULL, HEAR], "mail-endless", ""),
        ("imap", [b"* OK " + b"a" * 2**20], "mail-endless", ""),
        ("smtp", [b"220-a\r\n" * (MOST_LINES + 1), STAY], "mail-endless", ""),
        ("imap", [b"* OK\r\n", HEAR, b"* a\r\n" * MOST_LINES, STAY], "mail-endless", ""),
        ("pop3", [b"+OK\r\n", HEAR, b"+OK\r\n", b"a\r\n" * MOST_LINES, STAY], "mail-endless", ""),
    ],
)
def test_server_that_cannot_be_talked_with_is_told_with_a_reason(
    protocol: str, steps: list[bytes | Turn], what: str, said: str | None
) -> None:
    with pytest.raises(Unspoken) as failed:
        said_by(protocol, *steps)
    assert failed.value.what == what
    assert failed.value.said.isprintable()
    assert said is None or failed.value.said == said


def test_server_that_breaks_the_connection_off_has_closed() -> None:
    def reset(connection: socket.socket) -> None:
        connection.sendall(b"220 ready\r\n")
        connection.recv(100)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def talk() -> None:
        stream = await network.connect("mail.example", PORT, tls=False)
        dialogue = PROTOCOLS["smtp"](stream)
        await dialogue.greet()
        try:
            await dialogue.offered()
        finally:
            dialogue.close()

    with network_to({PORT: reset}) as network, pytest.raises(Unspoken, match="mail-closed"):
        asyncio.run(talk())


def test_server_that_closes_while_it_is_spoken_to_has_closed() -> None:
    async def talk() -> None:
        stream = await network.connect("mail.example", PORT, tls=False)
        dialogue = PROTOCOLS["smtp"](stream)
        stream.writer.transport.abort()
        await asyncio.sleep(0)
        await dialogue.command(b"NOOP")

    with network_to({PORT: Script(STAY)}) as network, pytest.raises(Unspoken, match="mail-closed"):
        asyncio.run(talk())


# -------------------------------------------------------------------------------- the replies


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("a7 OK done", Reply("OK", "", "done")),
        ("a7 NO [AUTHENTICATIONFAILED] no", Reply("NO", "AUTHENTICATIONFAILED", "no")),
        ("a7 no [alert]", Reply("NO", "ALERT", "")),
        ("a7 NO [CAPABILITY IMAP4rev1 X] no", Reply("NO", "CAPABILITY", "no")),
        ("a7 NO [ no", Reply("NO", "", "[ no")),
        ("* BYE [UNAVAILABLE] later", Reply("BYE", "UNAVAILABLE", "later")),
        ("+ VXNlcm5hbWU6", Reply("+", "", "VXNlcm5hbWU6")),
        ("+", Reply("+")),
        ("a8 OK another's", None),
        ("* OK [ALERT] hear", None),
        ("a7 OKAY", None),
        ("", None),
    ],
)
def test_line_of_imap_is_a_reply_if_it_has_the_tag(line: str, reply: Reply | None) -> None:
    assert imap_reply(line, "a7") == reply


@pytest.mark.parametrize(
    ("texts", "code", "text"),
    [
        (["5.7.1 Authentication failed"], "5.7.1", "Authentication failed"),
        (["5.7.8 bad", "5.7.8 really"], "5.7.8", "bad really"),
        (["bad", "really"], "", "bad really"),
        (["5.7.8"], "5.7.8", ""),
        (["5.7.8bad"], "", "5.7.8bad"),
        ([""], "", ""),
    ],
)
def test_reply_of_smtp_has_its_code_and_its_text(texts: list[str], code: str, text: str) -> None:
    assert smtp_reply("535", texts) == Reply("535", code, text, tuple(texts))


@pytest.mark.parametrize(
    ("status", "good", "more"),
    [
        *[(status, True, False) for status in ("OK", "+OK", "220", "235", "250")],
        *[(status, False, True) for status in ("+", "334")],
        *[(status, False, False) for status in ("NO", "BAD", "BYE", "-ERR", "421", "535")],
    ],
)
def test_status_is_good_or_asks_for_more_or_neither(status: str, *, good: bool, more: bool) -> None:
    assert (Reply(status).good, Reply(status).more) == (good, more)


def test_line_of_imap_is_read_in_time_that_grows_as_its_length_does() -> None:
    began = time.process_time()
    for _ in range(MOST_LINES):
        imap_reply(f"* OK [{'a' * (LONGEST_LINE - 6)}", "a1")
    assert time.process_time() - began < 5


@given(st.text(), st.text())
def test_any_line_is_a_reply_or_none(line: str, tag: str) -> None:
    for reply in (imap_reply(line, tag), pop3_reply(line), smtp_reply("250", [line])):
        assert reply is None or (reply.text in line and reply.code.upper() in line.upper())


@given(st.sampled_from(["imap", "pop3", "smtp"]), st.binary(max_size=300))
def test_any_octets_end_in_an_offer_or_a_reason(protocol: str, octets: bytes) -> None:
    """Without a network: each dialogue reads them, and then the end."""

    class Deaf:
        def write(self, octets: bytes) -> None: ...

        async def drain(self) -> None: ...

    async def talk() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(octets)
        reader.feed_eof()
        dialogue = PROTOCOLS[protocol](Stream(reader, Deaf(), None))  # type: ignore[arg-type]
        try:
            await dialogue.greet()
            assert isinstance((await dialogue.offered()).starttls, bool)
        except Unspoken as error:
            assert error.what.startswith("mail-")  # noqa: PT017  # either is right
            assert error.said.isprintable()  # noqa: PT017

    asyncio.run(talk())

"""The talk with a mail server up to a password: IMAP (RFC 3501), POP3 (RFC 1939), SMTP (RFC 5321).

Each protocol greets, says what it offers, and goes over to TLS (RFC 2595, RFC 3207). A server may
say anything, as long and as slowly as it likes: lines are bounded here, the time by the caller. Of
its words only printable characters leave this module.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from autoconfig.check.seen import Certificate
from autoconfig.problems import printable

if TYPE_CHECKING:
    from autoconfig.check.connect import Stream

LONGEST_LINE = 8192
"""Octets. RFC 2683 section 3.2.1.5 has 8000 for IMAP; the other two protocols have 512."""
EVERYTHING = 2**20
"""Octets; a reader never keeps as many. So none that came before TLS is left for after it."""
MOST_LINES = 200
"""Lines of a whole dialogue. Greeting and capabilities have some thirty, twice with STARTTLS."""
CLIENT = "[127.0.0.1]"
"""The name after EHLO, as Thunderbird has it: Exchange refuses some host names, and no literal."""


class Unspoken(Exception):
    """The server cannot be talked with.

    `what` leads to a sentence of `check.words.mail`; `said`: the words of the server or of a
    library, if there are any. `certificate`: one that does not verify.
    """

    def __init__(self, what: str, said: str = "", certificate: Certificate | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.said = said
        self.certificate = certificate


class Reply(NamedTuple):
    """What a command came to. `status`: three digits of SMTP; `OK`, `NO`, `BAD`, `BYE` or `+` of
    IMAP; `+OK` or `-ERR` of POP3.

    `code`: the reason for programs, a response code (RFC 5530) or an enhanced status code (RFC
    3463), if there is one. `text`: the reason for people. `data`: what was told before or beside.
    """

    status: str
    code: str = ""
    text: str = ""
    data: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the command is done."""
        return self.status in {"OK", "+OK"} or self.status.startswith("2")

    @property
    def more(self) -> bool:
        """Whether the server waits for the rest of the command."""
        return self.status == "+" or self.status.startswith("3")


class Offered(NamedTuple):
    """What a server offers at the moment. `mechanisms`: of SASL, in capitals.

    `login`: whether it takes a password without SASL. `initial`: whether a SASL mechanism may
    begin in the line of the command (RFC 4959).
    """

    starttls: bool = False
    mechanisms: frozenset[str] = frozenset()
    login: bool = False
    initial: bool = True

    @property
    def password(self) -> bool:
        """Whether it takes a password as it is."""
        return self.login or not self.mechanisms.isdisjoint({"PLAIN", "LOGIN"})


class Dialogue(ABC):
    """The talk over a connection. `stream` is another one after TLS has begun.

    What waits for the server raises `Unspoken`.
    """

    begin_tls: ClassVar[bytes]
    bye: ClassVar[bytes]

    def __init__(self, stream: "Stream") -> None:
        self.stream = stream
        self._unread = bytearray()
        self._lines = 0

    async def greet(self) -> None:
        """Wait until the server has greeted."""
        _require_welcome(await self._greeting())

    @abstractmethod
    async def offered(self) -> Offered:
        """Ask what the server offers."""

    async def ask_for_tls(self) -> None:
        """Ask to go on with TLS.

        Plain text behind the answer would pass for something said under TLS: whoever sits on the
        way may have put it there (CVE-2011-0411).
        """
        reply = await self.command(self.begin_tls)
        if not reply.good:
            raise Unspoken("mail-starttls-refused", reply.text)
        if self._unread:
            raise Unspoken("mail-starttls-injected")

    async def command(self, line: bytes) -> Reply:
        """Send a command, and wait for what it comes to."""
        return await self.answer(line)

    async def answer(self, line: bytes) -> Reply:
        """Send the rest of a command for which the server waits."""
        try:
            self.stream.writer.write(line + b"\r\n")
            await self.stream.writer.drain()
        except OSError:
            raise Unspoken("mail-closed") from None
        return await self._reply()

    def close(self) -> None:
        """Take leave, and wait for nothing."""
        self.stream.writer.write(self.bye + b"\r\n")
        self.stream.writer.transport.abort()

    @abstractmethod
    async def _greeting(self) -> Reply: ...

    @abstractmethod
    async def _reply(self) -> Reply: ...

    async def _line(self) -> str:
        while (end := self._unread.find(b"\n")) < 0:
            if len(self._unread) > LONGEST_LINE:
                raise Unspoken("mail-endless")
            self._unread += await self._octets()
        self._lines += 1
        if end > LONGEST_LINE or self._lines > MOST_LINES:
            raise Unspoken("mail-endless")
        line = self._unread[:end].removesuffix(b"\r").decode("utf-8", "replace")
        del self._unread[: end + 1]
        return printable(line)

    async def _octets(self) -> bytes:
        try:
            octets = await self.stream.reader.read(EVERYTHING)
        except OSError:
            octets = b""
        if not octets:
            raise Unspoken("mail-closed")
        return octets


class Imap(Dialogue):
    """IMAP: each command has a tag, which the line that ends its reply begins with."""

    begin_tls = b"STARTTLS"
    bye = b"z LOGOUT"

    def __init__(self, stream: "Stream") -> None:
        super().__init__(stream)
        self._tag = 0

    async def offered(self) -> Offered:
        reply = await self.command(b"CAPABILITY")
        _require_welcome(reply)
        told = [line.upper().split() for line in reply.data]
        words = {word for line in told if line[:2] == ["*", "CAPABILITY"] for word in line[2:]}
        return Offered(
            starttls="STARTTLS" in words,
            mechanisms=frozenset(w.removeprefix("AUTH=") for w in words if w.startswith("AUTH=")),
            login="LOGINDISABLED" not in words,
            initial="SASL-IR" in words,
        )

    async def command(self, line: bytes) -> Reply:
        self._tag += 1
        return await self.answer(f"a{self._tag} ".encode() + line)

    async def _greeting(self) -> Reply:
        line = await self._line()
        reply = imap_reply(line, "*")
        if reply is None:
            raise Unspoken("mail-odd", line)
        return reply

    async def _reply(self) -> Reply:
        data: list[str] = []
        while True:
            line = await self._line()
            reply = imap_reply(line, f"a{self._tag}")
            if reply:
                return reply._replace(data=tuple(data))
            data.append(line)


class Pop3(Dialogue):
    """POP3: what is offered has several lines, and a dot ends them (RFC 2449)."""

    begin_tls = b"STLS"
    bye = b"QUIT"

    async def offered(self) -> Offered:
        reply = await self.command(b"CAPA")
        if not reply.good:
            return Offered(login=True)  # as old as RFC 1939, which has nothing else
        told: list[list[str]] = []
        while (line := await self._line()) != ".":
            told.append(line.upper().split())
        words = {line[0]: line[1:] for line in told if line}
        return Offered("STLS" in words, frozenset(words.get("SASL", [])), "USER" in words)

    async def _greeting(self) -> Reply:
        return await self._reply()

    async def _reply(self) -> Reply:
        line = await self._line()
        reply = pop3_reply(line)
        if reply is None:
            raise Unspoken("mail-odd", line)
        return reply


class Smtp(Dialogue):
    """SMTP: a reply may have several lines; a hyphen after the digits says that more follow."""

    begin_tls = b"STARTTLS"
    bye = b"QUIT"

    async def offered(self) -> Offered:
        reply = await self.command(f"EHLO {CLIENT}".encode())
        _require_welcome(reply)
        words = [line.upper().replace("=", " ").split() for line in reply.data]
        mechanisms = (word for line in words if line[:1] == ["AUTH"] for word in line[1:])
        return Offered(["STARTTLS"] in words, frozenset(mechanisms))

    async def _greeting(self) -> Reply:
        return await self._reply()

    async def _reply(self) -> Reply:
        texts: list[str] = []
        while True:
            line = await self._line()
            found = _SMTP.fullmatch(line)
            if not found:
                raise Unspoken("mail-odd", line)
            texts.append(found[3] or "")
            if found[2] != "-":
                return smtp_reply(found[1], texts)


PROTOCOLS: Mapping[str, type[Dialogue]] = {"imap": Imap, "pop3": Pop3, "smtp": Smtp}
"""By the protocol of a server of the offers."""

_IMAP = re.compile(
    r"(\*|a\d+) (OK|NO|BAD|BYE)\b *(?:\[([^\]\s]*)(?:\s[^\]]*)?\])? *(.*)", re.IGNORECASE
)
_POP3 = re.compile(r"(\+OK|-ERR)(?: (.*))?", re.IGNORECASE)
_SMTP = re.compile(r"([2-5][0-9]{2})(?:([ -])(.*))?")
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: +|\Z)(.*)")


def _require_welcome(reply: Reply) -> None:
    """Raise `Unspoken` if the server refuses to talk: no good one refuses what comes first."""
    if not reply.good:
        raise Unspoken("mail-turned-away", reply.text)


def imap_reply(line: str, tag: str) -> Reply | None:
    """The reply that a line of IMAP ends; none, if it only tells something.

    `BYE` ends every reply: the connection is closed after it.
    """
    if line.startswith("+"):
        return Reply("+", text=line[1:].strip())
    found = _IMAP.fullmatch(line)
    if not found or (found[1] != tag and found[2].upper() != "BYE"):
        return None
    return Reply(found[2].upper(), (found[3] or "").upper(), found[4])


def pop3_reply(line: str) -> Reply | None:
    """The reply of POP3, or none."""
    found = _POP3.fullmatch(line)
    return Reply(found[1].upper(), text=found[2] or "") if found else None


def smtp_reply(status: str, texts: list[str]) -> Reply:
    """The reply of SMTP, from the text of each line. An enhanced code begins every line."""
    parts = [_ENHANCED.fullmatch(text) for text in texts]
    codes = [found[1] for found in parts if found]
    said = (found[2] if found else text for found, text in zip(parts, texts, strict=True))
    return Reply(status, codes[-1] if codes else "", " ".join(said), tuple(texts))

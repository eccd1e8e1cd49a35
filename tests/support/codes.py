"""QR codes as a phone sees them: the pixels of an SVG on a dark page, and the text in these.

The account in a code is read as Thunderbird for Android does it, by its own description ("Export
for Mobile", version 1), with what the app refuses beyond it (version 12): null for a text, and an
address that is quoted or longer than RFC 5321 has it. It refuses a code as a whole for one value.
"""

import json
import re
from dataclasses import dataclass

import zxingcpp
from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"
BLACK, WHITE = 0, 255
COLOURS = {"#000": BLACK, "#fff": WHITE}
STEP = re.compile(r"([Mmhvz])(-?[\d.]+)?(?: (-?[\d.]+))?")
"""A command of a path: <https://www.w3.org/TR/SVG11/paths.html>."""
SCALE = 3
"""Pixels of a module, each way."""

LABEL = r"(?:[a-z0-9]|[a-z0-9][a-z0-9-]{0,61}[a-z0-9])"
HOST = re.compile(rf"(?=.{{1,255}}\Z)(?:{LABEL}\.)*{LABEL}\.?", re.IGNORECASE | re.ASCII)
ATOM = r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+"
MAIL_ADDRESS = re.compile(
    rf"(?=.{{1,254}}\Z)(?=[^@]{{1,64}}@){ATOM}(?:\.{ATOM})*@(?:{LABEL}\.)*{LABEL}",
    re.IGNORECASE | re.ASCII,
)


# ------------------------------------------------------------------------------------- pixels


class Image:
    """The modules of a code with its margin, on a page whose ground is black.

    Raises `AssertionError` for anything but a ground and rows of one module's height.
    """

    def __init__(self, content: bytes) -> None:
        svg = etree.fromstring(content)
        assert svg.tag == f"{SVG}svg"
        assert set(svg.attrib) == {"viewBox"}
        left, top, self.side, height = map(int, svg.attrib["viewBox"].split())
        assert (left, top, self.side) == (0, 0, height)
        self.rows = [bytearray([BLACK] * self.side) for _ in range(self.side)]
        ground, modules = svg
        assert ground.tag == modules.tag == f"{SVG}path"
        assert dict(ground.items()) == {"fill": "#fff", "d": f"M0 0h{height}v{height}h-{height}z"}
        self._fill(0, self.side, range(height), WHITE)
        assert set(modules.attrib) == {"stroke", "d"}
        self._stroke(str(modules.attrib["d"]), COLOURS[str(modules.attrib["stroke"])])

    def _stroke(self, path: str, colour: int) -> None:
        x = y = 0.0
        assert "".join(found[0] for found in STEP.finditer(path)) == path
        for command, first, second in STEP.findall(path):
            match command:
                case "M":
                    x, y = float(first), float(second)
                case "m":
                    x, y = x + float(first), y + float(second)
                case "h":
                    self._fill(int(x), int(x + float(first)), [int(y)], colour)
                    x += float(first)
                case _:
                    raise AssertionError(path)

    def _fill(self, start: int, end: int, rows: "range | list[int]", colour: int) -> None:
        for row in rows:
            self.rows[row][start:end] = bytes([colour] * (end - start))

    @property
    def margin(self) -> int:
        """White modules on every side of the black ones."""
        black = [
            place
            for y, row in enumerate(self.rows)
            for x, each in enumerate(row)
            if each == BLACK
            for place in (x, y)
        ]
        return min(*black, self.side - 1 - max(black))

    def decoded(self) -> zxingcpp.Barcode:
        """The one QR code in it, by a decoder that takes no inverted code, as many do not."""
        size = self.side * SCALE
        rows = [bytes(each for each in row for _ in range(SCALE)) for row in self.rows]
        pixels = b"".join(row for row in rows for _ in range(SCALE))
        found = zxingcpp.read_barcodes(
            memoryview(pixels).cast("B", (size, size)), try_invert=False, try_downscale=False
        )
        (code,) = found
        assert code.format == zxingcpp.BarcodeFormat.QRCode
        return code


def text_in(svg: bytes) -> str:
    """The text of a code."""
    return Image(svg).decoded().bytes.decode("ascii")


# ------------------------------------------------------------------------------------- account


class Refused(Exception):
    """The app says that the code is none of its own."""


@dataclass(frozen=True, slots=True)
class Connection:
    protocol: str
    host: str
    port: int
    security: str
    authentication: str
    username: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account that the app adds; it asks for the password."""

    incoming: Connection
    outgoing: Connection
    address: str
    person: str


INCOMING, OUTGOING = ("imap", "pop3"), ("smtp",)
SECURITY = {0: "plain", 2: "STARTTLS", 3: "SSL"}
AUTHENTICATION = {
    0: "none",
    1: "password-cleartext",
    2: "password-encrypted",
    5: "TLS-client-cert",
    6: "OAuth2",
}


def account_in(text: str) -> Account:
    """The one account of the one code of an export. Raises `Refused`."""
    try:
        version, sequence, incoming, groups = _array(json.loads(text), 4)
    except json.JSONDecodeError:
        raise Refused(text) from None
    if [version, *_array(sequence, 2)] != [1, 1, 1]:
        raise Refused(version, sequence)
    (group,) = _array(groups, 1)
    outgoing, identity = _array(group, 2)
    address, person = map(_line, _array(identity, 2))
    if not MAIL_ADDRESS.fullmatch(address):
        raise Refused(address)
    return Account(
        _connection(incoming, INCOMING), _connection(outgoing, OUTGOING), address, person
    )


def _connection(value: object, protocols: tuple[str, ...]) -> Connection:
    protocol, host, port, security, authentication, username = _array(value, 6)
    if not HOST.fullmatch(_line(host)) or not 1 <= _number(port) <= 65535:
        raise Refused(value)
    try:
        return Connection(
            dict(enumerate(protocols))[_number(protocol)],
            _line(host),
            _number(port),
            SECURITY[_number(security)],
            AUTHENTICATION[_number(authentication)],
            _line(username),
        )
    except KeyError:
        raise Refused(value) from None


def _array(value: object, length: int) -> list[object]:
    """Exactly these elements: a reader skips further ones, but no writer adds any."""
    if not isinstance(value, list) or len(value) != length:
        raise Refused(value)
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise Refused(value)
    return value


def _line(value: object) -> str:
    """A text of one line; null is none."""
    if not isinstance(value, str) or re.search(r"[\r\n]", value):
        raise Refused(value)
    return value

"""One request over HTTP/1.1, and what comes of it, within bounds (RFC 9110, RFC 9112).

h11 reads the messages. A body counts as far as `MOST_BODY`, also when it has been decompressed;
what a server sends besides it (fields of the header, chunks, interim answers) is bounded as well.
"""

import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit
from xml.sax.saxutils import escape

import h11

from autoconfig.check.connect import Stream, Unconnected
from autoconfig.check.seen import MOST_BODY, Fault, Request

MOST_HEADER = 2**16
"""Octets of the status line and the fields; Firefox takes some more, curl 300 KiB in all."""
MOST_RECEIVED = 2 * MOST_BODY
"""Octets that are read of one answer, whatever they are."""
MOST_PARTS = 5000
"""Interim answers and pieces of a body that are read: each takes a processor's time."""
AT_ONCE = 2**16
"""Octets that are read at once."""

SCHEMAS: Mapping[str, tuple[str, str]] = {
    "outlook": ("outlook/requestschema/2006", "outlook/responseschema/2006a"),
    "mobilesync": ("mobilesync/requestschema/2006", "mobilesync/responseschema/2006"),
}
"""The namespace of a posted request, and of the answer that is wanted (MS-OXDSCLI section 2.2.3,
MS-ASCMD section 2.2.1.1)."""
_SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/"
_POSTED = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<Autodiscover xmlns="{schema}{asked}"><Request>'
    "<EMailAddress>{address}</EMailAddress>"
    "<AcceptableResponseSchema>{schema}{wanted}</AcceptableResponseSchema>"
    "</Request></Autodiscover>"
)

_SAFE = "".join(map(chr, range(0x21, 0x7F)))
"""What may stand in the target of a request as it is."""


class Response(NamedTuple):
    """An answer. `location`: as it is written. `keeps`: whether the connection stays open."""

    status: int
    media_type: str
    location: str
    body: bytes
    keeps: bool


async def exchange(stream: Stream, request: Request) -> Response:
    """Ask, and read the answer. Raises `Unconnected`; it has no time limit of its own."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADER)
    try:
        await _send(stream, connection, request)
        return await _receive(stream, connection)
    except h11.RemoteProtocolError as error:
        raise _odd(error, connection) from None
    except OSError as error:
        raise Unconnected(Fault.CLOSED, error.strerror or str(error), reached=True) from None


def posted(request: Request) -> bytes:
    """The body of a posted Autodiscover request; none of another one."""
    if not request.schema:
        return b""
    asked, wanted = SCHEMAS[request.schema]
    address = escape(request.address)
    return _POSTED.format(schema=_SCHEMA, asked=asked, wanted=wanted, address=address).encode()


async def _send(stream: Stream, connection: h11.Connection, request: Request) -> None:
    url, body = urlsplit(request.url), posted(request)
    fields = [
        ("Host", url.netloc),
        ("User-Agent", "autoconfig check"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip, deflate"),
    ]
    if request.method == "POST":
        fields += [
            ("Content-Type", "text/xml; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ]
    asked = h11.Request(method=request.method, target=_target(url), headers=fields)
    for event in (asked, h11.Data(data=body), h11.EndOfMessage()):
        stream.writer.write(connection.send(event) or b"")
    await stream.writer.drain()


def _target(url: SplitResult) -> str:
    path = url.path or "/"
    return quote(f"{path}?{url.query}" if url.query else path, safe=_SAFE)


async def _receive(stream: Stream, connection: h11.Connection) -> Response:
    status, fields, body = 0, _Fields([]), bytearray()
    decoded: Callable[[bytes], bytes] = bytes
    async for event in _events(stream, connection):
        if isinstance(event, h11.Response):
            status, fields = event.status_code, _Fields(event.headers)
            decoded = _decoder(fields.first(b"content-encoding"))
        elif isinstance(event, h11.Data):
            body += decoded(bytes(event.data))
            if len(body) > MOST_BODY:
                raise Unconnected(Fault.TOO_LARGE, f"more than {MOST_BODY} octets")
    keeps = connection.our_state is h11.DONE and connection.their_state is h11.DONE
    return Response(
        status,
        fields.first(b"content-type"),
        fields.first(b"location"),
        bytes(body),
        keeps and not connection.trailing_data[0],
    )


async def _events(stream: Stream, connection: h11.Connection) -> AsyncIterator[h11.Event]:
    """The parts of an answer, up to its end. Raises `Unconnected`, `h11.RemoteProtocolError`."""
    parts = received = 0
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        if isinstance(event, h11.Event):
            parts += 1
            yield event
        else:
            octets = await stream.reader.read(AT_ONCE)
            received += len(octets)
            connection.receive_data(octets)
        if received > MOST_RECEIVED or parts > MOST_PARTS:
            raise Unconnected(Fault.TOO_LARGE, "more than any document has")


class _Fields:
    """The fields of a header."""

    def __init__(self, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        self._pairs = tuple(pairs)

    def first(self, name: bytes) -> str:
        """The first of a name, in small letters, as it is written; nothing if there is none."""
        return next((value.decode("latin-1") for each, value in self._pairs if each == name), "")


def _decoder(coding: str) -> Callable[[bytes], bytes]:
    """What takes a coding of the body away, a piece at a time; one that was not asked for stays.

    More than `MOST_BODY` octets and one of a piece are never made. Raises `Unconnected`.
    """
    windows = {"gzip": 31, "x-gzip": 31, "deflate": 15}.get(coding.strip().lower())
    if windows is None:
        return bytes
    opened = zlib.decompressobj(windows)

    def decoded(piece: bytes) -> bytes:
        try:
            return opened.decompress(piece, MOST_BODY + 1)
        except zlib.error as error:
            raise Unconnected(Fault.NOT_HTTP, str(error)) from None

    return decoded


def _odd(error: h11.RemoteProtocolError, connection: h11.Connection) -> Unconnected:
    unread, ended = connection.trailing_data
    if ended and not unread:
        return Unconnected(Fault.CLOSED, reached=True)
    large = error.error_status_hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    return Unconnected(Fault.TOO_LARGE if large else Fault.NOT_HTTP, str(error), reached=True)

"""Reading what Outlook, ActiveSync devices and their like post: Autodiscover in plain old XML.

[MS-OXDSCLI] 2.2.3 and [MS-ASCMD] 2.2.3: an `Autodiscover` element in one of two namespaces, one
`Request` in it, with the address and the schema of the answer that the client understands. Bodies
come with leading white space. The only place that knows lxml.

libxml2 remembers every name that it has read, for as long as the thread lives. What real clients
send has always the same few names; anything else is parsed in a thread of its own, so that nobody
can make the server's memory grow by making up names.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lxml import etree

from autoconfig.errors import MalformedAddress, MalformedRequest

MAX_BODY = 8 * 1024
"""Bytes. Real requests have some 400."""

_SCHEMAS = "http://schemas.microsoft.com/exchange/autodiscover/"
_REQUEST_NAMESPACES = (
    f"{_SCHEMAS}outlook/requestschema/2006",
    f"{_SCHEMAS}mobilesync/requestschema/2006",
)
_NAMESPACES = {f"{{{namespace}" for namespace in _REQUEST_NAMESPACES}
"""As lxml begins a tag."""

_PLAIN = re.compile(
    rb"""(?:<\?xml\ version=["']1.0["'](?:\ encoding=["'](?i:utf-8)["'])?\s?\?>\s*)?
    <Autodiscover\s+xmlns=["'](?:%b)["']\s*>\s*<Request>\s*
    (?:<(?P<name>EMailAddress|AcceptableResponseSchema)>[^<>&]{4,}</(?P=name)>\s*){2}
    </Request>\s*</Autodiscover>\s*"""
    % "|".join(map(re.escape, _REQUEST_NAMESPACES)).encode(),
    re.VERBOSE,
)
"""Every name, and no text that libxml2 would remember too: up to three characters, or blank."""
_BLANK = re.compile(rb">\s+<")
_BEFORE = re.compile(rb"\A\s*(?:\xef\xbb\xbf\s+)?")
"""What some clients send first: line breaks, and a byte order mark, which XML takes alone."""

FORMAT_OF_SCHEMA = {
    f"{_SCHEMAS}outlook/responseschema/2006a": "autodiscover",
    f"{_SCHEMAS}outlook/responseschema/2006": "autodiscover",  # asked for by some old clients
    f"{_SCHEMAS}mobilesync/responseschema/2006": "mobilesync",
}
"""The format that answers in a schema, which is compared in lower case."""


@dataclass(frozen=True, slots=True)
class AutodiscoverRequest:
    """`address` as written, `schema` of the answer in lower case."""

    address: str
    schema: str


def parse_request(body: bytes) -> AutodiscoverRequest:
    """Read a request. Raises `MalformedRequest` or `MalformedAddress`.

    A document type is refused before the parser sees it, in any encoding that keeps ASCII bytes,
    and after, in any other; entities, DTD and network are off in the parser all the same.
    """
    body = _BEFORE.sub(b"", body, 1)
    if _PLAIN.fullmatch(body):
        return _parse(_BLANK.sub(b"><", body))
    if b"<!DOCTYPE" in body.replace(b"\0", b"").upper():
        raise MalformedRequest
    with ThreadPoolExecutor(max_workers=1) as own_thread:
        return own_thread.submit(_parse, body).result()


def _parse(body: bytes) -> AutodiscoverRequest:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise MalformedRequest from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise MalformedRequest
    namespace, _, name = root.tag.rpartition("}")
    requests = [child for child in root if child.tag == f"{namespace}}}Request"]
    if name != "Autodiscover" or namespace not in _NAMESPACES or len(requests) != 1:
        raise MalformedRequest
    found = {child.tag: child for child in reversed(requests[0])}  # of two, the first counts
    address = _text(found.get(f"{namespace}}}EMailAddress"))
    schema = _text(found.get(f"{namespace}}}AcceptableResponseSchema"))
    if not address:
        raise MalformedAddress
    if not schema:
        raise MalformedRequest
    return AutodiscoverRequest(address, schema.lower())


def _text(element: etree._Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()

"""Reads the requests of Outlook and ActiveSync devices: Autodiscover in plain old XML.

[MS-OXDSCLI] 2.2.3 and [MS-ASCMD] 2.2.3: an `Autodiscover` element in one of two namespaces, one
`Request` in it, with the address and the schema of the answer that the client understands. Bodies
come with leading white space. The only place that knows lxml.

Real requests have no entity, no comment and no prefix, and a regular expression reads them.
Any other is parsed by lxml, in a thread of its own: libxml2 remembers every name that it has
read for as long as the thread lives, so nobody can make memory grow by making up names.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from lxml import etree

from autoconfig.errors import Busy, MalformedRequest

MAX_BODY = 8 * 1024
"""Bytes. Real requests have some 400."""

_SCHEMAS = "http://schemas.microsoft.com/exchange/autodiscover/"
REQUEST_NAMESPACES = (
    f"{_SCHEMAS}outlook/requestschema/2006",
    f"{_SCHEMAS}mobilesync/requestschema/2006",
)
_NAMESPACES = {f"{{{namespace}" for namespace in REQUEST_NAMESPACES}
"""As lxml begins a tag."""

_SPACE = rb"[ \t\r\n]"
_TEXT = rb"([!-%'-;=?-~]+)"
"""Printable ASCII that stands for itself in XML, without a space."""
_NAMESPACE = b"|".join(re.escape(namespace.encode()) for namespace in REQUEST_NAMESPACES)
_TOKENS = (  # the empty first and last one let white space stand at both ends
    rb"",
    rb"(?:\xef\xbb\xbf)?",
    rb"""(?:<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"(?i:utf-8)"|'(?i:utf-8)'))? ?\?>)?""",
    rb"""<Autodiscover%b++xmlns=(?:"(?:%b)"|'(?:%b)')""" % (_SPACE, _NAMESPACE, _NAMESPACE),
    rb">",
    rb"<Request>",
    rb"<EMailAddress>",
    _TEXT,
    rb"</EMailAddress>",
    rb"<AcceptableResponseSchema>",
    _TEXT,
    rb"</AcceptableResponseSchema>",
    rb"</Request>",
    rb"</Autodiscover>",
    rb"",
)
PLAIN_REQUEST = re.compile((_SPACE + b"*+").join(_TOKENS))  # possessive: many blanks take no longer
"""A plain request, in which lxml would read the same address and schema, to the letter. The program
for web space matches it too."""
_BEFORE = re.compile(rb"\A\s*(?:\xef\xbb\xbf\s+)?")
"""Line breaks before the XML, as some clients send them, and a byte order mark between them."""

FORMAT_OF_SCHEMA = {
    f"{_SCHEMAS}outlook/responseschema/2006a": "autodiscover",
    f"{_SCHEMAS}outlook/responseschema/2006": "autodiscover",  # asked for by some old clients
    f"{_SCHEMAS}mobilesync/responseschema/2006": "mobilesync",
}
"""The format that answers in a schema, which is compared in lower case."""


class AutodiscoverRequest(NamedTuple):
    """`address` as written, `schema` of the answer in lower case; empty where there is none."""

    address: str
    schema: str


def parse_request(body: bytes) -> AutodiscoverRequest:
    """Read a request. Raises `MalformedRequest`, or `Busy` where no thread can be had.

    One without a body names nothing: clients of NTLM post it first, to be asked for a password.
    """
    read = read_plainly(body) if body.strip() else AutodiscoverRequest("", "")
    if read is not None:
        return read
    with ThreadPoolExecutor(max_workers=1) as own_thread:
        try:
            reading = own_thread.submit(read_with_lxml, body)
        except RuntimeError:  # the system has no thread left
            raise Busy from None
        return reading.result()


def read_plainly(body: bytes) -> AutodiscoverRequest | None:
    """The result of `read_with_lxml`, for a request as clients write it; None for any other."""
    found = PLAIN_REQUEST.fullmatch(body)
    if found is None:
        return None
    address, schema = found.groups()
    return AutodiscoverRequest(address.decode(), schema.decode().lower())


def read_with_lxml(body: bytes) -> AutodiscoverRequest:
    """Read a request, in which `LegacyDN` may stand for the address. Raises `MalformedRequest`.

    A document type is refused before the parser sees it, in any encoding that keeps ASCII bytes,
    and after, in any other; entities, DTD and network are off in the parser all the same.
    """
    body = _BEFORE.sub(b"", body, 1)
    if b"<!DOCTYPE" in body.replace(b"\0", b"").upper():
        raise MalformedRequest
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
    if address and not schema:
        raise MalformedRequest
    return AutodiscoverRequest(address, schema.lower())


def _text(element: etree._Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()

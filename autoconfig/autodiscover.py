"""Reading what Outlook, ActiveSync devices and their like post: Autodiscover in plain old XML.

[MS-OXDSCLI] 2.2.3 and [MS-ASCMD] 2.2.3: an `Autodiscover` element in one of two namespaces, one
`Request` in it, with the address and the schema of the answer that the client understands. Bodies
come with leading white space. The only place that knows lxml.
"""

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
    body = body.lstrip()
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
    name = etree.QName(root)
    requests = root.findall(f"{{{name.namespace}}}Request")
    if (
        name.localname != "Autodiscover"
        or name.namespace not in _REQUEST_NAMESPACES
        or len(requests) != 1
    ):
        raise MalformedRequest
    address = _text(requests[0], "EMailAddress")
    if not address:
        raise MalformedAddress
    schema = _text(requests[0], "AcceptableResponseSchema")
    if not schema:
        raise MalformedRequest
    return AutodiscoverRequest(address, schema.lower())


def _text(request: etree._Element, name: str) -> str:
    element = request.find(f"{{{etree.QName(request).namespace}}}{name}")
    return "" if element is None else "".join(map(str, element.itertext())).strip()

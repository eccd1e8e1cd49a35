"""XML of strangers, read safely: no entity, document type or network counts, and nothing is huge.

Most programs have a parser that refuses what is not well-formed. Some read tag by tag, so that a
document may end early, or hold no element at all.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator

from lxml import etree

Element = etree._Element

_ASIDE = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"<!", b">"))
"""What stands between tags, and what ends it."""


def parse(body: bytes) -> Element | None:
    """The root of a well-formed document; None if it is none."""
    return _parse(body, recover=False)


def parse_declared(body: bytes) -> Element | None:
    """The root of a document that begins with `<?xml`, if need be after a byte order mark."""
    return parse(body) if body.removeprefix(BOM_UTF8).startswith(b"<?xml") else None


def parse_markup(body: bytes) -> Element | None:
    """The root of a document as GLib reads it, whose parser is no XML parser."""
    return None if body.startswith(BOM_UTF8) else parse(body.lstrip())


def parse_tags(body: bytes) -> tuple[bool, Element | None]:
    """Whether every end tag ends what is open, and the root of what there is."""
    if not _tags_agree(body):
        return False, None
    return True, _parse(body.strip(), recover=True)


def name_of(element: Element) -> str:
    """The name of an element as it is written; nothing for what is no element."""
    tag: object = element.tag  # a function for an entity
    if not isinstance(tag, str):
        return ""
    name = tag.rpartition("}")[2]
    return f"{element.prefix}:{name}" if element.prefix else name


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of these names, in the order of the document."""
    return (child for child in element if name_of(child) in names)


def below(element: Element, *names: str) -> Iterator[Element]:
    """The elements of these names at any depth, in the order of the document."""
    return (each for each in element.iter() if name_of(each) in names)


def child(element: Element, name: str) -> Element | None:
    """The first child of the name; None if there is none."""
    return next(children(element, name), None)


def text_of(element: Element | None) -> str:
    """The text within, as it is written."""
    return "" if element is None else "".join(map(str, element.itertext()))


def _parse(body: bytes, *, recover: bool) -> Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _tags_agree(body: bytes) -> bool:
    """Whether a reader that goes from tag to tag meets no mistake."""
    opened: list[bytes] = []
    at = body.find(b"<")
    while at >= 0:
        start, end = next((pair for pair in _ASIDE if body.startswith(pair[0], at)), (b"<", b">"))
        close = body.find(end, at + len(start))
        if close < 0:
            return False
        tag = body[at + 1 : close]
        if start == b"<" and not _balances(tag, opened):
            return False
        at = body.find(b"<", close + len(end))
    return True


def _balances(tag: bytes, opened: list[bytes]) -> bool:
    if tag.startswith(b"/"):
        return bool(opened) and opened.pop() == tag[1:].rstrip()
    if not tag.endswith(b"/"):
        opened.append(tag.split(maxsplit=1)[0] if tag.split(maxsplit=1) else b"")
    return True

"""XML of strangers, read safely: no entity, document type or network counts, and nothing is huge.

Most programs have a parser that refuses what is not well-formed. Some read tag by tag, so that a
document may end early, or hold no element at all.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator

from lxml import etree

Element = etree._Element

_ASIDE = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"<!", b">"))
"""What stands between tags, and what ends it."""

_ANYWHERE = "{{*}}{}"
"""An element of a name, in whatever namespace, as lxml finds it: a hostile answer has 250,000."""

_OPEN_REFERENCE = re.compile(rb"&[^;&]*(?:&|\Z)")
"""An ampersand within text that begins no reference to an entity."""


def parse(body: bytes) -> Element | None:
    """The root of a well-formed document; None if it is none."""
    return _parse(body, recover=False)


def parse_declared(body: bytes) -> Element | None:
    """The root of a document that begins with `<?xml`, if need be after a byte order mark."""
    return parse(body) if body.removeprefix(BOM_UTF8).startswith(b"<?xml") else None


def parse_markup(body: bytes) -> Element | None:
    """The root of a document as GLib reads it, whose parser is no XML parser.

    It does not read CDATA sections, nor knows entities that a document declares.
    """
    root = parse(_without_cdata(body.lstrip()))
    if root is None or body.startswith(BOM_UTF8) or not all(map(name_of, root.iter())):
        return None
    return root


def parse_tags(body: bytes) -> tuple[bool, Element | None]:
    """Whether every end tag ends what is open, and the root of all but CDATA sections."""
    if not _tags_agree(body):
        return False, None
    return True, _parse(_without_cdata(body.strip()), recover=True)


def name_of(element: Element) -> str:
    """The name of an element as it is written; nothing for what is no element."""
    tag: object = element.tag  # a function for an entity
    if not isinstance(tag, str):
        return ""
    name = tag.rpartition("}")[2]
    return f"{element.prefix}:{name}" if element.prefix else name


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of these names, in the order of the document."""
    found = element.iterchildren(*map(_ANYWHERE.format, names))
    return (child for child in found if name_of(child) in names)


def below(element: Element, *names: str) -> Iterator[Element]:
    """The elements of these names at any depth, in the order of the document."""
    found = element.iter(*map(_ANYWHERE.format, names))
    return (each for each in found if name_of(each) in names)


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


def _without_cdata(body: bytes) -> bytes:
    first, *others = body.split(b"<![CDATA[")
    return first + b"".join(each.partition(b"]]>")[2] for each in others)


def _tags_agree(body: bytes) -> bool:
    """Whether a reader that goes from tag to tag meets no mistake."""
    opened: list[bytes] = []
    end_of_last, at = 0, body.find(b"<")
    while at >= 0:
        if _OPEN_REFERENCE.search(body, end_of_last, at):
            return False
        start, end = next((pair for pair in _ASIDE if body.startswith(pair[0], at)), (b"<", b">"))
        close = body.find(end, at + len(start))
        if close < 0 or (start == b"<" and not _balances(body[at + 1 : close], opened)):
            return False
        end_of_last = close + len(end)
        at = body.find(b"<", end_of_last)
    return not _OPEN_REFERENCE.search(body, end_of_last)


def _balances(tag: bytes, opened: list[bytes]) -> bool:
    if tag.startswith(b"/"):
        return bool(opened) and opened.pop() == tag[1:].rstrip()
    if not tag.endswith(b"/"):
        opened.append(tag.split(maxsplit=1)[0] if tag.split(maxsplit=1) else b"")
    return True

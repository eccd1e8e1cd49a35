"""A document: rendered once for a service, then filled in for each name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from autoconfig.documents.formats import Format
from autoconfig.documents.placeholders import PLACEHOLDERS
from autoconfig.names import Domain, EmailAddress

CUTS = ("<!--guide", "\n<summary>", "<h2>")
"""Where a page is cut beside its placeholders: what its orders and those of other services have in
common lies between.
"""


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered text, in pieces. `gaps`: each placeholder, and the pieces, empty, that it fills.

    `orders`: what a page is on each device that is known.
    """

    format: Format
    pieces: tuple[bytes, ...]
    gaps: tuple[tuple[str, tuple[int, ...]], ...]
    digest: str
    orders: Mapping[str, "Document"] = field(default_factory=dict)

    @classmethod
    def from_text(
        cls, format: Format, text: str, shared: dict[bytes, bytes] | None = None
    ) -> "Document":
        """Cut `text` at the placeholders that the format fills in.

        `shared`: the pieces of other documents, which takes those that are new. What several have
        in common is held once.
        """
        marks = "|".join(map(re.escape, (*format.fills, *CUTS)))
        first, *others = re.split(f"({marks})", text)
        pieces, gaps = [first], dict[str, list[int]]()
        for mark, rest in zip(others[0::2], others[1::2], strict=True):
            if mark in CUTS:
                pieces.append(mark + rest)
            else:
                gaps.setdefault(mark, []).append(len(pieces))
                pieces += ("", rest)
        shared = {} if shared is None else shared
        held = tuple(shared.setdefault(each, each) for each in map(str.encode, pieces))
        digest = sha256(text.encode()).hexdigest()[:16]
        return cls(format, held, tuple((name, tuple(each)) for name, each in gaps.items()), digest)

    @property
    def text(self) -> str:
        """The rendered text, with its placeholders."""
        names = {gap: name for name, gaps in self.gaps for gap in gaps}
        return "".join(names.get(n, piece.decode()) for n, piece in enumerate(self.pieces))

    def on(self, device: str | None) -> "Document":
        """The order for a device; the document itself where it has none."""
        return self.orders.get(device or "", self)

    def fill(self, domain: Domain, address: EmailAddress | None = None) -> bytes:
        """The finished bytes for a domain, or for a person where the format needs the address.

        Every value is escaped for the kind of text. Raises `MalformedAddress` if one is needed.
        """
        parts = [*self.pieces]
        for name, gaps in self.gaps:
            value = self._value(name, domain, address)
            for gap in gaps:
                parts[gap] = value
        filled = b"".join(parts)
        return self.format.finish(filled) if self.format.finish else filled

    def _value(self, placeholder: str, domain: Domain, address: EmailAddress | None) -> bytes:
        row = PLACEHOLDERS[placeholder]
        value = row.value(domain, address)
        return (value if row.plain else self.format.kind.escape(value)).encode()

    def etag(self, domain: Domain) -> str:
        """A strong validator (RFC 9110 section 8.8.1): the text and the domain decide the bytes."""
        return f"{self.digest}-{domain}"


def redirect_text(url: str) -> bytes:
    """The body of a redirect, for a person who looks at it: the target."""
    return f"{url}\n".encode()

"""A document: rendered once for a service, then filled in for each name."""

import re
from dataclasses import dataclass
from hashlib import sha256

from autoconfig.documents.formats import Format
from autoconfig.documents.placeholders import PLACEHOLDERS
from autoconfig.names import Domain, EmailAddress


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered text, cut at its placeholders: `fixed[0]`, `names[0]`, `fixed[1]`, and so on.

    `only`: the placeholder of a document that has no other, as most have.
    """

    format: Format
    fixed: tuple[bytes, ...]
    names: tuple[str, ...]
    only: str | None
    digest: str

    @classmethod
    def from_text(cls, format: Format, text: str) -> "Document":
        """Cut `text` at the placeholders that the format fills in."""
        placeholders = "|".join(map(re.escape, format.fills))
        pieces = re.split(f"({placeholders})", text) if placeholders else [text]
        fixed = tuple(piece.encode() for piece in pieces[0::2])
        names = tuple(pieces[1::2])
        only = names[0] if len(set(names)) == 1 else None
        digest = sha256(text.encode()).hexdigest()[:16]
        return cls(format, fixed, names, only, digest)

    @property
    def text(self) -> str:
        """The rendered text, with its placeholders."""
        names = (*self.names, "")
        return "".join(f.decode() + n for f, n in zip(self.fixed, names, strict=True))

    def fill(self, domain: Domain, address: EmailAddress | None = None) -> bytes:
        """The finished bytes for a domain, or for a person where the format needs the address.

        Every value is escaped for the kind of text. Raises `MalformedAddress` if one is needed.
        """
        if self.only is not None:  # the same everywhere, so it goes between all pieces
            filled = self._value(self.only, domain, address).join(self.fixed)
        else:
            values = {name: self._value(name, domain, address) for name in self.names}
            parts = [self.fixed[0]]
            for name, fixed in zip(self.names, self.fixed[1:], strict=True):
                parts += (values[name], fixed)
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

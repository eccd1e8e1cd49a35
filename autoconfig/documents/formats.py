"""What a document is: the table of formats, and a rendered text that only lacks names.

A document is rendered once per service. What differs between domains and between people stands in
it as placeholders, with the names that Mozilla's format gives them, and is put into the finished
bytes. To add a format: a row in `FORMATS` and a template; then a row in `endpoints.ENDPOINTS`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import escape

from autoconfig.errors import MalformedAddress
from autoconfig.names import Domain, EmailAddress, unicode_domain
from autoconfig.offers.model import Service

XML = "text/xml; charset=utf-8"
"""Lower case to the letter: Thunderbird compares it and does not parse anything else."""
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"

SHARED_HOUR = "public, max-age=3600"
NO_STORE = "no-store"

DOMAIN = "%EMAILDOMAIN%"
ADDRESS = "%EMAILADDRESS%"
LOCAL_PART = "%EMAILLOCALPART%"
UNICODE_DOMAIN = "%UNICODEDOMAIN%"
"""The domain as people read it. Ours, for pages: the other three are Mozilla's."""


def _always(service: Service) -> bool:
    return True


def _answers_outlook(service: Service) -> bool:
    return service.autodiscover is None


def _has_activesync(service: Service) -> bool:
    return service.activesync is not None and service.autodiscover is None


@dataclass(frozen=True, slots=True)
class Format:
    """One spelling of a service's settings.

    `fills`: the placeholders that we fill in, the others are the client's. `offered`: whether a
    service has this document. `for_domain`: the format to use when only the domain is known.
    `asked_for`: whether a person may name it; one that only stands in for another is not.
    """

    name: str
    template: str
    media_type: str
    fills: tuple[str, ...]
    cache: str = SHARED_HOUR
    offered: Callable[[Service], bool] = _always
    for_domain: str | None = None
    asked_for: bool = True

    @property
    def needs_address(self) -> bool:
        return ADDRESS in self.fills


FORMATS: Mapping[str, Format] = {
    row.name: row
    for row in (
        Format("autoconfig", "autoconfig.xml", XML, fills=(DOMAIN,)),
        Format(
            "autodiscover",
            "autodiscover.xml",
            XML,
            fills=(ADDRESS, LOCAL_PART, DOMAIN),
            cache=NO_STORE,
            offered=_answers_outlook,
            for_domain="autodiscover-domain",
        ),
        Format(
            "autodiscover-domain",
            "autodiscover.xml",
            XML,
            fills=(DOMAIN,),
            cache=NO_STORE,
            offered=_answers_outlook,
            asked_for=False,
        ),
        Format(
            "mobilesync",
            "mobilesync.xml",
            XML,
            fills=(ADDRESS, LOCAL_PART, DOMAIN),
            cache=NO_STORE,
            offered=_has_activesync,
        ),
        Format("page", "page.html", HTML, fills=(UNICODE_DOMAIN,)),
    )
}


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered text, cut at its placeholders: `fixed[0]`, `names[0]`, `fixed[1]`, and so on.

    `only`: the one placeholder that it has, as nearly all have.
    """

    format: Format
    text: str
    fixed: tuple[bytes, ...]
    names: tuple[str, ...]
    only: str | None
    digest: str

    @classmethod
    def from_text(cls, format: Format, text: str) -> "Document":
        """Cut `text` at the placeholders that the format fills in."""
        pieces = re.split(f"({'|'.join(map(re.escape, format.fills))})", text)
        fixed = tuple(piece.encode() for piece in pieces[0::2])
        names = tuple(pieces[1::2])
        only = names[0] if len(set(names)) == 1 else None
        digest = sha256(text.encode()).hexdigest()[:16]
        return cls(format, text, fixed, names, only, digest)

    def fill(self, domain: Domain, address: EmailAddress | None = None) -> bytes:
        """The finished bytes for a domain, or for a person where the format needs the address.

        Every value is escaped for XML and HTML. Raises `MalformedAddress` if one is needed.
        """
        if self.only is not None:  # the same everywhere, so it goes between all pieces
            return _value(self.only, domain, address).join(self.fixed)
        values = {name: _value(name, domain, address) for name in self.names}
        parts = [self.fixed[0]]
        for name, fixed in zip(self.names, self.fixed[1:], strict=True):
            parts += (values[name], fixed)
        return b"".join(parts)

    def etag(self, domain: Domain) -> str:
        """A strong validator (RFC 9110 section 8.8.1): the text and the domain decide the bytes."""
        return f"{self.digest}-{domain}"


def redirect_text(url: str) -> bytes:
    """The body of a redirect, for a person who looks: where the document is instead."""
    return f"{url}\n".encode()


def _value(placeholder: str, domain: Domain, address: EmailAddress | None) -> bytes:
    if placeholder == DOMAIN:
        return domain.encode()
    if placeholder == UNICODE_DOMAIN:
        return str(escape(unicode_domain(domain))).encode()
    if address is None:
        raise MalformedAddress
    return str(escape(str(address) if placeholder == ADDRESS else address.local)).encode()

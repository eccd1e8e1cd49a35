"""Mail domains and e-mail addresses, each in the one form that is used everywhere.

A domain is compared, looked up and published in ASCII lower case (IDNA 2008 A-labels, RFC 5891),
because clients want plain host names in the documents. People may type it either way.
"""

import re
from typing import NamedTuple, NewType

from autoconfig.problems import InvalidName, quoted

Domain = NewType("Domain", str)
"""An ASCII lower-case host name of two labels or more, without final dot."""

CERTIFIED_PREFIXES = ("autoconfig.", "autodiscover.")
"""The names of a domain that may have a certificate of their own."""

HOST_PREFIXES = (*CERTIFIED_PREFIXES, "ua-auto-config.")
"""The prefixes of a domain in the names that clients ask for."""

NOT_FOR_MAIL = (*HOST_PREFIXES, "www.")
"""The prefixes of names of a domain at which nobody has an address."""
_SECOND_LEVEL = re.compile(r"(?:ac|asso|co|com|edu|go|gob|gouv|gov|ne|net|nom|or|org)\.[a-z]{2}")
"""Below a country's two letters, what a registry sells names under: `co.uk`, `asso.fr`."""

LONGEST_ADDRESS = 254
"""Octets. RFC 5321 section 4.5.3.1.3: a path of 256 octets, less the angle brackets."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = rf"(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}"
HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){_NAME}")
"""A domain in its one form, of which `Domain` says more; to be matched in full."""
_PLAIN_ADDRESS = re.compile(rf"([!-?A-~]{{1,64}})@((?=.{{1,189}}\Z){_NAME})")
"""ASCII, in its one form already and short enough, as nearly all are."""


def parse_domain(text: str) -> Domain:
    """Read a domain or host name in either IDN form, in any case, with or without final dot.

    Raises `InvalidName` with a sentence that shows a good one.
    """
    if HOST_NAME.fullmatch(text):
        return Domain(text)  # in its one form already, as nearly all are in a long list
    name = text.strip()
    if not name.isascii() and len(name) <= LONGEST_ADDRESS:
        name = _to_ascii(name)
    else:
        name = name.lower().removesuffix(".")
    if not HOST_NAME.fullmatch(name):
        inside = _inside(text)
        meant = inside if HOST_NAME.fullmatch(inside) else ""
        message = f"{quoted(text)} is not a domain name; write {meant or _instead(inside)}"
        raise InvalidName(message, meant)
    return Domain(name)


def certified_names(domain: Domain) -> list[str]:
    """The names of a domain that may have a certificate of their own."""
    return [f"{prefix}{domain}" for prefix in CERTIFIED_PREFIXES]


def _to_ascii(name: str) -> str:
    """The A-labels of an international name; nothing if it is none."""
    import idna  # noqa: PLC0415  # its tables are slow to load, and most names are ASCII

    try:
        mapped = idna.uts46_remap(name, std3_rules=False).removesuffix(".")
        return idna.encode(mapped).decode("ascii")
    except UnicodeError:
        return ""


def _inside(text: str) -> str:
    """What stands in the place of the host in a URL, an address or a wildcard."""
    start = text[:1000].lower()  # of a file that is none of ours, a line may have megabytes
    return re.sub(r"^\s*(?:[a-z]+:/*)?(?:[^/]*@|\*\.)?|(?::\d+)?(?:/.*)?$", "", start)


def _instead(inside: str) -> str:
    """What to write in place of what is no host name."""
    number = re.fullmatch(r"[\d.]+|\[?[\da-f:.]+:[\da-f:.]*\]?", inside)
    return f"{'a name and not an IP address,' if number else 'one'} such as example.com"


def unicode_domain(domain: Domain) -> str:
    """The domain as people read it (`xn--caf-dma.fr` is `café.fr`)."""
    if "xn--" not in domain:
        return domain
    import idna  # noqa: PLC0415  # as in `_to_ascii`

    try:
        return idna.decode(domain)
    except UnicodeError:
        return domain


class EmailAddress(NamedTuple):
    """A mailbox: `local` as typed, `domain` in its one form. `str()` gives the full address."""

    local: str
    domain: Domain

    @classmethod
    def parse(cls, text: str) -> "EmailAddress":
        """Read an address: exactly one `@`, nothing invisible, at most 254 octets.

        The local part is not judged further: the answer never depends on it, except for addresses
        that are configured, and it is escaped wherever it is written. Raises `InvalidName`.
        """
        plain = _PLAIN_ADDRESS.fullmatch(text)
        if plain:
            return cls(plain[1], Domain(plain[2]))
        address = text.strip()
        local, at, domain = address.partition("@")
        # Printable: no control, format, private or unassigned character.
        if local and at and local.isprintable() and len(address.split()) == 1:
            try:
                parsed = cls(local, parse_domain(domain))
            except InvalidName:
                pass
            else:
                if len(local.encode()) + 1 + len(parsed.domain) <= LONGEST_ADDRESS:
                    return parsed
        message = f"{quoted(text)} is not an e-mail address; write one such as alice@example.com"
        raise InvalidName(message)

    @property
    def mailbox(self) -> str:
        """The form under which a configured address is looked up, whatever the case typed."""
        return f"{self.local.lower()}@{self.domain}"

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def mail_domain(name: Domain) -> Domain:
    """The domain in addresses for a name of it: that of a web site, or one at which clients ask.

    `www.fr` and `autoconfig.co.uk` can be registered, and so have addresses: a name of two labels,
    or of a third one below a `_SECOND_LEVEL`. A list of every registry would be longer than this
    program.
    """
    while name.startswith(NOT_FOR_MAIL) and not _can_be_registered(name):
        name = Domain(name.partition(".")[2])
    return name


def registrable(name: Domain) -> Domain:
    """The part of a name that somebody has registered, as far as `_SECOND_LEVEL` tells.

    Of names below a suffix that it does not know, such as `github.io`, it is the suffix. A program
    that has the Public Suffix List knows better.
    """
    while not _can_be_registered(name):
        name = Domain(name.partition(".")[2])
    return name


def require_mail(name: Domain | EmailAddress) -> None:
    """Raise `InvalidName` if nobody has an address there, with the name that is meant."""
    domain = name.domain if isinstance(name, EmailAddress) else name
    meant = mail_domain(domain)
    if meant != domain:
        instead = name._replace(domain=meant) if isinstance(name, EmailAddress) else meant
        shown = quoted(str(name))
        message = f"{shown} is a name at which nobody has an address; write {instead}"
        raise InvalidName(message, str(instead))


def _can_be_registered(name: Domain) -> bool:
    above = name.partition(".")[2]
    return "." not in above or _SECOND_LEVEL.fullmatch(above) is not None

"""The placeholders in a finished document: what differs between domains and between people.

Mozilla's format gives three of them their names. To add one: a function, a row in `PLACEHOLDERS`,
and a value of the same name in the program for web space (`templates/webspace/`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from autoconfig.errors import MalformedAddress
from autoconfig.names import Domain, EmailAddress, unicode_domain

DOMAIN = "%EMAILDOMAIN%"
ADDRESS = "%EMAILADDRESS%"
LOCAL_PART = "%EMAILLOCALPART%"
UNICODE_DOMAIN = "%UNICODEDOMAIN%"
"""The domain as people read it. This one and those below are ours."""
QUOTED_ADDRESS = "%QUOTEDADDRESS%"
"""The address in the query of a URL (RFC 3986 section 3.4)."""

UUIDS: Mapping[str, str] = {
    f"%UUID:{part}%": part.lower() for part in ("PROFILE", "MAIL", "EAS", "EWS", "CALDAV")
}
"""The UUID of an Apple profile, and of each payload in it; with what it is made of beside the
address."""

UUID_NAMESPACE = "12fd2e38-4119-4f42-9553-644041b7548e"
"""The namespace of these UUIDs (RFC 9562 section 5.5), drawn by lot once: from another one, a
profile would not replace the one that is installed."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The filling of a placeholder.

    `name`: what the program for web space calls the value. `value`: makes it, not yet escaped, from
    the domain and from the address, if one is known. `personal`: whether it needs the address;
    without, `value` raises `MalformedAddress`. `plain`: it has letters, digits and `-._~%@` alone,
    which no kind of text escapes; to find nothing to escape costs more than to put it in.
    """

    name: str
    value: Callable[[Domain, EmailAddress | None], str]
    personal: bool = False
    plain: bool = False


def _domain(domain: Domain, address: EmailAddress | None) -> str:
    return domain


def _unicode_domain(domain: Domain, address: EmailAddress | None) -> str:
    return unicode_domain(domain)


def _address(domain: Domain, address: EmailAddress | None) -> str:
    return str(_known(address))


def _local_part(domain: Domain, address: EmailAddress | None) -> str:
    return _known(address).local


def _quoted_address(domain: Domain, address: EmailAddress | None) -> str:
    return quote(str(_known(address)), safe="@")


def _uuid(part: str) -> Callable[[Domain, EmailAddress | None], str]:
    """A UUID that is the same for a mailbox at any time, in capitals as Apple writes it."""

    def of(domain: Domain, address: EmailAddress | None) -> str:
        from uuid import UUID, uuid5  # noqa: PLC0415  # slow to load, and only profiles need it

        return str(uuid5(UUID(UUID_NAMESPACE), f"{part}:{_known(address).mailbox}")).upper()

    return of


def _known(address: EmailAddress | None) -> EmailAddress:
    if address is None:
        raise MalformedAddress
    return address


PLACEHOLDERS: Mapping[str, Placeholder] = {
    DOMAIN: Placeholder("domain", _domain, plain=True),
    UNICODE_DOMAIN: Placeholder("unicode_domain", _unicode_domain, plain=True),
    ADDRESS: Placeholder("address", _address, personal=True),
    LOCAL_PART: Placeholder("local_part", _local_part, personal=True),
    QUOTED_ADDRESS: Placeholder("quoted_address", _quoted_address, personal=True, plain=True),
    **{
        name: Placeholder(f"uuid_{part}", _uuid(part), personal=True, plain=True)
        for name, part in UUIDS.items()
    },
}

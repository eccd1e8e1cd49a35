"""The placeholders in a finished document: what differs between domains and between people.

Mozilla's format gives three of them their names. To add one: a function, a row in `PLACEHOLDERS`,
and a value of the same name in the program for web space (`templates/webspace/`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autoconfig.errors import MalformedAddress
from autoconfig.names import Domain, EmailAddress, unicode_domain

DOMAIN = "%EMAILDOMAIN%"
ADDRESS = "%EMAILADDRESS%"
LOCAL_PART = "%EMAILLOCALPART%"
UNICODE_DOMAIN = "%UNICODEDOMAIN%"
"""The domain as people read it. Ours, for pages: the other three are Mozilla's."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The filling of a placeholder.

    `name`: what the program for web space calls the value. `value`: makes it, not yet escaped, from
    the domain and from the address, if one is known. `personal`: whether it needs the address;
    without, `value` raises `MalformedAddress`. `plain`: it has letters, digits, hyphens and dots
    alone, which no kind of text escapes; to find nothing to escape costs more than to put it in.
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


def _known(address: EmailAddress | None) -> EmailAddress:
    if address is None:
        raise MalformedAddress
    return address


PLACEHOLDERS: Mapping[str, Placeholder] = {
    DOMAIN: Placeholder("domain", _domain, plain=True),
    UNICODE_DOMAIN: Placeholder("unicode_domain", _unicode_domain),
    ADDRESS: Placeholder("address", _address, personal=True),
    LOCAL_PART: Placeholder("local_part", _local_part, personal=True),
}

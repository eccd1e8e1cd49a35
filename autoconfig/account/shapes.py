"""The answers of OVHcloud's API on mail, as far as they are read.

Fields may be null and may be new. Sources: `api-mail` and `api-zimbra` in the offers.
"""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from autoconfig.account.client import AccountError

Shape = TypeVar("Shape")


def understood(answer: Any, shape: type[Shape]) -> Shape:
    """An answer in its shape. Raises `AccountError` if it has another."""
    try:
        return msgspec.convert(answer, shape)
    except msgspec.ValidationError as error:
        raise AccountError(f"the answer is not as documented ({error})") from None


class Service(Struct, rename="camel"):
    """A service of MX Plan, Email Pro or Exchange."""

    offer: str | None = None
    state: str | None = None
    hostname: str | None = None
    web_url: str | None = None


class AttachedDomain(Struct, rename="camel"):
    """A domain of such a service."""

    type: str | None = None
    state: str | None = None
    domain_validated: bool | None = None
    mx_is_valid: bool | None = None
    autodiscover_srv: str | None = msgspec.field(name="expectedAutodiscoverSRV", default=None)


class OldDomain(Struct):
    """A domain of MX Plan under /email/domain. `moved_to`: its service under /email/mxplan."""

    status: str | None = None
    mx: str | None = msgspec.field(name="isMXValid", default=None)
    moved_to: str | None = msgspec.field(name="migratedMXPlanServiceName", default=None)


class Statistics(Struct, rename="camel"):
    """The number of mailboxes of a level of Zimbra."""

    offer: str
    configured_accounts_count: int = 0


class ZimbraState(Struct, rename="camel"):
    """The state of a platform, a domain or a mailbox of Zimbra."""

    name: str | None = None
    email: str | None = None
    offer: str | None = None
    accounts_statistics: tuple[Statistics, ...] = ()


class Resource(Struct, rename="camel"):
    """A platform, a domain or a mailbox of Zimbra."""

    id: str
    resource_status: str
    current_state: ZimbraState

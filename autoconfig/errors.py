"""Refusals: a client gets one in place of settings.

Each class ends a request: it carries the HTTP status and the codes that the client's own protocol
has for it, and `answers.refusal` is the one place that writes them down in XML, JSON, text or HTML.
"""

from collections.abc import Iterable
from typing import ClassVar

from autoconfig.problems import AutoconfigError


class ClientError(AutoconfigError):
    """A request that gets no settings.

    `status` is the HTTP status. `pox_code` is the Autodiscover `ErrorCode` [MS-OXDSCLI
    2.2.4.1.1.3], `json_code` the `ErrorCode` of Autodiscover v2. `retry_after`: the seconds after
    which to come again, None where that would not help. `text` is what the client reads, `allow`
    the methods of a 405, `domain` the one that was asked for, if that was understood.
    """

    status: ClassVar[int] = 400
    pox_code: ClassVar[int] = 600
    json_code: ClassVar[str] = "InvalidRequest"
    message: ClassVar[str] = "This request could not be understood."
    retry_after: ClassVar[int | None] = None

    def __init__(
        self,
        message: str | None = None,
        *,
        allow: Iterable[str] = (),
        domain: str | None = None,
    ) -> None:
        self.text = message or self.message
        self.allow = tuple(allow)
        self.domain = domain
        super().__init__(self.text)


class MalformedRequest(ClientError):
    """Broken or hostile XML, or an element is missing."""


class MalformedAddress(ClientError):
    """The address is missing where one is needed, or is none."""

    json_code = "InvalidEmail"
    message = "A full e-mail address is needed, such as alice@example.com."


class ProtocolNotServed(ClientError):
    """Autodiscover v2 was asked for a protocol that the service does not have.

    The message is to be filled in: with the protocol, and with those that the service has.
    """

    json_code = "InvalidProtocol"
    message = "The protocol '{wanted}' is not offered. Supported: {offered}."


class SchemaNotServed(ClientError):
    """Autodiscover was asked for a response schema that we do not write."""

    pox_code = 601
    message = "The requested response schema is not provided."


class NotOffered(ClientError):
    """The service has nothing in this form: no ActiveSync, no SOAP."""

    status = 404
    pox_code = 601
    message = "The service of this domain does not offer this."


class NotServed(ClientError):
    """We do not serve the domain. On the command line: exit code 1."""

    status = 404
    pox_code = 500
    json_code = "UserNotFound"
    message = "No settings are known for this domain."


class NotFound(ClientError):
    """No document has this URL."""

    status = 404
    json_code = "NotFound"
    message = "There is nothing at this address."


class MethodNotAllowed(ClientError):
    """The URL exists and takes other methods: see `allow`."""

    status = 405
    json_code = "MethodNotAllowed"
    message = "This method is not allowed here."


class BodyTooLarge(ClientError):
    """The body is longer than any client's; it was not read."""

    status = 413
    json_code = "RequestTooLarge"
    message = "The request is too large."


class Busy(ClientError):
    """Too much is waited for already; the client may come again."""

    status = 503
    pox_code = 603
    json_code = "ServerBusy"
    message = "The server is busy. Please try again later."
    retry_after = 1


class LookUpFailed(ClientError):
    """The DNS gives no answer on the domain now, which is never taken for "not served"."""

    status = 503
    pox_code = 603
    json_code = "ServerBusy"
    message = "The name servers do not answer. Please try again later."
    retry_after = 30


class InternalError(ClientError):
    """Our own fault."""

    status = 500
    pox_code = 603
    json_code = "InternalError"
    message = "The server has failed. Please try again later."


CLIENT_ERRORS: tuple[type[ClientError], ...] = (
    MalformedRequest,
    MalformedAddress,
    ProtocolNotServed,
    SchemaNotServed,
    NotOffered,
    NotServed,
    NotFound,
    MethodNotAllowed,
    BodyTooLarge,
    Busy,
    LookUpFailed,
    InternalError,
)
"""Every kind of refusal. The export writes each into the data of the program for web space."""

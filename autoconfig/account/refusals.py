"""What the API says when it does not do what was asked, and what its customer can do then.

The older form of an error has an `errorCode`, the newer a `class`, some have both or neither; the
message is always there. Texts and codes are those that customers have met.
"""

from collections.abc import Mapping
from typing import Any

from autoconfig.account.rights import lacking
from autoconfig.problems import AutoconfigError, printable, shortened


class AccountError(AutoconfigError):
    """The API has not done what was asked. On the command line: exit code 1.

    `query_id`: the number of the call at OVHcloud, for which their support asks; else empty.
    """

    def __init__(self, message: str, query_id: str = "") -> None:
        self.query_id = query_id
        super().__init__(f"{message} (OVH-Query-ID: {query_id})" if query_id else message)


class Refused(AccountError):
    """The key has no right to the call."""


class Absent(AccountError):
    """There is no such thing in the account, or no such call at the endpoint."""


class Gone(AccountError):
    """The service has expired."""


class Unusable(AccountError):
    """No key, a wrong one, or a wrong file of keys. On the command line: exit code 2."""

    exit_code = 2


class NotInstalled(AccountError):
    """The part of this program that asks the API is not there. On the command line: exit code 2."""

    exit_code = 2


class Unreachable(AccountError):
    """The API gives no answer, however patiently it is asked."""


class Unsettled(AccountError):
    """A change may have been made, or not: the connection broke, or the server failed."""


_WRONG_KEYS: Mapping[frozenset[str], str] = {
    frozenset({"INVALID_SIGNATURE", "Invalid signature"}): (
        "the application secret or the consumer key is wrong: copy both again, whole"
    ),
    frozenset({"INVALID_CREDENTIAL", "This credential is not valid"}): (
        "the consumer key is not validated yet, or has expired: validate it, or make a new key"
    ),
    frozenset({"NOT_CREDENTIAL", "This credential does not exist"}): (
        "the consumer key is unknown: it belongs to another application key or endpoint"
    ),
    frozenset({"INVALID_KEY", "Invalid application key"}): (
        "the application key is unknown: it is wrong, or belongs to another endpoint"
    ),
}
"""By the code and the message of the error: what is wrong with the keys."""

_NOT_GRANTED = {"NOT_GRANTED_CALL", "This call has not been granted"}
_ACTIONS = ("unauthorizedActionsByIAM", "unauthorizedActionsByAuthentication")

_KINDS: Mapping[int, tuple[type[AccountError], str]] = {
    401: (Unusable, "needs another token"),
    403: (Refused, "is not allowed"),
    404: (Absent, "is not there, in this account or at this endpoint"),
    460: (Gone, "is of a service that has expired"),
}
"""By the status: what is raised, and what is said of the call."""


def refusal(method: str, path: str, status: int, body: Any, query_id: str) -> AccountError:
    """The meaning of an answer that is no success. `body`: its JSON, whatever that is."""
    fields = body if isinstance(body, dict) else {}
    message, code = text_of(fields.get("message")), text_of(fields.get("errorCode"))
    for known, words in _WRONG_KEYS.items():
        if known & {message, code}:
            return Unusable(f"OVHcloud does not accept the keys: {words}", query_id)
    kind, words = _KINDS.get(status, (AccountError, f"was refused with HTTP {status}"))
    if _NOT_GRANTED & {message, code}:
        message = f"make a key that may {', '.join(map(str, lacking(method, path)))}"
    elif actions := _actions(fields):
        message = f"allow {actions} in its IAM policy"
    return kind(f"{method} {path} {words}{message and f': {message}'}", query_id)


def _actions(fields: Mapping[str, Any]) -> str:
    """The actions that the policy of an account, or of a service account, lacks."""
    details = fields.get("details")
    named = [text_of(details.get(key)) for key in _ACTIONS] if isinstance(details, dict) else []
    return ", ".join(filter(None, named))


def text_of(value: object) -> str:
    """A text from outside as one short line; nothing if it is none."""
    return shortened(printable(value)) if isinstance(value, str) else ""

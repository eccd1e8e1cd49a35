"""OVHcloud's API, asked by OVHcloud's own client library with a customer's keys.

The library signs and sends. What an answer means, and whether to ask again, is decided here: the
library never asks twice, and fails in odd ways at an error that is no JSON object. A question may
be asked again; a change is sent once, as it cannot be known whether a lost answer was a yes.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from autoconfig.account.credentials import open_client
from autoconfig.account.refusals import (
    Absent,
    AccountError,
    Gone,
    Refused,
    Unreachable,
    Unsettled,
    Unusable,
    refusal,
    text_of,
)
from autoconfig.account.rights import Rights
from autoconfig.problems import quoted

__all__ = [
    "Absent",
    "Account",
    "AccountError",
    "Gone",
    "Refused",
    "Unreachable",
    "Unsettled",
    "Unusable",
    "part",
]

PAUSES = (1.0, 4.0, 15.0)
"""Seconds before a question is asked again."""
LONGEST_PAUSE = 60.0
"""Seconds for which the API may make us wait."""
MOST_PAGES = 1000
"""Pages of a list: a wrong answer may lead round in a circle."""

NONE = 0
"""In place of a status: there was no answer."""
TIME_OUT = 408
"""Overloaded, the API has answered so, with a page of HTML, rather than with 429."""
TOO_MANY = 429
SUCCESS = range(200, 300)
REFUSED = 400
SERVER_FAULT = 500

ODD = (AttributeError, RecursionError, TypeError, ValueError, Warning)
"""Exceptions of the libraries at a time that is none, or a token."""

NO_JSON = object()
"""The body of an answer that holds something else, or nothing."""


def part(text: str) -> str:
    """A name as one part of a path, so that what is signed is what is sent.

    `requests` takes `.` and `..` for steps through a path. Raises `AccountError` for them, for no
    name at all, which leads to another call, and for what is not to be printed.
    """
    if text in {"", ".", ".."} or not text.isprintable():
        raise AccountError(f"{quoted(text)} is not the name of anything at OVHcloud")
    return quote(text, safe="@:+")


class Account:
    """A customer's account. `region`: that of the endpoint.

    Every call may raise `AccountError`. Paths begin after the version of the API; those of version
    2 with `/v2`. Names in them come from `part`.
    """

    def __init__(self, client: Any, region: str, pause: Callable[[float], object]) -> None:
        """`client`: an `ovh.Client`. `pause`: what waits for a number of seconds."""
        self.region = region
        self._client = client
        self._pause = pause

    @classmethod
    def open(cls, pause: Callable[[float], object] = time.sleep) -> "Account":
        """The account of the keys that are here. Nothing is asked yet. Raises as `open_client`."""
        client, region = open_client()
        return cls(client, region, pause)

    def get(self, path: str, **query: str | int) -> Any:
        """The answer to a question, which is asked again where that may help."""
        return self._read(path, query).body

    def pages(self, path: str, **query: str | int) -> Iterator[Any]:
        """The items of a list of version 2, which comes in pages."""
        cursor = ""
        for _ in range(MOST_PAGES):
            page = self._read(path, query, {"X-Pagination-Cursor": cursor} if cursor else {})
            if not isinstance(page.body, list):
                raise AccountError(f"GET {path} gave no list", page.query_id)
            yield from page.body
            cursor = page.next
            if not cursor:
                return
        raise AccountError(f"GET {path} gives a list without end", page.query_id)

    def post(self, path: str, **body: Any) -> Any:
        """Make or do something; what the API says of it, None if it says nothing."""
        return self._change("POST", path, body or None)

    def put(self, path: str, **body: Any) -> None:
        """Change something."""
        self._change("PUT", path, body)

    def delete(self, path: str) -> None:
        """Remove something."""
        self._change("DELETE", path, None)

    def rights(self) -> Rights | None:
        """The rights of the key; None if the API does not say. Raises `Unusable`."""
        try:
            details = self.get("/auth/details")
        except Unusable:
            raise
        except AccountError:
            return None
        return Rights.of(details)

    def _read(
        self, path: str, query: Mapping[str, str | int], headers: Mapping[str, str] = {}
    ) -> "_Answer":
        target = f"{path}?{urlencode(query)}" if query else path
        answer = self._send("GET", target, None, headers)
        for pause in PAUSES:
            if answer.is_whole:
                break
            self._pause(max(pause, answer.wait))
            answer = self._send("GET", target, None, headers)
        if not answer.is_whole:
            message = f"GET {path} has no answer ({answer.fault}): try again later"
            raise Unreachable(message, answer.query_id)
        return _required(answer, "GET", path)

    def _change(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        """Send once. The status decides: the refresh of a zone has answered nothing at times."""
        answer = self._send(method, path, body, {})
        if answer.status == TOO_MANY:
            message = f"{method} {path} was not done, as too much was asked for: try again later"
            raise Unreachable(message, answer.query_id)
        if answer.may_pass:
            message = f"{method} {path} may have been done, or not ({answer.fault}): run this again"
            raise Unsettled(message, answer.query_id)
        said = _required(answer, method, path).body
        return None if said is NO_JSON else said

    def _send(
        self, method: str, target: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> "_Answer":
        """One request, and before the first one for the API's time or a token.

        Raises `AccountError`. The library fails in its own ways if time or token are none.
        """
        # Only those who have an account pay for these, and `credentials` has loaded them.
        from oauthlib.oauth2 import OAuth2Error  # noqa: PLC0415  # as said above
        from ovh.exceptions import APIError, OAuth2FailureError  # noqa: PLC0415  # the same
        from requests import RequestException  # noqa: PLC0415  # the same

        try:
            # New headers: the library writes the consumer key and the signature into them.
            answer = self._client.raw_call(method, target, body, headers={**headers})
        except OAuth2FailureError as error:
            return _no_token(str(error))
        except (APIError, OAuth2Error, RequestException, *ODD) as error:
            return _Answer(NONE, fault=_fault(error))
        if answer.history:
            raise AccountError(f"{method} {target} led elsewhere: check the endpoint")
        return _Answer.of(answer)


class _Answer(NamedTuple):
    """An answer of the API. `fault`: what it lacks, in words; `next`: the cursor of the next page.

    `wait`: seconds for which the API makes us wait.
    """

    status: int
    body: Any = NO_JSON
    fault: str = ""
    query_id: str = ""
    next: str = ""
    wait: float = 0.0

    @classmethod
    def of(cls, response: Any) -> "_Answer":
        """Read a response of `requests`."""
        try:
            body = response.json()
        except (ValueError, RecursionError):
            body = NO_JSON
        status, headers = response.status_code, response.headers
        fault = "no JSON" if status in SUCCESS else f"HTTP {status}"
        wait = headers.get("Retry-After", "")
        seconds = min(float(wait), LONGEST_PAUSE) if re.fullmatch(r"[0-9]{1,9}", wait) else 0.0
        query_id = text_of(headers.get("X-OVH-QUERYID"))
        cursor = headers.get("X-Pagination-Cursor-Next", "")
        return cls(status, body, fault, query_id, cursor, seconds)

    @property
    def may_pass(self) -> bool:
        """Whether there may be another answer in a while."""
        return self.status in {NONE, TIME_OUT, TOO_MANY} or self.status >= SERVER_FAULT

    @property
    def is_whole(self) -> bool:
        """Whether this is all that the API has to say to a question."""
        return not self.may_pass and (self.status not in SUCCESS or self.body is not NO_JSON)


def _required(answer: _Answer, method: str, path: str) -> _Answer:
    """The answer, if it is a success. Raises `AccountError`."""
    if answer.status in SUCCESS:
        return answer
    raise refusal(method, path, answer.status, answer.body, answer.query_id)


def _fault(error: Exception) -> str:
    """Why there is no answer. The library wraps what fails when it asks for the time."""
    from ovh.exceptions import HTTPError  # noqa: PLC0415  # as in `_send`
    from requests.exceptions import RequestException, SSLError, Timeout  # noqa: PLC0415  # the same

    match error.args[-1] if isinstance(error, HTTPError) else error:
        case SSLError():
            return "no secure connection"
        case Timeout():
            return "time-out"
        case RequestException():
            return "no connection"
    return "neither its time nor a token"


def _no_token(said: str) -> _Answer:
    """What follows if there is no token for a service account. Raises `Unusable`."""
    status = re.search(r"status_code=(\d{3})\b", said)
    answer = _Answer(int(status[1]) if status else REFUSED, fault="no token")
    if answer.may_pass:
        return answer
    message = "OVHcloud gives no token for client_id and client_secret: copy both again, whole"
    raise Unusable(message) from None

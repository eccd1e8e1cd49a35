"""An answer of the stand-in, and the refusals that OVHcloud's API is known for."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

JSON = "application/json; charset=utf-8"


class Answer(NamedTuple):
    """`body`: as it goes over the wire."""

    status: int
    body: bytes
    headers: Mapping[str, str] = MappingProxyType({})
    media_type: str = JSON


class Refusal(Exception):
    """A request that gets an error: its status, code of the older form and class of the newer."""

    def __init__(
        self, status: int, message: str, code: str = "", kind: str = "", **details: Any
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code
        self.kind = kind or KINDS.get(status, "Server::InternalServerError")
        self.details = details

    def answer(self, form: str) -> Answer:
        """In the `older` form, the `newer` one, or `mixed`."""
        body: dict[str, Any] = {"message": self.message}
        if form in {"older", "mixed"} and self.code:
            body |= {"errorCode": self.code, "httpCode": f"{self.status} {REASONS[self.status]}"}
        if form in {"newer", "mixed"} or not self.code:
            body |= {"class": self.kind}
            if self.details:
                body["details"] = self.details
        return Answer(self.status, json.dumps(body).encode())


KINDS = {400: "Client::BadRequest", 403: "Client::Forbidden", 404: "Client::NotFound"}
REASONS = {400: "Bad Request", 403: "Forbidden", 404: "Not Found"}


def good(value: Any, headers: Mapping[str, str] = MappingProxyType({})) -> Answer:
    return Answer(200, json.dumps(value, separators=(",", ":")).encode(), headers)


def invalid_signature() -> Refusal:
    return Refusal(400, "Invalid signature", "INVALID_SIGNATURE")


def not_granted() -> Refusal:
    return Refusal(403, "This call has not been granted", "NOT_GRANTED_CALL")


def not_granted_by_iam(action: str) -> Refusal:
    return Refusal(403, "User not granted for this request", unauthorizedActionsByIAM=action)


def no_such_route() -> Refusal:
    return Refusal(404, "Got an invalid (or empty) URL")


def no_such_service() -> Refusal:
    return Refusal(404, "This service does not exist")


def bad(message: str) -> Refusal:
    return Refusal(400, message)

"""Authentication: who calls, and whether that may be.

The signature is reckoned anew over the URL as it came, byte for byte, so a client that changes a
URL after it has signed it is found out.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl

from tests.support.ovh_api.answers import (
    Answer,
    Refusal,
    good,
    invalid_signature,
    not_granted,
    not_granted_by_iam,
)
from tests.support.ovh_api.routes import Request
from tests.support.ovh_api.state import State, is_granted

TOLERATED = 60
"""Seconds between the clocks."""


def now(state: State) -> int:
    return int(time.time()) + state.ahead


def enter(state: State, request: Request, url: str, body: bytes) -> str:
    """The way that a caller came: `application` or `oauth2`. Raises `Refusal`."""
    token = request.headers.get("authorization", "")
    if token:
        if token.removeprefix("Bearer ") not in state.tokens:
            raise Refusal(401, "Invalid token", kind="Client::Unauthorized")
        return "oauth2"
    if request.headers.get("x-ovh-application") != state.application_key:
        raise Refusal(403, "Invalid application key", "INVALID_KEY")
    if "x-ovh-signature" not in request.headers:
        raise Refusal(403, "You must login first", "NOT_CREDENTIAL")
    if request.headers.get("x-ovh-consumer") != state.consumer_key:
        raise Refusal(403, "This credential does not exist", "NOT_CREDENTIAL")
    _require_signature(state, request, url, body)
    if state.credential != "validated":
        raise Refusal(403, "This credential is not valid", "INVALID_CREDENTIAL")
    return "application"


def _require_signature(state: State, request: Request, url: str, body: bytes) -> None:
    moment = request.headers.get("x-ovh-timestamp", "")
    if not moment.isdecimal() or abs(int(moment) - now(state)) > TOLERATED:
        raise Refusal(400, "Invalid timestamp", "QUERY_TIME_OUT")
    secret = f"{state.application_secret}+{state.consumer_key}+{request.method}+{url}"
    signed = secret.encode() + b"+" + body + f"+{moment}".encode()
    signature = "$1$" + hashlib.sha1(signed, usedforsecurity=False).hexdigest()
    if request.headers["x-ovh-signature"] != signature:
        raise invalid_signature()


def require_right(state: State, way: str, request: Request, action: str) -> None:
    """Raise `Refusal` unless the caller may do this."""
    if way == "oauth2":
        if not any(fnmatchcase(action, pattern) for pattern in state.actions):
            raise not_granted_by_iam(action)
        return
    spelt = {request.path}
    if request.path.startswith("/v2"):
        spelt = {f"{before}{request.path.removeprefix('/v2')}" for before in state.spellings}
    if not is_granted(state.rules, request.method, spelt):
        raise not_granted()


def token(state: State, headers: Mapping[str, str], body: bytes) -> Answer:
    """A token for id and secret, in the form or as HTTP Basic."""
    form = dict(parse_qsl(body.decode()))
    given = form.get("client_id", ""), form.get("client_secret", "")
    basic = headers.get("authorization", "")
    if basic.startswith("Basic "):
        name, _, secret = base64.b64decode(basic.removeprefix("Basic ")).decode().partition(":")
        given = name, secret
    if form.get("grant_type") != "client_credentials" or given != (
        state.client_id,
        state.client_secret,
    ):
        said = "ovhcloud oauth2 client does not exists"
        return good({"error": "invalid_client", "error_description": said})._replace(status=400)
    new = secrets.token_hex()
    state.tokens.add(new)
    return good(
        {
            "access_token": new,
            "token_type": "Bearer",
            "expires_in": state.token_seconds,
            "scope": "all",
        }
    )


def details(state: State, way: str) -> Answer:
    """GET /auth/details."""
    if not state.details:
        raise not_granted()
    said: dict[str, Any] = {
        "account": "xx1111-ovh",
        "description": None,
        "identities": [],
        "method": way,
        "roles": None,
        "user": None,
        "allowedRoutes": None,
    }
    if way == "application":
        said["allowedRoutes"] = [{"method": m, "path": path} for m, path in state.rules]
    return good(said)


def credential(state: State) -> Answer:
    """GET /auth/currentCredential."""
    return good(
        {
            "credentialId": 1234567,
            "applicationId": 7654321,
            "status": state.credential,
            "rules": [{"method": m, "path": path} for m, path in state.rules],
            "creation": "2026-11-01T10:00:00+01:00",
            "expiration": None,
            "lastUse": None,
            "allowedIPs": None,
            "ovhSupport": False,
        }
    )

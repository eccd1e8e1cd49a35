"""The calls that the stand-in knows: what each does to a `State`, and what it answers."""

import base64
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from tests.support.ovh_api.answers import (
    Answer,
    Refusal,
    bad,
    good,
    no_such_route,
    no_such_service,
)
from tests.support.ovh_api.state import State
from tests.support.ovh_api.zone_store import StoredZone


class Request(NamedTuple):
    """`path`: without the version of the API, but for v2. `headers`: by names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


def of_zone(act: Callable[[StoredZone, Request, str], Any]) -> Callable[..., Answer]:
    """A call for a zone, and for one record of it; what it gives is its answer."""

    def call(state: State, request: Request, zone: str, number: str = "") -> Answer:
        if zone not in state.zones:
            raise no_such_service()
        return good(act(state.zones[zone], request, number))

    return call


Act: TypeAlias = Callable[..., Answer]
Z = "/domain/zone/([^/]+)"
ZONES: Mapping[tuple[str, str], tuple[str, Act]] = {
    ("GET", "/domain/zone"): ("get", lambda state, request: good(sorted(state.zones))),
    ("GET", Z): ("get", of_zone(lambda zone, *_: zone.detail())),
    ("GET", f"{Z}/record"): ("record/get", of_zone(lambda zone, asked, _: zone.ids(asked.query))),
    ("POST", f"{Z}/record"): (
        "record/create",
        of_zone(lambda zone, asked, _: zone.create(asked.body or {})),
    ),
    ("GET", f"{Z}/record/([0-9]+)"): (
        "record/get",
        of_zone(lambda zone, _, number: zone.shown(int(number))),
    ),
    ("PUT", f"{Z}/record/([0-9]+)"): (
        "record/edit",
        of_zone(lambda zone, asked, number: zone.change(int(number), asked.body or {})),
    ),
    ("DELETE", f"{Z}/record/([0-9]+)"): (
        "record/delete",
        of_zone(lambda zone, _, number: zone.remove(int(number))),
    ),
    ("POST", f"{Z}/refresh"): ("refresh", of_zone(lambda zone, *_: zone.refresh())),
    ("GET", f"{Z}/export"): ("export/get", of_zone(lambda zone, *_: zone.export())),
    ("GET", f"{Z}/status"): ("status/get", of_zone(lambda zone, *_: zone.status())),
    ("GET", f"{Z}/soa"): ("soa/get", of_zone(lambda zone, *_: zone.soa())),
}
"""By method and path: the action of IAM, without `dnsZone:apiovh:`, and what is done."""

FAMILIES = {
    "domain": "emailDomain",
    "mxplan": "emailMxplan",
    "pro": "emailPro",
    "exchange": "emailExchange",
    "zimbra": "zimbra",
}
"""The resource of IAM for each family of mail, by a part of its paths."""


def found(request: Request) -> tuple[str, Act]:
    """The action of IAM for a request, and what is done. Raises `Refusal`."""
    for (method, path), (action, act) in ZONES.items():
        match = re.fullmatch(path, request.path)
        if method == request.method and match:
            return f"dnsZone:apiovh:{action}", partial(_with, act, match.groups())
    if request.method == "GET" and request.path.startswith(("/email/", "/v2/zimbra/")):
        return _action(request.path), mail
    raise no_such_route()


def _with(act: Act, parts: tuple[str, ...], state: State, request: Request) -> Answer:
    return act(state, request, *parts)


def _action(path: str) -> str:
    """`emailPro:apiovh:domain/get` for a list of domains, or one of them."""
    _, family, *parts = path.removeprefix("/v2").removeprefix("/email").split("/")
    kinds = [kind for kind in parts if kind in {"platform", "service", "domain", "account"}]
    named = {"zimbra": ["platform", *kinds[1:]], "exchange": kinds}.get(family, kinds)
    return f"{FAMILIES.get(family, family)}:apiovh:{'/'.join((*named, 'get'))}"


def mail(state: State, request: Request) -> Answer:
    """What `State.answers` has, filtered; of v2 a page of it."""
    if request.path not in state.answers:
        family = "/".join(request.path.split("/")[: 4 if request.path.startswith("/v2") else 3])
        raise no_such_service() if family in state.answers else no_such_route()
    answer = state.answers[request.path]
    if isinstance(answer, Refusal):
        raise answer
    if isinstance(answer, list):
        answer = [each for each in answer if _is_wanted(state, request, each)]
    if request.path.startswith("/v2") and isinstance(answer, list):
        return _page(answer, request.headers, state.page_size)
    return good(answer)


def _is_wanted(state: State, request: Request, item: Any) -> bool:
    """Whether a list has the item by every filter: by its details, which for v1 stand apart."""
    if isinstance(item, str):
        details = state.answers.get(f"{request.path}/{item}", {})
    else:
        details = item["currentState"]
    named = {"domainName": "name"}
    return all(details.get(named.get(k, k), item) == value for k, value in request.query.items())


def _page(items: list[Any], headers: Mapping[str, str], most: int) -> Answer:
    """The page of a cursor; the next cursor is said only where more follows."""
    start = 0
    if "x-pagination-cursor" in headers:
        try:
            start = int(base64.b64decode(headers["x-pagination-cursor"], validate=True))
        except ValueError:
            raise bad("invalid cursor") from None
    end = start + min(int(headers.get("x-pagination-size", most)), most)
    following = {"X-Pagination-Cursor-Next": base64.b64encode(str(end).encode()).decode()}
    return good(items[start:end], following if end < len(items) else {})

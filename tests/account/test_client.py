"""The account by the API: what is asked again, what is not, and what is said of a refusal."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import ovh.client
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from autoconfig.account import credentials
from autoconfig.account.client import (
    LONGEST_PAUSE,
    MOST_PAGES,
    PAUSES,
    Absent,
    Account,
    AccountError,
    Gone,
    Refused,
    Unreachable,
    Unsettled,
    Unusable,
    part,
)
from autoconfig.account.rights import Rights, Rule
from tests.support.ovh_api import Fault, Server, State, ZimbraDomain, faults, mail, stand_in
from tests.support.ovh_api.answers import Refusal
from tests.support.ovh_api.server import TOKEN

ZONE = "/domain/zone/example.fr"
HTML = faults.answer(200, b"<html>", "text/html")
NOTHING = faults.answer(200, b"")
DEEP = faults.answer(200, b"[" * 100_000)


@pytest.fixture
def state() -> State:
    state = State()
    state.add_zone("example.fr", "autoconfig IN CNAME old.example.net.")
    mail.email_pro(state, "emailpro-1", "a.example")
    return state


@pytest.fixture
def server(state: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with stand_in(state) as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def account(server: Server, pauses: list[float]) -> Account:
    return Account.open(pauses.append)


@pytest.fixture
def by_token(server: Server, monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> Account:
    """The account, by the keys of a service account."""
    monkeypatch.setitem(ovh.client.ENDPOINTS, "ovh-eu", server.url)
    monkeypatch.setitem(ovh.client.OAUTH2_TOKEN_URLS, "ovh-eu", server.token_url)
    for name in server.environment():
        monkeypatch.delenv(name)
    for name, value in server.environment(by_token=True).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OVH_ENDPOINT", "ovh-eu")
    return Account.open(pauses.append)


# Questions and changes.


def test_question_is_answered(account: Account) -> None:
    assert account.get("/email/pro") == ["emailpro-1"]
    assert account.get("/email/pro/emailpro-1/domain", state="ok") == ["a.example"]
    assert account.get("/email/pro/emailpro-1/domain", state="a b&c=é") == []


def test_changes_are_made(account: Account, state: State) -> None:
    zone = state.zones["example.fr"]
    made = account.post(f"{ZONE}/record", fieldType="A", subDomain="a", target="192.0.2.1")
    account.put(f"{ZONE}/record/{made['id']}", target="192.0.2.2")
    account.delete(f"{ZONE}/record/{account.get(f'{ZONE}/record', subDomain='autoconfig')[0]}")
    assert zone.lines() == ["a 0 A 192.0.2.2"]


@pytest.mark.parametrize("act", [faults.empty, HTML], ids=["empty", "HTML"])
def test_refresh_may_answer_nothing(
    account: Account, server: Server, act: Callable[..., Any]
) -> None:
    server.faults.append(Fault(act, method="POST"))
    assert account.post(f"{ZONE}/refresh") is None


def test_nothing_is_asked_when_it_is_opened(server: Server) -> None:
    assert Account.open().region == "eu"
    assert server.calls == []


def test_list_of_version_2_has_all_pages(account: Account, state: State) -> None:
    names = [f"{letter}.example" for letter in "abcde"]
    platform = mail.zimbra(state, *map(ZimbraDomain, names))
    path = f"/v2/zimbra/platform/{platform}/domain"
    assert [each["currentState"]["name"] for each in account.pages(path)] == names
    assert len([*account.pages(path, domainName="a.example")]) == 1


def test_list_that_never_ends_is_given_up(
    account: Account, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autoconfig.account.client.MOST_PAGES", 3)
    assert MOST_PAGES > 3
    endless = faults.answer(200, b"[1]", X_Pagination_Cursor_Next="again")
    server.faults.append(Fault(endless, path="/v2/*"))
    with pytest.raises(AccountError, match="without end"):
        list(account.pages("/v2/zimbra/platform"))
    assert server.called() == ["GET /v2/zimbra/platform"] * 3


def test_page_that_is_no_list_is_refused(account: Account, server: Server) -> None:
    server.faults.append(Fault(faults.answer(200, b'{"a": 1}'), path="/v2/*"))
    with pytest.raises(AccountError, match="gave no list"):
        list(account.pages("/v2/zimbra/platform"))


@pytest.mark.parametrize(
    "name",
    [
        *("example.fr", "café", "a b", "a/b", "a+b@c.example", "%2f", "a?b#c", "{x}", "~", "a'b"),
        *("..a", '"', "\\", "é%"),
    ],
)
def test_name_in_a_path_is_sent_as_it_is_signed(account: Account, name: str) -> None:
    with pytest.raises(Absent):
        account.get(f"/email/pro/{part(name)}")


@given(st.text())
def test_any_name_is_sent_as_it_is_signed_or_refused(name: str) -> None:
    with suppress(AccountError):
        signed = f"https://api.example.com/1.0/a/{part(name)}/b?{urlencode({'c': name})}"
        assert requests.Request("GET", signed).prepare().url == signed


@pytest.mark.parametrize("name", ["", ".", "..", "a\n", "\x1b[31m", "\ud800"])
def test_step_through_a_path_and_what_cannot_be_printed_are_no_names(name: str) -> None:
    with pytest.raises(AccountError, match="is not the name of anything"):
        part(name)


# Patience.


PASSING = {
    "broken": faults.broken_before,
    "408": faults.TIME_OUT,
    "500 null": faults.NULL,
    "500 list": faults.LIST,
    "502": faults.answer(502, b"<html>", "text/html"),
    "503": faults.answer(503, b'{"message": "later"}'),
    "empty": NOTHING,
    "HTML": HTML,
    "deep": DEEP,
}


@pytest.mark.parametrize("act", PASSING.values(), ids=PASSING)
def test_question_is_asked_again(
    account: Account, server: Server, pauses: list[float], act: Callable[..., Any]
) -> None:
    server.faults.append(Fault(act, path="/email/pro", times=len(PAUSES)))
    assert account.get("/email/pro") == ["emailpro-1"]
    assert pauses == [*PAUSES]
    assert pauses == sorted({*pauses})


@pytest.mark.parametrize("act", PASSING.values(), ids=PASSING)
def test_question_without_an_answer_is_given_up(
    account: Account, server: Server, act: Callable[..., Any]
) -> None:
    server.faults.append(Fault(act, path="/email/pro"))
    with pytest.raises(Unreachable, match=r"GET /email/pro has no answer \(.+\): try again later"):
        account.get("/email/pro")
    assert server.called() == ["GET /email/pro"] * (len(PAUSES) + 1)


@pytest.mark.parametrize("act", PASSING.values(), ids=PASSING)
def test_time_of_the_api_is_asked_again(
    account: Account, server: Server, pauses: list[float], act: Callable[..., Any]
) -> None:
    server.faults.append(Fault(act, path="/auth/time", times=1))
    assert account.get("/email/pro") == ["emailpro-1"]
    assert pauses == [PAUSES[0]]


@pytest.mark.parametrize("body", [b"null", b'"noon"', b"{}"])
def test_time_that_is_none_is_no_answer(account: Account, server: Server, body: bytes) -> None:
    server.faults.append(Fault(faults.answer(200, body), path="/auth/time"))
    with pytest.raises(Unreachable, match="neither its time nor a token"):
        account.get("/email/pro")


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("7", 7.0),
        ("0", PAUSES[0]),
        ("999999", LONGEST_PAUSE),
        ("9" * 5000, PAUSES[0]),
        ("Wed, 21 Oct 2026 07:28:00 GMT", PAUSES[0]),
        ("-1", PAUSES[0]),
    ],
    ids=["seconds", "zero", "too long", "no number", "date", "negative"],
)
def test_wait_that_is_asked_for_is_kept_to(
    account: Account, server: Server, pauses: list[float], asked: str, waited: float
) -> None:
    server.faults.append(Fault(faults.answer(429, Retry_After=asked), path="/email/*", times=1))
    account.get("/email/pro")
    assert pauses == [waited]


def test_answer_that_takes_too_long_is_asked_for_again(
    server: Server, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert max(credentials.TIME_LIMITS) <= 30
    monkeypatch.setattr(credentials, "TIME_LIMITS", (5, 0.3))
    server.faults.append(Fault(faults.slow(0.6), path="/email/pro", times=1))
    assert Account.open(pauses.append).get("/email/pro") == ["emailpro-1"]
    assert pauses == [PAUSES[0]]


@pytest.mark.parametrize(
    ("scheme", "port", "why"),
    [("http", 1, "no connection"), ("https", None, "no secure connection")],
)
def test_connection_that_fails_is_said(
    server: Server, monkeypatch: pytest.MonkeyPatch, scheme: str, port: int | None, why: str
) -> None:
    endpoint = f"{scheme}://127.0.0.1:{port or server.port}/1.0"
    monkeypatch.setenv("OVH_ENDPOINT", endpoint)
    with pytest.raises(Unreachable, match=rf"\({why}\)"):
        Account.open(lambda _: None).get("/email/pro")


CHANGES: dict[str, Callable[[Account], object]] = {
    "POST": lambda account: account.post(f"{ZONE}/refresh"),
    "PUT": lambda account: account.put(f"{ZONE}/record/1", target="x."),
    "DELETE": lambda account: account.delete(f"{ZONE}/record/1"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    "act",
    [faults.broken_before, faults.broken_after, faults.TIME_OUT, faults.NULL],
    ids=["before", "after", "408", "500"],
)
def test_change_is_never_sent_twice(
    account: Account,
    server: Server,
    pauses: list[float],
    change: str,
    act: Callable[..., Any],
) -> None:
    server.faults.append(Fault(act, method=change))
    with pytest.raises(Unsettled, match=rf"^{change} {ZONE}\S* may have been done, or not"):
        CHANGES[change](account)
    assert len(server.called(change)) == 1
    assert pauses == []


@pytest.mark.parametrize("change", CHANGES)
def test_change_that_came_too_soon_is_not_done(
    account: Account, server: Server, change: str
) -> None:
    server.faults.append(Fault(faults.TOO_MANY, method=change))
    with pytest.raises(Unreachable, match="was not done"):
        CHANGES[change](account)


# Refusals.


@pytest.mark.parametrize(
    ("refusal", "kind", "words"),
    [
        (
            Refusal(400, "Invalid signature", "INVALID_SIGNATURE"),
            Unusable,
            "secret or the consumer",
        ),
        (Refusal(403, "This credential is not valid", "INVALID_CREDENTIAL"), Unusable, "validate"),
        (
            Refusal(403, "This credential does not exist", "NOT_CREDENTIAL"),
            Unusable,
            "consumer key",
        ),
        (Refusal(403, "Invalid application key", "INVALID_KEY"), Unusable, "application key"),
        (Refusal(401, "Invalid token"), Unusable, "needs another token: Invalid token"),
        (Refusal(403, "Something else"), Refused, "is not allowed: Something else"),
        (Refusal(404, "This service does not exist"), Absent, "This service does not exist"),
        (Refusal(404, "Got an invalid (or empty) URL"), Absent, "at this endpoint"),
        (Refusal(460, "This service is expired"), Gone, "has expired"),
        (Refusal(400, "Bad\n\x1b[31mtext"), AccountError, r"HTTP 400: Bad\n\x1b[31mtext"),
        (Refusal(409, "Already there"), AccountError, "HTTP 409: Already there"),
        (Refusal(418, "x" * 1000), AccountError, "x" * 80 + "…"),
    ],
    ids=lambda value: value.message[:30] if isinstance(value, Refusal) else "",
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_refusal_says_what_to_do(
    account: Account,
    server: Server,
    refusal: Refusal,
    kind: type[AccountError],
    words: str,
    method: str,
) -> None:
    server.faults.append(Fault(faults.refuse(refusal), path="/email/pro"))
    with pytest.raises(AccountError) as raised:
        getattr(account, method.lower())("/email/pro")
    assert type(raised.value) is kind
    assert words in str(raised.value)
    assert raised.value.query_id.startswith("EU.ext-")
    assert raised.value.query_id in str(raised.value)
    assert len(server.called()) == 1


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"<html>", b"", b'{"message": 1}'])
@pytest.mark.parametrize(("status", "kind"), [(403, Refused), (404, Absent), (400, AccountError)])
def test_refusal_may_have_any_body(
    account: Account, server: Server, body: bytes, status: int, kind: type[AccountError]
) -> None:
    server.faults.append(Fault(faults.answer(status, body), path="/email/pro"))
    with pytest.raises(kind, match=r"^GET /email/pro "):
        account.get("/email/pro")


@pytest.mark.parametrize(
    ("call", "rules"),
    [
        ("GET /email/pro", "GET /email/pro"),
        ("GET /email/pro/emailpro-1", "GET /email/pro, GET /email/pro/*"),
        ("GET /v2/zimbra/platform", "GET /zimbra/platform, GET /v2/zimbra/platform"),
        (f"GET {ZONE}/export", "GET /domain/zone/*/export"),
        (f"GET {ZONE}/record/1", "GET /domain/zone/*/record, GET /domain/zone/*/record/*"),
        (f"POST {ZONE}/record", "POST /domain/zone/*/record"),
        (f"DELETE {ZONE}/record/1", "DELETE /domain/zone/*/record/*"),
        (f"POST {ZONE}/refresh", "POST /domain/zone/*/refresh"),
        (f"GET {ZONE}/soa", f"GET {ZONE}/soa"),
    ],
)
@pytest.mark.parametrize("form", ["older", "mixed", "newer"])
def test_missing_right_of_a_key_is_named(
    account: Account, state: State, call: str, rules: str, form: str
) -> None:
    state.form = form
    state.grant()
    method, _, path = call.partition(" ")
    with pytest.raises(Refused) as raised:
        getattr(account, method.lower())(path)
    assert f"{call} is not allowed: make a key that may {rules} (OVH" in str(raised.value)


def test_missing_actions_of_a_service_account_are_named(by_token: Account, state: State) -> None:
    state.actions = ("dnsZone:*",)
    with pytest.raises(Refused, match=r"allow emailPro:apiovh:get in its IAM policy"):
        by_token.get("/email/pro")


def test_actions_that_the_authentication_lacks_are_named(account: Account, server: Server) -> None:
    details = {"unauthorizedActionsByIAM": "a:b", "unauthorizedActionsByAuthentication": "c:d, e:f"}
    act = faults.refuse(Refusal(403, "User not granted for this request", "", "", **details))
    server.faults.append(Fault(act, path="/email/pro"))
    with pytest.raises(Refused, match="allow a:b, c:d, e:f in its IAM policy"):
        account.get("/email/pro")


def test_redirect_is_an_error(account: Account, server: Server) -> None:
    elsewhere = faults.answer(302, b"", Location=f"{server.url}/email/exchange")
    server.faults.append(Fault(elsewhere, path="/email/pro", times=1))
    with pytest.raises(AccountError):
        account.get("/email/pro")
    server.faults.append(Fault(elsewhere, path="/email/pro", times=1))
    server.faults.append(Fault(faults.answer(200, b"[]"), path="/email/exchange"))
    with pytest.raises(AccountError, match="led elsewhere"):
        account.get("/email/pro")


# Rights.


def test_rights_are_those_of_the_key(account: Account, state: State) -> None:
    state.grant("GET /email/pro/*", "POST /zimbra/x")
    rights = account.rights()
    assert rights == Rights((Rule("GET", "/email/pro/*"), Rule("POST", "/zimbra/x")))
    assert rights
    assert rights.allow("GET", "/email/pro/a/b")
    assert rights.allow("POST", "/v2/zimbra/x")
    assert not rights.allow("GET", "/email/pro")
    assert not rights.allow("POST", "/email/pro/a")


@pytest.mark.parametrize(
    "act",
    [
        faults.refuse(Refusal(403, "This call has not been granted", "NOT_GRANTED_CALL")),
        faults.refuse(Refusal(404, "Got an invalid (or empty) URL")),
        faults.NULL,
        *(faults.answer(200, body) for body in (b"null", b"[]", b"{}", b'{"allowedRoutes": 1}')),
        faults.answer(200, b'{"allowedRoutes": []}'),
    ],
)
def test_rights_that_are_not_told_stop_nothing(
    account: Account, server: Server, act: Callable[..., Any]
) -> None:
    server.faults.append(Fault(act, path="/auth/details"))
    assert account.rights() is None


def test_rights_of_an_odd_form_are_none(account: Account, server: Server) -> None:
    odd = faults.answer(200, b'{"allowedRoutes": [1, {"method": 2}]}')
    server.faults.append(Fault(odd, path="/auth/details"))
    rights = account.rights()
    assert rights is not None
    assert not rights.allow("GET", "/email/pro")


def test_rights_of_a_service_account_are_not_told(by_token: Account) -> None:
    assert by_token.rights() is None


def test_wrong_key_is_said_when_its_rights_are_asked(account: Account, state: State) -> None:
    state.credential = "expired"
    with pytest.raises(Unusable, match="has expired"):
        account.rights()


# Service accounts.


def test_service_account_asks_and_pages(by_token: Account, state: State) -> None:
    mail.zimbra(state, *map(ZimbraDomain, ("a.example", "b.example", "c.example")))
    assert by_token.get("/email/pro") == ["emailpro-1"]
    platform = next(by_token.pages("/v2/zimbra/platform"))["id"]
    assert len([*by_token.pages(f"/v2/zimbra/platform/{platform}/domain")]) == 3


def test_token_that_has_run_out_is_renewed(by_token: Account, server: Server) -> None:
    old = b'{"access_token": "x", "scope": "all", "expires_in": -1, "token_type": "Bearer"}'
    server.faults.append(Fault(faults.answer(200, old), path=TOKEN, times=1))
    assert by_token.get("/email/pro") == ["emailpro-1"]
    assert [call.path for call in server.calls] == [TOKEN, TOKEN, "/email/pro"]


def test_wrong_client_is_said(by_token: Account, state: State) -> None:
    state.client_secret = "other"  # noqa: S105  # it opens nothing
    with pytest.raises(Unusable, match="copy both again"):
        by_token.get("/email/pro")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_token_is_asked_for_again(by_token: Account, server: Server, status: int) -> None:
    server.faults.append(Fault(faults.answer(status), path=TOKEN, times=len(PAUSES)))
    assert by_token.get("/email/pro") == ["emailpro-1"]


@pytest.mark.parametrize(
    "act",
    [
        *(faults.answer(200, body) for body in (b"null", b"[]", b"<html>", b"", b"[" * 100_000)),
        faults.answer(200, b'{"access_token": "x", "scope": "less", "token_type": "Bearer"}'),
        faults.answer(200, b'{"access_token": "x", "scope": "all", "expires_in": "soon"}'),
        faults.answer(200, b'{"access_token": "x", "scope": "all", "expires_in": -1}'),
        faults.broken_before,
    ],
)
def test_token_that_is_none_is_an_error_of_ours(
    by_token: Account, server: Server, act: Callable[..., Any]
) -> None:
    server.faults.append(Fault(act, path=TOKEN))
    with pytest.raises(AccountError):
        by_token.get("/email/pro")


# Secrets.


def test_secrets_are_in_no_message_log_or_traceback(
    account: Account,
    by_token: Account,
    server: Server,
    state: State,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    said = []
    acts = [faults.broken_before, faults.NULL, faults.answer(400, b"{}")]
    for act in acts:
        server.faults = [Fault(act)]
        for each in (account, by_token):
            for call in (each.get, each.post):
                try:
                    call("/email/pro")
                except AccountError:
                    said.append(traceback.format_exc())
    text = "\n".join((*said, caplog.text, repr(account), repr(by_token)))
    assert len(said) == 4 * len(acts)
    for secret in (state.application_secret, state.consumer_key, state.client_secret, "$1$"):
        assert secret not in text

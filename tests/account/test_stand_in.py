"""The stand-in for OVHcloud's API: the real client library runs against it, and is checked."""

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import ovh
import ovh.client
import pytest
from ovh.exceptions import OAuth2FailureError

from tests.support.ovh_api import (
    Fault,
    Server,
    State,
    ZimbraDomain,
    attached,
    faults,
    mail,
    stand_in,
)
from tests.support.ovh_api.answers import no_such_service
from tests.support.ovh_api.dns import name_server_of
from tests.support.ovh_api.server import KEYS, SERVICE_ACCOUNT
from tests.support.running import until

ZONE = """
@ IN MX 1 mx.example.net.
@ 600 IN SPF "v=spf1 ~all"
autoconfig IN CNAME old.example.net.
_autodiscover._tcp IN SRV 0 0 443 old.example.net.
xautodiscover.xtcp IN A 192.0.2.7
"""
RECORDS = "/domain/zone/example.fr/record"


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def server(state: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with stand_in(state) as server:
        monkeypatch.setitem(ovh.client.ENDPOINTS, "ovh-eu", server.url)
        monkeypatch.setitem(ovh.client.OAUTH2_TOKEN_URLS, "ovh-eu", server.token_url)
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        yield server


@pytest.fixture
def client(server: Server) -> ovh.Client:
    return library(server)


def library(server: Server, **other: str) -> ovh.Client:
    """The library's client, with the keys of the account or others."""
    return ovh.Client("ovh-eu", **{name: getattr(server.state, name) for name in KEYS} | other)


def service_account(server: Server, **other: str) -> ovh.Client:
    return ovh.Client(
        "ovh-eu", **{name: getattr(server.state, name) for name in SERVICE_ACCOUNT} | other
    )


# The doors.


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"application_secret": "x"}, ovh.BadParametersError, "Invalid signature"),
        ({"application_key": "x"}, ovh.InvalidKey, "Invalid application key"),
        ({"consumer_key": "x"}, ovh.NotCredential, "This credential does not exist"),
    ],
    ids=["secret", "application key", "consumer key"],
)
def test_wrong_key_is_refused(
    server: Server, wrong: dict[str, str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        library(server, **wrong).get("/domain/zone")


def test_key_that_is_not_validated_is_refused(client: ovh.Client, state: State) -> None:
    state.credential = "pendingValidation"
    with pytest.raises(ovh.InvalidCredential):
        client.get("/domain/zone")


def test_call_without_a_signature_is_refused(client: ovh.Client) -> None:
    with pytest.raises(ovh.NotCredential):
        client.get("/domain/zone", _need_auth=False)


def test_time_of_the_api_is_what_counts(client: ovh.Client, state: State) -> None:
    assert client.get("/domain/zone") == []
    state.ahead += 3600
    with pytest.raises(ovh.BadParametersError, match="Invalid timestamp"):
        client.get("/domain/zone")


def test_time_is_a_bare_number_that_needs_no_key(server: Server, state: State) -> None:
    with urllib.request.urlopen(f"{server.url}/auth/time") as answer:  # noqa: S310  # loopback
        assert abs(json.load(answer) - time.time() - state.ahead) < 60


@pytest.mark.parametrize("path", ["/email/pro/an name", "/email/pro/exämple", "/email/pro/a/../b"])
def test_url_that_is_changed_after_signing_is_refused(client: ovh.Client, path: str) -> None:
    with pytest.raises(ovh.BadParametersError, match="Invalid signature"):
        client.get(path)


@pytest.mark.parametrize(
    ("rule", "call", "granted"),
    [
        ("GET /email/pro", "/email/pro", True),
        ("GET /email/pro/*", "/email/pro", False),
        ("GET /email/pro/*", "/email/pro/emailpro-1", True),
        ("GET /email/pro/*", "/email/pro/emailpro-1/domain/a.example", True),
        ("GET /email/pro", "/email/pro/emailpro-1", False),
        ("POST /email/pro", "/email/pro", False),
        ("GET /*", "/email/pro", True),
        ("GET /email/*/domain/*", "/email/pro/emailpro-1/domain/a.example", True),
        ("GET /zimbra/platform", "/v2/zimbra/platform", True),
        ("GET /v2/zimbra/platform", "/v2/zimbra/platform", True),
    ],
)
def test_rules_of_the_key_decide(
    client: ovh.Client, state: State, rule: str, call: str, *, granted: bool
) -> None:
    mail.email_pro(state, "emailpro-1", "a.example")
    mail.zimbra(state)
    state.grant(rule)
    if granted:
        assert client.get(call)
    else:
        with pytest.raises(ovh.NotGrantedCall, match="This call has not been granted"):
            client.get(call)


def test_spelling_of_version_2_in_rules_can_be_chosen(client: ovh.Client, state: State) -> None:
    state.spellings = ("",)
    state.grant("GET /v2/zimbra/platform")
    with pytest.raises(ovh.NotGrantedCall):
        client.get("/v2/zimbra/platform")


@pytest.mark.parametrize(
    ("form", "error"),
    [("older", ovh.NotGrantedCall), ("mixed", ovh.NotGrantedCall), ("newer", ovh.APIError)],
)
def test_errors_have_an_older_and_a_newer_form(
    client: ovh.Client, state: State, form: str, error: type[ovh.APIError]
) -> None:
    state.form = form
    state.grant()
    with pytest.raises(error) as raised:
        client.get("/domain/zone")
    assert type(raised.value) is error
    body = raised.value.response.json()
    assert body["message"] == "This call has not been granted"
    assert ("class" in body, "errorCode" in body) == (form != "older", form != "newer")


def test_key_says_what_it_may_do(client: ovh.Client, state: State) -> None:
    state.grant("GET /email/pro")
    rules = [{"method": "GET", "path": "/email/pro"}]
    assert client.get("/auth/details")["allowedRoutes"] == rules
    assert client.get("/auth/currentCredential")["rules"] == rules
    state.details = False
    with pytest.raises(ovh.NotGrantedCall):
        client.get("/auth/details")


def test_service_account_gets_a_token_and_signs_nothing(server: Server, state: State) -> None:
    state.add_zone("example.fr", ZONE)
    client = service_account(server)
    assert client.get("/domain/zone") == ["example.fr"]
    assert client.get("/auth/details")["allowedRoutes"] is None
    assert [call.path for call in server.calls[:2]] == ["/auth/oauth2/token", "/domain/zone"]


def test_token_is_given_for_a_form_too(server: Server, state: State) -> None:
    fields = {"grant_type": "client_credentials", "scope": "all", "client_id": state.client_id}
    form = urlencode(fields | {"client_secret": state.client_secret}).encode()
    with urllib.request.urlopen(server.token_url, form) as answer:  # noqa: S310  # loopback
        assert json.load(answer)["scope"] == "all"


def test_wrong_client_gets_no_token(server: Server) -> None:
    with pytest.raises(OAuth2FailureError, match="oauth2 client does not exists"):
        service_account(server, client_id="x").get("/domain/zone")


@pytest.mark.parametrize(
    ("call", "action"),
    [
        ("GET /email/pro", "emailPro:apiovh:get"),
        ("GET /email/pro/emailpro-1/domain/a.example", "emailPro:apiovh:domain/get"),
        ("GET /email/mxplan/x/account", "emailMxplan:apiovh:account/get"),
        ("GET /v2/zimbra/platform", "zimbra:apiovh:platform/get"),
        ("GET /v2/zimbra/platform/x/domain", "zimbra:apiovh:platform/domain/get"),
        ("GET /domain/zone/example.fr/export", "dnsZone:apiovh:export/get"),
        ("POST /domain/zone/example.fr/refresh", "dnsZone:apiovh:refresh"),
        ("PUT /domain/zone/example.fr/record/1", "dnsZone:apiovh:record/edit"),
    ],
)
def test_service_account_lacks_actions(
    server: Server, state: State, call: str, action: str
) -> None:
    state.actions = ("account:*",)
    method, _, path = call.partition(" ")
    with pytest.raises(ovh.APIError, match="User not granted for this request") as raised:
        service_account(server).call(method, path)
    assert raised.value.response.json()["details"] == {"unauthorizedActionsByIAM": action}


def test_token_that_nobody_gave_is_refused(server: Server) -> None:
    client = service_account(server)
    client.get("/domain/zone")
    server.state.tokens.clear()
    with pytest.raises(ovh.APIError, match="Invalid token"):
        client.get("/domain/zone")


def test_version_1_has_two_names(client: ovh.Client, state: State) -> None:
    state.add_zone("example.fr", ZONE)
    assert client.get("/v1/domain/zone") == client.get("/domain/zone") == ["example.fr"]


def test_call_that_nobody_knows_is_said(client: ovh.Client) -> None:
    with pytest.raises(ovh.ResourceNotFoundError, match=r"Got an invalid \(or empty\) URL"):
        client.get("/me")


# Mail.


def test_lists_of_an_empty_account_are_empty(client: ovh.Client) -> None:
    for path in ("/email/domain", "/email/mxplan", "/email/pro", "/email/exchange"):
        assert client.get(path) == []


def test_mail_services_have_domains_and_accounts(client: ovh.Client, state: State) -> None:
    mail.old_mx_plan(state, "old.example", "alice")
    mail.mx_plan(state, "mxplan-1", "new.example", isZimbra=True)
    mail.exchange(state, "hosted-1", "hosted-1-part-1", "xn--caf-dma.example")
    other = attached("b.example", "bob@b.example", "x@configureme.me", mxIsValid=False)
    mail.email_pro(state, "emailpro-1", "a.example", other, hostname="mail.example.net")
    assert client.get("/email/domain/old.example")["migratedMXPlanServiceName"] is None
    assert client.get("/email/domain/old.example/account") == ["alice"]
    assert client.get("/email/mxplan/mxplan-1")["isZimbra"] is True
    exchange = "/email/exchange/hosted-1/service"
    assert client.get(exchange) == ["hosted-1-part-1"]
    assert client.get(f"{exchange}/hosted-1-part-1/domain") == ["xn--caf-dma.example"]
    assert client.get(f"{exchange}/hosted-1-part-1/protocol")["IMAP"] is True
    assert client.get("/email/pro/emailpro-1")["hostname"] == "mail.example.net"
    assert client.get("/email/pro/emailpro-1/domain/b.example")["mxIsValid"] is False
    accounts = client.get("/email/pro/emailpro-1/account")
    assert accounts == ["bob@b.example", "x@configureme.me"]
    account = client.get("/email/pro/emailpro-1/account/x@configureme.me")
    assert account["configured"] is False


def test_list_of_mail_is_filtered(client: ovh.Client, state: State) -> None:
    mail.email_pro(state, "emailpro-1", "a.example", attached("b.example", state="creating"))
    assert client.get("/email/pro/emailpro-1/domain", state="ok") == ["a.example"]


def test_service_of_somebody_else_and_family_of_another_region_are_not_there(
    client: ovh.Client, state: State
) -> None:
    with pytest.raises(ovh.ResourceNotFoundError, match="This service does not exist"):
        client.get("/email/pro/emailpro-2")
    state.lacks("/email/pro")
    with pytest.raises(ovh.ResourceNotFoundError, match="invalid"):
        client.get("/email/pro")


def test_answer_may_be_a_refusal(client: ovh.Client, state: State) -> None:
    state.answers["/email/pro"] = no_such_service()
    with pytest.raises(ovh.ResourceNotFoundError, match="This service does not exist"):
        client.get("/email/pro")


def test_list_of_version_2_comes_in_pages(client: ovh.Client, state: State) -> None:
    names = ["a.example", "b.example", "c.example"]
    platform = mail.zimbra(state, *map(ZimbraDomain, names))
    path = f"/v2/zimbra/platform/{platform}/domain"
    first = client.raw_call("GET", path)
    cursor = {"X-Pagination-Cursor": first.headers["X-Pagination-Cursor-Next"]}
    second = client.raw_call("GET", path, headers=cursor)
    assert "X-Pagination-Cursor-Next" not in second.headers
    domains = [each["currentState"]["name"] for each in first.json() + second.json()]
    assert domains == names
    wrong = client.raw_call("GET", path, headers={"X-Pagination-Cursor": "x"})
    assert (wrong.status_code, wrong.json()["message"]) == (400, "invalid cursor")
    assert len(client.get(path, domainName="b.example")) == 1


def test_levels_of_zimbra_are_counted(client: ovh.Client, state: State) -> None:
    accounts = {"a@z.example": "STARTER", "b@z.example": "PRO", "c@z.example": "PRO"}
    platform = mail.zimbra(state, ZimbraDomain("z.example", accounts))
    path = f"/v2/zimbra/platform/{platform}"
    (domain,) = client.get(f"{path}/domain")
    counts = {
        each["offer"]: each["configuredAccountsCount"]
        for each in domain["currentState"]["accountsStatistics"]
    }
    assert counts == {"STARTER": 1, "PRO": 2}
    pro = client.get(f"{path}/account", domainId=domain["id"], offer="PRO")
    assert [each["currentState"]["email"] for each in pro] == ["b@z.example", "c@z.example"]


# Zones.


def test_change_is_served_after_a_refresh_alone(client: ovh.Client, state: State) -> None:
    zone = state.add_zone("example.fr", ZONE)
    before, serial = zone.lines(served=True), zone.serial
    (number,) = client.get(RECORDS, subDomain="autoconfig", fieldType="CNAME")
    assert client.put(f"{RECORDS}/{number}", target="new.example.net.") is None
    made = client.post(RECORDS, fieldType="A", subDomain="new", target="192.0.2.1")
    assert client.get(f"{RECORDS}/{made['id']}") == made
    assert client.delete(f"{RECORDS}/{client.get(RECORDS, fieldType='MX')[0]}") is None
    assert zone.lines(served=True) == before
    assert client.post("/domain/zone/example.fr/refresh") is None
    assert zone.lines(served=True) == zone.lines() != before
    assert (zone.serial, zone.refreshed) == (serial + 1, 1)
    assert client.get("/domain/zone/example.fr/soa")["serial"] == zone.serial


def test_ids_are_long_and_tell_no_order(client: ovh.Client, state: State) -> None:
    state.add_zone("example.fr", ZONE)
    numbers = client.get(RECORDS)
    assert numbers != sorted(numbers)
    assert max(numbers) > 2**53


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"subDomain": "_autodiscover._tcp"}, ["SRV", "A"]),
        ({"subDomain": "AUTOCONFIG"}, ["CNAME"]),
        ({"subDomain": "auto%"}, ["CNAME"]),
        ({"subDomain": "auto"}, []),
        ({"subDomain": ""}, ["NS", "NS", "MX", "SPF"]),
        ({"fieldType": "TXT"}, []),
        ({"fieldType": "s%"}, ["SPF", "SRV"]),
        ({"fieldType": "A", "subDomain": "autoconfig"}, []),
    ],
)
def test_filters_are_patterns(
    client: ovh.Client, state: State, query: dict[str, str], found: list[str]
) -> None:
    state.add_zone("example.fr", ZONE)
    types = [
        client.get(f"{RECORDS}/{number}")["fieldType"] for number in client.get(RECORDS, **query)
    ]
    assert types == found


def test_filters_may_match_in_the_middle(client: ovh.Client, state: State) -> None:
    state.add_zone("example.fr", ZONE, contains=True)
    assert len(client.get(RECORDS, subDomain="auto")) == 3
    assert len(client.get(RECORDS, subDomain="")) == 4


@pytest.mark.parametrize(("null", "apex"), [(False, ""), (True, None)])
def test_apex_is_empty_or_null(
    client: ovh.Client, state: State, apex: str | None, *, null: bool
) -> None:
    state.add_zone("example.fr", ZONE, null_apex=null)
    (number,) = client.get(RECORDS, fieldType="MX")
    assert client.get(f"{RECORDS}/{number}")["subDomain"] == apex


@pytest.mark.parametrize(
    ("record", "target"),
    [
        ({"fieldType": "TXT", "target": "plain text"}, '"plain text"'),
        ({"fieldType": "SPF", "target": '"quoted"'}, '"quoted"'),
        ({"fieldType": "CNAME", "target": "without.a.dot"}, "without.a.dot"),
        ({"fieldType": "CNAME", "target": "With.A.Dot."}, "With.A.Dot."),
        ({"fieldType": "A", "target": "192.0.2.1", "ttl": 60}, "192.0.2.1"),
    ],
)
def test_target_is_kept_but_for_quotes(
    client: ovh.Client, state: State, record: dict[str, Any], target: str
) -> None:
    state.add_zone("example.fr", ZONE)
    made = client.post(RECORDS, subDomain="new", **record)
    assert (made["target"], made["ttl"]) == (target, record.get("ttl", 0))


@pytest.mark.parametrize(
    "record",
    [
        {"fieldType": "TXT", "target": 'un"balanced'},
        {"fieldType": "SRV", "target": "443 mail.example.net."},
        {"fieldType": "A", "target": "192.0.2.1", "ttl": 59},
        {"fieldType": "A", "target": "192.0.2.1", "ttl": "60"},
        {"fieldType": "A", "target": "192.0.2.1", "subDomain": "autoconfig"},
        {"fieldType": "CNAME", "target": "x.", "subDomain": "xautodiscover.xtcp"},
        {"fieldType": "CNAME", "target": "x.", "subDomain": ""},
        {"fieldType": "SOA", "target": "x."},
        {"fieldType": "A"},
        {"fieldType": "A", "target": "192.0.2.1", "comment": "x"},
        {},
    ],
)
def test_record_that_cannot_be_is_refused(
    client: ovh.Client, state: State, record: dict[str, Any]
) -> None:
    zone = state.add_zone("example.fr", ZONE)
    before = zone.lines()
    with pytest.raises(ovh.BadParametersError):
        client.post(RECORDS, **({"subDomain": "new"} | record if record else {}))
    assert zone.lines() == before


def test_type_of_a_record_stays(client: ovh.Client, state: State) -> None:
    state.add_zone("example.fr", ZONE)
    (number,) = client.get(RECORDS, subDomain="autoconfig")
    with pytest.raises(ovh.BadParametersError):
        client.put(f"{RECORDS}/{number}", fieldType="A", target="192.0.2.1")


def test_same_record_twice_is_two_records(client: ovh.Client, state: State) -> None:
    zone = state.add_zone("example.fr", ZONE)
    for _ in range(2):
        client.post(RECORDS, fieldType="A", subDomain="new", target="192.0.2.1")
    assert zone.lines().count("new 0 A 192.0.2.1") == 2


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_record_that_is_gone_is_not_there(client: ovh.Client, state: State, method: str) -> None:
    state.add_zone("example.fr", ZONE)
    with pytest.raises(ovh.ResourceNotFoundError):
        client.call(method, f"{RECORDS}/1")


def test_zone_of_somebody_else_is_not_there(client: ovh.Client) -> None:
    with pytest.raises(ovh.ResourceNotFoundError, match="This service does not exist"):
        client.get(RECORDS)


def test_text_of_a_zone_is_that_of_the_control_panel(client: ovh.Client, state: State) -> None:
    zone = state.add_zone("example.fr", ZONE, warnings=("a warning",))
    zone.put("long", "DKIM", '"' + "x" * 300 + '"')
    assert client.get("/domain/zone/example.fr/export") == (
        "$TTL 3600\n"
        "@\tIN SOA ns.example.net. tech.example.net. (2026112600 86400 3600 3600000 300)\n"
        "                           IN NS     dns.example.net.\n"
        "                           IN NS     ns.example.net.\n"
        "                           IN MX     1 mx.example.net.\n"
        '                       600 IN TXT    "v=spf1 ~all"\n'
        "_autodiscover._tcp         IN SRV    0 0 443 old.example.net.\n"
        "autoconfig                 IN CNAME  old.example.net.\n"
        f'long                       IN TXT    ( "{"x" * 255}" "{"x" * 45}" )\n'
        "xautodiscover.xtcp         IN A      192.0.2.7\n"
    )
    assert client.get("/domain/zone/example.fr/status") == {
        "isDeployed": False,
        "errors": [],
        "warnings": ["a warning"],
    }
    assert client.get("/domain/zone/example.fr")["nameServers"] == [*zone.name_servers]


# Faults.


@pytest.mark.parametrize(
    ("act", "error", "done"),
    [
        (faults.broken_before, ovh.HTTPError, False),
        (faults.broken_after, ovh.HTTPError, True),
        (faults.empty, ovh.InvalidResponse, True),
        (faults.TIME_OUT, ovh.InvalidResponse, False),
        (faults.TOO_MANY, ovh.APIError, False),
        (faults.NULL, AttributeError, False),
        (faults.LIST, AttributeError, False),
        (faults.EXPIRED, ovh.exceptions.ResourceExpiredError, False),
    ],
)
def test_fault_is_met_by_the_library_as_it_is(
    server: Server,
    client: ovh.Client,
    state: State,
    act: Callable[..., Any],
    error: type[Exception],
    *,
    done: bool,
) -> None:
    zone = state.add_zone("example.fr", ZONE)
    client.get("/domain/zone")
    server.faults.append(Fault(act, number=len(server.calls) + 1))
    with pytest.raises(error):
        client.post("/domain/zone/example.fr/refresh")
    assert zone.refreshed == done
    client.get("/domain/zone")


def test_record_may_come_without_its_id_and_be_late(
    server: Server, client: ovh.Client, state: State
) -> None:
    state.add_zone("example.fr", ZONE)
    late = faults.refuse(no_such_service())
    server.faults += [
        Fault(faults.without_id, method="POST", times=1),
        Fault(late, method="GET", path="*/record/*", times=1),
    ]
    assert client.post(RECORDS, fieldType="A", subDomain="new", target="192.0.2.1")["id"] == 0
    (number,) = client.get(RECORDS, subDomain="new")
    with pytest.raises(ovh.ResourceNotFoundError):
        client.get(f"{RECORDS}/{number}")
    assert client.get(f"{RECORDS}/{number}")["target"] == "192.0.2.1"


def test_answer_may_be_late(server: Server) -> None:
    keys = {name: getattr(server.state, name) for name in KEYS}
    client = ovh.Client("ovh-eu", **keys, timeout=0.2)
    client.get("/domain/zone")
    server.faults.append(Fault(faults.slow(0.5), times=1))
    with pytest.raises(ovh.HTTPError):
        client.get("/domain/zone")


def test_each_call_is_logged_and_has_a_number(
    server: Server, client: ovh.Client, state: State
) -> None:
    state.add_zone("example.fr", ZONE)
    client.get(RECORDS, subDomain="")
    client.post("/domain/zone/example.fr/refresh")
    assert server.called() == [f"GET {RECORDS}?subDomain=", "POST /domain/zone/example.fr/refresh"]
    assert server.called("POST") == ["POST /domain/zone/example.fr/refresh"]
    assert str(server.calls[0]) == "GET /auth/time"
    with pytest.raises(ovh.APIError) as raised:
        client.get("/me")
    assert raised.value.query_id.startswith("EU.ext-")


def test_client_keeps_no_connection_open(server: Server, client: ovh.Client) -> None:
    client.get("/domain/zone")
    others = [library(server) for _ in range(3)]
    before = len(os.listdir("/dev/fd"))
    for each in others:
        each.get("/domain/zone")
    assert until(lambda: len(os.listdir("/dev/fd")) <= before)


# The name servers.


def test_name_servers_have_what_is_served(client: ovh.Client, state: State) -> None:
    state.add_zone("example.fr", ZONE + "alias IN CNAME autoconfig\n")
    (number,) = client.get(RECORDS, subDomain="autoconfig")
    client.put(f"{RECORDS}/{number}", target="new.example.net.")
    with name_server_of(state) as names:
        assert answers(names.udp.getsockname(), "alias.example.fr") == [
            "alias.example.fr. CNAME autoconfig.example.fr.",
            "autoconfig.example.fr. CNAME old.example.net.",
        ]
        client.post("/domain/zone/example.fr/refresh")
        assert answers(names.udp.getsockname(), "alias.example.fr", "CNAME") == [
            "alias.example.fr. CNAME autoconfig.example.fr."
        ]
        assert answers(names.udp.getsockname(), "autoconfig.example.fr") == [
            "autoconfig.example.fr. CNAME new.example.net."
        ]
        assert answers(names.udp.getsockname(), "example.fr", "TXT") == [
            'example.fr. TXT "v=spf1 ~all"'
        ]
        assert answers(names.udp.getsockname(), "_tcp.example.fr") == ["NOERROR"]
        assert answers(names.udp.getsockname(), "none.example.fr") == ["NXDOMAIN"]
        assert answers(names.udp.getsockname(), "example.org") == ["REFUSED"]


def answers(server: tuple[str, int], name: str, kind: str = "A") -> list[str]:
    """The records of the answer, or its code if it has none."""
    query = dns.message.make_query(name, kind)
    answer = dns.query.udp(query, server[0], port=server[1], timeout=10)
    texts = [
        f"{each.name} {dns.rdatatype.to_text(each.rdtype)} {record}"
        for each in answer.answer
        for record in each
    ]
    return texts or [dns.rcode.to_text(answer.rcode())]

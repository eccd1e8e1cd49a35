"""What is read of an account, what is left out with which reason, and by which calls."""

from collections.abc import Callable

import pytest

from autoconfig.account import services
from autoconfig.account.choice import Reason
from autoconfig.account.client import Absent, AccountError, Gone, Refused, Unreachable, Unusable
from autoconfig.account.survey import MOST_SILENT
from tests.support.mail_account import (
    EXCHANGE,
    IN_TWO_OFFERS,
    PRO,
    TRUTH,
    Answers,
    names,
    read,
    whole_account,
)
from tests.support.ovh_api import State, ZimbraDomain, attached, mail
from tests.support.services import service_of


def test_whole_account_is_read_and_decided() -> None:
    found, choice = read(Answers(whole_account()))
    assert names(choice) == TRUTH
    assert (found.not_read, found.doubts, choice.unsure) == ([], [], ())


def test_no_call_is_made_twice_and_mailboxes_are_read_where_a_domain_has_two_offers_alone() -> None:
    account = Answers(whole_account())
    read(account)
    assert len(set(account.calls)) == len(account.calls)
    lists = [path for path in account.calls if path.endswith("/account")]
    zimbra = [path for path in lists if path.startswith("/v2/")]
    assert [path for path in lists if path not in zimbra] == [
        "/email/pro/emailpro-1/account",
        "/email/domain/two.example/account",
    ]
    assert len(zimbra) == 1


@pytest.mark.parametrize(
    ("region", "lists"),
    [
        ("ca", ["/email/mxplan", "/email/exchange"]),
        ("us", []),
    ],
)
def test_only_the_families_of_the_region_are_asked_for(region: str, lists: list[str]) -> None:
    account = Answers(State(), region)
    read(account)
    assert account.calls == lists


def test_fixed_server_of_canada_is_not_written() -> None:
    state = State()
    host = service_of("exchange-hosted", "ca").host
    mail.exchange(state, "org-1", "hosted-1", "example.ca", hostname=host)
    mail.exchange(state, "org-1", "hosted-2", "exemple.ca")
    _, choice = read(Answers(state, "ca"))
    (service,) = choice.services
    assert (service.offer, service.region, service.server) == ("exchange-hosted", "ca", None)
    assert service.domains == ("example.ca", "exemple.ca")


# ----------------------------------------------------------------------------------- servers

SRV = "_autodiscover._tcp IN SRV 0 0 443 {}."


@pytest.mark.parametrize(
    ("service", "srv", "server"),
    [
        pytest.param({"hostname": PRO}, None, PRO, id="hostname"),
        pytest.param({"hostname": f"{PRO.upper()}."}, None, PRO, id="capitals-and-dot"),
        pytest.param({"webUrl": f"https://{PRO}/owa"}, None, PRO, id="web-address"),
        pytest.param({}, SRV.format(PRO), PRO, id="srv"),
        pytest.param({}, f"_autodiscover._tcp 3600 IN SRV 0 0 443 {PRO}", PRO, id="srv-with-ttl"),
        pytest.param({"webUrl": "https://[pro"}, SRV.format(PRO), PRO, id="no-web-address"),
        pytest.param({"hostname": PRO}, SRV.format(EXCHANGE), PRO, id="hostname-first"),
    ],
)
def test_server_is_that_of_the_first_field_that_has_one(
    service: dict[str, str], srv: str | None, server: str
) -> None:
    state = State()
    domain = attached("example.com", expectedAutodiscoverSRV=srv)
    mail.email_pro(state, "emailpro-1", domain, **service)
    found, choice = read(Answers(state))
    assert names(choice) == {"example.com": ("email-pro", server)}
    assert found.doubts == []


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        (EXCHANGE, Reason.OTHER_SERVER),
        ("mail.example.com", Reason.OTHER_SERVER),
        (None, Reason.NO_SERVER),
    ],
    ids=["of-another-family", "of-nobody", "none"],
)
def test_domain_on_a_server_that_its_offer_does_not_have_is_unsure(
    host: str | None, reason: Reason
) -> None:
    state = State()
    mail.email_pro(state, "emailpro-1", "example.com", hostname=host)
    _, choice = read(Answers(state))
    (unsure,) = choice.unsure
    assert (unsure.doubt.reason, choice.services) == (reason, ())
    assert [(sold.offer, sold.server) for sold in unsure.sold] == [("email-pro", "?")]


def test_server_that_nobody_has_seen_is_a_doubt() -> None:
    state = State()
    unseen = PRO.replace("1", "77")
    mail.email_pro(state, "emailpro-1", "example.com", "example.net", hostname=unseen)
    found, choice = read(Answers(state))
    assert {server for _, server in names(choice).values()} == {unseen}
    assert len(set(found.doubts)) == 1
    assert unseen in found.doubts[0]


def test_web_mail_of_the_provider_is_no_private_server() -> None:
    state = State()
    (portal, *_) = service_of("mx-plan").webmail
    mail.exchange(state, "o", "private-1", "example.com", offer="dedicated", webUrl=portal.url)
    _, choice = read(Answers(state))
    assert [each.doubt.reason for each in choice.unsure] == [Reason.OTHER_SERVER]


# ----------------------------------------------------------------------------- what is left out


def _old_closed(state: State) -> None:
    mail.old_mx_plan(state, "example.com", status="close")


def _suspended(state: State) -> None:
    mail.email_pro(state, "emailpro-1", "example.com", hostname=PRO)
    state.answers["/email/pro/emailpro-1"]["state"] = "suspended"


def _deleting(state: State) -> None:
    domain = attached("example.com")
    domain.fields["state"] = "deleting"
    mail.email_pro(state, "emailpro-1", domain, hostname=PRO)


def _not_validated(state: State) -> None:
    domain = attached("example.com", domainValidated=False)
    mail.email_pro(state, "emailpro-1", domain, hostname=PRO)


def _unknown_offer(state: State) -> None:
    mail.email_pro(state, "emailpro-1", "example.com", hostname=PRO, offer="emailultra")


def _no_offer(state: State) -> None:
    mail.email_pro(state, "emailpro-1", "example.com", hostname=PRO, offer=None)


def _suspended_platform(state: State) -> None:
    mail.zimbra(state, ZimbraDomain("example.com", {"a@example.com": "PRO"}))
    state.answers["/v2/zimbra/platform"][0]["resourceStatus"] = "SUSPENDED"


def _failed_zimbra(state: State) -> None:
    boxes = {"a@example.com": "PRO"}
    mail.zimbra(state, ZimbraDomain("example.com", boxes, {"resourceStatus": "ERROR"}))


def _host_as_domain(state: State) -> None:
    mail.old_mx_plan(state, "www.example.com")


def _no_domain(state: State) -> None:
    mail.old_mx_plan(state, "no domain")


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (_old_closed, '"close"'),
        (_suspended, '"suspended"'),
        (_deleting, '"deleting"'),
        (_not_validated, "validated"),
        (_unknown_offer, '"emailultra"'),
        (_no_offer, '""'),
        (_suspended_platform, '"SUSPENDED"'),
        (_failed_zimbra, '"ERROR"'),
        (_host_as_domain, "write example.com"),
        (_no_domain, "is not a domain name"),
    ],
    ids=lambda each: getattr(each, "__name__", "").strip("_"),
)
def test_what_has_no_mailboxes_or_is_not_known_is_left_out_and_told(
    build: Callable[[State], None], says: str
) -> None:
    state = State()
    build(state)
    found, choice = read(Answers(state))
    assert (choice.services, choice.unsure) == ((), ())
    (told,) = found.not_read
    assert says in str(told)


def test_service_of_an_unknown_offer_leaves_its_own_domains_unsure_alone() -> None:
    state = State()
    _unknown_offer(state)
    for domain in ("example.com", "other.example"):
        mail.old_mx_plan(state, domain)
    _, choice = read(Answers(state))
    assert names(choice) == {"other.example": ("mx-plan", None)}
    (unsure,) = choice.unsure
    assert (unsure.doubt.reason, unsure.domains) == (Reason.UNREAD, ("example.com",))


def test_service_in_maintenance_has_its_mailboxes() -> None:
    state = State()
    mail.email_pro(state, "emailpro-1", "example.com", hostname=PRO)
    state.answers["/email/pro/emailpro-1"]["state"] = "inMaintenance"
    assert "example.com" in names(read(Answers(state))[1])


def test_domain_of_mailboxes_that_are_not_set_up_is_none() -> None:
    state = State()
    mail.email_pro(state, "emailpro-1", "configureme.me", hostname=PRO)
    found, choice = read(Answers(state))
    assert (found.not_read, choice.services) == ([], ())


def test_level_that_is_not_known_leaves_the_domain_unsure() -> None:
    state = State()
    boxes = {"a@example.com": "PRO", "b@example.com": "PRO", "c@example.com": "ULTRA"}
    mail.zimbra(state, ZimbraDomain("example.com", boxes))
    found, choice = read(Answers(state))
    assert [each.doubt.reason for each in choice.unsure] == [Reason.UNREAD]
    assert ["ULTRA" in str(each) for each in found.not_read] == [True]


def test_level_that_is_not_known_and_has_no_mailbox_is_no_obstacle() -> None:
    state = State()
    mail.zimbra(state, ZimbraDomain("example.com", {"a@example.com": "PRO"}))
    (path,) = [each for each in state.answers if each.endswith("01/domain")]
    statistics = state.answers[path][0]["currentState"]["accountsStatistics"]
    statistics.append({"offer": "ULTRA", "configuredAccountsCount": 0})
    found, choice = read(Answers(state))
    assert names(choice) == {"example.com": ("zimbra-pro", None)}
    assert len(found.not_read) == 1


# ------------------------------------------------------------------------------------- failures


def failing(kind: type[AccountError], *paths: str) -> Callable[[str], AccountError | None]:
    return lambda path: kind(f"GET {path} fails") if path in paths else None


ALL_CALLS = Answers(whole_account())
read(ALL_CALLS)


FAMILIES = [family.path for family in services.FAMILIES]
HARMLESS = [
    *((Gone, path) for path in ALL_CALLS.calls),
    *((kind, path) for kind in (Refused, Absent) for path in FAMILIES),
]
HARMFUL = [
    (kind, path)
    for kind in (Absent, AccountError, Refused, Unreachable)
    for path in ALL_CALLS.calls
    if (kind, path) not in HARMLESS
]


@pytest.mark.parametrize(("kind", "path"), HARMFUL)
def test_failure_of_any_call_is_told_and_gives_no_wrong_service(
    kind: type[AccountError], path: str
) -> None:
    found, choice = read(Answers(whole_account(), fault=failing(kind, path)))
    decided = names(choice)
    assert {name: TRUTH[name] for name in decided} == decided
    told = [str(each) for each in found.not_read] + [str(each.doubt) for each in choice.unsure]
    assert f"GET {path} fails" in "".join(told)
    assert not {domain for each in choice.unsure for domain in each.domains} & {*decided}


@pytest.mark.parametrize(("kind", "path"), HARMLESS)
def test_family_without_right_or_list_or_service_that_has_ended_leaves_the_others_as_they_are(
    kind: type[AccountError], path: str
) -> None:
    _, choice = read(Answers(whole_account(), fault=failing(kind, path)))
    decided = {name: its for name, its in names(choice).items() if name not in IN_TWO_OFFERS}
    assert {name: TRUTH[name] for name in decided} == decided
    assert len(decided) > len(TRUTH) / 3


def test_credentials_that_are_refused_end_it() -> None:
    for path in ALL_CALLS.calls:
        with pytest.raises(Unusable):
            read(Answers(whole_account(), fault=failing(Unusable, path)))


def test_api_that_does_not_answer_is_not_asked_on_and_on() -> None:
    account = Answers(whole_account(), fault=lambda path: Unreachable("nothing"))
    found, choice = read(account)
    assert (len(account.calls), choice.services) == (MOST_SILENT, ())
    assert len(found.not_read) == len(FAMILIES)


def test_mailboxes_are_not_asked_for_on_and_on_either() -> None:
    state = State()
    for number in range(MOST_SILENT + 2):
        mail.old_mx_plan(state, f"{number}.example", "info")
        mail.email_pro(state, f"emailpro-{number}", f"{number}.example", hostname=PRO)
    paths = [path for path in state.answers if path.endswith("/account")]
    account = Answers(state, fault=failing(Unreachable, *paths))
    _, choice = read(account)
    assert sum(path.endswith("/account") for path in account.calls) == MOST_SILENT
    domains = [domain for each in choice.unsure for domain in each.domains]
    assert sorted(domains) == [f"{number}.example" for number in range(MOST_SILENT + 2)]


def test_list_of_mailboxes_that_fails_is_asked_for_once() -> None:
    path = "/email/pro/emailpro-1/account"
    account = Answers(whole_account(), fault=failing(Unreachable, path))
    _, choice = read(account)
    assert account.calls.count(path) == 1
    (unsure,) = choice.unsure
    assert (unsure.doubt.reason, unsure.domains) == (
        Reason.MAILBOXES,
        ("part.example", "two.example"),
    )


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        pytest.param("/email/pro", None, id="no-list"),
        pytest.param("/email/pro", [{"name": "emailpro-1"}], id="list-of-others"),
        pytest.param("/email/pro", ["emailpro-1", ".."], id="step-up"),
        pytest.param("/email/pro", ["emailpro-1", "\ud800\x1b[2J"], id="no-characters"),
        pytest.param("/email/pro/emailpro-1", [], id="no-object"),
        pytest.param("/email/pro/emailpro-1", {"state": 1}, id="number-for-text"),
        pytest.param("/email/pro/emailpro-1/domain/two.example", {"mxIsValid": "yes"}, id="text"),
        pytest.param("/email/domain/two.example/account", ["no one@"], id="no-address"),
        pytest.param("/email/domain/two.example/account", [""], id="empty-address"),
        pytest.param("/v2/zimbra/platform", [{"id": "1"}], id="no-platform"),
        pytest.param(
            "/v2/zimbra/platform",
            [{"id": "..", "resourceStatus": "READY", "currentState": {}}],
            id="platform-that-steps-up",
        ),
    ],
)
def test_answer_in_another_shape_is_a_failure(path: str, answer: object) -> None:
    state = whole_account()
    state.answers[path] = answer
    found, choice = read(Answers(state))
    decided = names(choice)
    assert {name: TRUTH[name] for name in decided} == decided
    assert found.not_read or choice.unsure
    assert all(str(each).isprintable() for each in found.not_read)


def test_more_mailboxes_than_a_person_goes_on_with_are_not_taken() -> None:
    state = whole_account()
    many = [f"a{number}" for number in range(services.MOST_MAILBOXES + 1)]
    state.answers["/email/domain/two.example/account"] = many
    _, choice = read(Answers(state))
    assert [each.doubt.reason for each in choice.unsure] == [Reason.MAILBOXES]


def test_mailbox_of_a_level_that_is_not_known_leaves_the_domain_unsure() -> None:
    state = whole_account()
    (path,) = [each for each in state.answers if each.endswith("1/account") and "zimbra" in each]
    state.answers[path][0]["currentState"]["offer"] = "ULTRA"
    state.answers[path][1]["currentState"]["email"] = None  # not set up yet
    _, choice = read(Answers(state))
    assert [(each.doubt.reason, each.domains) for each in choice.unsure] == [
        (Reason.MAILBOXES, ("zimbra.example",))
    ]

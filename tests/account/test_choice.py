"""The choice of a service for a domain that has several, and what leaves it unsure."""

from collections.abc import Mapping
from typing import Any

import pytest

from autoconfig.account.choice import Reason, choose
from autoconfig.account.inventory import Held, Inventory, Mailbox
from autoconfig.account.report import reason
from autoconfig.account.words import REASONS
from autoconfig.documents.formats import LANGUAGES
from autoconfig.names import Domain, EmailAddress
from tests.support.mail_account import PRO, names

DOMAIN = Domain("example.com")
SURE = {"authoritative": True, "mx_valid": True}
PART = {"authoritative": False, "mx_valid": True}
UNSAID: dict[str, Any] = {}
OLD = {"mx_valid": True}


def held(offers: Mapping[str, int], *boxes: tuple[str, str], **facts: Any) -> Held:
    """The domain in a service that has these mailboxes: offer and local part of each."""
    found = [Mailbox(offer, EmailAddress(local, DOMAIN)) for offer, local in boxes]
    return Held(DOMAIN, "+".join(offers), offers, lambda: found, **facts)


def mx_plan(*boxes: str, **facts: Any) -> Held:
    return held({"mx-plan": 1}, *(("mx-plan", box) for box in boxes), **facts)


def email_pro(*boxes: str, **facts: Any) -> Held:
    facts = {"server": PRO, **facts}
    return held({"email-pro": 1}, *(("email-pro", box) for box in boxes), **facts)


def exchange(*boxes: str, **facts: Any) -> Held:
    return held({"exchange-private": 1}, *(("exchange-private", b) for b in boxes), **facts)


def zimbra(**numbers: int) -> Held:
    """As many mailboxes of each level: `pro` 2 has pro1 and pro2."""
    boxes = [
        (f"zimbra-{level}", f"{level}{number}")
        for level, count in numbers.items()
        for number in range(1, count + 1)
    ]
    return held({f"zimbra-{level}": count for level, count in numbers.items()}, *boxes)


@pytest.mark.parametrize(
    ("all_held", "offers"),
    [
        pytest.param(
            [mx_plan("a", "b", **OLD), email_pro("c", **SURE)],
            {"": "email-pro", "a": "mx-plan", "b": "mx-plan"},
            id="one-has-all-of-it",
        ),
        pytest.param(
            [mx_plan("a", "c", **OLD), email_pro("c", **SURE)],
            {"": "email-pro", "a": "mx-plan"},
            id="a-mailbox-is-left-over",
        ),
        pytest.param(
            [mx_plan("a", "c", **OLD), email_pro("c", **PART)],
            {"": "mx-plan", "c": "email-pro"},
            id="one-has-a-part-and-of-the-other-nothing-is-said",
        ),
        pytest.param(
            [mx_plan("a", **SURE), email_pro("c", **PART)],
            {"": "mx-plan", "c": "email-pro"},
            id="one-has-all-and-one-a-part",
        ),
        pytest.param(
            [mx_plan("a", **SURE), email_pro("c", authoritative=True, mx_valid=False)],
            {"": "mx-plan", "c": "email-pro"},
            id="both-have-all-and-mail-goes-to-one",
        ),
        pytest.param(
            [mx_plan("a", **OLD), mx_plan("b", **SURE), email_pro("c", **PART)],
            {"": "mx-plan", "c": "email-pro"},
            id="two-of-one-offer",
        ),
        pytest.param(
            [mx_plan("a", **SURE), mx_plan("b", **SURE)], {"": "mx-plan"}, id="one-offer-alone"
        ),
        pytest.param([mx_plan("a", **PART)], {"": "mx-plan"}, id="a-part-alone"),
        pytest.param(
            [zimbra(pro=1, starter=2)],
            {"": "zimbra-starter", "pro1": "zimbra-pro"},
            id="two-levels",
        ),
        pytest.param(
            [zimbra(pro=1, starter=2), email_pro("c", **PART)],
            {"": "zimbra-starter", "pro1": "zimbra-pro", "c": "email-pro"},
            id="two-levels-and-a-part-elsewhere",
        ),
        pytest.param(
            [zimbra(pro=1, starter=0), email_pro("c", **SURE)],
            {"": "email-pro", "pro1": "zimbra-pro"},
            id="all-elsewhere",
        ),
    ],
)
def test_domain_has_the_service_that_has_all_of_it(
    all_held: list[Held], offers: dict[str, str]
) -> None:
    choice = choose(Inventory(all_held), "eu")
    wanted = {f"{local}@{DOMAIN}" if local else DOMAIN: its for local, its in offers.items()}
    assert {name: offer for name, (offer, _) in names(choice).items()} == wanted
    assert choice.unsure == ()


@pytest.mark.parametrize(
    ("all_held", "why"),
    [
        pytest.param([mx_plan(**SURE), email_pro(**SURE)], Reason.BOTH, id="both"),
        pytest.param([mx_plan(**OLD), zimbra(pro=1)], Reason.BOTH, id="nothing-is-said"),
        pytest.param([mx_plan(**PART), email_pro(**PART)], Reason.NEITHER, id="two-parts"),
        pytest.param(
            [mx_plan(mx_valid=False), email_pro(**PART)], Reason.NEITHER, id="no-mail-arrives"
        ),
        pytest.param(
            [mx_plan(**PART), email_pro(authoritative=True, mx_valid=False)],
            Reason.NEITHER,
            id="all-of-it-without-mail",
        ),
        pytest.param([zimbra(pro=2, starter=2)], Reason.SAME_NUMBER, id="as-many"),
        pytest.param([zimbra(pro=0, starter=0)], Reason.NO_MAILBOX, id="no-mailbox"),
        pytest.param([email_pro(usable=False)], Reason.OTHER_SERVER, id="wrong-server"),
        pytest.param([email_pro(server=None, usable=False)], Reason.NO_SERVER, id="no-server"),
        pytest.param(
            [mx_plan(**SURE), email_pro("a", **PART), exchange("a", **PART)],
            Reason.TWICE,
            id="a-mailbox-in-two-more",
        ),
    ],
)
def test_domain_that_the_account_does_not_decide_is_unsure(
    all_held: list[Held], why: Reason
) -> None:
    choice = choose(Inventory(all_held), "eu")
    (unsure,) = choice.unsure
    assert (unsure.doubt.reason, unsure.domains, choice.services) == (why, (DOMAIN,), ())
    assert unsure.sold
    for language in LANGUAGES:
        assert "{" not in reason(unsure, language)


@pytest.mark.parametrize(
    ("all_held", "decided"),
    [
        ([email_pro(**SURE)], True),
        ([email_pro(authoritative=True, mx_valid=False)], False),
        ([mx_plan(**OLD)], False),
        ([mx_plan(**OLD), mx_plan(**SURE)], True),
        ([zimbra(pro=1)], False),
    ],
    ids=["all", "no-mail", "old-view", "old-and-new-view", "zimbra"],
)
def test_service_that_is_not_known_leaves_those_unsure_that_it_may_have(
    all_held: list[Held], *, decided: bool
) -> None:
    choice = choose(Inventory(all_held, incomplete="Exchange hosted-1"), "eu")
    assert bool(choice.services) == decided
    assert [each.doubt.reason for each in choice.unsure] == [Reason.INCOMPLETE] * (not decided)


def test_domain_that_a_service_could_not_tell_of_is_unsure() -> None:
    found = Inventory([email_pro(**SURE)], unread={DOMAIN: "Exchange hosted-1"})
    (unsure,) = choose(found, "eu").unsure
    assert unsure.doubt.reason == Reason.UNREAD
    assert "hosted-1" in reason(unsure, "fr")


def test_domains_with_one_reason_are_told_together() -> None:
    others = [Held(Domain(name), "Z", {"zimbra-pro": 0}, list) for name in ("a.example", "b.fr")]
    (unsure,) = choose(Inventory(others), "eu").unsure
    assert unsure.domains == ("a.example", "b.fr")


def test_reasons_have_words_in_every_language() -> None:
    assert set(REASONS) == set(Reason)
    assert {tuple(words) for words in REASONS.values()} == {LANGUAGES}

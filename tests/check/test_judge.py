"""What was found, held against the service: a table of candidates and the verdicts on them."""

import pytest

from autoconfig.check.judge import judge
from autoconfig.check.play import Found
from autoconfig.check.verdict import Candidate, Reason, Result, Verdict
from autoconfig.check.words.verdicts import VERDICTS
from autoconfig.offers.hosting import Shared
from autoconfig.offers.model import Service
from tests.support.services import service_of
from tests.support.sights import PERSON, PROGRAMS

SERVICE = service_of("mx-plan")
EXCHANGE = service_of("exchange-hosted")
SOURCE = "https://autoconfig.example.com/mail/config-v1.1.xml"


def taken(protocol: str, service: Service = SERVICE, **other: str | int) -> Candidate:
    """The server that the service prefers, or one that is `other`."""
    each = service.of(protocol)[0]
    right = Candidate(protocol, each.host, each.port, each.socket, PERSON.address)
    return right._replace(**other)  # type: ignore[arg-type]  # fields of two types


def exchange(host: str | None) -> Candidate:
    return Candidate("ews", str(host), 443, username=PERSON.address, url=f"https://{host}/EWS")


IMAP, SMTP = taken("imap"), taken("smtp")
STRANGER = taken("imap", host="imap.example.net")
ASKS = Reason("asks-redirect", {"host": "ex.example.org"})
TIMEOUT = Reason("met-timeout", {"url": SOURCE})
REFUSAL = Reason("no-id", {"url": SOURCE})
NOTE = Reason("not-xml", {"url": SOURCE})


def verdict(
    found: Found, service: Service | None = SERVICE, program: str = "thunderbird"
) -> Verdict:
    result = judge(PROGRAMS[program], found, service, PERSON)
    for reason in result.why:
        for words in VERDICTS[reason.what].values():
            assert "{" not in words.format(**reason.values)
    return result


def _found(*servers: Candidate) -> Found:
    return Found(servers, SOURCE)


JUDGED = {
    "right": (_found(IMAP, SMTP), Result.RIGHT, []),
    "asks": (_found(IMAP, SMTP)._replace(asks=(ASKS,)), Result.ASKS, ["asks-redirect"]),
    "another host": (_found(STRANGER, SMTP), Result.WRONG, ["wrong-server"]),
    "wrong although it asks": (
        _found(STRANGER, SMTP)._replace(asks=(ASKS,)),
        Result.WRONG,
        ["wrong-server"],
    ),
    "another port": (_found(taken("imap", port=1), SMTP), Result.WRONG, ["wrong-port"]),
    "no encryption": (_found(taken("imap", socket="plain"), SMTP), Result.WRONG, ["wrong-port"]),
    "the local part": (_found(taken("imap", username="alice"), SMTP), Result.WRONG, ["wrong-user"]),
    "no user name": (_found(taken("imap", username=""), SMTP), Result.RIGHT, []),
    "capitals in the user name": (
        _found(taken("imap", username="Alice@Example.COM"), SMTP),
        Result.RIGHT,
        [],
    ),
    "POP3 alone": (_found(taken("pop3"), SMTP), Result.RIGHT, ["pop3-alone"]),
    "both": (
        _found(STRANGER, taken("smtp", username="alice")),
        Result.WRONG,
        ["wrong-server", "wrong-user"],
    ),
    "nothing": (Found(notes=(NOTE,)), Result.NOTHING, ["nothing-found", "not-xml"]),
    "nothing to send by": (_found(IMAP), Result.NOTHING, ["finds-no-smtp"]),
    "nothing to read by": (_found(SMTP), Result.NOTHING, ["finds-no-incoming"]),
    "undecided before what is right": (
        _found(IMAP, SMTP)._replace(undecided=(TIMEOUT,)),
        Result.UNDECIDED,
        ["met-timeout", "else-right"],
    ),
    "undecided before what is wrong": (
        _found(STRANGER, SMTP)._replace(undecided=(TIMEOUT,)),
        Result.UNDECIDED,
        ["met-timeout", "else-wrong", "wrong-server"],
    ),
    "undecided before nothing": (
        Found(undecided=(TIMEOUT,)),
        Result.UNDECIDED,
        ["met-timeout", "else-nothing"],
    ),
    "an Exchange server that is not the service's": (
        _found(IMAP, SMTP, exchange("ex.example.org")),
        Result.WRONG,
        ["wrong-server"],
    ),
    "wrong after a document that it refuses": (
        _found(STRANGER, SMTP)._replace(notes=(NOTE, REFUSAL, REFUSAL)),
        Result.WRONG,
        ["wrong-server", "no-id"],
    ),
    "wrong by a table of its own": (
        _found(STRANGER, SMTP)._replace(source=""),
        Result.WRONG,
        ["wrong-by-table"],
    ),
    "right after a refusal": (
        _found(STRANGER, SMTP)._replace(later=(_found(IMAP, SMTP),)),
        Result.RIGHT,
        ["after-refusal"],
    ),
    "undecided after a refusal": (
        _found(STRANGER, SMTP)._replace(later=(Found(undecided=(TIMEOUT,)),)),
        Result.UNDECIDED,
        ["after-refusal", "met-timeout", "else-nothing"],
    ),
    "wrong all along": (
        _found(STRANGER, SMTP)._replace(later=(_found(STRANGER, SMTP),)),
        Result.WRONG,
        ["wrong-server"],
    ),
    "right at once": (
        _found(IMAP, SMTP)._replace(later=(_found(STRANGER, SMTP),)),
        Result.RIGHT,
        [],
    ),
}


@pytest.mark.parametrize(("found", "result", "why"), JUDGED.values(), ids=JUDGED)
def test_verdict(found: Found, result: Result, why: list[str]) -> None:
    judged = verdict(found)
    assert (judged.result, [each.what for each in judged.why], judged.counts) == (result, why, True)


def test_a_wrong_server_is_named_with_the_answer_that_has_it() -> None:
    judged = verdict(_found(STRANGER, SMTP))
    assert judged.servers == (STRANGER, SMTP)
    assert judged.source == SOURCE
    shown = f"imap.example.net:{STRANGER.port} {STRANGER.socket}"
    assert judged.why[0].values == {"server": shown, "username": "", "source": SOURCE}


def test_servers_that_are_wrong_alike_are_one_reason() -> None:
    strangers = (STRANGER, STRANGER._replace(protocol="smtp", port=465))
    (reason,) = verdict(_found(*strangers)).why
    assert reason.values["server"] == ", ".join(
        f"{each.host}:{each.port} {each.socket}" for each in strangers
    )


def test_the_servers_after_a_refusal_are_those_that_the_program_ends_with() -> None:
    found = _found(STRANGER, SMTP)._replace(later=(Found((IMAP, SMTP), "SRV example.com"),))
    assert verdict(found).servers == (IMAP, SMTP)
    assert verdict(found).source == "SRV example.com"


def test_a_host_that_is_the_very_same_is_right() -> None:
    rule = SERVICE.offer.regions["eu"].server
    assert isinstance(rule, Shared)
    same = [taken(each, host=rule.named[0]) for each in ("imap", "smtp")]
    assert verdict(_found(*same)).result is Result.RIGHT
    other = service_of("mx-plan", server=rule.named[0])
    assert verdict(_found(IMAP, SMTP), other).result is Result.RIGHT


def test_every_published_server_is_right() -> None:
    for each in SERVICE.servers:
        right = Candidate(each.protocol, each.host, each.port, each.socket, PERSON.address)
        assert verdict(_found(right, IMAP, SMTP)).result is Result.RIGHT


def test_the_exchange_server_of_the_service_is_right() -> None:
    assert verdict(_found(exchange(EXCHANGE.host)), EXCHANGE, "exchangelib").result is Result.RIGHT
    other = verdict(_found(exchange("ex.example.org")), EXCHANGE, "exchangelib")
    assert other.result is Result.WRONG


UNUSABLE = {
    "exchangelib": SERVICE,
    "outlook": SERVICE,
    "activesync": SERVICE,
    "evolution-ews": service_of("zimbra-pro"),
}


@pytest.mark.parametrize(("program", "service"), UNUSABLE.items(), ids=UNUSABLE)
def test_a_program_that_cannot_use_the_service_is_not_judged(
    program: str, service: Service
) -> None:
    judged = verdict(Found(), service, program)
    assert (judged.result, judged.counts) == (Result.UNKNOWN, False)
    assert [each.what for each in judged.why] == ["cannot-use"]


NEVER = [key for key, each in PROGRAMS.items() if each.never]


@pytest.mark.parametrize("program", NEVER)
def test_a_program_that_does_not_ask_is_not_judged(program: str) -> None:
    judged = verdict(Found(), SERVICE, program)
    assert (judged.result, judged.counts) == (Result.UNKNOWN, False)
    assert [each.what for each in judged.why] == [PROGRAMS[program].never]


WITHOUT_SERVICE = {
    "servers": (_found(IMAP, SMTP), Result.UNKNOWN, "service-unknown"),
    "nothing": (Found(), Result.NOTHING, "nothing-found"),
    "undecided": (Found(undecided=(TIMEOUT,)), Result.UNDECIDED, "met-timeout"),
}


@pytest.mark.parametrize(("found", "result", "why"), WITHOUT_SERVICE.values(), ids=WITHOUT_SERVICE)
def test_where_nobody_knows_what_is_right(found: Found, result: Result, why: str) -> None:
    judged = verdict(found, None)
    assert (judged.result, judged.why[0].what, judged.counts) == (result, why, True)


def test_a_verdict_names_the_program_as_the_documents_do() -> None:
    assert verdict(_found(IMAP, SMTP)).client == "Thunderbird"

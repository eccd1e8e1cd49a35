"""What programs come to over a whole domain: which answer counts, and what they ask before."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from autoconfig.check.play import Found, play
from autoconfig.check.seen import Answer, Fault, Hop, Seen
from autoconfig.check.words.verdicts import VERDICTS
from tests.support.readable import (
    IMAP,
    SMTP,
    autodiscover,
    autodiscover_error,
    document,
    mail_protocol,
    mobilesync,
    protocol,
    server,
)
from tests.support.services import CATALOGUE
from tests.support.sights import PERSON, PROGRAMS, broken, moved, page, see, web_of

AC, WELL = "https://autoconfig.example.com/", "https://example.com/.well-known/autoconfig/"
PLAIN_AC, PLAIN_WELL = (
    "http://autoconfig.example.com/",
    "http://example.com/.well-known/autoconfig/",
)
DATABASE, LIVE = (
    "https://autoconfig.thunderbird.net/v1.1/",
    "https://live.thunderbird.net/autoconfig/v1.1/",
)
DISCOVER, ROOT = "https://autodiscover.example.com/", "https://example.com/autodiscover/"
ROOT_CAPITAL = "https://example.com/Autodiscover/"
PLAIN_DISCOVER = "http://autodiscover.example.com/"
MX = "example.com. MX 10 mx1.mail.example.net."
SRV = "_autodiscover._tcp.example.com. SRV 0 0 443 ex.example.org."
NULL_SRV = "_autodiscover._tcp.example.com. SRV 0 0 443 ."
TIMEOUT, EXPIRED = broken(Fault.TIMEOUT), broken(Fault.TLS_EXPIRED)
MISSING = page("", "text/plain", 404)
HTML = page("<html><br></html>", "text/html")
XHTML = page("<html><br/></html>")
PASSWORD = page("", "text/plain", 401)


def answer(name: str) -> Hop:
    """A document whose servers have the name."""
    hosts = server("imap", hostname=f"{name}.example.net") + server("smtp")
    return page(document(hosts))


def found(program: str, web: Mapping[str, Hop], *records: str) -> Found:
    """What the program comes to; every reason is a sentence in both languages."""
    result = play(PROGRAMS[program], PERSON, see(PERSON, web_of(web), *records), CATALOGUE)
    for reason in (*result.notes, *result.asks, *result.undecided):
        for words in VERDICTS[reason.what].values():
            assert "{" not in words.format(**reason.values)
    return result


def first(result: Found) -> str:
    """The name of the document that counts; nothing if there is none."""
    return result.servers[0].host.partition(".")[0] if result.servers else ""


OTHER_PLAIN, OTHER_HTTPS = "http://www.example.org/", "https://www.example.org/"
OTHER = {url: answer("other") for url in (OTHER_PLAIN, OTHER_HTTPS)}


class Case(NamedTuple):
    program: str
    web: Mapping[str, Hop]
    first: str
    records: tuple[str, ...] = ()


ORDER = {
    "https stands above http": Case(
        "thunderbird", {PLAIN_AC: answer("http"), AC: answer("https")}, "https"
    ),
    "its own host stands above the domain": Case(
        "thunderbird", {WELL: answer("well"), AC: answer("own")}, "own"
    ),
    "a certificate fault leaves http": Case(
        "thunderbird", {AC: EXPIRED, PLAIN_AC: answer("http")}, "http"
    ),
    "a page ends Thunderbird's group, and the database follows": Case(
        "thunderbird",
        {AC: HTML, WELL: answer("well"), LIVE + "example.com": answer("live")},
        "live",
    ),
    "a page ends the search in KMail": Case(
        "kmail", {DATABASE + "example.com": HTML, AC: answer("own")}, ""
    ),
    "the database stands first in KMail": Case(
        "kmail", {DATABASE + "example.com": answer("database"), AC: answer("own")}, "database"
    ),
    "Thunderbird goes by the MX last": Case(
        "thunderbird", {"https://autoconfig.mail.example.net/": answer("mx")}, "mx", (MX,)
    ),
    "Thunderbird asks the database for the MX's domain": Case(
        "thunderbird", {LIVE + "example.net": answer("base")}, "base", (MX,)
    ),
    "the MX's host stands above its base": Case(
        "thunderbird",
        {LIVE + "example.net": answer("base"), LIVE + "mail.example.net": answer("full")},
        "full",
        (MX,),
    ),
    "the best MX counts": Case(
        "thunderbird",
        {
            "https://autoconfig.example.net/": answer("other"),
            "https://autoconfig.example.org/": answer("best"),
        },
        "best",
        ("example.com. MX 5 mx.example.net.", "example.com. MX 1 mx.example.org."),
    ),
    "a null MX leads nowhere": Case(
        "thunderbird", {"https://autoconfig.": HTML}, "", ("example.com. MX 0 .",)
    ),
    "Nextcloud goes by the MX, then by its parent": Case(
        "nextcloud", {"https://autoconfig.mail.example.net/": answer("parent")}, "parent", (MX,)
    ),
    "Delta Chat does not go by the MX": Case(
        "delta-chat", {"https://autoconfig.mail.example.net/": answer("mx")}, "", (MX,)
    ),
    "Evolution walks up the name server after a 404": Case(
        "evolution",
        {DATABASE + "example.com": MISSING, DATABASE + "example.net": answer("ns")},
        "ns",
        ("example.com. NS dns1.example.net.",),
    ),
    "Evolution does not after another failure": Case(
        "evolution",
        {DATABASE + "example.net": answer("ns")},
        "",
        ("example.com. NS dns1.example.net.",),
    ),
    "a redirect of the document is followed": Case(
        "thunderbird", {AC: moved(WELL), WELL: answer("well")}, "well"
    ),
    "a redirect to http is followed": Case(
        "thunderbird", {AC: moved(PLAIN_AC), PLAIN_AC: answer("http")}, "http"
    ),
    "a relative redirect is followed": Case(
        "thunderbird", {AC + "mail": moved("/other"), AC + "other": answer("other")}, "other"
    ),
    "Delta Chat follows no relative redirect": Case(
        "delta-chat", {AC + "mail": moved("/other"), AC + "other": answer("other")}, ""
    ),
    "KMail follows none to plain http": Case("kmail", {AC: moved(OTHER_PLAIN), **OTHER}, ""),
    "KMail follows one to https": Case("kmail", {PLAIN_AC: moved(OTHER_HTTPS), **OTHER}, "other"),
    "FairEmail follows none to https": Case(
        "fairemail", {PLAIN_AC: moved(OTHER_HTTPS), **OTHER}, ""
    ),
    "FairEmail follows one within https": Case(
        "fairemail", {AC: moved(OTHER_HTTPS), **OTHER}, "other"
    ),
    "a page in XML is none to GNOME Online Accounts": Case(
        "gnome-online-accounts", {AC: XHTML, WELL: answer("well")}, "well"
    ),
    "an empty document is one": Case(
        "gnome-online-accounts", {AC: page("<clientConfig/>"), WELL: answer("well")}, ""
    ),
    "an error is passed over, whatever its body": Case(
        "thunderbird", {AC: answer("own")._replace(status=404), WELL: answer("well")}, "well"
    ),
    "Geary reads its body": Case("geary", {AC: answer("own")._replace(status=404)}, "own"),
    "aerc reads its body": Case("aerc", {AC: answer("own")._replace(status=404)}, "own"),
    "Pimalaya follows none": Case("pimalaya", {AC: moved(WELL), WELL: moved(AC)}, ""),
    "Delta Chat reads Autodiscover": Case("delta-chat", {DISCOVER: page(autodiscover())}, "imap"),
    "Delta Chat goes on where a password is asked": Case(
        "delta-chat", {ROOT: PASSWORD, DISCOVER: page(autodiscover())}, "imap"
    ),
    "Delta Chat ends at an error": Case(
        "delta-chat", {ROOT: page(autodiscover_error()), DISCOVER: page(autodiscover())}, ""
    ),
    "Delta Chat goes on where an answer leads elsewhere": Case(
        "delta-chat",
        {
            ROOT: page(autodiscover("<RedirectUrl>https://a.example/</RedirectUrl>")),
            DISCOVER: page(autodiscover()),
        },
        "imap",
    ),
    "exchangelib ends at an error": Case(
        "exchangelib", {ROOT_CAPITAL: page(autodiscover_error()), DISCOVER: PASSWORD}, ""
    ),
    "exchangelib goes on after another document": Case(
        "exchangelib", {ROOT_CAPITAL: answer("own"), DISCOVER: PASSWORD}, "autodiscover"
    ),
    "exchangelib wants a declaration": Case(
        "exchangelib",
        {
            ROOT_CAPITAL: page(autodiscover(declared="")),
            DISCOVER: page(autodiscover(protocol("EXPR", EwsUrl="https://ews.example.net/"))),
        },
        "ews",
    ),
    "exchangelib follows the redirect to Exchange": Case(
        "exchangelib",
        {DISCOVER: moved("https://ex.example.org/a"), "https://ex.example.org/": PASSWORD},
        "ex",
    ),
    "exchangelib follows a relative redirect": Case(
        "exchangelib",
        {DISCOVER + "Auto": moved("/a"), DISCOVER + "a": PASSWORD},
        "autodiscover",
    ),
    "exchangelib does not follow 307": Case(
        "exchangelib",
        {DISCOVER: moved("https://ex.example.org/a", 307), "https://ex.example.org/": PASSWORD},
        "",
    ),
    "exchangelib goes to no plain http": Case(
        "exchangelib",
        {DISCOVER: moved("http://ex.example.org/a"), "http://ex.example.org/": PASSWORD},
        "",
    ),
    "exchangelib asks plain http for a redirect": Case(
        "exchangelib",
        {PLAIN_DISCOVER: moved("https://ex.example.org/a"), "https://ex.example.org/": PASSWORD},
        "ex",
    ),
    "exchangelib takes nothing else of plain http": Case(
        "exchangelib",
        {PLAIN_DISCOVER: page(autodiscover(protocol("EXCH", EwsUrl="https://ews.example.net/")))},
        "",
    ),
    "exchangelib goes by the SRV record": Case(
        "exchangelib", {"https://ex.example.org/": PASSWORD}, "ex", (SRV,)
    ),
    "exchangelib takes port 443 alone": Case(
        "exchangelib",
        {"https://ex.example.org/": PASSWORD},
        "",
        ("_autodiscover._tcp.example.com. SRV 0 0 8443 ex.example.org.",),
    ),
    "a target of a dot is none": Case(
        "exchangelib", {"https://": PASSWORD}, "example", (NULL_SRV,)
    ),
    "Outlook follows the address in an answer": Case(
        "outlook",
        {ROOT: page(autodiscover("<RedirectUrl>https://ex.example.org/a</RedirectUrl>"))},
        "ex",
    ),
    "which must be one": Case(
        "outlook", {ROOT: page(autodiscover("<RedirectUrl>none</RedirectUrl>"))}, ""
    ),
    "exchangelib does not": Case(
        "exchangelib",
        {ROOT_CAPITAL: page(autodiscover("<RedirectUrl>https://ex.example.org/a</RedirectUrl>"))},
        "",
    ),
    "an answer may name another address": Case(
        "outlook", {ROOT: page(autodiscover("<RedirectAddr>a@example.org</RedirectAddr>"))}, ""
    ),
    "devices get their server": Case("activesync", {DISCOVER: page(mobilesync())}, "eas"),
    "devices get none of a broken address": Case(
        "activesync", {DISCOVER: page(mobilesync("https://["))}, ""
    ),
    "devices do not read Outlook's answer": Case(
        "activesync", {DISCOVER: page(autodiscover())}, ""
    ),
    "devices log in where a password is asked": Case("activesync", {ROOT: PASSWORD}, "example"),
    "Exchange servers have their address in an answer": Case(
        "outlook",
        {ROOT: page(autodiscover(protocol("EXCH", ASUrl="https://ews.example.net/")))},
        "ews",
    ),
    "another type is none": Case("outlook", {ROOT: page(autodiscover(protocol("X")))}, ""),
    "Autodiscover without a port": Case(
        "outlook-older", {ROOT: page(autodiscover(mail_protocol("IMAP", "")))}, ""
    ),
}


@pytest.mark.parametrize("case", ORDER.values(), ids=ORDER)
def test_the_answer_that_counts(case: Case) -> None:
    assert first(found(case.program, case.web, *case.records)) == case.first


SOCKETS = {
    "SSL": ("outlook-older", {"Encryption": "SSL"}, "SSL"),
    "TLS": ("outlook-older", {"Encryption": "TLS"}, "STARTTLS"),
    "none": ("outlook-older", {"Encryption": "None"}, "plain"),
    "off": ("outlook-older", {"SSL": "Off"}, "plain"),
    "nothing": ("outlook-older", {}, "SSL"),
    "the port in Thunderbird": ("thunderbird", {"Encryption": "SSL"}, "STARTTLS"),
    "off in Thunderbird": ("thunderbird", {"SSL": "off"}, "plain"),
}


@pytest.mark.parametrize(("program", "values", "socket"), SOCKETS.values(), ids=SOCKETS)
def test_encryption_of_autodiscover(program: str, values: dict[str, str], socket: str) -> None:
    inside = mail_protocol("IMAP", "993") + mail_protocol("SMTP", "587", **values)
    result = found(program, {DISCOVER: page(autodiscover(inside))})
    assert [each.socket for each in result.servers if each.protocol == "smtp"] == [socket]


def test_outlook_takes_the_local_part_where_no_login_is_said() -> None:
    inside = mail_protocol("IMAP", "993", LoginName="") + mail_protocol("SMTP", "587", LoginName="")
    users = {
        each.username for each in found("outlook-older", {ROOT: page(autodiscover(inside))}).servers
    }
    assert users == {"alice"}


def test_a_get_does_not_tell_the_login_and_is_not_held_against_the_answer() -> None:
    inside = mail_protocol("IMAP", "993", LoginName="") + mail_protocol("SMTP", "587", LoginName="")
    web = {
        PLAIN_DISCOVER: moved("https://a.example.com/"),
        "https://a.example.com/": page(autodiscover(inside)),
    }
    users = {each.username for each in found("outlook-older", web).servers}
    assert users == {"alice@example.com"}


class Asks(NamedTuple):
    program: str
    web: Mapping[str, Hop]
    asks: list[str]
    records: tuple[str, ...] = ()


EXCHANGE = {"https://ex.example.org/": PASSWORD}
ASKS = {
    "nothing": Asks("thunderbird", {AC: answer("own")}, []),
    "a redirect of Autodiscover to another site, before the password goes there": Asks(
        "thunderbird", {DISCOVER: moved("https://ex.example.org/a"), **EXCHANGE}, ["asks-redirect"]
    ),
    "not where a document makes the password needless": Asks(
        "thunderbird",
        {AC: answer("own"), DISCOVER: moved("https://ex.example.org/a"), **EXCHANGE},
        [],
    ),
    "one over plain http, whatever is there": Asks(
        "thunderbird",
        {
            AC: answer("own"),
            PLAIN_DISCOVER: moved("https://www.example.org/"),
            "https://www.example.org/": HTML,
        },
        ["asks-redirect"],
    ),
    "even if nobody is": Asks(
        "thunderbird",
        {AC: answer("own"), PLAIN_DISCOVER: moved("https://www.example.org/")},
        ["asks-redirect"],
    ),
    "not after a page, which ends Autodiscover": Asks(
        "thunderbird",
        {AC: answer("own"), ROOT: HTML, PLAIN_DISCOVER: moved("https://ex.example.org/a")},
        [],
    ),
    "not one within the site": Asks(
        "thunderbird",
        {
            AC: answer("own"),
            DISCOVER: moved("https://ex.example.com/a"),
            "https://ex.example.com/": PASSWORD,
        },
        [],
    ),
    "not one to settings that need no password": Asks(
        "thunderbird",
        {
            AC: answer("own"),
            DISCOVER: moved("https://ex.example.org/a"),
            "https://ex.example.org/": page(autodiscover()),
        },
        [],
    ),
    "not one to a host that is not there": Asks(
        "thunderbird", {AC: answer("own"), DISCOVER: moved("https://ex.example.org/a")}, []
    ),
    "an SRV record to another site": Asks(
        "thunderbird", {AC: answer("own"), **EXCHANGE}, ["asks-srv"], (SRV,)
    ),
    "even if nobody answers there": Asks("thunderbird", {AC: answer("own")}, ["asks-srv"], (SRV,)),
    "not if the domain itself answers": Asks(
        "thunderbird", {AC: answer("own"), DISCOVER: page(autodiscover()), **EXCHANGE}, [], (SRV,)
    ),
    "not if it leads nowhere": Asks("thunderbird", {AC: answer("own")}, [], (NULL_SRV,)),
    "plain http": Asks("thunderbird-android", {PLAIN_AC: answer("own")}, ["asks-http"]),
    "a redirect to plain http": Asks(
        "thunderbird-android", {AC: moved(PLAIN_AC), PLAIN_AC: answer("own")}, ["asks-http"]
    ),
    "not plain http that was of no use": Asks(
        "thunderbird-android",
        {PLAIN_AC: MISSING, DATABASE + "example.com": answer("database")},
        [],
    ),
    "the MX": Asks(
        "thunderbird-android",
        {"https://autoconfig.mail.example.net/": answer("mx")},
        ["asks-mx"],
        (MX,),
    ),
}


@pytest.mark.parametrize("case", ASKS.values(), ids=ASKS)
def test_what_a_program_asks_before(case: Asks) -> None:
    asks = found(case.program, case.web, *case.records).asks
    assert [each.what for each in asks] == case.asks


BESIDE = {
    "settings of Autodiscover, where there is nothing else": (
        {DISCOVER: page(autodiscover())},
        "imap smtp",
    ),
    "an Exchange server, where there is nothing else": (
        {DISCOVER: moved("https://ex.example.org/a"), **EXCHANGE},
        "ews",
    ),
    "no mail server, where there are some": (
        {AC: page(document(IMAP + SMTP)), DISCOVER: page(autodiscover())},
        "imap smtp",
    ),
    "an Exchange account, beside these": (
        {
            AC: page(document(IMAP + SMTP)),
            DISCOVER: page(autodiscover(protocol("EXCH", EwsUrl="https://ews.example.net/"))),
        },
        "imap smtp ews",
    ),
    "none that first asks for a password": (
        {AC: page(document(IMAP + SMTP)), DISCOVER: PASSWORD},
        "imap smtp",
    ),
}


@pytest.mark.parametrize(("web", "protocols"), BESIDE.values(), ids=BESIDE)
def test_thunderbird_takes_from_autodiscover(web: Mapping[str, Hop], protocols: str) -> None:
    servers = found("thunderbird", web).servers
    assert " ".join(each.protocol for each in servers) == protocols


REFUSALS = {
    "exchangelib": ({ROOT_CAPITAL: PASSWORD, DISCOVER: PASSWORD}, ["example", "autodiscover"]),
    "outlook": (
        {ROOT: PASSWORD, DISCOVER: MISSING, **EXCHANGE},
        ["example", "ex"],
    ),
    "outlook-older": ({ROOT: PASSWORD, DISCOVER: page(autodiscover())}, ["example", "imap"]),
    "thunderbird": ({DISCOVER: PASSWORD, ROOT: PASSWORD}, ["autodiscover", "example"]),
}


@pytest.mark.parametrize(("program", "web", "firsts"), [(k, *v) for k, v in REFUSALS.items()])
def test_a_program_goes_on_where_its_password_is_refused(
    program: str, web: Mapping[str, Hop], firsts: list[str]
) -> None:
    result = found(program, web, SRV)
    assert [first(each) for each in (result, *result.later)][:2] == firsts


def test_a_program_that_goes_on_may_find_more_where_nothing_answers_in_time() -> None:
    result = found("fairemail", {AC: TIMEOUT}, "example.com. MX 1 mx1.mail.ovh.net.")
    assert result.undecided == ()
    assert [[met.what for met in each.undecided] for each in result.later] == [["met-timeout"]]


def test_a_page_ends_autodiscover_in_thunderbird() -> None:
    assert found("thunderbird", {DISCOVER: HTML, ROOT: page(autodiscover())}).servers == ()


@pytest.mark.parametrize(
    ("body", "name"), [(autodiscover(), "imap"), (autodiscover_error(), ""), ("<html/>", "")]
)
def test_thunderbird_asks_for_no_password_where_an_answer_needs_none(body: str, name: str) -> None:
    web = {DISCOVER: moved("https://ex.example.org/a"), **EXCHANGE, ROOT: page(body)}
    assert first(found("thunderbird", web)) == name


class Undecided(NamedTuple):
    program: str
    web: Mapping[str, Hop]
    undecided: list[str]
    first: str = ""
    records: tuple[str, ...] = ()


REDIRECT_ADDRESS = page(autodiscover("<RedirectAddr>a@example.org</RedirectAddr>"))
NOT_DECIDED = {
    "a step before the hit": Undecided(
        "thunderbird", {AC: TIMEOUT, WELL: answer("well")}, ["met-timeout"], "well"
    ),
    "not one after it": Undecided("thunderbird", {AC: answer("own"), WELL: TIMEOUT}, [], "own"),
    "not one of a later search": Undecided(
        "thunderbird", {AC: answer("own"), LIVE: TIMEOUT}, [], "own"
    ),
    "any step, where there is no hit": Undecided(
        "delta-chat", {DATABASE: broken(Fault.UNREACHABLE)}, ["met-unreachable"]
    ),
    "a host that could not be looked up": Undecided(
        "delta-chat", {AC: broken(Fault.LOOK_UP)}, ["met-look-up"]
    ),
    "a redirect to a host that does not answer": Undecided(
        "delta-chat", {AC: moved(WELL), WELL: TIMEOUT}, ["met-timeout", "met-timeout"]
    ),
    "not a redirect that is not followed": Undecided(
        "pimalaya", {AC: moved(DATABASE), DATABASE + "/mail": TIMEOUT}, []
    ),
    "what comes after servers that are tried first": Undecided(
        "fairemail", {AC: answer("own"), DISCOVER: TIMEOUT}, [], "own"
    ),
    "an MX that could not be looked up": Undecided(
        "thunderbird", {}, ["not-looked-up"], "", ("example.com. MX SERVFAIL",)
    ),
    "not if it is not needed": Undecided(
        "thunderbird", {AC: answer("own")}, [], "own", ("example.com. MX SERVFAIL",)
    ),
    "an MX that a table of its own goes by": Undecided(
        "fairemail",
        {AC: answer("own")},
        ["not-looked-up"],
        "own",
        ("example.com. MX SERVFAIL",),
    ),
    "an SRV record that could not be looked up": Undecided(
        "aerc",
        {AC: answer("own")},
        ["not-looked-up"],
        "own",
        ("_imap._tcp.example.com. SRV SERVFAIL",),
    ),
    "Autodiscover, where there is nothing else": Undecided(
        "thunderbird", {DISCOVER: TIMEOUT}, ["met-timeout"]
    ),
    "an answer that leads to another address": Undecided(
        "thunderbird", {DISCOVER: REDIRECT_ADDRESS}, ["redirect-address"]
    ),
    "and ends the search": Undecided(
        "exchangelib",
        {ROOT_CAPITAL: REDIRECT_ADDRESS, DISCOVER: PASSWORD},
        ["redirect-address"],
    ),
    "not where it is not followed": Undecided(
        "fairemail", {ROOT: REDIRECT_ADDRESS, DISCOVER: page(autodiscover())}, [], "imap"
    ),
    "not beside a document": Undecided(
        "thunderbird", {AC: answer("own"), DISCOVER: TIMEOUT}, [], "own"
    ),
}


@pytest.mark.parametrize("case", NOT_DECIDED.values(), ids=NOT_DECIDED)
def test_what_leaves_a_program_undecided(case: Undecided) -> None:
    result = found(case.program, case.web, *case.records)
    assert [each.what for each in result.undecided] == case.undecided
    assert first(result) == case.first


@pytest.mark.parametrize("fault", [each for each in Fault if each.decided])
def test_a_decided_fault_is_noted_and_the_program_goes_on(fault: Fault) -> None:
    result = found("delta-chat", {AC: broken(fault), WELL: answer("well")})
    assert (result.notes[0].what, result.undecided, first(result)) == (f"met-{fault}", (), "well")


def test_a_request_that_was_not_made_is_undecided() -> None:
    result = play(PROGRAMS["kmail"], PERSON, Seen(), CATALOGUE)
    assert {each.what for each in result.undecided} == {"met-timeout"}


def test_the_answer_of_the_first_version_of_ip_counts() -> None:
    seen = see(PERSON, web_of({}))
    request = next(
        each for each in seen.answers if each.url.startswith(AC) and "quoted" not in each.url
    )
    good = answer("six")._replace(url=request.url)
    both = {**seen.answers, request: (Answer(6, (good,)), Answer(4, (MISSING,)))}
    assert any(
        first(play(each, PERSON, Seen(both, seen.names), CATALOGUE)) == "six"
        for each in PROGRAMS.values()
    )


def test_a_source_does_not_tell_the_address() -> None:
    result = found("thunderbird", {AC: answer("own")})
    assert result.source == f"{AC}mail/config-v1.1.xml"


RECORDS = {
    "TLS at once": (
        "fairemail",
        ["_imaps 0 1 993 a", "_submissions 0 1 465 b"],
        "a:993 SSL, b:465 SSL",
    ),
    "aerc prefers STARTTLS": (
        "aerc",
        ["_imaps 0 1 993 a", "_imap 0 1 143 b", "_submission 0 1 587 c"],
        "b:143 STARTTLS, c:587 STARTTLS",
    ),
    "aerc takes STARTTLS for any port": (
        "aerc",
        ["_imaps 0 1 993 a", "_submission 0 1 465 b"],
        "a:993 SSL, b:465 STARTTLS",
    ),
    "FairEmail goes by the port": (
        "fairemail",
        ["_imaps 0 1 993 a", "_submission 0 1 465 b"],
        "a:993 SSL, b:465 SSL",
    ),
    "FairEmail goes by the priority": (
        "fairemail",
        ["_imaps 0 1 993 a", "_submission 5 1 587 b", "_submissions 1 1 465 c"],
        "a:993 SSL, c:465 SSL",
    ),
    "FairEmail prefers STARTTLS at the same": (
        "fairemail",
        ["_imaps 0 1 993 a", "_submission 1 1 587 b", "_submissions 1 1 465 c"],
        "a:993 SSL, b:587 STARTTLS",
    ),
    "a dot is none": (
        "aerc",
        ["_imap 0 0 0 .", "_imaps 0 1 993 a", "_submission 0 0 0 .", "_smtps 0 1 465 b"],
        "a:993 SSL, b:465 SSL",
    ),
    "the heaviest record in aerc": (
        "aerc",
        ["_imaps 0 1 993 a", "_imaps 9 7 993 b"],
        "b:993 SSL",
    ),
    "of equal ones the first by priority": (
        "aerc",
        ["_imaps 9 0 993 a", "_imaps 0 0 993 b"],
        "b:993 SSL",
    ),
    "SMTP alone is nothing to FairEmail": ("fairemail", ["_submission 0 1 587 b"], ""),
}


@pytest.mark.parametrize(("program", "records", "servers"), RECORDS.values(), ids=RECORDS)
def test_servers_of_srv_records(program: str, records: list[str], servers: str) -> None:
    zone = []
    for record in records:
        label, *numbers, host = record.split()
        target = "." if host == "." else f"{host}.example.net."
        zone.append(f"{label}._tcp.example.com. SRV {' '.join(numbers)} {target}")
    result = found(program, {}, *zone)
    said = [f"{s.host.partition('.')[0]}:{s.port} {s.socket}" for s in result.servers]
    assert ", ".join(said) == servers

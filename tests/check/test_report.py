"""What people and programs read of checks."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from autoconfig.check.layout import ASIDE, OPEN, RIGHT, WRONG, Layout, writable
from autoconfig.check.report import Report
from autoconfig.check.verdict import Candidate, Check, Reason, Result, Verdict
from autoconfig.check.words.report import RESULTS
from autoconfig.documents.formats import LANGUAGES
from autoconfig.names import Domain, EmailAddress
from tests.support.checks import (
    ELSEWHERE,
    SERVICE,
    check,
    mail_servers,
    problem,
    right,
    troubled,
    url_of,
    verdict,
    wrong,
)

ASKED = "127.0.0.53, 2026-11-26 09:30:00 UTC"
UNKNOWN = Check(Domain("a.example"), None, "dns", (verdict(Result.UNKNOWN, "Thunderbird"),))
FAILED = Check(Domain("a.example"), None, failure=Reason("step-absent"))


def told(*checks: Check, lang: str = "en", steps: bool = False, width: int = 100) -> str:
    return Report(checks, lang, ASKED).for_people(width, colour=False, steps=steps)


def object_of(found: Check, lang: str = "en") -> dict[str, Any]:
    (each,) = json.loads(Report([found], lang, ASKED).for_programs())
    return dict(each)


# --------------------------------------------------------------------------------------- one domain


def test_first_lines_say_the_offer_who_tells_it_and_what_it_comes_to() -> None:
    first, second, third, *_ = told(troubled("a.example")).splitlines()
    assert first == f"a.example: Email Pro ({SERVICE.host}), as the configuration says"
    assert second == "Without the right servers: 3 of the 7 programs that ask this domain."
    assert third == "Not decided: 1 of the 7 programs that ask this domain; check again later."


@pytest.mark.parametrize(
    ("found", "first"),
    [
        (check("a.example"), "as the configuration says"),
        (replace(check("a.example"), told_by="option"), "as --offer says"),
        (replace(check("a.example"), told_by="dns"), "as its DNS tells"),
        (
            replace(
                check("a.example"), told_by="dns", service=structs.replace(SERVICE, guessed=True)
            ),
            "a guess by its DNS",
        ),
        (UNKNOWN, "its DNS does not tell the offer"),
        (FAILED, "its offer is not known. the name does not exist;"),
    ],
    ids=["configuration", "option", "dns", "guess", "no offer", "failure"],
)
def test_heading_says_who_tells_the_offer(found: Check, first: str) -> None:
    assert first in told(found).splitlines()[0]


def test_program_stands_behind_its_mark_and_result() -> None:
    lines = told(troubled("a.example")).splitlines()
    for mark, result, programs in (
        (RIGHT, Result.RIGHT, "Thunderbird; Evolution"),
        (RIGHT, Result.ASKS, "Outlook classic"),
        (WRONG, Result.WRONG, "FairEmail; aerc"),
        (WRONG, Result.NOTHING, "Delta Chat"),
        (OPEN, Result.UNDECIDED, "KMail"),
        (ASIDE, Result.UNKNOWN, "Apple Mail"),
    ):
        assert any(
            line.startswith(f"{mark} {RESULTS[result]['en']} ") and line.endswith(f" {programs}")
            for line in lines
        ), result


def test_every_reason_of_a_wrong_server_is_told_below_the_program() -> None:
    whys = (Reason("step-absent"), Reason("step-refused"))
    lines = told(check("a.example", wrong("a.example")._replace(why=whys))).splitlines()
    at = next(number for number, line in enumerate(lines) if "FairEmail" in line)
    below = [line.strip() for line in lines[at + 1 : at + 3]]
    assert below == ["the name does not exist", "the connection was refused"]


def test_reason_of_what_is_right_is_told_below_the_program() -> None:
    """FairEmail's, which another server has to refuse the password first."""
    plain, after = right("a.example"), right("a.example", "FairEmail")
    reason = Reason("after-refusal", {"server": ELSEWHERE})
    lines = told(check("a.example", plain, after._replace(why=(reason,)))).splitlines()
    at = lines.index("✓ set up right  FairEmail")
    assert lines[at - 1] == "✓ set up right  Thunderbird"
    assert lines[at + 1].strip().startswith(f"only after {ELSEWHERE}")


def test_question_that_two_redirects_make_is_told_once() -> None:
    asks = (Reason("asks-redirect", {"host": ELSEWHERE, "asked": url}) for url in ("a", "b"))
    found = verdict(Result.ASKS, "Outlook classic")._replace(why=tuple(asks))
    assert told(check("a.example", found)).count(f"whether {ELSEWHERE} may") == 1


def test_programs_that_never_ask_come_after_what_to_mend() -> None:
    """What is wrong and what to do about it are on the first screen."""
    text = told(troubled("a.example"))
    assert text.index("Delta Chat") < text.index("To mend:") < text.index("Apple Mail")


def test_programs_have_their_french_names_in_french_alone() -> None:
    older = verdict(Result.WRONG, "Outlook classic, older dialogue")
    mended = problem("a.example")._replace(programs=(older.client,))
    found = replace(check("a.example", older), problems=(mended,))
    assert told(found).count(older.client) == 2
    assert told(found, lang="fr").count("Outlook classique, ancienne fenêtre") == 2
    assert "Outlook classique" in told(found, found, lang="fr")
    assert object_of(found, "fr")["verdicts"][0]["client"] == older.client
    assert object_of(found, "fr")["problems"][0]["programs"] == [older.client]


def test_all_is_not_called_well_where_something_is_to_mend() -> None:
    """A redirect that takes the password elsewhere, or a question that a bad certificate makes."""
    fine = check("a.example", right("a.example"))
    assert "All is well" in told(fine)
    assert "All is well" in told(replace(fine, problems=(problem("a.example", harms=False),)))
    text = told(replace(fine, problems=(problem("a.example"),)))
    assert "All is well" not in text
    assert "but see what is to mend" in text
    quiet = replace(fine, problems=(problem("a.example", harms=False),))
    harmed = replace(fine, problems=(problem("a.example"),))
    assert Report([fine, quiet, harmed], "en", ASKED).troubled.checks == [harmed]


@pytest.mark.parametrize("result", [Result.NOTHING, Result.UNDECIDED])
def test_one_reason_is_told_of_what_is_missing_or_not_decided(result: Result) -> None:
    whys = (Reason("step-absent"), Reason("step-refused"))
    text = told(check("a.example", verdict(result, "KMail")._replace(why=whys)))
    assert "the name does not exist" in text
    assert "refused" not in text


def test_servers_that_nobody_judges_are_named_with_their_login_and_source() -> None:
    ews = Candidate("ews", "ex.example", 443, url="https://ex.example/EWS/Exchange.asmx")
    imap = Candidate("imap", ELSEWHERE, 993, "SSL", "alice")
    found = Verdict("eM Client", Result.UNKNOWN, (ews, imap), "SRV a.example")
    where = f"IMAP {ELSEWHERE}:993 SSL/TLS (alice), from SRV a.example"
    assert f"EWS {ews.url}, {where}" in " ".join(told(check("a.example", found)).split())


def test_hostile_text_cannot_write_to_the_terminal() -> None:
    evil = "\x1b]0;evil\x07\nmail.example"
    found = Verdict("aerc", Result.UNKNOWN, (Candidate("imap", evil, 993, "SSL"),), evil)
    lines = (f"{evil} TXT",)
    hostile = replace(
        check("a.example", found), problems=(problem("a.example")._replace(lines=lines),)
    )
    assert all(line.isprintable() for line in told(hostile, steps=True).splitlines())


def test_hostile_text_cannot_write_to_the_terminal_in_json_either() -> None:
    evil = "\x1b[2J\x9b2J\u202email.example"
    found = Verdict("aerc", Result.UNKNOWN, (Candidate("imap", evil, 993, "SSL"),), evil)
    lines = Report([check("a.example", found)], "en", ASKED).for_programs().splitlines()
    assert all(line.isprintable() for line in lines)
    assert object_of(check("a.example", found))["verdicts"][0]["source"] == evil


def test_problem_that_harms_comes_before_one_that_can_wait() -> None:
    paragraphs = told(troubled("a.example")).split("\n\n")
    (harmful,) = (each for each in paragraphs if each.startswith("To mend:"))
    (patient,) = (each for each in paragraphs if each.startswith("Not urgent:"))
    assert harmful.splitlines() == [
        "To mend:",
        "1. leads to autoconfig.a.example",
        "   a record of a.example",
        f"     _imaps._tcp.a.example. 3600 IN SRV 0 0 993 {SERVICE.host}.",
        "   Concerns FairEmail; aerc.",
    ]
    assert patient.splitlines()[1] == "2. a record of a.example"
    assert paragraphs.index(harmful) < paragraphs.index(patient)


PLACES = [f"{s.protocol.upper()} {s.host}:{s.port}" for s in SERVICE.servers]


def test_mail_servers_that_answer_are_one_line() -> None:
    found = replace(check("a.example"), mail_servers=mail_servers())
    (paragraph,) = (each for each in told(found, width=200).split("\n\n") if "Mail" in each)
    well = "the name exists, and has no record of this type"
    assert paragraph.splitlines() == ["Mail servers:", f"  ✓ {', '.join(PLACES)}: {well}"]


@pytest.mark.parametrize(
    ("result", "mark"), [("refused", WRONG), ("tls", WRONG), ("timeout", OPEN), ("blocked", OPEN)]
)
def test_mail_server_with_a_fault_has_a_line_of_its_own(result: str, mark: str) -> None:
    lines = told(replace(check("a.example"), mail_servers=mail_servers(result))).splitlines()
    assert f"  {mark} {PLACES[-1]}: the connection was refused" in lines


def test_settings_to_type_are_those_of_the_service() -> None:
    lines = told(check("a.example")).splitlines()
    at = lines.index("What to type where a program does not find it:")
    imap, smtp = SERVICE.preferred("imap", "smtp")
    assert lines[at + 1 : at + 6] == [
        f"  receiving (IMAP)  {imap.host}, port {imap.port}, SSL/TLS",
        f"  sending (SMTP)    {smtp.host}, port {smtp.port}, STARTTLS",
        "  user name         the whole address, with the mailbox's password, for sending too",
        "  https://autoconfig.a.example/ shows the same to your users, "
        "with a profile for iPhone and Mac and",
        "  a code for Thunderbird on Android, if `autoconfig serve` answers there.",
    ]


def test_settings_of_a_service_without_imap_are_those_of_pop3() -> None:
    servers = SERVICE.of("pop3", "smtp")
    service = structs.replace(SERVICE, servers=servers)
    assert "receiving (POP3)" in told(replace(check("a.example"), service=service))


def test_settings_of_an_address_name_it() -> None:
    alice = EmailAddress.parse("alice@a.example")
    text = told(replace(check("a.example"), subject=alice))
    assert text.startswith("alice@a.example: ")
    assert "user name         alice@a.example, with" in text


def test_page_is_named_only_where_a_program_got_its_settings_beside_it() -> None:
    assert "shows the same" not in told(check("a.example", wrong("a.example")))


def test_domain_without_an_offer_has_no_settings_to_type() -> None:
    assert "What to type" not in told(UNKNOWN)


def test_steps_are_told_if_asked_for_with_redirects_below() -> None:
    text = told(troubled("a.example"), steps=True)
    assert text.split("Steps:\n")[1].splitlines()[:4] == [
        f"      35 ms  302         GET {url_of('a.example')}",
        "                           the name does not exist",
        f"    5000 ms  timeout       GET https://{ELSEWHERE}/",
        "                             no answer within the programs' patience",
    ]
    assert "Steps:" not in told(troubled("a.example"))
    assert "Steps:" not in told(check("a.example"), steps=True)


def test_last_line_says_who_was_asked_and_when() -> None:
    assert told(check("a.example")).splitlines()[-1] == f"As seen through {ASKED}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_of_a_domain_with_troubles_fits_on_a_screen(lang: str) -> None:
    assert len(told(troubled("a.example"), lang=lang).splitlines()) <= 40


@pytest.mark.parametrize("width", [50, 70, 100, 200])
def test_lines_keep_to_the_width_but_for_what_is_pasted(width: int) -> None:
    pasted = problem("a.example").lines[0]
    lines = told(troubled("a.example"), width=width).splitlines()
    assert all(len(line) <= width or pasted in line for line in lines)


def test_no_line_of_french_begins_with_a_colon() -> None:
    for width in range(40, 100):
        lines = told(troubled("a.example"), lang="fr", width=width).splitlines()
        assert not any(line.strip()[:1] in {":", ";"} for line in lines)
        quoted = Layout(width, colour=False).wrapped("le serveur de " + "dit « 535 non » " * 9)
        assert not any(re.search("^»|«$", line.strip()) for line in quoted.splitlines())


def test_colour_says_nothing_that_the_text_does_not() -> None:
    report = Report([troubled("a.example")], "en", ASKED)
    coloured = report.for_people(100, colour=True, steps=True)
    plain = report.for_people(100, colour=False, steps=True)
    assert "\x1b[31m✗\x1b[0m" in coloured
    for code in ("1", "2", "31", "32", "33", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("utf-8", "✓ réglé · …"), ("latin-1", "+ regle  ..."), ("ascii", "+ regle  ...")],
)
def test_text_is_written_in_what_the_terminal_has(encoding: str, written: str) -> None:
    assert writable("✓ réglé · …", encoding) == written


# ---------------------------------------------------------------------------------- several domains


def test_several_domains_have_a_line_each_and_their_programs_in_trouble() -> None:
    lines = told(troubled("a.example"), check("b.example"), UNKNOWN, FAILED).splitlines()
    assert lines[:4] == [
        f"✗ a.example: Email Pro ({SERVICE.host}), as the configuration says",
        "    wrong servers: FairEmail; aerc",
        "    nothing found: Delta Chat",
        "    not decided: KMail",
    ]
    assert lines[4].startswith("✓ b.example: ")
    assert lines[5].startswith("? a.example: its DNS")
    assert "4 domains: 1 right, 1 to mend, 1 without a known offer, 1 not looked up" in lines


def test_problem_of_several_domains_is_told_once() -> None:
    text = told(troubled("a.example"), troubled("b.example"))
    assert text.count("leads to autoconfig.DOMAIN") == 2
    assert "_imaps._tcp.DOMAIN. 3600 IN SRV" in text
    assert text.count("2 domains: a.example, b.example") == 2


def test_problem_of_one_domain_names_it() -> None:
    text = told(troubled("a.example"), check("b.example"))
    assert "1. leads to autoconfig.a.example\n" in text
    assert "DOMAIN" not in text


def test_domain_within_another_word_stays() -> None:
    found = replace(troubled("a.example"), problems=(problem("aa.example"), problem("a.example")))
    text = told(found, troubled("b.example"))
    assert "leads to autoconfig.aa.example" in text


def test_many_domains_of_a_problem_are_counted() -> None:
    names = [f"d{number}.example" for number in range(14)]
    text = told(*map(troubled, names))
    assert "14 domains: d0.example, " in text
    assert "d11.example and 2 more" in " ".join(text.split())


def test_many_programs_of_a_problem_are_counted() -> None:
    many = problem("a.example")._replace(programs=tuple("ABCDEFG"))
    assert "Concerns A; B; C; D and 3 more." in told(
        replace(check("a.example"), problems=(many,)), width=200
    )


def test_mail_server_of_several_domains_is_told_once() -> None:
    assert (
        told(troubled("a.example"), troubled("b.example")).count("the connection was refused") == 1
    )


def test_domains_without_mail_servers_have_no_line_for_them() -> None:
    assert "Mail servers" not in told(UNKNOWN, check("b.example"))


def test_several_domains_are_told_at_length_with_their_steps() -> None:
    text = told(troubled("a.example"), troubled("b.example"), steps=True)
    assert text.count("Steps:") == 2
    assert text.count("What to type") == 2
    assert "2 domains: 2 to mend" in text


# ---------------------------------------------------------------------------------------- programs


def test_json_is_what_the_reference_says() -> None:
    found = object_of(troubled("a.example"))
    assert (found["domain"], found["address"], found["offer"]) == ("a.example", None, "email-pro")
    assert found["told_by"] == "configuration"
    assert found["failure"] is None
    assert found["verdicts"][3] == {
        "client": "FairEmail",
        "result": "wrong",
        "servers": [
            {
                "protocol": "imap",
                "host": ELSEWHERE,
                "port": 993,
                "socket": "SSL",
                "username": "alice",
                "url": "",
            }
        ],
        "source": "SRV _imaps._tcp.a.example",
        "why": "the name does not exist",
        "counts": True,
    }
    assert found["problems"][1] == {
        "id": "step-redirect",
        "what": "leads to autoconfig.a.example",
        "cure": "a record of a.example",
        "lines": [*problem("a.example").lines],
        "harms": True,
        "programs": ["FairEmail", "aerc"],
    }
    smtp = SERVICE.of("smtp")[0]
    assert found["mail_servers"][-1] == {
        "protocol": "smtp",
        "host": smtp.host,
        "port": smtp.port,
        "result": "refused",
        "detail": "the connection was refused",
        "days": 60,
        "ms": 30,
    }
    assert found["steps"][1] == {
        "what": f"GET https://{ELSEWHERE}/",
        "result": "timeout",
        "detail": "no answer within the programs' patience",
        "ms": 5000,
        "depth": 1,
    }


def test_json_of_an_address_has_it_beside_its_domain() -> None:
    alice = EmailAddress.parse("alice@a.example")
    found = object_of(replace(check("a.example"), subject=alice))
    assert (found["domain"], found["address"]) == ("a.example", "alice@a.example")


def test_json_of_a_domain_without_an_offer_says_so() -> None:
    found = object_of(UNKNOWN)
    assert (found["offer"], found["told_by"]) == (None, None)


def test_json_of_a_domain_that_was_not_checked_has_the_reason() -> None:
    assert object_of(FAILED, "fr")["failure"] == "le nom n'existe pas"


SETTLED: Mapping[str, tuple[Check, bool]] = {
    "right": (check("a.example"), True),
    "asks": (check("a.example", verdict(Result.ASKS, "Outlook")), True),
    "never asks": (check("a.example", verdict(Result.UNKNOWN, "Gmail"), right("a.example")), True),
    "wrong": (check("a.example", right("a.example"), wrong("a.example")), False),
    "nothing": (check("a.example", verdict(Result.NOTHING, "KMail")), False),
    "undecided": (check("a.example", verdict(Result.UNDECIDED, "KMail")), False),
    "wrong, not counted": (check("a.example", wrong("a.example")._replace(counts=False)), True),
    "mail server": (replace(check("a.example"), mail_servers=mail_servers("refused")), True),
    "no offer": (UNKNOWN, False),
    "failure": (FAILED, False),
}


@pytest.mark.parametrize(("found", "settled"), SETTLED.values(), ids=SETTLED)
def test_domain_is_settled_if_programs_that_ask_get_the_right_servers(
    found: Check, *, settled: bool
) -> None:
    report = Report([check("b.example"), found], "en", ASKED)
    assert report.settled is settled
    assert list(report.troubled.checks) == ([] if settled else [found])

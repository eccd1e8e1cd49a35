"""Plans, as people and programs read them. `tests/golden` has those of every service."""

import json
from dataclasses import replace

import pytest

from autoconfig.documents.formats import LANGUAGES
from autoconfig.names import Domain
from autoconfig.zone.compare import make_plan
from autoconfig.zone.plan import Plan, Target
from autoconfig.zone.record import Record
from autoconfig.zone.report import Report
from autoconfig.zone.words import STATES, WHY, State, sentence
from tests.support.plans import DEFAULT_ZONE, DOMAIN, TARGET, applied, held, planned
from tests.support.services import CATALOGUE, service_of

SERVICE = service_of("email-pro", server="pro1")
TO_DO = planned(SERVICE, DEFAULT_ZONE)
NEEDED = [entry for entry in TO_DO.changes if entry.needed]
HELPED = make_plan(DOMAIN, SERVICE, applied(held(DEFAULT_ZONE), NEEDED, TO_DO), TARGET, CATALOGUE)
DONE = make_plan(
    DOMAIN, SERVICE, applied(held(DEFAULT_ZONE), TO_DO.changes, TO_DO), TARGET, CATALOGUE
)
FAILED = Plan(Domain("failed.example"), None, failure="Nothing is known.")
HEAD = f"example.fr, Email Pro ({SERVICE.host})"


def lines(*plans: Plan, lang: str = "en") -> list[str]:
    return Report(plans, lang).for_people().splitlines()


@pytest.mark.parametrize("plan", [TO_DO, FAILED])
def test_report_is_not_settled_while_something_is_needed_or_unknown(plan: Plan) -> None:
    assert not Report([DONE, plan], "en").settled


def test_report_is_settled_if_all_that_is_left_only_helps() -> None:
    assert HELPED.changes
    assert Report([DONE, HELPED], "en").settled


def test_domain_with_nothing_to_do_is_one_line() -> None:
    assert lines(DONE) == [f"{HEAD}: nothing to do"]
    assert lines(DONE, lang="fr") == [f"{HEAD} : rien à faire"]


def test_domain_of_which_nothing_is_known_is_one_line() -> None:
    assert lines(FAILED) == ["failed.example: no plan. Nothing is known."]


def test_last_line_counts_the_domains() -> None:
    assert lines(TO_DO, DONE, HELPED, DONE, FAILED)[-1] == (
        "5 domains: 1 that could not be looked up, 1 to be changed, 1 that could be better, "
        "2 with nothing to do"
    )


def test_paragraphs_are_set_apart() -> None:
    text = Report([DONE, DONE, TO_DO, TO_DO, DONE], "en").for_people()
    short, *long, last, summary = text.split("\n\n")
    assert short.splitlines() == [f"{HEAD}: nothing to do"] * 2
    assert long == ["\n".join(lines(TO_DO))] * 2
    assert last == f"{HEAD}: nothing to do"
    assert summary.startswith("5 domains: ")


def test_needed_changes_come_first_and_what_stays_last() -> None:
    kept = planned(SERVICE, f"{DEFAULT_ZONE}_pop3s._tcp SRV 0 0 995 {SERVICE.host}.")
    told = [line.split()[:2] for line in lines(kept) if line.startswith("  ") and line[2] != " "]
    assert [each for each in told if each[0] != "keep"] == [
        *[["replace", "needed"]] * len(TO_DO.replace),
        *[["create", "helps"]] * (len(TO_DO.create) - 1),
    ]
    assert told[-1] == ["keep", "_pop3s._tcp.example.fr."]


def test_reason_stands_once_below_the_records_that_share_it() -> None:
    reason = WHY[TO_DO.replace[0].why]["en"].format(host="mailconfig.ovh.net")
    text = " ".join(" ".join(lines(TO_DO)).split())
    assert sum(entry.why is TO_DO.replace[0].why for entry in TO_DO.changes) == 3
    assert text.count(reason) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lines_are_no_wider_than_people_like_and_records_are_never_cut(lang: str) -> None:
    domain = Domain(f"{'long' * 15}.{'name' * 15}.{'here' * 15}.fr")
    plan = make_plan(domain, SERVICE, [], TARGET, CATALOGUE)
    report = Report([plan, TO_DO], lang).for_people()
    for entry in (*plan.create, *TO_DO.changes):
        assert entry.record.name in report
        assert f"  {entry.record.value}\n" in report
    assert max(len(line) for line in report.splitlines() if domain not in line) <= 100


def test_what_is_not_everywhere_yet_is_said_with_the_servers_that_are_behind() -> None:
    first, second = held("autoconfig CNAME server.example.\nautodiscover CNAME server.example.")
    behind = ("ns1.example", "ns2.example")
    plan = replace(DONE, pending=((first, behind), (second, behind)))
    assert lines(plan) == [
        f"{HEAD}: nothing to do",
        "  not everywhere yet, as other answers still come from ns1.example, ns2.example:",
        "    autoconfig.example.fr. CNAME server.example.",
        "    autodiscover.example.fr. CNAME server.example.",
    ]


def test_remark_is_said_before_the_records() -> None:
    """Whoever reads that the offer may be wrong should change nothing yet."""
    told = lines(planned(SERVICE, "@ MX 1 mx.example."))
    assert told[1].startswith("  Mail goes to mx.example, ")
    assert not [line for line in told[:3] if "CNAME" in line]


def test_nothing_that_a_terminal_would_obey_is_printed() -> None:
    plan = planned(SERVICE, "autoconfig CNAME a\x1b[2J.example.\n_imaps._tcp SRV 0 \u202e 1")
    assert all(line.isprintable() for line in lines(plan))


def test_json_keeps_to_the_contract() -> None:
    todo, failed = json.loads(Report([TO_DO, FAILED], "en").for_programs())
    lists = ("create", "replace", "delete", "keep")
    assert list(todo) == ["domain", "offer", *lists, "pending", "remarks", "agrees", "failure"]
    assert (todo["domain"], todo["offer"], todo["failure"]) == (DOMAIN, "email-pro", None)
    assert [len(todo[name]) for name in lists] == [3, 5, 0, 0]
    entry = TO_DO.replace[0]
    assert todo["replace"][0] == {
        "name": "autoconfig.example.fr.",
        "type": "CNAME",
        "ttl": 3600,
        "value": "autoconfig.agency.example.",
        "why": sentence(entry, "en"),
        "needed": True,
        "old": "mailconfig.ovh.net.",
    }
    assert failed == {
        "domain": "failed.example",
        "offer": None,
        **{name: [] for name in (*lists, "pending", "remarks")},
        "agrees": True,
        "failure": "Nothing is known.",
    }


def test_json_names_the_old_type_where_it_is_another() -> None:
    plan = planned(SERVICE, "autoconfig A 192.0.2.9")
    (told,) = json.loads(Report([plan], "en").for_programs())
    (entry,) = told["replace"]
    assert (entry["type"], entry["old"], entry["old_type"]) == ("CNAME", "192.0.2.9", "A")


def test_json_has_remarks_as_sentences_and_pending_records_with_their_servers() -> None:
    record = Record("autoconfig.example.fr.", "CNAME", "server.example.", 60)
    plan = planned(SERVICE, "@ MX 1 mx.example.", Target(Domain("server.example")))
    report = Report([replace(plan, pending=((record, ("ns1.example",)),))], "fr")
    (told,) = json.loads(report.for_programs())
    assert told["pending"] == [
        {
            "name": record.name,
            "type": "CNAME",
            "ttl": 60,
            "value": record.value,
            "behind": ["ns1.example"],
        }
    ]
    (remark,) = told["remarks"]
    assert remark.startswith("L'e-mail arrive à mx.example")
    assert told["agrees"] is False
    assert STATES[State.NEEDED]["fr"] in report.for_people()

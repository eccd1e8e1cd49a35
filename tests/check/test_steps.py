"""The tree of steps, from what was seen."""

from collections.abc import Mapping

import pytest

from autoconfig.check.seen import Answer, Fault, Hop, Named, Request, Seen
from autoconfig.check.steps import MOST_RECORDS, steps
from autoconfig.check.verdict import Reason, Step

URL = "https://autoconfig.a.example/mail/config-v1.1.xml"

NAMED: Mapping[str, tuple[Named, str, Reason]] = {
    "records": (
        Named(("1 mx.example.",)),
        "found",
        Reason("step-records", {"records": "1 mx.example."}),
    ),
    "alias": (
        Named(("192.0.2.1",), ("a.example", "b.example")),
        "found",
        Reason("step-behind-alias", {"alias": "b.example", "records": "192.0.2.1"}),
    ),
    "no records": (Named(exists=True), "none", Reason("step-no-records")),
    "no name": (Named(), "no-name", Reason("step-absent")),
    "failure": (
        Named(failure="SERVFAIL"),
        "failed",
        Reason("step-look-up-failed", {"failure": "SERVFAIL"}),
    ),
}


@pytest.mark.parametrize(("named", "result", "detail"), NAMED.values(), ids=NAMED)
def test_look_up_is_a_step(named: Named, result: str, detail: Reason) -> None:
    seen = Seen(names={("a.example", "MX"): named._replace(ms=12)})
    assert steps(seen) == (Step("MX a.example", result, detail, 12),)


def test_step_shows_few_of_many_records() -> None:
    seen = Seen(names={("a.example", "TXT"): Named(tuple(map(str, range(1000))))})
    (step,) = steps(seen)
    assert step.detail.values["records"] == "0; 1; 2; 3; 4; 5; …"
    assert step.detail.values["records"].count(";") == MOST_RECORDS


def test_redirect_is_one_level_deeper_and_no_more() -> None:
    hops = (
        Hop(URL, 302, location="https://b.example/", ms=3),
        Hop("https://b.example/", 301, location="https://c.example/"),
        Hop("https://c.example/", 200, "text/xml", body=b"<a/>"),
    )
    found = steps(Seen({Request("GET", URL): (Answer(4, hops),)}))
    assert [(each.what, each.result, each.depth) for each in found] == [
        (f"GET {URL} (IPv4)", "302", 0),
        ("GET https://b.example/ (IPv4)", "301", 1),
        ("GET https://c.example/ (IPv4)", "200", 1),
    ]
    assert found[0].detail == Reason("step-redirect", {"location": "https://b.example/"})
    assert found[2].detail == Reason("step-answer", {"type": "text/xml", "octets": "4"})


def test_both_versions_of_ip_are_steps_and_the_schema_of_a_post_is_said() -> None:
    request = Request("POST", URL, "outlook", "alice@a.example")
    answers = (Answer(6, (Hop(URL, 401),)), Answer(4, (Hop(URL, 200),)))
    assert [(each.what, each.result) for each in steps(Seen({request: answers}))] == [
        (f"POST {URL} (outlook) (IPv6)", "401"),
        (f"POST {URL} (outlook) (IPv4)", "200"),
    ]


@pytest.mark.parametrize("fault", Fault)
def test_fault_is_the_result_of_its_step(fault: Fault) -> None:
    answer = Answer(0, (Hop(URL, fault=fault, detail="why"),))
    (step,) = steps(Seen({Request("GET", URL): (answer,)}))
    assert (step.what, step.result) == (f"GET {URL}", fault)
    assert step.detail == Reason(f"step-{fault}", {"detail": "why"})

"""What was found, as people, programs and `autoconfig validate` read it."""

import asyncio
import json
import tomllib
from pathlib import Path

import pytest

from autoconfig.config.load import load_config
from autoconfig.detect.records import Records
from autoconfig.detect.report import MOST_SIGNS, WIDEST, Group, Report
from autoconfig.detect.rule import (
    Advice,
    Confidence,
    Detection,
    Finding,
    Reading,
    SignSeen,
)
from autoconfig.detect.signs import Signs
from autoconfig.detect.survey import Detected, survey
from autoconfig.detect.words import ADVICE, CONFIDENCE, HEADS
from autoconfig.documents.formats import LANGUAGES
from autoconfig.names import Domain
from autoconfig.offers.catalogue import load_catalogue
from tests.support.services import service_of
from tests.support.zone_records import records
from tests.support.zones import ZONES

SIGNS = Signs.of(load_catalogue())
BY_DOMAIN = {zone.domain: zone for zone in ZONES}
PRO = service_of("email-pro", server="pro1").host or ""
MX = SignSeen("MX", "1 mx1.mail.example", Reading.FAMILY, region="eu")


def detected(
    domain: str, finding: Finding, advice: Advice = Advice.CONFIGURE, *signs: SignSeen
) -> Detected:
    return Detected(Domain(domain), Detection(finding, signs or (MX,), advice))


SURE = Finding(Confidence.KNOWN, "email-pro", "eu", PRO)
SRV = SignSeen("SRV", f"0 0 443 {PRO}", Reading.SERVICE, "email-pro", "eu")
FOREIGN = SignSeen("MX", "10 mx.example.com", Reading.FOREIGN)

KNOWN = detected("known.example", SURE, Advice.CONFIGURE, MX, SRV)
GUESS = detected("guess.example", Finding(Confidence.GUESS, "mx-plan", "eu"), Advice.CHECK_OFFER)
CANADA = detected(
    "canada.example",
    Finding(Confidence.GUESS, "mx-plan", "ca"),
    Advice.CHECK_OFFER,
    MX._replace(region="ca"),
)
ELSEWHERE = detected("elsewhere.example", Finding(Confidence.NONE), Advice.ELSEWHERE, FOREIGN)
OLD = detected("old.example", Finding(Confidence.UNDECIDED, "email-pro", "eu"), Advice.FIND_SERVER)
TWO = detected("two.example", Finding(Confidence.UNDECIDED, None, "eu"), Advice.SEVERAL_SERVICES)
FAILED = Detected(Domain("failed.example"), None, "SERVFAIL")
ALL = (KNOWN, GUESS, ELSEWHERE, CANADA, OLD, FAILED, TWO)


def report(*found: Detected, language: str = "en") -> Report:
    return Report(found, load_catalogue(), language, "192.0.2.53, 2026-01-31")


# ------------------------------------------------------------------------------- for people


def test_line_has_the_offer_the_server_how_sure_it_is_and_why() -> None:
    assert report(*ALL).for_people(tables=False).splitlines()[:8] == [
        "DOMAIN             OFFER            SERVER             HOW SURE          SIGNS",
        f"known.example      Email Pro        {PRO}  Known             "
        f"MX 1 mx1.mail.example: OVHcloud Europe; SRV 0 0 443 {PRO}: Email Pro",
        "guess.example      MX Plan          -                  Guess             "
        "MX 1 mx1.mail.example: OVHcloud Europe",
        "elsewhere.example  -                -                  No OVHcloud mail  "
        "MX 10 mx.example.com: not OVHcloud",
        "canada.example     MX Plan, Canada  -                  Guess             "
        "MX 1 mx1.mail.example: OVHcloud Canada",
        "old.example        Email Pro        -                  Undecided         "
        "MX 1 mx1.mail.example: OVHcloud Europe",
        "failed.example     -                -                  No answer         SERVFAIL",
        "two.example        -                -                  Undecided         "
        "MX 1 mx1.mail.example: OVHcloud Europe",
    ]


def test_one_long_name_does_not_set_the_other_lines_apart() -> None:
    long = Domain(".".join(["label" * 9] * 5))
    _, first, second = (
        report(KNOWN, KNOWN._replace(domain=long)).for_people(tables=False).splitlines()
    )
    assert first.index("Email Pro") == WIDEST + 2
    assert second.startswith(f"{long}  Email Pro")


def test_what_could_not_be_decided_is_told_with_what_to_look_at() -> None:
    text = " ".join(report(*ALL).for_people(tables=False).split())
    for each, advice in (
        (ELSEWHERE, ADVICE[Advice.ELSEWHERE]["en"]),
        (OLD, ADVICE[Advice.FIND_SERVER]["en"].format(offer="Email Pro")),
        (TWO, ADVICE[Advice.SEVERAL_SERVICES]["en"]),
        (FAILED, "Nothing is known, as the look-up failed (SERVFAIL)"),
    ):
        assert f"{CONFIDENCE[each.finding.confidence]['en']}: {each.domain} {advice}" in text


def test_domains_with_the_same_advice_are_told_together() -> None:
    twin = ELSEWHERE._replace(domain=Domain("twin.example"))
    assert "No OVHcloud mail: elsewhere.example, twin.example\n" in report(
        ELSEWHERE, KNOWN, twin
    ).for_people(tables=True)
    french = report(ELSEWHERE, twin, language="fr").for_people(tables=True)
    assert "Pas d'e-mail OVHcloud : elsewhere.example, twin.example\n" in french


def test_tables_of_the_others_are_ready_to_be_pasted() -> None:
    lines, *_, pasted = report(*ALL).for_people(tables=True).partition("\nFor autoconfig.toml:\n")
    assert tomllib.loads(pasted)["service"] == [
        {"offer": "email-pro", "server": PRO, "domains": ["known.example"]},
        {"offer": "mx-plan", "domains": ["guess.example"]},
        {"offer": "mx-plan", "region": "ca", "domains": ["canada.example"]},
    ]
    assert lines == report(*ALL).for_people(tables=False) + "\n"
    assert "For autoconfig.toml" not in report(ELSEWHERE, FAILED).for_people(tables=True)


def test_record_of_a_stranger_is_one_line_and_no_longer_than_others() -> None:
    hostile = SignSeen("MX", "10 \x1b[2J\n" + "x" * 9000 + ".example", Reading.FOREIGN)
    signs = [hostile] * 900
    found = detected("a.example", Finding(Confidence.NONE), Advice.ELSEWHERE, *signs)
    _, line, *_ = report(found).for_people(tables=False).splitlines()
    assert line.isprintable()
    assert line.count("MX 10 ") == MOST_SIGNS
    assert line.endswith("; …")
    assert len(line) < 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_in_the_language_that_is_asked_for(language: str) -> None:
    text = report(*ALL, language=language).for_people(tables=True)
    assert text.startswith(HEADS[language][0])
    assert CONFIDENCE[Confidence.GUESS][language] in text
    assert ADVICE[Advice.SEVERAL_SERVICES][language].split(".")[0] in text.replace("\n ", "")


# ----------------------------------------------------------------------------- for programs


def test_json_has_an_object_a_domain_with_the_keys_of_the_contract() -> None:
    objects = json.loads(report(KNOWN, TWO, FAILED).for_programs())
    assert objects == [
        {
            "domain": "known.example",
            "offer": "email-pro",
            "region": "eu",
            "server": PRO,
            "confidence": "known",
            "signs": [
                {"record": "MX", "value": "1 mx1.mail.example", "reading": "OVHcloud Europe"},
                {"record": "SRV", "value": f"0 0 443 {PRO}", "reading": "Email Pro"},
            ],
            "advice": ADVICE[Advice.CONFIGURE]["en"],
        },
        {
            "domain": "two.example",
            "offer": None,
            "region": "eu",
            "server": None,
            "confidence": "undecided",
            "signs": [{"record": "MX", "value": MX.value, "reading": "OVHcloud Europe"}],
            "advice": ADVICE[Advice.SEVERAL_SERVICES]["en"],
        },
        {
            "domain": "failed.example",
            "offer": None,
            "region": None,
            "server": None,
            "confidence": "failed",
            "signs": [],
            "advice": objects[-1]["advice"],
        },
    ]
    assert "(SERVFAIL)" in objects[-1]["advice"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_keeps_its_keys_and_has_its_sentences_in_the_language(language: str) -> None:
    (found,) = json.loads(report(TWO, language=language).for_programs())
    assert found["advice"] == ADVICE[Advice.SEVERAL_SERVICES][language]
    assert found["confidence"] == "undecided"


# ------------------------------------------------------------------------- as configuration


@pytest.mark.parametrize("language", LANGUAGES)
def test_configuration_loads_and_has_the_service_of_each_domain(
    tmp_path: Path, language: str
) -> None:
    path = tmp_path / "autoconfig.toml"
    path.write_text(report(*ALL, language=language).configuration())
    found = {
        domain: (service.offer.id, service.region, service.host)
        for domain, service in load_config(path).served.domains.items()
    }
    assert found == {
        "known.example": ("email-pro", "eu", PRO),
        "guess.example": ("mx-plan", "eu", None),
        "canada.example": ("mx-plan", "ca", None),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_configuration_of_customers_zones_has_what_was_found_and_nothing_else(
    tmp_path: Path, language: str
) -> None:
    """Of hostile ones too, and of those that nobody answers for."""
    found = asyncio.run(survey([*BY_DOMAIN], _ask, SIGNS, lambda _: None))
    path = tmp_path / "autoconfig.toml"
    path.write_text(report(*found, language=language).configuration())
    served = load_config(path).served.domains
    usable = {each.domain: each.finding for each in found if Group(each.finding, "", ()).usable}
    assert {*served} == {*usable}
    for domain, (_, offer, region, server) in usable.items():
        service = served[domain]
        assert (service.offer.id, service.region, service.host) == (offer, region, server)


async def _ask(domain: Domain) -> Records:
    return records(BY_DOMAIN[domain], SIGNS.dkim_selectors)


def test_failure_in_words_of_a_stranger_stays_in_its_comment() -> None:
    found = FAILED._replace(failure='SERVFAIL\n[[service]]\roffer = "mx-plan" \x1b[2J')
    text = report(found).configuration()
    assert tomllib.loads(text) == {}
    assert text.replace("\n", "").isprintable()


def test_configuration_begins_with_where_it_is_from() -> None:
    head, *_ = report(KNOWN).configuration().splitlines()
    assert head.startswith("# Written by `autoconfig detect`")
    assert "192.0.2.53, 2026-01-31" in head


def test_guess_stands_below_a_comment_that_says_why_and_a_known_service_below_none() -> None:
    _, known, guess = report(KNOWN, GUESS).configuration().split("\n\n")
    assert known.startswith("[[service]]\n")
    remark, table = guess.split("[[service]]")
    said = " ".join(line.removeprefix("# ") for line in remark.splitlines())
    assert said == f"Guess. {ADVICE[Advice.CHECK_OFFER]['en']}"
    assert 'domains = ["guess.example"]' in table


def test_known_service_that_needs_a_look_has_a_comment() -> None:
    found = detected("a.example", SURE, Advice.CHECK_NUMBER)
    assert f"# Known. Check the number in {PRO}" in report(found).configuration()


def test_domains_of_a_service_stand_in_one_table_in_their_order() -> None:
    found = [KNOWN._replace(domain=Domain(f"{letter}.example")) for letter in "cab"]
    (service,) = tomllib.loads(report(*found).configuration())["service"]
    assert service["domains"] == ["c.example", "a.example", "b.example"]


def test_what_has_no_service_is_a_comment_at_the_end_and_loads_when_it_is_completed(
    tmp_path: Path,
) -> None:
    text = report(*ALL).configuration()
    _, end = text.split("No OVHcloud mail.")
    for each in (ELSEWHERE, OLD, FAILED, TWO):
        assert f'# domains = ["{each.domain}"]' in end
    table = end[end.index('# [[service]]\n# offer = "email-pro"\n# server = "?"') :]
    completed = table.split("\n\n")[0].replace("# ", "").replace("?", PRO)
    path = tmp_path / "autoconfig.toml"
    path.write_text(completed)
    assert load_config(path).served.domains[OLD.domain].host == PRO


def test_report_is_complete_if_every_domain_has_a_service() -> None:
    assert report(KNOWN, GUESS).complete
    for each in (ELSEWHERE, OLD, TWO, FAILED):
        assert not report(KNOWN, each).complete

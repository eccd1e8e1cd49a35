"""The file for Prometheus, read by Prometheus' own parser."""

from dataclasses import replace
from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

from autoconfig.check.textfile import METRICS, textfile
from autoconfig.check.verdict import Check, Reason
from autoconfig.names import Domain, EmailAddress
from tests.support.checks import SERVICE, check, mail_servers, right, troubled

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def read(*checks: Check) -> dict[str, dict[tuple[str, ...], float]]:
    """By the metric, the value of each set of labels, in the order of the file."""
    text = f"{textfile(checks, NOW)}\n"
    return {
        family.name: {tuple(each.labels.values()): each.value for each in family.samples}
        for family in text_string_to_metric_families(text)
    }


def test_every_metric_is_a_gauge_that_says_what_it_means() -> None:
    families = [*text_string_to_metric_families(f"{textfile([troubled('a.example')], NOW)}\n")]
    assert [each.name for each in families] == [*METRICS]
    assert {each.type for each in families} == {"gauge"}
    assert all(each.documentation and each.samples for each in families)


def test_domain_is_right_or_not() -> None:
    failed = Check(Domain("c.example"), None, failure=Reason("step-absent"))
    assert read(check("a.example"), troubled("b.example"), failed)["autoconfig_check_right"] == {
        ("a.example", ""): 1,
        ("b.example", ""): 0,
        ("c.example", ""): 0,
    }


def test_programs_that_ask_have_their_result_and_others_do_not_stand_there() -> None:
    assert read(troubled("a.example"))["autoconfig_check_verdict"] == {
        ("a.example", "", "Thunderbird", "right"): 1,
        ("a.example", "", "Evolution", "right"): 1,
        ("a.example", "", "Outlook classic", "asks"): 1,
        ("a.example", "", "FairEmail", "wrong"): 1,
        ("a.example", "", "aerc", "wrong"): 1,
        ("a.example", "", "Delta Chat", "nothing"): 1,
        ("a.example", "", "KMail", "undecided"): 1,
    }


def test_program_with_two_rows_of_one_result_stands_there_once() -> None:
    text = textfile([check("a.example", right("a.example"), right("a.example"))], NOW)
    assert text.count('program="Thunderbird"') == 1


def test_address_stands_beside_its_domain() -> None:
    boss = EmailAddress.parse('"bo\\ss"@a.example')
    found = read(replace(check("a.example"), subject=boss))
    assert [*found["autoconfig_check_right"]] == [("a.example", '"bo\\ss"@a.example')]


def test_certificate_of_a_host_is_the_one_that_ends_first() -> None:
    first = replace(troubled("a.example"), mail_servers=mail_servers())
    late = [each._replace(days=90) for each in mail_servers()]
    unread = [each._replace(days=None) for each in mail_servers()]
    second = replace(check("b.example"), mail_servers=(*late, *unread))
    assert read(first, second)["autoconfig_check_certificate_seconds"] == {
        ("autoconfig.a.example",): 9 * 86400,
        (SERVICE.host,): 60 * 86400,
    }


def test_time_of_the_run_is_there() -> None:
    assert read(check("a.example"))["autoconfig_check_timestamp_seconds"] == {(): NOW.timestamp()}

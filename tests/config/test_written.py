"""A configuration that the program writes: it loads, and a person can go on with it."""

import tomllib

import pytest

from autoconfig.config.services import ServiceTable
from autoconfig.config.written import WIDTH, comment, commented, configuration, table

NAMES = tuple(f"customer-{number}.example" for number in range(40))


@pytest.mark.parametrize(
    ("service", "written"),
    [
        (
            ServiceTable(offer="mx-plan", domains=("a.example",)),
            '[[service]]\noffer = "mx-plan"\ndomains = ["a.example"]',
        ),
        (
            ServiceTable(
                offer="email-pro",
                region="ca",
                server="mail.example",
                protocols=("imap", "smtp"),
                domains_file="customers.txt",
                addresses=("é@a.example", 'a"b\\c@a.example'),
            ),
            '[[service]]\noffer = "email-pro"\nregion = "ca"\nserver = "mail.example"\n'
            'protocols = ["imap", "smtp"]\ndomains_file = "customers.txt"\n'
            'addresses = ["é@a.example", "a\\"b\\\\c@a.example"]',
        ),
    ],
    ids=["no default", "every other key"],
)
def test_table_has_what_is_not_the_default(service: ServiceTable, written: str) -> None:
    assert table(service) == written


def test_names_that_do_not_fit_into_a_line_have_one_each() -> None:
    written = table(ServiceTable(offer="mx-plan", domains=NAMES))
    assert written.splitlines()[3:-1] == [f'  "{name}",' for name in NAMES]
    assert tomllib.loads(written)["service"][0]["domains"] == [*NAMES]


def test_configuration_has_base_url_above_its_tables() -> None:
    services = [ServiceTable(offer=name, domains=(f"{name}.example",)) for name in ("a", "b")]
    written = configuration(services, "https://autoconfig.example.com")
    assert written.startswith('base_url = "https://autoconfig.example.com"\n\n[[service]]\n')
    assert len(tomllib.loads(written)["service"]) == 2
    assert configuration(services, None).startswith("[[service]]\n")


def test_comment_is_no_longer_than_a_line_and_says_all_of_it() -> None:
    said = " ".join(f"word-{number}" for number in range(99))
    lines = comment(said).splitlines()
    assert all(line.startswith("# ") and len(line) <= WIDTH for line in lines)
    assert " ".join(line.removeprefix("# ") for line in lines) == said


def test_table_out_of_use_is_a_comment_in_every_line() -> None:
    written = commented(table(ServiceTable(offer="mx-plan", domains=NAMES)))
    assert tomllib.loads(written) == {}
    assert tomllib.loads(written.replace("# ", ""))["service"][0]["offer"] == "mx-plan"

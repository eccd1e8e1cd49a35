"""A fact stands once: changed in `offers.toml`, and the golden files renewed, no test is red.

Each test changes a copy of the checkout as a contributor would, and runs the copy's own tests. It
runs those that know what an offer holds, in this process. Tests of servers, of hostile requests and
of properties compare with what the application itself has, and would take minutes.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.copied import Copy

OFFERS = "autoconfig/offers/offers.toml"
TABLE = "\n[[offer]]"
GOLDEN_TESTS = "tests/documents/test_golden.py"
TABLE_TESTS = "tests/project/test_tables.py"
TESTS = (
    *("tests/offers", "tests/documents", "tests/config", "tests/cli", "tests/export"),
    *("tests/answers/test_clients.py", "tests/answers/test_endpoints.py"),
    *("tests/project/test_benchmarks.py", "-k", "not benchmarks or facts or seed"),
    *("tests/project/test_docs.py", TABLE_TESTS),
    "--ignore=tests/documents/test_formats.py",  # copies of their own
    "--ignore=tests/config/test_any_configuration.py",  # properties
)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy.of_the_checkout(tmp_path / "checkout")


def _red(copy: Copy, *arguments: str) -> set[str]:
    """The tests of the copy that are red, after the module that each stands in."""
    options = ("-q", "--tb=no", "-p", "no:cacheprovider", f"--basetemp={copy.folder}.tmp")
    done = copy.ended(sys.executable, "-m", "pytest", *options, *arguments)
    red = set(re.findall(r"^(?:FAILED|ERROR) ([^\s\[]+)", done.stdout, flags=re.MULTILINE))
    assert done.returncode == (1 if red else 0), done.stdout + done.stderr
    return red


def _modules(tests: set[str]) -> set[str]:
    return {test.partition("::")[0] for test in tests}


def _change_offers(copy: Copy, change: Callable[[str], str]) -> None:
    before = (copy.folder / OFFERS).read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    copy.write(OFFERS, after)


def _ports(text: str) -> str:
    """Other ports. STARTTLS keeps one at which it is usual, because clients go by that."""

    def other(found: re.Match[str]) -> str:
        port = 2000 + int(found[1]) if found[2] == "SSL" else 25 if found[1] != "25" else 587
        return f'port = {port}, socket = "{found[2]}"'

    return re.sub(r'port = (\d+), socket = "(\w+)"', other, text)


def _all_but_ports(text: str) -> str:
    """Other hosts, quotas, SPF records and pages, and one host more of each numbered family.

    The hosts that a configuration of the tests names stay.
    """
    text = re.sub(r"\b(imap|pop|smtp|zimbra1|mx\d)\.mail\.ovh\.", r"\1.new.ovh.", text)
    text = re.sub(r"gigabytes = (\d+)", r"gigabytes = 1\1", text)
    text = re.sub(
        r'^(observed = .*"([a-z]+)\d+(\..*)")\]', r'\1, "\g<2>96\3"]', text, flags=re.MULTILINE
    )
    return text.replace("include:mx.", "include:mx.new.").replace("ovhcloud.com/", "ovh.example/")


@pytest.mark.parametrize("change", [_ports, _all_but_ports])
def test_changed_fact_is_red_in_the_golden_files_until_they_are_renewed_and_nowhere_else(
    copy: Copy, change: Callable[[str], str]
) -> None:
    _change_offers(copy, change)
    assert _modules(_red(copy, GOLDEN_TESTS)) == {GOLDEN_TESTS}
    copy.make("golden")
    assert _red(copy, *TESTS) == set()


def _copies(text: str) -> str:
    """A copy of every offer behind it, under a name of its own."""
    head, *offers = text.split(TABLE)
    return TABLE.join((head, *(each for offer in offers for each in (offer, _renamed(offer)))))


def _renamed(offer: str) -> str:
    for key in ("id", "name"):
        offer = re.sub(rf'^{key} = "', rf'{key} = "new-', offer, flags=re.MULTILINE)
    return re.sub(r"^(aliases|fallback|api) = .*", "", offer, flags=re.MULTILINE)


def test_offer_that_is_added_by_copying_a_table_is_missed_in_the_readme_alone(copy: Copy) -> None:
    _change_offers(copy, _copies)
    copy.make("golden")
    red = _red(copy, *TESTS)
    assert red == {f"{TABLE_TESTS}::test_offers_are_those_of_the_catalogue"}

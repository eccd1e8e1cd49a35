"""The programs of `programs.toml`, and what its types cannot hold."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import msgspec
import pytest
from hypothesis import given

from autoconfig.names import HOST_NAME, Domain, EmailAddress
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.programs.load import load_programs, read_programs
from autoconfig.programs.model import Program, Reading, Search
from tests.support.strategies import addresses, domains
from tests.support.tables import table

PROGRAMS = load_programs()
SEARCHES = {
    f"{program.id} {number}": (program, search)
    for program in PROGRAMS
    for number, search in enumerate(program.searches, 1)
}
HTTP = {"GET", "POST"}
STEPS = [step.partition(" ") for _, search in SEARCHES.values() for step in search.steps]
URLS = {rest for method, _, rest in STEPS if method in HTTP}
NAMES = {rest for method, _, rest in STEPS if method == "SRV"}
HOSTS = {
    "mx": "mx1.mail.hoster.example",
    "mx_full": "mail.hoster.example",
    "mx_base": "hoster.example",
    "ns": "ns1.hoster.example",
    "srv": "ex1.hoster.example",
}
METHODS = {
    "mozilla": {"GET"},
    "outlook": HTTP,
    "mobilesync": HTTP,
    "srv": {"SRV"},
    "table": {"MX"},
}


@pytest.mark.parametrize("field", ["id", "name", "name_fr"])
def test_no_two_programs_are_called_the_same(field: str) -> None:
    names = Counter(getattr(each, field) for each in PROGRAMS)
    names.pop("", None)
    assert max(names.values()) == 1


def test_names_with_english_words_have_a_french_form() -> None:
    """Others are the same in every language; those are in English and French."""
    english = {"a", "account", "and", "app", "classic", "devices", "for", "new", "of", "other", "s"}
    words = {each: set(re.findall("[a-z]+", each.name.lower())) for each in PROGRAMS}
    assert {each.id for each in PROGRAMS if each.name_fr} == {
        each.id for each in PROGRAMS if words[each] & english
    }
    for each in PROGRAMS:
        assert not set(re.findall("[a-z]+", each.name_fr.lower())) & english


def test_every_source_is_cited_and_every_cited_one_is_there() -> None:
    cited = {name for program in PROGRAMS for name in _cited(program)}
    assert cited == set(read_programs().source)


def _cited(program: Program) -> Iterator[str]:
    yield from program.source
    for search in program.searches:
        yield from search.source


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda each: each.id)
def test_a_program_asks_and_reads_or_is_said_not_to(program: Program) -> None:
    assert bool(program.searches) == bool(program.reading) == (program.never is None)


@pytest.mark.parametrize(("program", "search"), table(SEARCHES))
def test_steps_are_of_the_kind_that_is_read(program: Program, search: Search) -> None:
    assert {step.split()[0] for step in search.steps} <= METHODS[search.reads], program.name


@pytest.mark.parametrize(("program", "search"), table(SEARCHES))
def test_a_table_has_an_offer_and_all_else_has_steps(program: Program, search: Search) -> None:
    if search.reads == "table":
        assert search.servers_of in load_catalogue().offers, program.name
    else:
        assert search.steps, program.name
        assert search.servers_of is None


@given(domains, addresses)
def test_an_address_changes_nothing_before_the_question_mark_of_a_url(
    domain: Domain, address: EmailAddress
) -> None:
    """Whatever is in it: some programs send it as it is."""
    hosts = {"domain": domain, **HOSTS}
    for template in URLS:
        url = urlsplit(template.format(**hosts, **_forms(address)))
        empty = urlsplit(template.format(**hosts, **dict.fromkeys(_forms(address), "")))
        assert (url.scheme, url.netloc, url.path) == (empty.scheme, empty.netloc, empty.path)
        assert url.scheme in {"http", "https"}
        assert HOST_NAME.fullmatch(url.netloc)


@given(domains)
def test_records_are_asked_for_at_a_name_of_the_domain(domain: Domain) -> None:
    for name in NAMES:
        assert re.fullmatch(rf"_[a-z0-9]+\._tcp\.{re.escape(domain)}", name.format(domain=domain))


def _forms(address: EmailAddress) -> dict[str, str]:
    return {"address": str(address), "quoted": quote(str(address), safe=""), "md5": "0" * 32}


@pytest.mark.parametrize("kind", [Program, Reading, Search])
def test_every_field_is_used(kind: type[msgspec.Struct]) -> None:
    """A field that is the same in all rows says nothing of a program."""
    readings = [each.reading for each in PROGRAMS if each.reading]
    rows = {
        Program: PROGRAMS,
        Reading: readings,
        Search: [search for _, search in SEARCHES.values()],
    }
    for field in msgspec.structs.fields(kind):
        assert len({getattr(row, field.name) for row in rows[kind]}) > 1, field.name

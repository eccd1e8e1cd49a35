"""`autoconfig.names`: what holds for any text, made up by Hypothesis."""

import string
from contextlib import suppress

import idna
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from autoconfig.names import (
    NOT_FOR_MAIL,
    Domain,
    EmailAddress,
    mail_domain,
    parse_domain,
    require_mail,
)
from autoconfig.problems import InvalidName
from tests.support.claims import (
    assert_blanks_around_a_domain_do_not_matter,
    assert_domain_as_people_read_it_leads_back_to_it,
    assert_domain_that_was_read_is_read_again_as_itself,
    assert_text_is_a_host_name_or_invalid,
    assert_text_is_an_address_in_its_one_form_or_invalid,
)
from tests.support.strategies import addresses, domains, local_parts, typed_domains


@given(st.one_of(st.text(), typed_domains))
@example("\ud800.fr")
@example("é" * 300)
@example("\u0661.\u0662")
@example("xn--é.fr")
@example("a\u3002fr")
def test_any_text_is_a_host_name_or_invalid(text: str) -> None:
    assert_text_is_a_host_name_or_invalid(text)


@given(domains)
def test_host_name_is_its_own_one_form(domain: Domain) -> None:
    assert parse_domain(domain) == domain


@given(st.one_of(domains, st.from_regex(r"[a-z0-9.-]{1,80}", fullmatch=True), st.text()))
@example("a.b\n")
@example(f"{'a.' * 126}b")
@example(f"{'a.' * 127}b")
def test_domain_in_its_one_form_is_read_as_any_other(text: str) -> None:
    assert_blanks_around_a_domain_do_not_matter(text)


@given(typed_domains)
@example("İ.fr")
@example("é.b..")
def test_reading_a_domain_twice_is_reading_it_once(text: str) -> None:
    assert_domain_that_was_read_is_read_again_as_itself(text)


@given(st.one_of(typed_domains, domains))
@example("straße.de")
@example("ᏣᎳᎩ.com")
@example("xn--zzzzzzzz.example")
def test_domain_as_people_read_it_leads_back_to_it(text: str) -> None:
    assert_domain_as_people_read_it_leads_back_to_it(text)


@given(typed_domains)
@example("ΔΣ.gr")
@example("ΔΣ-Δ.gr")
@example("STRASSE.DE")
def test_domain_in_capitals_is_the_one_that_unicode_s_rules_give(text: str) -> None:
    try:
        expected = idna.encode(text, uts46=True).decode("ascii")
        domain = parse_domain(text)
    except (idna.IDNAError, InvalidName):
        assume(False)  # noqa: FBT003  # Hypothesis' own way to say so
    assert domain == expected


@given(domains)
def test_final_dot_and_capitals_and_blanks_do_not_matter(domain: Domain) -> None:
    assert parse_domain(f" {domain.upper()}.\n") == domain


@given(domains)
def test_two_final_dots_are_no_domain_in_either_form(domain: Domain) -> None:
    for text in (f"{domain}..", f"é.{domain}.."):
        with pytest.raises(InvalidName):
            parse_domain(text)


@given(st.one_of(st.text(), st.builds("{}@{}".format, local_parts, typed_domains)))
@example("a@b@example.com")
@example("a\ud800@example.com")
@example(f"{'a' * 242}@example.com")
@example(f"{'a' * 100}@{'é.' * 30}fr")
@example("a@\r\nexample.com")
def test_any_text_is_an_address_in_its_one_form_or_invalid(text: str) -> None:
    assert_text_is_an_address_in_its_one_form_or_invalid(text)


@given(addresses)
def test_address_is_read_as_it_was_typed(address: EmailAddress) -> None:
    assert EmailAddress.parse(f"\t{address} ") == address


@given(addresses, st.integers(min_value=0), st.characters(categories=("Cc", "Cf", "Zs", "Zl")))
def test_address_with_an_invisible_character_inside_is_invalid(
    address: EmailAddress, place: int, invisible: str
) -> None:
    text = str(address)
    place = place % len(address.local)
    with pytest.raises(InvalidName):
        EmailAddress.parse(f"x{text[:place]}{invisible}{text[place:]}")


@given(
    addresses.map(str)
    | st.builds("{}@{}".format, st.text(string.printable[:94], max_size=70), domains | st.text())
)
@example("a" * 64 + "@" + "b." * 94 + "fr")
@example("a" * 65 + "@" + "b." * 94 + "fr")
@example("a" * 64 + "@" + "b." * 95 + "fr")
def test_plain_address_is_read_as_any_other(text: str) -> None:
    def read(typed: str) -> EmailAddress | None:
        with suppress(InvalidName):
            return EmailAddress.parse(typed)
        return None

    assert read(text) == read(f" {text}")  # which is not plain


@given(addresses)
def test_mailbox_of_an_address_is_an_address(address: EmailAddress) -> None:
    assert EmailAddress.parse(address.mailbox).domain == address.domain


@given(domains, st.lists(st.sampled_from(NOT_FOR_MAIL), max_size=3))
@example(Domain("fr.fr"), ["www."])
@example(Domain("co.uk"), ["autoconfig.", "www."])
def test_mail_domain_of_a_name_is_the_one_that_is_meant(
    domain: Domain, prefixes: list[str]
) -> None:
    name = Domain("".join(prefixes) + domain)
    meant = mail_domain(name)
    require_mail(meant)
    assert name.endswith(meant)
    assert set(name.removesuffix(meant).split(".")) <= {"", *(p.strip(".") for p in NOT_FOR_MAIL)}
    if meant != name:
        with pytest.raises(InvalidName, match=f"; write {meant}$") as raised:
            require_mail(name)
        assert raised.value.meant == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("https://Example.com/mail?x", "example.com"),
        ("alice@example.com", "example.com"),
        ("*.example.com", "example.com"),
        ("example.com:8000", "example.com"),
        ("192.0.2.1", ""),
        ("alice", ""),
    ],
)
def test_text_that_is_no_domain_tells_the_one_in_it(text: str, meant: str) -> None:
    with pytest.raises(InvalidName) as raised:
        parse_domain(text)
    assert raised.value.meant == meant

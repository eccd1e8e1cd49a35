"""What holds for any input: asserted of what Hypothesis makes up, and of what fuzzing finds."""

from contextlib import suppress

from autoconfig.answers.pox_request import parse_request
from autoconfig.errors import MalformedRequest
from autoconfig.names import Domain, EmailAddress, parse_domain, unicode_domain
from autoconfig.problems import ConfigurationError, InvalidName
from autoconfig.zone.text import read_zone


def assert_text_is_a_host_name_or_invalid(text: str) -> None:
    with suppress(InvalidName):
        assert _is_host_name(parse_domain(text))


def _is_host_name(text: str) -> bool:
    """RFC 952 and 1123 in lower case, two labels or more: written without a regular expression."""
    names = text.split(".")
    return (
        len(text) <= 253
        and len(names) >= 2
        and all(1 <= len(name) <= 63 for name in names)
        and set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
        and not any(name.startswith("-") or name.endswith("-") for name in names)
        and not names[-1].isdigit()
    )


def assert_blanks_around_a_domain_do_not_matter(text: str) -> None:
    """A domain that needs no change goes a shorter way, which a blank before it bars."""
    assert _read(text) == _read(f" {text}")


def _read(text: str) -> str | None:
    with suppress(InvalidName):
        return parse_domain(text)
    return None


def assert_domain_that_was_read_is_read_again_as_itself(text: str) -> None:
    with suppress(InvalidName):
        domain = parse_domain(text)
        assert parse_domain(domain) == domain


def assert_domain_as_people_read_it_leads_back_to_it(text: str) -> None:
    with suppress(InvalidName):
        domain = parse_domain(text)
        assert parse_domain(unicode_domain(domain)) == domain


def assert_text_is_an_address_in_its_one_form_or_invalid(text: str) -> None:
    with suppress(InvalidName):
        address = EmailAddress.parse(text)
        assert EmailAddress.parse(str(address)) == address


def assert_body_is_a_request_or_malformed(body: bytes) -> None:
    with suppress(MalformedRequest):
        request = parse_request(body)
        assert request.schema == request.schema.lower()
        assert request.schema or not request.address


def assert_text_is_a_zone_or_a_mistake(text: str, origin: Domain | None) -> None:
    """A zone that was read is read again as itself, from its records."""
    try:
        zone = read_zone(text, origin, "zone.txt")
    except ConfigurationError as error:
        said = str(error)
    else:
        again = "".join(f"{record}\n" for record in zone.records)
        assert read_zone(again, zone.origin, "zone.txt").records == zone.records
        return
    assert said.startswith("zone.txt: ")
    assert said.encode()

"""The guides of `guides.toml`, what its types cannot hold, and which of them a service gets."""

import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter
from typing import get_args

import pytest
from msgspec import structs

from autoconfig.guides.load import UNKNOWN, has, load_guides, read_guides, values
from autoconfig.guides.model import Device, Guide, Need, Said, Way
from autoconfig.offers.model import SECURITY, Service
from autoconfig.programs.load import read_programs
from tests.support.services import CATALOGUE, SERVICES

FILE = read_guides()
GUIDES = load_guides()
WAYS = {f"{guide.id} {way.needs}": (guide, way) for guide in FILE.guide for way in guide.way}
DEVICES: tuple[Device, ...] = get_args(Device)
NEEDS: tuple[Need, ...] = get_args(Need)
LARGEST = 10_500
"""Bytes of the steps and troubles of a service in a language. With links and markup they are some
14,000 of the 30,000 that a page may have.
"""

every_guide = pytest.mark.parametrize("guide", FILE.guide, ids=lambda guide: guide.id)
every_way = pytest.mark.parametrize(("guide", "way"), WAYS.values(), ids=WAYS)
every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def texts_of(guide: Guide) -> Iterator[Said]:
    yield from (*guide.by_profile, *guide.by_code)
    for way in guide.way:
        yield from way.steps


def said() -> Iterator[Said]:
    """Every text that a person reads."""
    yield from (source.title for source in FILE.source.values())
    for guide in FILE.guide:
        yield from (guide.name, *texts_of(guide))
    for trouble in FILE.trouble:
        yield from (trouble.sign, trouble.cure)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def shown(service: Service) -> Iterator[Said]:
    """What is on the service's page."""
    for chosen in GUIDES.for_service(service):
        yield from (*chosen.guide.by_profile, *chosen.guide.by_code, *chosen.way.steps)
    for trouble in GUIDES.troubles(service):
        yield from (trouble.sign, trouble.cure)


# ---------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize("rows", [FILE.guide, FILE.trouble], ids=["guides", "troubles"])
def test_no_two_have_the_same_id(rows: tuple[Guide, ...]) -> None:
    assert max(Counter(each.id for each in rows).values()) == 1


def test_sources_are_those_that_are_named() -> None:
    named = {name for _, way in WAYS.values() for name in way.source}
    assert named | {name for each in FILE.trouble for name in each.source} == {*FILE.source}


def test_sources_are_older_than_their_reading_and_about_offers_that_there_are() -> None:
    for source in FILE.source.values():
        assert source.published is None or source.published <= source.verified
        assert {*source.offers} <= {*CATALOGUE.offers}


@every_guide
def test_last_way_is_for_every_service(guide: Guide) -> None:
    needs = [way.needs for way in guide.way]
    assert needs[-1] == "imap"
    assert max(Counter(needs).values()) == 1


@every_way
def test_profile_is_one_that_the_service_has(guide: Guide, way: Way) -> None:
    assert way.profile in {
        "imap": (None, "imap"),
        "activesync": (None, "iphone"),
        "ews": (None, "mac"),
        "autodiscover": (None,),
    }.get(way.needs, ())


@every_guide
def test_what_to_do_with_a_profile_or_a_code_is_told_where_there_is_one(guide: Guide) -> None:
    assert bool(guide.by_profile) == any(way.profile for way in guide.way)
    assert bool(guide.by_code) == any(way.code for way in guide.way)


@every_guide
def test_program_that_was_run_is_one_of_ours(guide: Guide) -> None:
    run = {each.id for each in read_programs().program if each.known_by == "run"}
    assert guide.tried is None or guide.tried in run


# ---------------------------------------------------------------------------------------- the texts


def test_both_languages_are_there_and_hold_the_same() -> None:
    for text in said():
        assert placeholders(text.en) == placeholders(text.fr)
        assert (text.en, text.fr) == (text.en.strip() or None, text.fr.strip() or None)


def test_french_is_written_as_french() -> None:
    """A no-break space stands before : ; ! ? and inside « », and the apostrophe is typographic."""
    french = "\n".join(text.fr for text in said())
    assert not re.search(r"""['"“”]""", french)
    before = re.findall(r"(.)(?:[;!?»]|:(?=\s))", french)
    assert {*before, *re.findall(r"«(.)", french)} == {"\N{NO-BREAK SPACE}"}


def test_english_is_written_as_english() -> None:
    for text in said():
        assert not re.search("""['"«»\N{NO-BREAK SPACE}]""", text.en)
        assert text.en.count("“") == text.en.count("”")


def test_hosts_and_ports_of_mail_stand_in_the_offers_alone() -> None:
    servers = [server for service in SERVICES.values() for server in service.servers]
    facts = {server.host for server in servers} | {str(server.port) for server in servers}
    words = {word for text in said() for word in re.findall(r"[\w.]+\w", f"{text.en} {text.fr}")}
    assert not facts & words


# ---------------------------------------------------------------------------- for a service


@every_service
def test_every_guide_is_for_every_service(service: Service) -> None:
    ids = tuple(chosen.guide.id for chosen in GUIDES.for_service(service))
    assert ids == GUIDES.order(UNKNOWN)
    assert {*ids} == {guide.id for guide in FILE.guide}


@every_service
def test_every_way_is_short(service: Service) -> None:
    for chosen in GUIDES.for_service(service):
        assert 3 <= len(chosen.way.steps) <= 6


def test_way_that_goes_on_ends_as_the_last_one_does() -> None:
    outlook = GUIDES.for_service(SERVICES["exchange-hosted-eu"])[0]
    assert outlook.guide.id == "outlook-new"
    assert outlook.way.steps[1:] == outlook.guide.way[-1].steps


@every_service
@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_can_be_filled_in_and_is_small(service: Service, language: str) -> None:
    known = {**values(service), "address": "%EMAILADDRESS%"}
    filled = [getattr(text, language).format(**known) for text in shown(service)]
    assert len("".join(filled).encode()) < LARGEST


@every_service
def test_sources_are_about_the_offer(service: Service) -> None:
    """If any is: an offer of an operator's own is shown them all."""
    about = {
        offer
        for each in SERVICES.values()
        for chosen in GUIDES.for_service(each)
        for source in chosen.sources
        for offer in source.offers
    }
    for chosen in GUIDES.for_service(service):
        for source in chosen.sources:
            assert (
                not source.offers
                or service.offer.id in {*source.offers}
                or (service.offer.id not in about)
            )


def test_sources_of_a_guide_are_all_shown_for_an_offer_that_none_is_about() -> None:
    service = SERVICES["mx-plan-eu"]
    other = structs.replace(service, offer=structs.replace(service.offer, id="other"))
    gmail = {chosen.guide.id: chosen for chosen in GUIDES.for_service(other)}["gmail"]
    assert len(gmail.sources) == len(gmail.way.source) > 1


@pytest.mark.parametrize("name", ["mx-plan-eu", "email-pro-eu", "zimbra-pro-eu"])
def test_outlook_on_a_phone_is_read_of_either_phone(name: str) -> None:
    guides = {chosen.guide.id: chosen for chosen in GUIDES.for_service(SERVICES[name])}
    titles = [source.title.en for source in guides["outlook-phone"].sources]
    assert [title.rpartition(" on ")[2] for title in titles] == ["iPhone", "Android"]


@every_service
def test_trouble_leads_to_pages_about_the_offer(service: Service) -> None:
    pages = {source.where: source for source in FILE.source.values()}
    for advice in GUIDES.troubles(service):
        for link in advice.links:
            assert link.text == pages[link.url].title
            assert not pages[link.url].offers or service.offer.id in pages[link.url].offers


def test_program_that_was_run_comes_with_its_version_and_day() -> None:
    programs = read_programs()
    for chosen in GUIDES.for_service(SERVICES["mx-plan-eu"]):
        assert (chosen.tried and chosen.tried.id) == chosen.guide.tried
        if chosen.tried:
            days = [programs.source[name].verified for name in chosen.tried.source]
            assert chosen.tried_on == min(days)


KINDS = {
    "mx-plan-eu": "imap",
    "zimbra-starter-eu": "imap caldav",
    "zimbra-pro-eu": "imap activesync ews caldav",
    "email-pro-eu": "imap",
    "exchange-hosted-eu": "imap activesync ews autodiscover",
}
WANTED = {
    "outlook-new": {"imap": "imap", "zimbra": "activesync", "exchange": "autodiscover"},
    "outlook-classic": {"imap": "imap", "zimbra": "activesync", "exchange": "autodiscover"},
    "iphone": {"imap": "imap", "zimbra": "activesync", "exchange": "activesync"},
    "mac": {"imap": "imap", "zimbra": "ews", "exchange": "ews"},
    "gmail": {"imap": "imap", "zimbra": "activesync", "exchange": "activesync"},
    "outlook-phone": {"imap": "imap", "zimbra": "activesync", "exchange": "activesync"},
    "thunderbird": {"imap": "imap", "zimbra": "imap", "exchange": "autodiscover"},
    "thunderbird-android": {"imap": "imap", "zimbra": "imap", "exchange": "imap"},
}
OF_KIND = {"imap": "zimbra-starter-eu", "zimbra": "zimbra-pro-eu", "exchange": "exchange-hosted-eu"}


@pytest.mark.parametrize(("name", "needs"), KINDS.items(), ids=KINDS)
def test_service_has_what_ways_are_for(name: str, needs: str) -> None:
    assert {need for need in NEEDS if has(SERVICES[name], need)} == {*needs.split()}


@pytest.mark.parametrize(("kind", "name"), OF_KIND.items(), ids=OF_KIND)
def test_service_gets_the_first_way_that_it_has_what_is_needed_for(kind: str, name: str) -> None:
    chosen = {each.guide.id: each.way.needs for each in GUIDES.for_service(SERVICES[name])}
    assert chosen == {guide: ways[kind] for guide, ways in WANTED.items()}


@every_service
def test_only_the_new_outlook_cannot_use_a_service_and_only_exchange(service: Service) -> None:
    unusable = [each.guide.id for each in GUIDES.for_service(service) if not each.way.works]
    assert unusable == (["outlook-new"] if service.autodiscover else [])


@pytest.mark.parametrize(
    ("name", "some", "none"),
    [
        ("mx-plan-eu", "outlook-exchange", "outlook-not-found microsoft-365 calendar classic"),
        ("zimbra-starter-eu", "outlook-exchange calendar", "calendar-of-exchange classic"),
        ("zimbra-pro-eu", "calendar-of-exchange classic", "calendar outlook-exchange"),
        ("email-pro-eu", "outlook-exchange", "microsoft-365 calendar classic"),
        ("exchange-hosted-eu", "microsoft-365 outlook-not-found", "calendar outlook-exchange"),
        ("exchange-hosted-eu", "classic", "calendar-of-exchange"),
    ],
)
def test_trouble_is_told_where_it_may_come(name: str, some: str, none: str) -> None:
    told = [trouble.id for trouble in GUIDES.troubles(SERVICES[name])]
    assert {*some.split()} <= {*told}
    assert not {*none.split()} & {*told}
    assert told[0] == "password"


@pytest.mark.parametrize("device", DEVICES)
def test_guides_for_a_device_stand_first(device: Device) -> None:
    order = GUIDES.order(device)
    own = [guide.id for guide in FILE.guide if device in guide.devices]
    assert own
    assert list(order[: len(own)]) == own
    assert {*order} == {guide.id for guide in FILE.guide}
    assert len(order) == len(FILE.guide)


@every_service
def test_values_are_those_of_the_preferred_servers(service: Service) -> None:
    filled = values(service)
    for server in service.preferred("imap", "pop3", "smtp"):
        name = server.protocol
        assert (filled[name], filled[f"{name}_port"]) == (server.host, str(server.port))
        assert filled[f"{name}_security"] == SECURITY[server.socket]
    for key in ("activesync", "ews", "caldav"):
        link = getattr(service, key)
        assert (key in filled) == (link is not None)
        assert link is None or link.url.startswith(f"https://{filled[key]}")


def test_guides_are_read_once() -> None:
    assert load_guides() is load_guides()

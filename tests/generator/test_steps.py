"""The steps that remain: for exactly the names of the form, in the person's language."""

import re
from itertools import product

import pytest
from flask.testing import FlaskClient

from autoconfig.documents.formats import LANGUAGES
from autoconfig.documents.words import words
from autoconfig.generator.form import SPACES
from autoconfig.offers.hosting import Numbered
from autoconfig.offers.model import DefaultRecord
from tests.generator.forms import send, steps_in, unpacked
from tests.support.services import CATALOGUE, SERVICES, server_for

LEFT_OVER = [sign.srv for sign in CATALOGUE.signs if isinstance(sign, DefaultRecord)]
every_language = pytest.mark.parametrize("language", LANGUAGES)
every_space = pytest.mark.parametrize("space", SPACES)
OFFERS = [each.id for each in CATALOGUE.offers.values()]
NAMES = ("example.com", "exemple.fr", "mail.sub.example")


def steps(form: FlaskClient, language: str = "en", offer: str = "mx-plan", **fields: str) -> str:
    """The steps for a good form."""
    given = {"offer": offer, "server": server_for(offer) or "", "domains": " ".join(NAMES)}
    return steps_in(unpacked(send(form, language, **given | fields)), language)


def one_line(text: str) -> str:
    """The same, as it was before it was wrapped."""
    return re.sub(r"(?<=\S)\n(?=\S)", " ", text)


@every_language
@every_space
@pytest.mark.parametrize("site", ["", "www.example.com"], ids=["without site", "with site"])
@pytest.mark.parametrize("offer", OFFERS)
def test_steps_are_whole_for_every_offer(
    form: FlaskClient, offer: str, site: str, space: str, language: str
) -> None:
    text = steps(form, language, offer, site=site, space=space)
    assert not re.search(r"\{\w*\}", text)
    assert [line for line in text.split("\n") if line != line.rstrip()] == []
    said = words("steps", language)
    headings = re.findall(r"^(\d)\. (.*)$", text, flags=re.MULTILINE)
    keys = ("upload", "dns", "sites", "certificate", "check", "after")
    assert headings == [(str(number), said[key]) for number, key in enumerate(keys, 1)]
    for name in NAMES:
        assert f"\n* {name}\n" in text
        assert f"    https://autoconfig.{name}/" in text
        assert f"    autoconfig.{name}" in text
    assert CATALOGUE.offers[offer].name in text


@every_language
@every_space
def test_lines_fit_a_window_that_does_not_wrap(
    form: FlaskClient, language: str, space: str
) -> None:
    text = steps(form, language, space=space)
    assert max(len(line) for line in text.split("\n") if not line.startswith("    ")) <= 90


@every_space
@every_language
def test_french_sign_is_never_alone_at_the_beginning_of_a_line(
    form: FlaskClient, language: str, space: str
) -> None:
    text = steps(form, language, space=space)
    prose = "\n".join(line for line in text.split("\n") if not line.startswith("    "))
    assert [sign for sign in (" :", " ;", " !", " ?", " »", "« ", "'") if sign in prose] == []


@pytest.mark.parametrize("offer", OFFERS)
def test_records_lead_to_the_site_and_to_the_servers(form: FlaskClient, offer: str) -> None:
    text = steps(form, offer=offer, domains="example.com", site="www.example.org")
    removed, _, added = text.partition(words("steps", "en")["dns_add"][:20])
    for name, host in product(("autoconfig", "autodiscover"), LEFT_OVER):
        assert re.search(rf"^    {name} +IN CNAME +{re.escape(host)}\.$", removed, re.MULTILINE)
    for name in ("autoconfig", "autodiscover"):
        assert re.search(rf"^{name} +IN CNAME +www\.example\.org\.$", added, re.MULTILINE)
    service = SERVICES[f"{offer}-eu"]
    for server in service.preferred("imap", "pop3"):
        assert re.search(rf"IN SRV +\d+ 1 {server.port} {re.escape(server.host)}\.$", added, re.M)
    if service.dns.autodiscover_srv:
        assert f"0 0 443 {service.dns.autodiscover_srv}." in added


@every_language
@pytest.mark.parametrize("offer", OFFERS)
def test_records_to_add_can_be_pasted(form: FlaskClient, offer: str, language: str) -> None:
    """In a zone's text, a line that begins with a space belongs to the name above it."""
    text = steps(form, language, offer, domains="example.com", site="www.example.com")
    _, _, added = text.partition(words("steps", language)["dns_add"][:20])
    records = re.findall(r"^.* IN [A-Z]+ .*$", added, re.MULTILINE)
    assert records
    assert [line for line in records if line.startswith(" ")] == []


def test_records_of_the_same_names_are_to_go(form: FlaskClient) -> None:
    """OVHcloud created some with servers of MX Plan, which no form has looked for."""
    text = one_line(steps(form, offer="email-pro", domains="example.com"))
    assert "OVHcloud created some (_imaps._tcp, _submission._tcp)" in text


def test_without_a_site_the_control_panel_writes_the_records(form: FlaskClient) -> None:
    text = one_line(steps(form, domains="example.com"))
    assert re.findall(r"^    autoconfig +IN CNAME +(\S+)$", text, re.MULTILINE) == [
        f"{host}." for host in LEFT_OVER
    ]
    assert "No line for autoconfig.example.com, autodiscover.example.com here" in text
    assert "the Automatic configuration of the DNS" in text
    assert "Manual configuration" not in text
    with_site = one_line(steps(form, domains="example.com", site="www.example.com"))
    assert "the Manual configuration of the DNS" in with_site
    assert "No line for" not in with_site


@every_language
def test_folder_of_an_earlier_zip_is_to_stay(form: FlaskClient, language: str) -> None:
    """One of another offer, or of the domains beyond the first twenty, is as it was."""
    text = one_line(steps(form, language))
    assert words("steps", language)["upload_apache"].format(folder="autoconfig") in text
    assert "autoconfig2" in text


def test_files_alone_have_no_name_for_outlook(form: FlaskClient) -> None:
    text = one_line(steps(form, domains="example.com", site="www.example.com", space="plain"))
    assert "    autoconfig.example.com: autoconfig/autoconfig.example.com" in text
    assert "autodiscover.example.com" not in text
    assert not re.search(r"autodiscover +IN CNAME +www", text)
    assert "Outlook learns nothing from plain files about example.com" in text
    assert "https://autoconfig.example.com/mail/config-v1.1.xml" in text
    elsewhere = one_line(steps(form, domains="example.com", space="plain"))
    assert "Have autoconfig.example.com lead to your web space too" in elsewhere


def test_exchange_needs_no_file_for_outlook(form: FlaskClient) -> None:
    text = steps(form, offer="exchange-hosted", domains="example.com", space="plain")
    assert "Outlook learns nothing" not in text


def test_names_below_another_zone_are_said_to_be_longer(form: FlaskClient) -> None:
    text = one_line(steps(form, domains="mail.sub.example"))
    assert "These lines are for a zone mail.sub.example." in text
    assert "add .mail to the name that each line begins with: autoconfig.mail" in text
    assert "These lines are for a zone" not in steps(form, domains="example.com")


def test_international_name_is_told_in_both_forms(form: FlaskClient) -> None:
    assert "\n* café.example (xn--caf-dma.example)\n" in steps(form, domains="CAFÉ.example")


@every_language
def test_number_that_nobody_has_seen_is_doubted(form: FlaskClient, language: str) -> None:
    rule = CATALOGUE.offers["email-pro"].regions["eu"].server
    assert isinstance(rule, Numbered)
    unseen = rule.pattern.replace("{n}", "98")
    doubt = words("steps", language)["doubt"]
    assert doubt.format(host=unseen) in one_line(steps(form, language, "email-pro", server=unseen))
    assert doubt.partition("{")[0] not in one_line(steps(form, language, "email-pro"))


@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ({}, "--offer mx-plan"),
        ({"region": "ca"}, "--offer mx-plan --region ca"),
        ({"offer": "email-pro"}, f"--offer email-pro --server {SERVICES['email-pro-eu'].host}"),
    ],
)
def test_command_checks_exactly_these_names(
    form: FlaskClient, fields: dict[str, str], options: str
) -> None:
    assert f"\n    autoconfig check {' '.join(NAMES)} {options}\n" in steps(form, **fields)

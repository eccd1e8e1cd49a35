"""What the form asks for, and each mistake in it, at its field and in words of the person's."""

import time
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from autoconfig.answers.answer import State
from autoconfig.answers.metrics import Metrics
from autoconfig.config.load import Config
from autoconfig.documents.formats import LANGUAGES
from autoconfig.documents.render import Renderings
from autoconfig.documents.words import words
from autoconfig.errors import Busy, LookUpFailed
from autoconfig.export.files import TARGETS
from autoconfig.generator import form as form_module
from autoconfig.generator.form import MOST_DOMAINS, SPACES, Typed, read
from tests.generator.forms import GOOD, send, steps_in, that_detects, unpacked
from tests.support.detecting import ToldDetector
from tests.support.services import CATALOGUE, SERVICES, service_of

PRO1 = service_of("email-pro").host or ""
EX4 = service_of("exchange-hosted").host or ""
CANADA = service_of("exchange-hosted", "ca").host or ""
SSL0 = SERVICES["mx-plan-eu-ssl0"].host or ""
IMAP = service_of("mx-plan").servers[0].host
PRO = {"offer": "email-pro", "server": PRO1}


@pytest.fixture
def state(config: Config) -> State:
    return State(config, Renderings(), Metrics())


MISTAKES = {
    "nothing typed": ({}, {"offer": ["no_offer"], "domains": ["no_domain"]}),
    "no domain": ({"domains": " ,\n; "}, {"domains": ["no_domain"]}),
    "address": ({"domains": "alice@example.com"}, {"domains": ["name_meant"]}),
    "URL": ({"domains": "https://www.example.com/x"}, {"domains": ["name_meant"]}),
    "name of a program": ({"domains": "autoconfig.example.com"}, {"domains": ["name_meant"]}),
    "word": ({"domains": "example"}, {"domains": ["misnamed_domains"]}),
    "IP address": ({"domains": "192.0.2.1"}, {"domains": ["misnamed_domains"]}),
    "control characters": ({"domains": "a\x00b.example"}, {"domains": ["misnamed_domains"]}),
    "two mistakes": ({"domains": "x y"}, {"domains": ["misnamed_domains"] * 2}),
    "too many": (
        {"domains": " ".join(f"a{n}.example" for n in range(MOST_DOMAINS + 1))},
        {"domains": ["many_domains"]},
    ),
    "unknown offer": ({"offer": "gmail"}, {"offer": ["no_offer"]}),
    "DNS that is not asked": ({"offer": "dns"}, {"offer": ["no_offer"]}),
    "region": ({**PRO, "region": "ca"}, {"region": ["other_region"]}),
    "unknown region": ({"region": "moon"}, {"region": ["other_region"]}),
    "no server": ({"offer": "email-pro"}, {"server": ["no_server"]}),
    "own server missing": ({"offer": "exchange-private"}, {"server": ["no_server"]}),
    "blank server": ({"offer": "email-pro", "server": " "}, {"server": ["no_server"]}),
    "no such server": ({**PRO, "server": "mail.example"}, {"server": ["other_server"]}),
    "no host": ({**PRO, "server": "<b>"}, {"server": ["other_server"]}),
    "server of another offer": (
        {**PRO, "server": EX4},
        {"server": ["server_of_offer", "other_server"]},
    ),
    "server that articles name": (
        {"offer": "exchange-hosted", "server": SSL0},
        {"server": ["server_of_offer", "other_server"]},
    ),
    "server of another region": (
        {"offer": "exchange-hosted", "server": CANADA},
        {"server": ["server_of_region", "other_server"]},
    ),
    "server where none is": ({"server": "mail.example"}, {"server": ["server_unneeded"]}),
    "server of all": ({"server": IMAP}, {"server": ["server_unneeded"]}),
    "server of an offer that needs one": (
        {"server": PRO1},
        {"server": ["server_of_offer", "server_unneeded"]},
    ),
    "unknown web space": ({"space": "nginx"}, {"space": ["no_space"]}),
    "site as URL": ({"site": "https://www.example.com/"}, {"site": ["name_meant"]}),
    "site that is none": ({"site": "my site"}, {"site": ["misnamed_site"]}),
    "site is the name itself": ({"site": "autodiscover.example.com"}, {"site": ["site_itself"]}),
}


@pytest.mark.parametrize(("fields", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_is_told_at_its_field(
    state: State, fields: dict[str, str], expected: dict[str, list[str]]
) -> None:
    typed = Typed(**(fields and GOOD | fields))
    wanted, mistakes = read(typed, state)
    told: dict[str, list[str]] = {}
    for each in mistakes:
        told.setdefault(each.field, []).append(each.kind)
    assert wanted is None
    assert told == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("fields", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_has_a_sentence_in_the_language_of_the_person(
    form: FlaskClient, fields: dict[str, str], expected: dict[str, list[str]], language: str
) -> None:
    response = send(form, language, **(fields and GOOD | fields))
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    said = words("generator", language)
    assert page.count('role="alert"') == 1
    assert said["wrong"] in page
    for field, kinds in expected.items():
        block = page.partition(f'id="{field}-mistake"')[2].partition("</p>")[0]
        for kind in kinds:
            end = said[kind].rpartition("}")[2].replace("&", "&amp;")
            assert end in block


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("fields", "instead"),
    [
        ({"domains": "alice@Example.com"}, "example.com"),
        ({"domains": "https://www.example.com/mail"}, "example.com"),
        ({"domains": "autoconfig.example.com"}, "example.com"),
        ({"site": "http://www.example.com:80/"}, "www.example.com"),
        ({"offer": "email-pro"}, CATALOGUE.offers["email-pro"].regions["eu"].server.example),
        (
            {"offer": "exchange-private"},
            CATALOGUE.offers["exchange-private"].regions["eu"].server.example,
        ),
        ({"offer": "exchange-hosted", "server": CANADA}, "Canada"),
        ({"offer": "email-pro", "server": EX4}, CATALOGUE.offers["exchange-hosted"].name),
    ],
)
def test_mistake_says_what_to_write(
    form: FlaskClient, fields: dict[str, str], instead: str, language: str
) -> None:
    page = send(form, language, **GOOD | fields).get_data(as_text=True)
    blocks = [each.partition("</p>")[0] for each in page.split('-mistake">')[1:]]
    assert instead in "".join(blocks)


@pytest.mark.parametrize("site", ["", " ", "www.example.com", "Example.org."])
def test_good_form_has_what_it_asks_for(state: State, site: str) -> None:
    fields = {**PRO, "server": f" https://{PRO1.upper()}./owa ", "space": "plain", "site": site}
    domains = "Example.com,\r\n café.example;example.com \t b.example"
    wanted, mistakes = read(Typed(domains=domains, **fields), state)
    assert not mistakes
    assert wanted is not None
    assert [*wanted.served.domains] == ["example.com", "xn--caf-dma.example", "b.example"]
    assert {each.host for each in wanted.served.services()} == {PRO1}
    assert wanted.space == "plain"
    assert wanted.site == (site.strip().lower().removesuffix(".") or None)


def test_most_domains_are_taken(form: FlaskClient) -> None:
    domains = "\n".join(f"a{number}.example" for number in range(MOST_DOMAINS))
    assert len(unpacked(send(form, offer="mx-plan", domains=domains))) > 4 * MOST_DOMAINS


def test_kinds_of_web_space_are_those_of_export() -> None:
    assert {*SPACES} < {*TARGETS}


# ----------------------------------------------------------------------------------- from the DNS

BY_DNS = {"offer": "dns", "domains": "a.com b.com"}
TOLD = {"a.com": service_of("email-pro"), "b.com": SERVICES["mx-plan-eu-guess"]}


def test_offer_of_each_domain_is_read_in_the_dns() -> None:
    client = that_detects(ToldDetector(TOLD))
    assert 'value="dns"' in client.get("/generator").get_data(as_text=True)
    files = unpacked(send(client, **BY_DNS))
    assert PRO1.encode() in files["autoconfig/autoconfig.a.com/mail/config-v1.1.xml"]
    assert IMAP.encode() in files["autoconfig/autoconfig.b.com/mail/config-v1.1.xml"]
    steps = steps_in(files)
    assert "The offer of b.com is a guess" in steps
    assert "The offer of a.com" not in steps
    assert "The DNS has told these offers." in steps
    chosen = steps_in(unpacked(send(client, **GOOD)))
    assert "The DNS has told" not in chosen


@pytest.mark.parametrize("language", LANGUAGES)
def test_domain_of_which_the_dns_tells_no_offer_is_named(language: str) -> None:
    client = that_detects(ToldDetector({"b.com": TOLD["b.com"]}))
    response = send(client, language, **BY_DNS)
    assert response.status_code == 422
    sentence = words("generator", language)["dns_silent"].format(domain="a.com")
    assert sentence in response.get_data(as_text=True)
    assert 'value="dns" selected' in response.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", [LookUpFailed(), Busy()], ids=["failed", "busy"])
def test_look_up_that_failed_is_said_and_is_no_answer(error: Exception, language: str) -> None:
    client = that_detects(ToldDetector({"a.com": error}))
    response = send(client, language, **BY_DNS)
    page, said = response.get_data(as_text=True), words("generator", language)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert said["dns_failed"].format(domain="a.com") in page
    assert said["later"] in page
    assert "b.com" not in page.partition('id="offer-mistake"')[2]
    assert "a.com b.com</textarea>" in page


def test_look_ups_end_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([0.0, 1.0, form_module.DNS_SECONDS + 1.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    detector = ToldDetector(TOLD)
    client = that_detects(detector)
    response = send(client, **BY_DNS)
    assert response.status_code == 503
    assert detector.asked == ["a.com"]


@pytest.mark.parametrize("mistake", [{"domains": "a.com x"}, {"server": PRO1}], ids=str)
def test_dns_is_not_asked_about_a_form_with_another_mistake(mistake: dict[str, str]) -> None:
    """One is a server: the person would not see that the DNS has told another."""
    detector = ToldDetector(TOLD)
    response = send(that_detects(detector), **BY_DNS | mistake)
    assert response.status_code == 422
    assert detector.asked == []
    assert all(f'id="{field}-mistake"' in response.get_data(as_text=True) for field in mistake)
    assert 'id="offer-mistake"' not in response.get_data(as_text=True)


def test_configured_domain_is_as_it_is_configured(config: Config) -> None:
    detector = ToldDetector()
    state = State(replace(config, detect=True), Renderings(), Metrics(), detector)  # type: ignore[arg-type]  # it has the four methods that are asked
    wanted, _ = read(Typed(offer="dns", domains="example.fr"), state)
    assert wanted is not None
    assert [each.offer.id for each in wanted.served.services()] == ["email-pro"]
    assert detector.asked == []

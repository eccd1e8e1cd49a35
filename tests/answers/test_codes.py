"""`/qr.svg`: codes for phones, drawn, decoded, and read as the phone reads them."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from werkzeug.test import TestResponse

from autoconfig.answers import codes
from autoconfig.answers.answer import MOST_CODES
from autoconfig.answers.endpoints import PROFILE_PATH
from autoconfig.config.load import Config
from autoconfig.config.served import Served
from autoconfig.names import Domain, EmailAddress
from autoconfig.web import create_app
from tests.support import own_offers
from tests.support.asking import ask
from tests.support.client import FROM_HTTP, host
from tests.support.codes import Account, Connection, Image, Refused, account_in, text_in
from tests.support.requests import CODE, MOZILLA
from tests.support.services import DOCUMENTS, SERVICES
from tests.support.strategies import local_parts
from tests.support.tables import table

BASE = "https://autoconfig.agency.example"
"""The `base_url` of the example configuration."""
WIDEST = 57
"""Modules of a code that phones read from a screen at once, without its margin: version 10."""

every_service = pytest.mark.parametrize("name", SERVICES)
every_kind = pytest.mark.parametrize("of", codes.CONTENTS)


@pytest.fixture(scope="module")
def every_client(config: Config) -> FlaskClient:
    """A server that has every service, at the domain of its name."""
    domains = {Domain(f"{name}.example"): service for name, service in SERVICES.items()}
    return create_app(replace(config, served=Served(domains, {}))).test_client()


def asked(client: FlaskClient, address: str, of: str = "", **headers: str) -> TestResponse:
    """The code for an address, percent-encoded as a page does it."""
    query = {"email": address} | ({"of": of} if of else {})
    return client.get(f"{CODE}?{urlencode(query)}", headers=headers)


def link(address: str, more: str = "", base: str = BASE) -> str:
    return f"{base}{PROFILE_PATH}?email={quote(address, safe='@')}{more}"


# ------------------------------------------------------------------------------------- the image


@every_service
@every_kind
def test_code_has_its_own_white_ground_and_a_margin_of_four(
    every_client: FlaskClient, name: str, of: str
) -> None:
    """A phone that does not read inverted codes finds it on a dark page, too."""
    response = asked(every_client, f"alice.martin@{name}.example", of)
    assert response.status_code == 200
    image = Image(response.data)
    assert image.margin == 4
    assert image.side - 2 * 4 <= WIDEST


@every_kind
def test_answer_is_an_image_that_nobody_keeps(client: FlaskClient, of: str) -> None:
    response = asked(client, "alice@example.fr", of)
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "ETag" not in response.headers
    again = client.get(response.request.url, headers={"If-None-Match": "*"})
    assert (again.status_code, again.data) == (200, response.data)


def test_code_corrects_errors_at_the_level_of_its_kind_or_above(client: FlaskClient) -> None:
    levels = {
        of: Image(asked(client, "alice@example.fr", of).data).decoded().ec_level
        for of in codes.CONTENTS
    }
    assert levels["profile"] in {"M", "Q", "H"}
    assert levels["thunderbird"] in {"L", "M"}


# ------------------------------------------------------------------------------------- the link


@every_service
def test_code_without_a_kind_is_the_link_of_the_profile(
    every_client: FlaskClient, name: str
) -> None:
    """That of Exchange where the mailbox is on such a server."""
    address = f"alice@{name}.example"
    more = "&for=iphone" if SERVICES[name].offer.outlook == "exchange" else ""
    assert text_in(asked(every_client, address).data) == link(address, more)


@pytest.mark.parametrize(
    ("device", "more"),
    [("iphone", "&for=iphone"), ("Mac", "&for=mac"), ("windows", ""), ("", ""), ("a&b=c", "")],
)
def test_link_is_for_the_device_that_is_asked_for(
    client: FlaskClient, device: str, more: str
) -> None:
    """The page asks for it where the offer has ActiveSync beside IMAP."""
    query = urlencode({"email": "alice@zimbra.example", "for": device})
    assert text_in(client.get(f"{CODE}?{query}").data) == link("alice@zimbra.example", more)


@pytest.mark.parametrize("of", ["profile", "PROFILE", "", "thunderbird2", "\0", "of=thunderbird"])
def test_kind_that_is_unknown_is_the_link_of_the_profile(client: FlaskClient, of: str) -> None:
    assert text_in(asked(client, "alice@example.fr", of).data) == link("alice@example.fr")


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("example.fr", "https://example.fr"),
        ("autoconfig.example.fr:8000", "https://autoconfig.example.fr"),
        ("www.example.com", "https://www.example.com"),
        ("evil.example", "https://autodiscover.example.fr"),
        ("localhost:8000", "https://autodiscover.example.fr"),
        ("192.0.2.1", "https://autodiscover.example.fr"),
    ],
)
@pytest.mark.parametrize("headers", [{}, FROM_HTTP], ids=["https", "http"])
def test_link_without_a_base_leads_to_the_host_if_that_is_ours(
    config: Config, name: str, base: str, headers: dict[str, str]
) -> None:
    client = create_app(replace(config, base_url=None)).test_client()
    response = asked(client, "alice@example.fr", **host(name), **headers)
    assert text_in(response.data) == link("alice@example.fr", base=base)


# ------------------------------------------------------------------------------------- the account


@every_service
def test_account_has_the_preferred_servers_of_the_service(
    every_client: FlaskClient, name: str
) -> None:
    """By IMAP also where it is an Exchange server's, which the app does not speak with."""
    address, service = f"alice@{name}.example", SERVICES[name]
    account = account_in(text_in(asked(every_client, address, "thunderbird").data))
    incoming, outgoing = (
        Connection(each.protocol, each.host, each.port, each.socket, "password-cleartext", address)
        for each in (service.of("imap")[0], service.of("smtp")[0])
    )
    assert account == Account(incoming, outgoing, address, "")


def test_account_of_a_service_without_imap_is_one_of_pop3(tmp_path: Path) -> None:
    file = tmp_path / "autoconfig.toml"
    file.write_text(
        'service = [{offer = "mx-plan", protocols = ["pop3", "smtp"], domains = ["a.example"]}]'
    )
    response = asked(create_app(file).test_client(), "alice@a.example", "Thunderbird")
    account = account_in(text_in(response.data))
    assert (account.incoming.protocol, account.incoming.security) == ("pop3", "SSL")


def test_account_of_an_offer_of_ones_own_signs_in_as_that_says(tmp_path: Path) -> None:
    file = tmp_path / "autoconfig.toml"
    login = ('"%EMAILADDRESS%", authentication = "password-cleartext"',)
    own = own_offers.OWN_OFFERS.replace(
        *login, '"%EMAILDOMAIN%-%EMAILLOCALPART%", authentication = "password-encrypted"'
    )
    (tmp_path / "offers.toml").write_text(own)
    file.write_text(
        'offers_file = "offers.toml"\n'
        'service = [{offer = "acme", server = "box1", domains = ["a.example"]}]'
    )
    response = asked(create_app(file).test_client(), "alice+x@a.example", "thunderbird")
    assert account_in(text_in(response.data)).incoming == Connection(
        "imap", "box1.acme.example", 993, "SSL", "password-encrypted", "a.example-alice+x"
    )


SOUND = [
    1,
    [1, 1],
    [0, "imap.example.com", 993, 3, 1, "alice@example.com"],
    [[[0, "smtp.example.com", 465, 3, 1, "alice@example.com"], ["alice@example.com", ""]]],
]
INCOMING, OUTGOING, IDENTITY = (2,), (3, 0, 0), (3, 0, 1)


def changed(place: tuple[int, ...], value: object) -> str:
    """The sound account with another value at a place."""
    copy = json.loads(json.dumps(SOUND))
    within = copy
    for index in place[:-1]:
        within = within[index]
    within[place[-1]] = value
    return json.dumps(copy)


def test_reader_of_the_tests_takes_a_sound_account() -> None:
    assert account_in(json.dumps(SOUND)).address == "alice@example.com"


@pytest.mark.parametrize(
    ("place", "value"),
    table(
        {
            "another version": ((0,), 2),
            "a second code to come": ((1, 1), 2),
            "no host": ((*INCOMING, 1), None),
            "host that is not ASCII": ((*INCOMING, 1), "imap.café.example"),
            "port of nought": ((*INCOMING, 2), 0),
            "port as a text": ((*OUTGOING, 2), "465"),
            "security that is not to be used": ((*OUTGOING, 3), 1),
            "sign-in by Kerberos": ((*INCOMING, 4), 3),
            "protocol that is unknown": ((*OUTGOING, 0), 1),
            "user name of two lines": ((*INCOMING, 5), "alice\n@example.com"),
            "address that is quoted": ((*IDENTITY, 0), '"alice"@example.com'),
            "local part of 65": ((*IDENTITY, 0), f"{'a' * 65}@example.com"),
            "person of whom there is no name": ((*IDENTITY, 1), None),
            "identity that is no array": (IDENTITY, "alice@example.com"),
        }
    ),
)
def test_reader_of_the_tests_refuses_what_the_app_refuses(
    place: tuple[int, ...], value: object
) -> None:
    with pytest.raises(Refused):
        account_in(changed(place, value))


# ----------------------------------------------------------------------------- odd addresses


ODD = {
    "plus": "alice+news@example.com",
    "ampersand": "a&for=mac@example.com",
    "percent": "100%@example.com",
    "escape": "a%26b@example.com",
    "quote": "o'hara@example.com",
    "question mark": "a?b=c#d@example.com",
    "slashes": "a/b//c@example.com",
    "equals": "a=b@example.com",
    "braces": "{{7*7}}@example.com",
    "placeholder": "%EMAILDOMAIN%@example.com",
    "another placeholder": "%EMAILADDRESS%@example.com",
    "tilde": "~alice@example.com",
    "capitals": "Alice.MARTIN@example.com",
    "the longest local part": f"{'a' * 64}@example.com",
    "international domain": "alice@xn--caf-dma.example",
}
REFUSED_BY_THE_APP = {
    "quotes": '"alice"@example.com',
    "quote within": 'a"b@example.com',
    "backslash": "a\\b@example.com",
    "angle brackets": "<alice>@example.com",
    "parentheses": "alice(work)@example.com",
    "comma": "a,b@example.com",
    "colon": "a:b@example.com",
    "brackets": "[a]@example.com",
    "two dots": "a..b@example.com",
    "dot at the start": ".a@example.com",
    "dot at the end": "a.@example.com",
    "a letter with an accent": "élise@example.com",
    "emoji": "\N{GRINNING FACE}@example.com",
    "right to left": "\N{HEBREW LETTER ALEF}@example.com",
    "a local part of 65": f"{'a' * 65}@example.com",
    "a local part of 242": f"{'é' * 121}@example.com",
}


@pytest.mark.parametrize("address", table(ODD | REFUSED_BY_THE_APP))
def test_link_has_the_address_to_the_letter(client: FlaskClient, address: str) -> None:
    url = urlsplit(text_in(asked(client, address).data))
    assert (url.scheme, url.netloc, url.path) == (
        "https",
        "autoconfig.agency.example",
        PROFILE_PATH,
    )
    assert parse_qs(url.query, strict_parsing=True) == {"email": [address]}
    assert not url.fragment


@pytest.mark.parametrize("address", table(ODD))
def test_account_has_the_address_to_the_letter(client: FlaskClient, address: str) -> None:
    account = account_in(text_in(asked(client, address, "thunderbird").data))
    assert {account.address, account.incoming.username, account.outgoing.username} == {address}


@pytest.mark.parametrize("address", table(REFUSED_BY_THE_APP))
def test_account_that_the_app_refuses_is_a_bad_request(client: FlaskClient, address: str) -> None:
    response = asked(client, address, "thunderbird")
    assert (response.status_code, response.mimetype) == (400, "text/html")


@settings(max_examples=60)
@given(local=local_parts)
def test_account_is_refused_where_the_app_would_refuse_it_and_only_there(
    app: Flask, local: str
) -> None:
    address = EmailAddress(local, Domain("example.com"))
    reply = ask(app, CODE, query=f"of=thunderbird&email={quote(str(address))}")
    written = DOCUMENTS["mx-plan-eu"]["thunderbird-code"].fill(address.domain, address).decode()
    try:
        account = account_in(written)
    except Refused:
        assert reply.status == 400
    else:
        assert account_in(text_in(reply.body)) == account
        assert account.address == str(address)


@every_kind
@pytest.mark.parametrize(
    ("query", "status"),
    table(
        {
            "no address": ("", 400),
            "an empty one": ("email=", 400),
            "the placeholder": ("email=%25EMAILADDRESS%25", 400),
            "no domain": ("email=alice", 400),
            "two at signs": ("email=a@b@example.com", 400),
            "two lines": ("email=alice@example.com%0D%0Ab", 400),
            "no UTF-8 in the domain": ("email=alice@ex%FFample.com", 400),
            "too long": (f"email={'a' * 250}@example.com", 400),
            "a domain that is not served": ("email=alice@unknown.example", 404),
            "a raw plus": ("email=alice+news@example.com", 200),
            "capitals": ("EMAIL=ALICE@EXAMPLE.COM", 200),
            "twice": ("email=alice@example.com&email=alice@unknown.example", 200),
        }
    ),
)
def test_code_is_for_a_whole_address_that_is_served(
    client: FlaskClient, of: str, query: str, status: int
) -> None:
    assert client.get(f"{CODE}?of={of}&{query}").status_code == status


def test_host_is_no_address(client: FlaskClient) -> None:
    """A code is for a person; the page of a domain asks for the address first."""
    assert client.get(CODE, headers=host("example.fr")).status_code == 400


# ------------------------------------------------------------------------------------- at once

BEYOND = 3
MOST_SECONDS = 30
"""For a busy machine; a thread that waits this long waits for ever."""


class Held:
    """The drawing of codes, none of which is finished before `finish`. `begun`: how many are."""

    def __init__(self) -> None:
        self.begun = 0
        self._drawn = codes.svg
        self._may_finish = Event()
        self.finish = self._may_finish.set

    def __call__(self, text: str, level: codes.Level) -> bytes:
        self.begun += 1
        self._may_finish.wait()
        return self._drawn(text, level)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MOST_CODES + BEYOND) as pool:
        yield pool


@pytest.fixture
def held(threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Whatever becomes of the test, its threads end."""
    drawing = Held()
    monkeypatch.setattr(codes, "svg", drawing)
    yield drawing
    drawing.finish()


def test_few_codes_are_waited_for_at_once_and_one_is_drawn_at_a_time(
    app: Flask, threads: ThreadPoolExecutor, held: Held
) -> None:
    """None can be finished, so whatever is answered is refused; all others wait."""
    answered: SimpleQueue[int] = SimpleQueue()

    def ask_for_one() -> None:
        answered.put(ask(app, CODE, query="email=alice@example.fr").status)

    def next_answers(number: int) -> list[int]:
        return [answered.get(timeout=MOST_SECONDS) for _ in range(number)]

    for _ in range(MOST_CODES + BEYOND):
        threads.submit(ask_for_one)
    assert next_answers(BEYOND) == [503] * BEYOND
    assert held.begun == 1
    assert ask(app, MOZILLA).status == 200
    held.finish()
    assert next_answers(MOST_CODES) == [200] * MOST_CODES
    assert held.begun == MOST_CODES
    assert ask(app, CODE, query="email=alice@example.fr").status == 200


def test_turn_of_a_code_that_fails_is_given_back(
    config: Config, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(config)
    monkeypatch.setattr(codes, "svg", lambda text, level: 1 / 0)
    for _ in range(MOST_CODES + BEYOND):
        assert ask(app, CODE, query="email=alice@example.fr").status == 500
    assert "alice" not in caplog.text

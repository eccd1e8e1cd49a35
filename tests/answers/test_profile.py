"""`/email.mobileconfig`: the Apple profile of a person."""

import plistlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from autoconfig.answers.answer import MOST_SIGNATURES
from autoconfig.config.load import Config, load_config
from autoconfig.sign.identity import Identity
from autoconfig.web import create_app
from tests.support.client import host
from tests.support.requests import PROFILE as URL
from tests.support.requests import quoted
from tests.support.signing import TABLE, opened, write_signing

FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.5"}
MAIL, ACTIVESYNC, EWS, CALENDARS = (
    f"com.apple.{each}" for each in ("mail.managed", "eas.account", "ews.account", "caldav.account")
)


def profile(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200
    found: dict[str, Any] = plistlib.loads(response.data)
    return found


def payloads(response: TestResponse) -> list[str]:
    return [each["PayloadType"] for each in profile(response)["PayloadContent"]]


def test_profile_is_sent_as_a_file_that_is_nobody_elses(client: FlaskClient) -> None:
    response = client.get(f"{URL}?email=alice@example.fr", headers=host("example.fr"))
    assert dict(response.headers) == {
        "Content-Type": "application/x-apple-aspen-config",
        "Content-Length": str(len(response.data)),
        "Content-Disposition": 'attachment; filename="email.mobileconfig"',
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
        "X-Content-Type-Options": "nosniff",
    }
    assert payloads(response) == [MAIL]


@pytest.mark.parametrize(
    ("address", "device", "expected"),
    [
        ("alice@example.fr", "", [MAIL]),
        ("alice@example.fr", "&for=iphone", [MAIL]),
        ("alice@example.fr", "&for=mac", [MAIL]),
        ("alice@zimbra.example", "", [MAIL, CALENDARS]),
        ("alice@zimbra.example", "&for=iphone", [ACTIVESYNC]),
        ("alice@zimbra.example", "&for=mac", [EWS]),
        ("alice@exchange.example", "", [MAIL]),
        ("alice@exchange.example", "&for=iphone", [ACTIVESYNC]),
        ("alice@exchange.example", "&FOR=iPhone", [ACTIVESYNC]),
        ("alice@exchange.example", "&for=mac", [EWS]),
        ("alice@exchange.example", "&for=ipad", [MAIL]),
        ("alice@exchange.example", "&for=iphone-fr", [MAIL]),
        ("boss@example.fr", "&for=mac", [EWS]),
    ],
)
def test_device_decides_the_account_where_the_service_has_more_than_one(
    client: FlaskClient, address: str, device: str, expected: list[str]
) -> None:
    """Asked under any name: the address says whose it is."""
    response = client.get(f"{URL}?email={address}{device}", headers=host("127.0.0.1"))
    assert payloads(response) == expected


@pytest.mark.parametrize(
    ("query", "headers", "begins"),
    [
        ("", {}, "Mail of"),
        ("", FRENCH, "Messagerie"),
        ("&lang=fr", {}, "Messagerie"),
        ("&lang=en", FRENCH, "Mail of"),
        ("&lang=de", FRENCH, "Messagerie"),
    ],
)
def test_profile_is_in_the_language_of_the_reader(
    client: FlaskClient, query: str, headers: dict[str, str], begins: str
) -> None:
    response = client.get(f"{URL}?email=alice@example.fr{query}", headers=headers)
    assert profile(response)["PayloadDisplayName"].startswith(begins)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?email=", 400),
        ("?email=%EMAILADDRESS%", 400),
        ("?email=example.fr", 400),
        ("?email=a@b@example.fr", 400),
        ("?email=a%0Ab@example.fr", 400),
        (f"?email={'a' * 255}@example.fr", 400),
        ("?email=alice@example.net", 404),
    ],
)
def test_person_without_a_profile_gets_a_page(client: FlaskClient, query: str, status: int) -> None:
    response = client.get(f"{URL}{query}", headers=host("example.fr"))
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Content-Disposition" not in response.headers


@pytest.mark.parametrize(
    "local", ["a+b", "a&b", "<plist>", "'\"", "%UUID:MAIL%", "x" * 64, "é", "]]>", "a/../b"]
)
@pytest.mark.parametrize("domain", ["example.fr", "café.example", "xn--caf-dma.example"])
def test_address_stands_in_it_whatever_it_holds(
    client: FlaskClient, local: str, domain: str
) -> None:
    response = client.get(f"{URL}?email={quoted(f'{local}@{domain}')}")
    ascii_domain = domain.replace("café", "xn--caf-dma")
    (mail,) = profile(response)["PayloadContent"]
    assert mail["EmailAddress"] == f"{local}@{ascii_domain}"
    assert mail["EmailAccountDescription"] == (f"{local}@{domain.replace('xn--caf-dma', 'café')}")
    assert response.headers["Content-Disposition"] == 'attachment; filename="email.mobileconfig"'


def test_raw_plus_is_a_plus(client: FlaskClient) -> None:
    (mail,) = profile(client.get(f"{URL}?email=a+b@example.fr"))["PayloadContent"]
    assert mail["EmailAddress"] == "a+b@example.fr"


# ------------------------------------------------------------------------------------- signed


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory, config: Config) -> FlaskClient:
    """A server whose operator has a key."""
    folder = tmp_path_factory.mktemp("signing")
    write_signing(folder)
    (folder / "autoconfig.toml").write_text("detect = true\n" + TABLE)
    identity = load_config(folder / "autoconfig.toml").identity
    return create_app(replace(config, identity=identity)).test_client()


@pytest.mark.parametrize("device", ["", "&for=iphone", "&for=mac", "&lang=fr"])
def test_signed_profile_is_the_profile_in_a_signature(
    client: FlaskClient, signing: FlaskClient, device: str
) -> None:
    url = f"{URL}?email=alice@exchange.example{device}"
    plain, signed = client.get(url), signing.get(url)
    assert opened(signed.data)[0] == plain.data
    changed = {"Content-Length": str(len(signed.data))}
    assert dict(signed.headers) == {**plain.headers, **changed}


def test_refusal_is_not_signed(client: FlaskClient, signing: FlaskClient) -> None:
    for query in ("", "?email=alice@example.net"):
        assert signing.get(URL + query).data == client.get(URL + query).data


def test_head_of_a_signed_profile_has_its_length(signing: FlaskClient) -> None:
    """Of an RSA signature; one of EC has a byte more or less each time."""
    response = signing.head(f"{URL}?email=alice@example.fr")
    length = len(signing.get(f"{URL}?email=alice@example.fr").data)
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["Content-Length"] == str(length)


BEYOND = 3
MOST_SECONDS = 30
"""For a busy machine; a thread that waits this long waits for ever."""


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MOST_SIGNATURES + BEYOND) as pool:
        yield pool


@pytest.fixture
def may_finish(threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """No signature is finished before; whatever becomes of the test, its threads end."""
    event, sign = Event(), Identity.sign

    def held(identity: Identity, content: bytes) -> bytes:
        event.wait()
        return sign(identity, content)

    monkeypatch.setattr(Identity, "sign", held)
    yield event
    event.set()


def test_few_signatures_are_waited_for_at_once(
    signing: FlaskClient, threads: ThreadPoolExecutor, may_finish: Event
) -> None:
    """None can be finished, so whatever is answered is refused; all others wait."""
    answered: SimpleQueue[int] = SimpleQueue()

    def ask_for_one() -> None:
        client = signing.application.test_client()
        answered.put(client.get(f"{URL}?email=alice@example.fr").status_code)

    def next_answers(number: int) -> list[int]:
        return [answered.get(timeout=MOST_SECONDS) for _ in range(number)]

    for _ in range(MOST_SIGNATURES + BEYOND):
        threads.submit(ask_for_one)
    assert next_answers(BEYOND) == [503] * BEYOND
    may_finish.set()
    assert next_answers(MOST_SIGNATURES) == [200] * MOST_SIGNATURES
    ask_for_one()
    assert next_answers(1) == [200]

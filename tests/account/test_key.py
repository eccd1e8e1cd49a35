"""How to get keys: what a person is told is enough, and no more than is needed."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import ovh.client
import ovh.config
import pytest

from autoconfig.account.client import Account
from autoconfig.account.credentials import REGIONS
from autoconfig.account.key import WORDS, how_to_get_keys
from autoconfig.account.rights import CHANGE_ZONES, READ_SERVICES, Need
from autoconfig.documents.formats import LANGUAGES
from autoconfig.offers.catalogue import load_catalogue
from tests.support.ovh_api import State, ZimbraDomain, mail, stand_in

PAGES = load_catalogue().account
CALLS = {
    "read": [
        *(
            "GET /email/domain",
            "GET /email/domain/a.example",
            "GET /email/domain/a.example/account",
        ),
        *("GET /email/pro", "GET /email/pro/emailpro-1", "GET /email/pro/emailpro-1/domain"),
        *("GET /email/mxplan", "GET /email/exchange", "GET /v2/zimbra/platform"),
        "GET /v2/zimbra/platform/00000000-0000-4000-8000-000000000001/domain",
    ],
    "change": [
        *("GET /domain/zone", "GET /domain/zone/a.example/export"),
        *("GET /domain/zone/a.example/record", "POST /domain/zone/a.example/refresh"),
    ],
}
NEEDS = {"read": READ_SERVICES, "change": CHANGE_ZONES}
every_need = pytest.mark.parametrize("kind", NEEDS)


def links(need: Need, lang: str = "en") -> dict[str, str]:
    """The page of each endpoint."""
    return dict(re.findall(r"^ +([\w-]+): (https:\S+)$", how_to_get_keys(need, PAGES, lang), re.M))


@every_need
@pytest.mark.parametrize("way", ["/v2", "", "service account"])
def test_rights_are_enough(kind: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    state = State(spellings=(way,), actions=NEEDS[kind].actions)
    state.add_zone("a.example", "")
    mail.old_mx_plan(state, "a.example")
    mail.email_pro(state, "emailpro-1", "b.example")
    mail.zimbra(state, ZimbraDomain("c.example"))
    state.rules = tuple(parse_qsl(urlsplit(links(NEEDS[kind])["ovh-eu"]).query))
    with stand_in(state) as server:
        monkeypatch.setitem(ovh.client.ENDPOINTS, "ovh-eu", server.url)
        monkeypatch.setitem(ovh.client.OAUTH2_TOKEN_URLS, "ovh-eu", server.token_url)
        for name, value in server.environment(by_token=way == "service account").items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("OVH_ENDPOINT", "ovh-eu")
        account = Account.open()
        for call in CALLS[kind]:
            method, _, path = call.partition(" ")
            getattr(account, method.lower())(path)
    assert server.called() == CALLS[kind]


def test_key_for_reading_can_change_nothing() -> None:
    assert {rule.method for rule in READ_SERVICES.rules} == {"GET"}
    assert {action.rpartition("/")[2].rpartition(":")[2] for action in READ_SERVICES.actions} == {
        "get"
    }


@every_need
@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_of_every_endpoint_has_the_rights(kind: str, lang: str) -> None:
    pages = links(NEEDS[kind], lang)
    assert set(pages) == {*REGIONS}
    for name, page in pages.items():
        assert page.startswith(f"{PAGES[REGIONS[name]].key_page}?GET=/")
        assert parse_qsl(urlsplit(page).query) == [*NEEDS[kind].rules]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_second_page_is_for_keys_that_do_for_both_commands(lang: str) -> None:
    text = how_to_get_keys(READ_SERVICES, PAGES, lang, CHANGE_ZONES)
    pages = re.findall(r"^ +ovh-eu: (https:\S+)$", text, re.MULTILINE)
    reading, both = [parse_qsl(urlsplit(page).query) for page in pages]
    assert (reading, both) == ([*READ_SERVICES.rules], [*reading, *CHANGE_ZONES.rules])
    actions = re.findall(r"^ +(\w+:apiovh:\S+)$", text, re.MULTILINE)
    assert actions == [*READ_SERVICES.actions, *READ_SERVICES.actions, *CHANGE_ZONES.actions]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_file_of_keys_is_one_that_the_library_reads(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = how_to_get_keys(READ_SERVICES, {"ca": PAGES["ca"]}, lang)
    lines = re.findall(r"^ +(\[.*\]|\w+=.*)$", text, flags=re.MULTILINE)
    file = tmp_path / "ovh.conf"
    file.write_text("\n".join(lines))
    monkeypatch.setattr(ovh.config, "CONFIG_PATH", [str(file)])
    assert Account.open().region == "ca"


def test_words_are_there_in_every_language_and_name_the_same() -> None:
    assert tuple(WORDS) == LANGUAGES
    english, french = (
        re.findall(r"\{\w+\}|\S+=|\[\S+\]|chmod.*rc?f?", text) for text in WORDS.values()
    )
    assert english == french

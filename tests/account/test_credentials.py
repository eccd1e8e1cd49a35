"""The keys: where they are looked for, and what is said of those that cannot be right."""

import os
import subprocess
import sys
from pathlib import Path

import ovh.client
import ovh.config
import pytest

from autoconfig.account.client import Account, Unusable
from autoconfig.account.credentials import open_client
from autoconfig.account.refusals import NotInstalled
from tests.support.ovh_api import State, stand_in

KEYS = {
    "OVH_APPLICATION_KEY": "application-key",
    "OVH_APPLICATION_SECRET": "application-secret",
    "OVH_CONSUMER_KEY": "consumer-key",
}
SERVICE_ACCOUNT = {"OVH_CLIENT_ID": "client-id", "OVH_CLIENT_SECRET": "client-secret"}
SECTION = """\
application_key=application-key
application_secret=application-secret
consumer_key=consumer-key
"""


def set_all(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only file of keys that is looked into."""
    path = tmp_path / "ovh.conf"
    monkeypatch.setattr(ovh.config, "CONFIG_PATH", [str(tmp_path / "none"), str(path)])
    return path


@pytest.mark.parametrize(("endpoint", "region"), [("ovh-eu", "eu"), ("ovh-ca", "ca")])
def test_endpoint_has_a_region(monkeypatch: pytest.MonkeyPatch, endpoint: str, region: str) -> None:
    set_all(monkeypatch, KEYS | {"OVH_ENDPOINT": endpoint})
    assert Account.open().region == region


def test_file_of_keys_is_read(file: Path) -> None:
    with stand_in(State()) as server:
        file.write_text(f"[default]\nendpoint={server.url}\n[{server.url}]\n{SECTION}")
        assert Account.open().get("/domain/zone") == []


def test_endpoint_in_the_library_may_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(State()) as server:
        monkeypatch.setitem(ovh.client.ENDPOINTS, "ovh-ca", server.url)
        set_all(monkeypatch, KEYS | {"OVH_ENDPOINT": "ovh-ca"})
        account = Account.open()
        assert (account.region, account.get("/domain/zone")) == ("ca", [])


@pytest.mark.parametrize("ending", ["/1.0", "/v1", "/1.0/", "/v1/"])
def test_endpoint_may_be_a_url(monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    state = State()
    with stand_in(state) as server:
        set_all(monkeypatch, KEYS | {"OVH_ENDPOINT": f"{server.base}{ending}"})
        account = Account.open()
        assert account.get("/domain/zone") == [*account.pages("/v2/zimbra/platform")] == []


@pytest.mark.parametrize("name", ["ovh-eu", "ovh-ca"])
def test_url_of_a_known_endpoint_has_its_region(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    set_all(monkeypatch, KEYS | {"OVH_ENDPOINT": ovh.client.ENDPOINTS[name]})
    assert Account.open().region == name.removeprefix("ovh-")


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        (None, "no endpoint is named: write ovh-eu or ovh-ca as endpoint= below"),
        ("", "no endpoint is named"),
        ("ovh-us", "ovh-us has neither mail services nor domains: write ovh-eu or ovh-ca"),
        ("soyoustart-eu", '"soyoustart-eu" is no endpoint: write ovh-eu or ovh-ca'),
        ("OVH-EU", "write ovh-eu"),
        ("eu", "write ovh-eu"),
        ("http://api.example.com/1.0", "is no endpoint"),
        ("http://127.0.0.1.example.com/1.0", "is no endpoint"),
        ("http://127.0.0.1@example.com/1.0", "is no endpoint"),
        ("https://user:password@example.com/1.0", "is no endpoint"),
        ("https://example.com", "is no endpoint"),
        ("https://example.com/2.0", "is no endpoint"),
        ("https://[::/1.0", "is no endpoint"),
        ("ftp://example.com/1.0", "is no endpoint"),
    ],
)
def test_endpoint_that_will_not_do_is_said_with_a_good_one(
    monkeypatch: pytest.MonkeyPatch, endpoint: str | None, words: str
) -> None:
    set_all(monkeypatch, KEYS | ({} if endpoint is None else {"OVH_ENDPOINT": endpoint}))
    with pytest.raises(Unusable) as raised:
        open_client()
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "no keys are there for ovh-eu: neither in variables OVH_APPLICATION_KEY"),
        ({**KEYS, "OVH_CONSUMER_KEY": ""}, "no consumer key is there for ovh-eu"),
        ({**KEYS, "OVH_APPLICATION_SECRET": ""}, "both application_key and application_secret"),
        ({**KEYS, "OVH_APPLICATION_KEY": ""}, "both application_key and application_secret"),
        ({**SERVICE_ACCOUNT, "OVH_CLIENT_SECRET": ""}, "both client_id and client_secret"),
        ({**KEYS, **SERVICE_ACCOUNT}, "Can't use both"),
        ({"OVH_CONSUMER_KEY": "x"}, "Missing authentication information"),
        ({**KEYS, "OVH_CONSUMER_KEY": '"quoted"'}, "consumer_key of ovh-eu is empty, in quotes"),
        ({**KEYS, "OVH_CONSUMER_KEY": "two words"}, "consumer_key of ovh-eu is empty"),
        ({**KEYS, "OVH_CONSUMER_KEY": "clé"}, "consumer_key of ovh-eu is empty"),
    ],
)
def test_keys_that_will_not_do_are_said_before_the_first_call(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], words: str
) -> None:
    set_all(monkeypatch, variables | {"OVH_ENDPOINT": "ovh-eu"})
    with pytest.raises(Unusable) as raised:
        open_client()
    assert words in str(raised.value)
    for name in ("OVH_CONSUMER_KEY", "OVH_APPLICATION_SECRET", "OVH_CLIENT_SECRET"):
        if len(variables.get(name, "")) > 1:
            assert variables[name] not in str(raised.value)


@pytest.mark.parametrize("keys", [KEYS, SERVICE_ACCOUNT], ids=["keys", "service account"])
def test_empty_variable_is_not_set_and_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch, keys: dict[str, str]
) -> None:
    empty = dict.fromkeys({*KEYS, *SERVICE_ACCOUNT} - {*keys}, "")
    set_all(monkeypatch, keys | empty | {"OVH_ENDPOINT": "ovh-eu"})
    before = dict(os.environ)
    open_client()
    assert dict(os.environ) == before


def test_empty_variable_leaves_the_file_to_say(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(f"[default]\nendpoint=ovh-ca\n[ovh-ca]\n{SECTION}")
    set_all(monkeypatch, dict.fromkeys((*KEYS, "OVH_ENDPOINT"), ""))
    assert open_client()[1] == "ca"


def test_empty_key_in_the_file_is_said(file: Path) -> None:
    file.write_text(f"[default]\nendpoint=ovh-eu\n[ovh-eu]\n{SECTION}client_id=\n")
    with pytest.raises(Unusable, match="client_id of ovh-eu is empty"):
        open_client()


def test_service_account_needs_an_endpoint_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, SERVICE_ACCOUNT | {"OVH_ENDPOINT": "http://localhost:1/1.0"})
    with pytest.raises(Unusable, match="not compatible with endpoint"):
        open_client()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"consumer_key=secret\n", "ovh.conf: line 1 is not as the library wants it"),
        (b"[a]\nconsumer_key=secret\nconsumer_key=secret\n", "ovh.conf: line 3 is not"),
        (b"[a]\nconsumer_key secret\n", "ovh.conf is not as the library wants it"),
        (b"[a]\nconsumer_key=secret\xe9\n", "is not UTF-8"),
    ],
    ids=["no section", "twice", "no value", "Latin 1"],
)
def test_malformed_file_is_said_without_its_text(file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    with pytest.raises(Unusable) as raised:
        open_client()
    assert words in str(raised.value)
    assert "secret" not in str(raised.value)


def test_malformed_file_is_said_when_the_library_reads_it_at_import(tmp_path: Path) -> None:
    (tmp_path / "ovh.conf").write_text("consumer_key=secret\n")
    program = (
        "from autoconfig.account.client import Account, Unusable\n"
        "try:\n    Account.open()\n"
        "except Unusable as error:\n    print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert f"{tmp_path / 'ovh.conf'}: line 1 is not as the library wants it" in run.stdout
    assert "secret" not in run.stdout + run.stderr


def test_missing_library_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ovh.client", None)
    with pytest.raises(NotInstalled, match=r"run /\S+ -m pip install '\.\[ovh\]'"):
        open_client()

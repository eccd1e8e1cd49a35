"""`/generator`: where it is, how it answers, and what it never says."""

import base64
import hashlib
import logging
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from autoconfig.answers.metrics import Metrics
from autoconfig.answers.pox_request import MAX_BODY
from autoconfig.config.load import Config
from autoconfig.documents.formats import LANGUAGES
from autoconfig.documents.text import LONG_FORM_STYLE, STYLE
from autoconfig.generator import view
from autoconfig.generator.archive import archive
from autoconfig.generator.form import MOST_FIELDS, Typed
from autoconfig.web import create_app
from autoconfig.wsgi.journal import Journal
from tests.generator.forms import BASE, GOOD, URL, send, unpacked, with_form
from tests.support.asking import ask
from tests.support.client import host
from tests.support.recipes import EXAMPLE
from tests.support.strategies import typed_domains, values
from tests.support.structure import Structure

every_language = pytest.mark.parametrize("language", LANGUAGES)
OWN_HOSTS = [BASE, f"{BASE}:8000", "localhost:8000", "my_machine", "192.0.2.1", "[::1]:8000"]
OTHER_HOSTS = ["example.com", "autoconfig.example.com", "unknown.example", "agency.example", "a b"]


@pytest.mark.parametrize("name", OWN_HOSTS)
def test_form_is_at_the_host_of_the_base_and_at_addresses_of_the_machine(
    form: FlaskClient, name: str
) -> None:
    assert form.get(URL, headers=host(name)).status_code == 200
    assert unpacked(send(form, host=name, **GOOD))


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("name", OTHER_HOSTS)
def test_form_is_at_no_other_name(form: FlaskClient, name: str, method: str) -> None:
    response = form.open(URL, method=method, data=GOOD, environ_overrides={"HTTP_HOST": name})
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"


def test_host_that_a_trusted_proxy_names_counts(form: FlaskClient) -> None:
    headers = {"Host": "127.0.0.1:8000", "X-Forwarded-Host": "example.com"}
    assert form.get(URL, headers=headers).status_code == 404
    headers = {"Host": "example.com", "X-Forwarded-Host": BASE}
    assert form.get(URL, headers=headers).status_code == 200


def test_two_hosts_are_refused(form: FlaskClient) -> None:
    assert form.get(URL, headers=host(f"{BASE},{BASE}")).status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_nothing_is_there_unless_the_configuration_says_so(
    client: FlaskClient, method: str
) -> None:
    response = client.open(URL, method=method, data=GOOD, headers=host(BASE))
    assert response.status_code == 404


def test_server_without_the_form_loads_nothing_for_it() -> None:
    program = (
        "import sys; from pathlib import Path; from autoconfig.web import create_app\n"
        "create_app(Path('deploy/autoconfig.example.toml'))\n"
        "rooms = ('autoconfig.generator', 'autoconfig.zone', 'autoconfig.export')\n"
        "print([name for name in sys.modules if name.startswith(rooms)])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=EXAMPLE.parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"


# --------------------------------------------------------------------------------------- the page


@every_language
def test_form_is_sent_as_every_page_for_people(form: FlaskClient, language: str) -> None:
    response = form.get(URL, headers={**host(BASE), "Accept-Language": language})
    assert f'<html lang="{language}">' in response.get_data(as_text=True)
    field = form.get("/", headers=host(BASE))
    names = ("Content-Type", "Cache-Control", "X-Content-Type-Options", "Referrer-Policy")
    for name in names:
        assert response.headers[name] == field.headers[name]
    assert "Accept-Language" in response.headers["Vary"]
    assert "Set-Cookie" not in response.headers


def test_policy_of_the_form_admits_its_two_styles_and_no_other(form: FlaskClient) -> None:
    """Where this fails, a style has changed, and `documents.text` is to say so."""
    response, field = form.get(URL), form.get("/")
    styles = re.findall(r"<style>(.*?)</style>", response.get_data(as_text=True), flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(each.encode()).digest()) for each in styles]
    assert [f"sha256-{each.decode()}" for each in digests] == [STYLE, LONG_FORM_STYLE]
    policy = field.headers["Content-Security-Policy"]
    both = policy.replace(f"'{STYLE}'", f"'{STYLE}' '{LONG_FORM_STYLE}'")
    assert response.headers["Content-Security-Policy"] == both
    assert "form-action 'self'" in both


@every_language
def test_language_that_is_chosen_stays_when_the_form_is_sent(
    form: FlaskClient, language: str
) -> None:
    chosen = form.get(f"{URL}?lang={language}", headers=host(BASE)).get_data(as_text=True)
    assert f'<form method="post" action="{URL}?lang={language}">' in chosen
    again = send(form, language, domains="x").get_data(as_text=True)
    assert f'<html lang="{language}">' in again


@every_language
@pytest.mark.parametrize("fields", [None, {}, GOOD | {"domains": "x", "site": "x", "space": "x"}])
def test_each_field_is_tied_to_its_label_its_hint_and_its_mistakes(
    form: FlaskClient, language: str, fields: Mapping[str, str] | None
) -> None:
    url = f"{URL}?lang={language}"
    response = form.get(url) if fields is None else send(form, language, **fields)
    elements = Structure(response.get_data(as_text=True)).elements
    ids = [each["id"] for _, each in elements if "id" in each]
    labels = [each["for"] for tag, each in elements if tag == "label"]
    controls = [each for tag, each in elements if tag in {"input", "select", "textarea"}]
    assert [each["name"] for each in controls] == labels
    assert {*labels} == {*Typed._fields}
    assert len(ids) == len({*ids})
    for each in controls:
        tied = str(each["aria-describedby"]).split()
        assert set(tied) <= {*ids}
        mistaken = f"{each['name']}-mistake"
        assert (mistaken in tied) == (mistaken in ids) == ("aria-invalid" in each)
    assert any(str(each).endswith("-mistake") for each in ids) == (fields is not None)


@every_language
def test_form_knows_every_offer_and_region(
    form: FlaskClient, config: Config, language: str
) -> None:
    page = form.get(f"{URL}?lang={language}").get_data(as_text=True)
    for offer in config.catalogue.offers.values():
        assert f'<option value="{offer.id}">{offer.name}</option>' in page
        for region in offer.regions:
            assert f'<option value="{region}"' in page
    assert 'value="dns"' not in page


@every_language
def test_french_sign_is_never_alone_at_the_beginning_of_a_line(
    form: FlaskClient, language: str
) -> None:
    page = send(form, language, domains="a@b.example <x> https://x.example", server="x")
    text = page.get_data(as_text=True).partition("</style>")[2]
    alone = [sign for sign in (" :", " ;", " !", " ?", " »", "« ", "'") if sign in text]
    assert alone == []


def test_what_was_typed_is_kept_and_escaped(form: FlaskClient) -> None:
    typed = '"><script>alert(1)</script>'
    response = send(form, domains=typed, server=typed, site=typed, offer=typed, region=typed)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    good = send(form, domains="a.example\nb.example", server="x", offer="mx-plan", space="plain")
    elements = Structure(good.get_data(as_text=True)).elements
    selected = {each["value"] for tag, each in elements if tag == "option" and "selected" in each}
    assert selected == {"mx-plan", "eu", "plain"}
    assert "a.example\nb.example</textarea>" in good.get_data(as_text=True)


# ------------------------------------------------------------------------------------ the exchange


def test_head_and_options_are_answered(form: FlaskClient) -> None:
    whole, head = form.get(URL), form.head(URL)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    options = form.options(URL)
    assert (options.status_code, options.data) == (204, b"")
    assert options.headers["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert options.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "X"])
def test_other_method_is_refused_as_elsewhere(form: FlaskClient, method: str) -> None:
    response = form.open(URL, method=method)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert response.headers["Cache-Control"] == "no-store"
    assert "405" in response.get_data(as_text=True)


def test_other_method_at_a_route_of_the_operator_is_left_to_flask(config: Config) -> None:
    app = with_form(config)
    app.add_url_rule("/own", "own", lambda: Response("own"))
    response = app.test_client().post("/own")
    assert (response.status_code, "no-store" in str(response.headers)) == (405, False)


def test_zip_is_an_attachment_that_nothing_keeps(form: FlaskClient) -> None:
    response = send(form, domains="café.example, example.com", offer="mx-plan")
    assert response.headers["Content-Type"] == "application/zip"
    name = 'attachment; filename="autoconfig-xn--caf-dma.example.zip"'
    assert response.headers["Content-Disposition"] == name
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"domains=" + b"a" * MAX_BODY, 413),
        (b"&".join([b"a=b"] * (MOST_FIELDS + 1)), 400),
        (b"\xff\x00=%FF&domains=%FF%00&&&=", 422),
        (b"", 422),
        (b"offer=mx-plan&domains=example.com&domains=example.fr&unknown=x", 200),
    ],
    ids=["too long", "too many fields", "no UTF-8", "empty", "twice and unknown"],
)
def test_body_is_bounded(form: FlaskClient, body: bytes, status: int) -> None:
    kind = "application/x-www-form-urlencoded"
    assert form.post(URL, data=body, content_type=kind).status_code == status


def test_body_of_another_kind_is_a_form_with_nothing_in_it(form: FlaskClient) -> None:
    response = form.post(URL, data=GOOD, content_type="multipart/form-data")
    assert response.status_code == 422


def test_body_that_breaks_off_is_refused(form: FlaskClient) -> None:
    reply = ask(
        form.application,
        URL,
        method="POST",
        body=b"offer=mx-plan",
        environ={"HTTP_HOST": BASE, "CONTENT_LENGTH": "5000"},
    )
    assert reply.status == 400


def test_zips_beyond_those_at_once_are_refused(
    form: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each one that is made sends the form again, until one is refused."""
    made, statuses = archive, []

    def again(*arguments: Any) -> bytes:
        response = send(form, **GOOD)
        statuses.append(response.status_code)
        assert response.headers.get("Retry-After", "1") == "1"
        return made(*arguments)

    monkeypatch.setattr(view, "archive", again)
    assert send(form, **GOOD).status_code == 200
    assert statuses == [503, *[200] * (view.AT_ONCE - 1)]
    monkeypatch.undo()
    assert send(form, **GOOD).status_code == 200


def test_fault_of_ours_is_said_without_what_was_typed(
    form: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    typed = "secret.example"

    def fail(*_: object) -> bytes:
        raise RuntimeError(typed)

    monkeypatch.setattr(view, "archive", fail)
    response = send(form, **GOOD | {"domains": typed})
    assert response.status_code == 500
    assert "secret" not in response.get_data(as_text=True) + caplog.text
    assert "RuntimeError while answering" in caplog.text
    monkeypatch.undo()
    for _ in range(view.AT_ONCE + 1):
        assert send(form, **GOOD).status_code == 200


@pytest.mark.parametrize("domains", ["secret.example", "alice@secret.example"])
def test_log_has_neither_domain_nor_address(
    config: Config, caplog: pytest.LogCaptureFixture, domains: str
) -> None:
    lines: list[str] = []
    app = with_form(config, Journal(lines.append, Metrics()))
    with caplog.at_level(logging.DEBUG):
        send(app.test_client(), **GOOD | {"domains": domains, "site": "www.secret.example"})
    assert lines[0].startswith("-:80 127.0.0.1 - - [")
    assert '"POST - HTTP/1.1"' in lines[0]
    assert "secret" not in "".join(lines) + caplog.text


def test_configuration_without_base_has_the_form_for_the_machine_alone(config: Config) -> None:
    client = create_app(replace(config, base_url=None, generator=True)).test_client()
    assert client.get(URL, headers=host("127.0.0.1:8000")).status_code == 200
    assert client.get(URL, headers=host(BASE)).status_code == 404


@settings(max_examples=150)
@given(
    fields=st.dictionaries(
        st.sampled_from(Typed._fields) | values,
        values | typed_domains | st.sampled_from(("mx-plan", "email-pro", "ca", "apache", "dns")),
        max_size=8,
    )
)
def test_whatever_is_typed_is_answered(odd: Flask, fields: dict[str, str]) -> None:
    response = send(odd.test_client(), **fields)
    assert response.status_code in {200, 413, 422}


@pytest.fixture(scope="module")
def odd(config: Config) -> Flask:
    """One for all that Hypothesis makes up."""
    return with_form(config)

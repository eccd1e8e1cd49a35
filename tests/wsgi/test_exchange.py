"""One exchange for every request: what is prepared, and what Flask has."""

import logging
from dataclasses import replace

import pytest
from flask import Blueprint, Flask, Response, abort
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from autoconfig.answers.endpoints import ENDPOINTS, POX_PATH, Endpoint, Kind
from autoconfig.config.load import Config, load_config
from autoconfig.documents.formats import FORMATS
from autoconfig.web import create_app
from autoconfig.wsgi import exchange
from autoconfig.wsgi.exchange import Exchange
from tests.support.recipes import EXAMPLE

PROXIED = {
    "X-Forwarded-For": "192.0.2.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "autoconfig.example.com",
}
BY_HOST = {"Host": "autoconfig.example.com"}
PREPARED = [
    each
    for each in ENDPOINTS
    if each.kind is Kind.PAGE or (each.format and not FORMATS[each.format].needs_address)
]
FORMS = {
    "directly": ("GET", BY_HOST),
    "behind a proxy": ("GET", {**PROXIED, "Host": "127.0.0.1:8000"}),
    "HEAD": ("HEAD", BY_HOST),
    "HEAD behind a proxy": ("HEAD", PROXIED),
    "conditional": ("GET", {**BY_HOST, "If-None-Match": "*"}),
    "another version": ("GET", {**BY_HOST, "If-None-Match": '"another"'}),
    "from plain http": ("GET", {**PROXIED, "X-Forwarded-Proto": "http"}),
    "by an address": ("GET", {"Host": "127.0.0.1"}),
    "under the name of a website": ("GET", {"Host": "www.example.com"}),
    "under the third name": ("GET", {"Host": "ua-auto-config.example.com"}),
    "in French on a phone": (
        "GET",
        {**BY_HOST, "Accept-Language": "fr-CA, en;q=0.5", "User-Agent": "(Linux; Android 16)"},
    ),
    "of a page of old": ("GET", {**BY_HOST, "If-None-Match": '"0-example.com"'}),
    "of an unknown domain": ("GET", {"Host": "autoconfig.unknown.example"}),
}


def spellings(endpoint: Endpoint) -> list[str]:
    """The path as the table has it, with an address, and in capitals where case does not matter."""
    capitals = [POX_PATH.title()] if endpoint.path == POX_PATH else []
    by_address = endpoint.kind is Kind.DOCUMENT and endpoint.parameter
    queries = [f"{endpoint.path}?{endpoint.parameter}=alice%40example.com"] if by_address else []
    return [endpoint.path, *capitals, *queries]


ASKED = [(endpoint, path) for endpoint in PREPARED for path in spellings(endpoint)]
every_question = pytest.mark.parametrize(
    ("endpoint", "path"), ASKED, ids=[path for _, path in ASKED]
)
ODD = [
    *((each, f"{each.path}?a=b") for each in PREPARED),
    *((each, f"{each.path}?{each.parameter}=example.fr") for each in PREPARED),
    *((each, f"{each.path}?{each.parameter}=alice%40example.fr") for each in PREPARED),
]


@pytest.fixture(scope="module")
def unprepared(config: Config) -> FlaskClient:
    """The application without anything prepared."""
    app = create_app(config)
    assert isinstance(app.wsgi_app, Exchange)
    app.wsgi_app.prepared.clear()
    return app.test_client()


def same(one: TestResponse, other: TestResponse) -> bool:
    found = [(r.status_code, r.data, sorted(r.headers)) for r in (one, other)]
    return found[0] == found[1]


@pytest.mark.parametrize(
    ("endpoint", "path"), [*ASKED, *ODD], ids=[path for _, path in (*ASKED, *ODD)]
)
@pytest.mark.parametrize("form", FORMS)
def test_prepared_answer_is_the_one_that_would_be_made(
    client: FlaskClient, unprepared: FlaskClient, endpoint: Endpoint, path: str, form: str
) -> None:
    method, headers = FORMS[form]
    prepared = client.open(path, method=method, headers=headers)
    made = unprepared.open(path, method=method, headers=headers)
    if endpoint.errors.name == "XML" and prepared.status_code != 200:  # an error has the time in it
        assert (prepared.status_code, prepared.headers) == (made.status_code, made.headers)
    else:
        assert same(prepared, made)


@every_question
@pytest.mark.parametrize(
    "form",
    [
        *("directly", "behind a proxy", "HEAD", "HEAD behind a proxy", "conditional"),
        "in French on a phone",
    ],
)
def test_document_by_domain_takes_no_more_than_look_ups(
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: Endpoint,
    path: str,
    form: str,
) -> None:
    monkeypatch.setattr(exchange, "respond", None)
    method, headers = FORMS[form]
    response = client.open(path, method=method, headers=headers)
    cached = FORMATS[endpoint.format or "page-domain"].cache != "no-store"
    assert response.status_code == (304 if form == "conditional" and cached else 200)


def test_address_of_a_service_of_its_own_is_prepared_too(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "respond", None)
    path = "/mail/config-v1.1.xml?emailaddress="
    own, others = (client.get(f"{path}{name}@example.fr") for name in ("boss", "alice"))
    assert own.status_code == others.status_code == 200
    assert own.data != others.data


@pytest.mark.parametrize("method", ["get", "Get", "head", "post", "options"])
@pytest.mark.parametrize("path", ["/mail/config-v1.1.xml", POX_PATH, "/healthz"])
def test_method_in_small_letters_is_no_method(app: Flask, method: str, path: str) -> None:
    """RFC 9110 section 9.1: the method is case-sensitive."""
    statuses = []
    environ = {
        **app.test_client().get(path).request.environ,
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
    }
    app.wsgi_app(environ, lambda status, *_: statuses.append(status))  # type: ignore[arg-type]
    assert statuses == ["405 Method Not Allowed"]


# ------------------------------------------------------------------------- an operator's own routes


@pytest.fixture
def own() -> Flask:
    """The application with a route and a blueprint that an operator has added."""
    app = create_app(replace(load_config(EXAMPLE), base_url=None))
    status = Blueprint("status", __name__, url_prefix="/status")

    @status.get("/<name>")
    def show(name: str) -> str:
        return f"{name} is well"

    @app.get("/imprint")
    def imprint() -> tuple[str, int]:
        return "the agency", 203

    @app.get("/secret")
    def secret() -> str:
        abort(403)

    @app.get("/odd")
    def odd() -> Response:
        return Response("odd", status="no number")

    @app.get("/healthz")
    def health() -> str:
        return "mine"

    app.register_blueprint(status)
    return app


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/imprint", 203, "the agency"),
        ("/status/mail", 200, "mail is well"),
        ("/odd", 0, "odd"),
    ],
)
def test_operator_adds_a_route_as_to_any_flask_application(
    own: Flask, path: str, status: int, text: str
) -> None:
    response = own.test_client().get(path)
    assert (response.status_code, response.get_data(as_text=True)) == (status, text)


def test_error_of_an_added_route_is_that_of_flask(own: Flask) -> None:
    client = own.test_client()
    assert client.get("/secret").status_code == 403
    assert client.post("/imprint").status_code == 405


def test_url_of_our_table_stands_above_an_added_route(own: Flask) -> None:
    assert own.test_client().get("/healthz").data == b"ok\n"


def test_url_that_nobody_has_is_refused_in_our_form(own: Flask) -> None:
    response = own.test_client().get("/autodiscover/nothing.json")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize("host", ["autoconfig..", "a b", "<bad>", "[::1"])
def test_host_that_flask_refuses_is_refused_in_our_form(own: Flask, host: str) -> None:
    response = own.test_client().get("/nothing", headers={"Host": host})
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"


def test_request_for_an_added_route_is_logged_without_its_path_and_counted(
    own: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    client = own.test_client()
    with caplog.at_level(logging.INFO, "autoconfig.access"):
        client.get("/imprint?who=alice@example.com")
    assert [record.getMessage().split("] ")[1] for record in caplog.records] == [
        '"GET - HTTP/1.1" 203 10'
    ]
    counted = client.get("/metrics").get_data(as_text=True)
    assert '{format="none",offer_class="none",status="other"} 1.0' in counted

"""Every URL: paths, methods, inputs, answers, headers and errors, as docs/reference.md has them."""

import json
from dataclasses import replace
from enum import Enum
from pathlib import Path
from runpy import run_path

import msgspec
import pytest
from flask.testing import FlaskClient
from lxml import etree
from werkzeug.test import TestResponse

from autoconfig.answers import respond
from autoconfig.answers.endpoints import ENDPOINTS, Endpoint, Kind
from autoconfig.answers.redirects import dav_url
from autoconfig.config.load import Config
from autoconfig.config.served import Served
from autoconfig.names import Domain, EmailAddress, parse_domain
from autoconfig.offers.model import Link
from autoconfig.web import create_app
from tests.support import own_offers
from tests.support.client import FROM_HTTP, ask_as_outlook, host, request_body
from tests.support.requests import DAV, EVERY_MOZILLA, MOZILLA, POX, SCHEMAS, SOAP, V2
from tests.support.services import RENDERINGS, calendars_of, service_of, urls_of
from tests.support.tables import table

OUTLOOK = "outlook/responseschema/2006a"
MOBILESYNC = "mobilesync/responseschema/2006"

EX4 = urls_of(service_of("exchange-hosted", server="ex4"))
CORP = urls_of(service_of("exchange-private", server="mail.corp.example"))
ZIMBRA = urls_of(service_of("zimbra-pro"))
CALDAV = calendars_of(service_of("zimbra-pro"))
"""What the example configuration has, by the name in the offers."""

mozilla = pytest.mark.parametrize("path", EVERY_MOZILLA)
every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: str(e.path))


def pox_error(response: TestResponse) -> str | None:
    """The `ErrorCode` where exchangelib looks for it."""
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = "{" + SCHEMAS + "responseschema/2006}"
    tree = etree.fromstring(response.data)
    return tree.findtext(f"{root}Response/{root}Error/{root}ErrorCode")


def expected(config: Config, format: str, address: str) -> bytes:
    parsed = EmailAddress.parse(address)
    service = config.served.find(parsed)
    assert service is not None
    return RENDERINGS.of(service)[format].fill(parsed.domain, parsed)


# ------------------------------------------------------------------------------------- Mozilla


@mozilla
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("emailaddress=alice@example.fr", "localhost"),
        ("emailaddress=alice%40example.fr", "localhost"),
        ("EmailAddress=ALICE@EXAMPLE.FR", "localhost"),
        ("emailaddress=alice%2Bnews@example.fr", "localhost"),
        ("emailaddress=alice+news@example.fr", "localhost"),
        ("emailaddress=%20alice@example.fr%20", "localhost"),
        ("emailaddress=alice@example.fr&emailmd5=abc", "autoconfig.example.com"),
        ("emailaddress=alice@example.fr&emailaddress=bob@example.com", "localhost"),
        ("", "autoconfig.example.fr"),
        ("", "AutoConfig.Example.FR"),
        ("", "autoconfig.example.fr."),
        ("", "autoconfig.example.fr:8000"),
        ("", "autodiscover.example.fr"),
        ("", "ua-auto-config.example.fr"),
        ("", "example.fr"),
        ("", "www.example.fr"),
        ("", "WWW.Example.FR.:443"),
        ("", "autoconfig.www.example.fr"),
        ("emailaddress=", "autoconfig.example.fr"),
        ("emailaddress=%25EMAILADDRESS%25", "autoconfig.example.fr"),
        ("emailaddress=%EMAILADDRESS%", "autoconfig.example.fr"),
    ],
)
def test_mozilla_is_answered_by_address_or_by_host(
    client: FlaskClient, config: Config, path: str, query: str, name: str
) -> None:
    response = client.get(f"{path}?{query}", headers=host(name))
    assert response.status_code == 200
    assert response.data == expected(config, "autoconfig", "alice@example.fr")


@mozilla
def test_mozilla_answer_carries_its_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers=host("example.fr")).headers
    assert headers["Content-Type"] == "text/xml; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=3600"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["ETag"].startswith('"')
    assert int(headers["Content-Length"]) > 1000


@mozilla
def test_mozilla_answer_is_the_same_for_every_address_of_the_domain(
    client: FlaskClient, path: str
) -> None:
    answers = {
        client.get(f"{path}?emailaddress={local}@example.fr").data
        for local in ("alice", "nobody", "0123e4", "%3Cb%3E")
    }
    assert len(answers) == 1


@mozilla
def test_unchanged_mozilla_document_is_not_sent_again(client: FlaskClient, path: str) -> None:
    etag = client.get(path, headers=host("example.fr")).headers["ETag"]
    again = client.get(path, headers={**host("example.fr"), "If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    other = client.get(path, headers={**host("exemple.fr"), "If-None-Match": etag})
    assert other.status_code == 200


@mozilla
def test_plain_http_is_no_reason_to_redirect_mozilla(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={**host("autoconfig.example.fr"), **FROM_HTTP})
    assert response.status_code == 200


@mozilla
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("emailaddress=alice@unknown.example", "autoconfig.example.fr"),
        ("emailaddress=alice@sub.example.fr", "autoconfig.example.fr"),
        ("", "autoconfig.unknown.example"),
        ("", "sub.example.fr"),
        ("", "www.sub.example.fr"),
        ("", "www.www.example.fr"),
        ("", "www.autoconfig.example.fr"),
        ("", "www.example"),
        ("emailaddress=alice@www.example.fr", "www.example.fr"),
        ("", "localhost"),
        ("", "127.0.0.1"),
        ("", "[::1]"),
    ],
)
def test_unknown_domain_is_not_found(client: FlaskClient, path: str, query: str, name: str) -> None:
    """A real 404, or Thunderbird, Delta Chat and Evolution stop before their next URL."""
    response = client.get(f"{path}?{query}", headers=host(name))
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=300"


@mozilla
@pytest.mark.parametrize("address", ["alice", "a@b@example.fr", "@example.fr", "a%00@example.fr"])
def test_malformed_address_is_a_bad_request(client: FlaskClient, path: str, address: str) -> None:
    response = client.get(f"{path}?emailaddress={address}", headers=host("example.fr"))
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"


@mozilla
def test_configured_address_stands_above_its_domain(
    client: FlaskClient, config: Config, path: str
) -> None:
    response = client.get(f"{path}?emailaddress=Boss@example.fr")
    assert b"<hostname>ex4." in response.data
    assert response.data == expected(config, "autoconfig", "boss@example.fr")


@mozilla
@pytest.mark.parametrize("name", ["café.example", "xn--caf-dma.example"])
def test_international_domain_is_known_in_both_forms(
    client: FlaskClient, path: str, name: str
) -> None:
    response = client.get(f"{path}?emailaddress=a@{name}")
    assert b'<emailProvider id="xn--caf-dma.example">' in response.data


# --------------------------------------------------------------------------- Autodiscover (POX)


@pytest.mark.parametrize("path", [POX, "/Autodiscover/Autodiscover.xml", POX.upper()])
def test_autodiscover_is_answered_in_any_letter_case(
    client: FlaskClient, config: Config, path: str
) -> None:
    response = ask_as_outlook(client, "alice@example.fr", path=path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.data == expected(config, "autodiscover", "alice@example.fr")


@pytest.mark.parametrize(
    "schema", [OUTLOOK, OUTLOOK.upper(), "Outlook/ResponseSchema/2006a", OUTLOOK[:-1]]
)
def test_outlook_schema_is_compared_without_case(client: FlaskClient, schema: str) -> None:
    body = request_body().replace(OUTLOOK, schema)
    assert client.post(POX, data=body).status_code == 200


@pytest.mark.parametrize("media_type", ["text/xml", "application/xml", "text/plain", "a/b", None])
def test_media_type_of_a_request_does_not_matter(
    client: FlaskClient, media_type: str | None
) -> None:
    assert client.post(POX, data=request_body(), content_type=media_type).status_code == 200


@pytest.mark.parametrize("before", ["\n\n", "  \r\n\t", "\ufeff"])
def test_white_space_or_a_mark_before_the_request_is_accepted(
    client: FlaskClient, before: str
) -> None:
    body = before + request_body()
    assert client.post(POX, data=body.encode()).status_code == 200


def test_autodiscover_by_get_has_no_login(client: FlaskClient) -> None:
    response = client.get(POX, headers=host("autodiscover.example.fr"))
    assert response.status_code == 200
    assert b"<Server>pro1." in response.data
    assert b"LoginName" not in response.data


@pytest.mark.parametrize(
    ("schema", "headers"),
    [
        (OUTLOOK, {}),
        ("outlook/responseschema/2006", {}),
        ("no/such/schema", {}),
        (OUTLOOK, FROM_HTTP),
        (MOBILESYNC, FROM_HTTP),
    ],
)
@pytest.mark.parametrize("address", ["alice@exchange.example", "boss@example.fr"])
def test_exchange_service_is_redirected(
    client: FlaskClient, address: str, schema: str, headers: dict[str, str]
) -> None:
    body = request_body(address).replace(OUTLOOK, schema)
    response = client.post(POX, data=body, headers=headers)
    assert response.status_code == 302
    assert response.headers["Location"] == EX4["xml"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert len(response.data) < 200


@pytest.mark.parametrize("headers", [{}, FROM_HTTP], ids=["https", "http"])
def test_exchange_service_is_redirected_by_get(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    response = client.get(POX, headers={**host("autodiscover.exchange.example"), **headers})
    assert (response.status_code, response.headers["Location"]) == (302, EX4["xml"])


@pytest.mark.parametrize("schema", [MOBILESYNC, MOBILESYNC.upper()])
@pytest.mark.parametrize(
    "address",
    ["alice@zimbra.example", "alice@exchange.example", "a@corp.example", "boss@example.fr"],
)
def test_activesync_is_answered_where_the_offer_has_it(
    client: FlaskClient, config: Config, address: str, schema: str
) -> None:
    """Android's own client takes 200 and 401, and no redirect."""
    body = request_body(address, MOBILESYNC).replace(MOBILESYNC, schema)
    response = client.post(POX, data=body)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.data == expected(config, "mobilesync", address)


def test_activesync_of_zimbra_pro_is_sent_on_from_plain_http(client: FlaskClient) -> None:
    response = ask_as_outlook(client, "alice@zimbra.example", MOBILESYNC, headers=FROM_HTTP)
    assert response.status_code == 302
    assert response.headers["Location"] == f"https://autoconfig.agency.example{POX}"


def test_exchange_without_activesync_is_redirected_in_every_schema(tmp_path: Path) -> None:
    offers = tmp_path / "offers.toml"
    text = own_offers.OWN_OFFERS.replace('outlook = "imap"', 'outlook = "exchange"')
    offers.write_text(text + own_offers.AUTODISCOVER)
    file = tmp_path / "autoconfig.toml"
    file.write_text(
        'offers_file = "offers.toml"\n[[service]]\noffer = "acme-mail"\nserver = "box1"\n'
        'domains = ["acme.example"]\n'
    )
    response = ask_as_outlook(create_app(file).test_client(), "a@acme.example", MOBILESYNC)
    target = "https://box1.acme.example/a.xml"
    assert (response.status_code, response.headers["Location"]) == (302, target)


@pytest.mark.parametrize("address", ["alice@example.fr", "alice@example.com"])
def test_activesync_is_refused_for_imap_services(client: FlaskClient, address: str) -> None:
    response = ask_as_outlook(client, address, MOBILESYNC)
    assert (response.status_code, pox_error(response)) == (404, "601")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "600"),
        ("<", 400, "600"),
        ("not XML", 400, "600"),
        ("<a/>", 400, "600"),
        (request_body().replace("requestschema/2006", "requestschema/2007"), 400, "600"),
        (request_body().replace("Autodiscover", "autodiscover"), 400, "600"),
        (request_body().replace("<Request>", "<Request/><Request>"), 400, "600"),
        (request_body().replace("Request>", "request>"), 400, "600"),
        (request_body(""), 400, "600"),
        (request_body("alice"), 400, "600"),
        (request_body("a@b@example.fr"), 400, "600"),
        (request_body("a b@example.fr"), 400, "600"),
        (request_body().replace("EMailAddress>", "LegacyDN>"), 400, "600"),
        (request_body().replace("AcceptableResponseSchema>", "Other>"), 400, "600"),
        (request_body("alice@example.fr", "outlook/other"), 400, "601"),
        (request_body("alice@unknown.example"), 404, "500"),
        ("<!DOCTYPE a []>" + request_body().split("\n")[1], 400, "600"),
        (request_body() + " " * 8192, 413, "600"),
    ],
)
def test_refused_autodiscover_request_has_an_xml_error(
    client: FlaskClient, body: str, status: int, code: str
) -> None:
    response = client.post(POX, data=body)
    assert (response.status_code, pox_error(response)) == (status, code)
    assert response.headers["Cache-Control"] == "no-store"


NO_ADDRESS = {
    "nothing": "",
    "blanks": " \r\n\t",
    "empty address": request_body(""),
    "blank address": request_body(" \n "),
    "LegacyDN alone": request_body().replace("EMailAddress>", "LegacyDN>"),
    "no schema either": "".join(request_body().partition("<Request>")[:2])
    + "</Request></Autodiscover>",
    "address in a comment": request_body("<!-- a@example.fr -->"),
}


@pytest.mark.parametrize("headers", [{}, FROM_HTTP], ids=["https", "http"])
@pytest.mark.parametrize("schema", [OUTLOOK, MOBILESYNC])
@pytest.mark.parametrize("body", table(NO_ADDRESS))
@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("autodiscover.exchange.example", EX4["xml"]),
        ("exchange.example", EX4["xml"]),
        ("www.exchange.example", EX4["xml"]),
        ("AutoDiscover.Corp.Example:443", CORP["xml"]),
    ],
)
def test_post_without_an_address_at_an_exchange_host_is_answered_as_get_is(
    client: FlaskClient, name: str, target: str, body: str, schema: str, headers: dict[str, str]
) -> None:
    """Clients that log in by NTLM post an empty body first."""
    content = body.replace(OUTLOOK, schema)
    response = client.post(POX, data=content, headers={**host(name), **headers})
    assert (response.status_code, response.headers["Location"]) == (302, target)
    assert response.headers["Cache-Control"] == "no-store"


def test_post_without_an_address_is_answered_by_the_host_alone(client: FlaskClient) -> None:
    url = f"{POX}?domain=example.fr"
    response = client.post(url, headers=host("autodiscover.exchange.example"))
    assert (response.status_code, response.headers["Location"]) == (302, EX4["xml"])
    response = client.post(f"{POX}?domain=exchange.example", headers=host("example.fr"))
    assert (response.status_code, pox_error(response)) == (400, "600")


@pytest.mark.parametrize("body", table(NO_ADDRESS))
@pytest.mark.parametrize(
    "name", ["autodiscover.example.fr", "zimbra.example", "unknown.example", "localhost", ""]
)
def test_post_without_an_address_is_refused_at_any_other_host(
    client: FlaskClient, name: str, body: str
) -> None:
    response = client.post(POX, data=body, headers=host(name))
    assert (response.status_code, pox_error(response)) == (400, "600")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("<", 400, "600"),
        ("<!DOCTYPE a []>" + request_body("").split("\n")[1], 400, "600"),
        (request_body("").replace("requestschema/2006", "requestschema/2007"), 400, "600"),
        (request_body("").replace("<Request>", "<Request/><Request>"), 400, "600"),
        (request_body("").replace("Request>", "Other>"), 400, "600"),
        (request_body("alice"), 400, "600"),
        (request_body("a@b@exchange.example"), 400, "600"),
        (" " * 8193, 413, "600"),
        (request_body("alice@unknown.example"), 404, "500"),
        (
            request_body("alice@exchange.example").replace("AcceptableResponseSchema>", "O>"),
            400,
            "600",
        ),
    ],
)
def test_wrong_request_is_refused_at_an_exchange_host_too(
    client: FlaskClient, body: str, status: int, code: str
) -> None:
    response = client.post(POX, data=body, headers=host("autodiscover.exchange.example"))
    assert (response.status_code, pox_error(response)) == (status, code)


def test_address_stands_above_the_host(client: FlaskClient) -> None:
    response = ask_as_outlook(
        client, "alice@unknown.example", headers=host("autodiscover.example.fr")
    )
    assert (response.status_code, pox_error(response)) == (404, "500")


def test_autodiscover_of_an_unknown_host_is_not_found(client: FlaskClient) -> None:
    response = client.get(POX, headers=host("autodiscover.unknown.example"))
    assert (response.status_code, pox_error(response)) == (404, "500")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_soap_is_redirected_for_exchange_alone(client: FlaskClient, method: str) -> None:
    path = "/Autodiscover/Autodiscover.svc"
    there = client.open(path, method=method, headers=host("autodiscover.exchange.example"))
    assert (there.status_code, there.headers["Location"]) == (302, EX4["svc"])
    here = client.open(path, method=method, headers=host("autodiscover.example.fr"))
    assert (here.status_code, pox_error(here)) == (404, "601")
    nowhere = client.open(path, method=method, headers=host("autodiscover.unknown.example"))
    assert (nowhere.status_code, pox_error(nowhere)) == (404, "500")


def test_soap_body_is_not_read(client: FlaskClient) -> None:
    response = client.post(SOAP, data=b"x" * 100_000, headers=host("exchange.example"))
    assert response.status_code == 302


# --------------------------------------------------------------------------- Autodiscover (JSON)

JSON_URLS = [V2 + "?Email={}&Protocol={}", V2 + "/v1.0/{}?Protocol={}"]
both_shapes = pytest.mark.parametrize("url", JSON_URLS, ids=["query", "path"])


@both_shapes
@pytest.mark.parametrize(
    ("address", "protocol", "name", "answer"),
    [
        ("a@exchange.example", "ActiveSync", "ActiveSync", EX4["activesync"]),
        ("a@exchange.example", "ews", "Ews", EX4["ews"]),
        ("a@corp.example", "EWS", "Ews", CORP["ews"]),
        ("a@exchange.example", "Autodiscoverv1", "AutodiscoverV1", EX4["xml"]),
        ("a@zimbra.example", "activesync", "ActiveSync", ZIMBRA["activesync"]),
        ("a@zimbra.example", "Ews", "Ews", ZIMBRA["ews"]),
        (
            "a@example.fr",
            "AutodiscoverV1",
            "AutodiscoverV1",
            f"https://autoconfig.agency.example{POX}",
        ),
    ],
)
def test_protocol_has_its_url(
    client: FlaskClient, url: str, address: str, protocol: str, name: str, answer: str
) -> None:
    response = client.get(url.format(address, protocol))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "max-age=3600"
    assert response.json == {"Protocol": name, "Url": answer}


@both_shapes
@pytest.mark.parametrize(
    ("address", "protocol", "offered"),
    [
        ("a@example.fr", "ActiveSync", "AutodiscoverV1"),
        ("a@example.fr", "Ews", "AutodiscoverV1"),
        ("a@example.fr", "Rest", "AutodiscoverV1"),
        ("a@example.fr", "", "AutodiscoverV1"),
        ("a@zimbra.example", "Rest", "ActiveSync, AutodiscoverV1, Ews"),
        ("a@exchange.example", "Rest", "ActiveSync, AutodiscoverV1, Ews"),
    ],
)
def test_protocol_that_is_not_offered_is_refused_with_those_that_are(
    client: FlaskClient, url: str, address: str, protocol: str, offered: str
) -> None:
    response = client.get(url.format(address, protocol))
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["ErrorCode"] == "InvalidProtocol"
    assert response.json["ErrorMessage"].endswith(f"Supported: {offered}.")


def test_refused_protocol_is_named_in_letters_and_digits_alone(client: FlaskClient) -> None:
    response = client.get(f"{V2}?Email=a@example.fr&Protocol=<Script>1;'\r\n")
    assert "'Script1'" in json.loads(response.data)["ErrorMessage"]


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        (f"{V2}?Protocol=Ews", 400, "InvalidEmail"),
        (f"{V2}?Email=&Protocol=Ews", 400, "InvalidEmail"),
        (f"{V2}?Email=alice&Protocol=Ews", 400, "InvalidEmail"),
        (f"{V2}/v1.0/alice?Protocol=Ews", 400, "InvalidEmail"),
        (f"{V2}?Email=a@unknown.example&Protocol=Ews", 404, "UserNotFound"),
        (f"{V2}/v2.0/a@example.fr", 404, "NotFound"),
    ],
)
def test_refused_json_request_has_a_json_error(
    client: FlaskClient, url: str, status: int, code: str
) -> None:
    response = client.get(url, headers=host("autodiscover.example.fr"))
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json is not None
    assert response.json["ErrorCode"] == code


# -------------------------------------------------------------------- calendars, address books


dav = pytest.mark.parametrize("path", DAV)


@dav
@pytest.mark.parametrize("method", ["GET", "HEAD", "PROPFIND"])
@pytest.mark.parametrize("headers", [{}, FROM_HTTP], ids=["https", "http"])
def test_calendar_program_is_sent_to_the_server_of_the_calendars(
    client: FlaskClient, path: str, method: str, headers: dict[str, str]
) -> None:
    response = client.open(
        path, method=method, headers={**host("zimbra.example"), "Depth": "0", **headers}
    )
    assert response.status_code == 302
    assert response.headers["Location"] == f"{CALDAV}{path}"
    assert response.headers["Cache-Control"] == "no-store"


def test_question_of_a_calendar_program_is_not_read(client: FlaskClient) -> None:
    body = b"<propfind/>" * 10_000
    response = client.open(DAV[0], method="PROPFIND", data=body, headers=host("zimbra.example"))
    assert response.status_code == 302


@dav
@pytest.mark.parametrize("name", ["example.fr", "exchange.example", "unknown.example", "localhost"])
def test_where_no_calendars_are_nothing_is_found(client: FlaskClient, path: str, name: str) -> None:
    response = client.open(path, method="PROPFIND", headers=host(name))
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://dav.example", f"https://dav.example{DAV[1]}"),
        ("https://dav.example:8443/", f"https://dav.example:8443{DAV[1]}"),
        ("https://dav.example/SOGo/dav/", "https://dav.example/SOGo/dav/"),
    ],
)
def test_url_of_calendars_that_has_a_path_is_the_target(url: str, target: str) -> None:
    zimbra = service_of("zimbra-pro")
    service = msgspec.structs.replace(zimbra, caldav=Link(url, ("guide",)))
    assert dav_url(service, DAV[1]) == target


# -------------------------------------------------------------------------- the domain of a host


ODD_DOMAINS = ("example.fr", "autoconfig.fr", "autodiscover.example.fr", "www.example.com")
"""Domains that begin as our names do, or as a website's, and one that lies below two of them."""


@pytest.fixture(scope="module")
def odd_client(config: Config) -> FlaskClient:
    """The odd domains, each at a server of its own: `ex2` and so on."""
    services = (service_of("exchange-hosted", server=f"ex{number}") for number in range(2, 7))
    domains = {Domain(name): next(services) for name in ODD_DOMAINS}
    mailboxes = dict.fromkeys(("boss@autoconfig.example.fr", "boss@alone.example"), next(services))
    served = Served(domains, mailboxes)
    return create_app(replace(config, served=served)).test_client()


@pytest.mark.parametrize("path", [MOZILLA, POX, SOAP])
@pytest.mark.parametrize(
    ("name", "server"),
    [
        ("autoconfig.fr", 3),
        ("autoconfig.autoconfig.fr", 3),
        ("www.autoconfig.fr", 3),
        ("autodiscover.example.fr", 4),
        ("autodiscover.autodiscover.example.fr", 4),
        ("autoconfig.autodiscover.example.fr", 4),
        ("ua-auto-config.example.fr", 2),
        ("autoconfig.example.fr", 2),  # of which one address is served
        ("www.example.fr", 2),
        ("www.example.com", 5),
        ("autoconfig.www.example.com", 5),
        ("www.www.example.com", 5),
        ("example.com", None),
        ("autoconfig.example.com", None),
        ("alone.example", None),
        ("www.alone.example", None),
    ],
)
def test_host_stands_for_itself_else_for_what_is_left_of_it(
    odd_client: FlaskClient, path: str, name: str, server: int | None
) -> None:
    response = odd_client.get(path, headers=host(name))
    if server is None:
        assert response.status_code == 404
    else:
        text = response.headers.get("Location", "") + response.get_data(as_text=True)
        assert f"ex{server}." in text


def test_domain_of_the_host_is_in_the_log(
    odd_client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "autoconfig.access"):
        for name in ("www.example.fr", "autoconfig.unknown.example", "autoconfig.com"):
            odd_client.get(MOZILLA, headers=host(name))
    domains = [record.getMessage().partition(":")[0] for record in caplog.records]
    assert domains == ["example.fr", "unknown.example", "com"]


# ------------------------------------------------------------------------------ behind a proxy


@pytest.fixture
def own_client(config: Config) -> FlaskClient:
    """A server whose operator has not said where it is."""
    return create_app(replace(config, base_url=None)).test_client()


BASE = "https://autoconfig.agency.example"
"""The `base_url` of the example configuration, whose domain is none that is served."""


def test_posted_autodiscover_over_plain_http_is_sent_to_the_operators_base(
    client: FlaskClient,
) -> None:
    """The body that is posted again says the address."""
    response = ask_as_outlook(client, headers={**host("autodiscover.example.fr"), **FROM_HTTP})
    assert (response.status_code, response.headers["Location"]) == (302, f"{BASE}{POX}")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("autodiscover.example.fr", "example.fr"),
        ("www.example.fr:80", "example.fr"),
        ("autodiscover.café.example", "xn--caf-dma.example"),
    ],
)
def test_autodiscover_over_plain_http_is_sent_with_its_domain_to_the_operators_base(
    client: FlaskClient, config: Config, method: str, name: str, domain: str
) -> None:
    name = parse_domain(name.partition(":")[0])
    response = client.open(POX, method=method, headers={**host(name), **FROM_HTTP})
    location = response.headers["Location"]
    assert (response.status_code, location) == (302, f"{BASE}{POX}?domain={domain}")
    there = client.get(location, headers={"X-Forwarded-Proto": "https"})
    assert there.status_code == 200
    assert there.data == expected(config, "autodiscover-domain", f"a@{domain}")


@pytest.mark.parametrize(
    ("base", "query"),
    [
        ("https://autoconfig.example.fr", ""),
        ("https://autodiscover.example.fr:8443", ""),
        ("https://example.fr", ""),
        ("https://www.example.fr", ""),
        ("https://autoconfig.example.com", "?domain=example.fr"),
        ("https://mail.example.fr", "?domain=example.fr"),
    ],
)
def test_domain_is_said_in_the_redirect_where_the_base_does_not_say_it(
    config: Config, base: str, query: str
) -> None:
    client = create_app(replace(config, base_url=base)).test_client()
    response = client.get(POX, headers={**host("autodiscover.example.fr"), **FROM_HTTP})
    assert response.headers["Location"] == f"{base}{POX}{query}"
    there = client.get(response.headers["Location"])
    assert b"%EMAILDOMAIN%" not in there.data
    assert there.data == expected(config, "autodiscover-domain", "a@example.fr")


@pytest.mark.parametrize(
    ("query", "name", "wanted"),
    [
        ("domain=example.fr", "autodiscover.example.com", "example.fr"),
        ("Domain=EXAMPLE.FR.", "autodiscover.example.com", "example.fr"),
        ("x=y&DOMAIN=%20example.fr%20", "localhost", "example.fr"),
        ("domain=caf%C3%A9.example", "localhost", "xn--caf-dma.example"),
        ("domain=", "autodiscover.example.fr", "example.fr"),
        ("domain", "autodiscover.example.fr", "example.fr"),
        ("domain=unknown.example", "autodiscover.example.fr", None),
        ("domain=autodiscover.example.fr", "autodiscover.example.fr", None),
        ("domain=www.example.fr", "autodiscover.example.fr", None),
        ("domain=alice%40example.fr", "autodiscover.example.fr", None),
        ("domain=alice@example.fr", "autodiscover.example.fr", None),
        ("domain=%00", "autodiscover.example.fr", None),
        ("domain=a%0d%0ab.example", "autodiscover.example.fr", None),
    ],
)
def test_domain_in_the_query_stands_above_the_host(
    client: FlaskClient, config: Config, query: str, name: str, wanted: str | None
) -> None:
    response = client.get(f"{POX}?{query}", headers=host(name))
    if wanted is None:
        assert (response.status_code, pox_error(response)) == (404, "500")
    else:
        assert response.data == expected(config, "autodiscover-domain", f"a@{wanted}")


def test_domain_in_the_query_of_a_post_is_not_read(client: FlaskClient, config: Config) -> None:
    response = client.post(f"{POX}?domain=example.com", data=request_body("alice@example.fr"))
    assert response.data == expected(config, "autodiscover", "alice@example.fr")


def test_exchange_domain_in_the_query_is_redirected(client: FlaskClient) -> None:
    response = client.get(f"{POX}?domain=exchange.example")
    assert (response.status_code, response.headers["Location"]) == (302, EX4["xml"])


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("autodiscover.example.fr", "https://autodiscover.example.fr"),
        ("AutoDiscover.Example.FR:80", "https://autodiscover.example.fr"),
        ("autoconfig.example.com", "https://autoconfig.example.com"),
        ("www.example.com", "https://www.example.com"),
        ("mail.agency.example", "https://autodiscover.example.fr"),
        ("evil.example", "https://autodiscover.example.fr"),
        ("autodiscover.evil.example", "https://autodiscover.example.fr"),
        ("example.fr.evil.example", "https://autodiscover.example.fr"),
        ("localhost:8000", "https://autodiscover.example.fr"),
        ("192.0.2.1", "https://autodiscover.example.fr"),
        ("evil\r\nX: y", "https://autodiscover.example.fr"),
    ],
)
def test_host_that_was_asked_for_is_in_an_answer_only_if_we_serve_it(
    own_client: FlaskClient, header: str, name: str, base: str
) -> None:
    """Anybody may write another host into a request, and a cache may keep the answer."""
    forged = {header: name}
    from_http = {**forged, "HTTP_X_FORWARDED_PROTO": "http"}
    question = "Email=a%40example.fr&Protocol=AutodiscoverV1"
    pox = own_client.post(POX, data=request_body(), environ_overrides=from_http)
    assert (pox.status_code, pox.headers["Location"]) == (302, f"{base}{POX}")
    json_v2 = own_client.get(f"{V2}?{question}", environ_overrides=from_http)
    assert json_v2.headers["Location"] == f"{base}{V2}?{question}"
    answer = own_client.get(f"{V2}?{question}", environ_overrides=forged)
    assert answer.json == {"Protocol": "AutodiscoverV1", "Url": f"{base}{POX}"}


def test_domain_of_the_query_is_said_again_where_the_host_is_anothers(
    own_client: FlaskClient,
) -> None:
    url = f"{POX}?domain=example.fr"
    for name, location in {
        "autodiscover.example.com": f"https://autodiscover.example.com{url}",
        "autodiscover.example.fr": f"https://autodiscover.example.fr{POX}",
        "evil.example": f"https://autodiscover.example.fr{POX}",
    }.items():
        response = own_client.get(url, headers={**host(name), **FROM_HTTP})
        assert (response.status_code, response.headers["Location"]) == (302, location)


def test_json_over_plain_http_is_sent_on_with_its_question(
    client: FlaskClient, own_client: FlaskClient
) -> None:
    question = "Email=a%2Bb%40example.fr&Protocol=ActiveSync"
    url = f"{V2}?{question}"
    base = client.get(url, headers=FROM_HTTP).headers["Location"]
    assert base == f"https://autoconfig.agency.example{V2}?{question}"
    own = own_client.get(url, headers={**host("autodiscover.example.fr"), **FROM_HTTP})
    assert own.headers["Location"] == f"https://autodiscover.example.fr{V2}?{question}"
    exchange = client.get(f"{V2}?Email=a@exchange.example&Protocol=Ews", headers=FROM_HTTP)
    assert exchange.headers["Location"] == f"{EX4['json']}?Email=a%40exchange.example&Protocol=Ews"


@pytest.mark.parametrize(("client_ip", "status"), [("127.0.0.1", 302), ("192.0.2.1", 200)])
def test_forwarded_headers_count_from_trusted_proxies_alone(
    client: FlaskClient, client_ip: str, status: int
) -> None:
    response = ask_as_outlook(
        client, headers=FROM_HTTP, environ_overrides={"REMOTE_ADDR": client_ip}
    )
    assert response.status_code == status


@pytest.mark.parametrize(("client_ip", "status"), [("::1", 200), ("2001:db8::1", 404)])
def test_forwarded_host_counts_from_trusted_proxies_alone(
    client: FlaskClient, client_ip: str, status: int
) -> None:
    response = client.get(
        MOZILLA,
        headers={"X-Forwarded-Host": "autoconfig.example.fr"},
        environ_overrides={"REMOTE_ADDR": client_ip},
    )
    assert response.status_code == status


def test_direct_request_without_proxy_is_answered_as_it_is(client: FlaskClient) -> None:
    assert ask_as_outlook(client).status_code == 200


# ---------------------------------------------------------------------------------- every URL


def url_of(endpoint: Endpoint) -> str:
    return endpoint.path.replace("<address>", "alice@example.fr")


@every_endpoint
def test_options_names_the_methods(client: FlaskClient, endpoint: Endpoint) -> None:
    response = client.options(url_of(endpoint))
    assert (response.status_code, response.data) == (204, b"")
    assert "Content-Type" not in response.headers
    allow = set(response.headers["Allow"].split(", "))
    assert allow == {*endpoint.methods, "HEAD", "OPTIONS"}


@every_endpoint
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPPATCH"])
def test_other_methods_are_not_allowed(
    client: FlaskClient, endpoint: Endpoint, method: str
) -> None:
    response = client.open(url_of(endpoint), method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {*endpoint.methods, "HEAD", "OPTIONS"}
    assert response.headers["Content-Type"] == endpoint.errors.media_type


@every_endpoint
def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient, endpoint: Endpoint) -> None:
    url = url_of(endpoint) + "?Email=alice@example.fr&Protocol=AutodiscoverV1"
    get = client.get(url, headers=host("example.fr"))
    head = client.head(url, headers=host("example.fr"))
    assert head.status_code == get.status_code
    assert head.data == b""
    if endpoint.kind is Kind.METRICS:  # the first answer is counted in the second
        del get.headers["Content-Length"], head.headers["Content-Length"]
    assert [*head.headers] == [*get.headers]


@every_endpoint
def test_every_answer_forbids_guessing_its_type(client: FlaskClient, endpoint: Endpoint) -> None:
    for method in ("GET", "POST", "OPTIONS", "PUT"):
        response = client.open(url_of(endpoint), method=method)
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/autodiscover/other.xml", "text/xml; charset=utf-8"),
        ("/Autodiscover/", "text/xml; charset=utf-8"),
        ("/autodiscover/autodiscover.xml/", "text/xml; charset=utf-8"),
        ("/AUTODISCOVER/autodiscover.json/v1.0/", "application/json"),
        ("/mail/other.xml", "text/plain; charset=utf-8"),
        ("/.well-known/other", "text/plain; charset=utf-8"),
        ("/other", "text/html; charset=utf-8"),
        ("//mail/config-v1.1.xml", "text/html; charset=utf-8"),
    ],
)
def test_unknown_path_is_not_found_in_the_form_of_its_neighbours(
    client: FlaskClient, path: str, media_type: str
) -> None:
    response = client.get(path, headers=host("example.fr"))
    assert response.status_code == 404
    assert response.headers["Content-Type"] == media_type


def test_health_is_ok_when_configuration_is_loaded(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.data) == (200, b"ok\n")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("autoconfig.example.fr", 200),
        ("AutoDiscover.Example.FR.", 200),
        ("autodiscover.xn--caf-dma.example", 200),
        ("example.fr", 404),
        ("www.example.fr", 404),
        ("autoconfig.unknown.example", 404),
        ("autoconfig.autoconfig.example.fr", 404),
        ("autoconfig.", 404),
        ("127.0.0.1", 404),
        ("", 404),
    ],
)
def test_certificate_is_allowed_for_the_names_of_our_domains_alone(
    client: FlaskClient, name: str, status: int
) -> None:
    assert client.get("/ask", query_string={"domain": name}).status_code == status


def test_certificate_is_allowed_where_an_address_alone_is_served(tmp_path: Path) -> None:
    file = tmp_path / "autoconfig.toml"
    file.write_text('service = [{offer = "mx-plan", addresses = ["a@alone.example"]}]')
    client = create_app(file).test_client()
    assert client.get("/ask?domain=autodiscover.alone.example").status_code == 200


@pytest.mark.parametrize(
    ("base", "name", "status"),
    [
        ("https://autoconfig.agency.example", "autoconfig.agency.example", 200),
        ("https://autoconfig.agency.example", "AutoConfig.Agency.Example.", 200),
        ("https://settings.agency.example:8443", "settings.agency.example", 200),
        ("https://settings.agency.example:8443", "settings.agency.example:8443", 404),
        ("https://settings.agency.example", "autoconfig.settings.agency.example", 404),
        ("https://settings.agency.example", "agency.example", 404),
        ("https://settings.agency.example", "autoconfig.example.fr", 200),
        (None, "settings.agency.example", 404),
        (None, "", 404),
    ],
)
def test_certificate_is_allowed_for_the_host_of_the_base(
    config: Config, base: str | None, name: str, status: int
) -> None:
    client = create_app(replace(config, base_url=base)).test_client()
    assert client.get("/ask", query_string={"domain": name}).status_code == status


@pytest.mark.parametrize(
    ("headers", "client_ip"),
    [
        (FROM_HTTP, "127.0.0.1"),
        ({"X-Forwarded-For": "192.0.2.1"}, "127.0.0.1"),
        ({}, "192.0.2.1"),
        ({"X-Forwarded-For": "127.0.0.1"}, "192.0.2.1"),
    ],
)
def test_nobody_asks_for_certificates_through_a_proxy(
    client: FlaskClient, headers: dict[str, str], client_ip: str
) -> None:
    response = client.get(
        "/ask?domain=autoconfig.example.fr",
        headers=headers,
        environ_overrides={"REMOTE_ADDR": client_ip},
    )
    assert response.status_code == 404


@every_endpoint
def test_url_that_is_exported_is_a_file_under_its_host(endpoint: Endpoint) -> None:
    file = endpoint.file(Domain("example.fr"))
    if endpoint.file_host is None:
        assert file is None
    else:
        assert str(file) == endpoint.file_host.format(domain="example.fr") + endpoint.path


def test_kind_that_nothing_answers_is_wrong_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = Enum("Kind", [*Kind.__members__, "LEAFLET"])  # type: ignore[misc]  # not a literal
    monkeypatch.setattr("autoconfig.answers.endpoints.Kind", kinds)
    with pytest.raises(LookupError, match=r"LEAFLET"):
        run_path(str(respond.__file__))


def test_every_kind_of_endpoint_is_in_the_table() -> None:
    assert {endpoint.kind for endpoint in ENDPOINTS} == set(Kind)

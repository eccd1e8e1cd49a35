"""What every web server in front does with the file of `deploy/`: the same, so it is said once."""

import http.client
import re
from contextlib import closing
from subprocess import run

import pytest

from autoconfig.answers.endpoints import ENDPOINTS, Endpoint
from tests.real.hosting.fronts import Answer, Front, hosts_in
from tests.real.programs import Server, program, wait_for
from tests.support.recipes import DEPLOY, EXAMPLE
from tests.support.requests import MOZILLA, POX, WELL_KNOWN, pox
from tests.support.services import service_of, urls_of

BASE_URL = "https://autoconfig.agency.example"
STRANGER = "203.0.113.9"
SCHEMES = ("http", "https")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "REPORT", "LOCK")
THEIRS = {"server", "date", "connection", "keep-alive", "transfer-encoding", "via"}
"""Headers that a web server writes for itself."""

both_schemes = pytest.mark.parametrize("scheme", SCHEMES)
mozilla = pytest.mark.parametrize("path", [MOZILLA, WELL_KNOWN], ids=["autoconfig", "well-known"])

FORGERIES = {
    "nothing": {},
    "scheme": {"X-Forwarded-Proto": "http"},
    "address": {"X-Forwarded-For": STRANGER},
    "underscores": {"X_Forwarded_Proto": "http", "X_Forwarded_For": STRANGER},
    "host": {"X-Forwarded-Host": "localhost"},
    # Headers that a client names here are for the next hop alone: a proxy must not drop its own.
    "hop by hop": {"Connection": "close, X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto"},
}


def shown(address: str) -> bytes:
    """What `autoconfig show` prints."""
    command = [program("autoconfig"), "show", "autoconfig", address, "--config", str(EXAMPLE)]
    return run(command, capture_output=True, check=True).stdout


@both_schemes
@mozilla
def test_mozilla_client_is_answered_with_and_without_tls(
    front: Front, path: str, scheme: str
) -> None:
    answer = front.ask(f"{path}?emailaddress=alice@example.fr", scheme=scheme)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.body == shown("alice@example.fr")


def timeless(body: bytes) -> bytes:
    """Without the time that an Autodiscover error holds."""
    return re.sub(rb' Time="[^"]*"', b"", body)


def listed(value: str) -> list[str]:
    """A header without the blanks after commas: RFC 9110 section 5.6.1; Apache leaves them out."""
    return re.split(", *", value)


def directly(server: Server, scheme: str, method: str, target: str, language: str) -> Answer:
    """What the server answers to a web server in front that hands on exactly this request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    host, client = "autoconfig.example.fr", "127.0.0.1"
    headers = {"Host": host, "Accept-Language": language, "X-Forwarded-Proto": scheme}
    headers |= {"X-Forwarded-Host": host, "X-Forwarded-For": client}
    with closing(connection):
        connection.request(method, target, headers=headers)
        return Answer.of(connection.getresponse())


@both_schemes
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.path)
def test_every_url_and_method_is_passed_on(
    front: Front, server: Server, scheme: str, endpoint: Endpoint
) -> None:
    """And the answer comes back as it is: status, body and the headers of ours."""
    target = endpoint.path.replace("<address>", "alice@example.fr")
    for method in {*endpoint.allow, *METHODS}:
        for language in ("fr", "en"):
            expected = directly(server, scheme, method, target, language)
            headers = {"Accept-Language": language}
            found = front.ask(target, scheme=scheme, method=method, headers=headers)
            assert found.status == expected.status, method
            assert timeless(found.body) == timeless(expected.body), method
            for name in expected.headers.keys() - THEIRS:
                assert listed(found.headers[name]) == listed(expected.headers[name]), method


@both_schemes
def test_unchanged_document_is_not_sent_again(front: Front, scheme: str) -> None:
    etag = front.ask(MOZILLA, scheme=scheme).headers["etag"]
    again = front.ask(MOZILLA, scheme=scheme, headers={"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")


@both_schemes
def test_host_name_chooses_the_domain(front: Front, scheme: str) -> None:
    """Without an address, as clients ask that keep to the draft."""
    answers = {
        host: hosts_in(front.ask(MOZILLA, host=host, scheme=scheme).body)
        for host in ("autoconfig.example.fr", "autoconfig.exchange.example")
    }
    assert answers["autoconfig.example.fr"] == {b"pro1.mail.ovh.net"}
    assert answers["autoconfig.exchange.example"] == {b"ex4.mail.ovh.net"}


@pytest.mark.parametrize("file", ["Caddyfile", "nginx.conf", "apache.conf", "kubernetes.yaml"])
def test_file_says_why_plain_http_stays_as_it_is(file: str) -> None:
    """Whoever adds the usual redirect, or makes it 307, is told which programs would end there."""
    text = re.sub(r"\n\s*#", "", (DEPLOY / file).read_text())
    assert re.search(r"No redirect from http to https: .* by 302\. .* 307\.", text)


def test_raw_plus_arrives_as_it_is(front: Front) -> None:
    answer = front.ask(f"{MOZILLA}?emailaddress=alice+list@example.fr")
    assert answer.status == 200


def test_outlook_gets_settings_over_tls(front: Front) -> None:
    body = pox("alice@example.fr").encode()
    answer = front.ask(POX, host="autodiscover.example.fr", method="POST", body=body)
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert b"<LoginName>alice@example.fr</LoginName>" in answer.body


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_outlook_is_sent_to_its_settings_from_plain_http(front: Front, method: str) -> None:
    """By 302, through the host of `base_url`, whose certificate it checks."""
    body = pox("alice@example.fr").encode() if method == "POST" else None
    answer = front.ask(POX, "autodiscover.example.fr", "http", method, body)
    assert answer.status == 302
    target = answer.headers["location"].removeprefix(BASE_URL)
    settings = front.ask(target, BASE_URL.removeprefix("https://"), "https", method, body)
    assert settings.status == 200
    assert hosts_in(settings.body) == {b"pro1.mail.ovh.net"}


@both_schemes
def test_outlook_of_an_exchange_mailbox_is_sent_to_its_server(front: Front, scheme: str) -> None:
    body = pox("boss@example.fr").encode()
    answer = front.ask(POX, "autodiscover.example.fr", scheme, "POST", body)
    assert answer.status == 302
    own = urls_of(service_of("exchange-hosted", server="ex4"))
    assert answer.headers["location"] == own["xml"]


@pytest.mark.parametrize("at", ["@", "%40"])
def test_address_in_a_path_arrives_as_it_is(front: Front, at: str) -> None:
    path = f"/Autodiscover/Autodiscover.json/v1.0/a%2Fb{at}example.fr?Protocol=AutodiscoverV1"
    answer = front.ask(path, host="autodiscover.example.fr")
    assert answer.status == 200
    assert answer.body == f'{{"Protocol":"AutodiscoverV1","Url":"{BASE_URL}{POX}"}}'.encode()


@both_schemes
@pytest.mark.parametrize("headers", FORGERIES.values(), ids=FORGERIES)
def test_nobody_asks_through_a_web_server_which_domains_are_served(
    front: Front, scheme: str, headers: dict[str, str]
) -> None:
    target = "/ask?domain=autoconfig.example.fr"
    answer = front.ask(target, scheme=scheme, headers=headers)
    assert answer.status == 404


def test_nobody_gets_at_the_question_by_another_spelling(front: Front) -> None:
    for path in ("//ask", "/./ask", "/mail/../ask", "/%61sk", "/ask/", "/mail/..%2fask"):
        assert front.ask(f"{path}?domain=autoconfig.example.fr").status in (400, 404), path


@pytest.mark.parametrize("header", ["X-Forwarded-Proto", "X_Forwarded_Proto", "Forwarded"])
def test_client_cannot_forge_its_scheme(front: Front, header: str) -> None:
    """Outlook is sent to https if it came without TLS, so this shows what the server believes."""
    body = pox("alice@example.fr").encode()
    for scheme, status, lie in (("https", 200, "http"), ("http", 302, "https")):
        said = {header: f"proto={lie}" if header == "Forwarded" else lie}
        answer = front.ask(POX, "autodiscover.example.fr", scheme, "POST", body, said)
        assert answer.status == status, scheme


def test_client_cannot_forge_its_address(front: Front, server: Server) -> None:
    """The server's log shows what it believes."""
    before = len(server.log.read_text())
    for header in ("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded"):
        front.ask("/healthz", headers={header: STRANGER})
    front.ask("/healthz?", headers={"X-Forwarded-For": f"{STRANGER}, {STRANGER}"})

    def lines() -> list[str] | None:
        found = server.log.read_text()[before:].splitlines()
        return found if len(found) >= 5 else None

    for line in wait_for(lines, "five lines in the log"):
        assert line.split()[1] == "127.0.0.1"


@both_schemes
@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X_Forwarded_Host", "Forwarded"])
def test_client_cannot_forge_its_host(front: Front, scheme: str, header: str) -> None:
    said = "host=autoconfig.example.com" if header == "Forwarded" else "autoconfig.example.com"
    answer = front.ask(MOZILLA, scheme=scheme, headers={header: said})
    assert hosts_in(answer.body) == {b"pro1.mail.ovh.net"}


@both_schemes
def test_unknown_domain_is_not_found(front: Front, scheme: str) -> None:
    answer = front.ask(f"{MOZILLA}?emailaddress=alice@unknown.example", scheme=scheme)
    assert answer.status == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=300"


def test_body_that_is_too_long_is_refused_in_the_form_that_outlook_reads(front: Front) -> None:
    answer = front.ask(POX, method="POST", body=b" " * 10_000)
    assert answer.status == 413
    assert b"<ErrorCode>600</ErrorCode>" in answer.body


def test_huge_body_is_refused_before_it_is_there(front: Front) -> None:
    head = f"POST {POX} HTTP/1.1\r\nHost: autodiscover.example.fr\r\nContent-Length: 99999999\r\n"
    with front.connection("autodiscover.example.fr", "https") as connection:
        connection.sendall(f"{head}\r\n".encode() + b" " * 100_000)
        assert connection.recv(100).split()[1] in (b"413", b"502")  # 502: Caddy before 2.7


@pytest.mark.parametrize("name", ["nginx", "apache"])
def test_certificate_can_be_renewed(name: str, request: pytest.FixtureRequest) -> None:
    """certbot puts a file into the web root, and the authority reads it over port 80."""
    front: Front = request.getfixturevalue(name)
    challenges = front.folder / ".well-known/acme-challenge"
    challenges.mkdir(parents=True)
    (challenges / "token").write_text("proof")
    assert front.ask("/.well-known/acme-challenge/token", scheme="http").body == b"proof"

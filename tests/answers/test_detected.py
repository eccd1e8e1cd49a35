"""A domain that is in no service, and whose DNS is asked.

Told by the DNS or by the operator, a service is answered alike: most tests ask two servers, one of
which has no domain in its configuration.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import pytest
from flask import Flask
from msgspec import structs

from autoconfig.answers.metrics import RESULTS, Metrics
from autoconfig.answers.page import field_page
from autoconfig.detect.findings import HIT, REFUSED, Findings
from autoconfig.detect.rule import Confidence
from autoconfig.errors import Busy, ClientError, LookUpFailed
from autoconfig.names import Domain
from autoconfig.offers.model import Service
from autoconfig.web import create_app
from autoconfig.wsgi import exchange
from autoconfig.wsgi.exchange import Exchange
from autoconfig.wsgi.journal import Journal
from tests.support.asking import Reply, ask
from tests.support.client import FROM_HTTP, request_body
from tests.support.detecting import Told, ToldDetector, application, configuration
from tests.support.name_server import name_server, records
from tests.support.questions import QUESTIONS
from tests.support.requests import DAV, EVERY_MOZILLA, MOZILLA, POX, SOAP, V2
from tests.support.services import DOCUMENTS, SERVICES, service_of, urls_of
from tests.support.serving import Asked

BASE = "https://autoconfig.provider.fr"
OUTLOOK, MOBILESYNC = "outlook/responseschema/2006a", "mobilesync/responseschema/2006"
MX_PLAN = SERVICES["mx-plan-eu-guess"]
EXCHANGE = service_of("exchange-hosted")
DOMAIN = "customer.fr"

FAILURES = {"failed": LookUpFailed, "busy": Busy}
UNKNOWN = "unknown.fr"
"""A domain that the DNS says nothing of."""


class Server(NamedTuple):
    """An application, with the lines of its log."""

    app: Flask
    lines: list[str]
    detector: ToldDetector

    def reply(self, question: Asked) -> Reply:
        method, target, headers, body, _ = question
        path, _, query = target.partition("?")
        environ = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in headers.items()}
        return ask(self.app, path, method=method, query=query, body=body or b"", environ=environ)

    def answer(self, question: Asked) -> tuple[int, dict[str, str], bytes, list[str]]:
        """Status, headers, body and lines in the log, without the time in either."""
        self.lines.clear()
        reply = self.reply(question)
        body = re.sub(rb'Time="[^"]*"', b"", reply.body)
        lines = [re.sub(r"\[.*?\]", "", line) for line in self.lines]
        return reply.status, dict(reply.headers), body, lines


def served(
    detector: ToldDetector,
    base_url: str | None = None,
    names: Mapping[str, Service] = {},
    *,
    detect: bool = True,
) -> Server:
    """A server; `names`: the domains and addresses in its configuration."""
    lines: list[str] = []
    config = configuration(names, base_url, detect=detect)
    app = application(config, detector, Journal(lines.append, Metrics()))
    return Server(app, lines, detector)


def asked(method: str, target: str, name: str, **headers: str) -> Asked:
    return Asked(method, target, {"Host": name, **headers})


def posted(body: str, name: str, path: str = POX, **headers: str) -> Asked:
    return Asked("POST", path, {"Host": name, **headers}, body.encode())


def questions_on(domain: str) -> Iterator[Asked]:
    """Every URL, as clients ask it for a domain, whatever its service."""
    hosts = [f"{prefix}{domain}" for prefix in ("", "autoconfig.", "autodiscover.", "www.")]
    elsewhere = ("autoconfig.provider.fr", "forged.fr", "127.0.0.1:8000")
    for path, name in product((*EVERY_MOZILLA, POX, SOAP, *DAV, "/"), hosts):
        yield asked("GET", path, name)
    for path, name in product(EVERY_MOZILLA, (*hosts, *elsewhere)):
        yield asked("GET", f"{path}?emailaddress=alice%40{domain}", name)
        yield asked("GET", f"{path}?emailaddress=a+b@{domain.upper()}", name)
    for name in (*hosts, *elsewhere):
        yield asked("GET", f"{POX}?domain={domain}", name)
        yield asked("GET", f"/?emailaddress=alice@{domain}", name)
        for schema, proto in product((OUTLOOK, MOBILESYNC, "x"), ("http", "https")):
            body = request_body(f"alice@{domain}", schema)
            yield posted(body, name, **{"X-Forwarded-Proto": proto})
        for protocol in ("ActiveSync", "AutodiscoverV1", "Ews", "x"):
            yield asked("GET", f"{V2}?Email=alice@{domain}&Protocol={protocol}", name)
            yield asked("GET", f"{V2}/v1.0/alice@{domain}?Protocol={protocol}", name, **FROM_HTTP)
        for path in (POX, MOZILLA, SOAP, V2):
            yield asked("GET", f"{path}?domain={domain}", name, **FROM_HTTP)
            yield asked("OPTIONS", path, name)
    for path in (MOZILLA, POX, "/"):
        yield asked("HEAD", path, domain)
        yield asked("GET", path, domain, **{"If-None-Match": "*"})
        yield asked("GET", path, domain, **{"If-None-Match": '"another"'})
        yield asked("PUT", path, domain)
    yield posted("", domain)
    yield posted("<", domain)
    yield posted("", domain, SOAP)
    yield Asked("PROPFIND", DAV[0], {"Host": domain})
    yield asked("GET", "/", domain, **{"Accept-Language": "fr"})
    yield asked("GET", f"/?emailaddress=alice@{domain}&lang=fr", domain)


every_service = pytest.mark.parametrize("name", SERVICES)
every_base = pytest.mark.parametrize("base_url", [None, BASE], ids=["no base_url", "base_url"])
every_failure = pytest.mark.parametrize("failure", FAILURES.values(), ids=list(FAILURES))


# ------------------------------------------------------------------------- as if it were configured


@every_base
@every_service
def test_detected_domain_is_answered_like_a_configured_one(name: str, base_url: str | None) -> None:
    """Each question is asked twice: the second time, the service is known already."""
    service = SERVICES[name]
    told = served(ToldDetector({DOMAIN: service}), base_url)
    known = served(ToldDetector(), base_url, names={DOMAIN: service}, detect=False)
    for question in questions_on(DOMAIN):
        expected = known.answer(question)
        assert told.answer(question) == expected, question
        assert told.answer(question) == expected, question


@every_base
def test_domain_of_which_the_dns_tells_nothing_is_answered_like_one_that_is_unknown(
    base_url: str | None,
) -> None:
    told = served(ToldDetector(), base_url)
    known = served(ToldDetector(), base_url, names={"other.fr": EXCHANGE}, detect=False)
    for question in questions_on(DOMAIN):
        expected = known.answer(question)[:-1]
        assert told.answer(question)[:-1] == expected, question
        assert told.answer(question)[:-1] == expected, question


def test_answers_of_detected_domains_are_counted_as_those_of_configured_ones() -> None:
    texts = []
    for detect in (True, False):
        metrics = Metrics()
        names = {} if detect else {DOMAIN: EXCHANGE}
        detector = ToldDetector({DOMAIN: EXCHANGE})
        config = configuration(names, detect=detect)
        server = Server(application(config, detector, Journal(str, metrics)), [], detector)
        for question in questions_on(DOMAIN):
            server.reply(question)
        text = metrics.text().decode()
        texts.append([each for each in text.splitlines() if "autoconfig_requests" in each])
        assert DOMAIN not in text
    assert texts[0] == texts[1]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", ["/", f"/?emailaddress=alice@{DOMAIN}"])
def test_page_says_that_an_answer_is_a_guess(path: str, language: str) -> None:
    sure = structs.replace(MX_PLAN, guessed=False)
    guess, known = (
        served(ToldDetector({DOMAIN: service})).reply(
            asked("GET", path, DOMAIN, **{"Accept-Language": language})
        )
        for service in (MX_PLAN, sure)
    )
    assert b'<p class="warning">' in guess.body
    assert b'<p class="warning">' not in known.body


# --------------------------------------------------------------------------- where the DNS fails


@every_base
@every_failure
def test_domain_whose_look_up_fails_gets_503_and_nothing_that_may_be_kept(
    failure: type[ClientError], base_url: str | None
) -> None:
    server = served(ToldDetector({DOMAIN: failure(domain=DOMAIN)}), base_url)
    for question in questions_on(DOMAIN):
        server.detector.asked.clear()
        reply = server.reply(question)
        if DOMAIN not in server.detector.asked:
            assert reply.status in (204, 400, 404, 405), question
            continue
        assert reply.status == 503, question
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Retry-After"] == str(failure.retry_after)
        assert "ETag" not in reply.headers


FORMS = {
    "Mozilla": (asked("GET", MOZILLA, DOMAIN), "text/plain; charset=utf-8"),
    "Autodiscover": (posted(request_body(f"a@{DOMAIN}"), "x.fr"), "text/xml; charset=utf-8"),
    "SOAP": (asked("POST", SOAP, DOMAIN), "text/xml; charset=utf-8"),
    "JSON": (asked("GET", f"{V2}?Email=a@{DOMAIN}&Protocol=Ews", "x.fr"), "application/json"),
    "calendars": (asked("GET", DAV[0], DOMAIN), "text/plain; charset=utf-8"),
    "page": (asked("GET", "/", DOMAIN), "text/html; charset=utf-8"),
    "page of an address": (
        asked("GET", f"/?emailaddress=a@{DOMAIN}", "x.fr"),
        "text/html; charset=utf-8",
    ),
}


@every_failure
@pytest.mark.parametrize(("question", "media_type"), FORMS.values(), ids=list(FORMS))
def test_failure_comes_in_the_form_that_the_client_reads(
    question: Asked, media_type: str, failure: type[ClientError]
) -> None:
    server = served(ToldDetector({DOMAIN: failure(domain=DOMAIN)}))
    reply = server.reply(question)
    assert (reply.status, reply.headers["Content-Type"]) == (503, media_type)
    if "xml" in media_type or "json" in media_type:
        assert reply.error_code == ("603" if "xml" in media_type else "ServerBusy")
    elif "html" in media_type:
        assert b"Please try again later." in reply.body
    else:
        assert reply.body == f"{failure.message}\n".encode()


@every_failure
def test_line_of_a_failure_holds_no_more_than_that_of_an_unknown_domain(
    failure: type[ClientError],
) -> None:
    server = served(ToldDetector({DOMAIN: failure(domain=DOMAIN)}))
    for name in (DOMAIN, UNKNOWN):
        server.reply(asked("GET", f"{MOZILLA}?emailaddress=alice@{name}", "127.0.0.1"))
    lines = [re.sub(r"\[.*?\]", "", line) for line in server.lines]
    about = ':80 127.0.0.1 - -  "GET /mail/config-v1.1.xml HTTP/1.1"'
    assert lines[0].startswith(f"{DOMAIN}{about} 503 ")
    assert lines[1].startswith(f"{UNKNOWN}{about} 404 ")


# ----------------------------------------------------------------- whom the DNS is asked about


@pytest.mark.parametrize("domain", ["example.com", "exchange.example"])
def test_name_that_is_configured_never_asks(domain: str) -> None:
    names = {"example.com": SERVICES["mx-plan-eu"], "exchange.example": EXCHANGE}
    told = served(ToldDetector(), names=names)
    plain = served(ToldDetector(), names=names, detect=False)
    for question in (*questions_on(domain), *QUESTIONS):
        assert told.answer(question)[:-1] == plain.answer(question)[:-1], question
    others = {"provider.fr", "forged.fr", "any.example", "unknown.example", "zimbra.example"}
    assert {*told.detector.asked} <= others
    assert not {*told.detector.glanced} & {*names}


def test_address_that_is_configured_never_asks_and_the_rest_of_its_domain_does() -> None:
    server = served(ToldDetector({DOMAIN: MX_PLAN}), names={f"boss@{DOMAIN}": EXCHANGE})
    path = f"{MOZILLA}?emailaddress="
    boss = server.reply(asked("GET", f"{path}boss@{DOMAIN}", "x.fr"))
    again = server.reply(posted(request_body(f"Boss@{DOMAIN}"), DOMAIN))
    assert server.detector.asked == []
    alice = server.reply(asked("GET", f"{path}alice@{DOMAIN}", "x.fr"))
    by_host = server.reply(asked("GET", MOZILLA, f"autoconfig.{DOMAIN}"))
    assert again.headers["Location"] == urls_of(EXCHANGE)["xml"]
    assert boss.body != alice.body == by_host.body
    assert {*server.detector.asked} == {DOMAIN}


def test_domain_of_single_addresses_of_which_the_dns_tells_nothing_asks_for_an_address() -> None:
    """As it does where no DNS is asked."""
    server = served(ToldDetector(), names={f"boss@{DOMAIN}": EXCHANGE})
    reply = server.reply(asked("GET", "/", DOMAIN))
    assert (reply.status, reply.body.decode()) == (200, field_page("en", 200))


HOSTS = {
    "customer.fr": "customer.fr",
    "autoconfig.customer.fr": "customer.fr",
    "AutoDiscover.Customer.FR.": "customer.fr",
    "ua-auto-config.customer.fr:8000": "customer.fr",
    "www.customer.fr": "customer.fr",
    "autoconfig.www.customer.fr": "customer.fr",
    "mail.customer.fr": "mail.customer.fr",
    "autoconfig.fr": "autoconfig.fr",
    "autoconfig.autoconfig.fr": "autoconfig.fr",
    "www.co.uk": "www.co.uk",
    "autoconfig.asso.fr": "autoconfig.asso.fr",
    "caf\u00e9.customer.fr": "xn--caf-dma.customer.fr",
}


@pytest.mark.parametrize(("name", "domain"), HOSTS.items(), ids=list(HOSTS))
@pytest.mark.parametrize("path", [MOZILLA, POX, SOAP, DAV[0], "/"])
def test_host_stands_for_the_domain_at_which_there_may_be_mail(
    name: str, domain: str, path: str
) -> None:
    told = {domain: MX_PLAN, "asso.fr": EXCHANGE, "co.uk": EXCHANGE, "www.customer.fr": EXCHANGE}
    detector = ToldDetector(told | {domain: MX_PLAN}, kept={*told} - {domain})
    server = served(detector)
    for _ in range(2):
        server.reply(asked("GET", path, name.encode("idna").decode() if "é" in name else name))
        assert {*detector.asked} == {domain}


@pytest.mark.parametrize(
    ("configured", "name", "found"),
    [
        ("customer.fr", "www.customer.fr", "www.customer.fr"),
        ("customer.fr", "autoconfig.www.customer.fr", "www.customer.fr"),
        ("co.uk", "www.co.uk", "www.co.uk"),
        ("co.uk", "autoconfig.co.uk", "autoconfig.co.uk"),
        ("autoconfig.asso.fr", "autoconfig.asso.fr", "asso.fr"),
        ("boss@autoconfig.asso.fr", "autoconfig.asso.fr", "asso.fr"),
    ],
)
def test_host_of_a_configured_name_never_leads_to_what_was_found_of_another(
    configured: str, name: str, found: str
) -> None:
    """Whoever owns a zone may have had it looked up before, by an address."""
    detector = ToldDetector({found: EXCHANGE}, kept={found})
    server = served(detector, names={configured: MX_PLAN})
    reply = server.reply(asked("GET", MOZILLA, name))
    if "@" in configured:
        assert reply.status == 404
        assert detector.asked == [name]
    else:
        domain = Domain(configured)
        assert reply.body == DOCUMENTS["mx-plan-eu-guess"]["autoconfig"].fill(domain)


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "[::1]:8000", "localhost", "a..fr", "-a.fr", "", "a b"]
)
@pytest.mark.parametrize("path", [MOZILLA, POX, SOAP, DAV[0], "/"])
def test_host_that_is_no_name_never_asks(name: str, path: str) -> None:
    server = served(ToldDetector())
    server.reply(asked("GET", path, name))
    assert server.detector.asked == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nothing", "/robots.txt"])
def test_url_that_is_for_no_domain_never_asks(path: str) -> None:
    server = served(ToldDetector({DOMAIN: MX_PLAN}, kept={DOMAIN}))
    server.reply(asked("GET", path, DOMAIN))
    assert server.detector.asked == []


@pytest.mark.parametrize("proto", ["http", "https"])
@pytest.mark.parametrize(
    "target",
    [f"{V2}?Email=a@{DOMAIN}&Protocol=AutodiscoverV1", f"{POX}?domain={DOMAIN}"],
)
def test_name_that_was_forged_is_neither_asked_about_nor_repeated(target: str, proto: str) -> None:
    server = served(ToldDetector({DOMAIN: MX_PLAN, "forged.fr": MX_PLAN}))
    reply = server.reply(asked("GET", target, "forged.fr", **{"X-Forwarded-Proto": proto}))
    assert {*server.detector.asked} == {DOMAIN}
    assert "forged" not in f"{reply.headers}{reply.body!r}"


# -------------------------------------------------------------------------------------- a provider


@every_base
def test_address_decides_under_the_name_of_a_provider(base_url: str | None) -> None:
    """Thunderbird and others ask so, by the domain of the MX."""
    server = served(ToldDetector({DOMAIN: EXCHANGE}), base_url)
    target = f"{MOZILLA}?emailaddress=alice@{DOMAIN}"
    reply = server.reply(asked("GET", target, "autoconfig.provider.fr"))
    assert reply.body == DOCUMENTS["exchange-hosted-eu"]["autoconfig"].fill(Domain(DOMAIN))
    assert {*server.detector.asked} == {DOMAIN}


@pytest.mark.parametrize(
    "told",
    [{}, {"provider.fr": MX_PLAN}, {"provider.fr": LookUpFailed()}],
    ids=["nothing", "a service", "a failure"],
)
def test_page_under_base_url_asks_for_an_address_and_no_dns(told: Mapping[str, Told]) -> None:
    server = served(ToldDetector(told), BASE)
    reply = server.reply(asked("GET", "/", "autoconfig.provider.fr"))
    assert (reply.status, reply.body.decode()) == (200, field_page("en", 200))
    assert server.detector.asked == []


def test_page_under_base_url_is_that_of_its_domain_if_that_is_configured() -> None:
    server = served(ToldDetector(), BASE, names={"provider.fr": EXCHANGE})
    reply = server.reply(asked("GET", "/", "autoconfig.provider.fr"))
    assert b"provider.fr" in reply.body


def test_address_of_an_unknown_domain_gets_the_field_again() -> None:
    server = served(ToldDetector(), BASE)
    reply = server.reply(asked("GET", f"/?emailaddress=a@{UNKNOWN}", "autoconfig.provider.fr"))
    assert (reply.status, reply.body.decode()) == (404, field_page("en", 404, f"a@{UNKNOWN}"))


# --------------------------------------------------------------------------------- certificates


class Certificate(NamedTuple):
    """A name for which a certificate is asked for: whether it may have one, as a status."""

    name: str
    status: int
    calls: tuple[str, ...] = ()


CERTIFICATES = {
    "configured": Certificate("autoconfig.known.fr", 200),
    "single address": Certificate("autodiscover.single.fr", 200),
    "base_url": Certificate("autoconfig.provider.fr", 200),
    "detected and ours": Certificate("autoconfig.ours.fr", 200, ("ours.fr", "autoconfig.ours.fr")),
    "detected and elsewhere": Certificate(
        "autoconfig.elsewhere.fr", 404, ("elsewhere.fr", "autoconfig.elsewhere.fr")
    ),
    "ours and not detected": Certificate("autoconfig.nothing.fr", 404, ("nothing.fr",)),
    "failing": Certificate("autoconfig.failing.fr", 503, ("failing.fr",)),
    "the domain itself": Certificate("ours.fr", 404),
    "another prefix": Certificate("ua-auto-config.ours.fr", 404),
    "a website": Certificate("www.ours.fr", 404),
    "a top-level domain": Certificate("autoconfig.fr", 404),
}
LEADING = frozenset({"autoconfig.ours.fr", "autoconfig.nothing.fr", "autoconfig.failing.fr"})


def certifying() -> Server:
    told: dict[str, Told] = {
        "ours.fr": MX_PLAN,
        "elsewhere.fr": EXCHANGE,
        "failing.fr": LookUpFailed(),
    }
    names = {"known.fr": MX_PLAN, "boss@single.fr": EXCHANGE}
    return served(ToldDetector(told, ours=LEADING), BASE, names=names)


@pytest.mark.parametrize("each", CERTIFICATES.values(), ids=list(CERTIFICATES))
def test_name_may_have_a_certificate_if_its_domain_is_detected_and_it_leads_to_us(
    each: Certificate,
) -> None:
    server = certifying()
    reply = server.reply(asked("GET", f"/ask?domain={each.name}", "127.0.0.1"))
    assert reply.status == each.status
    assert tuple(server.detector.asked) == each.calls


def test_nobody_behind_a_proxy_has_the_dns_asked_for_a_certificate() -> None:
    server = certifying()
    forwarded = {"X-Forwarded-For": "192.0.2.1"}
    reply = server.reply(asked("GET", "/ask?domain=autoconfig.ours.fr", "127.0.0.1", **forwarded))
    assert (reply.status, server.detector.asked) == (404, [])


# -------------------------------------------------------------------------------- what is prepared


PREPARED = [
    (f"{path}{query}", f"autoconfig.{DOMAIN}", path)
    for path in EVERY_MOZILLA
    for query in ("", f"?emailaddress=alice@{DOMAIN}", f"?emailaddress=a%40{DOMAIN}")
] + [(POX, f"autodiscover.{DOMAIN}", POX), ("/", DOMAIN, "/")]


@pytest.mark.parametrize("at_start", [(MX_PLAN,), ()], ids=["expected", "not expected"])
@pytest.mark.parametrize(("target", "name"), [each[:2] for each in PREPARED])
def test_domain_that_was_found_takes_no_more_than_look_ups(
    monkeypatch: pytest.MonkeyPatch, at_start: tuple[Service, ...], target: str, name: str
) -> None:
    detector = ToldDetector({DOMAIN: MX_PLAN}, at_start=at_start)
    server = served(detector)
    first = server.reply(asked("GET", target, name))
    monkeypatch.setattr(exchange, "respond", None)
    for _ in range(2):
        again = server.reply(asked("GET", target, name))
        assert (again.status, again.body) == (200, first.body)


def test_service_is_prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    server = served(ToldDetector({DOMAIN: MX_PLAN, "other.fr": MX_PLAN}))
    for name in (DOMAIN, "other.fr") * 2:
        server.reply(asked("GET", MOZILLA, name))
    monkeypatch.setattr(exchange, "_prepared", None)
    assert server.reply(asked("GET", MOZILLA, "other.fr")).status == 200


def test_services_that_are_expected_are_rendered_at_start() -> None:
    app = application(configuration(), ToldDetector(at_start=tuple(SERVICES.values())))
    assert isinstance(app.wsgi_app, Exchange)
    assert {service for _, service in app.wsgi_app.prepared} == {*SERVICES.values()}


def test_service_that_cannot_be_prepared_is_a_fault_of_ours_in_the_form_of_the_client(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = served(ToldDetector({DOMAIN: MX_PLAN}, kept={DOMAIN}))

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("autoconfig.documents.render.document", broken)
    for _ in range(2):
        assert server.reply(asked("GET", MOZILLA, DOMAIN)).status == 500
    assert DOMAIN not in caplog.text


# -------------------------------------------------------------------------------- the name servers


ZONE = {
    f"{DOMAIN} MX": records(f"{DOMAIN}. 300 MX 1 mx1.mail.ovh.net."),
    f"_autodiscover._tcp.{DOMAIN} SRV": records(
        f"_autodiscover._tcp.{DOMAIN}. 300 SRV 0 0 443 pro1.mail.ovh.net."
    ),
}


def test_name_servers_of_the_configuration_are_asked_once() -> None:
    """The findings go on with the next application of the process, as after a reload."""
    findings, metrics = Findings(), Metrics()
    expected = DOCUMENTS["email-pro-eu"]["autoconfig"].fill(Domain(DOMAIN))
    with name_server(ZONE) as names:
        config = replace(configuration(), resolvers=(names.address,))
        for _ in range(2):
            app = create_app(config, Journal(str, metrics), findings=findings)
            for query in ("", f"emailaddress=alice@{DOMAIN}"):
                reply = ask(app, MOZILLA, query=query, environ={"HTTP_HOST": DOMAIN})
                assert (reply.status, reply.body) == (200, expected)
        assert len(names.asked) == 2
    text = metrics.text().decode()
    assert 'autoconfig_lookups_total{result="known"} 1.0' in text
    assert "autoconfig_lookup_cache_hits_total 3.0" in text


def test_application_that_is_given_no_findings_has_its_own() -> None:
    with name_server(ZONE) as names:
        config = replace(configuration(), resolvers=(names.address,))
        for _ in range(2):
            assert ask(create_app(config), MOZILLA, environ={"HTTP_HOST": DOMAIN}).status == 200
        assert len(names.asked) == 4


def test_every_result_that_a_detector_counts_has_its_cell() -> None:
    assert {*RESULTS} == {*Confidence, HIT, REFUSED}

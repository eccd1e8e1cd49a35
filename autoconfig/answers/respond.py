"""What each URL answers, without a web framework: from a `Request` to an `Answer`.

The rules are those of the table of endpoints in the README. A client that gets no settings gets a
`ClientError`, which `refusal` writes in the form that the client reads.
"""

import json
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from autoconfig.answers.endpoints import JSON_PATH, POX_PATH, Endpoint, ErrorStyle, Kind
from autoconfig.answers.metrics import NONE, Metrics
from autoconfig.answers.pox_request import FORMAT_OF_SCHEMA, parse_request
from autoconfig.answers.request import Request, parse_address
from autoconfig.config.directory import Site
from autoconfig.config.load import Config
from autoconfig.documents.formats import FORMATS, HTML, JSON, NO_STORE, TEXT, XML, redirect_text
from autoconfig.documents.render import render
from autoconfig.errors import (
    Busy,
    ClientError,
    InternalError,
    MalformedAddress,
    NotFound,
    NotOffered,
    NotServed,
    ProtocolNotServed,
    SchemaNotServed,
)
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.model import Service

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

Headers = tuple[tuple[str, str], ...]

log = logging.getLogger("autoconfig")


@dataclass(frozen=True, slots=True)
class State:
    """What a process answers from."""

    config: Config
    metrics: Metrics


class Answer(NamedTuple):
    """What the client gets.

    `media_type`: empty where there is no body. `etag`: a strong validator. `domain`: the one that
    the answer is for, for the log; `offer_class`: how Outlook takes its offer, for the metrics.
    """

    body: bytes
    media_type: str
    status: int = 200
    cache: str = NO_STORE
    headers: Headers = ()
    etag: str | None = None
    domain: str | None = None
    offer_class: str = NONE


def answer(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """The answer of a URL. Raises `ClientError`."""
    if request.method == "OPTIONS":
        return Answer(b"", "", 204, headers=(("Allow", ", ".join(endpoint.allow)),))
    return ANSWERS[endpoint.kind](request, endpoint, state)


def respond(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """The answer of a URL, or the refusal. Raises nothing."""
    try:
        return answer(request, endpoint, state)
    except Exception as error:  # noqa: BLE001  # a client gets an error of its own kind, always
        return refused(error, endpoint)


def _document(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """A document for the domain of the address, else of the host; the same for every mailbox."""
    name = request.address(endpoint.parameter) or request.host_domain()
    return filled(endpoint.format, name, _site(name, state))


def _pox(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """Settings, or a redirect for a service that has an Autodiscover of its own.

    The redirect is an HTTP 302 whatever schema was asked for: exchangelib and Thunderbird do not
    follow the `RedirectUrl` element. GET is for Delta Chat and for Microsoft's plain-http step.
    """
    if request.method == "POST":
        wanted = parse_request(request.read_body())
        name: Domain | EmailAddress = parse_address(wanted.address)
        format = FORMAT_OF_SCHEMA.get(wanted.schema)
    else:
        name = request.host_domain()
        format = FORMATS["autodiscover"].for_domain
    site = _site(name, state)
    if site.service.autodiscover:
        return redirect(site.service.autodiscover.xml, name, site.service)
    if format is None:
        raise SchemaNotServed(domain=_domain(name))
    if request.plain_http:
        url = request.own_url(POX_PATH, state.config.base_url, _domain(name))
        return redirect(url, name, site.service)
    return filled(format, name, site)


def _soap(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """SOAP Autodiscover: to the Exchange server, or nothing. The body is not read."""
    name = request.host_domain()
    service = _site(name, state).service
    if service.autodiscover is None:
        raise NotOffered(domain=name)
    return redirect(service.autodiscover.svc, name, service)


def _json(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """Autodiscover v2: the address of one protocol's endpoint."""
    address = request.address(endpoint.parameter)
    if address is None:
        raise MalformedAddress
    service = _site(address, state).service
    own = service.autodiscover
    if request.plain_http:
        url = own.json if own else request.own_url(JSON_PATH, state.config.base_url, address.domain)
        asked = {"Email": str(address), "Protocol": request.parameter("protocol")}
        return redirect(f"{url}?{urlencode(asked)}", address, service)
    pox = own.xml if own else request.own_url(POX_PATH, state.config.base_url, address.domain)
    urls = {
        "ActiveSync": service.activesync,
        "AutodiscoverV1": pox,
        "Ews": service.ews,
    }
    offered = {protocol: url for protocol, url in urls.items() if url}
    wanted = request.parameter("protocol")
    for protocol, url in offered.items():
        if wanted.lower() == protocol.lower():
            body = _json_text({"Protocol": protocol, "Url": url})
            return Answer(
                body.encode(),
                JSON,
                cache="max-age=3600",
                domain=address.domain,
                offer_class=service.offer.outlook,
            )
    echo = re.sub(r"[^A-Za-z0-9]", "", wanted)[:32]
    raise ProtocolNotServed(
        f"The protocol '{echo}' is not offered. Supported: {', '.join(offered)}.",
        domain=address.domain,
    )


def _health(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """The configuration is loaded, or nobody would answer."""
    return Answer(b"ok\n", TEXT)


def _ready(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """Whether to send more requests here. Raises `Busy` once the server has been told to stop."""
    if state.metrics.stopping:
        raise Busy
    return Answer(b"ok\n", TEXT)


def _metrics(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """Prometheus' text format; for nobody outside."""
    if not request.local:
        raise NotFound
    return Answer(state.metrics.text(), PROMETHEUS)


def _ask(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """Whether a name is `autoconfig.` or `autodiscover.` of a domain that we serve.

    Caddy asks before it gets a certificate for a name that somebody has asked for ("on-demand
    TLS"). What comes through a proxy is refused, so nobody outside can list our domains by it.
    """
    if not request.local:
        raise NotFound
    domain = request.certified_domain(endpoint.parameter)
    if not state.config.directory.serves(domain):
        raise NotServed(domain=domain)
    return Answer(b"yes\n", TEXT, domain=domain)


ANSWERS: Mapping[Kind, Callable[[Request, Endpoint, State], Answer]] = {
    Kind.DOCUMENT: _document,
    Kind.POX: _pox,
    Kind.SOAP: _soap,
    Kind.JSON: _json,
    Kind.HEALTH: _health,
    Kind.READY: _ready,
    Kind.METRICS: _metrics,
    Kind.ASK: _ask,
}


def redirect(url: str, name: Domain | EmailAddress, service: Service) -> Answer:
    """HTTP 302 to an absolute URL: Delta Chat cannot read a relative one."""
    return Answer(
        redirect_text(url),
        TEXT,
        302,
        headers=(("Location", url),),
        domain=_domain(name),
        offer_class=service.offer.outlook,
    )


def refused(error: Exception, endpoint: Endpoint) -> Answer:
    """What a client gets instead of an answer."""
    if isinstance(error, ClientError):
        return refusal(error, endpoint.errors, endpoint)
    return failure(error, endpoint.errors, endpoint)


def failure(error: Exception, style: ErrorStyle, endpoint: Endpoint | None) -> Answer:
    """Our own fault. The log gets the place and the kind: the message may hold an address."""
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s while answering\n%s", type(error).__name__, place.rstrip())
    return refusal(InternalError(), style, endpoint)


def refusal(error: ClientError, style: ErrorStyle, endpoint: Endpoint | None) -> Answer:
    """The error in the form that the client reads."""
    if style is ErrorStyle.XML:
        time = datetime.now(UTC).strftime("%H:%M:%S.%f")
        values = {"time": time, "code": error.pox_code, "message": error.text}
        body, media_type = render("autodiscover-error.xml", **values), XML
    elif style is ErrorStyle.JSON:
        body = _json_text({"ErrorCode": error.json_code, "ErrorMessage": error.text})
        media_type = JSON
    elif style is ErrorStyle.HTML:
        body, media_type = render("error.html", status=error.status), HTML
    else:
        body, media_type = f"{error.text}\n", TEXT
    cached = endpoint is not None and isinstance(error, NotServed)
    return Answer(
        body.encode(),
        media_type,
        error.status,
        cache=endpoint.not_found_cache if endpoint and cached else NO_STORE,
        headers=(("Allow", ", ".join(error.allow)),) if error.allow else (),
        domain=error.domain,
    )


def _json_text(values: Mapping[str, str]) -> str:
    return json.dumps(values, separators=(",", ":"))


def filled(format: str | None, name: Domain | EmailAddress, site: Site) -> Answer:
    """A document of the service. Raises `NotOffered`, or `MalformedAddress` where one is needed."""
    document = site.documents.get(format or "")
    domain, address = (name.domain, name) if isinstance(name, EmailAddress) else (name, None)
    if document is None:
        raise NotOffered(domain=domain)
    cache = document.format.cache
    return Answer(
        document.fill(domain, address),
        document.format.media_type,
        200,
        cache,
        (),
        None if cache == NO_STORE else document.etag(domain),
        domain,
        site.service.offer.outlook,
    )


def _site(name: Domain | EmailAddress, state: State) -> Site:
    site = state.config.directory.find(name)
    if site is None:
        raise NotServed(domain=_domain(name))
    return site


def _domain(name: Domain | EmailAddress) -> Domain:
    return name.domain if isinstance(name, EmailAddress) else name

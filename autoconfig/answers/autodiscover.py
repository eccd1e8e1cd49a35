"""Autodiscover: plain old XML, SOAP, and version 2 in JSON."""

import re
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from autoconfig.answers.answer import Answer, State, document_answer, domain_of, json_text, redirect
from autoconfig.answers.endpoints import JSON_PATH, POX_PATH, Endpoint
from autoconfig.answers.pox_request import FORMAT_OF_SCHEMA, parse_request
from autoconfig.answers.request import Request, domain_of_host, parse_address
from autoconfig.documents.formats import HOUR
from autoconfig.documents.text import JSON
from autoconfig.errors import (
    MalformedAddress,
    NotServed,
    ProtocolNotServed,
    SchemaNotServed,
)
from autoconfig.names import Domain, EmailAddress


def pox(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """Settings, or a redirect for a service that has an Autodiscover of its own.

    The redirect is an HTTP 302: exchangelib and Thunderbird do not follow the `RedirectUrl`
    element. Android's own client follows neither, so over TLS it gets the ActiveSync URL at once.
    GET is for Delta Chat and for Microsoft's plain-http step.
    """
    name, format = _asked(request, endpoint, state)
    service = state.service(name)
    written = format in state.renderings.of(service) and not request.plain_http
    if service.autodiscover and not written:
        return redirect(service.autodiscover.xml, name, service)
    if format is None:
        raise SchemaNotServed(domain=domain_of(name))
    if request.plain_http:
        return redirect(_over_tls(request, domain_of(name), state), name, service)
    return document_answer(format, name, service, state.renderings)


def _asked(
    request: Request, endpoint: Endpoint, state: State
) -> tuple[Domain | EmailAddress, str | None]:
    """The name that is asked about, and the format of the answer.

    A POST that names nobody is for the domain of the host, as GET is, if that is an Exchange
    server's: it asks for the redirect alone. Raises `ClientError`.
    """
    config = state.config
    if request.method != "POST":
        return request.domain(endpoint.parameter) or request.host_domain(config), endpoint.format
    wanted = parse_request(request.read_body())
    if wanted.address:
        return parse_address(wanted.address), FORMAT_OF_SCHEMA.get(wanted.schema)
    with suppress(NotServed):
        domain = request.host_domain(config)
        if state.service(domain).autodiscover:
            return domain, endpoint.format
    raise MalformedAddress


def _over_tls(request: Request, domain: Domain, state: State) -> str:
    """The URL at which to ask again. A GET says its domain there, if the host does not."""
    url = request.own_url(POX_PATH, domain, state.config)
    with suppress(NotServed):
        host = Domain(urlsplit(url).hostname or "")
        if request.method == "POST" or domain_of_host(host, state.config) == domain:
            return url
    return f"{url}?{urlencode({'domain': domain})}"


def json_v2(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """The URL of one protocol."""
    address = request.address(endpoint.parameter)
    if address is None:
        raise MalformedAddress
    service = state.service(address)
    own = service.autodiscover
    wanted = request.parameter("protocol")
    if request.plain_http:
        url = own.json if own else request.own_url(JSON_PATH, address.domain, state.config)
        asked = urlencode({"Email": str(address), "Protocol": wanted})
        return redirect(f"{url}?{asked}", address, service)
    urls = {
        "ActiveSync": service.activesync and service.activesync.url,
        "AutodiscoverV1": own.xml
        if own
        else request.own_url(POX_PATH, address.domain, state.config),
        "Ews": service.ews and service.ews.url,
    }
    offered = {protocol: url for protocol, url in urls.items() if url}
    for protocol, url in offered.items():
        if wanted.lower() == protocol.lower():
            return Answer(
                json_text(Protocol=protocol, Url=url),
                JSON,
                cache=HOUR,
                domain=address.domain,
                offer_class=service.offer.outlook,
            )
    echo = re.sub(r"[^A-Za-z0-9]", "", wanted)[:32]
    message = ProtocolNotServed.message.format(wanted=echo, offered=", ".join(offered))
    raise ProtocolNotServed(message, domain=address.domain)

"""URLs that are only ever redirected, to the server that the service has for them.

Autodiscover for SOAP clients leads to the Exchange server. Calendars and address books are asked
for at the "well-known" URIs of RFC 6764 section 5, by PROPFIND or GET, at the host of the domain.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from autoconfig.answers.answer import Answer, State, redirect
from autoconfig.answers.endpoints import Endpoint, Kind
from autoconfig.answers.request import Request
from autoconfig.errors import NotOffered
from autoconfig.offers.model import Service


def redirected(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """To the service's own server. The body is not read. Raises `NotOffered` if there is none."""
    domain = request.host_domain(state.config)
    service = state.service(domain)
    url = TARGETS[endpoint.kind](service, endpoint.path)
    if url is None:
        raise NotOffered(domain=domain)
    return redirect(url, domain, service)


def soap_url(service: Service, path: str) -> str | None:
    """The Autodiscover of the Exchange server."""
    return service.autodiscover.svc if service.autodiscover else None


def dav_url(service: Service, path: str) -> str | None:
    """The target for a program that asks for a well-known path; None if there are no calendars.

    Where the offer names the host alone, the same path there: a program that was given the host
    asks for it, and Zimbra answers it for calendars and for address books.
    """
    if service.caldav is None:
        return None
    url = service.caldav.url
    return url if urlsplit(url).path.strip("/") else url.rstrip("/") + path


TARGETS: Mapping[Kind, Callable[[Service, str], str | None]] = {
    Kind.SOAP: soap_url,
    Kind.DAV: dav_url,
}
"""The URL to which such a kind of URL leads, by the service and the path. A further kind is a row
here, for the server and for web space.
"""

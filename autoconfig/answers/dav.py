"""Calendars and address books: RFC 6764 section 5, "well-known" URIs.

A calendar program is given an address. It asks the host of the domain, by PROPFIND or GET, and is
sent on to the server that has the calendars.
"""

from urllib.parse import urlsplit

from autoconfig.answers.answer import Answer, State, redirect
from autoconfig.answers.endpoints import Endpoint
from autoconfig.answers.request import Request
from autoconfig.errors import NotOffered
from autoconfig.offers.model import Service


def dav(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """To the server that has the calendars. The body is not read."""
    domain = request.host_domain(state.config.served)
    service = state.service(domain)
    url = dav_url(service, endpoint.path)
    if url is None:
        raise NotOffered(domain=domain)
    return redirect(url, domain, service)


def dav_url(service: Service, path: str) -> str | None:
    """The target for a program that asks for a well-known path; None if there are no calendars.

    Where the offer names the host alone, the same path there: a program that was given the host
    asks for it, and Zimbra answers it for calendars and for address books.
    """
    if service.caldav is None:
        return None
    url = service.caldav.url
    return url if urlsplit(url).path.strip("/") else url.rstrip("/") + path

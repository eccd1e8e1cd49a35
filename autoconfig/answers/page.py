"""The page for people: the settings of an address or a domain, or a field for an address."""

from itertools import product, starmap
from typing import NamedTuple

from autoconfig.answers.answer import Answer, State, document_answer
from autoconfig.answers.endpoints import Endpoint
from autoconfig.answers.language import best_language, language_of
from autoconfig.answers.request import Request
from autoconfig.documents.devices import DEVICES, device_of
from autoconfig.documents.formats import LANGUAGES, VARY_LANGUAGE, in_language
from autoconfig.documents.render import render
from autoconfig.documents.text import FORM
from autoconfig.errors import MalformedAddress, NotServed
from autoconfig.names import LONGEST_ADDRESS, Domain, EmailAddress


class Reader(NamedTuple):
    """The reader of a page: one of `LANGUAGES`, and of `DEVICES`, where the browser tells it."""

    language: str
    device: str | None


READERS = tuple(starmap(Reader, product(LANGUAGES, (None, *DEVICES))))
"""Every reader that a page is prepared for."""


def reader_of(accept_language: str, user_agent: str) -> Reader:
    """The reader, by two headers of a request."""
    return Reader(best_language(accept_language), device_of(user_agent))


def page(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """The page of the address, else of the host's domain, else one with a field.

    Raises `NotServed` under a name that is neither served nor ours.
    """
    language, device = language_of(request), device_of(request.user_agent)
    try:
        address = request.address(endpoint.parameter)
        if address is not None:
            return _settings(in_language("page", language), device, address, state)
    except (MalformedAddress, NotServed) as error:
        typed = request.parameter(endpoint.parameter)
        return _field(language, error.status, error.domain, typed)
    try:
        domain = _host_domain(request, state)
        return _settings(in_language("page-domain", language), device, domain, state)
    except NotServed as error:
        if not _asks_for_an_address(request, error.domain, state):
            raise
        return _field(language, 200, error.domain)


def field_page(language: str, status: int, typed: str = "") -> str:
    """The page with a field for an address. `status`: 200, or the error that `typed` has met."""
    kept = typed if len(typed) <= LONGEST_ADDRESS else ""
    return render(FORM, "ask.html", language=language, status=status, typed=kept)


def _settings(format: str, device: str | None, name: Domain | EmailAddress, state: State) -> Answer:
    return document_answer(format, name, state.service(name), state.renderings, device)


def _field(language: str, status: int, domain: str | None, typed: str = "") -> Answer:
    text = field_page(language, status, typed).encode()
    return Answer(text, FORM, status, headers=(VARY_LANGUAGE,), domain=domain)


def _host_domain(request: Request, state: State) -> Domain:
    """The host's domain. Raises `NotServed`.

    Under `base_url` the DNS is not asked: the page there is for the addresses of any domain.
    """
    domain = request.host_domain(state.config)
    if request.host_name == state.base_host and not state.config.served.serves(domain):
        raise NotServed(domain=domain)
    return domain


def _asks_for_an_address(request: Request, domain: str | None, state: State) -> bool:
    """Whether the host is the machine's or the operator's own, or of single addresses."""
    return (
        request.is_for_the_machine
        or request.host_name == state.base_host
        or state.config.served.serves(Domain(domain or ""))
    )

"""From a `Request` to an `Answer`: which function answers which URL.

The rules are those of the table of URLs in `docs/reference.md`. A client that gets no settings gets
a `ClientError`, which `refusal` writes in the form that the client reads.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from autoconfig.answers import autodiscover, codes, operations, page, profile, redirects
from autoconfig.answers.answer import Answer, State, document_answer
from autoconfig.answers.endpoints import Endpoint, Kind
from autoconfig.answers.refusal import refused, written
from autoconfig.answers.request import Request
from autoconfig.documents.formats import LANGUAGES
from autoconfig.documents.text import HTML, XML
from autoconfig.errors import InternalError, MalformedRequest, MethodNotAllowed
from autoconfig.names import parse_domain

Answering: TypeAlias = Callable[[Request, Endpoint, State], Answer]
"""Answers a kind of URL. Raises `ClientError`."""


def respond(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """The answer of a URL, or the refusal. Raises nothing."""
    try:
        if "," in request.host:  # two `Host` lines, as WSGI joins them: RFC 9112 section 3.2
            raise MalformedRequest
        if request.method not in endpoint.allow:
            raise MethodNotAllowed(allow=endpoint.allow)
        if request.method == "OPTIONS":
            return Answer(b"", None, 204, headers=(("Allow", ", ".join(endpoint.allow)),))
        return ANSWERS[endpoint.kind](request, endpoint, state)
    except Exception as error:  # noqa: BLE001  # a client gets an error of its own kind, always
        return refused(error, endpoint)


def load_all() -> None:
    """Load what only some answers need: templates of errors and pages, tables of names, QR codes.

    One that is broken fails here, before anything is served; and later nothing is read from the
    disk, where another version may be by then. Raises `jinja2.TemplateError`.
    """
    parse_domain("\N{LATIN SMALL LETTER E WITH ACUTE}.example")
    for kind in (XML, HTML):
        written(InternalError(), kind)
    for language in LANGUAGES:
        page.field_page(language, status=200)
    codes.svg("https://www.example", "M")


def _document(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """A document for the domain of the address, else of the host; the same for every mailbox."""
    name = request.address(endpoint.parameter) or request.host_domain(state.config)
    return document_answer(endpoint.format, name, state.service(name), state.renderings)


ANSWERS: Mapping[Kind, Answering] = {
    **dict.fromkeys(redirects.TARGETS, redirects.redirected),
    Kind.DOCUMENT: _document,
    Kind.POX: autodiscover.pox,
    Kind.JSON: autodiscover.json_v2,
    Kind.PAGE: page.page,
    Kind.PROFILE: profile.profile,
    Kind.CODE: codes.code,
    Kind.HEALTH: operations.health,
    Kind.READY: operations.ready,
    Kind.METRICS: operations.metrics,
    Kind.ASK: operations.ask,
}
if unanswered := set(Kind) - set(ANSWERS):
    raise LookupError(f"nothing answers {unanswered}")

"""`/generator`: the form, and the ZIP that it answers with, as a view of Flask's.

It is at the host of `base_url` and at the machine's own addresses alone. It keeps nothing, sets no
cookie and changes nothing: a form that another site sends here gets that site's visitor a ZIP of
what the site typed, and no more, so nothing is to be protected from a forged request (CSRF).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import BoundedSemaphore

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from autoconfig.answers.answer import Answer, State
from autoconfig.answers.endpoints import Endpoint, Kind
from autoconfig.answers.language import language_of
from autoconfig.answers.refusal import refusal, refused
from autoconfig.answers.request import Request
from autoconfig.documents.formats import LANGUAGES, VARY_LANGUAGE
from autoconfig.documents.render import render
from autoconfig.documents.text import HTML, LONG_FORM, TEXT
from autoconfig.documents.words import words
from autoconfig.errors import Busy, LookUpFailed, MalformedRequest, MethodNotAllowed, NotFound
from autoconfig.generator.archive import STEPS, archive
from autoconfig.generator.form import BY_DNS, MOST_DOMAINS, SPACES, Mistake, Typed, Wanted, read
from autoconfig.wsgi.environ import Proxies, headers, sender
from autoconfig.wsgi.environ import read as read_request

ENDPOINT = Endpoint("/generator", ("GET", "POST"), Kind.PAGE, errors_in=HTML)
"""As the rows of `answers.endpoints` are, though Flask answers it."""

AT_ONCE = 2
"""ZIPs that a worker makes at once, each 20 to 40 ms of a processor; one more gets 503."""

WITH_MISTAKES = 422
"""The status of a form that is to be mended: RFC 9110 section 15.5.21."""

ZIP = replace(TEXT, name="ZIP", media_type="application/zip", suffix=".zip")


def blueprint(state: State) -> Blueprint:
    """The view, for an application that answers from this state.

    Raises `jinja2.TemplateError` if the form's template is broken.
    """
    made = Blueprint("generator", __name__)
    for language in LANGUAGES:  # a broken template is found before anything is served
        page(Typed(), (), state, language)
    proxies, places = Proxies(state.config.trusted_proxies), BoundedSemaphore(AT_ONCE)

    @made.route(ENDPOINT.path, methods=ENDPOINT.allow, provide_automatic_options=False)
    def generator() -> Response:
        _, host = sender(request.environ, proxies)
        asked = read_request(request.environ, proxies, host)
        try:
            return _response(_answer(asked, state, places))
        except Exception as error:  # noqa: BLE001  # Flask's own log would hold what was typed
            return _response(refused(error, ENDPOINT))

    @made.app_errorhandler(405)
    def other_method(error: HTTPException) -> HTTPException | Response:
        if request.path != ENDPOINT.path:
            return error
        return _response(refusal(MethodNotAllowed(allow=ENDPOINT.allow), HTML))

    return made


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    response.headers.clear()
    response.headers.extend(headers(answer, ENDPOINT))
    return response


def _answer(asked: Request, state: State, places: BoundedSemaphore) -> Answer:
    """The form, or what it is answered with. Raises `ClientError`."""
    if "," in asked.host:  # as in `respond`
        raise MalformedRequest
    if not (asked.is_for_the_machine or asked.host_name == state.base_host):
        raise NotFound
    if asked.method == "OPTIONS":
        return Answer(b"", None, 204, headers=(("Allow", ", ".join(ENDPOINT.allow)),))
    language = language_of(asked)
    if asked.method != "POST":
        return page(Typed(), (), state, language)
    typed = Typed.of(asked.read_body())
    wanted, mistakes = read(typed, state)
    return (
        _zip(wanted, state, language, places) if wanted else page(typed, mistakes, state, language)
    )


def _zip(wanted: Wanted, state: State, language: str, places: BoundedSemaphore) -> Answer:
    """The ZIP, under the name of the first domain. Raises `Busy`."""
    if not places.acquire(blocking=False):
        raise Busy
    try:
        content = archive(wanted, state.config.catalogue, language)
    finally:
        places.release()
    name = f"autoconfig-{next(iter(wanted.served.domains))}.zip"
    attachment = ("Content-Disposition", f'attachment; filename="{name}"')
    return Answer(content, ZIP, headers=(attachment,))


def page(typed: Typed, mistakes: Sequence[Mistake], state: State, language: str) -> Answer:
    """The form with what has been typed, and each mistake at its field."""
    said, catalogue = words("generator", language), state.config.catalogue
    status = WITH_MISTAKES if mistakes else 200
    again: tuple[tuple[str, str], ...] = ()
    if any(each.ours for each in mistakes):
        status, again = LookUpFailed.status, (("Retry-After", str(LookUpFailed.retry_after)),)
    regions = dict.fromkeys(name for offer in catalogue.offers.values() for name in offer.regions)
    text = render(
        HTML,
        "generator.html",
        language=language,
        say=said,
        status=status,
        typed=typed._asdict(),
        mistakes=_by_field(mistakes, said),
        offers={offer.id: offer.name for offer in catalogue.offers.values()},
        regions={name: _region(name, said) for name in regions},
        spaces=SPACES,
        by_dns=BY_DNS if state.detector else "",
        most=MOST_DOMAINS,
        steps=STEPS[language],
    )
    return Answer(text.encode(), LONG_FORM, status, headers=(VARY_LANGUAGE, *again))


def _by_field(mistakes: Sequence[Mistake], said: Mapping[str, str]) -> Mapping[str, list[str]]:
    """The sentences of each field."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in mistakes:
        regions = ", ".join(_region(name, said) for name in each.regions)
        found[each.field].append(said[each.kind].format(**each.values, regions=regions))
    return found


def _region(name: str, said: Mapping[str, str]) -> str:
    """The name of a region for people; an operator's own stands as it is."""
    return said.get(f"region_{name}", name)

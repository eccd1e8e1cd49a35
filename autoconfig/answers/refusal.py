"""An error in the form that the client reads: the one place that writes errors down."""

import logging
import traceback
from datetime import UTC, datetime

from autoconfig.answers.answer import Answer, Headers, json_text
from autoconfig.answers.endpoints import Endpoint, errors_at
from autoconfig.documents.formats import NO_STORE
from autoconfig.documents.render import render
from autoconfig.documents.text import HTML, JSON, XML, TextKind
from autoconfig.errors import ClientError, InternalError, NotFound, NotServed

log = logging.getLogger("autoconfig")


def refused(error: Exception, endpoint: Endpoint) -> Answer:
    """The refusal for an error; any that is not a client's is a fault of ours, and logged."""
    if not isinstance(error, ClientError):
        report(error)
        error = InternalError()
    return refusal(error, endpoint.errors, endpoint)


def report(error: BaseException, doing: str = "answering") -> None:
    """Log a fault of ours: its place and its kind. The message may hold an address."""
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s while %s\n%s", type(error).__name__, doing, place.rstrip())


def unknown_url(path: str) -> Answer:
    """The refusal at a path that is not in the table."""
    return refusal(NotFound(), errors_at(path))


def refusal(error: ClientError, kind: TextKind, endpoint: Endpoint | None = None) -> Answer:
    """The error, written in a kind of text."""
    cached = endpoint is not None and isinstance(error, NotServed)
    return Answer(
        written(error, kind),
        kind,
        error.status,
        cache=endpoint.not_found_cache if endpoint and cached else NO_STORE,
        headers=_headers(error),
        domain=error.domain,
    )


def _headers(error: ClientError) -> Headers:
    """The headers of a 405 (RFC 9110 section 15.5.6) and of a 503 (section 10.2.3)."""
    allow = [("Allow", ", ".join(error.allow))] if error.allow else []
    again = [("Retry-After", str(error.retry_after))] if error.retry_after is not None else []
    return (*allow, *again)


def written(error: ClientError, kind: TextKind, time: str | None = None) -> bytes:
    """The body of a refusal. `time`: in place of the present one."""
    if kind is XML:
        time = time or datetime.now(UTC).strftime("%H:%M:%S.%f")
        values = {"time": time, "code": error.pox_code, "message": error.text}
        return render(XML, "autodiscover-error.xml", **values).encode()
    if kind is JSON:
        return json_text(ErrorCode=error.json_code, ErrorMessage=error.text)
    if kind is HTML:
        return render(HTML, "error.html", status=error.status).encode()
    return f"{error.text}\n".encode()

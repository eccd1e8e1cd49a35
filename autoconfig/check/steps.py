"""The tree of steps: each question that was asked, and what came of it."""

from collections.abc import Iterator

from autoconfig.check.seen import Answer, Hop, Named, Question, Request, Seen
from autoconfig.check.verdict import Reason, Step

MOST_RECORDS = 6
"""Records of a name that its step shows. A zone may have a thousand."""
NO_TYPE = "-"


def steps(seen: Seen) -> tuple[Step, ...]:
    """The look-ups in the DNS, then the requests, each with its redirects one level deeper."""
    return (
        *(_look_up(question, named) for question, named in sorted(seen.names.items())),
        *(
            step
            for request, answers in sorted(seen.answers.items())
            for answer in answers
            for step in _way(request, answer)
        ),
    )


def _look_up(question: Question, named: Named) -> Step:
    name, type_ = question
    return Step(f"{type_} {name}", *_came_of(named), named.ms)


def _came_of(named: Named) -> tuple[str, Reason]:
    if named.failure:
        return "failed", Reason("step-look-up-failed", {"failure": named.failure})
    if not named.records:
        if named.exists:
            return "none", Reason("step-no-records")
        return "no-name", Reason("step-absent")
    few = [str(each) for each in named.records[:MOST_RECORDS]]
    records = "; ".join([*few, "…"] if len(named.records) > MOST_RECORDS else few)
    if named.aliases:
        values = {"alias": named.aliases[-1], "records": records}
        return "found", Reason("step-behind-alias", values)
    return "found", Reason("step-records", {"records": records})


def _way(request: Request, answer: Answer) -> Iterator[Step]:
    over = f" (IPv{answer.family})" if answer.family else ""
    schema = f" ({request.schema})" if request.schema else ""
    for depth, hop in enumerate(answer.hops):
        what = f"{request.method} {hop.url}{schema}{over}"
        yield Step(what, str(hop.status or hop.fault), _detail(hop), hop.ms, min(depth, 1))


def _detail(hop: Hop) -> Reason:
    if hop.fault:
        return Reason(f"step-{hop.fault}", {"detail": hop.detail})
    if hop.location:
        return Reason("step-redirect", {"location": hop.location})
    values = {"type": hop.media_type or NO_TYPE, "octets": str(len(hop.body))}
    return Reason("step-answer", values)

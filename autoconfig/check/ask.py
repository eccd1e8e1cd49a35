"""Asking all that is to be known of a domain: everything at once, then what names lead to."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence, Set
from urllib.parse import urlsplit

from autoconfig.check.connect import Network
from autoconfig.check.questions import Person, questions, requests
from autoconfig.check.seen import Answer, Named, Question, Request, Seen
from autoconfig.check.web import Web
from autoconfig.programs.model import Program

DEADLINE = 5.5
"""Seconds for everything about a domain: the patience of a program, after a look-up."""


async def see(
    person: Person,
    programs: Sequence[Program],
    network: Network,
    more: Set[Question] = frozenset(),
    deadline: float = DEADLINE,
) -> Seen:
    """What the DNS and the web say to the programs. `more`: questions that are asked besides.

    `deadline`: seconds; what has not come by then is a `Fault.TIMEOUT`, or a `failure` of a name.
    """
    names: dict[Question, Named] = {}
    answers: dict[Request, tuple[Answer, ...]] = {}
    begun: set[Request] = set()
    end = asyncio.get_running_loop().time() + deadline
    leading = questions(programs, person)

    async with Web(network, person.domain, end) as web, asyncio.TaskGroup() as group:

        def begin(wanted: Set[Request]) -> None:
            for each in wanted - begun:
                begun.add(each)
                group.create_task(ask(each))

        async def ask(request: Request) -> None:
            answers[request] = await web.ask(request)

        async def look_up(question: Question) -> None:
            try:
                async with asyncio.timeout_at(end):
                    names[question] = await network.names.ask(question)
            except TimeoutError:
                names[question] = Named(failure=f"no answer in {deadline:g} s")
            if question in leading and names[question].records:
                begin(requests(programs, person, names))

        for each in leading | more:
            group.create_task(look_up(each))
        begin(requests(programs, person, None))
    return Seen(answers, {**names, **dict(_addresses(answers, network))})


def _addresses(
    answers: Mapping[Request, Sequence[Answer]], network: Network
) -> Iterator[tuple[Question, Named]]:
    """What was said of the addresses of each host that was asked."""
    urls = {hop.url for came in answers.values() for answer in came for hop in answer.hops}
    for host in {urlsplit(each).hostname or "" for each in urls}:
        for kind in ("A", "AAAA"):
            named = network.names.known((host, kind))
            if named:
                yield (host, kind), named

"""Names, each question asked once in a run, however many programs and domains put it."""

import asyncio
import time

import dns.exception
import dns.rdatatype

from autoconfig.check.seen import SECONDS, Named, Question
from autoconfig.detect.lookup import Resolver
from autoconfig.detect.records import LookUpFailed

QUESTIONS = 128
"""Questions that are under way at once. Each needs an open file."""


class Names:
    """What a resolver says. It belongs to one event loop."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._turn = asyncio.Semaphore(QUESTIONS)
        self._asked: dict[Question, asyncio.Task[Named]] = {}

    async def ask(self, question: Question) -> Named:
        """What is at a name; a look-up that failed says so in `failure`."""
        if question not in self._asked:
            self._asked[question] = asyncio.create_task(self._ask(question))
        return await asyncio.shield(self._asked[question])

    def known(self, question: Question) -> Named | None:
        """What has been said to a question; None if it was not asked, or not answered yet."""
        asked = self._asked.get(question)
        return asked.result() if asked and asked.done() else None

    async def _ask(self, question: Question) -> Named:
        async with self._turn:
            began = time.monotonic()
            named = await self._named(*question)
            return named._replace(ms=round((time.monotonic() - began) * 1000))

    async def _named(self, name: str, kind: str) -> Named:
        try:
            found, own = await self._resolver.whole(name, dns.rdatatype.from_text(kind), SECONDS)
        except LookUpFailed as failure:
            return Named(failure=str(failure))
        except dns.exception.DNSException:  # a label or a name that is too long, or empty
            return Named()
        aliases = tuple(each.to_text(omit_final_dot=True).lower() for each in found.aliases)
        return Named(found.records, aliases, own.records, own.exists)

"""Many domains at once: their questions side by side, and those that failed once more."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from autoconfig.detect.records import LookUpFailed, Records
from autoconfig.detect.rule import Confidence, Detection, Finding, SignSeen, decide
from autoconfig.detect.signs import Signs
from autoconfig.names import Domain

Ask: TypeAlias = Callable[[Domain], Awaitable[Records]]
"""Look a domain up. Raises `LookUpFailed`."""

AT_ONCE = 64
"""Domains that are asked for at once. Their questions need four open files each, of the 1024 that
systems give.
"""


class Looked(Protocol):
    """What came of a look. `failure`: the reason for which nothing did, else empty."""

    @property
    def failure(self) -> str: ...


Result = TypeVar("Result", bound=Looked)


class Detected(NamedTuple):
    """A domain, and what was found of it; or `failure`, the reason for which nothing could be."""

    domain: Domain
    detection: Detection | None
    failure: str = ""

    @property
    def finding(self) -> Finding:
        return self.detection.finding if self.detection else Finding(Confidence.FAILED)

    @property
    def signs(self) -> tuple[SignSeen, ...]:
        return self.detection.signs if self.detection else ()


async def survey(
    domains: Sequence[Domain], ask: Ask, signs: Signs, settled: Callable[[int], object]
) -> list[Detected]:
    """What is found of each domain, in their order. `settled`: as in `side_by_side`."""

    async def detect(domain: Domain) -> Detected:
        try:
            records = await ask(domain)
        except LookUpFailed as error:
            return Detected(domain, None, str(error))
        return Detected(domain, decide(records, signs))

    return await side_by_side(domains, detect, settled)


async def side_by_side(
    domains: Sequence[Domain],
    look: Callable[[Domain], Awaitable[Result]],
    settled: Callable[[int], object],
) -> list[Result]:
    """What a look at each domain comes to, in their order; a failure is looked at once more.

    `settled`: called with 1 for each domain, when nothing more is asked of it.
    """
    found: dict[Domain, Result] = {}

    async def work(waiting: Iterator[Domain], *, last: bool) -> None:
        for domain in waiting:
            result = await look(domain)
            if last or not result.failure:
                found[domain] = result
                settled(1)

    for last in (False, True):
        waiting = iter([each for each in domains if each not in found])
        async with asyncio.TaskGroup() as workers:
            for _ in range(AT_ONCE):
                workers.create_task(work(waiting, last=last))
    return [found[domain] for domain in domains]

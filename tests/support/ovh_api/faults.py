"""What may go wrong at a call: each fault stands around what the call would do.

A fault is for one call by its number (from 1, as in `calls`), or for those of a method and a path,
in which `*` is any text.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from tests.support.ovh_api.answers import Answer, Refusal

Effect: TypeAlias = Callable[[], Answer]
"""Do what the call says, and give its answer."""


@dataclass
class Fault:
    """`act`: what happens in place of the call; None breaks the connection. `times`: how often."""

    act: Callable[[Effect], Answer | None]
    number: int | None = None
    method: str = "*"
    path: str = "*"
    times: int = 1_000_000

    def meets(self, number: int, method: str, path: str) -> bool:
        """Whether it is for this call, which is then one of its times."""
        meets = (
            self.times > 0
            and self.number in {None, number}
            and fnmatchcase(method, self.method)
            and fnmatchcase(path.partition("?")[0], self.path)
        )
        self.times -= meets
        return meets


def broken_before(effect: Effect) -> None:
    """The connection breaks, and nothing is done."""


def broken_after(effect: Effect) -> None:
    """It is done, and the connection breaks before the answer."""
    effect()


def answer(
    status: int, body: bytes = b"{}", media_type: str = "application/json", **headers: str
) -> Callable[[Effect], Answer]:
    """This answer, and nothing is done. `headers`: by names with `_` in place of `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda effect: Answer(status, body, named, media_type)


def refuse(refusal: Refusal, form: str = "mixed") -> Callable[[Effect], Answer]:
    return lambda effect: refusal.answer(form)


def slow(seconds: float) -> Callable[[Effect], Answer]:
    def late(effect: Effect) -> Answer:
        time.sleep(seconds)
        return effect()

    return late


def empty(effect: Effect) -> Answer:
    """It is done, and the answer has no body."""
    return effect()._replace(body=b"")


def without_id(effect: Effect) -> Answer:
    """It is done, and the record that comes back has the id 0."""
    done = effect()
    return done._replace(body=json.dumps({**json.loads(done.body), "id": 0}).encode())


HTML = b"<html><body><h1>408 Request Time-out</h1></body></html>"
TIME_OUT = answer(408, HTML, "text/html")
TOO_MANY = answer(429, b'{"message": "Too many requests"}', Retry_After="7")
NULL = answer(500, b"null")
LIST = answer(500, b"[]")
EXPIRED = refuse(Refusal(460, "This service is expired", kind="Client::Expired"))

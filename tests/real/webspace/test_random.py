"""Random requests: the server and the tree for Apache differ in nothing but what a row here names.

`RANDOM_REQUESTS` says how many go to each pair of the two, `RANDOM_SEED` which ones. There are four
pairs, so that together they get 20,000 if neither is set.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes

import pytest

from autoconfig.answers.endpoints import endpoint_at
from autoconfig.config.load import load_config
from tests.real.webspace.pairs import (
    PHP,
    SERVER_ALONE,
    Pair,
    compared,
    serve_without_codes,
    write_tree,
)
from tests.real.webspace.questions import LONGEST_LINE, Answer, Question, ask
from tests.real.webspace.random_questions import BASE, CONFIGURATION, questions

REQUESTS = int(os.environ.get("RANDOM_REQUESTS", "5000"))
SEED = int(os.environ.get("RANDOM_SEED", "10"))
CLIENTS = 4
SHOWN, WIDTH = 5, 600
"""Differences that a failure shows, and characters of each line."""

NOT_READ = re.compile(r"x-forwarded-(?:host|for)|forwarded|.*_.*")
"""Headers of which web space reads none, since anybody may write them; Apache drops some itself."""

LONGEST_NAME = 255
"""Bytes of a file's name on Linux."""

HOST = re.compile(r"\[::1\](?::\d+)?|(?!\d)[\w-]+(?:\.[\w-]+)*\.?(?::[1-9]\d*)?", re.ASCII)
"""A `Host` that Apache takes."""


class Difference(NamedTuple):
    """A difference that is right. `is_here`: whether it explains these two answers.

    `php`: the way in which PHP runs, if it is of that way alone.
    """

    reason: str
    is_here: Callable[[Question, Answer, Answer], bool]
    php: str | None = None


def apache_alone(answer: Answer) -> bool:
    """Whether Apache answered itself."""
    return answer.headers.get("Content-Type") == "text/html; charset=iso-8859-1"


def path_of(question: Question) -> str:
    """The path as WSGI has it."""
    target = re.sub(r"^http://[^/]*", "", question.target)
    return unquote_to_bytes(target.partition("?")[0]).decode("latin-1")


def has(question: Question, character: str) -> bool:
    """Whether the character is in the URL or the body, as it is or as a reference."""
    body = question.body.replace(b"\0", b"")  # of UTF-16
    written = (character.encode(), f"&#{ord(character)};".encode())
    return character in unquote(question.target) or any(each in body for each in written)


def is_for_server_alone(question: Question) -> bool:
    endpoint, _ = endpoint_at(path_of(question))
    return endpoint is not None and endpoint.path in SERVER_ALONE


DIFFERENCES = (
    Difference(
        "a URL that the operator's programs ask is not on web space",
        lambda question, _, apache: is_for_server_alone(question) and apache.status == 404,
    ),
    Difference(
        "Apache refuses a Host that is no name",
        lambda question, _, apache: apache_alone(apache) and not HOST.fullmatch(question.host),
    ),
    Difference(
        "Apache refuses a path above the root, without its slash, or with half an escape",
        lambda question, _, apache: (
            apache_alone(apache)
            and apache.status == 400
            and bool(re.search(r"/\.\./|^(?!/|http:)|%(?![0-9A-Fa-f]{2})", question.target))
        ),
    ),
    Difference(
        "Apache tells what it can itself of `OPTIONS *`",
        lambda question, *_: (question.method, question.target[:1]) == ("OPTIONS", "*"),
    ),
    Difference(
        "Apache finds nothing at a path with an escaped slash or NUL",
        lambda question, _, apache: (
            apache_alone(apache)
            and apache.status in {400, 404}
            and bool(re.search("%(?:2[fF]|00)", question.target))
        ),
    ),
    Difference(
        "Apache refuses a path with a name that is too long for a file",
        lambda question, _, apache: apache.status == 403 and len(path_of(question)) > LONGEST_NAME,
    ),
    Difference(
        "without its extension mbstring, PHP knows small letters of ASCII alone",
        lambda question, *_: has(question, "\u00c9") or has(question, "\u0130"),
        php="fpm",
    ),
    Difference(
        "without its extension intl, PHP knows an international domain as it is served",
        lambda question, _, apache: has(question, "\u0301") and apache.status in {400, 404},
        php="fpm",
    ),
    Difference(
        "beside Apache, PHP reads a form with parts itself, and leaves nothing of it",
        lambda question, _, apache: (
            question.headers.get("Content-Type", "").startswith("multipart/")
            and question.body != b""
            and apache.status in {302, 400}
        ),
        php="fpm",
    ),
    Difference(
        "Apache says of what PHP beside it answers that any `*` is known: RFC 9110 section 13.1.2",
        lambda question, server, apache: (
            "*" in question.headers.get("If-None-Match", "")
            and (server.status, apache.status) == (200, 304)
        ),
        php="fpm",
    ),
    Difference(
        "Apache adds the slash to the name of a folder",
        lambda question, _, apache: (
            apache_alone(apache)
            and apache.status == 301
            and apache.headers["Location"].partition("?")[0].endswith(path_of(question) + "/")
        ),
    ),
    Difference(
        "granian refuses a target with angle brackets",
        lambda question, server, _: (
            server.status == 400 and bool(re.search("[<>]", question.target))
        ),
    ),
    Difference(
        "a file has a validator of Apache's own",
        lambda _, server, apache: (
            server.status == 304 and (apache.from_file or apache.status == 304)
        ),
    ),
)


def as_on_web_space(question: Question) -> Question:
    """The question that has the same meaning for the server.

    A request that says nothing of TLS is a newcomer's `curl` to the server, and plain http on web
    space, unless it came to port 443. Of a whole URL, Apache takes the host, as RFC 9112 section
    3.2.2 has it; the server goes by `Host` alone.
    """
    whole = re.match(r"http://([^/]*)", question.target)
    host = whole[1] if whole else question.host
    headers = {k: v for k, v in question.headers.items() if not NOT_READ.fullmatch(k.lower())}
    if not headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip():
        headers["X-Forwarded-Proto"] = "https" if host.endswith(":443") else "http"
    return replace(question, headers=headers, host=host)


@pytest.fixture(
    scope="module",
    params=product(PHP, (f'base_url = "https://{BASE}"', "")),
    ids=lambda param: f"{param[0]}, {param[1] or 'without base_url'}",
)
def pair(request: pytest.FixtureRequest, space: Path) -> Iterator[Pair]:
    php, base = request.param
    folder = space / f"random-{php}-{bool(base)}"
    folder.mkdir()
    config = folder / "autoconfig.toml"
    config.write_text(CONFIGURATION.format(base=base))
    tree = write_tree(load_config(config), folder / "tree")
    with (
        serve_without_codes(config, folder / "serve") as server,
        PHP[php](tree, folder / "web") as web,
    ):
        yield Pair(php, server, web)


def test_random_requests_differ_in_nothing_without_a_reason(pair: Pair) -> None:
    reasons: Counter[str] = Counter()
    unexplained: list[str] = []

    def put(question: Question) -> None:
        question = pair.with_etag(question)
        server = ask(pair.serve.port, as_on_web_space(question))
        apache = ask(pair.apache.port, question)
        expected, got = compared(server, apache)
        if got == expected:
            reasons["the same"] += 1
            return
        for difference in DIFFERENCES:
            here = difference.php in {None, pair.php}
            if here and difference.is_here(question, server, apache):
                reasons[difference.reason] += 1
                return
        seen = question, ("server", *expected), ("apache", *got)
        unexplained.append("\n".join(str(each)[:WIDTH] for each in seen))

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(put, islice(asked(), REQUESTS)))
    print(*(f"{count:6} {reason}" for reason, count in reasons.most_common()), sep="\n")  # noqa: T201
    if unexplained:
        pytest.fail("\n\n".join([f"{len(unexplained)} of {REQUESTS}", *unexplained[:SHOWN]]))
    assert reasons["the same"] > REQUESTS // 2, "most of what is asked is right or nearly so"
    assert " at autoconfig.php:" not in pair.apache.messages(), "a fault of ours"


def asked() -> Iterator[Question]:
    """What can be a request line at all, and is not too long for Apache."""
    return (
        each
        for each in questions(SEED)
        if re.fullmatch(r"[!-~]+", each.target) and len(each.target) < LONGEST_LINE
    )

"""What a parsed request leaves behind in memory."""

import re
import resource
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest

from autoconfig.answers.pox_request import MAX_BODY, parse_request
from autoconfig.errors import ClientError
from tests.support.hostile import ENCODINGS, LAUGHS
from tests.support.requests import pox


def memory_used(body: bytes) -> tuple[int, int]:
    """The most memory used (in KiB) after parsing the body some times, and 200 times more."""

    def parse() -> None:
        with suppress(ClientError):
            parse_request(body)

    for _ in range(10):
        parse()
    first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(200):
        parse()
    return first, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16LE with BOM", "UTF-7"])
def test_laughter_costs_no_memory(encoding: str) -> None:
    """In a process of its own: what other tests have used would hide what this one uses.

    It comes from a fork server, because Linux counts for a new program what its parent has used.
    """
    prolog = f"<!DOCTYPE a [{LAUGHS}]>"
    texts = (pox('<b c="&l9;"/>' + "&l9;" * number, prolog=prolog) for number in range(2000))
    body = [body for body in map(ENCODINGS[encoding], texts) if len(body) <= MAX_BODY][-1]
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as processes:
        first, last = processes.submit(memory_used, body).result()
    assert first < 256 * 1024
    assert last - first < 200 * MAX_BODY // 1024  # less than a body for each time


def memory_for_new_names(rounds: int) -> tuple[int, int]:
    """The memory in use (in KiB) after some requests with new names, and after all."""

    def in_use() -> int:
        return int(re.findall(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[0])

    def parse(number: int) -> None:
        parse_request(pox(inside="".join(f"<n{number}x{i}/>" for i in range(500))).encode())

    for number in range(100):
        parse(number)
    first = in_use()
    for number in range(100, rounds):
        parse(number)
    return first, in_use()


def test_names_never_seen_before_are_not_kept() -> None:
    """libxml2 keeps each for as long as the thread lives: 500 names a request, some 20 KiB."""
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as processes:
        first, last = processes.submit(memory_for_new_names, 1100).result()
    assert last - first < 1000 * 20 / 4

"""The targets of `make fuzz` on the inputs that it begins with, and mutants before a server."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.corpus import is_complete, mutated
from tests.fuzz.soak import answered, connect, mutant
from tests.fuzz.targets import TARGETS
from tests.support.serving import running

every_target = pytest.mark.parametrize("name", TARGETS)


@every_target
def test_target_holds_for_what_it_begins_with(name: str) -> None:
    for content in TARGETS[name].inputs:
        TARGETS[name].holds(content)


@every_target
@settings(max_examples=50)
@given(data=st.data(), random=st.randoms(use_true_random=True))
def test_target_holds_for_mutants(name: str, data: st.DataObject, random: Random) -> None:
    content = data.draw(st.sampled_from([*TARGETS[name].inputs]))
    TARGETS[name].holds(mutated(random, content)[: TARGETS[name].longest])


@pytest.mark.parametrize(
    ("asked", "complete"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", True),
        (b"\r\nGET / HTTP/1.1\n\n", True),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", False),
    ],
)
def test_what_a_server_must_answer_is_known(asked: bytes, *, complete: bool) -> None:
    assert is_complete(asked) is complete


def test_every_mutated_request_is_answered_and_none_by_a_fault(tmp_path: Path) -> None:
    random = Random(4)  # noqa: S311  # to be had again, not secret
    with running(tmp_path, workers=2) as server:
        for _ in range(1000):
            request = mutant(random)
            with connect(server.port) as connection:
                assert 100 < answered(connection, request).status < 500, request
        for _ in range(200):  # of those that nobody waits for an answer to
            with connect(server.port) as connection:
                connection.sendall(mutated(random, request)[:-2])
        assert server.is_well()
    assert "Traceback" not in server.messages.read_text()
    assert "@" not in server.log.read_text()

"""`autoconfig serve`, started as a user starts it and spoken to over sockets."""

import http.client
import os
import re
import selectors
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from wsgiref.validate import validator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from autoconfig.serve.limits import BODIES, HEADER_SECONDS, MAX_HEADER, THREADS
from autoconfig.serve.processors import stay_on_processor
from tests.support.questions import QUESTIONS
from tests.support.recipes import EXAMPLE
from tests.support.requests import MOZILLA, POX, V2
from tests.support.running import PATIENCE, until
from tests.support.serving import (
    CLOSE,
    GET,
    LOOPBACK,
    MIB,
    POST,
    POX_BODY,
    STOPPING,
    WHOLE,
    Answer,
    Asked,
    Server,
    answer,
    asked,
    everything,
    running,
    started,
    statuses,
)
from tests.support.tables import table

HUGE = 20 * MIB
SIZED = b"Content-Length: %d\r\n" % HUGE
CHUNKED = b"Transfer-Encoding: chunked\r\n"

every_question = pytest.mark.parametrize(
    "question", QUESTIONS, ids=lambda question: " ".join((question.headers["Host"], *question[:2]))
)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("serve"), workers=2) as server:
        assert all(server.is_well() for _ in range(200)), "warm-up, for the tests that measure"
        yield server


@pytest.fixture
def server(example: Server) -> Iterator[Server]:
    """The running server, which must be well after the test and have nothing to complain about."""
    yield example
    assert example.is_well()
    assert not re.search("Traceback|ERROR|panicked", example.messages.read_text())


@every_question
def test_server_answers_what_the_application_answers(
    server: Server, client: FlaskClient, question: Asked
) -> None:
    assert server.ask(question) == of_application(client, question)


@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")
@every_question
def test_application_is_correct_wsgi(app: Flask, client: FlaskClient, question: Asked) -> None:
    method, target, headers, body, _ = question
    builder = EnvironBuilder(target, method=method, headers=[*headers.items()], data=body)
    chunks, status, found = run_wsgi_app(validator(app), builder.get_environ(), buffered=True)
    validated = answer(int(status[:3]), [*found.items()], b"".join(chunks))
    assert validated == of_application(client, question)


def of_application(client: FlaskClient, question: Asked) -> Answer:
    method, target, headers, body, status = question
    found = client.open(target, method=method, headers=[*headers.items()], data=body)
    assert status in (None, found.status_code)
    return answer(found.status_code, [*found.headers.items()], found.data)


def test_head_has_the_length_but_no_body(server: Server) -> None:
    data = server.send(f"HEAD {MOZILLA} HTTP/1.1\r\nHost: example.com\r\n".encode() + CLOSE)
    length = len(server.ask(asked("GET", MOZILLA)).body)
    assert f"\r\ncontent-length: {length}\r\n".encode() in data
    assert data.index(b"\r\n\r\n") == len(data) - 4


def test_chunked_body_is_read(server: Server) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in POX_BODY) + b"0\r\n\r\n"
    data = server.send(POST + CHUNKED + CLOSE + chunks)
    assert statuses(data) == [200]
    assert b"<LoginName>alice@example.com</LoginName>" in data


@pytest.mark.parametrize(
    ("length", "block"),
    [(SIZED, b" " * 65536), (CHUNKED, b"10000\r\n" + b" " * 65536 + b"\r\n")],
    ids=["sized", "chunked"],
)
def test_huge_body_is_refused_unread_and_in_constant_memory(
    server: Server, length: bytes, block: bytes
) -> None:
    before, most = server.memory(), 0
    for _ in range(5):
        sent = 0
        with server.connect(buffer=65536) as connection:
            connection.sendall(POST + length + b"\r\n")
            with suppress(ConnectionError):
                while sent < HUGE:
                    connection.sendall(block)
                    sent += len(block)
                    most = max(most, server.memory())
            assert statuses(everything(connection)) == [413]
        assert sent < HUGE
    assert max(most, server.memory()) < before + 8 * MIB


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [(WHOLE, POX_BODY, [100, 200]), (SIZED, b"", [413])],
)
def test_client_may_wait_for_permission_to_send(
    server: Server, head: bytes, body: bytes, expected: list[int]
) -> None:
    data = server.send(POST + head + b"Expect: 100-continue\r\n" + CLOSE + body)
    assert statuses(data) == expected


@pytest.mark.parametrize("head", [WHOLE + b"\r\n", CHUNKED + b"\r\n3e7\r\n"])
@pytest.mark.parametrize("leave", ["closes", "resets", "stops sending"])
def test_body_that_ends_half_way_does_no_harm(server: Server, head: bytes, leave: str) -> None:
    for _ in range(50):
        with server.connect() as connection:
            connection.sendall(POST + head + POX_BODY[:50])
            if leave == "resets":
                at_once = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            elif leave == "stops sending":
                connection.shutdown(socket.SHUT_WR)
                assert statuses(everything(connection)) in ([], [400])
    assert all(server.is_well() for _ in range(10))


CROWD = 250
"""Slow clients of each kind. Half of them send a byte a second, the others nothing more."""
BODY = 400
LATE = 20
"""Seconds by which the end of a slow header may be late on a busy machine."""
Ends = list[tuple[float, list[int]]]


@dataclass(slots=True)
class Siege:
    """What the others got meanwhile, in seconds, and what the slow clients got and when.

    `bodies`: the statuses of those who sent the rest of their body in the end.
    """

    calm: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    failed: int = 0
    headers: Ends = field(default_factory=list)
    bodies: list[list[int]] = field(default_factory=list)

    def probe(self, server: Server, seconds: list[float]) -> None:
        begin = time.monotonic()
        self.failed += not server.is_well()
        seconds.append(time.monotonic() - begin)


@pytest.fixture(scope="module")
def siege(example: Server) -> Siege:
    siege = Siege()
    for _ in range(CROWD):
        siege.probe(example, siege.calm)
    begin = drip = time.monotonic()
    with selectors.DefaultSelector() as slow, ExitStack() as clients:
        bodies = [clients.enter_context(example.connect()) for _ in range(CROWD)]
        for connection in bodies:
            connection.sendall(POST + b"Content-Length: %d\r\n" % BODY + CLOSE)
        for _ in range(CROWD):
            connection = clients.enter_context(example.connect())
            connection.sendall(GET + b"X-Slow: ")
            slow.register(connection, selectors.EVENT_READ)
        sent = 0
        while slow.get_map() and time.monotonic() < begin + HEADER_SECONDS + LATE:
            siege.probe(example, siege.busy)
            if time.monotonic() > drip + 1:
                drip, sent = time.monotonic(), sent + 1
                left = [key.fd for key in [*slow.get_map().values()][: CROWD // 2]]
                for descriptor in (*left, *(each.fileno() for each in bodies[: CROWD // 2])):
                    with suppress(ConnectionError):
                        os.write(descriptor, b" ")
            for key, _ in slow.select(0.02):
                assert isinstance(key.fileobj, socket.socket)
                slow.unregister(key.fileobj)
                siege.headers.append((time.monotonic() - begin, statuses(everything(key.fileobj))))
        for number, connection in enumerate(bodies):
            connection.sendall(b" " * (BODY - (sent if number < CROWD // 2 else 0)))
            siege.bodies.append(statuses(everything(connection)))
    for _ in range(CROWD):  # as neighbours of this machine may have come in the meantime
        siege.probe(example, siege.calm)
    return siege


def test_slow_clients_cost_the_others_nothing(siege: Siege, server: Server) -> None:
    assert siege.failed == 0
    assert len(siege.busy) > CROWD / 3
    assert median(siege.busy) < 50 * median(siege.calm)
    assert quantiles(siege.busy, n=100)[-1] < 50 * quantiles(siege.calm, n=100)[-1]


def test_slow_body_is_answered_when_it_is_there(siege: Siege, server: Server) -> None:
    """It is blank, which is malformed."""
    assert siege.bodies == [[400]] * CROWD


def test_slow_header_is_cut_off(siege: Siege, server: Server) -> None:
    assert len(siege.headers) == CROWD
    for seconds, found in siege.headers:
        assert found in ([], [408])
        assert HEADER_SECONDS - 1 < seconds < HEADER_SECONDS + LATE


def test_worker_that_is_full_of_bodies_refuses_more_until_it_has_ended_the_late_ones(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as server, ExitStack() as clients:
        (full,) = server.children()
        for _ in range(THREADS * BODIES // 100 + 1):
            client = clients.enter_context(server.connect())
            client.sendall(POST + WHOLE + b"\r\n" + POX_BODY[:50])
        assert until(server.takes_posts)
        assert server.is_well()
        assert server.children() == [full]
        assert server.complaints() == []


def test_slow_reader_costs_the_others_nothing_and_gets_all_its_answers(server: Server) -> None:
    number, before = 4000, server.memory()
    question = b"GET / HTTP/1.1\r\nHost: example.com\r\n"
    data = (question + b"\r\n") * (number - 1) + question + CLOSE
    with server.connect(buffer=65536) as connection:
        connection.settimeout(PATIENCE)
        sender = threading.Thread(target=connection.sendall, args=(data,))
        sender.start()
        assert all(server.is_well() for _ in range(100))
        assert server.memory() < before + 8 * MIB
        assert statuses(everything(connection)) == [200] * number
        sender.join()


@pytest.mark.parametrize("size", [MAX_HEADER + 1024, MIB], ids=["17 KiB", "1 MiB"])
@pytest.mark.parametrize(
    "start",
    [GET + b"X-Long: ", GET + b"X", GET + b"X: y\r\n" * 2000, b"GET /", b"GET /?x=", b"BREW"],
    ids=["header", "header name", "headers", "path", "query", "method"],
)
def test_too_long_a_header_is_refused(server: Server, start: bytes, size: int) -> None:
    assert statuses(server.send(start + b"a" * size + b"\r\n\r\n"))[0] in (400, 414, 431)


def fields(number: int) -> bytes:
    """A request with so many header fields, `Host` and `Connection` included."""
    return GET + b"X: y\r\n" * (number - 2) + CLOSE


@pytest.mark.parametrize(
    ("data", "expected"),
    table(
        {
            "100 header fields": (fields(100), [200]),
            "101 header fields": (fields(101), [431]),
            "length beyond 64 bits": (POST + b"Content-Length: %d\r\n" % 2**64 + CLOSE, [400]),
            "length of 30 digits": (POST + b"Content-Length: %b\r\n" % (b"9" * 30) + CLOSE, [400]),
            "length at the end of 64 bits": (
                POST + b"Content-Length: %d\r\n" % (2**64 - 1) + CLOSE,
                [431],
            ),
            "great length": (POST + b"Content-Length: %d\r\n" % 2**63 + CLOSE, [413]),
            "two lengths": (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n" + CLOSE, [400]),
            "negative length": (POST + b"Content-Length: -1\r\n" + CLOSE, [400]),
            "length with a sign": (POST + b"Content-Length: +3\r\n" + CLOSE + b"abc", [400]),
            "unknown coding": (POST + b"Transfer-Encoding: x\r\n" + CLOSE, [400]),
            "broken chunk": (POST + CHUNKED + CLOSE + b"zz\r\nabc\r\n0\r\n\r\n", [400]),
            "two hosts": (GET + b"Host: example.com\r\n" + CLOSE, [400]),
            "no HTTP": (b"\x16\x03\x01\x02\x00\r\n\r\n", [400]),
            "no version": (b"GET /healthz\r\n\r\n", [400]),
            "unknown version": (b"GET /healthz HTTP/3.7\r\n\r\n", [400]),
            "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", []),
            "upgrade to HTTP/2": (GET + b"Upgrade: h2c\r\n" + CLOSE, [200]),
            "whole URL": (b"GET http://example.com/healthz HTTP/1.1\r\n" + CLOSE, [200]),
            "URL of something else": (b"GET ftp://x/y HTTP/1.1\r\nHost: x\r\n" + CLOSE, [404]),
            "CONNECT": (b"CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n" + CLOSE, [405]),
            "OPTIONS of the server": (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n" + CLOSE, [404]),
            "no path": (b"GET  HTTP/1.1\r\nHost: x\r\n" + CLOSE, [400]),
            "space in the path": (b"GET /a b HTTP/1.1\r\nHost: x\r\n" + CLOSE, [400]),
            "NUL in the path": (b"GET /\0 HTTP/1.1\r\nHost: x\r\n" + CLOSE, [400]),
            "method that is no token": (b"G(T / HTTP/1.1\r\nHost: x\r\n" + CLOSE, [400]),
            "NUL in a header": (GET + b"X: a\0b\r\n" + CLOSE, [400]),
            "header in two lines": (GET + b"X: a\r\n b\r\n" + CLOSE, [400]),
            "header without a colon": (GET + b"X\r\n" + CLOSE, [400]),
            "space before the colon": (GET + b"X : y\r\n" + CLOSE, [400]),
            "line ends of LF alone": (GET.replace(b"\r", b"") + CLOSE.replace(b"\r", b""), [200]),
            "blank lines before it": (b"\r\n\r\n" + GET + CLOSE, [200]),
        }
    ),
)
def test_odd_http_gets_one_answer_and_does_no_harm(
    server: Server, data: bytes, expected: list[int]
) -> None:
    """Most of these Granian answers itself, without a body."""
    assert statuses(server.send(data)) == expected


def test_long_cookies_are_read(server: Server) -> None:
    cookies = b"Cookie: " + b"a" * (MAX_HEADER - 1024) + b"\r\n"
    assert statuses(server.send(GET + cookies + CLOSE)) == [200]


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.1"])
@pytest.mark.parametrize(("query", "status"), [("", 404), ("?emailaddress=a@example.com", 200)])
def test_client_may_leave_the_host_out(
    server: Server, version: str, query: str, status: int
) -> None:
    line = f"GET {MOZILLA}{query} {version}\r\n".encode()
    assert statuses(server.send(line + CLOSE)) == [status]


@pytest.mark.parametrize(
    ("target", "header", "allowed"),
    [
        (b"/\xff", b"Host: any", (400, 404)),
        (b"/\xc3\xa9", b"Host: any", (400, 404)),
        ("/mail/config-v1.1.xml?emailaddress=zoé@café.example".encode(), b"Host: any", (200,)),
        (b"/mail/config-v1.1.xml?emailaddress=zo\xe9@example.com", b"Host: any", (200, 400)),
        (b"/", b"Host: caf\xc3\xa9.example", (400, 404)),
        (b"/", b"Host: caf\xe9.example", (400, 404)),
        (b"/healthz", b"Host: any\r\nUser-Agent: caf\xe9", (200,)),
        (b"/healthz", b"Host: any\r\nX-Forwarded-For: \xff", (200,)),
        (b"/healthz", b"Host: any\r\nIf-None-Match: \xff", (200,)),
    ],
)
def test_bytes_beyond_ascii_do_no_harm(
    server: Server, target: bytes, header: bytes, allowed: tuple[int, ...]
) -> None:
    data = server.send(b"GET %b HTTP/1.1\r\n%b\r\n" % (target, header) + CLOSE)
    assert statuses(data)[0] in allowed


def test_proxy_on_this_machine_is_believed(server: Server) -> None:
    question = Asked("GET", POX, {"Host": "example.com", "X-Forwarded-Proto": "http"})
    assert server.ask(question).status == 302


def test_pipelined_requests_get_their_own_answers(server: Server) -> None:
    post, lost = POST + WHOLE + b"\r\n" + POX_BODY, GET.replace(b"/healthz", b"/lost")
    data = server.send(GET + b"\r\n" + post + lost + b"\r\n" + post + GET + CLOSE)
    assert statuses(data) == [200, 200, 404, 200, 200]
    assert data.count(b"</Autodiscover>") == 2


def test_body_that_is_not_read_is_no_request(server: Server) -> None:
    body = GET.replace(b"/healthz", b"/lost") + b"\r\n"
    put = GET.replace(b"GET", b"PUT") + b"Content-Length: %d\r\n\r\n" % len(body) + body
    assert statuses(server.send(put + GET + CLOSE)) in ([405], [405, 200])


def test_connection_is_used_again(server: Server) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=PATIENCE)
    connection.connect()
    first = connection.sock
    for method, path in [("GET", MOZILLA), ("POST", POX), ("HEAD", "/"), ("GET", "/x")] * 5:
        connection.request(method, path, POX_BODY if method == "POST" else None)
        connection.getresponse().read()
        assert connection.sock is first
    connection.close()


def get(target: str, *headers: str, version: str = "1.1") -> bytes:
    return "\r\n".join((f"GET {target} HTTP/{version}", *headers, "")).encode() + CLOSE


LOGGED: Mapping[str, tuple[str, str, bytes]] = {
    "plain": ("-", "GET /healthz HTTP/1.1", get("/healthz")),
    "version": ("-", "GET /healthz HTTP/1.0", get("/healthz", version="1.0")),
    "path": ("-", "GET - HTTP/1.1", get("/alice@example.com%0d%0aforged%22")),
    "method": ("-", "- /healthz HTTP/1.1", get("/healthz").replace(b"GET", b"FORGED")),
    "address in a query": (
        "example.com",
        f"GET {MOZILLA} HTTP/1.1",
        get(f"{MOZILLA}?x=forged&emailaddress=alice@example.com"),
    ),
    "line break": ("-", f"GET {MOZILLA} HTTP/1.1", get(f"{MOZILLA}?emailaddress=a@b%0d%0aforged")),
    "address in a path": (
        "example.com",
        f"GET {V2}/v1.0/<address> HTTP/1.1",
        get(f"{V2}/v1.0/alice@example.com"),
    ),
    "body": ("example.com", f"POST {POX} HTTP/1.1", POST + WHOLE + CLOSE + POX_BODY),
    "referer": ("-", "GET / HTTP/1.1", get("/", 'Referer: alice@example.com" forged')),
    "host": ("-", "GET / HTTP/1.1", get("/", 'Host: alice@example.com" forged:1')),
    "client": ("-", "GET / HTTP/1.1", get("/", "X-Forwarded-For: alice@example.com forged")),
    "proxy": ("-", "GET / HTTP/1.1", get("/", "X-Forwarded-Host: x:1 alice@example.com forged")),
}
"""The domain and the request as they must stand in the log, and what is sent."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """The lines of standard output for `LOGGED`, and all those of standard error."""
    with running(tmp_path_factory.mktemp("log")) as server:
        assert server.ask(asked("OPTIONS", "/healthz")).status == 204
        assert until(lambda: "OPTIONS /healthz" in server.log.read_text())  # and what came before
        start = len(server.log.read_text().splitlines())
        for _, _, data in LOGGED.values():
            assert statuses(server.send(data))
    return server.log.read_text().splitlines()[start:], server.messages.read_text().splitlines()


def test_log_has_exactly_one_line_a_request(finished: tuple[list[str], list[str]]) -> None:
    assert len(finished[0]) == len(LOGGED)


@pytest.mark.parametrize("case", LOGGED)
def test_log_has_the_vhost_common_form(finished: tuple[list[str], list[str]], case: str) -> None:
    domain, request, _ = LOGGED[case]
    moment = r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000"
    form = rf'{domain}:\d+ [-0-9.]+ - - \[{moment}\] "{re.escape(request)}" \d{{3}} (\d+|-)'
    line = finished[0][[*LOGGED].index(case)]
    assert re.fullmatch(form, line), line


def test_nothing_personal_or_forged_is_written(finished: tuple[list[str], list[str]]) -> None:
    lines = [*finished[0], *finished[1]]
    assert [line for line in lines if re.search("@|alice|forged", line, re.IGNORECASE)] == []


def test_standard_error_has_no_requests(finished: tuple[list[str], list[str]]) -> None:
    assert [line for line in finished[1] if re.search("HTTP/1|Traceback|ERROR", line)] == []


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["process", "group"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_stop_finishes_what_is_in_flight(
    tmp_path: Path, number: signal.Signals, send: Callable[[int, int], None]
) -> None:
    with started(tmp_path) as server:
        assert until(server.is_ready)
        with server.connect() as idle, server.connect() as busy:
            idle.sendall(GET + b"\r\n")
            assert statuses(idle.recv(65536)) == [200]
            busy.sendall(POST + WHOLE + b"Expect: 100-continue\r\n\r\n")
            assert statuses(busy.recv(65536)) == [100]
            busy.sendall(POX_BODY[:50])
            send(server.process.pid, number)
            assert until(lambda: not server.is_well())
            busy.sendall(POX_BODY[50:])
            assert statuses(everything(busy)) == [200]
        assert server.process.wait(STOPPING) == 0
        socket.create_server((LOOPBACK, server.port)).close()


def test_stop_is_obeyed_while_workers_start(tmp_path: Path) -> None:
    with started(tmp_path, workers=2) as server:
        assert until(lambda: len(server.children()) == 2)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STOPPING) == 0


def test_killed_worker_is_replaced(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as server:
        victim, other = server.children()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: victim not in server.children())
        assert server.is_well()
        assert until(server.is_ready)
        assert other in server.children()
        assert all(server.is_well() for _ in range(100))


def test_each_processor_has_a_worker_of_its_own(tmp_path: Path) -> None:
    allowed = os.sched_getaffinity(0)
    used = {*sorted(allowed)[:2]}
    os.sched_setaffinity(0, used)
    try:
        with running(tmp_path, workers=len(used)) as server:
            assert {frozenset(os.sched_getaffinity(pid)) for pid in server.children()} == {
                frozenset({processor}) for processor in used
            }
            victim = server.children()[0]
            left = os.sched_getaffinity(victim)
            others = {*server.children()} - {victim}
            os.kill(victim, signal.SIGKILL)
            assert until(lambda: victim not in server.children() and server.is_ready())
            (successor,) = {*server.children()} - others
            assert os.sched_getaffinity(successor) == left
    finally:
        os.sched_setaffinity(0, allowed)


@pytest.mark.parametrize(
    ("workers", "number", "expected"), [(1, 0, None), (2, 1, None), (3, 1, {4}), (4, 3, {2})]
)
def test_worker_may_go_anywhere_where_there_are_more_processors(
    monkeypatch: pytest.MonkeyPatch, workers: int, number: int, expected: set[int] | None
) -> None:
    taken = []
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {2, 4, 7})
    monkeypatch.setattr("os.sched_setaffinity", lambda pid, processors: taken.append(processors))
    stay_on_processor(number, workers)
    assert taken == ([] if expected is None else [expected])


def test_sandbox_may_forbid_to_choose_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def forbid(pid: int, processors: set[int]) -> None:
        asked.append(processors)
        raise PermissionError

    monkeypatch.setattr("os.sched_setaffinity", forbid)
    stay_on_processor(0, workers=10_000)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("options", "status"), [((), 200), (("--config", str(EXAMPLE)), 404)], ids=["alone", "--config"]
)
def test_configuration_may_come_from_the_environment(
    tmp_path: Path, options: tuple[str, ...], status: int
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('[[service]]\noffer = "mx-plan"\ndomains = ["example.com", "mine.example"]\n')
    with running(tmp_path, *options, config=config) as server:
        assert server.ask(asked("GET", MOZILLA, "mine.example")).status == status


def refusal(directory: Path, *options: str, port: int, config: Path = EXAMPLE) -> str:
    """The one message of a server that does not start."""
    with started(directory, *options, port=port, config=config) as server:
        assert server.process.wait(PATIENCE) == 2
    messages = server.messages.read_text()
    assert "Traceback" not in messages
    (message,) = re.findall("^error: .*", messages, re.MULTILINE)
    return str(message)


def test_broken_configuration_is_said_before_the_server_listens(tmp_path: Path) -> None:
    config = tmp_path / "broken.toml"
    config.write_text('[[service]]\noffer = "mx-plane"\ndomains = ["mine.example"]\n')
    with socket.create_server((LOOPBACK, 0)) as taken:
        assert "broken.toml" in refusal(tmp_path, port=taken.getsockname()[1], config=config)


@pytest.mark.parametrize("host", [LOOPBACK, "192.0.2.1", "not an address"])
def test_address_that_cannot_be_had_is_named(tmp_path: Path, host: str) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        assert f"{host}:{port}" in refusal(tmp_path, "--host", host, port=port)


def test_port_of_another_autoconfig_is_not_shared(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    with running(tmp_path) as first:
        assert f"{LOOPBACK}:{first.port}" in refusal(tmp_path / "second", port=first.port)

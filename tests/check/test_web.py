"""The web as a domain needs it: each request once, whoever shares it, and no longer than it may."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from threading import Barrier
from typing import Any

import pytest

from autoconfig.check import web
from autoconfig.check.connect import Network
from autoconfig.check.seen import MOST_REDIRECTS, Answer, Fault, Request
from autoconfig.check.web import Place, Web
from autoconfig.names import Domain
from tests.check.asking import HERE, HERE_BY_6, HOST, addresses, full, network, run
from tests.support.certificates import certified
from tests.support.running import free_port
from tests.support.web_server import Pages, Script, hangs, page, redirect, says, web_server

DOMAIN = Domain("example.com")
AGES = 60.0
SHORT = 0.3
URL = f"http://{HOST}"
GET = Request("GET", f"{URL}/a")


async def asking(
    net: Network, requests: Sequence[Request], seconds: float
) -> list[tuple[Answer, ...]]:
    end = asyncio.get_running_loop().time() + seconds
    async with Web(net, DOMAIN, end) as seen:
        return await asyncio.gather(*map(seen.ask, requests))


def ask(
    script: Script | Pages,
    *requests: Request,
    hosts: Sequence[str] = (HERE,),
    tls: ssl.SSLContext | None = None,
    seconds: float = AGES,
) -> tuple[list[tuple[Answer, ...]], Any]:
    """What came of requests that are made at once, and the server that was asked."""
    names = addresses(HOST, *hosts) | addresses("other.example", HERE)
    with (
        web_server(script, tls) as server,
        network(names, {80: server.port, 443: server.port}) as (
            net,
            _,
        ),
    ):
        return run(asking(net, requests or [GET], seconds)), server


def one(script: Script | Pages, request: Request = GET, **more: Any) -> Answer:
    ((answer,),), _ = ask(script, request, **more)
    return answer


def faults(answer: Answer) -> list[Fault | int]:
    """The status or the fault of each hop."""
    return [each.fault or each.status for each in answer.hops]


def test_answer_has_what_came() -> None:
    hop = one({"/a": page(b"<a/>", media_type="text/plain")}).last
    assert (hop.url, hop.status, hop.media_type, hop.body) == (GET.url, 200, "text/plain", b"<a/>")
    assert (hop.fault, hop.location, hop.certificate) == (None, "", None)


def test_certificate_is_told_with_the_answer_and_with_the_fault() -> None:
    request = Request("GET", f"https://{HOST}/a")
    good = one({"/a": page()}, request, tls=certified(HOST)).last
    odd = one(says(b"?\r\n\r\n"), request, tls=certified(HOST)).last
    bad = one({}, request, tls=certified("b.example")).last
    assert [each.fault for each in (good, odd, bad)] == [None, Fault.NOT_HTTP, Fault.TLS_NAME]
    names = [each.certificate and each.certificate.names for each in (good, odd, bad)]
    assert names == [(HOST,), (HOST,), ("b.example",)]


# ------------------------------------------------------------------------------- once, and together


def test_request_is_sent_once_for_all_who_make_it() -> None:
    answers, server = ask({"/a": page(b"<a/>")}, GET, GET)
    assert answers[0] == answers[1]
    assert server.asked == ["GET /a HTTP/1.1"]


def test_ways_share_the_requests_at_which_they_meet() -> None:
    pages = {"/a": redirect("/c"), "/b": redirect("/c"), "/c": page(b"<c/>")}
    answers, server = ask(pages, GET, Request("GET", f"{URL}/b"))
    assert [answer.last.body for (answer,) in answers] == [b"<c/>"] * 2
    assert sorted(server.asked) == [f"GET /{each} HTTP/1.1" for each in "abc"]


def test_request_to_which_a_public_server_leads_is_shared_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web, "is_public", lambda _: True)
    answers, server = ask({"/a": redirect("/b"), "/b": page()}, GET, Request("GET", f"{URL}/b"))
    assert [answer.last.status for (answer,) in answers] == [200, 200]
    assert sorted(server.asked) == ["GET /a HTTP/1.1", "GET /b HTTP/1.1"]


def test_posted_requests_differ_by_what_they_ask_for() -> None:
    post = Request("POST", f"{URL}/a", "outlook", "a@example.com")
    _, server = ask({"/a": page()}, post, post._replace(schema="mobilesync"), post)
    assert len(server.asked) == 2


def test_connection_is_kept_for_the_next_request() -> None:
    requests = [Request("GET", f"{URL}/{number}") for number in range(5)]
    answers, server = ask({"*": page()}, *requests)
    assert {answer.last.status for (answer,) in answers} == {200}
    assert server.connections == 1


def test_slow_server_gets_more_connections() -> None:
    """None of its requests is answered before all have come."""
    together = Barrier(3)

    def later() -> Iterator[bytes]:
        together.wait(AGES)
        yield page()

    requests = [Request("GET", f"{URL}/{number}") for number in range(3)]
    answers, server = ask({"*": later}, *requests)
    assert {answer.last.status for (answer,) in answers} == {200}
    assert server.connections == 3


@pytest.mark.parametrize(
    "script",
    [{"*": page(b"<a/>", "Connection: close")}, says(page(b"<a/>"))],
    ids=["said", "unsaid"],
)
def test_server_that_hangs_up_gets_another_connection(script: Script | Pages) -> None:
    requests = [Request("GET", f"{URL}/{number}") for number in range(4)]
    answers, server = ask(script, *requests)
    assert {answer.last.body for (answer,) in answers} == {b"<a/>"}
    assert server.connections == 4


def test_what_keeps_one_request_from_a_server_keeps_all() -> None:
    requests = [Request("GET", f"https://{HOST}/{number}") for number in range(4)]
    answers, server = ask(hangs_up, *requests)
    assert {answer.last.fault for (answer,) in answers} == {Fault.CLOSED}
    assert server.connections == 1


def hangs_up(connection: socket.socket) -> None:
    connection.recv(1)


# ---------------------------------------------------------------------------------- versions of IP


def test_request_is_sent_by_each_version_of_ip() -> None:
    (answers,), server = ask({"/a": page()}, hosts=[HERE, HERE_BY_6])
    assert [each.family for each in answers] == [6, 4]
    assert server.asked == ["GET /a HTTP/1.1"] * 2


@pytest.mark.parametrize(
    ("six", "four", "first"),
    [
        ("good", "good", 6),
        ("refuses", "good", 4),
        ("refuses", "refuses", 6),
        ("nowhere", "good", 4),
        ("nowhere", "refuses", 4),
        ("refuses", "silent", 4),
        ("silent", "refuses", 6),
        ("silent", "good", 4),
        ("hangs", "good", 6),
    ],
)
def test_programs_get_the_version_that_connects(
    six: str, four: str, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program waits for a version that may still answer, and for a server that it has reached."""
    with web_server({"*": page()}) as good, web_server(hangs()) as hanging, full() as silent:
        ports = {"good": good.port, "hangs": hanging.port, "silent": silent}
        ports |= {"refuses": free_port(), "nowhere": 1}
        hosts = {6: HERE_BY_6, 4: HERE}
        if six == "nowhere":
            hosts[6] = "::ffff:255.255.255.255"

        async def reach(self: Network, host: str, port: int, **more: Any) -> socket.socket:
            there = ports[{6: six, 4: four}[more["family"]]]
            return await original(self, host, there, **more)

        original = Network.reach
        monkeypatch.setattr(Network, "reach", reach)
        with network(addresses(HOST, *hosts.values())) as (net, _):
            ((answers),) = run(asking(net, [GET], SHORT))
    assert [each.family for each in answers] == [first, 10 - first]


def test_redirect_goes_on_by_the_version_that_its_host_has() -> None:
    pages = {"/a": redirect("http://other.example/b"), "/b": page()}
    (answers,), server = ask(pages, hosts=[HERE, HERE_BY_6])
    assert [faults(each) for each in answers] == [[302, 200]] * 2
    assert server.asked.count("GET /b HTTP/1.1") == 2


# --------------------------------------------------------------------------------------- redirects


@pytest.mark.parametrize("status", ["301 x", "302 x", "303 x", "307 x", "308 x"])
def test_redirect_is_followed_as_the_same_question(status: str) -> None:
    post = Request("POST", f"{URL}/a", "outlook", "a@example.com")
    ((answer,),), server = ask({"/a": redirect("b?c#d", status), "/b?c": page()}, post)
    assert faults(answer) == [int(status[:3]), 200]
    assert (answer.hops[0].given_location, answer.hops[0].location) == ("b?c#d", f"{URL}/b?c")
    assert [each.split("\n")[0] for each in server.asked] == [
        "POST /a HTTP/1.1",
        "POST /b?c HTTP/1.1",
    ]


def test_redirect_without_a_location_is_the_end() -> None:
    assert faults(one({"/a": page(status="302 Found")})) == [302]
    assert faults(one({"/a": page(b"", "Location: /b", status="201 Created")})) == [201]


def test_redirects_may_be_five() -> None:
    pages: dict[str, bytes] = {"/a": redirect("/1"), "/5": page()}
    pages |= {f"/{each}": redirect(f"/{each + 1}") for each in range(1, MOST_REDIRECTS)}
    assert faults(one(pages)) == [302] * MOST_REDIRECTS + [200]


def test_redirects_may_not_be_six() -> None:
    pages: dict[str, bytes] = {"/a": redirect("/1"), "/6": page()}
    pages |= {f"/{each}": redirect(f"/{each + 1}") for each in range(1, 6)}
    answer = one(pages)
    assert faults(answer) == [302] * (MOST_REDIRECTS + 1) + [Fault.TOO_MANY_REDIRECTS]
    assert not Fault.TOO_MANY_REDIRECTS.decided  # some programs follow twenty
    assert answer.last.url == f"{URL}/6"


def test_redirects_in_a_circle_end_where_they_began() -> None:
    answer = one({"/a": redirect("/b"), "/b": redirect("/a")})
    assert faults(answer) == [302, 302, Fault.CIRCLE]


@pytest.mark.parametrize(
    "location",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user:password@example.com/",
        "https:///a",
        "https://",
        "http://[::1/",
        "http://a:99999/",
        "http://a:0/",
        "http://a b/",
        "http://\xe9.example/",
        "http://" + "a" * 300,
    ],
)
def test_redirect_to_no_server_is_bad(location: str) -> None:
    answer = one({"/a": page(b"", status="302 Found").replace(b"\r\n\r\n", header(location))})
    assert faults(answer) == [302, Fault.BAD_REDIRECT]
    assert len(answer.last.url) <= 81


def header(location: str) -> bytes:
    return b"\r\nLocation: " + location.encode("latin-1") + b"\r\n\r\n"


def test_request_to_no_server_comes_to_nothing() -> None:
    assert faults(one({}, Request("GET", "https://a@b/c"))) == [Fault.NO_NAME]


def test_name_that_is_not_there_has_no_version_of_ip() -> None:
    answer = one({}, Request("GET", "http://nowhere.example.com/"))
    assert (answer.family, faults(answer)) == (0, [Fault.NO_NAME])


# ---------------------------------------------------------------------------------- other networks


@pytest.mark.parametrize(
    ("own", "public", "result"),
    [
        (True, False, [302, 200]),
        (True, True, [302, Fault.UNREACHABLE]),
        (False, False, [Fault.UNREACHABLE]),
    ],
    ids=["own-server-within", "own-server-outside", "other-server-within"],
)
def test_nobody_outside_leads_into_a_private_network(
    *, own: bool, public: bool, result: list[Fault | int], monkeypatch: pytest.MonkeyPatch
) -> None:
    host = HOST if own else "other.example"
    names = addresses(HOST, HERE) | addresses("other.example", HERE)
    with web_server({}) as server, network(names) as (net, _):
        port = server.port
        server.script = {"/a": redirect(f"http://other.example:{port}/b"), "/b": page()}
        monkeypatch.setattr(net, "_inside", lambda _: False)
        monkeypatch.setattr(web, "is_public", lambda _: public)
        ((answer,),) = run(asking(net, [Request("GET", f"http://{host}:{port}/a")], AGES))
    assert faults(answer) == result


# -------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    "script",
    [hangs(), {"/a": lambda: drip(b"HTTP/1.1 200 OK\r\n")}, {"/a": lambda: drip(page(b"a" * 99))}],
    ids=["silence", "slow-head", "slow-body"],
)
def test_server_that_is_too_slow_is_left(
    script: Script | Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "SECONDS", SHORT)
    assert faults(one(script)) == [Fault.TIMEOUT]


def drip(octets: bytes) -> Iterator[bytes]:
    """One octet after the other, for as long as the client stays."""
    for each in octets:
        yield bytes([each])
        time.sleep(0.05)
    yield from drip(octets)


def test_patience_is_for_all_redirects_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "SECONDS", SHORT)
    answer = one({"/a": redirect("/b"), "/b": lambda: drip(b"HTTP/1.1 ")})
    assert faults(answer) == [302, Fault.TIMEOUT]
    assert answer.last.url == f"{URL}/b"


def test_domain_has_a_time_of_its_own() -> None:
    assert faults(one(hangs(), seconds=SHORT)) == [Fault.TIMEOUT]
    assert faults(one({"/a": page()}, seconds=0)) == [Fault.TIMEOUT]


def test_request_that_begins_late_ends_with_the_domain() -> None:
    requests = [Request("GET", f"{URL}/{number}") for number in range(9)]
    answers, _ = ask(hangs(), *requests, seconds=2 * SHORT)
    assert [faults(answer) for (answer,) in answers] == [[Fault.TIMEOUT]] * 9


def test_connection_that_closes_as_it_is_used_again_costs_no_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web, "PATIENCE", AGES)
    told: list[Callable[[], None]] = []

    def once(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(page(b"<a/>"))
        connection.recv(65536)
        told.append(connection.close)

    answers, server = ask(once, GET, Request("GET", f"{URL}/b"))
    assert [answer.last.body for (answer,) in answers] == [b"<a/>"] * 2
    assert server.connections == 2


def test_server_of_which_nothing_was_asked_is_closed() -> None:
    async def closing(net: Network) -> None:
        await web._Server(net, Place("http", HOST, 80), asyncio.Semaphore()).close()

    with network() as (net, _):
        run(closing(net))

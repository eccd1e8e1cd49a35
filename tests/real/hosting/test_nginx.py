"""`deploy/nginx.conf`: one block for all names, and a cache that never mixes answers up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autoconfig.answers.endpoints import BY_PATH
from tests.real.hosting import fronts
from tests.real.hosting.fronts import Front, hosts_in
from tests.real.programs import Server, autoconfig_serve
from tests.support.recipes import EXAMPLE
from tests.support.requests import MOZILLA, POX, WELL_KNOWN, pox

both_schemes = pytest.mark.parametrize("scheme", ["http", "https"])


@pytest.fixture
def fresh(server: Server, folder: Path) -> Iterator[Front]:
    """nginx with an empty cache."""
    with fronts.nginx(server.port, folder) as front:
        yield front


@both_schemes
@pytest.mark.parametrize("path", [MOZILLA, WELL_KNOWN], ids=["autoconfig", "well-known"])
def test_second_request_is_answered_by_the_cache(fresh: Front, path: str, scheme: str) -> None:
    target = f"{path}?emailaddress=alice@example.fr"
    first, second = (fresh.ask(target, scheme=scheme) for _ in range(2))
    assert (first.cache_status, second.cache_status) == ("MISS", "HIT")
    assert first.body == second.body
    assert second.headers["cache-control"] == "public, max-age=3600"
    assert second.headers["access-control-allow-origin"] == "*"


def test_cached_document_is_compared_by_its_etag(fresh: Front) -> None:
    etag = fresh.ask(MOZILLA).headers["etag"]
    again = fresh.ask(MOZILLA, headers={"If-None-Match": etag})
    assert (again.status, again.cache_status) == (304, "HIT")


def test_hosts_do_not_share_answers(fresh: Front) -> None:
    for _ in range(2):
        for host, server in (
            ("autoconfig.example.fr", b"pro1.mail.ovh.net"),
            ("autoconfig.exchange.example", b"ex4.mail.ovh.net"),
        ):
            assert hosts_in(fresh.ask(MOZILLA, host=host).body) == {server}


def test_scheme_and_host_are_told_apart(fresh: Front) -> None:
    """`http` and `sautoconfig.` make the same letters as `https` and `autoconfig.`."""
    assert fresh.ask(MOZILLA, host="sautoconfig.example.fr", scheme="http").status == 404
    assert fresh.ask(MOZILLA, host="autoconfig.example.fr", scheme="https").status == 200


@pytest.mark.parametrize("queries", [("a=1&b=2", "b=2&a=1"), ("", "?"), ("A=1", "a=1")], ids=str)
def test_queries_share_no_answer(fresh: Front, queries: tuple[str, str]) -> None:
    """However alike they are: what they mean is for the server to say."""
    for query in queries:
        assert fresh.ask(f"{MOZILLA}?{query}").cache_status == "MISS"


def test_addresses_do_not_share_answers(fresh: Front) -> None:
    """One mailbox of a domain may be elsewhere than the rest."""
    for _ in range(2):
        for address, server in (("alice", b"pro1.mail.ovh.net"), ("boss", b"ex4.mail.ovh.net")):
            answer = fresh.ask(f"{MOZILLA}?emailaddress={address}@example.fr")
            assert hosts_in(answer.body) == {server}


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-Host": "autoconfig.exchange.example"}, {"Forwarded": "host=exchange.example"}],
    ids=["X-Forwarded-Host", "Forwarded"],
)
def test_forged_host_poisons_no_answer(fresh: Front, headers: dict[str, str]) -> None:
    forged = fresh.ask(MOZILLA, headers=headers)
    assert forged.cache_status == "MISS"
    assert hosts_in(fresh.ask(MOZILLA).body) == {b"pro1.mail.ovh.net"}


def test_two_hosts_in_one_request_poison_no_answer(fresh: Front) -> None:
    """The one in the request line counts, for the key and for the server alike."""
    host, other = "autoconfig.example.fr", "autoconfig.exchange.example"
    with fresh.connection(host, "http") as connection:
        line = f"GET http://{other}{MOZILLA} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(line.encode())
        while connection.recv(65536):
            pass
    for name, server in ((host, b"pro1.mail.ovh.net"), (other, b"ex4.mail.ovh.net")):
        assert hosts_in(fresh.ask(MOZILLA, host=name, scheme="http").body) == {server}


def test_outlook_is_never_answered_by_the_cache(fresh: Front) -> None:
    for address in ("alice@example.fr", "bob@example.fr", "alice@example.fr"):
        answer = fresh.ask(POX, method="POST", body=pox(address).encode())
        assert answer.cache_status is None
        assert f"<LoginName>{address}</LoginName>".encode() in answer.body


@pytest.mark.parametrize("path", BY_PATH)
def test_only_mozilla_documents_are_cached(fresh: Front, path: str) -> None:
    """What depends on more than host, path and query, such as `Accept-Language`, never is."""
    is_cached = BY_PATH[path].format == "autoconfig"
    for status in ("MISS", "HIT"):
        assert fresh.ask(path).cache_status == (status if is_cached else None)


def test_unknown_domain_is_cached_as_long_as_the_server_says(fresh: Front) -> None:
    """Five minutes, so that a domain which is added is soon found."""
    target = f"{MOZILLA}?emailaddress=alice@unknown.example"
    first, second = (fresh.ask(target) for _ in range(2))
    assert (first.status, first.cache_status) == (404, "MISS")
    assert (second.status, second.cache_status) == (404, "HIT")
    assert second.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize(
    ("method", "target"),
    [("GET", f"{MOZILLA}?emailaddress=alice"), ("DELETE", MOZILLA), ("OPTIONS", MOZILLA)],
)
def test_answer_that_is_not_to_be_stored_is_not(fresh: Front, method: str, target: str) -> None:
    answers = [fresh.ask(target, method=method) for _ in range(2)]
    assert {answer.cache_status for answer in answers} <= {"MISS", None}
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


def test_head_is_answered_from_the_cache_without_a_body(fresh: Front) -> None:
    whole = fresh.ask(MOZILLA)
    head = fresh.ask(MOZILLA, method="HEAD")
    assert (head.status, head.cache_status, head.body) == (200, "HIT", b"")
    assert head.headers["content-length"] == str(len(whole.body))


def test_cache_answers_while_the_server_is_down(folder: Path) -> None:
    with autoconfig_serve(EXAMPLE, folder) as server, fronts.nginx(server.port, folder) as front:
        known = front.ask(MOZILLA)
        server.process.terminate()
        server.process.wait(timeout=30)
        answer = front.ask(MOZILLA)
        assert (answer.cache_status, answer.body) == ("HIT", known.body)
        assert front.ask(MOZILLA, host="autoconfig.example.com").status == 502


def test_no_address_is_written_to_the_access_log(nginx: Front) -> None:
    nginx.ask(f"{MOZILLA}?emailaddress=carol@example.fr")
    assert b"carol" not in (nginx.folder / "access.log").read_bytes()


def test_other_sites_of_the_machine_are_left_alone(nginx: Front) -> None:
    text = (nginx.folder / "autoconfig.conf").read_text()
    assert "default_server" not in text
    assert r"server_name ~^(autoconfig|autodiscover)\.;" in text

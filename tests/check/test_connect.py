"""Connections: where they lead, and why there is none."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import dns.rcode
import pytest

from autoconfig.check import connect
from autoconfig.check.connect import (
    ConnectTo,
    Network,
    Stream,
    Unconnected,
    is_public,
    parse_connect_to,
)
from autoconfig.check.seen import Fault
from autoconfig.problems import InvalidName
from tests.check.asking import HERE, HERE_BY_6, HOST, addresses, full, network, run
from tests.support.certificates import (
    FUTURE,
    PAST,
    TRUSTED,
    authority,
    certified,
    self_signed,
    trusting,
    with_its_root,
)
from tests.support.name_server import Reply, absent, name_server, refusal
from tests.support.running import free_port
from tests.support.web_server import Script, hangs, says, web_server

SHORT = 0.3
"""Seconds of a deadline that is missed."""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a.example:443:b.example:8443", ConnectTo("a.example", 443, "b.example", 8443)),
        ("A.Example.:443:[::1]:8443", ConnectTo("a.example", 443, "::1", 8443)),
        ("[2001:db8::1]:80:192.0.2.1:", ConnectTo("2001:db8::1", 80, "192.0.2.1", None)),
        (":::", ConnectTo("", None, "", None)),
        (":443::8443", ConnectTo("", 443, "", 8443)),
    ],
)
def test_place_to_connect_to_is_read_as_curl_does(text: str, read: ConnectTo) -> None:
    assert parse_connect_to(text) == read


@pytest.mark.parametrize(
    "text",
    ["", "a.example", "a:1:b", "a:1:b:2:3", "a:0:b:1", "a:1:b:65536", "a:x:b:1", "::1:1:b:1"],
)
def test_place_that_is_none_is_shown_a_good_one(text: str) -> None:
    with pytest.raises(InvalidName, match=r"autoconfig\.example\.com:443:192\.0\.2\.1:8443"):
        parse_connect_to(text)


# ------------------------------------------------------------------------------------- addresses


def families(replies: dict[str, Reply], host: str = HOST) -> dict[int, list[str]]:
    with network(replies) as (net, _):
        found = run(net.families(host, 443))
    return {version: list(map(str, some)) for version, some in found.items()}


def test_host_has_addresses_of_both_versions_the_newer_first() -> None:
    found = families(addresses(HOST, "192.0.2.1", "2001:db8::1"))
    assert [*found.items()] == [(6, ["2001:db8::1"]), (4, ["192.0.2.1"])]


def test_address_needs_no_name() -> None:
    assert families({}, "192.0.2.1") == {4: ["192.0.2.1"]}
    assert families({}, "2001:db8::1") == {6: ["2001:db8::1"]}


def test_one_version_is_enough_though_the_other_cannot_be_looked_up() -> None:
    failing = {f"{HOST} AAAA": refusal(dns.rcode.SERVFAIL)}
    assert families(addresses(HOST, "192.0.2.1") | failing) == {4: ["192.0.2.1"]}


@pytest.mark.parametrize(
    ("replies", "fault"),
    [
        ({}, Fault.NO_NAME),
        ({f"{HOST} A": absent(), f"{HOST} AAAA": absent()}, Fault.NO_ADDRESS),
        ({f"{HOST} A": absent(), f"{HOST} AAAA": refusal(dns.rcode.SERVFAIL)}, Fault.LOOK_UP),
    ],
)
def test_host_without_an_address_has_none_for_a_reason(
    replies: dict[str, Reply], fault: Fault
) -> None:
    with network(replies) as (net, _), pytest.raises(Unconnected) as caught:
        run(net.families(HOST, 443))
    assert caught.value.fault is fault


def test_host_that_is_connected_elsewhere_is_not_looked_up() -> None:
    with name_server() as server:
        told = parse_connect_to(f"{HOST}:443:{HERE}:8443")
        net = Network([server.address], [told], trusting())
        found = run(net.families(HOST, 443))
        assert server.asked == []
    assert found == {4: (ip_address(HERE),)}


# ----------------------------------------------------------------------------------- connections


def connected(net: Network, port: int = 443, *, tls: bool = False, family: int = 0) -> Stream:
    async def connecting() -> Stream:
        stream = await net.connect(HOST, port, family=family, tls=tls)
        stream.close()
        return stream

    return run(connecting())


def fault(net: Network, port: int = 443, *, tls: bool = False) -> Unconnected:
    with pytest.raises(Unconnected) as caught:
        connected(net, port, tls=tls)
    return caught.value


@pytest.mark.parametrize(("family", "peer"), [(0, HERE_BY_6), (4, HERE), (6, HERE_BY_6)])
def test_version_that_is_meant_is_taken(family: int, peer: str) -> None:
    with web_server({}) as server, network(addresses(HOST, HERE, HERE_BY_6)) as (net, _):
        assert connected(net, server.port, family=family).peer == ip_address(peer)


def test_other_version_is_taken_where_there_is_no_such_address() -> None:
    with web_server({}) as server, network() as (net, _):
        assert connected(net, server.port, family=6).peer == ip_address(HERE)


def test_next_address_is_tried_beside_one_that_does_not_answer() -> None:
    replies = addresses(HOST, HERE, "::ffff:127.0.0.2")
    with web_server({}) as server, network(replies) as (net, _):
        assert connected(net, server.port).peer == ip_address(HERE)


def test_closed_port_refuses() -> None:
    with network() as (net, _):
        failure = fault(net, free_port())
    assert (failure.fault, failure.reached) == (Fault.REFUSED, False)


def test_server_that_takes_no_connection_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connect, "SECONDS", SHORT)
    with full() as port, network() as (net, _):
        failure = fault(net, port)
    assert (failure.fault, failure.reached) == (Fault.TIMEOUT, False)


def test_next_address_is_tried_after_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one, which has the time that is left, may still answer."""
    monkeypatch.setattr(connect, "SECONDS", SHORT)
    monkeypatch.setattr(connect, "STAGGER", 0.01)
    with full() as port, network(addresses(HOST, HERE_BY_6, "127.0.0.9")) as (net, _):
        assert fault(net, port).fault is Fault.TIMEOUT


def test_connection_that_comes_second_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [socket.socket(), socket.socket()]

    async def both() -> socket.socket:
        together = asyncio.Barrier(2)
        left = iter(made)

        async def dial(*_: object) -> socket.socket:
            await together.wait()
            return next(left)

        monkeypatch.setattr(connect, "_dial", dial)
        return await connect._reach([ip_address(HERE), ip_address(HERE_BY_6)], 1)

    monkeypatch.setattr(connect, "STAGGER", 0)
    taken = run(both())
    taken.close()
    assert [each.fileno() for each in made] == [-1, -1]


def test_network_that_leads_nowhere_is_no_refusal() -> None:
    with network(addresses(HOST, "255.255.255.255")) as (net, _):
        assert fault(net).fault is Fault.UNREACHABLE


def test_connection_leads_where_the_user_has_told() -> None:
    with web_server({}) as server, network({}) as (_, names):
        told = [parse_connect_to(f"{HOST}:443:{HERE}:{server.port}")]
        net = Network([names.address], told, trusting())
        assert connected(net).peer == ip_address(HERE)
        assert fault(net, 80).fault is Fault.NO_NAME


# ---------------------------------------------------------------------------- strangers' addresses


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("192.0.2.1", False),
        ("1.1.1.1", True),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("fe80::1", False),
        ("2606:4700::1", True),
        ("::ffff:10.0.0.1", False),
        ("::ffff:1.1.1.1", True),
    ],
)
def test_address_of_the_public_internet_is_told(address: str, *, public: bool) -> None:
    assert is_public(ip_address(address)) is public


def test_stranger_leads_into_no_private_network(monkeypatch: pytest.MonkeyPatch) -> None:
    with network(addresses(HOST, "10.0.0.1", "169.254.169.254")) as (net, _):
        monkeypatch.setattr(net, "_inside", lambda _: False)
        with pytest.raises(Unconnected) as caught:
            run(net.reach(HOST, 443, strangers=True))
    assert caught.value.fault is Fault.UNREACHABLE
    assert not caught.value.fault.decided


def test_stranger_leads_to_where_a_resolver_was_named() -> None:
    with web_server({}) as server, network() as (net, _):
        run(net.reach(HOST, server.port, strangers=True)).close()


# ------------------------------------------------------------------------------------------- TLS


def test_authorities_are_those_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trusted = tmp_path / "trusted.pem"
    authority(TRUSTED).cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with web_server({}, certified(HOST)) as server, network() as (_, names):
        assert connected(Network([names.address]), server.port, tls=True).certificate
        monkeypatch.delenv("SSL_CERT_FILE")
        assert fault(Network([names.address]), server.port, tls=True).fault is Fault.TLS_ISSUER


def test_certificate_is_read() -> None:
    with web_server({}, certified(HOST, until=None)) as server, network() as (net, _):
        stream = connected(net, server.port, tls=True)
    assert stream.certificate
    assert stream.certificate.names == (HOST,)
    assert stream.certificate.issuer == "Trusted"
    assert stream.tls_version == "TLSv1.3"


@pytest.mark.parametrize(
    ("server", "fault_of_it", "names", "issuer"),
    [
        (lambda: certified("b.example"), Fault.TLS_NAME, ("b.example",), "Trusted"),
        (lambda: certified("127.0.0.1"), Fault.TLS_NAME, ("127.0.0.1",), "Trusted"),
        (lambda: certified(HOST, until=PAST), Fault.TLS_EXPIRED, (HOST,), "Trusted"),
        (lambda: certified(HOST, since=FUTURE), Fault.TLS_EARLY, (HOST,), "Trusted"),
        (lambda: certified(HOST, by="Nobody"), Fault.TLS_ISSUER, (HOST,), "Nobody"),
        (lambda: with_its_root(HOST), Fault.TLS_SELF_SIGNED, (HOST,), "Nobody"),
        (self_signed, Fault.TLS_SELF_SIGNED, (), "Own"),
    ],
    ids=["name", "address", "expired", "early", "issuer", "self-signed-root", "self-signed"],
)
def test_faults_of_certificates_are_told_apart(
    server: Callable[[], ssl.SSLContext], fault_of_it: Fault, names: tuple[str, ...], issuer: str
) -> None:
    with web_server({}, server()) as running, network() as (net, _):
        failure = fault(net, running.port, tls=True)
    assert failure.fault is fault_of_it
    assert failure.reached
    assert failure.certificate
    assert failure.certificate.names == names
    assert failure.certificate.issuer == issuer


@pytest.mark.parametrize(
    ("script", "fault_of_it"),
    [
        (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Fault.TLS_PLAIN),
        (says(b"220 mx.example ESMTP\r\n"), Fault.TLS_PLAIN),
        (says(b"* OK\r\n"), Fault.TLS_PLAIN),
        (says(b"+OK ready\r\n"), Fault.TLS_PLAIN),
        (says(b"<html>" * 100), Fault.TLS_PLAIN),
        (says(b""), Fault.CLOSED),
        (says(b"\x15\x03\x03\x00\x02\x02\x28"), Fault.TLS),
        (says(b"\x15\x03\x01\x00\x02\x02\x46"), Fault.TLS),
    ],
    ids=["http", "smtp", "imap", "pop3", "html", "closed", "failure", "only-older-tls"],
)
def test_server_that_speaks_no_tls_is_told_by_what_it_says(
    script: Script, fault_of_it: Fault
) -> None:
    with web_server(script) as server, network() as (net, _):
        failure = fault(net, server.port, tls=True)
    assert (failure.fault, failure.certificate) == (fault_of_it, None)


def test_server_that_never_begins_with_tls_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connect, "SECONDS", SHORT)
    with web_server(hangs()) as server, network() as (net, _):
        failure = fault(net, server.port, tls=True)
    assert (failure.fault, failure.reached) == (Fault.TIMEOUT, True)


def test_connection_goes_on_over_tls() -> None:
    def script(connection: socket.socket) -> None:
        connection.recv(10)
        connection.sendall(b"ready\r\n")
        with certified(HOST).wrap_socket(connection, server_side=True) as secure:
            secure.sendall(b"hello\r\n")
            secure.recv(1)

    async def talk(net: Network, port: int) -> tuple[bytes, Stream]:
        stream = await net.connect(HOST, port, tls=False)
        stream.writer.write(b"STARTTLS")
        assert await stream.reader.readline() == b"ready\r\n"
        stream = await net.start_tls(stream, HOST)
        said = await stream.reader.readline()
        stream.close()
        return said, stream

    with web_server(script) as server, network() as (net, _):
        said, stream = run(talk(net, server.port))
    assert said == b"hello\r\n"
    assert stream.certificate
    assert stream.certificate.names == (HOST,)


@pytest.mark.parametrize(
    ("error", "fault_of_it"),
    [
        (ConnectionResetError(errno.ECONNRESET, "reset"), Fault.CLOSED),
        (ValueError("a host that cannot be named"), Fault.TLS_NAME),
    ],
)
def test_connection_may_end_before_tls(error: OSError | ValueError, fault_of_it: Fault) -> None:
    assert connect._over(error).fault is fault_of_it


def test_start_of_tls_may_fail() -> None:
    async def talk(net: Network, port: int) -> None:
        await net.start_tls(await net.connect(HOST, port, tls=False), HOST)

    with (
        web_server(says(b"220 ready\r\n")) as server,
        network() as (net, _),
        pytest.raises(Unconnected) as caught,
    ):
        run(talk(net, server.port))
    assert caught.value.fault is Fault.TLS_PLAIN


def test_certificate_of_a_server_that_is_gone_is_not_read() -> None:
    assert asyncio.run(connect._faulty((HERE, free_port()), HOST)) is None

"""The tree for nginx: the files as the server answers them, Exchange redirected, else 404."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autoconfig.config.load import load_config
from autoconfig.export.files import export
from autoconfig.export.nginx import SNIPPET
from tests.real.programs import Server, autoconfig_serve
from tests.real.webspace.questions import HTTP, HTTPS, Question, ask
from tests.real.webspace.servers import Web, nginx
from tests.support.recipes import EXAMPLE
from tests.support.requests import (
    DAV,
    EVERY_MOZILLA,
    MOZILLA,
    OUTLOOK_ANSWER,
    POX,
    SOAP,
    V2,
    pox,
)
from tests.support.services import calendars_of, service_of, urls_of

HOSTS = (
    *(
        "autoconfig.example.fr",
        "AutoConfig.Example.FR",
        "autoconfig.example.fr.",
        "example.fr:8000",
    ),
    *("autodiscover.example.fr", "ua-auto-config.example.fr", "xn--caf-dma.example", "localhost"),
    *("127.0.0.1", "unknown.example", "sub.example.fr", "autoconfig.autoconfig.example.fr"),
    *("www.example.fr", "autoconfig.www.example.fr", "www.autoconfig.example.fr", "www.unknown.fr"),
)
LOOKALIKES = ("autoconfig.example", "www.example", "autoconfig.co.uk", "co.uk")
"""Domains that begin as our own names do, and one that such a name would hide."""
EX4 = urls_of(service_of("exchange-hosted", server="ex4"))


@pytest.fixture(scope="module")
def serve(space: Path) -> Iterator[Server]:
    with autoconfig_serve(EXAMPLE, space / "nginx-serve") as server:
        yield server


@pytest.fixture(scope="module")
def tree(space: Path) -> Path:
    config, tree = load_config(EXAMPLE), space / "nginx-tree"
    list(export(tree, config.served, "nginx", config.base_url))
    return tree


@pytest.fixture(scope="module")
def web(space: Path, tree: Path) -> Iterator[Web]:
    with nginx(tree, space / "nginx") as server:
        yield server


@pytest.fixture(scope="module")
def web_with_server(space: Path, tree: Path, serve: Server) -> Iterator[Web]:
    """The snippet changed as it says itself: five lines in place of the others."""
    changed = space / "nginx-proxy-tree"
    changed.mkdir()
    head, last = (tree / SNIPPET).read_text().split("location @autoconfig_beyond_files {\n", 1)
    lines = last.splitlines()
    five = [line.replace("# ", "") for line in lines if line.startswith("    # ")]
    assert len(five) == 5
    assert lines[-1] == "}"
    block = "\n".join(["location @autoconfig_beyond_files {", *five, "}", ""])
    snippet = (head + block).replace("127.0.0.1:8000", f"127.0.0.1:{serve.port}")
    (changed / SNIPPET).write_text(snippet)
    with nginx(changed, space / "nginx-proxy") as server:
        yield server


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", EVERY_MOZILLA)
@pytest.mark.parametrize("host", HOSTS)
def test_mozilla_is_answered_as_by_the_server(
    serve: Server, web: Web, host: str, path: str, method: str
) -> None:
    """But for two things: the validator is nginx's own, and a wrong method is told of any host."""
    question = Question(method, path, host)
    server, ours = ask(serve.port, question), ask(web.port, question)
    expected = {name: value for name, value in server.headers.items() if name != "ETag"}
    got = {name: value for name, value in ours.headers.items() if name != "ETag"}
    assert (ours.status, got, ours.body) == (server.status, expected, server.body)
    assert ours.from_file == ("ETag" in server.headers)


@pytest.fixture(scope="module")
def lookalikes(space: Path) -> Iterator[tuple[Server, Web]]:
    """The server and nginx for a configuration of names that begin as ours do."""
    folder = space / "lookalikes"
    folder.mkdir()
    config = folder / "autoconfig.toml"
    names = f"domains = {json.dumps(LOOKALIKES[:2])}", f"domains = {json.dumps(LOOKALIKES[2:3])}"
    config.write_text(
        f'[[service]]\noffer = "email-pro"\nserver = "pro1"\n{names[0]}\n'
        f'[[service]]\noffer = "exchange-hosted"\nserver = "ex4"\n{names[1]}\n'
        f'[[service]]\noffer = "mx-plan"\ndomains = ["{LOOKALIKES[3]}"]\n'
    )
    list(export(folder / "tree", load_config(config).served, "nginx"))
    with (
        autoconfig_serve(config, folder / "serve") as server,
        nginx(folder / "tree", folder / "web") as web,
    ):
        yield server, web


@pytest.mark.parametrize("prefix", ["", "autoconfig.", "autodiscover.", "www.", "autoconfig.www."])
@pytest.mark.parametrize("domain", LOOKALIKES)
def test_domain_that_begins_as_our_names_do_is_found_as_by_the_server(
    lookalikes: tuple[Server, Web], domain: str, prefix: str
) -> None:
    server, web = lookalikes
    for path in (*EVERY_MOZILLA, SOAP):
        question = Question("GET", path, prefix + domain)
        expected, got = ask(server.port, question), ask(web.port, question)
        found = [(answer.status, answer.headers.get("Location")) for answer in (expected, got)]
        assert found[0] == found[1]
        assert (got.body == expected.body) or got.status != 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PROPFIND"])
@pytest.mark.parametrize(
    "host", ["zimbra.example", "www.zimbra.example", "autoconfig.zimbra.example"]
)
@pytest.mark.parametrize("path", DAV)
def test_calendar_program_is_redirected(web: Web, path: str, host: str, method: str) -> None:
    answer = ask(web.port, Question(method, path, host))
    assert answer.status == 302
    assert answer.headers["Location"] == calendars_of(service_of("zimbra-pro")) + path


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("scheme", [HTTP, HTTPS], ids=["http", "https"])
@pytest.mark.parametrize("path", [POX, "/Autodiscover/Autodiscover.xml", SOAP, SOAP.upper()])
def test_exchange_is_redirected(web: Web, path: str, scheme: dict[str, str], method: str) -> None:
    body = pox().encode() if method == "POST" else b""
    answer = ask(web.port, Question(method, path, "autodiscover.exchange.example", scheme, body))
    assert answer.status == 302
    assert answer.headers["Location"] == EX4[path[-3:].lower()]
    assert answer.headers["Cache-Control"] == "no-store"


def test_exchange_answers_json_itself(web: Web) -> None:
    query = "Email=a@exchange.example&Protocol=Ews"
    answer = ask(web.port, Question("GET", f"{V2}?{query}", "exchange.example"))
    assert (answer.status, answer.headers["Location"]) == (302, f"{EX4['json']}?{query}")


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "BREW", "get"])
@pytest.mark.parametrize(
    ("host", "path"),
    [
        *(("zimbra.example", path) for path in DAV),
        *(("exchange.example", path) for path in (POX, SOAP, f"{V2}?Email=a@exchange.example")),
    ],
)
def test_method_that_the_server_would_not_redirect_is_not_redirected(
    web: Web, host: str, path: str, method: str
) -> None:
    """The server lists the methods there (405, or 204); files have none for such a URL."""
    answer = ask(web.port, Question(method, path, host))
    assert "Location" not in answer.headers
    assert answer.status == (400 if method == "get" else 404)  # nginx itself refuses small letters


@pytest.mark.parametrize("host", ["autodiscover.example.fr", "unknown.example", "localhost"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", POX), ("POST", POX), ("POST", POX.upper()), ("GET", SOAP), ("GET", V2)),
        *(("GET", f"{V2}?Email=a@example.fr"), ("PROPFIND", DAV[0]), ("GET", DAV[1])),
        *(("GET", f"{V2}/v1.0/a@example.fr"), ("GET", "/"), ("GET", "/other"), ("POST", "/")),
        *(
            ("GET", f"/{SNIPPET}"),
            ("GET", f"/autoconfig.example.fr{MOZILLA}"),
            ("GET", "/example.fr"),
        ),
    ],
)
def test_everything_else_is_not_found(web: Web, host: str, method: str, path: str) -> None:
    """A real 404, so that clients try their next URL."""
    body = pox().encode() if method == "POST" else b""
    answer = ask(web.port, Question(method, path, host, body=body))
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.body == b"There is nothing at this address.\n"


def test_file_for_a_certificate_is_found(web: Web, tree: Path) -> None:
    challenge = tree / ".well-known/acme-challenge/token"
    challenge.parent.mkdir(parents=True, exist_ok=True)
    challenge.write_text("key")
    assert ask(web.port, Question("GET", "/.well-known/acme-challenge/token")).body == b"key"


@pytest.mark.parametrize(
    "question",
    [
        Question("POST", POX, "autodiscover.example.fr", {}, pox("alice@example.fr").encode()),
        Question("POST", POX.upper(), "example.fr", {}, pox("alice@example.fr").encode()),
        Question("GET", "/", "example.fr", {}),
        Question("GET", f"{V2}?Email=a@example.fr&Protocol=Ews", "example.fr", {}),
        Question("GET", "/other", "example.fr", {}),
        Question("PROPFIND", DAV[0], "zimbra.example", {}),
        Question("GET", POX, "autodiscover.exchange.example", {}),
        Question(
            "POST",
            POX,
            "exchange.example",
            {},
            pox("boss@example.fr", schema=OUTLOOK_ANSWER).encode(),
        ),
    ],
    ids=lambda question: f"{question.method} {question.target}",
)
def test_server_behind_nginx_answers_what_files_cannot(
    serve: Server, web_with_server: Web, question: Question
) -> None:
    """By http, as nginx says that the question came; the server reads the address."""
    direct = replace(question, headers=HTTP)
    assert ask(web_with_server.port, question) == ask(serve.port, direct)


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Forwarded-Host": "exchange.example"},
        {"X-Forwarded_Host": "exchange.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-For": "192.0.2.1"},
        {"Connection": "close, X-Forwarded-Proto, X-Forwarded-Host, Host"},
    ],
    ids=lambda forged: ", ".join(map(": ".join, forged.items())),
)
def test_header_of_a_client_that_forges_one_of_ours_does_not_count(
    web_with_server: Web, forged: dict[str, str]
) -> None:
    for question in (
        Question("GET", POX, "autodiscover.example.fr", {}),
        Question("GET", f"{V2}?Email=a@example.fr&Protocol=AutodiscoverV1", "example.fr", {}),
        Question("GET", "/ask?domain=autoconfig.example.fr", "example.fr", {}),
    ):
        plain = ask(web_with_server.port, question)
        assert ask(web_with_server.port, replace(question, headers=forged)) == plain

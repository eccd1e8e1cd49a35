"""The tree for Apache answers as the server does: one table of requests, sent to both.

PHP runs in both ways that web space has: inside Apache with all its extensions, beside it with few.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from autoconfig.answers.refusal import refusal
from autoconfig.config.load import load_config
from autoconfig.config.served import Served
from autoconfig.documents.formats import NO_STORE
from autoconfig.documents.text import HTML
from autoconfig.errors import NotFound
from autoconfig.export.apache import DATA, PEOPLE, PROGRAM
from autoconfig.export.files import export
from autoconfig.export.program import KINDS, PARTS
from autoconfig.names import Domain
from autoconfig.offers.catalogue import load_catalogue
from tests.real.programs import Server, program
from tests.real.webspace.pairs import (
    PHP,
    SERVER_ALONE,
    Pair,
    compared,
    serve_without_codes,
    write_tree,
)
from tests.real.webspace.questions import HTTP, HTTPS, TABLE, Answer, Question, ask, posted
from tests.real.webspace.servers import apache_with_fpm, apache_with_module
from tests.support.recipes import EXAMPLE
from tests.support.requests import (
    EVERY_MOZILLA,
    MOBILESYNC,
    MOZILLA,
    POX,
    SOAP,
    V2,
    declared,
    pox,
)

PARTS_OF_IT = Path(__file__).parents[3] / "templates" / "webspace"
READ_BY_IT = (DATA, PEOPLE)


def is_for_server_alone(question: Question) -> bool:
    """Whether nothing is there on web space."""
    return path_of(question) in SERVER_ALONE


def path_of(question: Question) -> str:
    return question.target.partition("?")[0]


@pytest.fixture(scope="module")
def tree(space: Path) -> Path:
    return write_tree(load_config(EXAMPLE), space / "tree")


@pytest.fixture(scope="module")
def serve(space: Path) -> Iterator[Server]:
    with serve_without_codes(EXAMPLE, space / "serve") as server:
        yield server


@pytest.fixture(scope="module", params=PHP)
def pair(request: pytest.FixtureRequest, space: Path, tree: Path, serve: Server) -> Iterator[Pair]:
    with PHP[request.param](tree, space / request.param) as apache:
        yield Pair(request.param, serve, apache)


@pytest.fixture(scope="module")
def pair_without_base(space: Path) -> Iterator[Pair]:
    """A configuration that does not say where the server is."""
    text = re.sub(r"(?m)^base_url.*$", "", EXAMPLE.read_text())
    folder = space / "without-base"
    folder.mkdir()
    (folder / "autoconfig.toml").write_text(text)
    (folder / "customers.example.txt").write_text(
        EXAMPLE.with_name("customers.example.txt").read_text()
    )
    config = folder / "autoconfig.toml"
    tree = write_tree(load_config(config), folder / "tree")
    with (
        serve_without_codes(config, folder / "serve") as server,
        apache_with_module(tree, folder / "apache") as apache,
    ):
        yield Pair("module", server, apache)


def assert_same(server: Answer, apache: Answer) -> None:
    """But for what `compared` leaves out."""
    expected, got = compared(server, apache)
    assert got == expected


@pytest.mark.parametrize("name", [name for name in TABLE if not is_for_server_alone(TABLE[name])])
def test_tree_answers_as_the_server(pair: Pair, name: str) -> None:
    assert_same(*pair.ask(TABLE[name]))


@pytest.mark.parametrize("name", [name for name in TABLE if is_for_server_alone(TABLE[name])])
def test_nothing_is_at_a_url_of_the_server_alone_whatever_the_method(pair: Pair, name: str) -> None:
    """It is refused in the form that the server's own errors have there."""
    question = TABLE[name]
    kind = SERVER_ALONE[path_of(question)].errors
    body = b"" if question.method == "HEAD" else refusal(NotFound(), kind).body
    answer = ask(pair.apache.port, question)
    assert (answer.status, answer.body) == (NotFound.status, body)
    assert answer.headers["Content-Type"] == kind.media_type
    assert answer.headers["Cache-Control"] == NO_STORE


@pytest.mark.parametrize("scheme", [HTTP, HTTPS], ids=["http", "https"])
@pytest.mark.parametrize(
    "question",
    [
        *(
            posted(pox(f"alice@{domain}"), host)
            for domain in ("example.com", "exchange.example", "unknown.example")
            for host in ("autodiscover.example.com", "AutoDiscover.Example.COM:80", "localhost:1")
        ),
        *(
            Question("GET", target, host)
            for target in (POX, SOAP, f"{V2}?Email=a@example.com&Protocol=autodiscoverv1")
            for host in ("autodiscover.example.com", "exchange.example", "[::1]")
        ),
    ],
    ids=lambda question: (
        f"{question.method} {question.target} {question.host} {question.body!r:.0}"
    ),
)
def test_tree_without_base_points_to_the_name_that_was_asked(
    pair_without_base: Pair, question: Question, scheme: dict[str, str]
) -> None:
    headers = {**question.headers, **scheme}
    assert_same(*pair_without_base.ask(replace(question, headers=headers)))


# --------------------------------------------------------------------------- what Apache does alone


@pytest.mark.parametrize("path", EVERY_MOZILLA)
@pytest.mark.parametrize(
    "host", ["autoconfig.example.fr", "example.fr", "ua-auto-config.corp.example"]
)
def test_plainest_question_is_answered_by_a_file(pair: Pair, path: str, host: str) -> None:
    answer = ask(pair.apache.port, Question("GET", path, host))
    assert (answer.status, answer.from_file) == (200, True)


def test_unchanged_file_is_not_sent_again(pair: Pair) -> None:
    etag = ask(pair.apache.port, Question("GET", MOZILLA)).headers["ETag"]
    again = ask(pair.apache.port, Question("GET", MOZILLA, headers={"If-None-Match": etag}))
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        (posted(pox(), **{"X-Forwarded-Proto": ""}), 302),
        (Question("POST", POX, headers={}, body=pox().encode()), 302),
        (Question("GET", POX, headers={}), 302),
        (Question("GET", MOZILLA, headers={}), 200),
        (Question("GET", f"{MOZILLA}?emailaddress=a@example.com", headers={}), 200),
    ],
    ids=["empty header", "post", "get", "file", "document"],
)
def test_request_without_tls_and_without_proxy_is_plain_http(
    pair: Pair, question: Question, status: int
) -> None:
    """The server takes it for a newcomer's `curl`; on web space it is what it looks like."""
    answer = ask(pair.apache.port, question)
    assert answer.status == status
    if status == 302:
        assert answer.headers["Location"].startswith("https://")


@pytest.mark.parametrize(
    "question",
    [
        Question("GET", MOZILLA, "autoconfig.example.fr", {"X-Forwarded-Host": "example.com"}),
        posted(pox(), **{"X-Forwarded-Host": "evil.example"}),
        posted(pox(), **{"X-Forwarded_Host": "evil.example", "X_Forwarded_Proto": "http"}),
        posted(pox(), Connection="X-Forwarded-Proto, Host, Content-Length, Content-Type"),
        posted(pox(), Forwarded="host=evil.example;proto=http"),
    ],
    ids=["mozilla", "pox", "underscores", "hop by hop", "standard"],
)
def test_header_that_anybody_may_write_does_not_count(pair: Pair, question: Question) -> None:
    plain = replace(question, headers={**HTTPS})
    asked = replace(question, headers={**HTTPS, **question.headers})
    assert ask(pair.apache.port, asked) == ask(pair.apache.port, plain)


@pytest.mark.parametrize(
    "question",
    [
        Question("GET", "/%2e%2e/alice@example.com"),
        Question("GET", f"{V2}/v1.0/alice%2Fx@example.com?Protocol=Ews"),
        Question("GET", "/alice%00@example.com"),
        Question("GET", f"{MOZILLA}?emailaddress=alice@{'a' * 9000}.com"),
        Question("GET", f"{MOZILLA}?emailaddress=alice@example.com", "exa mple.com"),
        Question("GET", f"{MOZILLA}?emailaddress=alice@example.com", "a/b"),
        Question("POST", POX, headers={"Content-Length": "-1"}),
        Question("GET", "/example.com"),
        Question("TRACE", MOZILLA),
    ],
    ids=lambda question: f"{question.method} {question.target[:30]} {question.host}",
)
def test_what_apache_answers_itself_gives_no_settings(pair: Pair, question: Question) -> None:
    answer = ask(pair.apache.port, question)
    assert b"<hostname>" not in answer.body
    assert b"<Server>" not in answer.body


def test_file_for_a_certificate_is_found(pair: Pair, tree: Path) -> None:
    challenge = tree / ".well-known/acme-challenge/token"
    challenge.parent.mkdir(parents=True, exist_ok=True)
    challenge.write_text("key")
    assert (
        ask(pair.apache.port, Question("GET", "/.well-known/acme-challenge/token")).body == b"key"
    )


def test_nothing_of_the_data_is_shown(pair: Pair, tree: Path) -> None:
    """Nor of any other file beside the program."""
    names = {path.name for path in tree.iterdir() if path.is_file()} - {PROGRAM}
    assert {*READ_BY_IT, ".htaccess"} <= names
    for name in names:
        answer = ask(pair.apache.port, Question("GET", f"/{name}"))
        assert answer.status == 404
        assert b"DATA" not in answer.body
        assert b"corp.example" not in answer.body


# ------------------------------------------------------------------------------------ our own fault


@pytest.mark.parametrize("php", PHP)
@pytest.mark.parametrize(
    ("target", "kind", "code"),
    [(POX, "text/xml; charset=utf-8", b"603"), (V2, "application/json", b"InternalError")],
)
def test_our_own_fault_is_told_in_the_client_s_form_and_without_the_address(
    tmp_path_factory: pytest.TempPathFactory,
    space: Path,
    php: str,
    target: str,
    kind: str,
    code: bytes,
) -> None:
    folder = space / f"broken-{php}-{code.decode()}"
    tree = write_tree(load_config(EXAMPLE), folder)
    data = tree / DATA
    data.write_text(data.read_text().replace("'services' =>", "'lost' =>"))
    with PHP[php](tree, space / f"{folder.name}-server") as apache:
        target = f"{target}?Email=alice@example.com&Protocol=Ews"
        method = "POST" if code == b"603" else "GET"
        answer = ask(apache.port, Question(method, target, body=pox().encode()))
        assert (answer.status, answer.headers["Content-Type"]) == (500, kind)
        assert code in answer.body
        messages = apache.messages()
        assert "ErrorException at autoconfig.php:" in messages
        assert "alice" not in messages


@pytest.fixture(scope="module")
def without_dom(space: Path, tree: Path, serve: Server) -> Iterator[Pair]:
    """PHP with no extension, as Debian's has it without `php-xml`."""
    with apache_with_fpm(tree, space / "without-dom", extensions=()) as apache:
        yield Pair("fpm", serve, apache)


@pytest.mark.parametrize(
    "question",
    [
        posted(pox("alice@example.com")),
        posted(declared("utf-8", pox("boss@example.fr", namespace=MOBILESYNC))),
        Question("GET", POX),
        Question("GET", f"{MOZILLA}?emailaddress=a@example.com"),
    ],
    ids=["POST", "POST for Exchange", "GET", "Mozilla"],
)
def test_plain_request_is_answered_without_the_dom_extension(
    without_dom: Pair, question: Question
) -> None:
    assert_same(*without_dom.ask(question))


def test_unusual_request_without_the_dom_extension_is_told_and_logged_as_our_fault(
    without_dom: Pair,
) -> None:
    answer = ask(without_dom.apache.port, posted(pox("alice<!-- x -->@example.com")))
    assert (answer.status, answer.headers["Content-Type"]) == (500, "text/xml; charset=utf-8")
    assert b"<ErrorCode>603</ErrorCode>" in answer.body
    messages = without_dom.apache.messages()
    assert "PHP's DOM extension is missing" in messages
    assert "alice" not in messages


def test_request_leaves_no_address_in_the_messages(pair: Pair) -> None:
    before = len(pair.apache.messages())
    for name, question in TABLE.items():
        if name.startswith(("query: ", "XML: ", "JSON: ", "local part ")):
            ask(pair.apache.port, question)
    assert pair.apache.messages()[before:] == ""


def test_half_an_upload_gives_settings_and_no_page_of_another_service(
    space: Path, tree: Path
) -> None:
    """Data of one export with what people ask for of another, of the same offers."""
    half = space / "half"
    shutil.copytree(tree, half)
    other = EXAMPLE.read_text().replace("ex4", "ex3").replace("pro1", "pro2")
    (space / "other.toml").write_text(other)
    shutil.copy(EXAMPLE.with_name("customers.example.txt"), space)
    (half / PEOPLE).write_bytes(
        (write_tree(load_config(space / "other.toml"), space / "other") / PEOPLE).read_bytes()
    )
    with apache_with_module(half, space / "half-server") as apache:
        page = ask(apache.port, Question("GET", "/?emailaddress=alice@exchange.example"))
        assert (page.status, page.headers["Content-Type"]) == (500, HTML.media_type)
        document = ask(apache.port, Question("GET", f"{MOZILLA}?emailaddress=a@exchange.example"))
        assert document.status == 200


# -------------------------------------------------------------------------------------- PHP itself


def php(*arguments: str) -> str:
    command = [program("php"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def has_no_fault(path: Path) -> bool:
    return "No syntax errors" in php("-d", "display_errors=1", "-l", str(path))


@pytest.mark.parametrize("name", [PROGRAM, *READ_BY_IT])
def test_php_finds_no_fault_in_what_is_written(tree: Path, name: str) -> None:
    assert has_no_fault(tree / name)


@pytest.mark.parametrize("part", PARTS)
def test_php_finds_no_fault_in_a_file_of_the_program(part: str) -> None:
    assert has_no_fault(PARTS_OF_IT / f"{part}.php")


def test_value_is_escaped_byte_for_byte_as_the_server_does() -> None:
    """Every character, in every kind of text that the program knows."""
    characters = [chr(n) for n in range(0x110000) if not 0xD800 <= n < 0xE000]
    text = "".join(characters)
    reader = "require $argv[1]; echo escape(stream_get_contents(STDIN), $argv[2]);"
    for kind in KINDS:
        command = [program("php"), "-r", reader, "--", str(PARTS_OF_IT / "names.php"), kind.name]
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
        assert done.stdout == kind.escape(text).encode()


def test_bytes_that_are_no_text_are_marked_as_the_server_marks_them() -> None:
    """Every character's beginnings, whole and cut, one after another."""
    random = Random(14)  # noqa: S311  # not for secrets
    odd = b"A&\x80\x9f\xa0\xbf\xc0\xc3\xe0\xe2\xed\xf0\xf1\xf4\xf8\xff"
    cases = [bytes(random.choices(odd, k=6)) for _ in range(20_000)]
    reader = "require $argv[1]; foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $each) "
    reader += "{ echo json_encode(utf8(hex2bin($each))), ','; }"
    command = [program("php"), "-r", reader, "--", str(PARTS_OF_IT / "names.php")]
    asked = "\n".join(each.hex() for each in cases).encode()
    done = subprocess.run(command, input=asked, capture_output=True, check=True)
    expected = [each.decode(errors="replace") for each in cases]
    assert json.loads(f"[{done.stdout.decode().rstrip(',')}]") == expected


@pytest.mark.parametrize("name", READ_BY_IT)
def test_data_file_alone_prints_nothing(tree: Path, name: str) -> None:
    assert php("-d", "display_errors=1", str(tree / name)) == ""


def test_hostile_text_comes_out_of_php_as_it_went_in(space: Path) -> None:
    service, _ = load_catalogue().service("mx-plan")
    names = [
        "\\",
        "'",
        "\\'",
        "?>",
        "<?php echo 1; ?>",
        "$x{$y}",
        "\r\n",
        "\\n",
        "\0",
        "é'\\",
        '"',
        "#",
    ]
    mailboxes = {f"{name}@example.com": service for name in names}
    base = "https://x.example/'.system($_GET[0]).'\\"
    folder = space / "hostile"
    served = Served({Domain("example.com"): service}, mailboxes)
    list(export(folder, served, "apache", base))
    program_text = "echo json_encode(require $argv[1]);"
    data = json.loads(php("-r", program_text, "--", str(folder / DATA)))
    assert data["base_url"] == base
    assert list(data["mailboxes"]) == list(mailboxes)


def test_program_uses_nothing_newer_than_php_7_4(tree: Path) -> None:
    """By its tokens and the functions that it calls, since only one PHP is at hand."""
    text = (tree / PROGRAM).read_text()
    reader = (
        "foreach (token_get_all(file_get_contents($argv[1])) as $t) "
        "{ if (is_array($t) && $t[0] !== T_COMMENT && $t[0] !== T_DOC_COMMENT) "
        "{ echo token_name($t[0]), ' ', json_encode($t[1]), \"\\n\"; } }"
    )
    tokens = [
        line.split(" ", 1) for line in php("-r", reader, "--", str(tree / PROGRAM)).splitlines()
    ]
    newer = {"T_MATCH", "T_ENUM", "T_READONLY", "T_ATTRIBUTE", "T_NULLSAFE_OBJECT_OPERATOR"}
    assert not newer & {name for name, _ in tokens}
    words = {word.strip('"') for name, word in tokens if name == "T_STRING"}
    functions = {
        "str_contains",
        "str_starts_with",
        "str_ends_with",
        "get_debug_type",
        "array_is_list",
    }
    assert not words & (functions | {"mixed", "never", "Stringable", "WeakMap", "array_find"})
    assert not re.search(r"function [^{;]*\w\|\w", text), "a union type"
    assert not re.search(r"[(,]\s*[a-z_]+:\s", re.sub(r"/\*.*?\*/", "", text, flags=re.S)), "named"
    assert not re.search(r"(\?\?|\?|=>)\s*throw\b|catch \(\w+\)", text), "a newer throw or catch"

"""Answers of strangers: whatever they are, a program comes to something, and soon."""

import time
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoconfig.check.judge import judge
from autoconfig.check.play import play
from autoconfig.check.seen import MOST_BODY
from autoconfig.check.xml import below, child, name_of, parse, parse_tags
from tests.support.readable import DECLARED, IMAP, SMTP, autodiscover, document, mobilesync
from tests.support.services import CATALOGUE, service_of
from tests.support.sights import PERSON, PROGRAMS, XML, moved, page, see, web_of

SERVICE = service_of("mx-plan")
DOCUMENTS = [document(), autodiscover(), mobilesync()]
MEDIA_TYPES = st.sampled_from([XML, "text/html", "", "text/xml\n", "é"])
STATUS = st.sampled_from([0, 100, 200, 204, 301, 401, 404, 500, 999])
TEXTS = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(partial(str.encode, errors="surrogatepass")),
    st.builds(
        lambda text, at, put: (text[: at % len(text)] + put + text[at % len(text) :]).encode(
            errors="surrogatepass"
        ),
        st.sampled_from(DOCUMENTS),
        st.integers(0, 5000),
        st.text(max_size=10) | st.sampled_from(["<", "</a>", "&x;", "<!DOCTYPE a>", "]]>", "\0"]),
    ),
)


def _plays(body: bytes, media_type: str = XML, status: int = 200) -> None:
    hop = page(body, media_type, status)
    records = [
        "_imaps._tcp.example.com. SRV 0 0 0 a.example.net.",
        "example.com. MX 0 mx.example.net.",
        "example.com. NS ns.example.net.",
    ]
    seen = see(PERSON, web_of({"http": hop}), *records)
    for program in PROGRAMS.values():
        judge(program, play(program, PERSON, seen, CATALOGUE), SERVICE, PERSON)


@settings(max_examples=30)
@given(TEXTS, MEDIA_TYPES, STATUS)
def test_no_answer_breaks_a_program(body: bytes, media_type: str, status: int) -> None:
    _plays(body, media_type, status)


BOMBS = {
    "entities": DECLARED
    + "<!DOCTYPE c ["
    + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    + ']><clientConfig><emailProvider id="&e12;"/></clientConfig>',
    "file": '<!DOCTYPE c [<!ENTITY e SYSTEM "file:///etc/passwd">]><clientConfig>&e;</clientConfig>',
    "deep": "<a>" * 20_000,
    "open comments": "<!--" * 50_000,
    "open tags": "<" * 500_000,
    "many servers": document(IMAP * 500 + SMTP),
    "many attributes": "<a " + " ".join(f'a{n}="1"' for n in range(10_000)) + "/>",
    "long name": f"<{'a' * MOST_BODY}/>",
    "blanks": " " * MOST_BODY,
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_a_huge_answer_is_read_in_bounded_time(body: str) -> None:
    began = time.process_time()
    parse(body.encode())
    parse_tags(body.encode())
    _plays(body.encode()[:MOST_BODY])
    assert time.process_time() - began < 30


def test_what_is_looked_for_is_not_long_looked_for_among_many() -> None:
    root = parse(b"<a>" + b"<b/>" * (MOST_BODY // 5) + b"</a>")
    assert root is not None
    began = time.process_time()
    for _ in range(50):
        assert (next(below(root, "c"), None), child(root, "c")) == (None, None)
    assert time.process_time() - began < 1


def test_a_file_of_this_machine_is_not_read() -> None:
    root = parse(BOMBS["file"].encode())
    assert root is not None
    assert [name_of(each) for each in root.iter()] == ["clientConfig", ""]  # the entity, as it is
    assert "root:" not in "".join(map(str, root.itertext()))


@pytest.mark.parametrize("location", ["https://example.com/", "https://[", "//", "x:", "?", "é"])
def test_redirects_that_lead_nowhere_come_to_an_end(location: str) -> None:
    seen = see(PERSON, web_of({"http": moved(location)}))
    for program in PROGRAMS.values():
        assert play(program, PERSON, seen, CATALOGUE).servers == ()

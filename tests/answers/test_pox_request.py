"""`autoconfig.answers.pox_request`: what holds for any body, made up by Hypothesis."""

import string

from hypothesis import example, given
from hypothesis import strategies as st

from autoconfig.answers.pox_request import parse_request, read_plainly, read_with_lxml
from autoconfig.names import EmailAddress
from tests.support.claims import assert_body_is_a_request_or_malformed
from tests.support.requests import MOBILESYNC, MOBILESYNC_ANSWER, OUTLOOK, OUTLOOK_ANSWER
from tests.support.strategies import CODECS, addresses, bodies, element


@given(st.one_of(st.binary(), bodies()))
@example(b'<a xmlns="}"/>')
@example(b'<a xmlns="a}b[c=\'"/>')
@example(b'<?xml version="1.0" encoding="x"?><a/>')
def test_any_body_is_a_request_or_malformed(body: bytes) -> None:
    assert_body_is_a_request_or_malformed(body)


@given(addresses, st.sampled_from(CODECS[:6]), st.sampled_from(("", " \r\n")))
def test_address_is_read_from_a_request_in_any_unicode_encoding(
    address: EmailAddress, encoding: str, blanks: str
) -> None:
    content = element("EMailAddress", None, "TEXT") + element(
        "AcceptableResponseSchema", None, OUTLOOK_ANSWER
    )
    declared = "UTF-16" if encoding in ("utf-16-le", "utf-16-be") else ""
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = prolog + element("Autodiscover", OUTLOOK, element("Request", None, content))
    escaped = "".join(f"&#{ord(character)};" for character in str(address))
    body = text.replace("TEXT", f"{blanks}{escaped}{blanks}").encode(encoding)
    assert parse_request(body).address == str(address)


blanks = st.text("\t\n\r ", max_size=2)


PLAIN = "".join(set(string.printable[:94]) - {*"<>&"})


@st.composite
def usual_bodies(draw: st.DrawFn) -> bytes:
    """Requests as clients write them: nothing but what is needed, and blanks between all of it."""
    quote = draw(st.sampled_from("\"'"))
    encoding = draw(st.sampled_from(("", f" encoding={quote}utf-8{quote}")))
    declaration = f"<?xml version={quote}1.0{quote}{encoding}?>"
    namespace = draw(st.sampled_from((OUTLOOK, MOBILESYNC)))
    tokens = (
        draw(st.sampled_from(("", "\ufeff"))),
        draw(st.sampled_from(("", declaration))),
        f"<Autodiscover xmlns={quote}{namespace}{quote}",
        ">",
        "<Request>",
        "<EMailAddress>",
        draw(st.text(PLAIN, min_size=1)),
        "</EMailAddress>",
        "<AcceptableResponseSchema>",
        draw(st.sampled_from((OUTLOOK_ANSWER, MOBILESYNC_ANSWER)) | st.text(PLAIN, min_size=1)),
        "</AcceptableResponseSchema>",
        "</Request>",
        "</Autodiscover>",
        "",
    )
    return "".join(draw(blanks) + token for token in tokens).encode()


@given(usual_bodies())
def test_usual_request_is_read_without_lxml_and_the_same(body: bytes) -> None:
    read = read_plainly(body)
    assert read is not None
    assert read == read_with_lxml(body)


@given(usual_bodies(), st.data())
def test_what_is_read_without_lxml_is_what_lxml_reads(body: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 5)))
    changed = body[:start] + data.draw(st.binary(max_size=5)) + body[end:]
    read = read_plainly(changed)
    if read is not None:
        assert read == read_with_lxml(changed)

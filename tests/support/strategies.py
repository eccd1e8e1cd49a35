"""Input made up by Hypothesis: names, addresses, bodies that Outlook might post."""

from hypothesis import strategies as st

from autoconfig.documents.placeholders import ADDRESS, DOMAIN, LOCAL_PART, UNICODE_DOMAIN
from autoconfig.names import EmailAddress, parse_domain
from tests.support.requests import EVERY_URL, MOBILESYNC, MOBILESYNC_ANSWER, OUTLOOK, OUTLOOK_ANSWER

PLACEHOLDERS = (ADDRESS, DOMAIN, LOCAL_PART, UNICODE_DOMAIN)

scalar_values = st.characters(codec="utf-8")
"""Characters that can be encoded: no surrogates."""

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
domains = st.builds(
    lambda names, last: parse_domain(".".join((*names, last))),
    st.lists(labels, min_size=1, max_size=3),
    st.sampled_from(("com", "example", "fr", "xn--p1ai")),
)
letters = st.characters(categories=("Ll", "Lu", "Lo", "Lm", "Mn", "Nd"))
typed_domains = st.lists(
    st.one_of(st.text(letters, min_size=1, max_size=8), labels), min_size=1, max_size=4
).map(lambda names: ".".join((*names, "fr")))
"""As people might type them; many are none."""

printable = st.characters(exclude_categories=("C", "Z"), exclude_characters="@")
local_parts = st.one_of(
    st.text(printable, min_size=1, max_size=30),
    st.lists(
        st.sampled_from((*PLACEHOLDERS, "%", "&", "<", ">", '"', "'", "&amp;", "]]>", "\\1", "a")),
        min_size=1,
        max_size=6,
    ).map("".join),
)
addresses = st.builds(EmailAddress, local_parts, domains)


TAGS = ("Autodiscover", "Request", "EMailAddress", "AcceptableResponseSchema", "X", "a:b")
NAMESPACES = (OUTLOOK, MOBILESYNC, OUTLOOK_ANSWER, MOBILESYNC_ANSWER, "", "}", "{", "a}b[", "urn:x")
TEXTS = st.one_of(
    st.sampled_from(("alice@example.com", OUTLOOK_ANSWER, MOBILESYNC_ANSWER, "&x;", "&#0;", "")),
    st.text(scalar_values, max_size=20),
)
CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037")


def element(tag: str, namespace: str | None, content: str) -> str:
    declaration = "" if namespace is None else f' xmlns="{namespace}"'
    return f"<{tag}{declaration}>{content}</{tag}>"


elements = st.recursive(
    TEXTS,
    lambda inside: st.builds(
        element,
        st.sampled_from(TAGS),
        st.none() | st.sampled_from(NAMESPACES),
        st.lists(inside, max_size=4).map("".join),
    ),
    max_leaves=8,
)
fields = st.lists(
    st.builds(element, st.sampled_from(TAGS[2:4]), st.none(), TEXTS) | elements, max_size=4
).map("".join)
documents = st.builds(
    "{}{}".format,
    st.sampled_from(
        (
            "",
            "\r\n ",
            '<?xml version="1.0"?>',
            '<?xml version="1.0" encoding="UTF-7"?>',
            '<?xml version="1.0" encoding="x"?>',
            "<!DOCTYPE a>",
            '<!DOCTYPE a [<!ENTITY x "y">]>',
            "<!-- --><?x?>",
        )
    ),
    st.builds(
        element,
        st.sampled_from(("Autodiscover", "Autodiscover", "Request")),
        st.sampled_from(NAMESPACES),
        st.builds(element, st.just("Request"), st.none(), fields) | elements,
    ),
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Requests that are nearly right: in any encoding, with some bytes put in place of others."""
    body = draw(documents).encode(draw(st.sampled_from(CODECS)), errors="replace")
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 5)))
    junk = draw(st.binary(max_size=5)) if draw(st.booleans()) else body[start:end]
    return body[:start] + junk + body[end:]


values = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=40).map(lambda text: text.encode(errors="replace")),
    st.builds(lambda address: str(address).encode(), addresses),
    st.sampled_from((b"example.com", b"exchange.example", b"alice@example.com", b"http", b"")),
).map(lambda content: content.decode("latin-1"))
"""Bytes as WSGI writes them."""

paths = st.one_of(
    st.sampled_from(EVERY_URL),
    st.sampled_from(EVERY_URL).map(str.upper),
    st.builds("{}/{}".format, st.sampled_from(EVERY_URL), values),
    values.map("/{}".format),
)

"""One table of requests, sent byte for byte alike to the server and to the exported tree.

Most of what is hostile comes from `tests.support.hostile`; `tests.hostile` sends it to the
application.
"""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPResponse
from urllib.parse import quote

from autoconfig.answers.endpoints import ENDPOINTS
from autoconfig.answers.pox_request import MAX_BODY
from tests.support.hostile import (
    BAD_XML,
    DOCTYPES,
    ENCODINGS,
    JSON_ERRORS,
    MARKUP,
    NO_ADDRESS,
    QUERIES,
)
from tests.support.requests import (
    MOBILESYNC,
    MOBILESYNC_ANSWER,
    MOZILLA,
    OUTLOOK_ANSWER,
    POX,
    SOAP,
    V2,
    WELL_KNOWN,
    declared,
    pox,
    xml,
)

HTTPS = {"X-Forwarded-Proto": "https"}
HTTP = {"X-Forwarded-Proto": "http"}
PATIENCE = 20.0
LONGEST_LINE = 8000
"""Bytes of a request line that Apache takes; it answers longer ones itself."""

UNCERTAIN = ("UTF-32LE", "UTF-32BE", "EBCDIC")
"""Encodings that a libxml2 knows or not, by how it was built; no client uses them."""

COMPARED = (
    "Content-Type",
    "Cache-Control",
    "Location",
    "Allow",
    "Access-Control-Allow-Origin",
    "X-Content-Type-Options",
    "Content-Security-Policy",
    "Content-Disposition",
    "Referrer-Policy",
    "Vary",
    "ETag",
)
"""The headers that clients go by."""

SETS = {"Allow", "Vary"}
"""Those of which the order means nothing: RFC 9110 sections 10.2.1 and 12.5.5."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request. `chunked`: the body comes without its length."""

    method: str
    target: str
    host: str = "example.com"
    headers: Mapping[str, str] = field(default_factory=lambda: HTTPS)
    body: bytes = b""
    chunked: bool = False

    def to_bytes(self) -> bytes:
        """What goes over the wire."""
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        body = self.body
        if self.chunked:
            lines.append("Transfer-Encoding: chunked")
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        elif body or self.method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        lines += ["Connection: close", "", ""]
        return "\r\n".join(lines).encode("latin-1") + body


@dataclass(frozen=True, slots=True)
class Answer:
    """The body has the time of an error masked; `from_file`: a file and not a program answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    from_file: bool


def ask(port: int, question: Question) -> Answer:
    """Send it, and read the answer even if that comes before the question is read to its end."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        with suppress(ConnectionError):
            connection.sendall(question.to_bytes())
        response = HTTPResponse(connection, method=question.method)
        response.begin()
        body = re.sub(rb'(?<= Time=")[\d:.]+', b"", response.read())
        headers = {name: value for name in COMPARED if (value := response.getheader(name))}
        for name in SETS & headers.keys():
            headers[name] = ", ".join(sorted(re.split(", *", headers[name])))
        return Answer(
            response.status, headers, body, response.getheader("Last-Modified") is not None
        )


def posted(body: str | bytes, host: str = "example.com", **more: str) -> Question:
    content = body if isinstance(body, bytes) else body.encode()
    return Question("POST", POX, host, {**HTTPS, "Content-Type": "text/xml", **more}, content)


def percent(text: str) -> str:
    """Every byte percent-encoded."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def is_request_line(target: str) -> bool:
    """Whether both servers hand it on at all, and do not refuse it themselves."""
    return re.fullmatch(r"[!-~]+", target) is not None and (
        len(target) < LONGEST_LINE and not re.search("[<>]|%2[eE]%2[eE]|%00|%2[fF]", target)
    )


def _every_url() -> Iterator[tuple[str, Question]]:
    hosts = ("example.com", "exchange.example", "zimbra.example", "unknown.example")
    methods = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND", "BREW")
    for endpoint in ENDPOINTS:
        for domain in hosts:
            path = endpoint.path.replace("<address>", f"alice@{domain}")
            for method in methods:
                body = pox(f"alice@{domain}").encode() if method == "POST" else b""
                question = Question(method, path, f"autodiscover.{domain}", HTTPS, body)
                yield f"{method} {path} under {domain}", question


def _mozilla() -> Iterator[tuple[str, Question]]:
    hosts = (
        *("autoconfig.example.fr", "AutoConfig.Example.FR", "autoconfig.example.fr."),
        *("autoconfig.example.fr:8000", "example.fr.:80", "ua-auto-config.example.fr"),
        *("autodiscover.example.fr", "xn--caf-dma.example", "autoconfig.XN--CAF-DMA.example"),
        *("localhost", "127.0.0.1", "[::1]", "sub.example.fr", "autoconfig.autoconfig.example.fr"),
        *("autoconfig.com", "autoconfig", "example", "x.autoconfig.example.fr", "a-.example"),
    )
    for host in hosts:
        for path in (MOZILLA, WELL_KNOWN, "/"):
            yield f"{path} under {host}", Question("GET", path, host)
    for path in (MOZILLA, WELL_KNOWN):
        for address in ("boss@example.fr", "BOSS@Example.FR", "alice@example.fr", "a@corp.example"):
            yield f"{path} for {address}", Question("GET", f"{path}?emailaddress={address}")
    for name, (query, _) in QUERIES.items():
        yield f"query: {name}", Question("GET", f"{MOZILLA}?{query}")
    for name, address in NO_ADDRESS.items():
        target = f"{WELL_KNOWN}?emailaddress={percent(address)}"
        yield f"query: {name}", Question("GET", target)
    for name, tags in {
        "any": "*",
        "none of ours": '"x"',
        "weak": 'W/"x"',
        "ours": '"{etag}"',
        "ours, weak": 'W/"{etag}"',
        "ours among others": '"x", "{etag}"',
    }.items():
        for target in (f"{MOZILLA}?emailaddress=a@example.com", "/"):
            headers = {**HTTPS, "If-None-Match": tags}
            yield f"{target} if not {name}", Question("GET", target, headers=headers)
            yield f"HEAD {target} if not {name}", Question("HEAD", target, headers=headers)


PROFILE = "/email.mobileconfig"

AGENTS = {
    "iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15",
    "iPad": "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15",
    "Android": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36",
    "Mac": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15",
    "Windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:149.0) Gecko/20100101 Firefox/149.0",
    "Linux": "Mozilla/5.0 (X11; Linux x86_64; rv:149.0) Gecko/20100101 Firefox/149.0",
    "unknown": "curl/8.5.0",
    "in small letters": "android iphone windows nt",
    "two": "Windows NT Android",
    "hostile": "<!--guide \"'\\~/(iPad",
}
"""The header by which a page knows the reader's device."""


def _pages() -> Iterator[tuple[str, Question]]:
    """The page of a domain and of a person, for every device."""
    names = (*("example.com", "exchange.example", "zimbra.example"), "example.fr", "corp.example")
    for device, agent in AGENTS.items():
        for host in names:
            headers = {**HTTPS, "User-Agent": agent, "Accept-Language": "fr"}
            yield f"page of {host} on {device}", Question("GET", "/", host, headers)
            target = f"/?emailaddress=alice@{host}&lang=en"
            yield f"page of alice@{host} on {device}", Question("GET", target, host, headers)
        for tags in ('"{etag}"', "*"):
            headers = {**HTTPS, "User-Agent": agent, "If-None-Match": tags}
            yield f"page on {device} if not {tags}", Question("GET", "/", headers=headers)


def _typed() -> Iterator[tuple[str, Question]]:
    """What a person may type into the field of the page, or a link may hold."""
    for address in (*HOSTILE, *NO_ADDRESS.values(), "é" * 254 + "@", "é" * 255 + "@", "%TYPED%"):
        for url in ("/?lang=fr&emailaddress=", "/?lang=en&emailaddress=", f"{PROFILE}?email="):
            yield f"{url}{address}", Question("GET", url + percent(address))
    for typed in ("%FF%F0%9F@%C3", "%E2%82@example.com", "a%00b", "%0D%0A@example.com"):
        yield f"page, typed {typed}", Question("GET", f"/?emailaddress={typed}")


def _profiles() -> Iterator[tuple[str, Question]]:
    for address in ("a@example.com", "A@corp.example", "boss@example.fr", "a@zimbra.example"):
        for device in ("", "iphone", "MAC", "android", "iphone,mac", "mac%00"):
            for language in ("fr", "de, en"):
                target = f"{PROFILE}?email={address}&for={device}"
                headers = {**HTTPS, "Accept-Language": language}
                yield f"{target} in {language}", Question("GET", target, "localhost", headers)
    for query in (
        "",
        "?email=",
        "?email=%EMAILADDRESS%",
        "?for=mac",
        "?emailaddress=a@example.com",
    ):
        yield f"profile by {query}", Question("GET", PROFILE + query)
    for query in ("email=a@example.com", "email=a@exchange.example&of=thunderbird", ""):
        yield f"code by {query}", Question("GET", f"/qr.svg?{query}")


HOSTILE = (
    *(
        f"{MARKUP}@example.com",
        "a'b\"c@example.com",
        "%EMAILDOMAIN%@example.com",
        "a&b@example.com",
    ),
    *(
        "<!--guide -->@example.com",
        "<!--guides-->@exchange.example",
        "é@example.fr",
        "%40@example.fr",
    ),
    *(
        "a+b=c@example.com",
        "x" * 64 + "@example.com",
        "x" * 260 + "@example.com",
        "~/?#@example.com",
    ),
    *("<b>@unknown.example", "\u202e@example.com", "alice@caf\u00e9.example", "alice@example.com."),
)
"""Addresses with what a page, a URL or a profile gives a meaning."""


def _autodiscover() -> Iterator[tuple[str, Question]]:
    addresses = (
        *("alice@example.com", "boss@example.fr", "Boss@EXAMPLE.fr", "alice@exchange.example"),
        *("alice@zimbra.example", "alice@unknown.example", "alice@café.example", "a@CAFÉ.example."),
        *("alice@client-two.example", "%EMAILDOMAIN%@example.com", "élise@example.com"),
    )
    schemas = {"outlook": OUTLOOK_ANSWER, "mobilesync": MOBILESYNC_ANSWER, "other": "urn:x"}
    for address in addresses:
        for name, schema in schemas.items():
            for scheme in (HTTPS, HTTP):
                body = pox(address, schema=schema)
                yield f"{name} for {address} by {[*scheme.values()]}", posted(body, **scheme)


def _odd_autodiscover() -> Iterator[tuple[str, Question]]:
    yield "mobilesync request", posted(pox(namespace=MOBILESYNC, schema=MOBILESYNC_ANSWER))
    yield "schema in capitals", posted(pox(schema=OUTLOOK_ANSWER.upper()))
    yield "old schema", posted(pox(schema=OUTLOOK_ANSWER[:-1]))
    for path in (
        "/Autodiscover/Autodiscover.xml",
        POX.upper(),
        f"{POX}/",
        f"{POX}x",
        "/AUTODISCOVER/",
    ):
        for host in ("example.com", "exchange.example"):
            question = Question("POST", path, host, HTTPS, pox(f"alice@{host}").encode())
            yield f"{path} under {host}", question
    for kind in ("text/xml", "application/xml", "text/plain", "a/b", "", "application/json"):
        yield f"as {kind}", posted(pox(), **{"Content-Type": kind})
    yield "as a form", posted(pox(), **{"Content-Type": "application/x-www-form-urlencoded"})
    for host in ("autodiscover.example.fr", "autodiscover.exchange.example", "localhost"):
        for path in (POX, SOAP, SOAP.upper()):
            for method in ("GET", "HEAD", "POST"):
                question = Question(method, path, host, HTTP, pox().encode())
                yield f"{method} {path} by http under {host}", question
    yield "SOAP of any length", Question("POST", SOAP, "exchange.example", HTTPS, b"x" * 100_000)
    for value in ("HTTP", "https, http", "http, https", "", "x"):
        yield f"forwarded {value}", posted(pox(), **{"X-Forwarded-Proto": value or "https"})


def _odd_xml() -> Iterator[tuple[str, Question]]:
    for name, body in BAD_XML.items():
        yield f"XML: {name}", posted(body)
    for name, address in NO_ADDRESS.items():
        yield f"XML: {name}", posted(pox(xml(address)))
    for encoding, encode in ENCODINGS.items():
        if encoding in UNCERTAIN:
            continue
        for name, (prolog, address) in DOCTYPES.items():
            yield f"{name} in {encoding}", posted(encode(pox(address, prolog=prolog)))
        yield f"request in {encoding}", posted(encode(pox()))
    for local in (
        MARKUP,
        "</LoginName>",
        "<!--",
        "'\"",
        "a&b",
        "]]>",
        "{{7*7}}",
        "\U0001d51e",
        "$1\\1",
    ):
        yield f"local part {local}", posted(pox(xml(f"{local}@example.com")))
    yield "CDATA", posted(pox("<![CDATA[alice@example.com]]>"))
    yield "comment inside", posted(pox("alice<!-- @x -->@example.com"))
    yield "instruction inside", posted(pox("alice<?x @x?>@example.com"))
    yield "element inside", posted(pox("<a>alice</a>@example.com"))
    yield "two addresses", posted(pox(inside="<EMailAddress>a@example.fr</EMailAddress>"))
    yield "blanks around", posted(pox(" \r\n\talice@example.com\u3000"))
    for name, before in {"BOM": b"\xef\xbb\xbf", "BOM, blanks": b"\xef\xbb\xbf \n"}.items():
        yield name, posted(before + pox().encode())
        yield f"blanks, {name}", posted(b" \r\n" + before + pox().encode())
    yield "lines before", posted("\n \r\n" + declared("utf-8", pox()))
    yield (
        "XInclude",
        posted(pox('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>')),
    )
    yield "relative namespace", posted(pox(inside='<X xmlns="x"/>'))


def _long() -> Iterator[tuple[str, Question]]:
    for size in (MAX_BODY - 1, MAX_BODY, MAX_BODY + 1, 100_000, 20 * 1024 * 1024):
        question = posted(pox().ljust(size))
        yield f"{size} bytes", question
        yield f"{size} bytes in a chunk", Question("POST", POX, body=question.body, chunked=True)


def _json() -> Iterator[tuple[str, Question]]:
    for name, (query, _, _) in JSON_ERRORS.items():
        yield f"JSON: {name}", Question("GET", f"{V2}?{query}")
    for address in ("a@example.com", "a+b@exchange.example", "boss@example.fr", "a@zimbra.example"):
        for protocol in ("ActiveSync", "ews", "AutodiscoverV1", "Rest", "%3CX%3E1", ""):
            for scheme in (HTTPS, HTTP):
                for target in (
                    f"{V2}?Email={address}&Protocol={protocol}",
                    f"/AutoDiscover/AutoDiscover.json/v1.0/{quote(address)}?protocol={protocol}",
                ):
                    question = Question("GET", target, "autodiscover.example.com", scheme)
                    yield f"{target} by {[*scheme.values()]}", question
    for path in ("alice", "%3Chostile%3E@example.com", "a@unknown.example", "", "/a@example.com"):
        yield f"JSON path {path}", Question("GET", f"{V2}/v1.0/{path}?Protocol=Ews")
    for path in ("a%0Ab@example.com", "a@example.com%0A", "caf%C3%A9@caf%C3%A9.example", "%FF@%FF"):
        yield f"JSON path {path}", Question("GET", f"{V2}/v1.0/{path}?Protocol=AutodiscoverV1")
    capitals = "/AutoDiscover/AutoDiscover.JSON/V1.0/A.Lice@EXAMPLE.com?Protocol=AutodiscoverV1"
    for scheme in (HTTPS, HTTP):
        yield f"capitals by {[*scheme.values()]}", Question("GET", capitals, headers=scheme)
    odd = quote("é~ &=;@exchange.example", safe="@")
    yield "odd address by http", Question("GET", f"{V2}?Email={odd}&Protocol=a~%20b", headers=HTTP)


def _paths() -> Iterator[tuple[str, Question]]:
    paths = (
        *(
            "/other",
            "/mail/",
            "/mail",
            "/mail/other.xml",
            "/.well-known/x",
            "/.htaccess",
            "/.git/x",
        ),
        *("/autoconfig.php", "/autoconfig-data.php", "/autoconfig.php/x", "/AUTOCONFIG.PHP"),
        *(
            "/autoconfig-people.php",
            "/autoconfig-data.php/x",
            "/example.com/",
            "/.autoconfig.php.unfinished",
        ),
        f"/autoconfig.example.com{MOZILLA}",
        f"/example.com{WELL_KNOWN}",
        *(
            f"/{MOZILLA}",
            "//Autodiscover/Autodiscover.xml",
            "//Autodiscover/x",
            f"{MOZILLA}/",
            MOZILLA.upper(),
            f"{MOZILLA};x=y",
            "/mail//config-v1.1.xml",
        ),
        *(
            "/mail/%63onfig-v1.1.xml",
            "/x/../mail/config-v1.1.xml",
        ),
        *(
            "/autodiscover/%3Chostile/%3E",
            f"{V2}x",
            f"{V2}/",
            f"{V2}/v2.0/a@example.com",
            "//",
            "/?x",
        ),
        *(
            "/index.php",
            "/index.html",
            "/%C0%AE%C0%AE/x",
            "/alice@example.com",
            "/healthz/",
            "/ASK",
        ),
        *("/autodi%C5%BFcover/autodiscover.xml", "/%ff%0d%0a/", f"{MOZILLA}?", f"{MOZILLA}?x=%"),
    )
    for path in paths:
        for method in ("GET", "POST"):
            yield f"{method} {path}", Question(method, path)
    yield "ask", Question("GET", "/ask?domain=autoconfig.example.com")


def _table() -> Mapping[str, Question]:
    sources = (
        _every_url,
        _mozilla,
        _pages,
        _typed,
        _profiles,
        _autodiscover,
        _odd_autodiscover,
        _odd_xml,
        _long,
        _json,
        _paths,
    )
    rows = (row for source in sources for row in source())
    return {name: question for name, question in rows if is_request_line(question.target)}


TABLE = _table()

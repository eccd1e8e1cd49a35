"""Requests made up at random from what the server and an exported tree make their answers of.

Each is put together from a method, a host, a path, a query, headers and a body; most are nearly
right, each part may be odd. A seed gives the same requests on every machine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from urllib.parse import quote

from autoconfig.answers.endpoints import ENDPOINTS
from autoconfig.answers.pox_request import MAX_BODY, REQUEST_NAMESPACES
from tests.real.webspace.questions import AGENTS, UNCERTAIN, Question
from tests.support.hostile import BAD_XML, DOCTYPES, ENCODINGS, NO_ADDRESS, QUERIES
from tests.support.requests import (
    MOBILESYNC_ANSWER,
    MOZILLA,
    OUTLOOK_ANSWER,
    POX,
    SOAP,
    V2,
    WELL_KNOWN,
    pox,
    xml,
)

CONFIGURATION = """\
{base}
[[service]]
offer = "email-pro"
server = "pro1"
domains = ["example.fr", "autoconfig.example", "www.example"]

[[service]]
offer = "mx-plan"
domains = ["example.com", "café.example", "autodiscover.co.uk"]

[[service]]
offer = "zimbra-pro"
domains = ["zimbra.example", "co.uk"]
addresses = ["Zoé@example.com"]

[[service]]
offer = "exchange-hosted"
server = "ex4"
domains = ["exchange.example"]
addresses = ["boss@example.fr", "boss@lone.example"]

[[service]]
offer = "mx-plan"
protocols = ["pop3", "smtp"]
domains = ["pop3.example"]

[[service]]
offer = "exchange-private"
server = "mail.corp.example"
domains = ["corp.example"]
"""
"""Names that begin as ours do, mailboxes elsewhere, a domain of mailboxes alone, every class."""

BASE = "base.agency.test"
"""The host of `base_url`, where there is one."""

DOMAINS = (
    *("example.fr", "example.com", "xn--caf-dma.example", "zimbra.example") * 2,
    *("exchange.example", "exchange.example", "corp.example") * 2,
    *("lone.example", "exchange.example.", "pop3.example"),
    *("autoconfig.example", "autodiscover.co.uk", "www.example"),
    *("unknown.example", "sub.example.com", "example", "co.uk"),
)
PREFIXES = (
    *("", "", "autoconfig.", "autoconfig.", "autodiscover.", "autodiscover.", "ua-auto-config."),
    *("www.", "www.", "autoconfig.www.", "www.autoconfig.", "autoconfig.autodiscover.", "mail."),
)
ODD_HOSTS = (
    *("localhost", "127.0.0.1", "[::1]", "", BASE, "a_b.example", "-.example", "café.example"),
    *("example.com:x", "example..com", ".example.com", "example%2ecom", "127.1", "1.2.3"),
    *(f"{'a' * 64}.example.com", f"{'a.' * 130}com", "xn--.example", "xn--zzzzzzzz.example"),
)
PORTS = (*("",) * 30, *(":80", ":443", ":8000") * 3, ":", ":0")

PATHS = (
    *(endpoint.path for endpoint in ENDPOINTS),
    *(MOZILLA, WELL_KNOWN, POX, POX, POX, SOAP, V2, "/"),
)
ODD_PATHS = (
    *("/other", "/mail/", "/mail", "/.well-known/x", "/.well-known/acme-challenge/x", "//", "/x/"),
    *("/.htaccess", "/autoconfig.php", "/autoconfig-data.php", "/index.html", "/AUTODISCOVER/x"),
    *("/autoconfig.php/x", "/example.com", f"/autoconfig.example.com{MOZILLA}", "/v1.1/x", "*"),
)

LOCAL_PARTS = (
    *("alice",) * 5,
    *("boss", "BOSS", "Zoé", "zoÉ", "a+b", "a b", "é~ &=;", "%EMAILDOMAIN%", "<b>", "a'b", '"a'),
    *("", "x" * 64, "x" * 260, "\u00ad", "ß", "İ", "{wanted}", "%2540", "$1\\1", "a@b"),
)
ADDRESS_DOMAINS = (
    *DOMAINS,
    *("EXAMPLE.com", "example.fr.", "café.example", "CAFÉ.example", "cafe\u0301.example"),
    *("www.example.com", "autoconfig.example.fr", "ex\u3002ample.com", "localhost", "-", "a..b"),
)
PROTOCOLS = ("ActiveSync", "ews", "AUTODISCOVERV1", "AutodiscoverV1", "Rest", "", "<X>1", "é" * 40)
PARAMETERS = ("emailaddress", "email", "protocol", "domain", "lang", "x", "")

AT_SIGNS = (*["@"] * 12, "", "@@", "\uff20")
SEPARATORS = (*["&"] * 8, "&&", ";")
SIGNS = (*["="] * 10, "", "==", "%3D")
ENDS = (*[""] * 15, "%", "%4", "%zz")

LANGUAGES = (
    *("fr", "en", "fr-CA", "FR", "de", "de, fr;q=0.5", "en;q=0.1, fr;q=0.2", "*", "fr;q=0", ""),
    *("fr;q=0, en", "en;q=0, *", "fr; q=0.5 , en ;q=0.6", "en,fr", "fr-FR,fr;q=0.9,en;q=0.8"),
    *("fr;q=2", "fr;q=-1, en;q=0.1", "fr;q=x", ";;,", "fr;q=0.5;x=y", "fr_FR", "fran\xe7ais"),
)
PROTOS = (
    *("https",) * 6,
    *("http", "http", "HTTP", "https, http", "http, https", "x", " http ", "http,", ","),
)
TAGS = ("*", '"x"', 'W/"x"', '"x", *', "x", '"', "", '"{etag}"', 'W/"{etag}"', 'w/"{etag}", "a"')
TYPES = ("text/xml", "application/xml", "text/plain", "a/b", "application/json", "")
FORM = "application/x-www-form-urlencoded"

METHODS = (
    *("GET",) * 8,
    *("POST",) * 6,
    *("HEAD", "HEAD", "OPTIONS", "PROPFIND", "PUT", "DELETE", "PATCH", "BREW", "get", "Post"),
)


def questions(seed: int) -> Iterator[Question]:
    """Questions without end."""
    random = Random(seed)  # noqa: S311  # not for secrets
    while True:
        yield _question(random)


def _question(random: Random) -> Question:
    method = random.choice(METHODS)
    path = _path(random)
    posts = method == "POST" if random.random() < 0.98 else method != "HEAD"
    body = _body(random) if posts else b""
    return Question(
        method,
        path + _query(random, path),
        _host(random),
        dict(_headers(random)),
        body,
        chunked=bool(body) and random.random() < 0.1,
    )


def _odd_case(random: Random, text: str) -> str:
    return "".join(random.choice((each.upper(), each.lower())) for each in text)


def _host(random: Random) -> str:
    if random.random() < 0.05:
        return random.choice(ODD_HOSTS).encode().decode("latin-1")
    host = random.choice(PREFIXES) + random.choice(DOMAINS)
    if random.random() < 0.1:
        host = _odd_case(random, host)
    dot = "." if random.random() < 0.1 else ""
    return f"{host}{dot}{random.choice(PORTS)}"


def _path(random: Random) -> str:
    if random.random() < 0.05:
        return random.choice(ODD_PATHS)
    path = random.choice(PATHS).replace("<address>", _escaped(random, _address(random)))
    if random.random() < 0.7:
        return path
    return random.choice(PATH_CHANGES)(random, path)


def _percent(random: Random, path: str) -> str:
    """One character of it percent-encoded."""
    at = random.randrange(len(path))
    return f"{path[:at]}%{ord(path[at]):02{random.choice('xX')}}{path[at + 1 :]}"


PATH_CHANGES: Sequence[Callable[[Random, str], str]] = (
    _odd_case,
    _odd_case,
    _percent,
    lambda random, path: f"/{path}",
    lambda random, path: f"{path}/",
    lambda random, path: f"/x/..{path}",
    lambda random, path: f"/.{path}",
    lambda random, path: f"{path}{random.choice((';x', 'x', '%20', '%0A', '%00', '%ff', '//'))}",
    lambda random, path: path.replace("/", "//", random.choice((-1, 2))),
    lambda random, path: path[:-1] or "/",
    lambda random, path: f"http://{random.choice(DOMAINS)}{path}",
)


def _address(random: Random) -> str:
    if random.random() < 0.05:
        return random.choice([*NO_ADDRESS.values(), "%EMAILADDRESS%", "alice"])
    around = random.choice((*("{}",) * 12, " {}", "{}\u3000", "\n{}", "{}.", "{},b@example.com"))
    at = random.choice(AT_SIGNS)
    domain = random.choice(ADDRESS_DOMAINS)
    return around.format(
        f"{random.choice(LOCAL_PARTS)}{at}{domain}".replace("{", "").replace("}", "")
    )


def _escaped(random: Random, text: str) -> str:
    """As a client might write it into a URL, or nearly so."""
    safe = random.choice(("@", "", "@+!$'()*,;:", "@&="))
    return quote(text, safe=safe).replace("%20", random.choice(("%20", "+")))


def _query(random: Random, path: str) -> str:
    if random.random() < 0.3:
        return random.choice(("", "", "", "?"))
    if random.random() < 0.05:
        return "?" + random.choice([query for query, _ in QUERIES.values()])
    names = [random.choice(PARAMETERS) for _ in range(random.choice((0, 0, 1, 2)))]
    own = {each.path.lower(): each.parameter for each in ENDPOINTS}.get(path.lower())
    names.insert(random.randrange(len(names) + 1), own or "emailaddress")
    if "json" in path.lower() and random.random() < 0.9:
        names.append("protocol")
    separator = random.choice(SEPARATORS)
    return "?" + separator.join(_pair(random, name) for name in names)


VALUES: Mapping[str, Callable[[Random], str]] = {
    "protocol": lambda random: random.choice(PROTOCOLS),
    "lang": lambda random: random.choice(("fr", "en", "FR", "de", "")),
    "domain": lambda random: random.choice(PREFIXES[:4]) + random.choice(ADDRESS_DOMAINS),
}
"""By parameter; any other may hold an address."""


def _pair(random: Random, name: str) -> str:
    value = VALUES.get(name, _address)(random)
    if random.random() < 0.2:
        name = random.choice((name.upper(), name.title(), _odd_case(random, name), f"{name}[]"))
    sign = random.choice(SIGNS)
    return name + sign + _escaped(random, value) + random.choice(ENDS)


def _headers(random: Random) -> Iterator[tuple[str, str]]:
    if random.random() < 0.9:
        yield "X-Forwarded-Proto", random.choice(PROTOS)
    for share, name, values in (
        (0.05, "X-Forwarded-Host", ("evil.example", "example.com", "exchange.example:1", "")),
        (0.05, "X-Forwarded-For", ("192.0.2.1", "x")),
        (0.02, "X_Forwarded_Proto", ("http", "https")),
        (0.02, "X-Forwarded_Host", ("evil.example", "example.com")),
        (0.02, "Forwarded", ("host=evil.example;proto=http",)),
        (0.02, "Connection", ("X-Forwarded-Proto", "Host", "Content-Length, Content-Type")),
        (0.40, "Accept-Language", LANGUAGES),
        (0.40, "User-Agent", [*AGENTS.values()]),
        (0.20, "If-None-Match", TAGS),
        (0.50, "Content-Type", (*TYPES, FORM, "multipart/form-data; boundary=x")),
    ):
        if random.random() < share:
            yield name, random.choice(values)


def _body(random: Random) -> bytes:
    if random.random() < 0.1:
        return random.choice((b"", b"", b" \r\n\t", b"\xef\xbb\xbf", b"\0", *BAD_XML.values()))
    return random.choice(BODY_CHANGES)(random, _request(random))


def _request(random: Random) -> str:
    """What Outlook or a device posts, or nearly so."""
    return pox(
        xml(_address(random)),
        prolog=random.choice(("", "", "", '<?xml version="1.0"?>', "\n", "<!-- x -->", "<?x?>")),
        inside=random.choice(("", "", "", "<LegacyDN>/o=x</LegacyDN>", "<X/>", "<EMailAddress/>")),
        namespace=random.choice((*REQUEST_NAMESPACES * 6, "", "urn:x", OUTLOOK_ANSWER)),
        schema=random.choice(
            (*(OUTLOOK_ANSWER, MOBILESYNC_ANSWER) * 6, OUTLOOK_ANSWER.upper(), "urn:x", "", " ")
        ),
    )


def _unchanged(_: Random, written: str) -> bytes:
    return written.encode()


def _without_address(random: Random, written: str) -> bytes:
    """The element empty, missing, or `LegacyDN` in its place."""
    before, _, rest = written.partition("<EMailAddress>")
    _, _, after = rest.partition("</EMailAddress>")
    between = ("", "<EMailAddress/>", "<EMailAddress> </EMailAddress>", "<LegacyDN>/o=x</LegacyDN>")
    return (before + random.choice(between) + after).encode()


def _with_document_type(random: Random, _: str) -> bytes:
    prolog, address = random.choice([*DOCTYPES.values()])
    return _in_an_encoding(random, pox(address, prolog=prolog))


def _in_an_encoding(random: Random, written: str) -> bytes:
    encode = random.choice([each for name, each in ENCODINGS.items() if name not in UNCERTAIN])
    return encode(written.encode("ascii", "xmlcharrefreplace").decode())


def _long(random: Random, written: str) -> bytes:
    sizes = (MAX_BODY - 1, MAX_BODY, MAX_BODY + 1, 20_000, 100_000)
    return written.encode().ljust(random.choice(sizes))


def _with_another_byte(random: Random, written: str) -> bytes:
    body = bytearray(written.encode())
    body[random.randrange(len(body))] = random.randrange(256)
    return bytes(body)


BODY_CHANGES: Sequence[Callable[[Random, str], bytes]] = (
    *(_unchanged,) * 8,
    *(_without_address,) * 2,
    _with_document_type,
    _in_an_encoding,
    _long,
    _with_another_byte,
)

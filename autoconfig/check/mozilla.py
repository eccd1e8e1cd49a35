"""Mozilla's document, read with the strictness of a program (draft-ietf-mailmaint-autoconfig).

Programs differ in what they forgive: docs/clients.md has their quirks.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import islice
from urllib.parse import urlsplit

from autoconfig.check.choice import Listed, by_port, choose
from autoconfig.check.questions import Person
from autoconfig.check.verdict import Candidate, Reason
from autoconfig.check.xml import Element, below, child, children, name_of, text_of
from autoconfig.detect.rule import HTTPS
from autoconfig.names import HOST_NAME
from autoconfig.programs.model import Reading

MOST_SERVERS = 64
"""Servers of a document that are read; real ones have some ten."""
LONGEST = 254
"""Characters of a value that are kept: those of an address (RFC 5321 section 4.5.3.1.3)."""

_SERVERS = ("incomingServer", "outgoingServer")
_MAIL = ("imap", "pop3", "smtp")
_URLS = {"ews": "url", "exchange": "ewsURL"}
"""Types of server that are a URL, and the element that holds it."""
_SOCKETS = ("SSL", "STARTTLS", "plain")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PORT = re.compile(r"[0-9]{1,5}")
_PLACEHOLDER = re.compile(r"%[A-Z0-9]+%")


def read_mozilla(root: Element, reading: Reading, person: Person) -> tuple[Candidate, ...] | Reason:
    """The servers that the program takes of a document, or the reason why it takes none."""
    if reading.identity and (refusal := _nameless(root)):
        return refusal
    provider = child(root, "emailProvider")
    listed, odd = [], None
    for element in islice(below(root if provider is None else provider, *_SERVERS), MOST_SERVERS):
        if refusal := _stumbles(element, reading):
            return refusal
        server = _server(element, reading, person)
        if isinstance(server, Reason):
            if reading.whole:
                return server
            odd, server = server, None
        listed.append(Listed(_sends(element), server))
    chosen = choose(listed, reading)
    return odd if odd and isinstance(chosen, Reason) else chosen


def _sends(element: Element) -> bool:
    return name_of(element) == "outgoingServer"


def is_host(text: str) -> bool:
    """Whether a program can connect to it: a host name, if only `localhost`, or an IP address."""
    if HOST_NAME.fullmatch(text) or _LABEL.fullmatch(text):
        return True
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _nameless(root: Element) -> Reason | None:
    """The reason why a program that looks at the provider's names refuses the document."""
    provider = child(root, "emailProvider") if name_of(root) == "clientConfig" else None
    if provider is None:
        return Reason("no-provider")
    if not _names(str(provider.get("id", ""))):
        return Reason("no-id")
    domains = map(text_of, children(provider, "domain"))
    return None if any(map(_names, domains)) else Reason("no-domain-element")


def _names(text: str) -> bool:
    return is_host(_PLACEHOLDER.sub("x", text.strip()).lower())


def _stumbles(element: Element, reading: Reading) -> Reason | None:
    """The reason why a server makes the program refuse the whole document."""
    if reading.attributes == "refuse" and element.keys() != ["type"]:
        return Reason("odd-attribute")
    kind = str(element.get("type", ""))[:LONGEST]
    if reading.other_types == "refuse" and kind not in _MAIL:
        return Reason("odd-type", {"type": kind})
    return None


def _server(element: Element, reading: Reading, person: Person) -> Candidate | Reason | None:
    """The server; None if it is of a type that the program skips, a reason if something is odd."""
    kind = str(element.get("type", ""))
    kind = kind.lower() if reading.parses == "tags" else kind
    if kind not in reading.types or (reading.identity and (kind == "smtp") != _sends(element)):
        return None
    if reading.methods and not {*reading.methods} & {*_values(element, "authentication", reading)}:
        return Reason("no-method")
    username = person.address
    if reading.usernames:
        username = _filled(element, "username", reading, person)[:LONGEST] or reading.nameless
    if kind in _URLS:
        return url_server("ews", next(_values(element, _URLS[kind], reading), ""), username)
    host = _filled(element, "hostname", reading, person).lower()
    host = host.strip() if reading.identity else host
    port = number(next(_values(element, "port", reading), ""))
    socket = _socket(element, port, reading)
    needed = {
        "hostname": is_host(host),
        "port": port,
        "username": username,
        "socketType": socket,
    }
    odd = next((name for name, fine in needed.items() if not fine), "")
    if odd:
        return Reason("odd-value", {"element": odd})
    return Candidate(kind, host, port, socket, username)


def url_server(protocol: str, url: str, username: str = "") -> Candidate | Reason:
    """A server that is an address on the web."""
    try:
        parts = urlsplit(url.strip()[:2000])
        host, port = parts.hostname or "", parts.port or HTTPS
    except ValueError:
        host, port = "", HTTPS
    if not is_host(host):
        return Reason("odd-value", {"element": "url"})
    return Candidate(protocol, host, port, username=username, url=url.strip()[:2000])


def number(text: str) -> int:
    """A port; 0 if it is none."""
    return int(text) if _PORT.fullmatch(text.strip()) and int(text) < 2**16 else 0


def _values(element: Element, name: str, reading: Reading) -> Iterator[str]:
    found = map(text_of, children(element, name))
    return map(str.strip, found) if reading.trims else found


def _filled(element: Element, name: str, reading: Reading, person: Person) -> str:
    """A value with the placeholders of the standard filled in."""
    value = next(_values(element, name, reading), "")
    local, _, domain = person.address.rpartition("@")
    value = value.replace("%EMAILADDRESS%", person.address).replace("%EMAILLOCALPART%", local)
    return value.replace("%EMAILDOMAIN%", domain if reading.fills_domain else "")


def _socket(element: Element, port: int, reading: Reading) -> str:
    """The encryption; nothing if the program cannot use what is written."""
    known = {each.lower() if reading.any_case else each: each for each in _SOCKETS}
    known |= dict.fromkeys(reading.means_starttls, "STARTTLS")
    for value in _values(element, "socketType", reading):
        socket = known.get(value.lower() if reading.any_case else value, "")
        if socket:
            return "" if reading.whole and socket == "plain" else socket
    if reading.sockets == "port":
        return by_port(port, reading)
    return "" if reading.sockets == "exact" else reading.sockets

"""Autodiscover answers, read with the strictness of a program ([MS-OXDSCLI], [MS-ASCMD])."""

from collections.abc import Iterator
from itertools import islice

from autoconfig.check.choice import Listed, by_port, choose
from autoconfig.check.mozilla import LONGEST, MOST_SERVERS, is_host, number, url_server
from autoconfig.check.verdict import Candidate, Reason
from autoconfig.check.xml import Element, below, child, name_of, text_of
from autoconfig.programs.model import Reading

_MAIL = {"IMAP": "imap", "POP3": "pop3", "SMTP": "smtp"}
_EXCHANGE = ("EXCH", "EXPR", "EXHTTP")
_SOCKETS = {"ssl": "SSL", "tls": "STARTTLS", "none": "plain"}
"""`Encryption`, in small letters; any other means TLS at once."""


def read_outlook(
    root: Element, schema: str, reading: Reading, username: str
) -> tuple[Candidate, ...] | Reason:
    """The servers that the program takes of an answer, or the reason why it takes none.

    `schema`: `outlook` or `mobilesync`. `username`: the login where the answer has none.
    """
    response = child(root, "Response") if name_of(root) == "Autodiscover" else None
    if response is None and reading.parses != "tags":
        return Reason("not-autodiscover")
    response = root if response is None else response
    error = next(below(response, "Error"), None)
    if error is not None:
        code = text_of(next(below(error, "ErrorCode", "Status"), None)).strip()
        return Reason("autodiscover-error", {"code": code[:LONGEST]})
    if schema == "mobilesync":
        return choose(list(_activesync(response)), reading)
    if moved := _moved(response, reading, username):
        return moved
    protocols = islice(below(response, "Protocol"), MOST_SERVERS)
    return choose([_listed(each, reading, username) for each in protocols], reading, alone=True)


def _moved(
    response: Element, reading: Reading, username: str
) -> tuple[Candidate, ...] | Reason | None:
    """Where the answer leads in place of settings; programs begin anew with another address."""
    url = text_of(next(below(response, "RedirectUrl"), None)).strip()
    if url and reading.redirect_url and "ews" in reading.types:
        server = url_server("ews", url, username)
        return server if isinstance(server, Reason) else (server,)
    if url:
        what = "redirect-url-followed" if reading.redirect_url else "redirect-url"
        return Reason(what, {"to": url[:LONGEST]})
    address = text_of(next(below(response, "RedirectAddr"), None)).strip()
    return Reason("redirect-address", {"to": address[:LONGEST]}) if address else None


def _activesync(response: Element) -> Iterator[Listed]:
    for server in islice(below(response, "Server"), MOST_SERVERS):
        if _value(server, "Type") == "MobileSync":
            found = url_server("activesync", _value(server, "Url"))
            yield Listed(sends=False, server=found if isinstance(found, Candidate) else None)


def _listed(protocol: Element, reading: Reading, username: str) -> Listed:
    kind = _value(protocol, "Type")
    server = None
    if kind in _EXCHANGE:
        url = _value(protocol, "EwsUrl") or _value(protocol, "ASUrl")
        found = url_server("ews", url, username)
        server = found if isinstance(found, Candidate) else None
    elif kind in _MAIL:
        server = _mail_server(_MAIL[kind], protocol, reading, username)
    return Listed(kind == "SMTP", server)


def _mail_server(
    protocol: str, element: Element, reading: Reading, username: str
) -> Candidate | None:
    host, port = _value(element, "Server").lower(), number(_value(element, "Port"))
    if not is_host(host) or not port:
        return None
    login = (_value(element, "LoginName") or username)[:LONGEST]
    return Candidate(protocol, host, port, _socket(element, port, reading), login)


def _socket(element: Element, port: int, reading: Reading) -> str:
    encryption = _value(element, "Encryption").lower()
    if _value(element, "SSL").lower() == "off" or encryption == "none":
        return "plain"
    return (
        by_port(port, reading) if reading.encryption == "port" else _SOCKETS.get(encryption, "SSL")
    )


def _value(element: Element, name: str) -> str:
    return text_of(child(element, name)).strip()

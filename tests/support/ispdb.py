"""The rules of Mozilla's public database, as its own checks and its reviewers have them.

Read in github.com/thunderbird/autoconfig at c6ad796 (2026-03-12): `.github/workflows`, `tools` and
the files of `ispdb`; and in the reviews of its pull requests 15, 39, 52, 158 and 198, and in issue
25. Many of its files are older than what its reviewers ask today.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

_HOST = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
_HTTPS = re.compile(r"https://[a-z0-9.-]+/[^\s%]*")
_NAMES = {"displayName", "displayShortName"}
_PROVIDER = _NAMES | {"domain", "incomingServer", "outgoingServer", "documentation"}
_VALUES: Mapping[str, Callable[[str], object]] = {
    "hostname": _HOST.fullmatch,
    "url": _HTTPS.fullmatch,
    "port": lambda text: re.fullmatch(r"[1-9]\d{0,4}", text) and int(text) < 1 << 16,
    "socketType": {"SSL", "STARTTLS"}.__contains__,
    "authentication": {"password-cleartext", "password-encrypted", "NTLM"}.__contains__,
    "username": re.compile(r"%EMAIL(ADDRESS|LOCALPART)%|%EMAILLOCALPART%\W%EMAILDOMAIN%").fullmatch,
}
"""The values within a server; white space around one makes it wrong."""
_MUST = {"hostname", "port", "socketType", "authentication", "username"}
_TYPES = {
    "incomingServer": {"imap": _MUST, "pop3": _MUST, "ews": {"url", "authentication", "username"}},
    "outgoingServer": {"smtp": _MUST},
}


def faults(files: Mapping[str, bytes]) -> list[str]:
    """The faults of files by their names; none if the database would take them."""
    found = [
        f"{name}: {fault}" for name, content in files.items() for fault in _file(name, content)
    ]
    return [*found, *_shared(files)]


def _file(name: str, content: bytes) -> Iterator[str]:
    if not name.endswith(".xml"):  # the check "Validate file extensions"
        yield "its name does not end in .xml"
    if b"\xef\xbb\xbf" in content:  # the check "BOM check"
        yield "a byte order mark"
    try:  # the check "Validate XML content"
        root = etree.fromstring(content)
    except etree.XMLSyntaxError as error:
        yield f"it does not parse: {error}"
        return
    if b"<!DOCTYPE" in content:
        yield "a document type"
    if (root.tag, root.items()) != ("clientConfig", [("version", "1.1")]):
        yield "no clientConfig of version 1.1"
    if _tags(root) != ["emailProvider"]:  # reviews 52 (pages go inside), 158 (no webMail)
        yield "something else than one emailProvider"
    yield from _placeholders(root)
    for provider in root.iterchildren("emailProvider"):
        yield from _provider(name, provider)


def _placeholders(root: etree._Element) -> Iterator[str]:
    for each in root.iter():
        if isinstance(each, etree._Comment):
            if not (each.text or "").isascii():  # review 198: in English
                yield "a comment in another language"
        elif each.tag != "username" and "%" in f"{each.text}{[*each.attrib.values()]}":  # review 15
            yield f"a placeholder in {each.tag}"


def _provider(name: str, provider: etree._Element) -> Iterator[str]:
    domains = _domains(provider)
    yield from (f"{each!r} is no domain" for each in domains if not _HOST.fullmatch(each))
    if not {provider.get("id"), name.removesuffix(".xml")} <= {*domains}:
        yield "its id or its name is none of its domains"
    tags = _tags(provider)
    yield from (f"no {tag}" for tag in sorted(_PROVIDER - {*tags}))
    yield from (f"{tag}, which new files have not" for tag in sorted({*tags} - _PROVIDER))
    yield from (f"several of {tag}" for tag in sorted(_NAMES) if tags.count(tag) > 1)
    sockets: dict[str | None, list[str]] = {}
    for server in provider.iterchildren(*_TYPES):
        yield from _server(server)
        sockets.setdefault(server.get("type"), []).append(server.findtext("socketType", ""))
    for chosen in sockets.values():
        if "STARTTLS" in chosen and "SSL" in chosen[chosen.index("STARTTLS") :]:
            yield "STARTTLS stands before TLS at once"  # issue 25, review 39
    for page in provider.iterchildren("documentation"):
        yield from _page(page)


def _server(server: etree._Element) -> Iterator[str]:
    must = _TYPES[str(server.tag)].get(server.get("type", ""))
    if must is None or len(server.attrib) > 1:
        yield f"a type of {server.tag} that is none"
        return
    if {*_tags(server)} - {"pop3"} != must or len(set(_tags(server))) < len(must):
        yield f"not what a server of type {server.get('type')} has"
    for value in server.iterchildren(*_VALUES):
        if value.attrib or len(value) or not _VALUES[str(value.tag)](value.text or ""):
            yield f"{value.tag} {value.text!r}"


def _page(page: etree._Element) -> Iterator[str]:
    if not _HTTPS.fullmatch(page.get("url", "")):
        yield f"documentation {page.get('url')!r}"
    if any(each.tag != "descr" or not each.get("lang") or not each.text for each in page):
        yield "a page without language and text"


def _shared(files: Mapping[str, bytes]) -> Iterator[str]:
    """Each domain becomes a file of its own when the database is built (`tools/convert.py`)."""
    owners: dict[str, str] = {}
    for name, content in files.items():
        try:
            domains = _domains(etree.fromstring(content))
        except etree.XMLSyntaxError:
            continue
        for domain in domains:
            if domain in owners:
                yield f"{name}: {domain} is in {owners[domain]} already"
            owners[domain] = name


def _domains(element: etree._Element) -> list[str]:
    return [each.text or "" for each in element.iter("domain")]


def _tags(element: etree._Element) -> list[str]:
    return [str(each.tag) for each in element.iterchildren("*")]

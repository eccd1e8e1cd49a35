"""The files for Mozilla's public database: its rules, what they hold, and somebody's checkout."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import Result
from lxml import etree

from autoconfig.export import ispdb
from autoconfig.names import Domain
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.offers.model import Region
from tests.support.exports import run, tree
from tests.support.ispdb import faults
from tests.support.recipes import EXAMPLE
from tests.support.services import DOCUMENTS

CATALOGUE = load_catalogue()
FILES = ispdb.files(CATALOGUE)
NAME = next(iter(FILES))
DOMAIN = NAME.removesuffix(".xml")

Key = tuple[str, str]
REGIONS: Mapping[Key, Region] = {
    (offer.id, name): region
    for offer in CATALOGUE.offers.values()
    for name, region in offer.region.items()
    if region.dns.mx
}
"""The offers whose mail goes to servers for everybody, in each region."""
FILE: Mapping[Key, str] = {
    key: name
    for key, region in REGIONS.items()
    for name in FILES
    if all(record.host.endswith(f".{name.removesuffix('.xml')}") for record in region.dns.mx)
}


def export(folder: Path, *arguments: str) -> Result:
    return run(str(folder), "--for", "ispdb", *arguments)


def names_in(content: bytes) -> list[str]:
    """The offers that a file says it is for."""
    (listed,) = re.findall(r"<!-- MX servers of hosting customers: (.*) -->", content.decode())
    return str(listed).split(", ")


def test_files_keep_the_rules_of_the_database() -> None:
    assert faults(FILES) == []
    assert len(FILES) > 1


@pytest.mark.parametrize("name", DOCUMENTS)
def test_mozilla_document_of_an_offer_keeps_them_too(name: str) -> None:
    content = DOCUMENTS[name]["autoconfig"].fill(Domain("example.com"))
    assert faults({"example.com.xml": content}) == []


def replaced(pattern: str, new: str, count: int = 1) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        text, changed = re.subn(pattern, new, content.decode(), count=count, flags=re.DOTALL)
        assert changed
        return text.encode()

    return change


BROKEN: Mapping[str, tuple[Callable[[bytes], bytes], str]] = {
    "byte order mark": (lambda content: b"\xef\xbb\xbf" + content, "a byte order mark"),
    "not closed": (replaced("</clientConfig>", ""), "it does not parse"),
    "document type": (replaced("<clientConfig", "<!DOCTYPE a>\n<clientConfig"), "a document type"),
    "other version": (replaced('version="1.1"', 'version="1.2"'), "no clientConfig"),
    "page outside": (
        replaced("</emailProvider>", '</emailProvider><documentation url="https://a.example/"/>'),
        "something else than one emailProvider",
    ),
    "webmail": (
        replaced("</emailProvider>", "</emailProvider><webMail/>"),
        "something else than one emailProvider",
    ),
    "comment in French": (replaced("<!-- ", "<!-- Clients hébergés "), "a comment in another"),
    "placeholder in a host": (replaced("<hostname>", "<hostname>%EMAILDOMAIN%."), "a placeholder"),
    "placeholder of ours": (replaced("<username>%EMAIL", "<username>%UNICODE"), "username"),
    "placeholder in a page": (
        replaced('<documentation url="https://', '<documentation url="https://%EMAILDOMAIN%/'),
        "a placeholder in documentation",
    ),
    "domain in capitals": (replaced("<domain>", "<domain>A."), "is no domain"),
    "path for a domain": (replaced("<domain>", "<domain>../"), "is no domain"),
    "empty domain": (replaced("</domain>", "</domain><domain/>"), "is no domain"),
    "other id": (replaced('id="', 'id="a.'), "its id or its name"),
    "no domain": (replaced("domain>", "displayName>", 2), "no domain"),
    "two names": (replaced("<displayName>", "<displayName/><displayName>"), "several of"),
    "old element": (replaced("<displayName>", "<enable/><displayName>"), "enable, which new files"),
    "no outgoing server": (replaced("outgoingServer", "incomingServer", 0), "no outgoingServer"),
    "unknown type": (replaced('type="imap"', 'type="jmap"'), "a type of incomingServer"),
    "further attribute": (replaced('type="imap"', 'type="imap" a="b"'), "a type of incomingServer"),
    "no port": (replaced(r"<port>\d+</port>", ""), "not what a server of type imap has"),
    "two hosts": (replaced(r"<port>\d+</port>", "<hostname>a.example</hostname>"), "not what"),
    "unencrypted": (replaced(">SSL<", ">plain<"), "socketType 'plain'"),
    "white space": (replaced(">SSL<", "> SSL<"), "socketType ' SSL'"),
    "no number": (replaced("<port>", "<port>0"), "port '0"),
    "too large a number": (replaced("<port>", "<port>99"), "port '99"),
    "method that no client knows": (replaced("password-cleartext", "OAuth2"), "authentication"),
    "STARTTLS first": (
        replaced("(<incoming.*?)SSL(.*?Server>)", r"\1STARTTLS\2\1SSL\2"),
        "STARTTLS stands before",
    ),
    "page over http": (replaced('url="https:', 'url="http:'), "documentation 'http:"),
    "page without language": (replaced(' lang="fr"', ""), "a page without language"),
    "no page": (replaced("documentation", "domain", 0), "no documentation"),
}
"""A way to break a file each, and the beginning of what the rules say of it."""


@pytest.mark.parametrize("case", BROKEN)
def test_rules_refuse_a_file_that_is_broken(case: str) -> None:
    change, said = BROKEN[case]
    broken = change(FILES[NAME])
    assert any(said in fault for fault in faults({NAME: broken})), faults({NAME: broken})


def test_rules_refuse_a_file_that_is_named_otherwise() -> None:
    assert faults({DOMAIN: FILES[NAME]}) == [f"{DOMAIN}: its name does not end in .xml"]
    assert "its id or its name" in faults({"a.example.xml": FILES[NAME]})[0]


def test_rules_refuse_a_domain_that_another_file_has() -> None:
    both = replaced("<domain>", f"<domain>also.{DOMAIN}</domain><domain>")(FILES[NAME])
    (fault,) = faults(FILES | {f"also.{NAME}": both})
    assert fault == f"also.{NAME}: {DOMAIN} is in {NAME} already"


def test_every_region_with_mx_servers_for_everybody_has_a_file_of_their_domain() -> None:
    assert FILE.keys() == REGIONS.keys()
    assert {*FILE.values()} == {*FILES}


@pytest.mark.parametrize("key", REGIONS, ids=" ".join)
def test_file_is_for_the_offers_that_have_its_servers_and_for_no_other(key: Key) -> None:
    offer, region, content = CATALOGUE.offers[key[0]], REGIONS[key], FILES[FILE[key]]
    written = [
        (each.get("type"), *(each.findtext(tag) for tag in ("hostname", "port", "socketType")))
        for each in etree.fromstring(content).iter("incomingServer", "outgoingServer")
    ]
    own = [(each.protocol, each.host, str(each.port), each.socket) for each in region.servers]
    assert (offer.name in names_in(content)) == (written == own)
    pages = {page.get("url") for page in etree.fromstring(content).iter("documentation")}
    assert written != own or {page.url for page in offer.documentation} <= pages


@pytest.mark.parametrize("name", FILES)
def test_provider_is_named_and_not_one_of_its_offers(name: str) -> None:
    provider = etree.fromstring(FILES[name])[0]
    shown = {provider.findtext(tag) for tag in ("displayName", "displayShortName")}
    assert shown == {ispdb.PROVIDER}


def test_export_writes_the_files_alone_and_says_how_to_go_on(tmp_path: Path) -> None:
    result = export(tmp_path / "ispdb")
    assert (result.exit_code, result.stdout) == (0, "")
    assert tree(tmp_path / "ispdb") == FILES
    *each, last = result.stderr.splitlines()
    assert each == [f"{tmp_path / 'ispdb' / name}: is new" for name in FILES]
    assert last == f"{len(FILES)} files in {tmp_path / 'ispdb'}: propose them at {ispdb.DATABASE}"


def test_what_changes_is_said_and_what_does_not_is_not_written(tmp_path: Path) -> None:
    export(tmp_path)
    first, second = (tmp_path / name for name in FILES)
    first.write_bytes(b"of 2022")
    os.utime(second, (1, 1))
    result = export(tmp_path)
    assert result.stderr.splitlines()[:2] == [f"{first}: changes", f"{second}: stays as it is"]
    assert tree(tmp_path) == FILES
    assert second.stat().st_mtime == 1


def test_files_of_the_checkout_stay(tmp_path: Path) -> None:
    others = {"gandi.net.xml": b"<a/>", ".git": b"gitdir: elsewhere", "old/ovh.ca": b""}
    for name, content in others.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert export(tmp_path).exit_code == 0
    assert tree(tmp_path) == FILES | others


def test_failure_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    *_, last = FILES
    (tmp_path / last).mkdir()
    result = export(tmp_path)
    assert (result.exit_code, result.stderr) == (2, f"error: {tmp_path / last}: Is a directory\n")
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    "arguments",
    [("example.fr",), ("--offer", "mx-plan"), ("--config", str(EXAMPLE)), ("--server", "ex4")],
    ids=" ".join,
)
def test_it_takes_no_domain_no_offer_and_no_configuration(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = export(tmp_path, *arguments)
    assert result.exit_code == 2
    assert "--for ispdb takes no DOMAIN, --config, --offer, --server or --region" in result.stderr
    assert tree(tmp_path) == {}


def test_a_configuration_that_lies_about_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOCONFIG_CONFIG", str(tmp_path / "nowhere.toml"))
    assert export(tmp_path / "ispdb").exit_code == 0

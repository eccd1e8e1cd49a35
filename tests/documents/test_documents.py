"""Rules that every published document keeps, because clients break on anything else.

The rules are those that reading and running the clients gave; each test's docstring says which
client needs it. No schema is used: the draft's RELAX NG is lenient by design and not ours to ship.
"""

import re

import pytest
from lxml import etree

from autoconfig.documents.formats import FORMATS
from autoconfig.documents.render import Renderings
from autoconfig.documents.text import XML
from autoconfig.documents.words import words
from autoconfig.errors import MalformedAddress
from autoconfig.guides.load import load_guides
from autoconfig.names import EmailAddress
from tests.support.services import (
    DOCUMENTS,
    EVERY_AUTODISCOVER,
    EVERY_DOCUMENT,
    EVERY_MOZILLA,
    SERVICES,
    urls_of,
)

ADDRESS = EmailAddress.parse("alice+news@example.com")
OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
ROOT = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"

EVERY_XML = [(name, format) for name, format in EVERY_DOCUMENT if FORMATS[format].kind is XML]
mozilla = pytest.mark.parametrize("name", EVERY_MOZILLA)
autodiscover = pytest.mark.parametrize(("name", "format"), EVERY_AUTODISCOVER)
every_xml = pytest.mark.parametrize(("name", "format"), EVERY_XML)


def content(name: str, format: str) -> bytes:
    return DOCUMENTS[name][format].fill(ADDRESS.domain, ADDRESS)


def tree(name: str, format: str) -> etree._Element:
    return etree.fromstring(content(name, format))


def texts(root: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path)]


def servers(name: str, *types: str) -> list[etree._Element]:
    """The server elements of the Mozilla document, of these types alone if any are named."""
    found = tree(name, "autoconfig").iterfind("emailProvider/*[@type]")
    return [server for server in found if not types or server.get("type") in types]


def outlook(name: str) -> str:
    return f"{{{OUTLOOK}}}{name}"


@every_xml
def test_document_starts_with_its_declaration(name: str, format: str) -> None:
    """Thunderbird and exchangelib reject a byte before it; exchangelib needs it."""
    assert content(name, format).startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<')


@every_xml
def test_document_has_no_document_type_and_ends_with_a_line_break(name: str, format: str) -> None:
    assert b"<!" not in content(name, format)
    assert content(name, format).endswith(b">\n")


@every_xml
def test_media_type_is_lower_case_text_xml(name: str, format: str) -> None:
    """Thunderbird does not parse anything else."""
    assert (
        DOCUMENTS[name][format].format.kind.media_type
        == XML.media_type
        == "text/xml; charset=utf-8"
    )


@every_xml
def test_no_element_has_white_space_around_its_text(name: str, format: str) -> None:
    """Thunderbird keeps a line break in a user name, Evolution matches no padded value."""
    for element in tree(name, format).iter():
        if len(element) == 0:
            assert element.text is None or element.text == element.text.strip() != ""


@every_xml
def test_document_is_indented_for_people(name: str, format: str) -> None:
    lines = content(name, format).decode().splitlines()
    assert all(re.fullmatch(r"( {2})*<.*>", line) for line in lines)
    assert not any(line.strip() == "" for line in lines)


@every_xml
def test_nothing_is_left_to_be_filled_in_but_what_the_client_fills_in(
    name: str, format: str
) -> None:
    left = set(re.findall(rb"%[A-Z]+%|\{[a-z]+\}", content(name, format)))
    assert left == ({b"%EMAILADDRESS%"} if format == "autoconfig" else set())


@mozilla
def test_mozilla_document_has_no_namespace(name: str) -> None:
    """Thunderbird rejects a prefix."""
    assert not any(b"}" in str(e.tag).encode() for e in tree(name, "autoconfig").iter())
    assert tree(name, "autoconfig").items() == [("version", "1.1")]


@mozilla
def test_provider_and_domain_are_the_plain_host_name(name: str) -> None:
    """Thunderbird and K-9 reject the whole file otherwise."""
    root = tree(name, "autoconfig")
    provider = root.find("emailProvider")
    assert provider is not None
    assert provider.get("id") == "example.com"
    assert texts(root, "emailProvider/domain") == ["example.com"]


@mozilla
def test_names_shown_by_clients_are_within_their_lengths(name: str) -> None:
    """One of each, without attribute: two show as "[object Object]" in Thunderbird."""
    root = tree(name, "autoconfig")
    for tag, longest in (("displayName", 30), ("displayShortName", 12)):
        (element,) = root.iter(tag)
        assert 0 < len(element.text or "") <= longest
        assert not element.attrib


@mozilla
def test_incoming_then_outgoing_then_documentation(name: str) -> None:
    provider = tree(name, "autoconfig").find("emailProvider")
    assert provider is not None
    order = ["domain", "displayName", "displayShortName", "incomingServer", "outgoingServer"]
    ranks = [[*order, "documentation"].index(str(child.tag)) for child in provider]
    assert ranks == sorted(ranks)


@mozilla
def test_there_is_an_imap_and_an_smtp_server(name: str) -> None:
    """Without an outgoing server, Thunderbird and K-9 reject the whole file."""
    assert servers(name, "imap")
    assert servers(name, "smtp")


@mozilla
def test_imap_stands_before_pop3_and_both_before_native_exchange(name: str) -> None:
    """Thunderbird recommends the first."""
    types = [str(server.get("type")) for server in servers(name)]
    assert types == sorted(types, key=["imap", "pop3", "ews", "smtp"].index)


@mozilla
def test_every_mail_server_has_its_five_children_in_exact_values(name: str) -> None:
    """Values are compared to the letter; K-9 rejects the whole file for a wrong one."""
    for server in servers(name, "imap", "pop3", "smtp"):
        values = {str(child.tag): child.text or "" for child in server if child.tag != "pop3"}
        assert list(values) == ["hostname", "port", "socketType", "authentication", "username"]
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", values["hostname"])
        assert 1 <= int(values["port"]) <= 65535
        assert values["socketType"] in ("SSL", "STARTTLS")
        assert values["authentication"] == "password-cleartext"
        assert values["username"] == "%EMAILADDRESS%"


@mozilla
def test_mail_that_is_fetched_by_pop3_stays_on_the_server(name: str) -> None:
    """Thunderbird deletes it after 14 days unless told otherwise.

    Older versions reckon the days in seconds of 32 bits, and delete everything if they overflow.
    """
    for server in servers(name):
        options = [{str(child.tag): child.text for child in pop3} for pop3 in server.iter("pop3")]
        if server.get("type") == "pop3":
            (option,) = options
            assert list(option) == ["leaveMessagesOnServer", "daysToLeaveMessagesOnServer"]
            assert option["leaveMessagesOnServer"] == "true"
            assert 7_300 < int(option["daysToLeaveMessagesOnServer"] or "") < 20_000
        else:
            assert options == []


@mozilla
def test_native_exchange_is_offered_where_the_server_is_one_of_exchange(name: str) -> None:
    """Thunderbird shows it by this element alone; nobody has seen it work with Zimbra."""
    service = SERVICES[name]
    urls = [server.findtext("url") for server in servers(name, "ews")]
    assert urls == ([urls_of(service)["ews"]] if service.offer.outlook == "exchange" else [])


@mozilla
def test_native_exchange_has_a_url_in_place_of_a_host_and_tries_ntlm_first(name: str) -> None:
    for server in servers(name, "ews"):
        assert [(child.tag, child.text) for child in server] == [
            ("url", server.findtext("url")),
            ("authentication", "NTLM"),
            ("authentication", "password-cleartext"),
            ("username", "%EMAILADDRESS%"),
        ]


@mozilla
def test_a_server_has_no_attribute_but_its_type(name: str) -> None:
    """Evolution aborts at another."""
    for server in servers(name):
        assert server.keys() == ["type"]


@mozilla
def test_no_oauth2_is_offered(name: str) -> None:
    """KMail picks it wherever it stands; OVH is in no client's table."""
    assert b"oauth" not in content(name, "autoconfig").lower()


@mozilla
def test_encryption_fits_the_port(name: str) -> None:
    """Thunderbird goes by the port where the two disagree."""
    root = tree(name, "autoconfig")
    pairs = zip(texts(root, ".//port"), texts(root, ".//socketType"), strict=True)
    starttls = {"25", "110", "143", "587"}
    assert all((port in starttls) == (socket == "STARTTLS") for port, socket in pairs)


@mozilla
def test_mozilla_document_lists_the_servers_of_the_service_in_order(name: str) -> None:
    root = tree(name, "autoconfig")
    written = list(zip(texts(root, ".//hostname"), texts(root, ".//port"), strict=True))
    service = SERVICES[name]
    assert written == [(s.host, str(s.port)) for s in service.of("imap", "pop3", "smtp")]


@mozilla
def test_documentation_is_in_french_and_in_english(name: str) -> None:
    pages = tree(name, "autoconfig").findall("emailProvider/documentation")
    assert [page.find("descr").get("lang") for page in pages] == ["fr", "en"]  # type: ignore[union-attr]
    assert all((page.get("url") or "").startswith("https://") for page in pages)


@autodiscover
def test_autodiscover_names_the_user_and_the_account(name: str, format: str) -> None:
    """exchangelib dies without a `User` [MS-OXDSCLI 3.2.5]."""
    (response,) = tree(name, format)
    assert response.tag == outlook("Response")
    assert [child.tag for child in response] == [outlook("User"), outlook("Account")]
    assert texts(response, outlook("Account") + "/" + outlook("Action")) == ["settings"]
    assert texts(response, outlook("Account") + "/" + outlook("AccountType")) == ["email"]


@autodiscover
def test_autodiscover_has_mail_protocols_alone(name: str, format: str) -> None:
    """Thunderbird merges them with Exchange blocks into one broken account."""
    types = texts(tree(name, format), f".//{outlook('Type')}")
    assert sorted(types) == ["IMAP", "POP3", "SMTP"]


@autodiscover
def test_every_protocol_switches_secure_password_authentication_off(name: str, format: str) -> None:
    """Absent, it means on: NTLM or Kerberos."""
    protocols = list(tree(name, format).iter(outlook("Protocol")))
    assert protocols
    for protocol in protocols:
        assert texts(protocol, outlook("SPA")) == ["off"]
        assert texts(protocol, outlook("SSL")) == ["on"]
        assert texts(protocol, outlook("AuthRequired")) == ["on"]
        assert texts(protocol, outlook("DomainRequired")) == ["off"]


@autodiscover
def test_login_name_is_the_full_address_or_absent_for_a_domain(name: str, format: str) -> None:
    """Absent, Outlook takes the local part, so only the answer without address leaves it out."""
    for protocol in tree(name, format).iter(outlook("Protocol")):
        expected = [str(ADDRESS)] if format == "autodiscover" else []
        assert texts(protocol, outlook("LoginName")) == expected


@autodiscover
def test_autodiscover_lists_the_preferred_server_of_each_protocol(name: str, format: str) -> None:
    """EmailEngine takes the last of several, and reads TLS at once from `SSL`."""
    written = [
        tuple(texts(protocol, outlook(tag))[0] for tag in ("Type", "Server", "Port", "Encryption"))
        for protocol in tree(name, format).iter(outlook("Protocol"))
    ]
    encryption = {"SSL": "SSL", "STARTTLS": "TLS"}
    assert written == [
        (s.protocol.upper(), s.host, str(s.port), encryption[s.socket])
        for s in SERVICES[name].preferred("imap", "pop3", "smtp")
    ]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_with_its_own_autodiscover_has_none_of_ours(name: str) -> None:
    """Outlook must reach the Exchange server; MX Plan and the like must never look like one."""
    ours = [format for format in DOCUMENTS[name] if format.startswith("autodiscover")]
    assert bool(ours) == (SERVICES[name].offer.outlook == "imap")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_activesync_settings_exist_where_the_offer_has_activesync(name: str) -> None:
    assert ("mobilesync" in DOCUMENTS[name]) == (SERVICES[name].activesync is not None)


@pytest.mark.parametrize("name", [name for name in SERVICES if "mobilesync" in DOCUMENTS[name]])
def test_mobilesync_names_the_address_and_the_activesync_url(name: str) -> None:
    body = content(name, "mobilesync").decode()
    assert "<EMailAddress>alice+news@example.com</EMailAddress>" in body
    url = urls_of(SERVICES[name])["activesync"]
    assert f"<Url>{url}</Url>" in body


@pytest.mark.parametrize("format", ["page", "page-domain"])
@pytest.mark.parametrize("name", sorted(SERVICES))
def test_page_says_the_same_in_french_and_in_english(name: str, format: str) -> None:
    english, french = content(name, format).decode(), content(name, f"{format}-fr").decode()
    assert '<html lang="en">' in english
    assert '<html lang="fr">' in french
    for server in SERVICES[name].servers:
        for value in (f"<code>{server.host}</code>", f"<code>{server.port}</code>"):
            assert english.count(value) == french.count(value) > 0
    tags = re.compile(r"<[a-z0-9]+")
    assert tags.findall(english) == tags.findall(french)


every_page = pytest.mark.parametrize("format", [each for each in FORMATS if "page" in each])


@every_page
@pytest.mark.parametrize("name", sorted(SERVICES))
def test_page_has_every_guide_of_the_service_and_marks_those_that_cannot_use_it(
    name: str, format: str
) -> None:
    """The Outlook of Windows 11 cannot use OVHcloud's Exchange: guide of 2026-08-28."""
    page = content(name, format).decode()
    language = FORMATS[format].language
    found = re.findall(r"<!--guide ([a-z0-9-]+)--><details[^>]*>\n<summary>(.*)</summary>", page)
    mark = f" <small>{words('page', language)['unusable']}</small>"
    assert found == [
        (each.guide.id, getattr(each.guide.name, language) + ("" if each.way.works else mark))
        for each in load_guides().for_service(SERVICES[name])
    ]


@every_page
@pytest.mark.parametrize("name", sorted(SERVICES))
def test_page_is_small(name: str, format: str) -> None:
    assert len(content(name, format)) <= 30_000


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_page_without_codes_is_the_same_but_for_them(name: str) -> None:
    """Web space cannot draw them."""
    for format, document in Renderings(codes=False).of(SERVICES[name]).items():
        left = document.fill(ADDRESS.domain, ADDRESS).decode()
        assert "qr.svg" not in left
        full = content(name, format).decode()
        code = r"\n<details><summary>(?:(?!</?details>).)*/qr\.svg\?.*?</details>"
        assert re.sub(code, "", full, flags=re.DOTALL) == left


@pytest.mark.parametrize(("name", "format"), EVERY_DOCUMENT)
def test_no_document_names_a_quota_that_is_contested(name: str, format: str) -> None:
    quota = SERVICES[name].offer.quota
    for size in (quota, quota.contested) if quota and quota.contested else ():
        found = re.search(rf"\b{size.gigabytes:g}\W*(G[Bo]|gig)", content(name, format).decode())
        assert found is None


def test_page_shows_an_international_domain_as_people_write_it() -> None:
    address = EmailAddress.parse("a@café.example")
    for format in ("page", "page-domain"):
        page = DOCUMENTS["mx-plan-eu"][format].fill(address.domain, address)
        assert "@café.example" in page.decode()


def test_a_document_that_needs_an_address_is_not_filled_without() -> None:
    with pytest.raises(MalformedAddress):
        DOCUMENTS["mx-plan-eu"]["autodiscover"].fill(ADDRESS.domain)

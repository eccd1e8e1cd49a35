"""What each mail client asks, in its order, and that it can use what it gets.

A client is its URLs, from `programs.toml` where it is there, and a few lines that read an answer by
its rules: which server it takes, what makes it refuse the document. What it should get are the
services of the example configuration, as the offers have them. Of a client that is not in the
table, a docstring names the repository and the file that have the requests or the reader.
"""

import re
from collections.abc import Callable, Iterable
from hashlib import md5
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import pytest
from flask.testing import FlaskClient
from lxml import etree
from werkzeug.test import TestResponse

from autoconfig.programs.load import load_programs
from tests.support.services import service_of, urls_of


class Server(NamedTuple):
    type: str
    host: str
    port: int
    socket: str
    username: str


IMAP = {
    "alice@example.fr": service_of("email-pro", server="pro1"),
    "alice@example.com": service_of("mx-plan"),
    "al+ice@example.com": service_of("mx-plan"),
    "alice@client-one.example": service_of("mx-plan", "ca"),
}
ZIMBRA = {"alice@zimbra.example": service_of("zimbra-pro")}
EXCHANGE_OF_DOMAIN = {
    "alice@exchange.example": service_of("exchange-hosted", server="ex4"),
    "alice@corp.example": service_of("exchange-private", server="mail.corp.example"),
}
EXCHANGE = EXCHANGE_OF_DOMAIN | {"boss@example.fr": service_of("exchange-hosted", server="ex4")}
TLS_AT_ONCE = {  # of these, those whose preferred SMTP server has it
    address: service
    for address, service in (IMAP | ZIMBRA).items()
    if service.of("smtp")[0].socket == "SSL"
}
BY_DOMAIN = IMAP | ZIMBRA | EXCHANGE_OF_DOMAIN  # for clients that send no address
ALL = BY_DOMAIN | EXCHANGE

AC = "autoconfig.{domain}/mail/config-v1.1.xml"
MAIL_V1 = "autoconfig.{domain}/.well-known/mail-v1.xml"
QUOTED = "?emailaddress={quoted}"
ROOT, HOST = "https://{domain}", "https://autodiscover.{domain}"
PLAIN = "http://autodiscover.{domain}"
POX = "/autodiscover/autodiscover.xml"
OWN_POX = f"https://autoconfig.agency.example{POX}"  # under the `base_url` of the example
XML = "text/xml; charset=utf-8"

MAIL = ("imap", "pop3", "smtp")
EWS = "ews"

SCHEMAS = "http://schemas.microsoft.com/exchange/autodiscover/"
RESPONSE = f"{{{SCHEMAS}responseschema/2006}}"
OUTLOOK = f"{{{SCHEMAS}outlook/responseschema/2006a}}"
MOBILESYNC = f"{{{SCHEMAS}mobilesync/responseschema/2006}}"


def _urls(program: str, reads: str = "mozilla") -> list[str]:
    """What a program of the table asks the domain's own hosts for, in its order."""
    searches = next(each.searches for each in load_programs() if each.id == program)
    steps = [step for search in searches if search.reads == reads for step in search.steps]
    return [url for _, _, url in (step.partition(" ") for step in steps) if _is_own(url)]


def _is_own(url: str) -> bool:
    return urlsplit(url).netloc in {"{domain}", "autoconfig.{domain}", "autodiscover.{domain}"}


def _asks(addresses: Iterable[str], *urls: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("url", "address"), [(u, a) for u in urls for a in addresses])


def _ask(
    client: FlaskClient, url: str, address: str, body: str | None = None, **headers: str
) -> TestResponse:
    """Ask as through the trusted proxy: POST where there is a body, else GET."""
    domain = address.partition("@")[2]
    digest = md5(address.encode(), usedforsecurity=False).hexdigest()
    url = url.format(domain=domain, address=address, quoted=quote(address, safe=""), md5=digest)
    headers["X-Forwarded-Proto"] = urlsplit(url).scheme
    if body is None:
        return client.get(url, headers=headers)
    return client.post(url, data=body, headers=headers | {"Content-Type": XML})


def _discover(
    client: FlaskClient, url: str, address: str, body: str, **headers: str
) -> TestResponse:
    """POST; over plain http GET, which is never answered there, and POST if it leads to us."""
    if url.startswith(PLAIN):
        response = _ask(client, url, address)
        assert response.status_code in (302, 404)
        if not response.headers.get("Location", "").startswith(OWN_POX):
            return response
        url = _target(response)
        assert _ask(client, url, address).status_code == 200
    return _ask(client, url, address, body, **headers)


def _body(address: str, schema: str = OUTLOOK) -> str:
    schema = schema.strip("{}")
    request = schema.replace("response", "request").replace("2006a", "2006")
    return f"""<?xml version="1.0" encoding="utf-8"?>
    <Autodiscover xmlns="{request}">
      <Request>
        <EMailAddress>{address}</EMailAddress>
        <AcceptableResponseSchema>{schema}</AcceptableResponseSchema>
      </Request>
    </Autodiscover>"""


def _wanted(address: str, *types: str, username: str = "") -> list[Server]:
    """What the client should get. `username`: that of the account, if it is not the address."""
    return [
        Server(each.protocol, each.host, each.port, each.socket, username or address)
        for each in ALL[address].of(*MAIL)
        if not types or each.protocol in types
    ]


def _preferred(address: str, username: str = "") -> list[Server]:
    """What Autodiscover names of it: one server a protocol."""
    first = _first(_wanted(address, username=username))
    return [first[protocol] for protocol in MAIL]


def _first(servers: list[Server]) -> dict[str, Server]:
    return _last(servers[::-1])


def _last(servers: list[Server]) -> dict[str, Server]:
    return {server.type: server for server in servers}


def _xml(response: TestResponse, status: int = 200) -> etree._Element:
    assert response.status_code == status
    assert response.data.startswith(b"<?xml")
    return etree.fromstring(response.data)


def _text(element: etree._Element, *path: str) -> str:
    return str(element.findtext("/".join(path)))


def _mozilla(response: TestResponse, address: str, *types: str) -> list[Server]:
    """The servers of a Mozilla document in its order; the client fills in the address.

    A client skips the types that it does not know.
    """
    servers = []
    for element in _elements(response, *types or MAIL):
        host, port, socket = (_text(element, name) for name in ("hostname", "port", "socketType"))
        username = _text(element, "username").replace("%EMAILADDRESS%", address)
        servers.append(Server(str(element.get("type")), host, int(port), socket, username))
    return servers


def _elements(response: TestResponse, *types: str) -> list[etree._Element]:
    """The servers of a Mozilla document, of these types alone if any are named."""
    found = _xml(response).iterfind("emailProvider/*[@type]")
    return [element for element in found if not types or element.get("type") in types]


def _protocols(response: TestResponse) -> list[dict[str, str]]:
    account = _xml(response).find(f"{OUTLOOK}Response/{OUTLOOK}Account")
    assert account is not None
    assert _text(account, f"{OUTLOOK}Action") == "settings"
    return [
        {etree.QName(child).localname: child.text or "" for child in protocol}
        for protocol in account.iterfind(f"{OUTLOOK}Protocol")
    ]


def _servers(response: TestResponse, socket: Callable[[dict[str, str]], str]) -> list[Server]:
    """What a client makes of the protocols. `socket`: how it tells the encryption of one."""
    return [
        Server(p["Type"].lower(), p["Server"], int(p["Port"]), socket(p), p["LoginName"])
        for p in _protocols(response)
    ]


def _error(response: TestResponse, status: int) -> str:
    """The code; exchangelib sees none in another namespace than that of `Autodiscover`."""
    names = (RESPONSE + name for name in ("Response", "Error", "ErrorCode"))
    return _text(_xml(response, status), *names)


def _target(response: TestResponse) -> str:
    assert response.status_code == 302
    return response.headers["Location"]


def _exchange(address: str, kind: str = "xml") -> str:
    """Where the Exchange server of the address has its own Autodiscover."""
    return urls_of(EXCHANGE[address])[kind]


@_asks(ALL, *_urls("thunderbird"))
def test_thunderbird(client: FlaskClient, url: str, address: str) -> None:
    """It gets all servers, plain http too, in the one media type that it parses."""
    response = _ask(client, url, address)
    assert response.headers["Content-Type"] == XML
    assert _xml(response).find("emailProvider[@id]/domain") is not None
    assert [len(each.attrib) for each in _xml(response).iter("displayName")] == [0]
    assert _mozilla(response, address) == _wanted(address)
    own = [_exchange(address, EWS)] if address in EXCHANGE else []
    assert [_text(each, "url") for each in _elements(response, EWS)] == own


@_asks(ALL, *_urls("thunderbird", "outlook"))
def test_thunderbird_autodiscover(client: FlaskClient, url: str, address: str) -> None:
    """It gets the servers, whose encryption it takes from the port, or the 302 to Exchange."""
    response = _discover(client, url, address, _body(address), Authorization="Basic YTpi")
    if address in EXCHANGE:
        assert _target(response) == _exchange(address)
    else:
        assert response.headers["Content-Type"] == XML
        starttls = {"25", "110", "143", "587"}  # TLS at once at all others
        found = _servers(response, lambda p: "STARTTLS" if p["Port"] in starttls else "SSL")
        assert found == _preferred(address)


@_asks(IMAP | ZIMBRA, PLAIN + POX)
def test_thunderbird_over_plain_http(client: FlaskClient, url: str, address: str) -> None:
    """The redirect makes a GET of its POST, which it repeats if that fails at an https URL."""
    assert _target(_ask(client, url, address, _body(address))) == OWN_POX
    assert _ask(client, OWN_POX, address).status_code == 404


@_asks(["r&d@example.com", "r<d@example.com"], HOST + POX, ROOT + POX)
def test_thunderbird_with_unescaped_address(client: FlaskClient, url: str, address: str) -> None:
    """The broken XML that it makes of such an address gets error 600, and a status it skips."""
    assert _error(_ask(client, url, address, _body(address)), 400) == "600"


@_asks(BY_DOMAIN, *_urls("thunderbird-android"))
def test_thunderbird_for_android(client: FlaskClient, url: str, address: str) -> None:
    """It takes the first IMAP and SMTP server, unless a single value of the file is odd."""
    response = _ask(client, url, address)
    for name in _xml(response).iter("domain", "hostname"):
        assert re.fullmatch(r"([a-z0-9-]+\.)+[a-z]+", str(name.text))
    assert {each.text for each in _xml(response).iter("socketType")} <= {"SSL", "STARTTLS"}
    found = _mozilla(response, address, "imap", "smtp")
    assert _first(found) == _first(_wanted(address, "imap", "smtp"))


@_asks(BY_DOMAIN, *_urls("delta-chat"), *_urls("delta-chat", "outlook"))
def test_delta_chat(client: FlaskClient, url: str, address: str) -> None:
    """It tries all IMAP and SMTP servers, which GET /autodiscover gives too."""
    response = _ask(client, url, address)
    if not url.endswith(POX):
        assert _mozilla(response, address, "imap", "smtp") == _wanted(address, "imap", "smtp")
    elif address in EXCHANGE:
        assert _target(response) == _exchange(address)
    else:
        found = [(p["Server"], int(p["Port"]), p["SSL"]) for p in _protocols(response)]
        assert found == [(server.host, server.port, "on") for server in _preferred(address)]


@_asks(BY_DOMAIN, *_urls("evolution"))
def test_evolution(client: FlaskClient, url: str, address: str) -> None:
    """It takes the last server of each type, and stops at an attribute that is not `type`."""
    response = _ask(client, url, address)
    assert [each.keys() for each in _elements(response) if each.keys() != ["type"]] == []
    assert _last(_mozilla(response, address)) == _last(_wanted(address))


@_asks(BY_DOMAIN, *_urls("kmail"))
def test_kmail(client: FlaskClient, url: str, address: str) -> None:
    """It lists all servers, and would take OAuth2 wherever that stands."""
    response = _ask(client, url, address)
    methods = {_text(each, "authentication") for each in _elements(response, *MAIL)}
    assert methods == {"password-cleartext"}
    assert _mozilla(response, address) == _wanted(address)


@_asks(ALL, *_urls("nextcloud"))
def test_nextcloud_mail(client: FlaskClient, url: str, address: str) -> None:
    """It takes the first IMAP and SMTP server, and sends a `+` as it is."""
    found = _mozilla(_ask(client, url, address), address, "imap", "smtp")
    assert _first(found) == _first(_wanted(address, "imap", "smtp"))


@_asks(ALL, *_urls("fairemail"))
def test_fairemail(client: FlaskClient, url: str, address: str) -> None:
    """It takes the first incoming and outgoing server, if they are IMAP and SMTP."""
    found = _mozilla(_ask(client, url, address), address)
    assert found[0].type == "imap"
    assert _first(found)["smtp"] == _first(_wanted(address))["smtp"]


@_asks(ALL, *_urls("fairemail", "outlook"))
def test_fairemail_autodiscover(client: FlaskClient, url: str, address: str) -> None:
    """It takes the host and the port of the last server of a type."""
    response = _ask(client, url, address, _body(address))
    if address in EXCHANGE:
        assert _target(response) == _exchange(address)
    else:
        found = {p["Type"]: (p["Server"], int(p["Port"])) for p in _protocols(response)}
        wanted = _preferred(address)
        assert found == {each.type.upper(): (each.host, each.port) for each in wanted}


@_asks(BY_DOMAIN, *_urls("geary"))
def test_geary(client: FlaskClient, url: str, address: str) -> None:
    """It takes the first incoming and outgoing server, and gives up if they are of another type."""
    found = _mozilla(_ask(client, url, address), address)
    assert found[0].type == "imap"
    assert _first(found)["smtp"] == _first(_wanted(address))["smtp"]


@_asks(BY_DOMAIN, *_urls("gnome-online-accounts"))
def test_gnome_online_accounts(client: FlaskClient, url: str, address: str) -> None:
    """It takes the first IMAP and SMTP server."""
    found = _mozilla(_ask(client, url, address), address, "imap", "smtp")
    assert _first(found) == _first(_wanted(address, "imap", "smtp"))


@_asks(ALL, f"https://{MAIL_V1}{QUOTED}")
def test_snappymail(client: FlaskClient, url: str, address: str) -> None:
    """It sends the address there alone. the-djmaze/snappymail, Providers/Domain/Autoconfig.php."""
    found = _mozilla(_ask(client, url, address), address, "imap", "smtp")
    assert found == _wanted(address, "imap", "smtp")


@_asks(ALL, f"http://{AC}{QUOTED}")
def test_horde(client: FlaskClient, url: str, address: str) -> None:
    """It asks over plain http alone. horde/Mail_Autoconfig, Driver/Thunderbird.php."""
    assert _mozilla(_ask(client, url, address), address) == _wanted(address)


@_asks(ALL, f"https://{AC}{QUOTED}")
def test_emailengine(client: FlaskClient, url: str, address: str) -> None:
    """It takes the first IMAP and SMTP server. postalsys/emailengine, lib."""
    found = _mozilla(_ask(client, url, address), address, "imap", "smtp")
    assert _first(found) == _first(_wanted(address, "imap", "smtp"))


@_asks(TLS_AT_ONCE, HOST + POX)
def test_emailengine_autodiscover(client: FlaskClient, url: str, address: str) -> None:
    """It takes the last server of a type, with TLS at once if `SSL` is on, whatever the port."""
    response = _ask(client, url, address, _body(address))
    found = _servers(response, lambda p: {"on": "SSL", "off": "STARTTLS"}[p["SSL"]])
    assert _last(found) == _first(_wanted(address))


@_asks(ALL, "https://autoconfig.{domain}/v1.1/mail/config-v1.1.xml" + QUOTED)
def test_nine(client: FlaskClient, url: str, address: str) -> None:
    """It has a path of its own. wdes/mail-autodiscover-autoconfig, src/routes/autoconfig.rs."""
    assert _mozilla(_ask(client, url, address), address) == _wanted(address)


@_asks(ALL, *_urls("aerc"))
def test_aerc(client: FlaskClient, url: str, address: str) -> None:
    """It takes the first IMAP and the last SMTP server."""
    found = _mozilla(_ask(client, url, address), address)
    assert _first(found)["imap"] == _first(_wanted(address))["imap"]
    assert _last(found)["smtp"] == _last(_wanted(address))["smtp"]


@_asks(BY_DOMAIN, *_urls("pimalaya"))
def test_pimalaya(client: FlaskClient, url: str, address: str) -> None:
    """It takes all, without a redirect, and refuses a file with another type, as of Exchange."""
    response = _ask(client, url, address)
    others = {each.get("type") for each in _elements(response)} - {*MAIL}
    assert others == ({EWS} if address in EXCHANGE else set())
    assert _mozilla(response, address) == _wanted(address)


@_asks(ALL, *_urls("evolution-ews", "outlook"))
def test_evolution_ews(client: FlaskClient, url: str, address: str) -> None:
    """It is sent to Exchange, or finds no `ASUrl`."""
    response = _ask(client, url, address, _body(address))
    if address in EXCHANGE:
        assert _target(response) == _exchange(address)
    else:
        assert [protocol for protocol in _protocols(response) if "ASUrl" in protocol] == []


@_asks([*ALL, "alice@unknown.example"], *_urls("exchangelib", "outlook"))
def test_exchangelib_4(client: FlaskClient, url: str, address: str) -> None:
    """It is sent to Exchange, or reads a user and no EXCH or EXPR, or an error."""
    body = re.sub(r">\s+<", "><", _body(address)).replace('"', "'")
    response = _discover(client, url, address, body)
    if address in EXCHANGE:
        assert _target(response) == _exchange(address)
    elif address in ALL:
        assert _xml(response).find(f"{OUTLOOK}Response/{OUTLOOK}User") is not None
        assert {protocol["Type"] for protocol in _protocols(response)} == {"IMAP", "POP3", "SMTP"}
    else:
        assert _error(response, 404) == "500"


SVC = "/autodiscover/autodiscover.svc"
SOAP = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'


@_asks(BY_DOMAIN, ROOT + SVC, HOST + SVC, PLAIN + SVC)
def test_exchangelib_5(client: FlaskClient, url: str, address: str) -> None:
    """SOAP by POST, and GET over plain http, are sent to the SOAP URL of Exchange, else refused."""
    response = _ask(client, url, address, None if url.startswith(PLAIN) else SOAP)
    if address in EXCHANGE:
        assert _target(response) == _exchange(address, "svc")
    else:
        assert _error(response, 404) == "601"


ACTIVESYNC = {
    address: urls_of(service)["activesync"] for address, service in (EXCHANGE | ZIMBRA).items()
}


@_asks(ALL, *_urls("activesync", "mobilesync"))
def test_activesync_device(client: FlaskClient, url: str, address: str) -> None:
    """It gets the server in its own schema, or error 601.

    Only the redirect from plain http leads to Exchange, which then answers.
    """
    response = _discover(client, url, address, _body(address, MOBILESYNC))
    if address in EXCHANGE_OF_DOMAIN and url.startswith(PLAIN):
        assert _target(response) == _exchange(address)
    elif address in ACTIVESYNC:
        steps = [MOBILESYNC + name for name in ("Response", "Action", "Settings", "Server")]
        assert _text(_xml(response), *steps, f"{MOBILESYNC}Type") == "MobileSync"
        assert _text(_xml(response), *steps, f"{MOBILESYNC}Url") == ACTIVESYNC[address]
    else:
        assert _error(response, 404) == "601"


@_asks(ACTIVESYNC, ROOT + POX, HOST + POX)
def test_android(client: FlaskClient, url: str, address: str) -> None:
    """It takes a 200 alone, and the URL that follows the type.

    AOSP, com/android/exchange/eas/EasAutoDiscover.java.
    """
    body = _xml(_ask(client, url, address, _body(address, MOBILESYNC)))
    (server,) = body.iter(f"{MOBILESYNC}Server")
    assert [each.text for each in server][:2] == ["MobileSync", ACTIVESYNC[address]]


@_asks(BY_DOMAIN, ROOT + POX, HOST + POX, PLAIN + POX)
def test_ews_java_api(client: FlaskClient, url: str, address: str) -> None:
    """It posts nothing at first, and goes where that leads. OfficeDev/ews-java-api.

    src/main/java/microsoft/exchange/webservices/data/autodiscover/AutodiscoverService.java.
    """
    response = _ask(client, url, address, "")
    if address in EXCHANGE:
        assert _target(response) == _exchange(address)
    else:
        assert _error(response, 400) == "600"


@_asks([*ALL, "r&d@example.com"], *_urls("outlook-older", "outlook"))
def test_classic_outlook(client: FlaskClient, url: str, address: str) -> None:
    """Blank lines before its XML do no harm; every server has the login, none a wrong default."""
    headers = {"X-MapiHttpCapability": "1", "X-ClientCanHandle": "Negotiate"}
    headers["X-AnchorMailbox"] = address
    response = _discover(client, url, address, "\r\n\r\n " + _body(escape(address)), **headers)
    if address in EXCHANGE:
        assert _target(response) == _exchange(address)
        return
    sockets = {"SSL": "SSL", "TLS": "STARTTLS"}
    alike = address if address in ALL else "alice@example.com"
    found = _servers(response, lambda p: sockets[p["Encryption"]])
    assert found == _preferred(alike, username=address)
    always = {"SPA": "off", "DomainRequired": "off", "SSL": "on", "AuthRequired": "on"}
    for protocol in _protocols(response):
        stated = always | ({"UsePOPAuth": "on"} if protocol["Type"] == "SMTP" else {})
        assert stated.items() <= protocol.items()


JSON = "/autodiscover/autodiscover.json"
AUTODETECT = f"{JSON}?Email={{quoted}}&Protocol=ActiveSync&RedirectCount=1"


@_asks(ALL, ROOT + AUTODETECT, HOST + AUTODETECT)
def test_outlook_cloud_service(client: FlaskClient, url: str, address: str) -> None:
    """It gets the ActiveSync URL, or what there is instead. gronke/email-autodiscover#4."""
    agent = {"User-Agent": "OutlookMobileCloudService-Autodetect/1.0.0"}
    response = _ask(client, url, address, **agent)
    answer = response.get_json()
    if wanted := ACTIVESYNC.get(address):
        assert (response.status_code, answer) == (200, {"Protocol": "ActiveSync", "Url": wanted})
    else:
        assert (response.status_code, answer["ErrorCode"]) == (400, "InvalidProtocol")
        assert answer["ErrorMessage"].endswith("Supported: AutodiscoverV1.")


@_asks(
    ALL,
    f"{HOST}{JSON}?Email={{quoted}}&Protocol=Autodiscoverv1&RedirectCount=1",
    f"{HOST}{JSON}/v1.0/{{quoted}}?Protocol=Autodiscoverv1",
    f"{HOST}{JSON}/v1.0/{{address}}?Protocol=AutodiscoverV1",
)
def test_nine_and_office_2021(client: FlaskClient, url: str, address: str) -> None:
    """Both forms, in either case, name the URL to post to.

    wdes/mail-autodiscover-autoconfig, src/routes/autoconfig.rs.
    """
    response = _ask(client, url, address)
    wanted = _exchange(address) if address in EXCHANGE else OWN_POX
    assert response.status_code == 200
    assert response.get_json() == {"Protocol": "AutodiscoverV1", "Url": wanted}

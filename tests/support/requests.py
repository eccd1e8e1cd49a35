"""What clients ask: the URLs as they write them, and the bodies that they post."""

import re

MOZILLA = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
EVERY_MOZILLA = (MOZILLA, WELL_KNOWN, "/.well-known/mail-v1.xml", "/v1.1/mail/config-v1.1.xml")
POX = "/autodiscover/autodiscover.xml"
SOAP = "/autodiscover/autodiscover.svc"
V2 = "/autodiscover/autodiscover.json"
PROFILE = "/email.mobileconfig"
DAV = ("/.well-known/caldav", "/.well-known/carddav")
CODE = "/qr.svg"
EVERY_URL = (
    *EVERY_MOZILLA,
    POX,
    SOAP,
    V2,
    f"{V2}/v1.0/alice@example.com",
    *DAV,
    "/",
    CODE,
    PROFILE,
    "/healthz",
)

PLAIN = ("/healthz", "/readyz", "/metrics", "/ask")
"""What programs of the operator ask."""

SCHEMAS = "http://schemas.microsoft.com/exchange/autodiscover/"
OUTLOOK = f"{SCHEMAS}outlook/requestschema/2006"
MOBILESYNC = f"{SCHEMAS}mobilesync/requestschema/2006"
OUTLOOK_ANSWER = f"{SCHEMAS}outlook/responseschema/2006a"
MOBILESYNC_ANSWER = f"{SCHEMAS}mobilesync/responseschema/2006"


def raw(text: str) -> str:
    """UTF-8 as WSGI writes it."""
    return text.encode().decode("latin-1")


def quoted(text: str) -> str:
    """Every byte percent-encoded."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def pox(
    address: str = "alice@example.com",
    *,
    prolog: str = "",
    inside: str = "",
    namespace: str = OUTLOOK,
    schema: str = OUTLOOK_ANSWER,
) -> str:
    """An Autodiscover request, of which anything may be wrong; nothing is escaped."""
    return (
        f'{prolog}<Autodiscover xmlns="{namespace}"><Request>'
        f"<EMailAddress>{address}</EMailAddress>"
        f"<AcceptableResponseSchema>{schema}</AcceptableResponseSchema>{inside}"
        "</Request></Autodiscover>"
    )


def xml(text: str) -> str:
    """The text escaped, its line breaks too, which a parser would normalise."""
    return re.sub(r"[<>&\r\n\t]", lambda found: f"&#{ord(found[0])};", text)


def declared(encoding: str, text: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'

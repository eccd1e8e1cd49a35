"""Documents that stand where ours should: of an old hoster, of Mozilla's database, and odd ones."""

from typing import NamedTuple

from autoconfig.offers.model import Service


class Row(NamedTuple):
    """A server of a document."""

    type: str
    host: str
    port: int
    socket: str = "SSL"
    authentication: str = "password-cleartext"
    username: str = "%EMAILADDRESS%"

    @property
    def xml(self) -> str:
        tag = "outgoingServer" if self.type == "smtp" else "incomingServer"
        return (
            f'<{tag} type="{self.type}"><hostname>{self.host}</hostname><port>{self.port}</port>'
            f"<socketType>{self.socket}</socketType>"
            f"<authentication>{self.authentication}</authentication>"
            f"<username>{self.username}</username></{tag}>\n"
        )


def mozilla(*rows: Row, id: str = "hoster.example", domain: str = "hoster.example") -> str:  # noqa: A002  the attribute's name
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig version="1.1">\n'
        f'<emailProvider id="{id}">\n<domain>{domain}</domain>\n'
        "<displayName>A mail service</displayName><displayShortName>Mail</displayShortName>\n"
        f"{''.join(each.xml for each in rows)}</emailProvider>\n</clientConfig>\n"
    )


def rows_of(service: Service) -> tuple[Row, ...]:
    """The right servers."""
    return tuple(Row(each.protocol, each.host, each.port, each.socket) for each in service.servers)


HOSTER = (
    Row("imap", "imap.hoster.example", 993),
    Row("pop3", "pop.hoster.example", 995),
    Row("smtp", "smtp.hoster.example", 465),
)
OLD_HOSTER = mozilla(*HOSTER)
"""Right once, before the domain came to OVHcloud."""

DATABASE = mozilla(
    Row("imap", "ssl0.ovh.net", 993),
    Row("pop3", "ssl0.ovh.net", 995),
    Row("smtp", "ssl0.ovh.net", 465),
    id="ovh.net",
    domain="ovh.net",
)
"""What Mozilla's database has of the provider: ispdb/ovh.net.xml of thunderbird/autoconfig."""

EMPTY = '<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig version="1.1"/>\n'
ERROR = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">'
    '<Response><Error Time="10:00:00.000000" Id="1"><ErrorCode>600</ErrorCode>'
    "<Message>Invalid Request</Message></Error></Response></Autodiscover>\n"
)
"""What an Exchange server, or a panel, says to whomever it does not know, with status 200."""

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">'
    "<Response "
    'xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">'
    "<User><DisplayName>Mail</DisplayName></User><Account><AccountType>email</AccountType>"
)
_TAIL = "</Account></Response></Autodiscover>\n"


def autodiscover(*rows: Row) -> str:
    """Settings of mail servers, as panels answer them."""
    blocks = "".join(
        f"<Protocol><Type>{each.type.upper()}</Type><Server>{each.host}</Server>"
        f"<Port>{each.port}</Port><DomainRequired>off</DomainRequired><SPA>off</SPA><SSL>on</SSL>"
        f"<Encryption>{'SSL' if each.socket == 'SSL' else 'TLS'}</Encryption>"
        "<AuthRequired>on</AuthRequired></Protocol>"
        for each in rows
    )
    return f"{_HEAD}<Action>settings</Action>{blocks}{_TAIL}"


def redirect_url(url: str) -> str:
    return f"{_HEAD}<Action>redirectUrl</Action><RedirectUrl>{url}</RedirectUrl>{_TAIL}"


def exchange(host: str) -> str:
    """The settings of an Exchange account, which a server gives to whoever has logged in."""
    ews = f"https://{host}/EWS/Exchange.asmx"
    blocks = "".join(
        f"<Protocol><Type>{kind}</Type><Server>{host}</Server><AuthPackage>Basic</AuthPackage>"
        f"<ASUrl>{ews}</ASUrl><EwsUrl>{ews}</EwsUrl></Protocol>"
        for kind in ("EXCH", "EXPR")
    )
    return f"{_HEAD}<Action>settings</Action>{blocks}{_TAIL}"

"""Documents as programs get them, good ones and such as are odd in one way."""

DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/"


def server(kind: str, tag: str = "", attributes: str = "", **values: str | None) -> str:
    """A server of Mozilla's document. `values`: of its elements; None leaves one out."""
    tag = tag or ("outgoingServer" if kind == "smtp" else "incomingServer")
    usual: dict[str, str | None] = {
        "hostname": f"{kind}.example.net",
        "port": {"imap": "993", "pop3": "995", "smtp": "465"}.get(kind, "443"),
        "socketType": "SSL",
        "authentication": "password-cleartext",
        "username": "%EMAILADDRESS%",
    }
    inside = "".join(
        f"<{name}>{value}</{name}>"
        for name, value in {**usual, **values}.items()
        if value is not None
    )
    return f'<{tag} type="{kind}"{attributes}>{inside}</{tag}>'


IMAP, POP3, SMTP = server("imap"), server("pop3"), server("smtp")
EWS = (
    '<incomingServer type="ews"><url>https://ews.example.net/EWS/Exchange.asmx</url>'
    "<authentication>NTLM</authentication><username>%EMAILADDRESS%</username></incomingServer>"
)


def document(
    servers: str = IMAP + POP3 + SMTP,
    identity: str = ' id="example.com"',
    domains: str = "<domain>example.com</domain>",
    declared: str = DECLARED,
    root: str = "clientConfig",
    namespace: str = "",
) -> str:
    """Mozilla's document."""
    provider = f"<emailProvider{identity}>{domains}{servers}</emailProvider>"
    return f'{declared}<{root} version="1.1"{namespace}>{provider}</{root}>'


def protocol(kind: str, **values: str) -> str:
    """A protocol of an Autodiscover answer."""
    inside = "".join(
        f"<{name}>{value}</{name}>" for name, value in {"Type": kind, **values}.items()
    )
    return f"<Protocol>{inside}</Protocol>"


def mail_protocol(kind: str, port: str, **values: str) -> str:
    usual = {"Server": f"{kind.lower()}.example.net", "Port": port}
    return protocol(kind, **{**usual, "LoginName": "alice@example.com", **values})


SETTINGS = mail_protocol("IMAP", "993") + mail_protocol("SMTP", "587", Encryption="TLS")


def autodiscover(inside: str = SETTINGS, declared: str = DECLARED) -> str:
    """An Autodiscover answer for Outlook."""
    return _response("outlook/responseschema/2006a", f"<Account>{inside}</Account>", declared)


def autodiscover_error(code: str = "500") -> str:
    inside = f"<Error><ErrorCode>{code}</ErrorCode></Error>"
    return _response("responseschema/2006", inside, DECLARED)


def mobilesync(url: str = "https://eas.example.net/Microsoft-Server-ActiveSync") -> str:
    server = f"<Server><Type>MobileSync</Type><Url>{url}</Url></Server>"
    inside = f"<Action><Settings>{server}</Settings></Action>"
    return _response("mobilesync/responseschema/2006", inside, DECLARED)


def _response(schema: str, inside: str, declared: str) -> str:
    response = f'<Response xmlns="{SCHEMA}{schema}">{inside}</Response>'
    return f'{declared}<Autodiscover xmlns="{SCHEMA}responseschema/2006">{response}</Autodiscover>'

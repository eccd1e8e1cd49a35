"""The kinds of value in a file of offers: a port, a host, an address on the web.

`description` is what a message tells the operator to write. `{server}` stands for the service's own
host, wherever the value is a pattern.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

_NOT_FOR_DOCUMENTS = r"\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef" + "".join(
    rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(17)
)
"""Control characters, lone surrogates and noncharacters, for a class of a regular expression: most
of them make XML that is not well-formed (XML 1.0, section 2.2), and none is ever meant.
"""
_CHARACTER = rf"[^{_NOT_FOR_DOCUMENTS}]"
_IN_URL = rf"[^\s\"'<>{{}}{_NOT_FOR_DOCUMENTS}]"

Text: TypeAlias = Annotated[
    str, Meta(pattern=rf"^{_CHARACTER}*\Z", description="a text without control characters")
]
Sources: TypeAlias = Annotated[
    tuple[str, ...], Meta(min_length=1, description='the names of [source.…] tables, as ["…"]')
]
Identifier: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        description="small letters and digits, with hyphens between",
    ),
]
DisplayName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=rf"^{_CHARACTER}{{0,30}}\Z",
        description="at most 30 characters, none of them a control character",
    ),
]
ShortName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=rf"^{_CHARACTER}{{0,12}}\Z",
        description="at most 12 characters, none of them a control character",
    ),
]
"""The lengths that the draft recommends (draft-ietf-mailmaint-autoconfig, "displayName")."""

Language: TypeAlias = Annotated[
    str, Meta(pattern=r"^[a-z]{2}\Z", description="a language in two letters, such as fr")
]
Url: TypeAlias = Annotated[
    str, Meta(pattern=rf"^https://{_IN_URL}+\Z", description="an https:// address")
]
UrlPattern: TypeAlias = Annotated[
    str,
    Meta(
        pattern=rf"^https://({_IN_URL}|\{{server\}})+\Z",
        description="an https:// address, in which {server} may stand for the service's host",
    ),
]
HostName: TypeAlias = Annotated[
    str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+\Z", description="a host name, in small letters")
]
HostPattern: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)+|\{server\})\Z",
        description="a host name, in small letters, or {server} for the service's own",
    ),
]
NumberedHost: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[a-z]+\{n\}(\.[a-z0-9-]+)+\Z",
        description="a host name with {n} for its number, such as mail{n}.example.com",
    ),
]
Protocol: TypeAlias = Literal["imap", "pop3", "smtp"]
Port: TypeAlias = Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")]
Preference: TypeAlias = Annotated[
    int, Meta(ge=0, le=65535, description="a whole number from 0 to 65535")
]
Gigabytes: TypeAlias = Annotated[
    float, Meta(gt=0, description="a number of gigabytes, more than 0")
]
UserName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=rf"^{_CHARACTER}*%EMAIL(ADDRESS|LOCALPART|DOMAIN)%{_CHARACTER}*\Z",
        description="a user name with a placeholder such as %EMAILADDRESS%",
    ),
]

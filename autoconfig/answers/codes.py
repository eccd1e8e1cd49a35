"""QR codes (ISO/IEC 18004), as SVG: an address made into what a phone can read from a screen.

A code holds the link to the Apple profile, which an iPhone's camera opens, or an account for
Thunderbird for Android, which the app reads itself ("Export for Mobile", version 1). It draws its
own white ground, quiet zone included: on the dark ground of a page no camera would find it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Literal, NamedTuple, TypeAlias

from autoconfig.answers.answer import Answer, State, document_answer
from autoconfig.answers.endpoints import PROFILE_PATH, Endpoint
from autoconfig.answers.request import Request
from autoconfig.documents.formats import APPLE_DEVICES
from autoconfig.documents.placeholders import PLACEHOLDERS, QUOTED_ADDRESS
from autoconfig.documents.text import XML
from autoconfig.errors import MalformedAddress
from autoconfig.names import EmailAddress
from autoconfig.offers.model import Service

SVG = replace(XML, name="SVG", media_type="image/svg+xml", suffix=".svg")

QUIET_ZONE = 4
"""Light modules on each side: ISO/IEC 18004 section 6.3.8."""
MASK = 2
"""The data mask, of 8. To weigh them all takes three quarters of the time; for text such as ours
this one is mostly the best, and otherwise within a tenth of it."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_STRING = re.compile(rf"(?=.{{1,64}}\Z){_ATOM}(?:\.{_ATOM})*")
"""A local part that the app takes: ASCII, not quoted. RFC 5321 sections 4.1.2 and 4.5.3.1.1."""


Level: TypeAlias = Literal["L", "M"]
"""How much of a code may be lost: 7 or 15 of a hundred."""


class Content(NamedTuple):
    """The content of a kind of code.

    `text`: made from the address, its service, and where it is asked. `level`: of error
    correction; the encoder takes a higher one where the code does not get larger by it.
    """

    text: Callable[[EmailAddress, Service, Request, State], str]
    level: Level


def code(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """The code for an address. Raises `MalformedAddress`, `Busy`, and as `State.service` does."""
    address = request.address(endpoint.parameter)
    if address is None:
        raise MalformedAddress
    service = state.service(address)
    content = CONTENTS.get(request.parameter("of").lower(), CONTENTS["profile"])
    text = content.text(address, service, request, state)
    with state.codes.take():
        drawn = svg(text, content.level)
    return Answer(drawn, SVG, domain=address.domain, offer_class=service.offer.outlook)


def svg(text: str, level: Level) -> bytes:
    """A code as an image that has the size that its page gives it. `text`: ASCII."""
    import segno  # noqa: PLC0415  # takes 30 ms to load, and only a server draws

    drawn = BytesIO()
    segno.make(text, error=level, mask=MASK, micro=False).save(
        drawn,
        kind="svg",
        border=QUIET_ZONE,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return drawn.getvalue()


def _profile_link(address: EmailAddress, service: Service, request: Request, state: State) -> str:
    """The URL of the profile: that for the device in `for=`, else that of Exchange for a phone
    where the mailbox is on such a server, else that of the mail servers.
    """
    url = request.own_url(PROFILE_PATH, address.domain, state.config)
    quoted = PLACEHOLDERS[QUOTED_ADDRESS].value(address.domain, address)
    device = request.parameter("for").lower()
    if device not in APPLE_DEVICES:
        device = "iphone" if service.offer.outlook == "exchange" else ""
    return f"{url}?email={quoted}{device and f'&for={device}'}"


def _account(address: EmailAddress, service: Service, request: Request, state: State) -> str:
    """The settings as JSON. Raises `MalformedAddress` for an address that the app refuses."""
    if not _DOT_STRING.fullmatch(address.local):
        raise MalformedAddress(domain=address.domain)
    written = document_answer("thunderbird-code", address, service, state.renderings)
    return written.body.decode().rstrip()  # each character makes the code denser


CONTENTS: Mapping[str, Content] = {
    "profile": Content(_profile_link, "M"),
    "thunderbird": Content(_account, "L"),  # three times as long, and read on a screen
}
"""The kinds of codes, by what `of=` names; the first is for everybody else."""

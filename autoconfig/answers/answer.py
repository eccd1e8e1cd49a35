"""An answer, without a web framework; and the two kinds of it that most URLs give."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from autoconfig.answers.metrics import NONE, Metrics
from autoconfig.answers.turns import Turns
from autoconfig.config.load import Config
from autoconfig.config.settings import host_of
from autoconfig.documents.document import redirect_text
from autoconfig.documents.formats import NO_STORE
from autoconfig.documents.render import Renderings
from autoconfig.documents.text import TEXT, TextKind
from autoconfig.errors import NotOffered, NotServed
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.model import Service

if TYPE_CHECKING:
    from autoconfig.detect.detector import Detector

Headers: TypeAlias = tuple[tuple[str, str], ...]

MOST_CODES = 8
"""QR codes that may be waited for at once in a process; one takes some 3 ms. A page shows two, so
the phones of four people are served at once; a flood holds no more threads than these.
"""
MOST_SIGNATURES = 8
"""The same of signed profiles; one takes 0.6 ms by an RSA key of 2,048 bits, 5 by one of 4,096."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that a process answers from.

    `detector`: None if the DNS is not to be asked. `codes`, `signatures`: the turns at making one.
    """

    config: Config
    renderings: Renderings
    metrics: Metrics
    detector: "Detector | None" = None
    codes: Turns = field(default_factory=lambda: Turns(MOST_CODES))
    signatures: Turns = field(default_factory=lambda: Turns(MOST_SIGNATURES))

    @property
    def base_host(self) -> Domain | None:
        """The host name of `base_url`, without its port; None if the operator has set none."""
        return host_of(self.config.base_url)

    def service(self, name: Domain | EmailAddress) -> Service:
        """The service of a domain or an address, as configured, else as the domain's DNS tells.

        Raises `NotServed`, and `LookUpFailed` or `Busy` where the DNS is asked.
        """
        service = self.config.served.find(name)
        if service is None and self.detector is not None:
            service = self.detector.find(domain_of(name))
        if service is None:
            raise NotServed(domain=domain_of(name))
        return service


class Answer(NamedTuple):
    """An answer to a client.

    `kind`: of the body; None where there is none. `etag`: a strong validator. `domain`: the one
    that the answer is for, for the log. `offer_class`: how Outlook takes its offer, for the
    metrics.
    """

    body: bytes
    kind: TextKind | None
    status: int = 200
    cache: str = NO_STORE
    headers: Headers = ()
    etag: str | None = None
    domain: str | None = None
    offer_class: str = NONE


def document_answer(
    format: str | None,
    name: Domain | EmailAddress,
    service: Service,
    renderings: Renderings,
    device: str | None = None,
) -> Answer:
    """A document of the service; of a page, the order for the device.

    Raises `NotOffered`, or `MalformedAddress` where one is needed.
    """
    found = renderings.of(service).get(format or "")
    domain, address = (name.domain, name) if isinstance(name, EmailAddress) else (name, None)
    if found is None:
        raise NotOffered(domain=domain)
    found = found.on(device)
    written = found.format
    return Answer(
        found.fill(domain, address),
        written.kind,
        200,
        written.cache,
        written.headers,
        None if written.cache == NO_STORE else found.etag(domain),
        domain,
        service.offer.outlook,
    )


def redirect(url: str, name: Domain | EmailAddress, service: Service) -> Answer:
    """HTTP 302 to an absolute URL: Delta Chat cannot read a relative one."""
    return Answer(
        redirect_text(url),
        TEXT,
        302,
        headers=(("Location", url),),
        domain=domain_of(name),
        offer_class=service.offer.outlook,
    )


def domain_of(name: Domain | EmailAddress) -> Domain:
    """The domain itself, or that of an address."""
    return name.domain if isinstance(name, EmailAddress) else name


def json_text(**values: str) -> bytes:
    """A JSON object of strings, without white space."""
    return json.dumps(values, separators=(",", ":")).encode()

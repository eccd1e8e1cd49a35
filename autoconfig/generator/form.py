"""The form as it was typed: what it asks for, or each mistake in it, by the field that it is in.

A mistake is told by its kind, of which `documents/words.toml` has a sentence in each language. The
messages of the catalogue are for operators, and in English.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qsl

from autoconfig.answers.answer import State
from autoconfig.config.served import Served
from autoconfig.errors import Busy, LookUpFailed, MalformedRequest, NotServed
from autoconfig.names import Domain, certified_names, mail_domain, parse_domain, require_mail
from autoconfig.offers.catalogue import DEFAULT_REGION, Catalogue
from autoconfig.offers.model import Offer, Service
from autoconfig.problems import ConfigurationError, InvalidName, printable, shortened

MOST_DOMAINS = 20
"""Domains of one ZIP, each with some ten names to add by hand; more are a job for `export`."""
MOST_FIELDS = 32
"""Fields of a form that are read; ours has six."""
DNS_SECONDS = 10
"""The time after which no further domain is looked up; a proxy waits some 30 for an answer."""

Services: TypeAlias = Mapping[Domain, Service]
"""The service of each domain."""

BY_DNS = "dns"
"""The value of the offer that is to be read in the DNS of each domain."""
SPACES = ("apache", "plain")
"""The kinds of web space, of `export.files.TARGETS`, that need no configuration of a web server."""
SEPARATORS = re.compile(r"[\s,;]+")


class Typed(NamedTuple):
    """The fields of the form, as they were typed."""

    offer: str = ""
    region: str = DEFAULT_REGION
    server: str = ""
    domains: str = ""
    space: str = SPACES[0]
    site: str = ""

    @classmethod
    def of(cls, body: bytes) -> "Typed":
        """Those of a form that was sent, the first of each name; what is no UTF-8 is replaced.

        Raises `MalformedRequest` for one with more than `MOST_FIELDS`.
        """
        try:
            pairs = parse_qsl(
                body.decode("ascii", errors="replace"),
                keep_blank_values=True,
                errors="replace",
                max_num_fields=MOST_FIELDS,
            )
        except ValueError:
            raise MalformedRequest from None
        return cls(**{key: value for key, value in reversed(pairs) if key in cls._fields})


class Mistake(NamedTuple):
    """A mistake in a field. `kind`: the key of its sentence, which `values` fill.

    `regions`: those that the sentence names, as the offers call them. `ours`: whether the person
    has made no mistake, and is to come again.
    """

    field: str
    kind: str
    values: Mapping[str, str] = MappingProxyType({})
    regions: Sequence[str] = ()
    ours: bool = False


class Wanted(NamedTuple):
    """What the form asks for.

    `site`: where the DNS records are to lead, if it says so. `by_dns`: whether the DNS has told the
    offers, and not the person.
    """

    served: Served
    space: str
    site: Domain | None
    by_dns: bool


def read(typed: Typed, state: State) -> tuple[Wanted | None, Sequence[Mistake]]:
    """What is wanted, and None if there is any mistake."""
    domains, mistakes = _domains(typed.domains)
    site, of_site = _site(typed.site, domains)
    mistakes += of_site
    if typed.space not in SPACES:
        mistakes.append(Mistake("space", "no_space"))
    by_dns = typed.offer == BY_DNS and state.detector is not None
    if by_dns and typed.server.strip():
        mistakes.append(Mistake("server", "server_by_dns"))
    if by_dns:  # nobody is asked about a form that comes again anyway
        services, of_offer = _by_dns([] if mistakes else domains, state)
    else:
        services, of_offer = _as_typed(typed, domains, state.config.catalogue)
    mistakes += of_offer
    return None if mistakes else Wanted(Served(services), typed.space, site, by_dns), mistakes


def _domains(text: str) -> tuple[list[Domain], list[Mistake]]:
    items = [each for each in SEPARATORS.split(text) if each]
    if not items:
        return [], [Mistake("domains", "no_domain")]
    if len(items) > MOST_DOMAINS:
        values = {"count": str(len(items)), "most": str(MOST_DOMAINS)}
        return [], [Mistake("domains", "many_domains", values)]
    found: dict[Domain, None] = {}
    mistakes = []
    for item in items:
        try:
            domain = parse_domain(item)
            require_mail(domain)
        except InvalidName as error:
            meant = mail_domain(Domain(error.meant))
            mistakes.append(_misnamed("domains", item, meant))
        else:
            found[domain] = None
    return [*found], mistakes


def _misnamed(field: str, text: str, meant: str) -> Mistake:
    found = shortened(printable(text))
    if meant:
        return Mistake(field, "name_meant", {"found": found, "meant": meant})
    return Mistake(field, f"misnamed_{field}", {"found": found})


def _site(text: str, domains: Sequence[Domain]) -> tuple[Domain | None, list[Mistake]]:
    """The site, if one is given. The names that are to lead there cannot be it."""
    if not text.strip():
        return None, []
    try:
        site = parse_domain(text)
    except InvalidName as error:
        return None, [_misnamed("site", text, error.meant)]
    if any(site in certified_names(domain) for domain in domains):
        return None, [Mistake("site", "site_itself", {"found": site})]
    return site, []


def _by_dns(domains: Sequence[Domain], state: State) -> tuple[Services, list[Mistake]]:
    """The service of each domain. A look-up that fails ends it, and is no answer."""
    end = time.monotonic() + DNS_SECONDS
    services = {}
    mistakes = []
    for domain in domains:
        try:
            if time.monotonic() > end:
                raise LookUpFailed
            services[domain] = state.service(domain)
        except NotServed:
            mistakes.append(Mistake("offer", "dns_silent", {"domain": domain}))
        except (LookUpFailed, Busy):
            return {}, [Mistake("offer", "dns_failed", {"domain": domain}, ours=True)]
    return services, mistakes


def _as_typed(
    typed: Typed, domains: Sequence[Domain], catalogue: Catalogue
) -> tuple[Services, list[Mistake]]:
    """The one service that the form names, for all domains."""
    offer = catalogue.offers.get(typed.offer)
    if offer is None:
        return {}, [Mistake("offer", "no_offer")]
    if typed.region not in offer.regions:
        return {}, [Mistake("region", "other_region", {"offer": offer.name}, [*offer.regions])]
    try:
        service, _ = catalogue.service(offer.id, typed.region, typed.server.strip() or None)
    except ConfigurationError:
        return {}, [*_about_server(typed, offer, catalogue)]
    return dict.fromkeys(domains, service), []


def _about_server(typed: Typed, offer: Offer, catalogue: Catalogue) -> Iterator[Mistake]:
    """Whose the server is, if that is known, and what to write instead."""
    rule = offer.regions[typed.region].server
    found = shortened(printable(typed.server.strip()))
    values = {"found": found, "offer": offer.name, "example": rule.example}
    owners = catalogue.owners(typed.server)
    regions = [each.region for each in owners if each.offer == offer.id]
    if regions and typed.region not in regions:
        yield Mistake("server", "server_of_region", values, regions)
    elif owners and not regions:
        names = dict.fromkeys(catalogue.offers[each.offer].name for each in owners)
        yield Mistake("server", "server_of_offer", {**values, "owner": ", ".join(names)})
    if not rule.required:
        yield Mistake("server", "server_unneeded", values)
    else:
        yield Mistake("server", "other_server" if found else "no_server", values)

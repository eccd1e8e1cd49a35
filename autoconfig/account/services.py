"""The families of mail services, and how each is read, by GET alone.

Mailboxes are read when somebody asks a `Held` for them. Routes: /email and /v2/zimbra of
OVHcloud's API, as of 2026; no answer of it names a region, which is that of the endpoint.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

from autoconfig.account.client import Absent, AccountError, Refused
from autoconfig.account.inventory import Held, Inventory, Mailbox
from autoconfig.account.shapes import AttachedDomain, OldDomain, Resource, Service, understood
from autoconfig.account.survey import Reader, Step, Survey, called, family_of, once
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.hosting import Fixed, Shared
from autoconfig.problems import ConfigurationError, InvalidName, printable
from autoconfig.zone.record import Srv

WORKING = ("ok", "inMaintenance")
"""The states of a service that has mailboxes. `inMaintenance` passes."""
ZIMBRA_WORKING = ("READY", "UPDATING")

NOT_HERE = (Refused, Absent)
"""Failures of a family's list after which the others are still decided: no right, or no such list
at the endpoint."""

MOST_MAILBOXES = 10_000
"""Mailboxes of a domain that are read; with more, no person goes on."""

Progress: TypeAlias = Callable[[int], AbstractContextManager[Callable[[int], object]]]


class Family(NamedTuple):
    """A list of services. `key`: the family in the offers. `regions`: those that have its route."""

    name: str
    key: str
    path: str
    regions: tuple[str, ...]
    steps: Callable[[Survey, "Family"], Iterator[Step]]


class Bought(NamedTuple):
    """A service of MX Plan, Email Pro or Exchange. `addresses`: asks for those of its mailboxes."""

    what: str
    offer: str
    facts: Service
    addresses: Callable[[], list[str]]


def read_services(account: Reader, catalogue: Catalogue, progress: Progress) -> Inventory:
    """Read all services. `progress`: given the number of steps, gives what counts them.

    Raises `Unusable` if the credentials are refused; every other failure is in the result.
    """
    survey = Survey(account, catalogue)
    families = [each for each in FAMILIES if account.region in each.regions]
    steps = [step for family in families for step in family.steps(survey, family)]
    with progress(len(steps)) as settled:
        for step in steps:
            survey.take(step)
            settled(1)
    return survey.found


def _old_mx_plan(survey: Survey, family: Family) -> Iterator[Step]:
    """The domains of MX Plan in the old view."""
    for text, name in survey.names(family.name, family.path, *NOT_HERE).items():
        read = partial(_old_domain, survey, f"{family.path}/{name}")
        yield from survey.step(family.name, text, read)


def _old_domain(survey: Survey, path: str, what: str, domain: Domain) -> Held | None:
    """A domain of MX Plan; None if it is listed as a service, too."""
    answer = understood(survey.account.get(path), OldDomain)
    if answer.moved_to or not survey.works(what, answer.status, "ok"):
        return None
    offer = survey.offer(what, "mx-plan", "MXPLAN") or ""

    def mailboxes() -> list[Mailbox]:
        names = survey.call(lambda: _names(survey, f"{path}/account"))
        return _at(domain, [(offer, f"{name}@{domain}") for name in names])

    valid = {"valid": True, "invalid": False}.get(answer.mx or "")
    return Held(domain, "MX Plan", {offer: 1}, mailboxes, mx_valid=valid)


def _services(survey: Survey, family: Family) -> Iterator[Step]:
    """The domains of MX Plan and of Email Pro."""
    for text, name in survey.names(family.name, family.path, *NOT_HERE).items():
        yield from _service(survey, family, f"{family.path}/{name}", text)


def _organizations(survey: Survey, family: Family) -> Iterator[Step]:
    """The domains of Exchange, whose services are those of organizations."""
    for organization, name in survey.names(family.name, family.path, *NOT_HERE).items():
        path = f"{family.path}/{name}/service"
        for text, its_name in survey.names(f"{family.name} {organization}", path).items():
            yield from _service(survey, family, f"{path}/{its_name}", text)


def _service(survey: Survey, family: Family, path: str, name: str) -> Iterator[Step]:
    what = f"{family.name} {name}"
    facts = survey.read(what, path, Service)
    if facts is None or not survey.works(what, facts.state, *WORKING):
        return
    offer = survey.offer(what, family.key, facts.offer)
    addresses = once(lambda: survey.call(lambda: _names(survey, f"{path}/account")))
    bought = Bought(what, offer, facts, addresses) if offer else None
    for text, its_name in survey.names(what, f"{path}/domain").items():
        its_path = f"{path}/domain/{its_name}"
        read = partial(_domain, survey, bought, its_path) if bought else survey.miss
        yield from survey.step(what, text, read)


def _domain(survey: Survey, bought: Bought, path: str, what: str, domain: Domain) -> Held | None:
    answer = understood(survey.account.get(path), AttachedDomain)
    if not survey.works(what, answer.state, "ok"):
        return None
    if answer.domain_validated is False:
        survey.tell(what, "left out, as OVHcloud has not validated the domain yet")
        return None

    def mailboxes() -> list[Mailbox]:
        return _at(domain, [(bought.offer, address) for address in bought.addresses()])

    server, usable = _server(survey, bought, answer)
    return Held(
        domain,
        bought.what,
        {bought.offer: 1},
        mailboxes,
        server,
        usable,
        authoritative={"authoritative": True, "nonAuthoritative": False}.get(answer.type or ""),
        mx_valid=answer.mx_is_valid,
    )


def _server(survey: Survey, bought: Bought, domain: AttachedDomain) -> tuple[str | None, bool]:
    """The server that a configuration names, and whether it can have the service."""
    region = survey.account.region
    sold = survey.catalogue.offers[bought.offer].regions.get(region)
    if sold and isinstance(sold.server, Shared):  # whatever host the web mail of the service has
        return None, True
    host = _host(bought.facts, domain)
    try:
        service, doubts = survey.catalogue.service(bought.offer, region, host)
    except ConfigurationError:
        return host, False
    survey.found.doubts += [printable(f"{bought.what}: {each.message}") for each in doubts]
    return None if sold and isinstance(sold.server, Fixed) else service.host, True


def _host(facts: Service, domain: AttachedDomain) -> str | None:
    """The host of a service, as the control panel shows it; None if no answer has it."""
    with suppress(ValueError):  # of an address that is none
        host = facts.hostname or urlsplit(facts.web_url or "").hostname
        if host:
            return host
    srv = Srv.parse(" ".join((domain.autodiscover_srv or "").split()[-4:]))
    return srv.host if srv else None


def _platforms(survey: Survey, family: Family) -> Iterator[Step]:
    """The domains of Zimbra."""
    for part_of_path, platform in survey.resources(family.name, family.path, *NOT_HERE).items():
        what = f"{family.name} {platform.current_state.name or platform.id}"
        path = f"{family.path}/{part_of_path}"
        if survey.works(what, platform.resource_status, *ZIMBRA_WORKING):
            for each in survey.resources(what, f"{path}/domain").values():
                read = partial(_zimbra_domain, survey, path, each, what)
                yield from survey.step(what, each.current_state.name or "", read)


def _zimbra_domain(
    survey: Survey, path: str, entry: Resource, service: str, what: str, domain: Domain
) -> Held | None:
    if not survey.works(what, entry.resource_status, *ZIMBRA_WORKING):
        return None
    offers = dict.fromkeys(family_of(survey.catalogue, "zimbra"), 0)
    for level in entry.current_state.accounts_statistics:
        offer = survey.offer(what, "zimbra", level.offer)
        if offer:
            offers[offer] += level.configured_accounts_count
        elif level.configured_accounts_count:
            survey.miss(what, domain)

    def mailboxes() -> list[Mailbox]:
        items = survey.call(lambda: [*survey.account.pages(f"{path}/account", domainId=entry.id)])
        states = [understood(item, Resource).current_state for item in items]
        pairs = [(called(survey.catalogue, "zimbra", each.offer), each.email) for each in states]
        return _at(domain, [(offer or "", email) for offer, email in pairs if email])

    return Held(domain, service, offers, mailboxes)


def _names(survey: Survey, path: str) -> list[str]:
    return understood(survey.account.get(path), list[str])


def _at(domain: Domain, mailboxes: Iterable[tuple[str, str]]) -> list[Mailbox]:
    """The mailboxes at a domain, of all that a service has: offers and addresses.

    Raises `AccountError` if there is one that no configuration can have, or too many.
    """
    found: list[Mailbox] = []
    for offer, text in mailboxes:
        try:
            address = EmailAddress.parse(text)
        except InvalidName as error:
            raise AccountError(str(error)) from None
        if address.domain == domain:
            found.append(Mailbox(offer, address))
    if len(found) > MOST_MAILBOXES or not all(each.offer for each in found):
        raise AccountError(f"there are {len(found)} mailboxes, or some of an unknown offer")
    return found


FAMILIES = (
    Family("MX Plan", "mx-plan", "/email/domain", ("eu",), _old_mx_plan),
    Family("MX Plan", "mx-plan", "/email/mxplan", ("eu", "ca"), _services),
    Family("Email Pro", "email-pro", "/email/pro", ("eu",), _services),
    Family("Exchange", "exchange", "/email/exchange", ("eu", "ca"), _organizations),
    Family("Zimbra", "zimbra", "/v2/zimbra/platform", ("eu",), _platforms),
)
"""Every list of mail services. Region `us` has none of them."""

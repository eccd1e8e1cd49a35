"""A domain of which a plan is made, and its service: as configured, or as the zone itself tells."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import structs

from autoconfig.detect.rule import Advice, Confidence, Finding, decide
from autoconfig.detect.signs import Signs
from autoconfig.detect.words import ADVICE
from autoconfig.names import Domain
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.model import Service
from autoconfig.zone.compare import make_plan
from autoconfig.zone.drift import key_name, records_of
from autoconfig.zone.plan import Plan, Target
from autoconfig.zone.record import by_name
from autoconfig.zone.wanted import names_of_interest
from autoconfig.zone.web import with_addresses
from autoconfig.zone.wildcard import Seen

USABLE = (Confidence.KNOWN, Confidence.GUESS)


class Subject(NamedTuple):
    """A domain. `service`: None if its zone is to tell it.

    `instead`: the service where the zone tells none: that of the domain's addresses, if these alone
    are configured.
    """

    domain: Domain
    service: Service | None = None
    instead: Service | None = None


def interest(subject: Subject, catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """The names that are looked at with the types; those of DKIM only if an offer is to be told."""
    names = names_of_interest(subject.domain, subject.service)
    if subject.service:
        return names
    selectors = Signs.of(catalogue).dkim_selectors
    return names | {key_name(each, subject.domain): ("CNAME",) for each in selectors}


def plan_for(
    subject: Subject, seen: Seen, target: Target, catalogue: Catalogue, language: str
) -> Plan:
    """The plan; where nothing tells the service, the advice is its failure."""
    service = subject.service
    if service is None:
        signs = Signs.of(catalogue)
        records = records_of(subject.domain, by_name((*seen.records, *seen.wild)), signs)
        finding, _, advice = decide(records, signs)
        service = told(finding, catalogue) or subject.instead
        if service is None:
            return Plan(subject.domain, None, failure=_said(finding, advice, catalogue, language))
    target = with_addresses(target, by_name(seen.records))
    return make_plan(subject.domain, service, seen.counted(target), target, catalogue)


def told(finding: Finding, catalogue: Catalogue) -> Service | None:
    """The service of a finding; None if that names none."""
    if finding.confidence not in USABLE:
        return None
    offer, region = str(finding.offer), str(finding.region)
    service, _ = catalogue.service(offer, region, finding.server)
    return structs.replace(service, guessed=finding.confidence is Confidence.GUESS)


def _said(finding: Finding, advice: Advice, catalogue: Catalogue, language: str) -> str:
    offer = catalogue.offers[finding.offer].name if finding.offer else ""
    return ADVICE[advice][language].format(offer=offer, server=finding.server)

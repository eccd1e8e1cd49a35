"""What is told of domains with every offer, by the server's own answers and all programs."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest

from autoconfig.check.judge import judge
from autoconfig.check.play import play
from autoconfig.check.problems.find import find_problems, questions_for_problems
from autoconfig.check.questions import questions
from autoconfig.check.seen import Seen
from autoconfig.check.verdict import Problem
from autoconfig.offers.model import Service
from autoconfig.web import create_app
from autoconfig.zone.compare import make_plan
from autoconfig.zone.plan import Target
from autoconfig.zone.record import Record, absolute
from tests.support.cases import NOW, PERSON, Zone
from tests.support.detecting import configuration
from tests.support.plans import DOMAIN, TARGET
from tests.support.services import CATALOGUE, SERVICES, urls_of
from tests.support.sights import PROGRAMS, Web, application, first_of, see, wants_password

ALL = tuple(PROGRAMS.values())
HOSTS = (f"autoconfig.{DOMAIN}", f"autodiscover.{DOMAIN}")


def _told(
    service: Service, records: Sequence[Record], web: Web, target: Target | None
) -> Sequence[Problem]:
    lines = [each.line() for each in records]
    zone, answers = Zone("\n".join(lines)), see(PERSON, web, *lines).answers
    asked = questions(ALL, PERSON) | questions_for_problems(PERSON)
    seen = Seen(answers, {each: zone.named(each) for each in asked})
    verdicts = [judge(each, play(each, PERSON, seen, CATALOGUE), service, PERSON) for each in ALL]
    return find_problems(PERSON, service, seen, verdicts, CATALOGUE, target, NOW, ALL)


def _mx(service: Service) -> list[Record]:
    mx = service.dns.mx
    return [Record(f"{DOMAIN}.", "MX", f"{each.preference} {each.host}.") for each in mx]


def _published(service: Service) -> list[Record]:
    """The zone after its plan has been carried out."""
    plan = make_plan(DOMAIN, service, (), TARGET, CATALOGUE)
    server = Record(absolute(str(TARGET.host)), "A", "192.0.2.1")
    return [*_mx(service), server, *(each.record for each in plan.create)]


def _web(service: Service) -> Web:
    """The server at both names, and the service's own servers, which want a password."""
    client = create_app(configuration({DOMAIN: service})).test_client()
    theirs = {str(urlsplit(each).hostname) for each in urls_of(service).values()}
    return first_of(application(client, HOSTS), wants_password(*theirs))


@pytest.mark.parametrize("target", [TARGET, None], ids=["target", "no-target"])
@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_nothing_is_wrong_with_a_domain_that_publishes_all(
    service: Service, target: Target | None
) -> None:
    assert not _told(service, _published(service), _web(service), target)


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_domain_that_publishes_nothing_is_told_so_first(service: Service) -> None:
    site = Record(f"{DOMAIN}.", "A", "192.0.2.1")
    first, *_ = _told(service, [site, *_mx(service)], wants_password(), None)
    assert first.what.what.startswith("missing")
    assert first.lines == (f"autoconfig dns {DOMAIN} --to HOST",)

"""The rule: from the records of a domain to its offer.

MX decides whether the mail is at OVHcloud and where, SRV decides which offer it is, and what has no
SRV record is the offer that most have: a guess, and labelled so. MX and SRV must agree.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from autoconfig.detect.records import Mx, Records, Srv
from autoconfig.detect.signs import Candidate, Family, Signs

HTTPS = 443
"""The port at which Autodiscover is asked; a record with another names something else."""


class Confidence(StrEnum):
    """The certainty of a finding. `FAILED`: the look-up did, so nothing is known."""

    KNOWN = "known"
    GUESS = "guess"
    NONE = "none"
    UNDECIDED = "undecided"
    FAILED = "failed"


class Finding(NamedTuple):
    """The service of a domain. `server` is that of a configuration; None where offers share it."""

    confidence: Confidence
    offer: str | None = None
    region: str | None = None
    server: str | None = None


class Reading(StrEnum):
    """The meaning of a record. First those of MX, then of SRV, then of DKIM's CNAME."""

    FAMILY = "ovh-family"
    OWN_HOST = "own-host"
    FOREIGN = "foreign"
    NO_MAILBOX = "no-mailbox"
    PERHAPS_NO_MAILBOX = "perhaps-no-mailbox"
    NULL_MX = "null-mx"
    NO_MX = "no-mx"
    SERVICE = "service"
    DEFAULT_RECORD = "default-record"
    SERVER_UNKNOWN = "server-unknown"
    NOT_AVAILABLE = "not-available"
    IGNORED_PORT = "ignored-port"
    IGNORED_REGION = "ignored-region"
    IGNORED_HOST = "ignored-host"
    DKIM = "dkim"


class Advice(StrEnum):
    """The next step for the owner of the domain."""

    CONFIGURE = "configure"
    CHECK_NUMBER = "check-number"
    CHECK_LEVEL = "check-level"
    CHECK_OFFER = "check-offer"
    PERHAPS_NO_MAILBOX = "perhaps-no-mailbox"
    FIND_SERVER = "find-server"
    SEVERAL_SERVICES = "several-services"
    SEVERAL_REGIONS = "several-regions"
    ELSEWHERE = "elsewhere"
    NO_MAIL = "no-mail"
    NO_MAILBOX = "no-mailbox"


class SignSeen(NamedTuple):
    """A record that the finding rests on, or that was ignored.

    `record` is its type, `value` what it says in presentation text without final dots; nothing if
    there is no such record. `offer` and `region` are those that it tells by itself.
    """

    record: str
    value: str
    reading: Reading
    offer: str | None = None
    region: str | None = None


class Detection(NamedTuple):
    """A finding, the signs that it rests on, and the advice."""

    finding: Finding
    signs: tuple[SignSeen, ...]
    advice: Advice


_ADVICE = {Reading.FOREIGN: Advice.ELSEWHERE, Reading.NO_MAILBOX: Advice.NO_MAILBOX}
"""The advice where the mail is not at OVHcloud, by what the MX mean: the first that one has."""


class _Service(NamedTuple):
    """An offer that a record tells, and its server, if the record tells that too."""

    candidate: Candidate
    server: str | None = None

    def finding(self, confidence: Confidence) -> Finding:
        return Finding(confidence, self.candidate.offer, self.candidate.region, self.server)


class _Read(NamedTuple):
    """An SRV record of Autodiscover, its meaning, and what it tells, unless it is ignored."""

    record: Srv
    reading: Reading
    service: _Service | None = None


class _Zone(NamedTuple):
    """A zone whose mail is at OVHcloud.

    `best`: the MX that are tried first, each with its own family. `family`: what these have in
    common.
    """

    best: Sequence[tuple[Mx, Family]]
    family: Family
    srv: Sequence[_Read]
    dkim: Mapping[str, Candidate]
    perhaps_no_mailbox: bool


def decide(records: Records, signs: Signs) -> Detection:
    """Find the offer of a domain in its records, whoever wrote them."""
    lowest = min((each.preference for each in records.mx), default=0)
    best = [each for each in records.mx if each.preference == lowest]
    families = [signs.family(each.host) for each in best]
    if not best or not all(families):
        return _elsewhere(zip(best, families, strict=True), signs)
    family = tuple(one for one in families[0] if all(one in each for each in families))
    zone = _Zone(
        [*zip(best, families, strict=True)],
        family,
        [_read(each, family, signs) for each in records.srv],
        _dkim(records, family),
        frozenset(records.mx) in signs.perhaps_no_mailbox,
    )
    finding, advice = next(filter(None, (step(zone) for step in _STEPS)))
    return Detection(finding, tuple(_seen(zone)), advice)


def _elsewhere(best: Iterable[tuple[Mx, Family]], signs: Signs) -> Detection:
    """No mail, or none that comes to a mailbox at OVHcloud."""
    seen = [_mx_seen(mx, _read_mx(mx, family, signs), family) for mx, family in best]
    readings = {each.reading for each in seen}
    advice = next((_ADVICE[each] for each in _ADVICE if each in readings), Advice.NO_MAIL)
    nothing = SignSeen("MX", "", Reading.NO_MX)
    return Detection(Finding(Confidence.NONE), tuple(seen) or (nothing,), advice)


def _read_mx(mx: Mx, family: Family, signs: Signs) -> Reading:
    if family:
        return Reading.FAMILY
    if not mx.host:
        return Reading.NULL_MX
    return Reading.NO_MAILBOX if mx.host in signs.no_mailbox else Reading.FOREIGN


def _read(record: Srv, family: Family, signs: Signs) -> _Read:
    """Read an SRV record; one that tells no offer of the family is ignored."""
    target = record.host
    if not target:
        return _Read(record, Reading.NOT_AVAILABLE)
    if target in signs.default_srv:
        return _Read(record, Reading.DEFAULT_RECORD)
    told = next((each for each in family if each.has_srv(target)), None)
    if not told:
        elsewhere = any(each.has_srv(target) for each in signs.candidates)
        return _Read(record, Reading.IGNORED_REGION if elsewhere else Reading.IGNORED_HOST)
    if record.port != HTTPS:
        return _Read(record, Reading.IGNORED_PORT)
    if told.has_srv_of_all_servers(target):
        return _Read(record, Reading.SERVER_UNKNOWN, _Service(told))
    return _Read(record, Reading.SERVICE, _Service(told, told.server(target)))


def _dkim(records: Records, family: Family) -> dict[str, Candidate]:
    """The names to which selectors lead, and the offer that each tells."""
    pairs = ((name, each) for name in records.dkim.values() for each in family)
    return {name: each for name, each in pairs if each.has_dkim(name)}


# ---------------------------------------------------------------------------- steps to the finding

_Conclusion: TypeAlias = tuple[Finding, Advice]


def _regions_differ(zone: _Zone) -> _Conclusion | None:
    return None if zone.family else (Finding(Confidence.UNDECIDED), Advice.SEVERAL_REGIONS)


def _service_by_srv(zone: _Zone) -> _Conclusion | None:
    """The record with the lowest priority decides (RFC 2782); its weight only spreads load."""
    told = [
        (each.record.priority, each.service)
        for each in zone.srv
        if each.reading is Reading.SERVICE and each.service
    ]
    lowest = min((priority for priority, _ in told), default=0)
    return _the_one({service for priority, service in told if priority == lowest}, zone.family)


def _service_by_mx(zone: _Zone) -> _Conclusion | None:
    """An MX that is a service's own host leads to no other."""
    hosts = [mx.host for mx, _ in zone.best]
    owners = [(each, host) for each in zone.family for host in hosts if each.takes_mail_at(host)]
    told = {_Service(each, each.server(host)) for each, host in owners}
    return _the_one(told, zone.family)


def _the_one(told: Set[_Service], family: Family) -> _Conclusion | None:
    if len(told) > 1:
        finding = Finding(Confidence.UNDECIDED, region=family[0].region)
        return finding, Advice.SEVERAL_SERVICES
    for service in told:
        return service.finding(Confidence.KNOWN), _check(service, family)
    return None


def _check(service: _Service, family: Family) -> Advice:
    """What the owner should look at, though the service is known."""
    rule, srv = service.candidate.rule, service.candidate.dns.autodiscover_srv
    if service.server:
        return Advice.CHECK_NUMBER if rule.doubt(service.server) else Advice.CONFIGURE
    levels = [each for each in family if each.dns.autodiscover_srv == srv]
    return Advice.CHECK_LEVEL if len(levels) > 1 else Advice.CONFIGURE


def _offer_without_server(zone: _Zone) -> _Conclusion | None:
    for each in zone.srv:
        if each.reading is Reading.SERVER_UNKNOWN and each.service:
            return each.service.finding(Confidence.UNDECIDED), Advice.FIND_SERVER
    return None


def _guess_by_dkim(zone: _Zone) -> _Conclusion | None:
    for each in zone.dkim.values():
        return _Service(each, each.rule.default).finding(Confidence.GUESS), Advice.CHECK_OFFER
    return None


def _guess(zone: _Zone) -> _Conclusion | None:
    """The offer that most have. The last of the family counts: an operator's own comes last."""
    advice = Advice.PERHAPS_NO_MAILBOX if zone.perhaps_no_mailbox else Advice.CHECK_OFFER
    for each in reversed(zone.family):
        if each.dns.fallback:
            return _Service(each, each.rule.default).finding(Confidence.GUESS), advice
    return None


def _nothing_said(zone: _Zone) -> _Conclusion:
    finding = Finding(Confidence.UNDECIDED, region=zone.family[0].region)
    return finding, Advice.CHECK_OFFER


_STEPS: tuple[Callable[[_Zone], _Conclusion | None], ...] = (
    _regions_differ,
    _service_by_srv,
    _service_by_mx,
    _offer_without_server,
    _guess_by_dkim,
    _guess,
    _nothing_said,
)
"""From what tells most to what tells least. The first that concludes anything decides."""


# ----------------------------------------------------------------------------------- what was seen


def _seen(zone: _Zone) -> Iterator[SignSeen]:
    reading = Reading.PERHAPS_NO_MAILBOX if zone.perhaps_no_mailbox else Reading.FAMILY
    for mx, family in zone.best:
        own = next((each for each in family if each.takes_mail_at(mx.host)), None)
        seen = _mx_seen(mx, Reading.OWN_HOST if own else reading, family)
        yield seen._replace(offer=own.offer) if own else seen
    for record, reading, service in zone.srv:
        priority, weight, port, host = record
        told = (service.candidate.offer, service.candidate.region) if service else ()
        yield SignSeen("SRV", f"{priority} {weight} {port} {host or '.'}", reading, *told)
    for name, candidate in zone.dkim.items():
        yield SignSeen("DKIM", name, Reading.DKIM, candidate.offer, candidate.region)


def _mx_seen(mx: Mx, reading: Reading, family: Family) -> SignSeen:
    region = family[0].region if family else None
    return SignSeen("MX", f"{mx.preference} {mx.host or '.'}", reading, None, region)

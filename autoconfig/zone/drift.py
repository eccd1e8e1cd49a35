"""Whether the zone still tells the offer that the configuration has."""

from autoconfig.detect.records import Mx, Records, Srv
from autoconfig.detect.rule import HTTPS, Advice, Confidence, Finding, decide
from autoconfig.detect.signs import Candidate, Signs
from autoconfig.names import Domain
from autoconfig.offers.catalogue import Catalogue
from autoconfig.offers.model import Service
from autoconfig.zone.hosts import said
from autoconfig.zone.plan import Remark, What
from autoconfig.zone.record import Present, absolute, plain
from autoconfig.zone.record import Srv as Value
from autoconfig.zone.wanted import autodiscover


def drift(
    domain: Domain, service: Service, present: Present, catalogue: Catalogue
) -> tuple[bool, tuple[Remark, ...]]:
    """Whether DNS agrees with the service, or tells nothing, and what is to be said about it.

    Where no MX is among the records, nobody has looked.
    """
    signs = Signs.of(catalogue)
    records = records_of(domain, present, signs)
    if not records.mx:
        return True, ()
    remark = _remark(service, records, signs, catalogue)
    return remark is None or remark.what is What.FILTER, (remark,) if remark else ()


def records_of(domain: Domain, present: Present, signs: Signs) -> Records:
    """What tells the offer; of DKIM only if its names are among the records."""
    mx = [each.value.split() for each in present.get(absolute(domain), ()) if each.type == "MX"]
    there = present.get(autodiscover(domain), ())
    srv = filter(None, (Value.parse(each.value) for each in there if each.type == "SRV"))
    keys = {each: present.get(key_name(each, domain), ()) for each in signs.dkim_selectors}
    return Records(
        tuple(Mx(int(preference), plain(host)) for preference, host in mx),
        tuple(Srv(*each[:3], plain(each.host)) for each in srv),
        {
            selector: plain(record.value)
            for selector, records in keys.items()
            for record in records
            if record.type == "CNAME"
        },
    )


def key_name(selector: str, domain: Domain) -> str:
    """Where the DKIM key of a selector is (RFC 6376 section 3.6.2.1)."""
    return absolute(f"{selector}._domainkey.{domain}")


def _remark(
    service: Service, records: Records, signs: Signs, catalogue: Catalogue
) -> Remark | None:
    """The remark to make; none if DNS tells the service, or no more than its MX."""
    own = _candidate(service, signs)
    has = {"has": said(service)}
    finding, _, advice = decide(records, signs)
    told = _by_srv(records, signs) if own is None else finding
    if told.confidence is Confidence.KNOWN:
        other = _service(told, catalogue)
        same = _shown(other) == _shown(service)
        return None if same else Remark(What.OTHER_SERVICE, {"told": said(other), **has})
    if own is None:
        return None
    if advice is Advice.SEVERAL_SERVICES:
        return Remark(What.SEVERAL_SERVICES, has)
    return _about_mx(service, own, records, signs)


def _candidate(service: Service, signs: Signs) -> Candidate | None:
    """The service as a zone can tell it; None where mail takes ways that only the owner knows."""
    regions = service.offer.region.items()
    first = next(name for name, each in regions if service.region in {name, *each.also_in})
    for each in signs.candidates:
        if (each.offer, each.region) == (service.offer.id, first):
            return each if each.dns.mx or each.dns.mx_direct else None
    return None


def _by_srv(records: Records, signs: Signs) -> Finding:
    """What SRV alone tells, where MX is the customer's own business."""
    for srv in records.srv:
        for each in signs.candidates:
            whole = each.has_srv(srv.host) and not each.has_srv_of_all_servers(srv.host)
            if srv.port == HTTPS and whole:
                server = each.server(srv.host)
                return Finding(Confidence.KNOWN, each.offer, each.region, server)
    return Finding(Confidence.NONE)


def _about_mx(service: Service, own: Candidate, records: Records, signs: Signs) -> Remark | None:
    lowest = min(each.preference for each in records.mx)
    best = [each.host for each in records.mx if each.preference == lowest]
    if all(own in signs.family(host) for host in best):
        return None
    if best == [""]:
        return Remark(What.NO_MAIL, {"has": said(service)})
    expected = (service.dns.autodiscover_srv, HTTPS)
    led = any((each.host, each.port) == expected for each in records.srv)
    # Mail may come through a filter, and reach the service for all that.
    away = not any(signs.family(host) for host in best)
    what = What.FILTER if led and away else What.MAIL_ELSEWHERE
    has = said(service)
    if not (away or service.host):  # the same offer may be right, of another region
        has += f" ({service.region})"
    return Remark(what, {"hosts": ", ".join(host or "." for host in best), "has": has})


def _service(finding: Finding, catalogue: Catalogue) -> Service:
    service, _ = catalogue.service(str(finding.offer), str(finding.region), finding.server)
    return service


def _shown(service: Service) -> str:
    """What a zone has for the service; levels of an offer may have the same."""
    return service.dns.autodiscover_srv or service.offer.id

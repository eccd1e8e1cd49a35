"""What `autoconfig dns` prints to paste, in the programs that it is meant for."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import dns.flags
import dns.message
import dns.query
import pytest
from ruamel.yaml import YAML

from autoconfig.names import Domain
from autoconfig.zone.compare import make_plan
from autoconfig.zone.forms import FORMS
from autoconfig.zone.plan import Plan, Target
from autoconfig.zone.record import Record, Srv
from tests.real.dns.name_servers import name_server
from tests.real.programs import public_folder
from tests.support.services import CATALOGUE, SERVICES

ADDRESS = "127.0.0.30"
HEAD = """\
$TTL 3600
@ IN SOA ns.example.net. dns.example.net. 1 86400 3600 3600000 60
@ IN NS ns.example.net.
"""
TARGETS = (
    Target(Domain("autoconfig.agency.example")),
    Target(addresses=(IPv4Address("192.0.2.1"), IPv6Address("2001:db8::1"))),
)
PLANS = {
    domain: make_plan(domain, service, (), target, CATALOGUE)
    for number, target in enumerate(TARGETS)
    for name, service in SERVICES.items()
    for domain in [Domain(f"{name}.zone-{number}.example")]
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    texts = {domain: f"{HEAD}{FORMS['zone']([plan], 'fr')}" for domain, plan in PLANS.items()}
    with public_folder() as folder, name_server(ADDRESS, texts, folder):
        yield ADDRESS


@pytest.mark.parametrize("domain", PLANS)
def test_name_server_has_each_record_of_the_zone_form(domain: Domain, server: str) -> None:
    assert PLANS[domain].create
    for entry in PLANS[domain].create:
        record = entry.record
        query = dns.message.make_query(record.name, record.type)
        answer = dns.query.udp(query, server, 5)
        assert answer.flags & dns.flags.AA
        assert record.value in {str(each) for found in answer.answer for each in found}
        assert {found.ttl for found in answer.answer} == {record.ttl}


@pytest.mark.parametrize("domain", PLANS)
def test_octodns_form_is_yaml_with_each_record(domain: Domain) -> None:
    (document,) = YAML(typ="safe").load_all(FORMS["octodns"]([PLANS[domain]], "fr"))
    assert set(octodns_records(document, domain)) == {each.record for each in PLANS[domain].create}


def test_octodns_form_has_a_document_for_each_zone() -> None:
    text = FORMS["octodns"]([*PLANS.values(), Plan(Domain("example.fr"), None)], "en")
    assert len([*YAML(typ="safe").load_all(text)]) == len(PLANS)


def octodns_records(document: dict[str, Any], domain: Domain) -> Iterator[Record]:
    for name, sets in in_order(document):
        for each in sets if isinstance(sets, list) else [sets]:
            in_order(each)
            for value in each.get("values") or [each["value"]]:
                yield Record(
                    f"{name}.{domain}.", each["type"], said(each["type"], value), each["ttl"]
                )


def said(kind: str, value: Any) -> str:
    if kind == "SRV":
        in_order(value)
        return str(Srv(value["priority"], value["weight"], value["port"], value["target"]))
    return f'"{value}"' if kind == "TXT" else value


def in_order(mapping: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    """What a mapping has, which octoDNS reads only in the order of its keys."""
    assert [*mapping] == sorted(mapping)
    return mapping.items()

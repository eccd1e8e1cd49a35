"""The forms of a plan to paste: some read by eye, all read back by what they are meant for."""

import json
import re
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import dns.zone
import pytest

from autoconfig.documents.formats import LANGUAGES
from autoconfig.names import Domain
from autoconfig.problems import printable
from autoconfig.zone.compare import make_plan
from autoconfig.zone.forms import FORMS
from autoconfig.zone.plan import Entry, Plan, Remark, Target, What, Why
from autoconfig.zone.record import Record
from autoconfig.zone.text import read_zone
from tests.support.services import CATALOGUE, SERVICES

DOMAIN = Domain("mail.example.fr")


def record(name: str, type: str, value: str, ttl: int = 3600) -> Record:  # noqa: A002  # DNS's word
    return Record(f"{name}.{DOMAIN}.", type, value, ttl)


PLAN = Plan(
    DOMAIN,
    None,
    create=(
        Entry(record("_caldavs._tcp", "TXT", '"path=/"'), Why.LEADS_TO_CALENDAR, needed=False),
        Entry(
            record("_caldavs._tcp", "SRV", "0 1 443 c.example.net."),
            Why.LEADS_TO_CALENDAR,
            needed=False,
        ),
        Entry(record("autodiscover", "A", "192.0.2.1"), Why.ASKED_BY_OUTLOOK, needed=True),
        Entry(record("autodiscover", "A", "192.0.2.2"), Why.ASKED_BY_OUTLOOK, needed=True),
    ),
    replace=(
        Entry(
            record("autoconfig", "CNAME", "new.example.net."),
            Why.LEFT_OVER,
            needed=True,
            old=record("autoconfig", "CNAME", "old.example.net.", 600),
            host="old.example.net",
        ),
        Entry(
            record("_imaps._tcp", "SRV", "0 1 993 new.example.net."),
            Why.OTHER_PORT,
            needed=False,
            old=record("_imaps._tcp", "CNAME", "old.example.net."),
            host="old.example.net",
        ),
    ),
    delete=(
        Entry(
            record("_autodiscover._tcp", "SRV", "0 0 443 old.example.net."),
            Why.LEFT_OVER,
            needed=True,
            host="old.example.net",
        ),
    ),
    keep=(
        Entry(record("autodiscover", "AAAA", "2001:db8::1"), Why.YOURS, needed=True),
        Entry(record("_pop3._tcp", "SRV", "0 0 0 ."), Why.NONE_SAID, needed=False),
    ),
    remarks=(Remark(What.ALIAS, {"name": "autodiscover.mail.example.fr"}),),
)
FAILED = Plan(Domain("failed.example"), None, failure="The name servers do not answer.")
SETTLED = Plan(Domain("settled.example"), None, keep=PLAN.keep)
READ_BY_EYE = Path(__file__).parent / "forms"
TARGETS = (
    Target(Domain("autoconfig.agency.example")),
    Target(
        addresses=(IPv4Address("192.0.2.1"), IPv4Address("192.0.2.2"), IPv6Address("2001:db8::1"))
    ),
)
OLD = """\
autoconfig 60 A 192.0.2.9
autodiscover CNAME a.example.net.
_submission._tcp SRV 0 0 465 a.example.net.
"""
"""A zone in which each offer finds something to replace and to delete."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_form_is_as_it_was_read_by_eye(form: str, lang: str) -> None:
    expected = (READ_BY_EYE / f"{form}-{lang}.txt").read_text(encoding="utf-8")
    assert FORMS[form]([PLAN, FAILED, SETTLED], lang) == expected


@pytest.fixture(
    params=[(name, target) for name in SERVICES for target in range(len(TARGETS))], ids=str
)
def plan(request: pytest.FixtureRequest) -> Plan:
    """Of every service, with a server that has a host, or addresses."""
    name, target = request.param
    present = read_zone(OLD, DOMAIN, "").records
    return make_plan(DOMAIN, SERVICES[name], present, TARGETS[target], CATALOGUE)


def new(plan: Plan) -> set[Record]:
    assert plan.replace
    assert plan.create
    return {entry.record for entry in (*plan.create, *plan.replace)}


def test_zone_form_is_read_as_the_records_to_add(plan: Plan) -> None:
    text = FORMS["zone"]([plan], "en")
    assert set(read_zone(text, DOMAIN, "").records) == new(plan)
    parsed = dns.zone.from_text(text, DOMAIN, relativize=False, check_origin=False)
    assert len([*parsed.iterate_rdatas()]) == len(new(plan))


def test_ovh_form_is_read_as_the_records_to_add(plan: Plan) -> None:
    text = FORMS["ovh"]([plan], "fr")
    assert set(read_zone(text, DOMAIN, "").records) == new(plan)
    assert not {"SOA", "NS", "MX"} & {each.type for each in new(plan)}


def test_comments_of_the_ovh_form_stand_above_the_records(plan: Plan) -> None:
    lines = FORMS["ovh"]([plan], "fr").splitlines()
    marks = [line.startswith(";") for line in lines]
    assert marks == sorted(marks, reverse=True)


RESOURCE = re.compile(
    r'^resource "ovh_domain_zone_record" "([a-z][a-z0-9_-]*)" \{\n(.*?)^\}$', re.M | re.S
)
ARGUMENT = re.compile(r"^  (\w+) += (.+)$", re.M)


def resources(text: str) -> dict[str, dict[str, Any]]:
    """The resources by label, each with its arguments; there must be nothing else but comments."""
    found = RESOURCE.findall(text)
    rest = RESOURCE.sub("", text)
    assert all(line.startswith("#") for line in rest.splitlines() if line)
    read = {
        label: {key: hcl(value) for key, value in ARGUMENT.findall(inside)}
        for label, inside in found
    }
    assert len(read) == len(found)
    return read


def hcl(value: str) -> Any:
    """A number, or a string in which nothing is a template."""
    assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{", value)
    return json.loads(value.replace("$${", "${").replace("%%{", "%{"))


def test_terraform_form_is_read_as_the_records_to_add(plan: Plan) -> None:
    """Of two plans, as the labels are unique."""
    other = replace(plan, domain=Domain("autoconfig.example.fr"))
    read = resources(FORMS["terraform"]([plan, other], "en"))
    records = [
        Record(f"{each['subdomain']}.{DOMAIN}.", each["fieldtype"], each["target"], each["ttl"])
        for each in read.values()
        if each["zone"] == DOMAIN
    ]
    assert set(records) == new(plan)
    assert len(read) == 2 * len(records)


HOSTILE = '"\\"${a} %{b} \\\\ no: # ; \\009 \u2028\n---\nx A 192.0.2.66"'
"""What a stranger's zone might hold, and more than DNS can say."""


@pytest.mark.parametrize("form", FORMS)
def test_hostile_value_stays_in_its_place(form: str) -> None:
    old = record("_caldavs._tcp", "TXT", HOSTILE)
    entry = Entry(
        record("_caldavs._tcp", "TXT", '"path=/"'),
        Why.NOT_YOURS,
        needed=True,
        old=old,
        host=HOSTILE,
    )
    plain = Plan(DOMAIN, None, replace=(entry._replace(old=record("x", "TXT", '"a"'), host="a"),))
    hostile = replace(plain, replace=(entry,), delete=(entry._replace(record=old, old=None),))
    assert uncommented(FORMS[form]([hostile], "en")) == uncommented(FORMS[form]([plain], "en"))


def uncommented(text: str) -> list[str]:
    return [line for line in text.split("\n") if not line.startswith(("#", ";"))]


def test_hostile_value_is_escaped_where_a_form_has_strings() -> None:
    entry = Entry(record("_caldavs._tcp", "TXT", HOSTILE), Why.LEADS_TO_CALENDAR, needed=False)
    plan = Plan(DOMAIN, None, create=(entry,))
    shown = printable(HOSTILE)
    assert [each["target"] for each in resources(FORMS["terraform"]([plan], "en")).values()] == [
        shown
    ]
    (line,) = re.findall(r"^  value: (.*)$", FORMS["octodns"]([plan], "en"), flags=re.MULTILINE)
    assert json.loads(line) == shown[1:-1].replace('\\"', '"').replace(";", "\\;")


def test_records_of_the_domain_itself_have_its_name() -> None:
    apex = Record(f"{DOMAIN}.", "A", "192.0.2.1")
    plan = Plan(DOMAIN, None, create=(Entry(apex, Why.YOURS, needed=True),))
    assert read_zone(FORMS["ovh"]([plan], "en"), DOMAIN, "").records == (apex,)
    (resource,) = resources(FORMS["terraform"]([plan], "en")).values()
    assert resource["subdomain"] == ""
    assert '\n"":\n' in FORMS["octodns"]([plan], "en")


def test_domain_that_is_no_part_of_another_needs_no_word_on_its_zone() -> None:
    plan = replace(PLAN, domain=Domain("example.fr"))
    assert all("These names are for" not in form([plan], "en") for form in FORMS.values())


@pytest.mark.parametrize("form", FORMS)
def test_plan_that_waits_for_its_owner_is_not_told_as_nothing_to_do(form: str) -> None:
    remark = Remark(What.NO_ROOM, {"name": "autoconfig.example.fr", "types": "TXT"}, open=True)
    text = FORMS[form]([Plan(Domain("example.fr"), None, remarks=(remark,))], "en")
    first, second, *_ = text.splitlines()
    assert first[2:] == "example.fr"
    assert second[2:].startswith("autoconfig.example.fr")

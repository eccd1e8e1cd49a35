"""SRV records: those that are wanted for a service, and the end of those that lead elsewhere."""

import pytest
from msgspec import structs

from autoconfig.offers.model import Server, Service
from autoconfig.zone.plan import Target, What
from tests.support.plans import DEFAULT_ZONE, planned, told
from tests.support.services import SERVICES, calendars_of, service_of

OUTLOOK, CALENDARS = "_autodiscover._tcp", "_caldavs._tcp"
SERVER = "autoconfig.agency.example."


def server(service: Service, protocol: str, socket: str) -> Server | None:
    """The one that the service prefers for the protocol, with this kind of TLS."""
    return next((each for each in service.of(protocol) if each.socket == socket), None)


def end(service: Service, protocol: str, socket: str) -> str:
    """Port and host, as an SRV record has them."""
    found = server(service, protocol, socket)
    assert found
    return f"{found.port} {found.host}."


def facts(service: Service) -> dict[str, str]:
    """What the lines below name of a service."""
    found = {
        "imaps": ("imap", "SSL"),
        "pop3s": ("pop3", "SSL"),
        "submission": ("smtp", "STARTTLS"),
        "submissions": ("smtp", "SSL"),
    }
    ends = {name: end(service, *kind) for name, kind in found.items() if server(service, *kind)} | {
        "srv": f"443 {service.dns.autodiscover_srv}."
    }
    ports = {f"{name}_port": value.split()[0] for name, value in ends.items()}
    hosts = {f"{name}_host": value.split()[1] for name, value in ends.items()}
    return ends | ports | hosts


@pytest.mark.parametrize("name", SERVICES)
def test_empty_zone_gets_what_leads_to_the_servers_of_the_service(name: str) -> None:
    service = SERVICES[name]
    told_by_facts = facts(service)
    priorities = {"imaps": 0, "pop3s": 10, "submission": 0, "submissions": 0}
    wanted = [
        f"create helps _{label}._tcp SRV {priority} 1 {told_by_facts[label]} (leads-to-server)"
        for label, priority in priorities.items()
        if label in told_by_facts
    ]
    wanted += [
        f"create helps {label}._tcp SRV 0 0 0 . (not-without-tls)" for label in ("_imap", "_pop3")
    ]
    if service.dns.autodiscover_srv:
        wanted += [f"create helps {OUTLOOK} SRV 0 0 {told_by_facts['srv']} (leads-to-outlook)"]
    if service.caldav:
        host = calendars_of(service).removeprefix("https://")
        wanted += [f"create helps {CALENDARS} SRV 0 1 443 {host}. (leads-to-calendar)"]
        wanted += [f'create helps {CALENDARS} TXT "path=/" (leads-to-calendar)']
    right = f"autoconfig CNAME {SERVER}\nautodiscover CNAME {SERVER}"
    plan = planned(service, right)
    lines = told(plan)
    assert sorted(lines[:-2]) == sorted(wanted)
    assert all(line.startswith("keep auto") for line in lines[-2:])
    assert plan.settled


MX_PLAN, ZIMBRA = service_of("mx-plan"), service_of("zimbra-starter")
PRO, EXCHANGE = service_of("email-pro", server="pro1"), service_of("exchange-hosted", server="ex4")
PRIVATE = service_of("exchange-private", server="mail.example.com")

OUTLOOK_CASES = {
    # Where the service has a server of its own.
    "service": (EXCHANGE, "0 0 443 ex4.mail.ovh.net.", "keep", "of-service"),
    "service-however-ranked": (EXCHANGE, "9 7 443 EX4.mail.ovh.net.", "keep", "of-service"),
    "service-at-other-port": (EXCHANGE, "0 0 80 ex4.mail.ovh.net.", "replace", "other-port"),
    "other-number": (EXCHANGE, "0 0 443 ex5.mail.ovh.net.", "replace", "other-server"),
    "other-offer": (EXCHANGE, "0 0 443 pro1.mail.ovh.net.", "replace", "other-offer"),
    "left-over": (EXCHANGE, "0 0 443 mailconfig.ovh.net.", "replace", "left-over"),
    "old": (PRO, "0 0 443 autodiscover.mail.ovh.net.", "replace", "server-unknown"),
    "foreign": (EXCHANGE, "0 0 443 mail.example.", "replace", "not-of-service"),
    "denied": (EXCHANGE, "0 0 0 .", "replace", "denied"),
    "yours-where-the-service-has-one": (
        EXCHANGE,
        "0 0 443 autoconfig.agency.example.",
        "replace helps",
        "service-expected",
    ),
    "own-host": (PRIVATE, "0 0 443 mail.example.com.", "keep", "of-service"),
    "own-host-other": (PRIVATE, "0 0 443 ex4.mail.ovh.net.", "replace", "other-offer"),
    "no-record": (EXCHANGE, "443 ex4.mail.ovh.net.", "replace", "unreadable"),
    # Where it has none.
    "none": (MX_PLAN, "0 0 0 .", "keep", "none-said"),
    "none-yours": (MX_PLAN, "0 0 443 autoconfig.agency.example.", "keep", "yours"),
    "none-own-name": (MX_PLAN, "0 0 443 autodiscover.example.fr.", "keep", "yours"),
    "none-yours-at-other-port": (
        MX_PLAN,
        "0 0 80 autoconfig.agency.example.",
        "delete",
        "other-port",
    ),
    "none-left-over": (MX_PLAN, "0 0 443 mailconfig.ovh.net.", "delete", "left-over"),
    "none-old": (MX_PLAN, "0 0 443 autodiscover.mail.ovh.net.", "delete", "server-unknown"),
    "none-zimbra": (MX_PLAN, "0 0 443 zimbra1.mail.ovh.net.", "delete", "other-offer"),
    "none-foreign": (MX_PLAN, "0 0 443 mail.example.", "delete", "not-of-service"),
    "none-domain": (MX_PLAN, "0 0 443 example.fr.", "delete", "not-of-service"),
}


@pytest.mark.parametrize(
    ("service", "value", "act", "why"), OUTLOOK_CASES.values(), ids=OUTLOOK_CASES
)
def test_record_for_outlook_leads_to_the_service_if_it_has_a_server_for_that(
    service: Service, value: str, act: str, why: str
) -> None:
    (line,) = told(planned(service, f"{OUTLOOK} SRV {value}"), OUTLOOK)
    act = act if " " in act or act == "keep" else f"{act} needed"
    wanted = f"0 0 {facts(service)['srv']} < SRV {value}" if "replace" in act else value
    assert line == f"{act} {OUTLOOK} SRV {wanted} ({why})"


def test_target_that_is_an_address_has_no_name_to_lead_outlook_to() -> None:
    target = Target(addresses=())
    plan = planned(MX_PLAN, f"{OUTLOOK} SRV 0 0 443 autodiscover.example.fr.", target)
    assert told(plan, OUTLOOK) == [f"keep {OUTLOOK} SRV 0 0 443 autodiscover.example.fr. (yours)"]


MAIL_CASES = {
    # _imaps: the service's, by any of its names.
    "imaps": (MX_PLAN, "_imaps SRV 0 0 {imaps}", "keep", "of-service"),
    "imaps-same-server": (
        MX_PLAN,
        "_imaps SRV 0 0 {imaps_port} ssl0.ovh.net.",
        "keep",
        "of-service",
    ),
    "imaps-other-port": (MX_PLAN, "_imaps SRV 0 0 1 {imaps_host}", "replace", "other-port"),
    "imaps-of-mx-plan": (
        EXCHANGE,
        "_imaps SRV 0 0 {imaps_port} ssl0.ovh.net.",
        "replace",
        "other-offer",
    ),
    "imaps-of-other-number": (
        PRO,
        "_imaps SRV 0 0 {imaps_port} pro2.mail.ovh.net.",
        "replace",
        "other-server",
    ),
    "imaps-foreign": (PRO, "_imaps SRV 0 0 993 imap.example.", "replace", "not-of-service"),
    "imaps-denied": (PRO, "_imaps SRV 0 0 0 .", "replace", "denied"),
    "imaps-at-the-webmail": (
        ZIMBRA,
        "_imaps SRV 0 0 993 zimbra1.mail.ovh.net.",
        "replace",
        "not-for-mail",
    ),
    "imaps-at-a-back-end": (
        EXCHANGE,
        "_imaps SRV 0 0 993 mxplan1.mail.ovh.net.",
        "replace",
        "other-offer",
    ),
    # _submission: STARTTLS alone.
    "submission": (PRO, "_submission SRV 0 0 {submission}", "keep", "of-service"),
    "submission-with-tls-at-once": (
        MX_PLAN,
        "_submission SRV 0 0 {submissions_port} ssl0.ovh.net.",
        "replace",
        "tls-at-once",
    ),
    "submission-at-no-port": (PRO, "_submission SRV 0 0 465 {imaps_host}", "replace", "other-port"),
    # _submissions, _smtps: where the service has it.
    "submissions": (MX_PLAN, "_submissions SRV 0 0 {submissions}", "keep", "of-service"),
    "submissions-with-starttls": (
        MX_PLAN,
        "_submissions SRV 0 0 {submission}",
        "replace",
        "starttls-only",
    ),
    "submissions-denied": (MX_PLAN, "_submissions SRV 0 0 0 .", "replace", "denied"),
    "no-submissions": (PRO, "_submissions SRV 0 0 465 {imaps_host}", "delete", "other-port"),
    "no-submissions-with-starttls": (
        PRO,
        "_submissions SRV 0 0 {submission}",
        "delete",
        "starttls-only",
    ),
    "no-submissions-and-so-said": (PRO, "_submissions SRV 0 0 0 .", "keep", "none-said"),
    "smtps": (MX_PLAN, "_smtps SRV 0 0 {submissions}", "keep", "of-service"),
    "smtps-denied": (MX_PLAN, "_smtps SRV 0 0 0 .", "keep", "none-said"),
    "smtps-of-mx-plan": (PRO, "_smtps SRV 0 0 465 ssl0.ovh.net.", "delete", "other-offer"),
    # _imap, _pop3: nothing begins without TLS.
    "imap-denied": (MX_PLAN, "_imap SRV 0 0 0 .", "keep", "none-said"),
    "imap-without-tls": (MX_PLAN, "_imap SRV 0 0 143 ssl0.ovh.net.", "replace", "without-tls"),
    "imap-with-tls-at-once": (MX_PLAN, "_imap SRV 0 0 {imaps}", "replace helps", "tls-at-once"),
    "pop3-foreign": (MX_PLAN, "_pop3 SRV 0 0 110 pop.example.", "replace", "not-of-service"),
}


@pytest.mark.parametrize(("service", "text", "act", "why"), MAIL_CASES.values(), ids=MAIL_CASES)
def test_record_of_mail_leads_to_a_server_that_the_service_has(
    service: Service, text: str, act: str, why: str
) -> None:
    label, kind, value = text.format(**facts(service)).split(maxsplit=2)
    (line,) = told(planned(service, f"{label}._tcp {kind} {value}"), f"{label}._tcp")
    wanted = value
    if "replace" in act:
        (new,) = told(planned(service, ""), f"{label}._tcp")
        wanted = f"{new.split('SRV ')[1].split(' (')[0]} < SRV {value}"
    act = act if " " in act or act == "keep" else f"{act} needed"
    assert line == f"{act} {label}._tcp SRV {wanted} ({why})"


def test_right_records_stay_and_wrong_ones_beside_them_go() -> None:
    right = [
        f"0 0 {end(MX_PLAN, 'imap', 'SSL')}",
        f"1 0 {facts(MX_PLAN)['imaps_port']} ssl0.ovh.net.",
    ]
    values = [*right, "2 0 993 imap.example."]
    zone = "\n".join(f"_imaps._tcp SRV {value}" for value in values)
    assert told(planned(MX_PLAN, zone), "_imaps._tcp") == [
        "delete needed _imaps._tcp SRV 2 0 993 imap.example. (not-of-service)",
        *(f"keep _imaps._tcp SRV {value} (of-service)" for value in right),
    ]


def test_name_that_the_configuration_gives_is_published_and_the_usual_one_stays() -> None:
    service = service_of("mx-plan", server="ssl0.ovh.net")
    usual = f"0 0 {end(MX_PLAN, 'imap', 'SSL')}"
    plan = planned(service, f"_imaps._tcp SRV {usual}")
    assert told(plan, "_imaps._tcp") == [f"keep _imaps._tcp SRV {usual} (of-service)"]
    (line,) = told(plan, "_pop3s._tcp")
    assert " ssl0.ovh.net. " in line


def test_protocol_that_the_operator_leaves_out_is_led_to_no_more() -> None:
    pop3 = f"0 0 {end(MX_PLAN, 'pop3', 'SSL')}"
    service = structs.replace(MX_PLAN, servers=MX_PLAN.of("imap", "smtp"))
    lines = told(planned(service, f"_pop3s._tcp SRV {pop3}"), "_pop3s._tcp", "_pop3._tcp")
    assert lines == [
        "create helps _pop3._tcp SRV 0 0 0 . (not-without-tls)",
        f"delete needed _pop3s._tcp SRV {pop3} (other-port)",
    ]


def test_server_that_begins_without_tls_is_led_to_where_the_offer_has_one() -> None:
    starttls = structs.replace(MX_PLAN.of("imap")[0], port=143, socket="STARTTLS")
    service = structs.replace(MX_PLAN, servers=(starttls, *MX_PLAN.of("smtp")))
    host = f"{starttls.host}."
    assert told(planned(service, f"_imap._tcp SRV 0 0 1 {host}"), "_imap._tcp", "_imaps._tcp") == [
        f"replace needed _imap._tcp SRV 0 1 143 {host} < SRV 0 0 1 {host} (other-port)"
    ]


def test_alias_at_the_name_of_a_record_is_left_alone_and_said() -> None:
    plan = planned(EXCHANGE, f"{OUTLOOK} CNAME _autodiscover._tcp.agency.example.")
    assert told(plan, OUTLOOK) == []
    (remark,) = plan.remarks
    assert (remark.what, remark.values) == (What.ALIAS, {"name": f"{OUTLOOK}.example.fr."})


CALENDAR = f"443 {calendars_of(ZIMBRA).removeprefix('https://')}."
CALENDAR_CASES = {
    "path-alone": (
        'TXT "path=/dav"',
        [
            f"create helps {CALENDARS} SRV 0 1 {CALENDAR} (leads-to-calendar)",
            f'keep {CALENDARS} TXT "path=/dav" (of-service)',
        ],
    ),
    "other-text": (
        f'SRV 0 0 {CALENDAR}\n{CALENDARS} TXT "hello"',
        [
            f'create helps {CALENDARS} TXT "path=/" (leads-to-calendar)',
            f"keep {CALENDARS} SRV 0 0 {CALENDAR} (of-service)",
        ],
    ),
    "other-port": (
        f'SRV 0 0 8{CALENDAR}\n{CALENDARS} TXT "path=/"',
        [
            f"replace needed {CALENDARS} SRV 0 1 {CALENDAR} < SRV 0 0 8{CALENDAR} (other-port)",
            f'keep {CALENDARS} TXT "path=/" (of-service)',
        ],
    ),
    "denied": (
        'SRV 0 0 0 .\n_caldavs._tcp TXT "path=/"',
        [
            f"replace needed {CALENDARS} SRV 0 1 {CALENDAR} < SRV 0 0 0 . (denied)",
            f'keep {CALENDARS} TXT "path=/" (of-service)',
        ],
    ),
    "elsewhere": ("SRV 0 0 443 cloud.example.fr.", []),
    "elsewhere-too": (f"SRV 0 0 {CALENDAR}\n{CALENDARS} SRV 0 0 443 cloud.example.fr.", []),
    "no-record": ("SRV 443 cloud.example.fr.", []),
    "alias": ("CNAME cloud.example.fr.", []),
}


@pytest.mark.parametrize(("zone", "lines"), CALENDAR_CASES.values(), ids=CALENDAR_CASES)
def test_calendars_are_led_to_unless_the_domain_has_them_elsewhere(
    zone: str, lines: list[str]
) -> None:
    assert told(planned(ZIMBRA, f"{CALENDARS} {zone}"), CALENDARS) == lines


def test_calendars_of_a_domain_whose_offer_has_none_are_not_looked_at() -> None:
    assert told(planned(MX_PLAN, f"{CALENDARS} SRV 0 0 {CALENDAR}"), CALENDARS) == []


def test_left_overs_of_a_new_zone_are_all_replaced_for_exchange() -> None:
    plan = planned(EXCHANGE, DEFAULT_ZONE)
    assert [entry.why for entry in plan.replace] == [
        *("left-over", "left-over", "left-over", "other-offer", "other-offer")
    ]
    assert all(entry.needed for entry in plan.replace)
    assert not plan.delete
    assert not plan.keep

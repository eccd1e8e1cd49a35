"""Zones of an account, read and written by the real client library at the stand-in."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from autoconfig.account.client import Account
from autoconfig.account.refusals import AccountError
from autoconfig.account.zones import Held, Stored, ZoneEditor, Zones
from autoconfig.names import Domain
from autoconfig.zone.record import Record
from tests.support.ovh_api import Fault, Server, StoredZone, faults
from tests.support.ovh_api.answers import Answer, no_such_service

ZONE = Domain("example.fr")
NAME = "autoconfig.example.fr."
ALIAS = Record(NAME, "CNAME", "mail.example.net.")


@pytest.mark.parametrize(
    ("stored", "record"),
    [
        (Stored("autoconfig", "CNAME", "mail.example.net."), ALIAS),
        (Stored("autoconfig", "CNAME", "mail"), (NAME, "CNAME", "mail.example.fr.")),
        (Stored("AutoConfig", "CNAME", "Mail.Example.NET."), ALIAS),
        (Stored("", "TXT", "path=/"), ("example.fr.", "TXT", '"path=/"')),
        (Stored("", "TXT", '"path" "=/"'), ("example.fr.", "TXT", '"path=/"')),
        (Stored("", "SPF", '"v=spf1 -all"'), ("example.fr.", "TXT", '"v=spf1 -all"')),
        (Stored("x", "AAAA", "2001:DB8:0::1"), ("x.example.fr.", "AAAA", "2001:db8::1")),
        (Stored("x", "SRV", "0 0 443 Mail"), ("x.example.fr.", "SRV", "0 0 443 mail.example.fr.")),
    ],
    ids=lambda value: f"{value.type} {value.target}" if isinstance(value, Stored) else "",
)
def test_record_of_the_api_means_a_record(stored: Stored, record: tuple[str, str, str]) -> None:
    assert [each.said for each in stored.records(ZONE)] == [tuple(record)[:3]]


def test_time_of_zero_is_that_of_the_zone() -> None:
    times = [Stored("x", "A", "192.0.2.1", ttl).records(ZONE)[0].ttl for ttl in (0, 3600, 60)]
    assert times == [3600, 3600, 60]


@pytest.mark.parametrize("name", ["example.fr.", NAME])
def test_record_of_a_plan_is_written_below_the_zone(name: str) -> None:
    stored = Stored.of(Record(name, "A", "192.0.2.1", 60), ZONE)
    assert stored == Stored("" if name == "example.fr." else "autoconfig", "A", "192.0.2.1", 60)


@pytest.mark.parametrize(
    ("domain", "zone"),
    [
        ("example.fr", "example.fr"),
        ("mail.example.co.uk", "example.co.uk"),
        ("a.deep.example.fr", "deep.example.fr"),
        ("anexample.fr", None),
        ("fr", None),
    ],
)
def test_domain_is_in_the_nearest_zone(
    account: Account, server: Server, domain: str, zone: str | None
) -> None:
    for name in ("example.co.uk", "deep.example.fr"):
        server.state.add_zone(name, "@ A 192.0.2.1")
    assert Zones(account).holding(Domain(domain)) == zone


@pytest.mark.parametrize("spelled", ["xn--caf-dma.example", "Café.example", "XN--CAF-DMA.Example."])
def test_zone_is_found_however_its_name_is_spelled(spelled: str) -> None:
    class Listed(Account):
        def get(self, path: str, **query: str | int) -> list[str]:
            return ["_dmarc.example", spelled]

    assert Zones(Listed(None, "eu", bool)).names == {"xn--caf-dma.example"}


def held(account: Account, *names: str) -> list[Held]:
    zones = Zones(account)
    return [*zones.held(zones.copy(ZONE).zone, names)]


def test_records_of_other_names_are_not_given(account: Account, zone: StoredZone) -> None:
    zone.put("xautodiscoverx_tcp", "SRV", "0 0 443 mail.example.net.")
    wanted = zone.put("_autodiscover._tcp", "SRV", "0 0 443 mail.example.net.")
    assert [each.id for each in held(account, "_autodiscover._tcp.example.fr.")] == [wanted]


@pytest.mark.parametrize("null", [False, True], ids=["empty", "null"])
def test_top_of_the_zone_is_empty_or_null(account: Account, zone: StoredZone, null: bool) -> None:  # noqa: FBT001  # a case
    zone.null_apex = null
    zone.put("", "A", "192.0.2.1")
    assert [each.record.value for each in held(account, "example.fr.")] == ["192.0.2.1"]


def test_records_that_no_plan_holds_are_set_aside_where_that_saves_calls(
    account: Account, zone: StoredZone, server: Server
) -> None:
    zone.put("", "MX", "1 mx1.example.net.")
    held(account, NAME)
    assert [call for call in server.called() if "?" in call] == [
        f"GET /domain/zone/{ZONE}/record?fieldType=NS"
    ]
    zone.put("", "MX", "5 mx2.example.net.")
    server.calls.clear()
    held(account, NAME)
    records = [call for call in server.called() if "/record/" in call]
    assert len(records) == 1


def test_record_that_no_plan_holds_is_not_given(account: Account, zone: StoredZone) -> None:
    zone.put("autoconfig", "MX", "1 mx1.example.net.")
    assert [each.stored.type for each in held(account, NAME)] == ["CNAME"]


def test_record_that_is_removed_meanwhile_is_absent(account: Account, server: Server) -> None:
    server.faults.append(
        Fault(faults.refuse(no_such_service()), path=f"/domain/zone/{ZONE}/record/*")
    )
    assert held(account, NAME) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/domain/zone", b"null"),
        ("/domain/zone", b"[1]"),
        ("*/export", b"[]"),
        ("*/record", b'{"a": 1}'),
        ("*/record", b'["1"]'),
        ("*/record/*", b"[]"),
        ("*/record/*", b'{"fieldType": "A", "target": null}'),
    ],
    ids=str,
)
def test_answer_in_another_shape_is_an_error(
    account: Account, server: Server, path: str, body: bytes
) -> None:
    server.faults.append(Fault(faults.answer(200, body), path=path))
    with pytest.raises(AccountError, match="not as documented"):
        assert Zones(account).holding(ZONE) is None or held(account, NAME)


# ---------------------------------------------------------------------------------------- writing

Act: TypeAlias = Callable[[faults.Effect], Answer]

NEW = Stored("autoconfig", "CNAME", "us.example.org.", 3600)
OLD = Held(1, Stored("autoconfig", "CNAME", "mail.example.net."), ALIAS)
PLANNED = (ALIAS, Record(NAME, "CNAME", "us.example.org."))


def editor(account: Account, *planned: Record) -> ZoneEditor:
    return ZoneEditor(account, ZONE, planned or PLANNED)


def test_record_is_changed_created_and_removed(account: Account, zone: StoredZone) -> None:
    (old,) = held(account, NAME)
    write = editor(account).write
    assert write(old, NEW) == 0
    assert zone.lines() == ["autoconfig 3600 CNAME us.example.org."]
    (changed,) = held(account, NAME)
    assert write(changed, None) == 0
    assert zone.lines() == []
    assert write(None, OLD.stored) in zone.edited
    assert zone.lines() == ["autoconfig 0 CNAME mail.example.net."]


@pytest.mark.parametrize(
    "answer", [faults.without_id, faults.empty, faults.answer(200, b"[]")], ids=["0", "no", "list"]
)
def test_number_of_a_new_record_may_be_left_out(
    account: Account, server: Server, answer: Act
) -> None:
    server.faults.append(Fault(answer, method="POST"))
    planned = Record("new.example.fr.", "A", "192.0.2.1")
    assert editor(account, planned).write(None, Stored("new", "A", "192.0.2.1")) == 0


def test_refresh_without_an_answer_is_one(
    account: Account, server: Server, zone: StoredZone
) -> None:
    server.faults.append(Fault(faults.empty, path="*/refresh"))
    editor(account).refresh()
    assert zone.refreshed == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, Stored("autoconfig", "CNAME", "else.example.org.")),
        (None, Stored("www", "CNAME", "us.example.org.")),
        (None, Stored("", "MX", "1 mx1.example.net.")),
        (None, Stored("", "NS", "ns.example.net.")),
        (None, Stored("", "SPF", '"v=spf1 -all"')),
        (OLD._replace(stored=Stored("", "TXT", '"v=spf1 -all"')), None),
        (OLD._replace(stored=Stored("_dmarc", "DMARC", '"v=DMARC1"')), None),
        (OLD, Stored("autoconfig", "A", "192.0.2.1")),
        (OLD, Stored("www", "CNAME", "us.example.org.")),
    ],
    ids=str,
)
def test_what_is_not_planned_is_never_written(
    account: Account, server: Server, old: Held | None, new: Stored | None
) -> None:
    """Even where a plan, against all rules, had such a record of a type that is never written."""
    planned = [*PLANNED, Record("example.fr.", "MX", "1 mx1.example.net.")]
    planned += [Record("example.fr.", "NS", "ns.example.net.")]
    planned += [Record("_dmarc.example.fr.", "TXT", '"v=DMARC1"')]
    planned += [Record(NAME, "A", "192.0.2.1")]
    with pytest.raises(AssertionError):
        editor(account, *planned).write(old, new)
    assert server.calls == []

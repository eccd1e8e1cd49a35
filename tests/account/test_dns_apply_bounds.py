"""The number of calls that `autoconfig dns --apply` makes of a zone."""

from pathlib import Path

import pytest

from tests.support.applying import DEFAULT_ZONE, DOMAIN, MX, customer

MANY = "\n".join(f"host{number} A 192.0.2.{number}" for number in range(1, 60))
TWO_MX = "\n".join(MX.splitlines()[:2])

ZONES = {
    "as it is made": DEFAULT_ZONE,
    "without mailboxes": TWO_MX,
    "of today": f'{MX}\n@ SPF "v=spf1 -all"\nwww CNAME example.fr.',
    "with many hosts": f"{DEFAULT_ZONE}\n{MANY}",
    "with calendars": f"{MX}\n_autodiscover._tcp SRV 0 0 443 old.example.net.",
}


@pytest.mark.parametrize("offer", ["mx-plan", "zimbra-starter"])
@pytest.mark.parametrize("text", ZONES.values(), ids=ZONES)
def test_zone_costs_no_more_calls_than_records_and_changes_and_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, offer: str
) -> None:
    with customer(tmp_path, monkeypatch, text) as owner:
        records = len(owner.zone.edited)
        assert owner.apply("--offer", offer).exit_code == 0
        assert owner.zone.refreshed == 1
        calls = [call for call in owner.server.calls if f"/{DOMAIN}/" in call.path]
        changes = [call for call in calls if call.method in {"POST", "PUT", "DELETE"}][:-1]
        assert len(calls) <= records + len(changes) + 1
        assert len({*owner.server.calls}) == len(owner.server.calls)


def test_zone_with_a_single_mx_costs_one_call_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its list of MX records would save nothing: `docs/reference.md` says so."""
    with customer(tmp_path, monkeypatch, MX.splitlines()[0]) as owner:
        records = len(owner.zone.edited)
        owner.apply()
        calls = [call for call in owner.server.calls if f"/{DOMAIN}/" in call.path]
        changes = [call for call in calls if call.method in {"POST", "PUT", "DELETE"}][:-1]
        assert len(calls) == records + len(changes) + 2

"""`autoconfig dns --apply` and `--undo`, at the stand-in for OVHcloud's API."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.applying import (
    APPLY,
    DEFAULT_ZONE,
    DOMAIN,
    HOST,
    MX,
    Customer,
    customer,
    end,
)
from tests.support.ovh_api import Fault, faults
from tests.support.ovh_api.answers import Answer, bad
from tests.support.services import service_of

POP3S, SUBMISSION, SUBMISSIONS = (
    end(*each) for each in (("pop3", "SSL"), ("smtp", "STARTTLS"), ("smtp", "SSL"))
)
WANTED = sorted(
    [
        *(line.replace(" MX", " 0 MX") for line in MX.splitlines()),
        "@ 0 A 192.0.2.10",
        '@ 0 TXT "1|www.example.fr"',
        '@ 600 SPF "v=spf1 -all"',
        "_imap._tcp 3600 SRV 0 0 0 .",
        f"_imaps._tcp 0 SRV 0 0 {end('imap', 'SSL')}",
        "_pop3._tcp 3600 SRV 0 0 0 .",
        f"_pop3s._tcp 3600 SRV 10 1 {POP3S}",
        f"_submission._tcp 3600 SRV 0 1 {SUBMISSION}",
        f"_submissions._tcp 3600 SRV 0 1 {SUBMISSIONS}",
        f"autoconfig 3600 CNAME {HOST}.",
        f"autodiscover 3600 CNAME {HOST}.",
        "mail 0 CNAME old.example.net.",
        "www 0 A 192.0.2.10",
        'www 0 TXT "3|welcome"',
    ]
)
"""`DEFAULT_ZONE`, with the service's own records in place of what was wrong."""


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Customer]:
    with customer(tmp_path, monkeypatch) as owner:
        yield owner


def test_zone_is_brought_to_the_plan_and_served(owner: Customer) -> None:
    result = owner.apply()
    assert result.exit_code == 0, result.output
    assert owner.zone.lines(served=True) == owner.zone.lines() == WANTED
    assert "name servers serve what was written" in result.stderr


def test_plan_is_shown_before_the_first_write(owner: Customer) -> None:
    """On standard output; each change as it is done on standard error."""
    owner.server.faults.append(Fault(faults.broken_before, method="PUT"))
    result = owner.apply()
    assert f"create   helps   _imap._tcp.{DOMAIN}." in result.stdout
    assert owner.server.called("POST", "DELETE") == []


def test_addresses_stand_in_place_of_an_alias(owner: Customer) -> None:
    result = owner.run(DOMAIN, *APPLY[:2], "--to", "192.0.2.99", *APPLY[4:])
    assert result.exit_code == 0, result.output
    names = {"autoconfig", "autodiscover"}
    assert [line for line in owner.zone.lines(served=True) if line.split()[0] in names] == [
        f"{name} 3600 A 192.0.2.99" for name in sorted(names)
    ]


def test_second_run_has_nothing_to_do(owner: Customer) -> None:
    owner.apply()
    owner.server.calls.clear()
    result = owner.apply()
    assert (result.exit_code, result.stdout) == (0, f"{DOMAIN}, MX Plan: nothing to do\n")
    assert owner.server.called() == ["GET /domain/zone", f"GET /domain/zone/{DOMAIN}/export"]
    assert len(owner.journals()) == 1


def test_undo_leads_back(owner: Customer) -> None:
    was = owner.zone.lines()
    owner.apply()
    result = owner.run("--undo", str(owner.journals()[0]), "--yes")
    assert result.exit_code == 0, result.output
    assert owner.zone.lines(served=True) == owner.zone.lines() == was
    again = owner.run("--undo", str(owner.journals()[0]), "--yes")
    assert (again.exit_code, again.stdout) == (0, f"{DOMAIN}: nothing to do\n")


def test_undo_can_be_undone(owner: Customer) -> None:
    owner.apply()
    owner.run("--undo", str(owner.journals()[0]), "--yes")
    owner.run("--undo", str(owner.journals()[1]), "--yes")
    assert owner.zone.lines(served=True) == WANTED


# ------------------------------------------------------------------------------------------ asking


def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("", 1)])
def test_person_is_asked(
    owner: Customer, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    at_a_terminal(monkeypatch)
    was = owner.zone.lines()
    result = owner.run(DOMAIN, *APPLY[:-1], typed=answer)
    assert "Write these 10 changes into 1 zone at OVHcloud? [y/N]" in result.stderr
    assert result.exit_code == code
    assert owner.zone.lines() == (was if code else WANTED)
    assert len(owner.journals()) == 1 - code


def test_person_is_asked_in_french(owner: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_terminal(monkeypatch)
    result = owner.run(DOMAIN, *APPLY[:-1], "--lang", "fr", typed="n\n")
    asked = "Écrire 10 changements dans 1 zone chez OVHcloud ? (oui : y, non : n) [y/N]"
    assert asked in result.stderr


@pytest.mark.parametrize("undo", [False, True], ids=["apply", "undo"])
def test_nothing_is_written_where_nobody_can_be_asked(owner: Customer, undo: bool) -> None:  # noqa: FBT001  # a case
    if undo:
        owner.apply()
    was = owner.zone.lines()
    arguments = ["--undo", str(owner.journals()[0])] if undo else [DOMAIN, *APPLY[:-1]]
    owner.server.calls.clear()
    result = owner.run(*arguments)
    assert result.exit_code == 2
    assert "there is no terminal to ask at, so give --yes" in result.stderr
    assert f"{DOMAIN}" in result.stdout
    assert owner.zone.lines() == was
    assert owner.server.called("POST", "PUT", "DELETE") == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((DOMAIN, "--yes"), "--yes and --journal go with --apply or --undo"),
        ((DOMAIN, "--journal", "x"), "--yes and --journal go with --apply or --undo"),
        ((DOMAIN, "--undo", "x"), "--undo takes one journal"),
        (("--apply", "--undo", "x"), "--undo takes one journal"),
        (("--undo", "x", "--config", "y"), "--undo takes one journal"),
        (("--undo", "x", "--zone", "y"), "--apply and --undo read the zones themselves"),
        ((DOMAIN, *APPLY, "--zone", "-"), "--apply and --undo read the zones themselves"),
        ((DOMAIN, *APPLY, "--format", "zone"), "--apply and --undo read the zones themselves"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_options_that_contradict_are_refused(
    owner: Customer, arguments: tuple[str, ...], told: str
) -> None:
    result = owner.run(*arguments)
    assert (result.exit_code, told in result.stderr) == (2, True), result.output
    assert owner.server.calls == []


def test_plan_is_shown_as_json(owner: Customer) -> None:
    (plan,) = json.loads(owner.apply("--json").stdout)
    assert len(plan["create"]) == 4
    assert owner.zone.lines() == WANTED


# ----------------------------------------------------------------------------------------- journals


def test_journal_has_the_name_that_it_is_given(owner: Customer) -> None:
    was = owner.zone.lines()
    owner.apply("--journal", "mine.jsonl")
    assert owner.journals() == []
    owner.run("--undo", "mine.jsonl", "--yes", "--journal", "back.jsonl")
    assert owner.zone.lines() == was
    assert Path("back.jsonl").exists()


def test_file_that_is_there_is_no_new_journal(owner: Customer) -> None:
    Path("mine").write_text("mine")
    result = owner.apply("--journal", "mine")
    assert (result.exit_code, "error: mine: File exists" in result.stderr) == (2, True)
    assert owner.server.called("POST", "PUT", "DELETE") == []


@pytest.mark.parametrize(
    ("content", "told"), [(None, "No such file"), ("mine\n", "is no journal of")]
)
def test_file_that_is_no_journal_undoes_nothing(
    owner: Customer, content: str | None, told: str
) -> None:
    if content:
        Path("mine").write_text(content)
    result = owner.run("--undo", "mine", "--yes")
    assert (result.exit_code, told in result.stderr) == (2, True)
    assert owner.server.calls == []


def test_wrong_resolver_undoes_nothing(owner: Customer) -> None:
    owner.apply()
    result = owner.run("--undo", str(owner.journals()[0]), "--resolver", "no such")
    assert (result.exit_code, "--resolver" in result.stderr) == (2, True)


# ----------------------------------------------------------------------------------------- accounts


def test_domain_whose_zone_is_elsewhere_is_said_and_left_out(owner: Customer) -> None:
    result = owner.run("example.com", DOMAIN, *APPLY)
    assert result.exit_code == 1
    assert "No zone of this account has the domain" in result.stdout
    assert owner.zone.lines(served=True) == WANTED


def test_domain_below_another_is_written_into_its_zone(owner: Customer) -> None:
    result = owner.run(DOMAIN, f"mail.{DOMAIN}", *APPLY)
    assert result.exit_code == 0, result.output
    assert f"autoconfig.mail 3600 CNAME {HOST}." in owner.zone.lines(served=True)
    assert owner.zone.refreshed == 1
    refreshed = [call for call in owner.server.called() if call.endswith("/refresh")]
    assert len(refreshed) == 1


def test_zones_of_other_domains_are_not_touched(owner: Customer) -> None:
    owner.state.add_zone("example.org", DEFAULT_ZONE)
    owner.apply()
    assert not [call for call in owner.server.called() if "example.org" in call]


def test_zone_that_cannot_be_read_stops_no_other(owner: Customer) -> None:
    owner.state.add_zone("example.org", DEFAULT_ZONE)
    owner.server.faults.append(Fault(faults.EXPIRED, path="/domain/zone/example.org/*"))
    result = owner.run("example.org", DOMAIN, *APPLY)
    assert result.exit_code == 1
    assert "example.org: no plan" in result.stdout
    assert owner.zone.lines(served=True) == WANTED


def test_zone_that_cannot_be_read_is_not_undone(owner: Customer) -> None:
    owner.apply()
    owner.server.faults.append(Fault(faults.EXPIRED, path="*/export"))
    result = owner.run("--undo", str(owner.journals()[0]), "--yes")
    assert result.exit_code == 1
    assert f"{DOMAIN}: no plan" in result.stdout


def test_zone_that_is_not_in_the_account_is_not_undone(owner: Customer) -> None:
    owner.apply()
    owner.state.zones = {"example.org": owner.zone}
    result = owner.run("--undo", str(owner.journals()[0]), "--yes")
    assert result.exit_code == 1
    assert "No zone of this account has the domain" in result.stdout


def test_missing_keys_are_told(owner: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OVH_CONSUMER_KEY")
    result = owner.apply()
    assert result.exit_code == 2
    assert "?GET=/domain/zone&" in result.stderr
    assert "Asking" not in result.stderr
    assert result.stderr.splitlines()[-1].startswith("error: ")


RULES = {
    "GET /domain/zone": True,
    "GET /domain/zone/*": True,
    "POST /domain/zone/*/record": False,
    "PUT /domain/zone/*/record/*": False,
    "DELETE /domain/zone/*/record/*": False,
    "POST /domain/zone/*/refresh": False,
}
"""The rules of a key, and whether a plan alone needs them."""


@pytest.mark.parametrize("lacking", [rule for rule, reads in RULES.items() if not reads])
def test_missing_right_is_told_before_the_first_write(owner: Customer, lacking: str) -> None:
    owner.state.grant(*(rule for rule in RULES if rule != lacking))
    result = owner.apply()
    assert result.exit_code == 1
    assert f"error: nothing is written, as the key lacks rights to {DOMAIN}: " in result.stderr
    assert lacking in result.stderr.splitlines()[-1]
    assert lacking.replace(" ", "=") in result.stderr
    assert owner.server.called("POST", "PUT", "DELETE") == []
    assert owner.journals() == []


def test_right_that_nothing_needs_may_be_missing(owner: Customer) -> None:
    owner.apply()
    owner.zone.edited = {
        number: row for number, row in owner.zone.edited.items() if row["subDomain"] != "autoconfig"
    }
    owner.state.grant(*(rule for rule in RULES if not rule.startswith(("PUT", "DELETE"))))
    assert owner.apply().exit_code == 0
    assert owner.zone.lines() == WANTED


def test_api_that_tells_no_rights_stops_nothing(owner: Customer) -> None:
    owner.state.details = False
    assert owner.apply().exit_code == 0


# ------------------------------------------------------------------------------- what stops a run


def test_zone_that_somebody_changes_meanwhile_is_not_written(owner: Customer) -> None:
    def somebody(effect: faults.Effect) -> Answer:
        owner.zone.put("autoconfig", "TXT", '"theirs"')
        return effect()

    owner.server.faults.append(Fault(somebody, path="/auth/details"))
    result = owner.apply()
    assert result.exit_code == 1
    assert "error: somebody has changed the zone example.fr since the plan" in result.stderr
    assert f"  {DOMAIN}: not begun" in result.stderr
    assert owner.server.called("POST", "PUT", "DELETE") == []
    assert owner.journals() == []


def test_record_that_cannot_be_read_meanwhile_tells_what_is_done(owner: Customer) -> None:
    other = owner.state.add_zone("example.org", DEFAULT_ZONE)

    def somebody(effect: faults.Effect) -> Answer:
        other.put("autoconfig", "SRV", "theirs")
        return effect()

    owner.server.faults.append(Fault(somebody, path="/auth/details"))
    result = owner.run(DOMAIN, "example.org", *APPLY)
    assert result.exit_code == 2
    assert "stopped after 10 changes; not done:\n  example.org: not begun\n" in result.stderr
    assert 'error: autoconfig in the zone example.org: line 1: found "theirs"' in result.stderr


def test_failure_stops_all_and_tells_what_is_done(owner: Customer) -> None:
    owner.state.add_zone("example.org", DEFAULT_ZONE)
    owner.server.faults.append(Fault(faults.broken_before, method="POST"))
    result = owner.run(DOMAIN, "example.org", *APPLY)
    assert result.exit_code == 1
    (journal,) = owner.journals()
    told = result.stderr.splitlines()
    told = told[told.index("stopped after 3 changes; not done:") :]
    assert told[:-1] == [
        "stopped after 3 changes; not done:",
        f"  {DOMAIN}: create autodiscover.{DOMAIN}. CNAME {HOST}.",
        f"  {DOMAIN}: replace _submission._tcp.{DOMAIN}. SRV 0 1 {SUBMISSION} "
        "(was 0 0 465 old.example.net.)",
        f"  {DOMAIN}: create _pop3s._tcp.{DOMAIN}. SRV 10 1 {POP3S}",
        f"  {DOMAIN}: create _submissions._tcp.{DOMAIN}. SRV 0 1 {SUBMISSIONS}",
        f"  {DOMAIN}: create _imap._tcp.{DOMAIN}. SRV 0 0 0 .",
        f"  {DOMAIN}: create _pop3._tcp.{DOMAIN}. SRV 0 0 0 .",
        f"  {DOMAIN}: delete _autodiscover._tcp.{DOMAIN}. SRV 0 0 443 old.example.net.",
        f"  {DOMAIN}: refresh",
        "  example.org: not begun",
        f"the same command goes on from here; `autoconfig dns --undo {journal}` takes it back",
    ]
    assert told[-1].startswith("error: ")
    assert owner.zone.refreshed == 0


def test_failure_says_that_the_next_run_needs_a_journal_of_its_own(owner: Customer) -> None:
    owner.server.faults.append(Fault(faults.broken_before, method="POST"))
    result = owner.apply("--journal", "mine.jsonl")
    assert "the same command, with another --journal, goes on from here; " in result.stderr


def test_record_that_is_put_back_is_said(owner: Customer) -> None:
    owner.server.faults.append(Fault(faults.refuse(bad("no")), method="POST", times=1))
    result = owner.apply()
    assert f"{DOMAIN}: put back autodiscover.{DOMAIN}. A 192.0.2.20" in result.stderr
    assert "stopped after 1 change; not done:" in result.stderr
    assert owner.apply().exit_code == 0
    assert owner.zone.lines(served=True) == WANTED


def test_ctrl_c_tells_what_is_done(owner: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(effect: faults.Effect) -> Answer:
        monkeypatch.setattr("autoconfig.account.client.Account.put", stop)
        return effect()

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    owner.server.faults.append(Fault(interrupted, path="/auth/details"))
    result = owner.apply()
    assert result.exit_code == 130
    assert "stopped after 0 changes; not done:" in result.stderr


# ---------------------------------------------------------------------------------- name servers


def test_zone_that_is_not_served_yet_is_no_failure(owner: Customer) -> None:
    owner.dns.late = 100
    result = owner.apply()
    assert result.exit_code == 0
    assert f"not served yet: {DOMAIN}\n" in result.stderr


def test_name_servers_are_asked_again_for_some_seconds(owner: Customer) -> None:
    owner.dns.late = 3
    result = owner.apply()
    assert "name servers serve what was written" in result.stderr


def test_zone_that_was_written_elsewhere_and_not_refreshed_is_refreshed(owner: Customer) -> None:
    owner.apply()
    owner.journals()[0].unlink()
    kept = owner.zone.served
    owner.zone.served = {}
    result = owner.apply()
    assert "it will be refreshed" in result.stdout
    assert owner.zone.served == kept


def test_refresh_alone_is_asked_for(owner: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    owner.apply()
    owner.zone.served = {}
    at_a_terminal(monkeypatch)
    result = owner.run(DOMAIN, *APPLY[:-1], typed="y\n")
    assert "Refresh 1 zone at OVHcloud? [y/N]" in result.stderr
    assert owner.zone.lines(served=True) == WANTED


def test_name_servers_that_the_zone_does_not_name_are_said(owner: Customer) -> None:
    owner.dns.changes = {"asked": ("ns1.elsewhere.example",), "records": ()}
    result = owner.apply()
    assert "name servers are ns1.elsewhere.example, which this" in result.stdout
    assert owner.zone.lines() == WANTED


def test_failed_look_up_is_a_remark(owner: Customer) -> None:
    owner.dns.changes = {"failure": "SERVFAIL", "records": ()}
    result = owner.apply()
    assert result.exit_code == 0
    assert "the look-up failed (SERVFAIL)" in result.stdout.replace("\n", " ").replace("  ", " ")
    assert f"could not be asked whether they serve it: {DOMAIN}\n" in result.stderr
    assert owner.zone.lines(served=True) == WANTED


def test_journal_tells_of_a_zone_that_nobody_can_look_up(owner: Customer) -> None:
    owner.server.faults.append(Fault(faults.broken_before, path="*/refresh"))
    owner.apply()
    owner.server.faults.clear()
    owner.dns.changes = {"failure": "SERVFAIL", "records": ()}
    assert owner.apply().exit_code == 0
    assert owner.zone.lines(served=True) == WANTED


# ------------------------------------------------------------------------------------ exit codes


ZIMBRA = f"_autodiscover._tcp SRV 0 0 443 {service_of('zimbra-starter').dns.autodiscover_srv}."


def test_zone_that_agrees_when_all_is_written_is_settled(
    owner: Customer,
) -> None:
    """A record of another offer, which goes, was all that told of it."""
    owner.state.add_zone(DOMAIN, f"{MX}\n{ZIMBRA}")
    assert owner.apply().exit_code == 0
    assert ZIMBRA.replace(" SRV", " 0 SRV") not in owner.zone.lines()


def test_mail_that_is_elsewhere_is_no_success(owner: Customer) -> None:
    """Though all is written."""
    owner.state.add_zone(DOMAIN, "@ MX 1 mx.elsewhere.example.")
    assert owner.apply().exit_code == 1
    assert f"autoconfig 3600 CNAME {HOST}." in owner.zone.lines(served=True)


def test_name_without_room_is_no_success(owner: Customer) -> None:
    owner.state.add_zone(DOMAIN, f'{MX}\nautoconfig TXT "mine"')
    assert owner.apply().exit_code == 1
    assert 'autoconfig 0 TXT "mine"' in owner.zone.lines(served=True)

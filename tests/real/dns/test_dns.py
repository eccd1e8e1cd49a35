"""`autoconfig dns` by real name servers: its plans are those for the text of the same zone."""

import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dns.rcode
import pytest
from click.testing import CliRunner

from autoconfig.cli import main
from autoconfig.names import Domain
from tests.real.dns.middleman import (
    ADDRESS,
    Manner,
    Middleman,
    failing,
    lame,
    silent,
    slow,
    truncating,
)
from tests.real.dns.name_servers import RESOLVER, SECOND, name_server
from tests.real.dns.planned_zones import TWO_COPIES, copy
from tests.real.programs import program, public_folder
from tests.support.zones import CANADIAN_MX, HEAD, MX, OLD_RECORDS, ZONES, Zone, srv

TARGET = "autoconfig.agency.example"
TO = ("--to", TARGET)
FEW = ("zone-002.com", "zone-004.pl")
NAMES = "".join(f"{zone.domain}\n" for zone in ZONES)
WAYS = {"offer": ("--offer", "mx-plan"), "told": ()}
"""Under one offer, and as the zone tells."""

LOST = "Nothing is known, as the look-up failed ("
UNANSWERED = {
    way: {zone.id for zone in ZONES if not zone.kept.answers}
    | {"srv-alone-lame", "srv-alone-lame-and-mail-elsewhere", *more}
    for way, more in ((WAYS["offer"], ()), (WAYS["told"], ("dkim-alone-lame",)))
}
"""Zones that cannot be looked up, though the text has all of it: a name server is lame, say."""


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [program("autoconfig"), "dns", *arguments, *TO]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


def plans(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """By domain."""
    assert done.returncode in (0, 1), done.stderr
    return {each["domain"]: each for each in json.loads(done.stdout)}


@pytest.fixture(scope="module", params=WAYS)
def live(request: pytest.FixtureRequest) -> tuple[tuple[str, ...], dict[str, dict[str, Any]]]:
    """The plans of all zones at once, by the resolver and the zones' own name servers."""
    way = WAYS[request.param]
    return way, plans(run("-", "--json", "--resolver", RESOLVER, *way, stdin=NAMES))


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.id)
def test_plan_is_that_for_the_text(
    zone: Zone, live: tuple[tuple[str, ...], dict[str, dict[str, Any]]]
) -> None:
    way, found = live
    text = f"$ORIGIN {zone.apex}.\n{zone.bind}"
    arguments = ["dns", zone.domain, *TO, *way, "--json", "--zone", "-"]
    done = CliRunner().invoke(main, arguments, input=text)
    if zone.id in UNANSWERED[way]:
        assert found[zone.domain]["failure"].startswith(LOST)
    else:
        assert timeless(found[zone.domain]) == timeless(json.loads(done.stdout)[0])


def timeless(told: Any) -> Any:
    """Without the time to live, of which a resolver may tell what is left."""
    match told:
        case dict():
            return {key: timeless(each) for key, each in told.items() if key != "ttl"}
        case list():
            return [timeless(each) for each in told]
    return told


# -------------------------------------------------------------------------------------- many copies


def records_of(plan: Mapping[str, Any], *lists: str) -> set[tuple[str, str, str]]:
    return {(each["name"], each["type"], each["value"]) for act in lists for each in plan[act]}


def two_copies(second: str, folder: Path) -> tuple[subprocess.CompletedProcess[str], Any]:
    """What is said of the zone of two name servers, of which the second one has this copy."""
    arguments = (TWO_COPIES, "--offer", "mx-plan", "--resolver", RESOLVER)
    with name_server(SECOND, {Domain(TWO_COPIES): second}, folder):
        return run(*arguments), plans(run(*arguments, "--json"))[TWO_COPIES]


SETTLED = f"autoconfig IN CNAME {TARGET}.\nautodiscover IN CNAME {TARGET}.\n"


def test_newest_copy_is_planned_and_what_the_others_have_is_pending() -> None:
    with public_folder() as folder:
        done, plan = two_copies(copy(SETTLED, 11), folder)
    assert done.returncode == 0, done.stdout
    assert "Asked dns112.ovh.net, ns.second.zone-000.com too" in done.stderr
    assert plan["delete"] == plan["replace"] == []
    behind = {each["name"]: each["behind"] for each in plan["pending"]}
    assert behind.keys() >= {f"{name}.{TWO_COPIES}." for name in ("autoconfig", "autodiscover")}
    assert {"dns112.ovh.net"} <= {name for names in behind.values() for name in names}


def test_older_copy_is_behind() -> None:
    with public_folder() as folder:
        done, plan = two_copies(copy(SETTLED, 9), folder)
    assert done.returncode == 1
    assert len(plan["replace"]) >= 2
    assert "ns.second.zone-000.com" in done.stdout


def test_same_copies_leave_nothing_pending() -> None:
    with public_folder() as folder:
        _, plan = two_copies(copy(OLD_RECORDS, 10), folder)
    behind = {name for each in plan["pending"] for name in each["behind"]}
    assert behind <= {RESOLVER}  # which may have kept another one


# --------------------------------------------------------------------------------- before and after

OFFERS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "mx-plan": (("--offer", "mx-plan"), MX + OLD_RECORDS),
    "mx-plan-ca": (("--offer", "mx-plan", "--region", "ca"), CANADIAN_MX + OLD_RECORDS),
    "zimbra-starter": (
        ("--offer", "zimbra-starter"),
        MX + OLD_RECORDS + srv("zimbra1.mail.ovh.net.", priority=5),
    ),
    "zimbra-pro": (("--offer", "zimbra-pro"), MX + srv("zimbra1.mail.ovh.net.")),
    "email-pro": (("--offer", "email-pro", "--server", "pro2"), MX + OLD_RECORDS),
    "exchange-hosted": (("--offer", "exchange-hosted", "--server", "ex4"), MX + OLD_RECORDS),
    "exchange-private": (
        ("--offer", "exchange-private", "--server", "mail.customer.example"),
        "@ IN MX 1 mail.customer.example.\n" + OLD_RECORDS,
    ),
    "nothing": (("--offer", "mx-plan"), ""),
}
"""What a zone holds before, under each offer."""
CHANGING = "zone-951.com"


def changed(before: str, plan: Mapping[str, Any], printed: str) -> str:
    """The zone without what is to go, and with what `--format zone` prints, as it is."""
    gone = {
        *records_of(plan, "delete"),
        *(
            (each["name"], each.get("old_type", each["type"]), each["old"])
            for each in plan["replace"]
        ),
    }
    kept = [
        line
        for line in before.splitlines()
        if (f"{line.split()[0]}.{CHANGING}.", *line.split(maxsplit=3)[2:]) not in gone
    ]
    return "\n".join([HEAD, *kept, printed, ""])


@pytest.mark.parametrize("offer", OFFERS)
def test_zone_with_what_was_printed_has_nothing_more_to_do(offer: str) -> None:
    options, before = OFFERS[offer]
    asked = (CHANGING, *options)
    found = run(*asked, "--json", "--zone", "-", stdin=HEAD + before)
    printed = run(*asked, "--format", "zone", "--zone", "-", stdin=HEAD + before)
    after = changed(before, plans(found)[CHANGING], printed.stdout)
    assert (found.returncode, printed.returncode) == (1, 1)
    with public_folder() as folder, name_server(SECOND, {Domain(CHANGING): after}, folder):
        assert "error" not in (folder / "nsd.log").read_text()
        done = run(*asked, "--json", "--resolver", SECOND)
    plan = plans(done)[CHANGING]
    assert (done.returncode, plan["failure"]) == (0, None), done.stdout
    assert {act: plan[act] for act in ("create", "replace", "delete")} == {
        "create": [],
        "replace": [],
        "delete": [],
    }


# ------------------------------------------------------------------------- resolvers that misbehave


@pytest.mark.parametrize(
    "manner",
    [silent, failing(dns.rcode.SERVFAIL), failing(dns.rcode.REFUSED), lame, truncating],
    ids=["silent", "servfail", "refused", "lame", "truncating"],
)
def test_look_up_that_fails_is_no_plan(manner: Manner) -> None:
    with Middleman(tcp=False) as middleman:
        middleman.manner = manner
        done = run(*FEW, "--json", "--offer", "mx-plan", "--resolver", ADDRESS)
    for plan in plans(done).values():
        assert plan["failure"].startswith(LOST)
        assert records_of(plan, "create", "delete", "keep") == set()
    assert done.returncode == 1


def test_four_hundred_domains_are_planned_side_by_side() -> None:
    """The bound is 20 s at 50 ms a question; it is printed and not held (`pytest -rP`)."""
    names = "\n".join(f"a{number}.zone-024.fr" for number in range(400))  # a wildcard has them all
    with Middleman() as middleman:
        middleman.manner = slow(0.05)
        began = time.monotonic()
        done = run("-", "--json", "--offer", "mx-plan", "--resolver", ADDRESS, stdin=names)
        seconds = time.monotonic() - began
    print(f"400 domains in {seconds:.1f} s")  # noqa: T201  # the bound
    assert {each["failure"] for each in plans(done).values()} == {None}
    assert middleman.most >= 100

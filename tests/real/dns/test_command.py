"""`autoconfig detect` reads every zone of the table as the facts say, by real name servers."""

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dns.rcode
import pytest

from autoconfig.config.load import load_config
from autoconfig.offers.catalogue import load_catalogue
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
from tests.real.dns.name_servers import LAME, RESOLVER, UNREACHABLE
from tests.real.programs import program
from tests.support.zones import ZONES, Expected, Zone

NAMES = "".join(f"{zone.name or zone.domain}\n" for zone in ZONES)
ANSWERED = [zone for zone in ZONES if zone.expected.is_answered]
FEW = [zone.domain for zone in ANSWERED[:20]]


def detect(*arguments: str | Path, names: str = "") -> subprocess.CompletedProcess[str]:
    command = [program("autoconfig"), "detect", *arguments]
    return subprocess.run(command, input=names, capture_output=True, text=True, check=False)


def found(done: subprocess.CompletedProcess[str]) -> dict[str, Expected]:
    """Each domain's finding, in the order of the output."""
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    keys = ("confidence", "offer", "region", "server")
    return {row["domain"]: Expected(*(row[key] for key in keys)) for row in rows}


def confidences(findings: Mapping[str, Expected]) -> set[str]:
    return {each.confidence for each in findings.values()}


@pytest.fixture(scope="module", params=["named", "of the system"])
def survey(request: pytest.FixtureRequest) -> dict[str, Expected]:
    """All zones at once, by a resolver that is named, and by that of /etc/resolv.conf."""
    named = ("--resolver", RESOLVER) if request.param == "named" else ()
    done = detect("--json", *named, "-", names=NAMES)
    assert done.returncode == 1, done.stderr  # some have no mail at OVHcloud
    return found(done)


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.id)
def test_zone_is_read_as_the_facts_say(zone: Zone, survey: Mapping[str, Expected]) -> None:
    assert survey[zone.domain] == zone.expected


def test_every_domain_has_its_place_in_the_output(survey: Mapping[str, Expected]) -> None:
    assert [*survey] == [zone.domain for zone in ZONES]


def test_every_row_has_what_programs_rely_on() -> None:
    keys = {"domain", "offer", "region", "server", "confidence", "signs", "advice"}
    for row in json.loads(detect("--json", "-", names=NAMES).stdout):
        assert keys <= row.keys()
        assert all({"record", "value", "reading"} <= sign.keys() for sign in row["signs"])
        assert row["advice"] or row["confidence"] == "known"


def test_configuration_that_it_writes_has_each_domain_under_what_was_found(
    tmp_path: Path,
) -> None:
    path = tmp_path / "autoconfig.toml"
    assert detect("--output", path, "-", names=NAMES).returncode == 1
    services = load_config(path).served.domains
    catalogue = load_catalogue()
    for zone in ANSWERED:
        _, offer, region, server = zone.expected
        wanted, _ = catalogue.service(str(offer), str(region), server)
        found = services[zone.domain]
        assert (found.offer.id, found.region, found.host) == (offer, region, wanted.host)
    assert services.keys() == {zone.domain for zone in ANSWERED}


@pytest.mark.parametrize(
    ("options", "confidence"),
    [
        (("--resolver", RESOLVER), {"known", "guess"}),
        (("--resolver", f"{RESOLVER}:53"), {"known", "guess"}),
        (("--resolver", UNREACHABLE, "--resolver", RESOLVER), {"known", "guess"}),
        (("--resolver", LAME, "--resolver", RESOLVER), {"known", "guess"}),
        (("--resolver", UNREACHABLE), {"failed"}),
        (("--resolver", LAME), {"failed"}),
        (("--resolver", f"{RESOLVER}:54"), {"failed"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_domain_is_found_if_one_of_the_resolvers_answers(
    options: Sequence[str], confidence: set[str]
) -> None:
    done = detect("--json", *options, *FEW)
    assert confidences(found(done)) == confidence
    assert done.returncode == (1 if confidence == {"failed"} else 0)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "manner", [silent, failing(dns.rcode.SERVFAIL), failing(dns.rcode.REFUSED), lame, truncating]
)
def test_look_up_that_fails_is_never_absence(manner: Manner) -> None:
    with Middleman(tcp=False) as middleman:
        middleman.manner = manner
        assert confidences(found(detect("--json", "--resolver", ADDRESS, *FEW))) == {"failed"}


def test_truncated_answers_are_asked_again_over_tcp() -> None:
    with Middleman() as middleman:
        middleman.manner = truncating
        findings = found(detect("--json", "--resolver", ADDRESS, *FEW))
    assert [*findings.values()] == [zone.expected for zone in ANSWERED[:20]]


def test_four_hundred_domains_are_asked_side_by_side() -> None:
    """The bound is 10 s at 50 ms a question; it is printed and not held (`pytest -rP`)."""
    names = [f"a{number}.zone-024.fr" for number in range(400)]  # a wildcard has them all
    with Middleman() as middleman:
        middleman.manner = slow(0.05)
        began = time.monotonic()
        findings = found(detect("--json", "--resolver", ADDRESS, "-", names="\n".join(names)))
        seconds = time.monotonic() - began
    print(f"400 domains in {seconds:.1f} s")  # noqa: T201  # the bound
    assert confidences(findings) == {"guess"}
    assert middleman.most >= 100

"""The world itself, asked by curl: what is healthy is, and what is broken is broken in that way."""

import subprocess

import pytest

from tests.real.programs import program
from tests.real.world.case import Fault
from tests.real.world.faults import HEALTHY
from tests.real.world.world import World
from tests.support.requests import MOZILLA, POX, WELL_KNOWN

every_offer = pytest.mark.parametrize("case", HEALTHY, ids=lambda each: each.id)


def curl(world: World, url: str, *options: str) -> str:
    """The status of an answer and its media type; 000 for none."""
    shown = ["-sS", "-o", "/dev/null", "-w", "%{http_code} %{content_type}", "--max-time", "3"]
    command = [program("curl"), *shown, "--cacert", str(world.ca), *options, url]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout


@every_offer
@pytest.mark.parametrize("family", ["-4", "-6"])
def test_healthy_domain_is_answered(case: Fault, family: str, the_world: World) -> None:
    with the_world.broken(case) as domain:
        for scheme in ("https", "http"):
            url = f"{scheme}://autoconfig.{domain}{MOZILLA}"
            assert curl(the_world, url, family) == "200 text/xml; charset=utf-8"
        assert curl(the_world, f"https://{domain}{WELL_KNOWN}", family).startswith("404 ")
        assert curl(the_world, f"http://autodiscover.{domain}{POX}", family).startswith("302 ")
        service = case.service
        if service.autodiscover:
            assert curl(the_world, service.autodiscover.xml, family).startswith("401 ")

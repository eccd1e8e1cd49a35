"""The offers listed for people: what an operator chooses from."""

import re

import pytest

from autoconfig.offers import listing
from autoconfig.offers.model import Offer
from tests.support.services import CATALOGUE

LINES = listing.for_people(CATALOGUE).splitlines()
every_offer = pytest.mark.parametrize(
    "offer", CATALOGUE.offers.values(), ids=list(CATALOGUE.offers)
)


@every_offer
def test_quota_stands_beside_the_offer_and_says_if_it_is_contested(offer: Offer) -> None:
    (line,) = (line for line in LINES if line.startswith(f"{offer.id} "))
    if offer.quota is None:
        assert "  unknown  " in line
        return
    size, *contested = re.split(", contested: ", re.search(r"  (\d+ GB.*?)  ", line)[1])  # type: ignore[index]
    most = offer.quota.extendable_to
    assert size == f"{offer.quota.gigabytes:g} GB" + (f", up to {most:g}" if most else "")
    other = offer.quota.contested
    assert contested == ([f"{other.gigabytes:g}"] if other else [])


def test_a_quota_is_contested() -> None:
    """So the test above has something to find: OVHcloud's pages on Email Pro disagree."""
    assert CATALOGUE.offers["email-pro"].quota
    assert CATALOGUE.offers["email-pro"].quota.contested

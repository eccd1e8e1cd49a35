"""The text of `server`, as people paste it: published as it is written, or refused.

OVHcloud's guides write a sign in the place of a number (`ex?`). Left out or cut off there, the text
is the name of another server.
"""

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autoconfig.offers.hosting import Numbered, Own, Shared
from autoconfig.problems import ConfigurationError
from tests.support.services import CATALOGUE

PLACES = [
    (offer.id, name, region.server)
    for offer in CATALOGUE.offers.values()
    for name, region in offer.regions.items()
]
FAMILIES = [(offer, region, rule) for offer, region, rule in PLACES if isinstance(rule, Numbered)]
WHOLE = [
    (offer, region, host)
    for offer, region, rule in PLACES
    for host in (
        rule.observed
        if isinstance(rule, Numbered)
        else rule.named
        if isinstance(rule, Shared)
        else ()
    )
]
OWN = [(offer, region, rule) for offer, region, rule in PLACES if isinstance(rule, Own)]
SIGNS = (
    "?",
    "??",
    "#",
    "##",
    "*",
    "_",
    "…",
    "{n}",
    "<n>",
    "[1-9]",
    "n",
    "N",
    "xx",
    "X",
    "4?",
    "4#",
)
FORMS = (
    "{}{}",
    "{}{}.{}",
    "https://{}{}.{}/owa",
    " {}{}.{}:443",
    "{}{}/owa",
    "{}{}.{}?a=b",
    "{}{}#",
)


def _refused(offer: str, region: str, server: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        CATALOGUE.service(offer, region, server)
    (problem,) = caught.value.problems
    return problem.message


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(("offer", "region", "rule"), FAMILIES)
def test_sign_for_a_number_is_refused_and_said_to_be_one(
    offer: str, region: str, rule: Numbered, sign: str, form: str
) -> None:
    before, after = rule.pattern.split("{n}")
    message = _refused(offer, region, form.format(before, sign, after.removeprefix(".")))
    assert re.search(r'the sign ".+" stands for a number', message)
    assert "write the host that the control panel shows" in message


@pytest.mark.parametrize("rest", ["?", "#", "?a=b", "#top", ":443?a", ".?a", "/owa?a#b", "/?", ""])
@pytest.mark.parametrize(("offer", "region", "host"), WHOLE)
def test_query_or_fragment_after_a_whole_host_is_left_out(
    offer: str, region: str, host: str, rest: str
) -> None:
    assert CATALOGUE.service(offer, region, f"https://{host.upper()}{rest}")[0].host == host


@pytest.mark.parametrize(
    "written", ["mail?.{}", "mail.{}?", "mail.corp#1.{}", "mail{{n}}.{}", "https://mail*.{}/owa"]
)
@pytest.mark.parametrize(("offer", "region", "rule"), OWN)
def test_sign_in_a_host_of_the_customers_own_is_refused(
    offer: str, region: str, rule: Own, written: str
) -> None:
    message = _refused(offer, region, written.format("corp.example"))
    assert re.search(r'the sign ".+" stands for a number', message)


@pytest.mark.parametrize(("offer", "region", "rule"), OWN)
def test_path_with_a_query_after_a_host_of_the_customers_own_is_left_out(
    offer: str, region: str, rule: Own
) -> None:
    service, _ = CATALOGUE.service(offer, region, "https://mail.corp.example/owa/?a=b#c")
    assert service.host == "mail.corp.example"


pieces = st.sampled_from(
    (
        *(
            "https://",
            "http://",
            "ex",
            "pro",
            "mail",
            "4",
            "1",
            ".",
            "?",
            "#",
            "/",
            ":",
            "443",
            " ",
        ),
        *("*", "{n}", "\n", "\t", "@", "%", "-", "_", "owa", "\\", "N"),
        *(host.partition(".")[2] for _, _, host in WHOLE),
        *(host for _, _, host in WHOLE),
    )
)
texts = st.lists(pieces, max_size=8).map("".join) | st.text(string.printable, max_size=30)


@given(texts)
@example("mail.corp?.example")
@example("ex?")
@example("pro1.mail\t.ovh.net:443\n/owa")
@example("https://\nmail.corp.example")
@example("mail.corp.example..")
def test_any_text_is_published_as_it_is_written_or_refused(text: str) -> None:
    """Written: after a scheme, up to a port, a path, or a query behind a host that is known.

    Blanks around the host are no part of it.
    """
    written = re.sub(r"^[a-z]+://\s*", "", text.strip().lower())
    for offer, region, rule in PLACES:
        try:
            host = CATALOGUE.service(offer, region, text)[0].host
        except ConfigurationError:
            continue
        assert host is not None
        names = [host, *([host.partition(".")[0]] if isinstance(rule, Numbered) else [])]
        begun = [name for name in names if written.startswith(name)]
        assert begun, (offer, host)
        rest = written.removeprefix(begun[0]).removeprefix(".")
        ends = r"\s*(:\d*)?\s*(/.*)?" if isinstance(rule, Own) or begun == names[1:] else None
        assert re.fullmatch(ends or r"\s*(:\d*)?\s*([/?#].*)?", rest, re.DOTALL), (offer, host)

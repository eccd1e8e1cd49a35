"""The signs of offers of an operator's own, beside the packaged ones or in their place."""

from pathlib import Path

import pytest

from autoconfig.detect.rule import Advice, Confidence, Finding, Reading, decide
from autoconfig.detect.signs import Signs
from autoconfig.offers.catalogue import load_catalogue
from tests.support.own_offers import OFFER, SOURCE
from tests.support.records import records_of
from tests.support.services import CATALOGUE

OURS = "MX 1 mx.acme.example"
THEIRS = "MX 1 mx0.mail.ovh.net"
DNS = 'mx = [{ preference = 1, host = "mx.acme.example" }]'

SHARED = (
    OFFER.replace('kind = "numbered"\npattern = "box{n}.acme.example"\n', 'kind = "shared"\n')
    .replace('observed = ["box1.acme.example"]\n', "")
    .replace("{server}", "imap.acme.example")
)
FIXED = OFFER.replace(
    'kind = "numbered"\npattern = "box{n}', 'kind = "fixed"\nhost = "box'
).replace('observed = ["box1.acme.example"]\n', "")
OWN = OFFER.replace(
    'kind = "numbered"\npattern = "box{n}.acme.example"\n', 'kind = "own"\n'
).replace("observed = [", 'such_as = "mail.example.com"\nnever_under = [')


def _sign(means: str, key: str, host: str, offer: str = "acme-mail") -> str:
    of = "" if means in ("no-mailbox", "default-record") else f'offer = "{offer}"\nregion = "eu"\n'
    return f'\n[[sign]]\nmeans = "{means}"\n{of}{key} = {host}\nsource = ["guide"]\n'


def _signs(folder: Path, offer: str, dns: str, *more: str) -> Signs:
    text = SOURCE + offer.replace("dns = {", f"dns = {{ {dns},") + "".join(more)
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return Signs.of(load_catalogue(folder / "own.toml"))


def _found(signs: Signs, *lines: str) -> tuple[str | None, ...]:
    return decide(records_of(*lines), signs).finding


def test_own_mx_make_a_family_of_their_own(tmp_path: Path) -> None:
    signs = _signs(tmp_path, OFFER, f'{DNS}, autodiscover_srv = "{{server}}"')
    assert _found(signs, OURS, "SRV 0 0 443 box7.acme.example") == (
        "known",
        "acme-mail",
        "eu",
        "box7.acme.example",
    )
    assert _found(signs, OURS, "SRV 0 0 443 pro1.mail.ovh.net") == ("undecided", None, "eu", None)
    assert _found(signs, THEIRS, "SRV 0 0 443 box7.acme.example")[1] == "mx-plan"
    assert _found(signs, OURS, THEIRS) == ("undecided", None, None, None)


def test_own_offer_without_srv_is_undecided_unless_it_is_the_fallback(tmp_path: Path) -> None:
    assert decide(records_of(OURS), _signs(tmp_path, SHARED, DNS))[::2] == (
        Finding(Confidence.UNDECIDED, None, "eu"),
        Advice.CHECK_OFFER,
    )
    fallback = _signs(tmp_path, SHARED, f"{DNS}, fallback = true")
    assert _found(fallback, OURS) == ("guess", "acme-mail", "eu", None)


def test_own_fallback_stands_above_the_packaged_one_of_its_mx(tmp_path: Path) -> None:
    signs = _signs(tmp_path, FIXED, 'like = "ovh-net", fallback = true')
    assert _found(signs, THEIRS) == ("guess", "acme-mail", "eu", "box.acme.example")


def test_fixed_host_is_found_by_srv_and_by_mx(tmp_path: Path) -> None:
    found = ("known", "acme-mail", "eu", "box.acme.example")
    signs = _signs(tmp_path, FIXED, 'mx_direct = "{server}", autodiscover_srv = "{server}"')
    assert _found(signs, "MX 1 box.acme.example") == found
    signs = _signs(tmp_path, FIXED, f'{DNS}, autodiscover_srv = "srv.acme.example"')
    assert _found(signs, OURS, "SRV 0 0 443 srv.acme.example") == found


def test_service_that_has_itself_for_mx_is_found_by_that(tmp_path: Path) -> None:
    signs = _signs(tmp_path, OFFER, 'mx = [{ preference = 1, host = "{server}" }]')
    found = decide(records_of("MX 1 box3.acme.example"), signs)
    assert found.finding == ("known", "acme-mail", "eu", "box3.acme.example")
    assert found.advice is Advice.CHECK_NUMBER
    assert [sign.reading for sign in found.signs] == [Reading.OWN_HOST]
    assert _found(signs, "MX 1 {server}") == ("none", None, None, None)


def test_record_that_is_the_same_for_all_servers_tells_none(tmp_path: Path) -> None:
    signs = _signs(tmp_path, OFFER, f'{DNS}, autodiscover_srv = "srv.acme.example"')
    assert _found(signs, OURS, "SRV 0 0 443 srv.acme.example") == (
        "undecided",
        "acme-mail",
        "eu",
        None,
    )


def test_host_of_the_customer_is_never_found(tmp_path: Path) -> None:
    signs = _signs(tmp_path, OWN, f'{DNS}, autodiscover_srv = "{{server}}"')
    for lines in ([OURS], [OURS, "SRV 0 0 443 a.example"], [THEIRS, "SRV 0 0 443 a.example"]):
        assert "acme-mail" not in _found(signs, *lines)


@pytest.mark.parametrize(
    ("sign", "lines", "found"),
    [
        pytest.param(
            _sign("former-mx", "hosts", '["old.acme.example"]'),
            ["MX 1 old.acme.example"],
            ("guess", "acme-mail", "eu", None),
            id="former-mx",
        ),
        pytest.param(
            _sign("no-mailbox", "mx", '"forward.acme.example"'),
            ["MX 1 forward.acme.example"],
            ("none", None, None, None),
            id="no-mailbox",
        ),
        pytest.param(
            _sign("server-unknown", "srv", '"srv.acme.example"'),
            [OURS, "SRV 0 0 443 srv.acme.example"],
            ("undecided", "acme-mail", "eu", None),
            id="server-unknown",
        ),
        pytest.param(
            _sign("default-record", "srv", '"every.acme.example"'),
            [OURS, "SRV 0 0 443 every.acme.example"],
            ("guess", "acme-mail", "eu", None),
            id="default-record",
        ),
        pytest.param(
            _sign("dkim", "below", '"dkim.acme.example"', "zimbra-starter"),
            [THEIRS, "DKIM s1.dkim.acme.example"],
            ("guess", "zimbra-starter", "eu", None),
            id="dkim",
        ),
    ],
)
def test_sign_of_ones_own_is_read(
    sign: str, lines: list[str], found: tuple[str | None, ...], tmp_path: Path
) -> None:
    signs = _signs(tmp_path, SHARED, f"{DNS}, fallback = true", sign)
    assert _found(signs, *lines) == found


def test_selectors_are_those_that_are_the_same_for_every_customer(tmp_path: Path) -> None:
    sign = _sign("dkim", "below", '"dkim.acme.example"')
    signs = _signs(tmp_path, SHARED, f'{DNS}, dkim_selectors = ["acme", "acme{{id}}"]', sign)
    assert signs.dkim_selectors == (*Signs.of(CATALOGUE).dkim_selectors, "acme")


def test_selector_tells_no_offer_of_which_it_does_not_tell_the_server(tmp_path: Path) -> None:
    sign = _sign("dkim", "below", '"dkim.acme.example"')
    signs = _signs(tmp_path, OFFER, DNS, sign)
    assert _found(signs, OURS, "DKIM s1.dkim.acme.example") == ("undecided", None, "eu", None)


def test_signs_of_an_offer_that_is_replaced_and_not_sold_there_are_left_out(
    tmp_path: Path,
) -> None:
    elsewhere = OFFER.replace('"acme-mail"', '"zimbra-starter"').replace(".region.eu", ".region.xx")
    signs = _signs(tmp_path, elsewhere, 'like = "ovh-net"')
    assert signs.dkim_selectors == ()

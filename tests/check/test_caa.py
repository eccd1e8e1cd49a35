"""Which authorities may issue, by the records of RFC 8659."""

import dns.rdata
import pytest

from autoconfig.check.caa import OF_CADDY, Policy, authorities, policy, questions
from autoconfig.check.seen import Named, Question

HOST = "autoconfig.a.fr"
LETS_ENCRYPT = ("letsencrypt.org",)


def _named(*values: str, aliases: tuple[str, ...] = ()) -> Named:
    return Named(tuple(dns.rdata.from_text("IN", "CAA", each) for each in values), aliases)


def _policy(*values: str) -> Policy:
    return Policy("a.fr", _named(*values).records)


def test_name_and_each_above_it_are_asked_for() -> None:
    assert [*questions(HOST)] == [(HOST, "CAA"), ("a.fr", "CAA"), ("fr", "CAA")]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({HOST: _named('0 issue "b.org"'), "a.fr": _named('0 issue "c.org"')}, (HOST, "b.org")),
        ({HOST: _named(), "a.fr": _named('0 issue "c.org"')}, ("a.fr", "c.org")),
        ({HOST: _named(), "a.fr": _named(), "fr": _named('0 issue "d.org"')}, ("fr", "d.org")),
        ({HOST: _named('0 issue "e.org"', aliases=("f.io", "g.io"))}, ("g.io", "e.org")),
        ({HOST: _named(), "a.fr": _named(), "fr": _named()}, None),
        ({HOST: Named(failure="SERVFAIL"), "a.fr": _named('0 issue "c.org"')}, None),
        ({HOST: _named()}, None),
    ],
    ids=["own", "above", "top", "alias", "none", "failed", "not-asked"],
)
def test_closest_records_count(names: dict[str, Named], found: tuple[str, str] | None) -> None:
    asked: dict[Question, Named] = {(name, "CAA"): each for name, each in names.items()}
    made = policy(HOST, asked)
    assert (made and (made.name, *made.authorities)) == found


@pytest.mark.parametrize(
    ("values", "permitted"),
    [
        (['0 issue "letsencrypt.org"'], True),
        (['0 ISSUE "LetsEncrypt.org ; validationmethods=dns-01"'], True),
        (['0 issue "other.org"', '128 issue "letsencrypt.org"'], True),
        (['0 issue "other.org"'], False),
        (['0 issue ";"'], False),
        (['0 issue ""'], False),
        (['0 iodef "mailto:a@a.fr"'], True),
        (['0 issuewild ";"'], True),
    ],
    ids=["named", "spelled", "one-of-two", "other", "nobody", "empty", "report", "wildcards"],
)
def test_authority_must_be_named_where_any_is(values: list[str], permitted: bool) -> None:  # noqa: FBT001  # a column of the table
    assert _policy(*values).permits(LETS_ENCRYPT) is permitted
    assert _policy(*values).permits(("no.org", *LETS_ENCRYPT)) is permitted


def test_critical_property_that_nobody_knows_forbids_everybody() -> None:
    made = _policy('128 tbs "?"', '0 auth "?"', '128 issue "letsencrypt.org"')
    assert [each.to_text() for each in made.unknown] == ['128 tbs "?"']


@pytest.mark.parametrize(
    ("issuer", "domains"),
    [
        ("Let's Encrypt", LETS_ENCRYPT),
        ("ZeroSSL", ("sectigo.com",)),
        ("Sectigo Limited", ("sectigo.com", "comodoca.com", "usertrust.com")),
        ("Google Trust Services", ("pki.goog",)),
        ("My own authority", ()),
        ("", ()),
    ],
)
def test_issuer_has_the_domains_of_its_authority(issuer: str, domains: tuple[str, ...]) -> None:
    assert authorities(issuer) == domains


def test_authorities_of_caddy_are_in_the_table() -> None:
    assert (*authorities("Let's Encrypt"), *authorities("ZeroSSL")) == OF_CADDY

"""Which certificate authorities may issue for a name, as its CAA records say (RFC 8659).

The records that count are those of the name, or of the closest name above it that has any
(section 3). Aliases of a name are followed, those above it have their own.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from autoconfig.check.seen import Named, Question

AUTHORITIES: Mapping[str, tuple[str, ...]] = {
    "let's encrypt": ("letsencrypt.org",),  # letsencrypt.org/docs/caa
    "zerossl": ("sectigo.com",),  # help.zerossl.com, "Invalid CAA Records"
    "sectigo": ("sectigo.com", "comodoca.com", "usertrust.com"),  # sectigo.com, "CAA records"
    "google trust services": ("pki.goog",),  # developers.cloudflare.com/ssl, "Add CAA records"
    "ssl corp": ("ssl.com",),  # ssl.com/how-to, "Configure CAA Records to Authorize SSL.com"
    "amazon": ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"),
    # docs.aws.amazon.com/acm, "Configure a CAA record"
    "digicert": ("digicert.com", "symantec.com", "geotrust.com", "rapidssl.com", "thawte.com"),
    # docs.digicert.com, "DNS CAA resource record check"; docs.servertastic.com, "CAA records"
}
"""The domains by which records name an authority, by a part of the names of its issuers. Read on
2026-11-27.
"""

OF_CADDY = ("letsencrypt.org", "sectigo.com")
"""Those that Caddy asks for a certificate, the second if the first gives none: Let's Encrypt and
ZeroSSL (caddyserver.com/docs/automatic-https, "Issuer fallback").
"""

CRITICAL = 128
"""The flag of a property without which nobody may issue who does not know it (section 4.1)."""
KNOWN = frozenset({"issue", "issuewild", "iodef", "issuemail", "contactemail", "contactphone"})
"""Properties that authorities know (iana.org/assignments/pkix-parameters)."""


class Policy(NamedTuple):
    """The records that count, and the name at which they stand, without final dot."""

    name: str
    records: tuple[Any, ...]

    def permits(self, authorities: Iterable[str]) -> bool:
        """Whether one of them may issue a certificate that is no wildcard's (section 4.2)."""
        return not self._says_who or not set(self.authorities).isdisjoint(authorities)

    @property
    def unknown(self) -> tuple[Any, ...]:
        """Records without which nobody may issue who does not know them."""
        return tuple(
            each for each in self.records if each.flags & CRITICAL and _tag(each) not in KNOWN
        )

    @property
    def names_known_ones(self) -> bool:
        """Whether all that may issue are in the table, so that nobody else is meant."""
        return set(self.authorities) <= {domain for each in AUTHORITIES.values() for domain in each}

    @property
    def authorities(self) -> tuple[str, ...]:
        """The domains of those that may issue."""
        values = (_text(each.value).partition(";")[0].strip() for each in self._says_who)
        return tuple(filter(None, values))

    @property
    def _says_who(self) -> Collection[Any]:
        return [each for each in self.records if _tag(each) == "issue"]


def questions(name: str) -> Iterator[Question]:
    """The questions by which the policy of a name is found."""
    return ((each, "CAA") for each in _and_above(name))


def policy(name: str, names: Mapping[Question, Named]) -> Policy | None:
    """The policy of a name; None if there is none, or a look-up on the way has failed."""
    for question in questions(name):
        named = names.get(question)
        if named is None or named.failure:
            return None
        if named.records:
            return Policy(named.aliases[-1] if named.aliases else question[0], named.records)
    return None


def authorities(issuer: str) -> tuple[str, ...]:
    """The domains of an issuer; none if the table does not know it."""
    known = (domains for part, domains in AUTHORITIES.items() if part in issuer.lower())
    return next(known, ())


def _and_above(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]


def _tag(record: Any) -> str:
    return _text(record.tag)


def _text(octets: bytes) -> str:
    return octets.decode("ascii", "replace").lower()

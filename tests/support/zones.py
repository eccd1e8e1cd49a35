"""Zones as customers have them, each with what may be read from it.

The expected findings are a person's, from what OVHcloud's guides print and what public zones hold;
no code took part. The names are made up, and below domains that nobody has.

The same rule stands behind all: the best MX says whether the mail is at OVHcloud and where, the SRV
record of Autodiscover says which service it is, and MX Plan is what remains, as a guess.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from autoconfig.names import Domain, parse_domain

MX = """\
@ IN MX 1 mx0.mail.ovh.net.
@ IN MX 5 mx1.mail.ovh.net.
@ IN MX 50 mx2.mail.ovh.net.
@ IN MX 100 mx3.mail.ovh.net.
@ IN MX 200 mx4.mail.ovh.net.
"""
"""As the guide of 2026 prints them."""
OLD_MX = """\
@ IN MX 1 mx1.mail.ovh.net.
@ IN MX 5 mx2.mail.ovh.net.
@ IN MX 100 mx3.mail.ovh.net.
"""
ZIMBRA_MX = """\
@ IN MX 1 mx0.mail.ovh.net.
@ IN MX 5 mx1.mail.ovh.net.
@ IN MX 50 mx2.mail.ovh.net.
@ IN MX 100 mx3.mail.ovh.net.
"""
"""As the automatic configuration of Zimbra writes them."""
EMPTY_MX = """\
@ IN MX 1 mx4.mail.ovh.net.
@ IN MX 10 mx3.mail.ovh.net.
"""
"""The default of a domain that was bought without mailboxes, it seems."""
CANADIAN_MX = """\
@ IN MX 1 mx0.mail.ovh.ca.
@ IN MX 5 mx1.mail.ovh.ca.
@ IN MX 50 mx2.mail.ovh.ca.
@ IN MX 100 mx3.mail.ovh.ca.
@ IN MX 200 mx4.mail.ovh.ca.
"""
SPF = """\
@ 600 IN TXT "v=spf1 include:mx.ovh.com ~all"
"""
OLD_RECORDS = """\
_autodiscover._tcp IN SRV 0 0 443 mailconfig.ovh.net.
_imaps._tcp IN SRV 0 0 993 ssl0.ovh.net.
_submission._tcp IN SRV 0 0 465 ssl0.ovh.net.
autoconfig IN CNAME mailconfig.ovh.net.
autodiscover IN CNAME mailconfig.ovh.net.
imap IN CNAME ssl0.ovh.net.
mail IN CNAME ssl0.ovh.net.
pop3 IN CNAME ssl0.ovh.net.
smtp IN CNAME ssl0.ovh.net.
"""
"""What every zone of some years ago began with, whether there were mailboxes or not."""
ZIMBRA_DKIM = """\
ovhmo-selector-1._domainkey IN CNAME ovhmo-selector-1._domainkey.1234567.rw.dkim.mail.ovh.net.
ovhmo-selector-2._domainkey IN CNAME ovhmo-selector-2._domainkey.1234566.rw.dkim.mail.ovh.net.
"""
GOOGLE_MX = """\
@ IN MX 1 aspmx.l.google.com.
@ IN MX 5 alt1.aspmx.l.google.com.
@ IN MX 5 alt2.aspmx.l.google.com.
"""
HEAD = """\
$TTL 3600
@ IN SOA dns112.ovh.net. tech.ovh.net. 2026112600 86400 3600 3600000 60
@ IN NS dns112.ovh.net.
@ IN NS ns112.ovh.net.
"""
BROKEN_SERVER = "ns.lame.zone-000.com."
"""A name server that knows none of the zones that are delegated to it."""


def srv(target: str, port: int = 443, priority: int = 0) -> str:
    return f"_autodiscover._tcp IN SRV {priority} 0 {port} {target}\n"


class Kept(Enum):
    """The state of a zone's name servers."""

    WELL = auto()
    NOWHERE = auto()  # the domain does not exist
    LAME = auto()  # the name server knows nothing of the zone
    UNREACHABLE = auto()  # nobody listens at its address
    SILENT = auto()  # it never answers
    SIGNED = auto()  # DNSSEC
    FORGED = auto()  # DNSSEC, and the records are not those that were signed

    @property
    def answers(self) -> bool:
        return self in (Kept.WELL, Kept.NOWHERE, Kept.SIGNED)


class Expected(NamedTuple):
    """The words are those of `detect --json`."""

    confidence: str
    offer: str | None = None
    region: str | None = None
    server: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether a server that reads the DNS answers for the domain."""
        return self.confidence in ("known", "guess")


NONE, FAILED = Expected("none"), Expected("failed")
UNDECIDED = Expected("undecided")
CONTRADICTING = Expected("undecided", region="eu")
SERVER_UNKNOWN = Expected("undecided", "email-pro", "eu")
MX_PLAN = Expected("guess", "mx-plan", "eu")
MX_PLAN_CA = Expected("guess", "mx-plan", "ca")
ZIMBRA = Expected("known", "zimbra-starter", "eu")
ZIMBRA_GUESS = Expected("guess", "zimbra-starter", "eu")
EXCHANGE_CA = Expected("known", "exchange-hosted", "ca", "ex.mail.ovh.ca")


def email_pro(host: str) -> Expected:
    return Expected("known", "email-pro", "eu", host)


def exchange(host: str) -> Expected:
    return Expected("known", "exchange-hosted", "eu", host)


@dataclass(frozen=True, slots=True)
class Zone:
    """`text`: its records as BIND has them; SOA and NS are added if it has none.

    `expected`: the finding of the command. `served`: that of the server, which does not ask for
    DKIM. `name`: the domain that is asked, as a person writes it. `origin`: the apex of the zone,
    if that is another name.
    """

    id: str
    text: str
    expected: Expected
    name: str = ""
    origin: str = ""
    served_differently: Expected | None = None
    kept: Kept = Kept.WELL

    @property
    def domain(self) -> Domain:
        return parse_domain(self.name or f"{self.id}.zone-001.fr")

    @property
    def bind(self) -> str:
        """The whole zone, absolute but for its origin."""
        return HEAD + self.text if " SOA " not in self.text else "$TTL 3600\n" + self.text

    @property
    def apex(self) -> Domain:
        return parse_domain(self.origin) if self.origin else self.domain

    @property
    def served(self) -> Expected:
        return self.served_differently or self.expected


# ------------------------------------------------------- every offer and region, as it should be

MX_PLAN_ZONES = (
    Zone("mx-plan", MX + SPF, MX_PLAN, "zone-002.com"),
    Zone(
        "mx-plan-in-text-mode-of-the-control-panel",
        """\
$TTL 3600
@ IN SOA dns112.ovh.net. tech.ovh.net. (2026091501 86400 3600 3600000 60)
        IN NS     dns112.ovh.net.
        IN NS     ns112.ovh.net.
        IN MX     1 mx0.mail.ovh.net.
        IN MX     5 mx1.mail.ovh.net.
        IN MX     50 mx2.mail.ovh.net.
        IN MX     100 mx3.mail.ovh.net.
        IN MX     200 mx4.mail.ovh.net.
        IN A     213.186.33.5
        IN TXT     "1|www.zone-003.fr"
    600 IN TXT     "v=spf1 include:mx.ovh.com ~all"
www        IN MX     1 mx0.mail.ovh.net.
www        IN A     213.186.33.5
www        IN TXT     "3|welcome"
""",
        MX_PLAN,
        "zone-003.fr",
    ),
    Zone("mx-plan-of-some-years-ago", OLD_MX + SPF + OLD_RECORDS, MX_PLAN, "zone-004.pl"),
    Zone(
        "mx-plan-with-numbered-dkim",
        f"{MX}{SPF}{srv('mailconfig.ovh.net.')}"
        "ovhmo1234567-selector1._domainkey IN CNAME "
        "ovhmo1234567-selector1._domainkey.2345678.yz.dkim.mail.ovh.net.\n",
        MX_PLAN,
    ),
    Zone("mx-plan-in-canada", CANADIAN_MX + SPF, MX_PLAN_CA, "zone-005.ca"),
    Zone(
        "mx-plan-in-canada-with-old-records",
        "@ IN MX 1 mx1.mail.ovh.ca.\n@ IN MX 5 mx2.mail.ovh.ca.\n" + SPF + OLD_RECORDS,
        MX_PLAN_CA,
        "zone-006.qc.ca",
    ),
    Zone("mx-plan-in-singapore", CANADIAN_MX + SPF, MX_PLAN_CA, "zone-007.sg"),
    Zone("mx-plan-under-a-new-top-level-domain", MX + SPF, MX_PLAN, "zone-008.paris"),
    Zone("mx-plan-under-dot-ovh", OLD_MX, MX_PLAN, "zone-009.ovh"),
    Zone(
        "mx-plan-with-the-zone-elsewhere",
        f"@ IN SOA ns1.zone-010.com. dns.zone-010.com. 2 1 1 1 300\n@ IN NS dns112.ovh.net.\n{MX}",
        MX_PLAN,
    ),
    Zone(
        "mx-plan-with-preferences-of-its-own",
        "".join(f"@ IN MX {n}0 mx{n}.mail.ovh.net.\n" for n in (1, 2, 3)),
        MX_PLAN,
    ),
    Zone(
        "mx-plan-from-before-2016",  # "the old MX servers are still working": guides g2003, g2012
        "@ IN MX 1 mx1.ovh.net.\n@ IN MX 5 mx2.ovh.net.\n@ IN MX 100 mxb.ovh.net.\n"
        "mail IN CNAME ns0.ovh.net.\nsmtp IN CNAME ns0.ovh.net.\n",
        MX_PLAN,
    ),
    Zone(
        "mx-plan-from-before-2016-with-other-numbers",
        "@ IN MX 1 mx3.ovh.net.\n@ IN MX 5 mx4.ovh.net.\n@ IN MX 100 mxb.ovh.net.\n" + SPF,
        MX_PLAN,
    ),
    Zone("mx-plan-with-one-mx", "@ IN MX 0 mx3.mail.ovh.net.\n", MX_PLAN),
    Zone(
        "mx-plan-with-all-mx-preferred-alike",
        "".join(f"@ IN MX 10 mx{n}.mail.ovh.net.\n" for n in (1, 2, 3)),
        MX_PLAN,
    ),
)

ZIMBRA_ZONES = (
    Zone(
        "zimbra",
        f"{ZIMBRA_MX}{SPF}{srv('zimbra1.mail.ovh.net.')}{ZIMBRA_DKIM}"
        '_dmarc IN TXT "v=DMARC1; p=none"\novh-zimbra-a1b2c3d4 IN CNAME ovh.com.\n',
        ZIMBRA,
        "zone-011.org",
    ),
    Zone("zimbra-without-dkim", MX + SPF + srv("zimbra1.mail.ovh.net."), ZIMBRA),
    Zone("zimbra-by-dkim-alone", ZIMBRA_MX + SPF + ZIMBRA_DKIM, ZIMBRA_GUESS, "", "", MX_PLAN),
    Zone(
        "zimbra-by-its-second-selector-alone",
        MX + ZIMBRA_DKIM.splitlines(keepends=True)[1],
        ZIMBRA_GUESS,
        served_differently=MX_PLAN,
    ),
    Zone(
        "zimbra-that-keeps-the-old-records",
        OLD_MX + SPF + OLD_RECORDS + ZIMBRA_DKIM,
        ZIMBRA_GUESS,
        served_differently=MX_PLAN,
    ),
    Zone(
        "zimbra-without-srv-or-dkim", f"{ZIMBRA_MX}ovh-zimbra-a1b2c3d4 IN CNAME ovh.com.\n", MX_PLAN
    ),
)

EMAIL_PRO_ZONES = (
    *(
        Zone(
            f"email-pro-on-{n}",
            MX + SPF + srv(f"{n}.mail.ovh.net."),
            email_pro(f"{n}.mail.ovh.net"),
        )
        for n in ("pro1", "pro2", "pro3")
    ),
    Zone(
        "email-pro-on-a-number-never-seen",
        MX + srv("pro7.mail.ovh.net."),
        email_pro("pro7.mail.ovh.net"),
    ),
    Zone(
        "email-pro-with-numbered-dkim",
        f"{OLD_MX}{srv('pro1.mail.ovh.net.')}"
        "ovhemp1234567-selector1._domainkey IN CNAME "
        "ovhemp1234567-selector1._domainkey.2345678.ab.dkim.mail.ovh.net.\n",
        email_pro("pro1.mail.ovh.net"),
    ),
    Zone(
        "email-pro-beside-dkim-of-zimbra",  # which was tried, or serves a few addresses
        MX + srv("pro2.mail.ovh.net.") + ZIMBRA_DKIM,
        email_pro("pro2.mail.ovh.net"),
    ),
    Zone(
        "email-pro-of-older-times",
        f"{OLD_MX}{SPF}{srv('autodiscover.mail.ovh.net.')}"
        "autoconfig IN CNAME autodiscover.mail.ovh.net.\n",
        SERVER_UNKNOWN,
    ),
    Zone(
        "email-pro-of-older-times-mended",
        MX + srv("autodiscover.mail.ovh.net.") + srv("pro3.mail.ovh.net.", priority=10),
        email_pro("pro3.mail.ovh.net"),
    ),
    Zone(
        "email-pro-of-older-times-on-another-port",
        MX + srv("autodiscover.mail.ovh.net.", port=80),
        MX_PLAN,
    ),
    Zone(
        "email-pro-of-older-times-in-canada-where-it-is-not-sold",
        CANADIAN_MX + srv("autodiscover.mail.ovh.net."),
        MX_PLAN_CA,
    ),
)

EXCHANGE_ZONES = (
    *(
        Zone(
            f"exchange-on-{n}", MX + SPF + srv(f"{n}.mail.ovh.net."), exchange(f"{n}.mail.ovh.net")
        )
        for n in ("ex", "ex2", "ex3", "ex4", "ex5")
    ),
    Zone(
        "exchange-on-a-number-never-seen",
        MX + srv("ex77.mail.ovh.net."),
        exchange("ex77.mail.ovh.net"),
    ),
    Zone(
        "exchange-in-canada", CANADIAN_MX + SPF + srv("ex.mail.ovh.ca."), EXCHANGE_CA, "zone-012.ca"
    ),
    Zone(
        "exchange-with-all-that-the-control-panel-writes",
        f"{MX}{SPF}{srv('ex5.mail.ovh.net.')}"
        "ovhex1234567-selector1._domainkey IN CNAME "
        "ovhex1234567-selector1._domainkey.2345678.ab.dkim.mail.ovh.net.\n"
        "a1b2c-check IN CNAME ovh.com.\nautodiscover IN CNAME ex5.mail.ovh.net.\n",
        exchange("ex5.mail.ovh.net"),
    ),
    Zone(
        "exchange-beside-old-records-for-imap",
        OLD_MX + OLD_RECORDS.replace("443 mailconfig", "443 ex4.mail"),
        exchange("ex4.mail.ovh.net"),
    ),
    Zone(
        "exchange-with-mail-straight-to-it",
        "@ IN MX 1 ex4.mail.ovh.net.\n",
        exchange("ex4.mail.ovh.net"),
    ),
    Zone(
        "exchange-with-mail-straight-to-it-and-srv",
        "@ IN MX 1 ex4.mail.ovh.net.\n" + srv("ex4.mail.ovh.net."),
        exchange("ex4.mail.ovh.net"),
    ),
    Zone("exchange-in-canada-with-mail-straight-to-it", "@ IN MX 5 ex.mail.ovh.ca.\n", EXCHANGE_CA),
    Zone(
        "mail-straight-to-exchange-and-srv-of-email-pro",
        "@ IN MX 1 ex4.mail.ovh.net.\n" + srv("pro1.mail.ovh.net."),
        email_pro("pro1.mail.ovh.net"),
    ),
    Zone(
        "mail-straight-to-exchange-and-srv-of-another-region",
        "@ IN MX 1 ex4.mail.ovh.net.\n" + srv("ex.mail.ovh.ca."),
        exchange("ex4.mail.ovh.net"),
    ),
    Zone(
        "mail-straight-to-two-exchange-servers",
        "@ IN MX 1 ex4.mail.ovh.net.\n@ IN MX 1 ex5.mail.ovh.net.\n",
        CONTRADICTING,
    ),
    Zone(
        "mail-straight-to-exchange-beside-the-shared-mx",
        "@ IN MX 1 ex4.mail.ovh.net.\n@ IN MX 1 mx1.mail.ovh.net.\n",
        exchange("ex4.mail.ovh.net"),
    ),
    Zone(
        "mail-straight-to-exchange-after-the-filter",
        MX.replace("MX 1 ", "MX 10 ") + "@ IN MX 20 ex4.mail.ovh.net.\n",
        MX_PLAN,
    ),
    Zone(
        "exchange-behind-the-mx-of-before-2016",
        "@ IN MX 1 mx1.ovh.net.\n@ IN MX 5 mx2.ovh.net.\n" + srv("ex.mail.ovh.net."),
        exchange("ex.mail.ovh.net"),
    ),
    Zone("private-exchange", "@ IN MX 1 mail\nmail IN A 203.0.113.7\n" + srv("mail"), NONE),
    Zone(
        "private-exchange-behind-the-shared-mx",
        MX + srv("mail") + "mail IN A 203.0.113.7\n",
        MX_PLAN,
    ),
    Zone(
        "exchange-behind-a-foreign-filter",
        "@ IN MX 10 mx1.filter.zone-013.com.\n" + SPF + srv("ex5.mail.ovh.net."),
        NONE,
    ),
)

# ------------------------------------------------------------------ no mailbox, or mail elsewhere

EMPTY_ZONES = (
    Zone("web-site-alone", "@ IN A 213.186.33.5\nwww IN CNAME @\n", NONE),
    Zone("null-mx", '@ IN MX 0 .\n@ IN TXT "v=spf1 -all"\n', NONE),
    Zone("null-mx-beside-a-service", "@ IN MX 0 .\n" + srv("ex5.mail.ovh.net."), NONE),
    Zone("no-mx-beside-a-service", "@ IN A 203.0.113.7\n" + srv("pro1.mail.ovh.net."), NONE),
    Zone("domain-that-does-not-exist", "", NONE, "nobody.zone-404.fr", kept=Kept.NOWHERE),
    Zone("redirection-alone", f"@ IN MX 1 redirect.ovh.net.\n{SPF}{OLD_RECORDS}", NONE),
    Zone(
        "redirection-before-mailboxes",
        "@ IN MX 1 redirect.ovh.net.\n" + MX.replace("MX 1 ", "MX 3 "),
        NONE,
    ),
    Zone("redirection-behind-mailboxes", MX + "@ IN MX 300 redirect.ovh.net.\n", MX_PLAN),
    Zone(
        "redirection-beside-a-service",
        "@ IN MX 1 redirect.ovh.net.\n" + srv("pro1.mail.ovh.net."),
        NONE,
    ),
    Zone("newer-default-without-mailbox", f'{EMPTY_MX}www IN TXT "4|zone-014.com"\n', MX_PLAN),
    Zone("newer-default-with-old-records", EMPTY_MX + OLD_RECORDS, MX_PLAN),
    Zone(
        "newer-default-of-a-service",
        EMPTY_MX + srv("pro1.mail.ovh.net."),
        email_pro("pro1.mail.ovh.net"),
    ),
    Zone(
        "own-mail-server-at-ovhcloud", "@ IN MX 10 vps-1a2b3c4d.vps.ovh.net.\n" + OLD_RECORDS, NONE
    ),
    Zone("own-mail-server-in-its-own-domain", "@ IN MX 10 mail\nmail IN A 203.0.113.7\n", NONE),
)

ELSEWHERE_ZONES = (
    Zone("moved-to-google", GOOGLE_MX + SPF + OLD_RECORDS, NONE),
    Zone("moved-to-google-with-ovhcloud-behind", GOOGLE_MX + MX.replace("MX 1 ", "MX 3 "), NONE),
    Zone("moving-to-google-both-preferred-alike", GOOGLE_MX + OLD_MX, NONE),
    Zone(
        "redirection-and-google-preferred-alike", GOOGLE_MX + "@ IN MX 1 redirect.ovh.net.\n", NONE
    ),
    Zone(
        "moved-to-microsoft-before-ovhcloud",
        "@ IN MX 0 zone-015-fr.mail.protection.outlook.com.\n" + MX + srv("ex5.mail.ovh.net."),
        NONE,
        "zone-015.fr",
    ),
    Zone(
        "moved-away-with-zimbra-left-over",
        f"{GOOGLE_MX}{srv('zimbra1.mail.ovh.net.')}{ZIMBRA_DKIM}",
        NONE,
    ),
    Zone(
        "ovhcloud-with-a-foreign-server-behind", MX + "@ IN MX 300 backup.zone-016.com.\n", MX_PLAN
    ),
    Zone(
        "exchange-with-a-foreign-server-behind",
        f"@ IN MX 500 backup.zone-016.com.\n{MX}{srv('ex3.mail.ovh.net.')}",
        exchange("ex3.mail.ovh.net"),
    ),
)

# ----------------------------------------------------------------------------- hosts that look like

LOOKALIKE_ZONES = (
    *(
        Zone(f"mx-{what}", f"@ IN MX 1 {host}\n", NONE)
        for what, host in (
            ("below-another-domain", "mx1.mail.ovh.net.zone-666.com."),
            ("without-its-final-dot", "mx1.mail.ovh.net"),
            ("with-a-label-before", "a.mx1.mail.ovh.net."),
            ("with-letters-before", "amx1.mail.ovh.net."),
            ("number-nine", "mx9.mail.ovh.net."),
            ("number-five", "mx5.mail.ovh.net."),
            ("with-a-leading-zero", "mx01.mail.ovh.net."),
            ("without-a-number", "mx.mail.ovh.net."),
            ("of-before-2016-with-another-number", "mx5.ovh.net."),
            ("of-before-2016-in-canada", "mx1.ovh.ca."),
            ("of-before-2016-with-a-letter", "mxa.ovh.net."),
            ("half-of-before-2016", "mxb.mail.ovh.net."),
            ("of-the-company-itself", "mx1.ovh.com."),
            ("in-the-united-states", "mx1.mail.ovh.us."),
            ("of-the-company", "mx1.mail.ovh.com."),
            ("with-a-dot-inside-a-label", "mx1\\.mail.ovh.net."),
            ("all-in-one-label", "mx1\\.mail\\.ovh\\.net."),
            ("with-a-zero-byte", "mx1\\000.mail.ovh.net."),
            ("in-cyrillic", "m\\209\\1331.mail.ovh.net."),
            ("in-cyrillic-by-idna", "xn--m1-tmc.mail.ovh.net."),
            ("of-the-web-mail", "mxplan1.mail.ovh.net."),
            ("of-email-pro", "pro1.mail.ovh.net."),
            ("of-zimbra", "zimbra1.mail.ovh.net."),
            ("of-mx-plan-for-programs", "ssl0.ovh.net."),
            ("is-an-address", "203.0.113.7."),
            ("of-exchange-in-the-wrong-region", "ex4.mail.ovh.ca."),
        )
    ),
    Zone("mx-in-capitals", "@ IN MX 1 MX1.MAIL.OVH.NET.\n", MX_PLAN),
    Zone("mx-in-escapes", "@ IN MX 1 m\\1201.mail.ovh.net.\n", MX_PLAN),
    Zone(
        "mx-by-an-alias",  # which RFC 2181 section 10.3 forbids
        "@ IN MX 1 mail\nmail IN CNAME mx1.mail.ovh.net.\n",
        NONE,
    ),
    *(
        Zone(f"srv-{what}", MX + srv(host), MX_PLAN)
        for what, host in (
            ("below-another-domain", "ex5.mail.ovh.net.zone-666.com."),
            ("without-its-final-dot", "ex5.mail.ovh.net"),
            ("with-a-label-before", "a.ex5.mail.ovh.net."),
            ("with-a-dot-inside-a-label", "ex5\\.mail.ovh.net."),
            ("with-a-blank-inside-a-label", "ex5\\032.mail.ovh.net."),
            ("with-a-line-end-inside-a-label", "ex5\\010.mail.ovh.net."),
            ("of-exchange-number-zero", "ex0.mail.ovh.net."),
            ("of-exchange-number-one-hundred", "ex100.mail.ovh.net."),
            ("of-exchange-with-leading-zeros", "ex005.mail.ovh.net."),
            ("of-exchange-with-a-digit-of-another-script", "ex\\217\\165.mail.ovh.net."),
            ("of-email-pro-without-a-number", "pro.mail.ovh.net."),
            ("of-email-pro-number-zero", "pro0.mail.ovh.net."),
            ("of-zimbra-number-two", "zimbra2.mail.ovh.net."),
            ("of-zimbra-without-a-number", "zimbra.mail.ovh.net."),
            ("of-the-mail-servers", "ssl0.ovh.net."),
            ("of-an-mx", "mx1.mail.ovh.net."),
            ("of-the-company", "ex5.mail.ovh.com."),
            ("of-microsoft", "autodiscover.outlook.com."),
            ("of-its-own-domain", "autodiscover"),
            ("of-the-other-region", "ex.mail.ovh.ca."),
            ("says-there-is-none", "."),
        )
    ),
    Zone("srv-in-capitals", MX + srv("EX5.Mail.OVH.Net."), exchange("ex5.mail.ovh.net")),
    Zone("srv-in-escapes", MX + srv("e\\1205.mail.ovh.net."), exchange("ex5.mail.ovh.net")),
    *(
        Zone(f"srv-on-port-{port}", MX + srv("ex5.mail.ovh.net.", port=port), MX_PLAN)
        for port in (80, 0, 444, 8443, 65535)
    ),
    Zone("srv-of-europe-with-mx-of-canada", CANADIAN_MX + srv("ex5.mail.ovh.net."), MX_PLAN_CA),
    Zone("srv-of-zimbra-with-mx-of-canada", CANADIAN_MX + srv("zimbra1.mail.ovh.net."), MX_PLAN_CA),
    Zone("dkim-of-zimbra-with-mx-of-canada", CANADIAN_MX + ZIMBRA_DKIM, MX_PLAN_CA),
    Zone(
        "dkim-below-another-domain",
        MX + ZIMBRA_DKIM.replace("dkim.mail.ovh.net.", "dkim.mail.ovh.net.zone-666.com."),
        MX_PLAN,
    ),
    Zone(
        "dkim-with-a-dot-inside-a-label",
        MX + "ovhmo-selector-1._domainkey IN CNAME a.xdkim\\.mail.ovh.net.\n",
        MX_PLAN,
    ),
    Zone("dkim-as-text", MX + 'ovhmo-selector-1._domainkey IN TXT "v=DKIM1; p=MIGf"\n', MX_PLAN),
)

# ------------------------------------------------------------------------- records that disagree

MIXED_ZONES = (
    Zone(
        "mx-of-both-regions-alike",
        "@ IN MX 1 mx0.mail.ovh.net.\n@ IN MX 1 mx0.mail.ovh.ca.\n",
        UNDECIDED,
    ),
    Zone(
        "mx-of-both-regions-alike-and-a-service",
        "@ IN MX 1 mx0.mail.ovh.net.\n@ IN MX 1 mx0.mail.ovh.ca.\n" + srv("ex5.mail.ovh.net."),
        UNDECIDED,
    ),
    Zone("mx-of-europe-before-canada", MX + "@ IN MX 300 mx0.mail.ovh.ca.\n", MX_PLAN),
    Zone("mx-of-canada-before-europe", CANADIAN_MX + "@ IN MX 300 mx0.mail.ovh.net.\n", MX_PLAN_CA),
    Zone(
        "srv-of-two-services-in-order",
        MX + srv("ex5.mail.ovh.net.", priority=5) + srv("pro1.mail.ovh.net.", priority=10),
        exchange("ex5.mail.ovh.net"),
    ),
    Zone(
        "srv-of-two-services-in-the-other-order",
        MX + srv("ex5.mail.ovh.net.", priority=10) + srv("pro1.mail.ovh.net.", priority=5),
        email_pro("pro1.mail.ovh.net"),
    ),
    Zone(
        "srv-of-two-services-alike",
        MX + srv("ex5.mail.ovh.net.") + srv("pro1.mail.ovh.net."),
        CONTRADICTING,
    ),
    Zone(
        "srv-of-two-servers-alike",
        MX + srv("ex4.mail.ovh.net.") + srv("ex5.mail.ovh.net."),
        CONTRADICTING,
    ),
    Zone(
        "srv-of-two-services-alike-behind-a-third",
        MX
        + srv("zimbra1.mail.ovh.net.")
        + srv("ex5.mail.ovh.net.", priority=10)
        + srv("pro1.mail.ovh.net.", priority=10),
        ZIMBRA,
    ),
    Zone(
        "srv-twice-with-other-weights",
        f"{MX}_autodiscover._tcp IN SRV 0 0 443 ex5.mail.ovh.net.\n"
        "_autodiscover._tcp IN SRV 0 100 443 ex5.mail.ovh.net.\n",
        exchange("ex5.mail.ovh.net"),
    ),
    Zone(
        "srv-with-the-old-record-before",
        MX + srv("mailconfig.ovh.net.") + srv("ex5.mail.ovh.net.", priority=10),
        exchange("ex5.mail.ovh.net"),
    ),
    Zone(
        "srv-with-a-foreign-one-before",
        MX + srv("autodiscover.zone-666.com.") + srv("pro1.mail.ovh.net.", priority=1),
        email_pro("pro1.mail.ovh.net"),
    ),
    Zone(
        "srv-with-another-port-before",
        MX + srv("ex5.mail.ovh.net.", port=80) + srv("pro1.mail.ovh.net.", priority=1),
        email_pro("pro1.mail.ovh.net"),
    ),
    Zone(
        "srv-of-both-regions",
        MX + srv("ex.mail.ovh.ca.") + srv("ex2.mail.ovh.net."),
        exchange("ex2.mail.ovh.net"),
    ),
    Zone(
        "srv-of-old-and-new-email-pro-alike",
        MX + srv("autodiscover.mail.ovh.net.") + srv("pro2.mail.ovh.net."),
        email_pro("pro2.mail.ovh.net"),
    ),
    Zone("900-mx", "".join(f"@ IN MX 9 mx{n}.zone-017.com.\n" for n in range(895)) + MX, MX_PLAN),
    Zone(
        "900-mx-foreign-ones-best",
        "".join(f"@ IN MX 0 mx{n}.zone-017.com.\n" for n in range(895)) + MX,
        NONE,
    ),
    Zone(
        "300-srv",
        MX
        + "".join(srv(f"ad{n}.zone-017.com.") for n in range(300))
        + srv("ex5.mail.ovh.net.", priority=65535),
        exchange("ex5.mail.ovh.net"),
    ),
)

# ------------------------------------------------------------- names: aliases, wildcards, parents

NAME_ZONES = (
    Zone(
        "international-name",
        MX + srv("pro1.mail.ovh.net."),
        email_pro("pro1.mail.ovh.net"),
        "crêperie.zone-001.fr",
    ),
    Zone("international-name-in-capitals", MX, MX_PLAN, "ÉCOLE-Zone-018.FR"),
    Zone("domain-in-capitals", MX + srv("zimbra1.mail.ovh.net."), ZIMBRA, "Zone-019.EU"),
    Zone("domain-with-its-final-dot", MX, MX_PLAN, "zone-020.net."),
    Zone("deep-name", MX, MX_PLAN, "a.b.c.d.e.f.g.zone-001.fr"),
    Zone(
        "name-of-a-country-of-two-levels",
        MX + srv("ex2.mail.ovh.net."),
        exchange("ex2.mail.ovh.net"),
        "zone-021.co.uk",
    ),
    Zone(
        "name-too-long-for-srv",
        MX,
        MX_PLAN,
        f"{'l' * 63}.{'o' * 63}.{'n' * 63}.{'g' * 41}.zone-001.fr",
    ),
    Zone(
        "subdomain-with-mail-of-its-own",
        "shop IN MX 1 mx1.mail.ovh.net.\n@ IN MX 1 aspmx.l.google.com.\n"
        "_autodiscover._tcp.shop IN SRV 0 0 443 ex2.mail.ovh.net.\n",
        exchange("ex2.mail.ovh.net"),
        "shop.zone-022.fr",
        "zone-022.fr",
    ),
    Zone(
        "subdomain-without-mail",
        f"{MX}{srv('ex2.mail.ovh.net.')}shop IN A 203.0.113.7\n",
        NONE,
        "shop.zone-023.fr",
        "zone-023.fr",
    ),
    Zone(
        "wildcard-mx",
        "* IN MX 1 mx1.mail.ovh.net.\n",
        MX_PLAN,
        "anything.zone-024.fr",
        "zone-024.fr",
    ),
    Zone(
        "wildcard-of-everything",
        "* IN MX 1 mx1.mail.ovh.net.\n* IN SRV 0 0 443 ex3.mail.ovh.net.\n",
        exchange("ex3.mail.ovh.net"),
        "anything.zone-025.fr",
        "zone-025.fr",
    ),
    Zone("wildcard-address", MX + "* IN A 203.0.113.7\n", MX_PLAN),
    Zone("wildcard-alias-to-the-web-site", MX + "* IN CNAME @\n", MX_PLAN),
    Zone(
        "wildcard-alias-beside-a-service",
        f"{MX}* IN CNAME @\n{srv('ex5.mail.ovh.net.')}",
        exchange("ex5.mail.ovh.net"),
    ),
    Zone(
        "wildcard-alias-to-a-name-that-does-not-exist",
        MX + "* IN CNAME nobody.zone-404.fr.\n",
        MX_PLAN,
    ),
    Zone("wildcard-srv", MX + "* IN SRV 0 0 443 ex5.mail.ovh.net.\n", exchange("ex5.mail.ovh.net")),
    Zone(
        "alias-of-a-domain-with-mail",
        "shop IN CNAME zone-002.com.\n",
        MX_PLAN,
        "shop.zone-026.fr",
        "zone-026.fr",
    ),
    Zone(
        "alias-of-a-domain-without-mail",
        "shop IN CNAME web-site-alone.zone-001.fr.\n",
        NONE,
        "shop.zone-027.fr",
        "zone-027.fr",
    ),
    Zone(
        "alias-of-nothing",
        "shop IN CNAME nobody.zone-404.fr.\n",
        NONE,
        "shop.zone-028.fr",
        "zone-028.fr",
    ),
    Zone(
        "chain-of-five-aliases",
        "a IN CNAME b\nb IN CNAME c\nc IN CNAME d\nd IN CNAME e\ne IN CNAME zone-002.com.\n",
        MX_PLAN,
        "a.zone-029.fr",
        "zone-029.fr",
    ),
    Zone(
        "loop-of-aliases",
        "a IN CNAME b\nb IN CNAME c\nc IN CNAME a\n",
        FAILED,
        "a.zone-030.fr",
        "zone-030.fr",
    ),
    Zone(
        "alias-of-all-below-another-name",
        "old IN DNAME zone-001.fr.\n",
        exchange("ex5.mail.ovh.net"),
        "exchange-on-ex5.old.zone-033.fr",
        "zone-033.fr",
    ),
    Zone(
        "srv-by-an-alias",
        MX + "_autodiscover._tcp IN CNAME _autodiscover._tcp.exchange-on-ex4.zone-001.fr.\n",
        exchange("ex4.mail.ovh.net"),
    ),
    Zone(
        "srv-by-an-alias-of-nothing",
        MX + "_autodiscover._tcp IN CNAME nobody.zone-404.fr.\n",
        MX_PLAN,
    ),
    Zone(
        "srv-by-a-loop",
        MX + "_autodiscover._tcp IN CNAME a\na IN CNAME _autodiscover._tcp\n",
        FAILED,
    ),
    Zone(
        "delegated-below-its-parent",
        MX,
        MX_PLAN,
        "branch.zone-031.fr",
    ),
    Zone(
        "parent-with-records-for-the-child",  # which stand below the cut, so nobody reads them
        f"{GOOGLE_MX}branch IN NS dns112.ovh.net.\nbranch IN MX 1 aspmx.l.google.com.\n",
        NONE,
        "zone-031.fr",
    ),
    Zone("time-to-live-of-zero", "$TTL 0\n" + MX, MX_PLAN),
    Zone("time-to-live-of-68-years", "$TTL 2147483647\n" + MX, MX_PLAN),
)

# --------------------------------------------------------------------------- name servers at fault

FAILING_ZONES = (
    Zone("name-server-lame", MX, FAILED, kept=Kept.LAME),
    Zone("name-server-unreachable", MX, FAILED, kept=Kept.UNREACHABLE),
    Zone("name-server-silent", MX, FAILED, kept=Kept.SILENT),
    Zone(
        "dnssec-right",
        MX + srv("pro1.mail.ovh.net."),
        email_pro("pro1.mail.ovh.net"),
        kept=Kept.SIGNED,
    ),
    Zone("dnssec-right-and-no-srv", MX, MX_PLAN, kept=Kept.SIGNED),
    Zone("dnssec-bogus", MX + srv("pro1.mail.ovh.net."), FAILED, kept=Kept.FORGED),
    Zone("srv-alone-lame", f"{MX}_tcp IN NS {BROKEN_SERVER}\n", FAILED),
    Zone("srv-alone-lame-and-mail-elsewhere", f"{GOOGLE_MX}_tcp IN NS {BROKEN_SERVER}\n", FAILED),
    Zone(
        "srv-alone-lame-by-an-alias",
        MX + "_autodiscover._tcp IN CNAME name-server-lame.zone-001.fr.\n",
        FAILED,
    ),
    Zone(
        "dkim-alone-lame",
        f"{MX}_domainkey IN NS {BROKEN_SERVER}\n",
        FAILED,
        served_differently=MX_PLAN,
    ),
    Zone(
        "alias-of-a-lame-domain",
        "shop IN CNAME name-server-lame.zone-001.fr.\n",
        FAILED,
        "shop.zone-032.fr",
        "zone-032.fr",
    ),
)

ZONES: tuple[Zone, ...] = (
    *MX_PLAN_ZONES,
    *ZIMBRA_ZONES,
    *EMAIL_PRO_ZONES,
    *EXCHANGE_ZONES,
    *EMPTY_ZONES,
    *ELSEWHERE_ZONES,
    *LOOKALIKE_ZONES,
    *MIXED_ZONES,
    *NAME_ZONES,
    *FAILING_ZONES,
)

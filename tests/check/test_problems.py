"""What is wrong with a domain, and its cure: from what was seen, and the verdicts on it."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import NamedTuple

import pytest

from autoconfig.check.seen import Fault, Hop
from autoconfig.check.verdict import Reason, Result, Verdict
from autoconfig.names import Domain
from autoconfig.offers.model import Service
from autoconfig.zone.hosts import alike
from autoconfig.zone.plan import Target
from tests.support.cases import (
    AC,
    AD,
    DATABASE,
    HTTP_AC,
    MX_PLAN,
    PAGE,
    PERSON,
    POX,
    WELL,
    XML,
    Said,
    Zone,
    certificate,
    fault,
    find,
    hop,
    over,
    verdict,
)
from tests.support.plans import TARGET
from tests.support.services import service_of

NOTHING, WRONG, RIGHT, ASKS = Result.NOTHING, Result.WRONG, Result.RIGHT, Result.ASKS
UNDECIDED = Result.UNDECIDED
SERVER = "autoconfig.agency.example."
PRO = service_of("email-pro")
OLD_NAME = alike(MX_PLAN)[0]
"""The host of MX Plan of which zones hold records from earlier years."""


def _srv(label: str, service: Service, protocol: str, socket: str) -> str:
    """The record that leads to the server of a service, as it is to be pasted."""
    server = next(each for each in service.of(protocol) if each.socket == socket)
    return f"{label}._tcp.example.fr. 3600 IN SRV 0 1 {server.port} {server.host}."


IMAPS = {each: _srv("_imaps", each, "imap", "SSL") for each in (MX_PLAN, PRO)}
SUBMISSION = {each: _srv("_submission", each, "smtp", "STARTTLS") for each in (MX_PLAN, PRO)}
IMAP, TLS_AT_ONCE = MX_PLAN.of("imap")[0], MX_PLAN.of("smtp")[0]
MX = f"@ MX 1 {MX_PLAN.dns.mx[0].host}.\n"
NAMES = f"autoconfig CNAME {SERVER}\nautodiscover CNAME {SERVER}\n"
AT_SERVER = f"{SERVER} A 192.0.2.1\n"
ZONE = MX + NAMES + AT_SERVER
AT_OTHER = "autoconfig CNAME old.example.\nautodiscover CNAME old.example.\n"
OTHERS = f"{MX}{AT_OTHER}old.example. A 192.0.2.9\n"
COMMAND = ("autoconfig dns example.fr --to HOST",)
RECORDS = (
    f"autoconfig.example.fr. 3600 IN CNAME {SERVER}",
    f"autodiscover.example.fr. 3600 IN CNAME {SERVER}",
)
HTACCESS = (
    r"RedirectMatch 404 ^/\.well-known/autoconfig/",
    r"RedirectMatch 404 (?i)^/autodiscover/autodiscover\.xml$",
)
OLD = b"""<clientConfig><emailProvider id="old.example"><incomingServer type="imap">
<hostname>imap.old.example</hostname><port>993</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
</incomingServer></emailProvider></clientConfig>"""
"""A document of a hoster."""
LOST = tuple(verdict(each, NOTHING) for each in ("Bird", "Chat", "Look"))
LOST_NAMES = ("Bird", "Chat", "Look")
GOOD = {AC: hop(), AD: hop(body=POX)}
NO_ID = Reason("no-id", {"url": AC})
FINE = tuple(verdict(each, RIGHT, AC) for each in ("Bird", "Chat", "Post"))


class Told(NamedTuple):
    """What is told of a domain with one thing wrong."""

    zone: str
    web: Mapping[str, Said]
    verdicts: Sequence[Verdict]
    what: str
    cure: str
    lines: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    target: Target | None = TARGET
    service: Service | None = MX_PLAN
    failing: Mapping[str, str] = {}
    beside: tuple[str, ...] = ()
    harms: bool = True


def _at_both(kind: Fault, days: int = 60, *names: str) -> dict[str, Said]:
    """The same fault at both names, with a certificate."""
    made = certificate(*(names or ("other.example",)), days=days, issuer="Some")
    return {url: fault(kind, made) for url in (AC, AD)}


CASES = {
    "nothing-published": Told(MX, {}, LOST, "missing", "add-records", RECORDS, LOST_NAMES),
    "nothing-published-and-no-target": Told(
        MX, {}, LOST, "missing", "publish-first", COMMAND, LOST_NAMES, None
    ),
    "nothing-published-and-the-database-saves": Told(
        MX,
        {DATABASE: hop()},
        (verdict("Bird", RIGHT, DATABASE), *LOST[1:]),
        "missing-saved",
        "add-records",
        RECORDS,
        LOST_NAMES[1:],
    ),
    "nothing-published-and-the-database-misleads": Told(
        MX,
        {DATABASE: hop()},
        (verdict("Bird", WRONG, DATABASE, "other.example"), *LOST[1:]),
        "missing-misled",
        "add-records",
        RECORDS,
        LOST_NAMES,
    ),
    "one-name-missing": Told(
        MX + NAMES.splitlines()[0] + "\n" + AT_SERVER,
        GOOD,
        (*FINE, LOST[2]),
        "missing",
        "add-records",
        RECORDS[1:],
        LOST_NAMES[2:],
    ),
    "left-over": Told(
        f"{MX}autoconfig CNAME mailconfig.ovh.net.\nautodiscover CNAME mailconfig.ovh.net.",
        {},
        LOST,
        "record-left-over",
        "replace-records",
        RECORDS,
        LOST_NAMES,
    ),
    "left-over-and-no-target": Told(
        f"{MX}autoconfig CNAME mailconfig.ovh.net.\nautodiscover CNAME mailconfig.ovh.net.",
        {},
        LOST,
        "record-left-over",
        "publish-by-command",
        COMMAND,
        LOST_NAMES,
        None,
    ),
    "wildcard": Told(
        f"{MX}* A 192.0.2.9\n",
        {AC: hop(body=PAGE, media_type="text/html"), AD: hop(body=PAGE)},
        LOST,
        "wildcard",
        "add-records",
        RECORDS,
        LOST_NAMES,
    ),
    "name-of-the-server-itself": Told(
        f"{MX}autodiscover CNAME autoconfig.example.fr.",
        {},
        LOST[:2],
        "missing",
        "give-address",
        (),
        LOST_NAMES[:2],
        Target(Domain("autoconfig.example.fr")),
    ),
    "own-table-and-no-records": Told(
        f"{MX}{NAMES}{AT_SERVER}",
        GOOD,
        (*FINE[:2], verdict("Post", WRONG, "MX example.fr", "old.example")),
        "records-missing",
        "add-records",
        (
            IMAPS[MX_PLAN],
            SUBMISSION[MX_PLAN],
        ),
        ("Post",),
    ),
    "no-records-for-who-asks-these-alone": Told(
        f"{MX}{NAMES}{AT_SERVER}",
        GOOD,
        (*FINE[:2], verdict("Mutt", NOTHING)),
        "records-missing",
        "add-records",
        (IMAPS[MX_PLAN],),
        ("Mutt",),
    ),
    "several-services": Told(
        f"{ZONE}_autodiscover._tcp SRV 0 0 443 {PRO.host}.\n"
        "_autodiscover._tcp SRV 0 0 443 pro2.mail.ovh.net.",
        GOOD,
        FINE,
        "drift-several-services",
        "mend-several-services",
    ),
    "dead-end": Told(
        f"{MX}autoconfig CNAME gone.example.\nautodiscover CNAME gone.example.",
        {},
        LOST,
        "dead-end",
        "replace-names",
        RECORDS,
        LOST_NAMES,
    ),
    "offer-unknown": Told(
        "@ A 192.0.2.3", {}, LOST, "offer-unknown", "offer-no-mail", service=None
    ),
    "offer-differs": Told(
        f"{ZONE}_autodiscover._tcp SRV 0 0 443 {PRO.host}.",
        GOOD,
        FINE,
        "drift-other-service",
        "mend-other-service",
    ),
    "no-such-domain": Told("", {}, LOST, "no-such-domain", "register"),
    "mail-elsewhere": Told(
        f"@ MX 1 mx.other.example.\n{NAMES}{AT_SERVER}",
        GOOD,
        FINE,
        "drift-mail-elsewhere",
        "mend-mail-elsewhere",
    ),
    "no-mail": Told(f"@ MX 0 .\n{NAMES}{AT_SERVER}", GOOD, FINE, "drift-no-mail", "mend-no-mail"),
    "submission-on-465": Told(
        f"{ZONE}_submission._tcp SRV 0 0 {TLS_AT_ONCE.port} {OLD_NAME}.",
        GOOD,
        (*FINE[:2], verdict("Post", WRONG, "SRV example.fr", OLD_NAME)),
        "record-tls-at-once",
        "replace-records",
        (SUBMISSION[MX_PLAN],),
        ("Post",),
    ),
    "srv-of-another-offer": Told(
        f"{ZONE}_imaps._tcp SRV 0 0 {IMAP.port} {OLD_NAME}.\n"
        f"_submission._tcp SRV 0 0 {TLS_AT_ONCE.port} {OLD_NAME}.\n"
        f"_autodiscover._tcp SRV 0 0 443 {PRO.host}.",
        GOOD,
        (*FINE[:2], verdict("Post", WRONG, "SRV example.fr", OLD_NAME)),
        "record-other-offer",
        "replace-records",
        (
            IMAPS[PRO],
            SUBMISSION[PRO],
        ),
        ("Post",),
        service=PRO,
    ),
    "srv-of-nobody": Told(
        f"{ZONE}_smtps._tcp SRV 0 0 465 old.example.",
        GOOD,
        FINE,
        "record-not-of-service",
        "remove-records",
        ("_smtps._tcp.example.fr. 3600 IN SRV 0 0 465 old.example.",),
        harms=False,
    ),
    "old-hoster": Told(
        OTHERS,
        {AC: hop(), AD: hop(body=POX)},
        tuple(verdict(each, WRONG, AC, "imap.old.example") for each in ("Bird", "Chat", "Post")),
        "wrong-document",
        "replace-names",
        RECORDS[:1],
        ("Bird", "Chat", "Post"),
    ),
    "old-hoster-at-the-domain": Told(
        f"{ZONE}@ A 192.0.2.3",
        {**GOOD, WELL: hop()},
        (*FINE[1:], verdict("Bird", WRONG, WELL, "imap.old.example")),
        "wrong-document",
        "end-on-site",
        HTACCESS,
        ("Bird",),
    ),
    **{
        what: Told(
            ZONE,
            GOOD,
            (*FINE[1:], verdict("Bird", WRONG, source, "old.example")),
            what,
            "by-hand",
            (),
            ("Bird",),
        )
        for what, source in (
            ("wrong-elsewhere", DATABASE),
            ("wrong-table", ""),
        )
    },
    "old-document-that-nobody-reads": Told(
        f"{ZONE}@ A 192.0.2.3",
        {**GOOD, WELL: hop(body=OLD)},
        FINE,
        "wrong-document",
        "end-on-site",
        HTACCESS,
        harms=False,
    ),
    "page-at-the-domain": Told(
        f"{ZONE}@ A 192.0.2.3",
        {**GOOD, AC: hop(404), WELL: hop(body=PAGE, media_type="text/html")},
        (verdict("Chat", NOTHING),),
        "web-page",
        "end-on-site",
        HTACCESS,
        ("Chat",),
        beside=("error-code",),
    ),
    "look-up-fails": Told(
        ZONE,
        {AC: fault(Fault.LOOK_UP), AD: hop(body=POX), HTTP_AC: fault(Fault.LOOK_UP)},
        [verdict(each, UNDECIDED) for each in ("Bird", "Chat", "Post")],
        "look-up-failed",
        "ask-again",
        (),
        ("Bird", "Chat", "Post"),
        failing={"autoconfig.example.fr": "SERVFAIL"},
    ),
    **{
        f"{what}": Told(ZONE, _at_both(kind), LOST, what, cure, lines, LOST_NAMES)
        for kind, what, cure, lines in (
            (Fault.TLS_NAME, "certificate-name", "get-certificate", ()),
            (Fault.TLS_EXPIRED, "certificate-expired", "renew-certificate", ("certbot renew",)),
            (Fault.TLS_EARLY, "certificate-early", "set-clock", ()),
            (Fault.TLS_SELF_SIGNED, "certificate-self-signed", "get-certificate", ()),
            (Fault.TLS_ISSUER, "certificate-issuer", "complete-certificate", ()),
            (Fault.TLS_PLAIN, "plain-on-tls-port", "serve-tls", ()),
            (Fault.TLS, "tls-fails", "serve-tls", ()),
            (Fault.REFUSED, "port-closed", "open-port", ()),
            (Fault.CLOSED, "closes", "look-at-server", ()),
            (Fault.NOT_HTTP, "not-http", "look-at-server", ()),
            (Fault.TOO_LARGE, "too-large", "look-at-server", ()),
            (Fault.CIRCLE, "redirects-in-a-circle", "mend-redirect", ()),
            (Fault.TOO_MANY_REDIRECTS, "too-many-redirects", "mend-redirect", ()),
            (Fault.BAD_REDIRECT, "bad-redirect", "mend-redirect", ()),
            (Fault.TIMEOUT, "no-answer", "open-port", ()),
            (Fault.UNREACHABLE, "unreachable", "check-elsewhere", ()),
        )
    },
    "fault-of-another-server": Told(
        OTHERS,
        _at_both(Fault.TLS_NAME),
        LOST,
        "certificate-name",
        "replace-names",
        RECORDS,
        LOST_NAMES,
    ),
    "fault-at-an-address-that-may-be-the-servers": Told(
        f"{MX}autoconfig A 192.0.2.1\nautodiscover A 192.0.2.1\n",
        {AC: fault(Fault.TLS_NAME), AD: fault(Fault.TLS_NAME)},
        LOST,
        "certificate-name",
        "get-certificate",
        (),
        LOST_NAMES,
    ),
    "fault-at-an-address-that-is-not": Told(
        f"{MX}autoconfig A 192.0.2.9\nautodiscover A 192.0.2.9\n",
        _at_both(Fault.TLS_NAME),
        LOST,
        "certificate-name",
        "replace-names",
        (
            "autoconfig.example.fr. 3600 IN A 192.0.2.1",
            "autodiscover.example.fr. 3600 IN A 192.0.2.1",
        ),
        LOST_NAMES,
        Target(addresses=(ip_address("192.0.2.1"),)),
    ),
    "fault-behind-a-redirect": Told(
        ZONE,
        {**GOOD, AC: (hop(302), fault(Fault.NO_NAME, url="https://gone.example/x"))},
        LOST[:2],
        "redirect-nowhere",
        "mend-redirect",
        (),
        LOST_NAMES[:2],
    ),
    "site-of-the-domain-hangs": Told(
        f"{ZONE}@ A 192.0.2.3",
        {**GOOD, WELL: fault(Fault.TIMEOUT)},
        [verdict("Chat", UNDECIDED)],
        "no-answer",
        "open-port",
        (),
        ("Chat",),
    ),
    "certificate-ends-soon": Told(
        ZONE,
        {
            AC: hop(certificate=certificate("autoconfig.example.fr", days=3)),
            AD: hop(certificate=certificate("autoconfig.example.fr", days=3), body=POX),
        },
        FINE,
        "certificate-soon",
        "renew-certificate",
        ("certbot renew",),
        harms=False,
    ),
    "error-code": Told(
        ZONE, {**GOOD, AC: hop(404)}, LOST[:2], "error-code", "configure", (), LOST_NAMES[:2]
    ),
    "error-of-the-server": Told(
        ZONE,
        {**GOOD, AC: hop(503)},
        LOST[:2],
        "error-of-server",
        "look-at-server",
        (),
        LOST_NAMES[:2],
    ),
    "document-refused": Told(
        ZONE,
        GOOD,
        (verdict("Bird", WRONG, DATABASE, "other.example")._replace(why=(NO_ID,)), *FINE[1:]),
        "refused-document",
        "mend-refused",
        ("autoconfig show autoconfig example.fr",),
        ("Bird",),
    ),
    "document-with-half-of-the-servers": Told(
        ZONE,
        GOOD,
        (verdict("Bird", NOTHING, AC, MX_PLAN.servers[0].host), *FINE[1:]),
        "refused-document",
        "mend-refused",
        ("autoconfig show autoconfig example.fr",),
        ("Bird",),
    ),
    "answer-of-autodiscover-refused": Told(
        ZONE,
        GOOD,
        (*FINE, verdict("Look", NOTHING)._replace(why=(Reason("redirect-url", {"url": AD}),))),
        "refused-document",
        "mend-refused",
        (f"autoconfig show autodiscover {PERSON.address}",),
        ("Look",),
    ),
    "error-code-behind-a-redirect": Told(
        ZONE,
        {**GOOD, AC: (hop(302), hop(404, url="https://home.example/x"))},
        LOST[:2],
        "error-code",
        "configure",
        (),
        LOST_NAMES[:2],
    ),
    "error-code-of-another-server": Told(
        OTHERS,
        {AD: hop(body=POX)},
        LOST[:2],
        "error-code",
        "replace-names",
        RECORDS[:1],
        LOST_NAMES[:2],
    ),
    "caa-forbids-the-issuer": Told(
        f'{ZONE}@ CAA 0 issue "other.example"\n',
        {**GOOD, AC: hop(certificate=certificate("autoconfig.example.fr", issuer="ZeroSSL"))},
        FINE,
        "caa-forbids",
        "add-records",
        ('example.fr. 3600 IN CAA 0 issue "sectigo.com"',),
        harms=False,
    ),
    "caa-forbids-those-of-caddy": Told(
        f'{ZONE}@ CAA 0 issue ";"\n',
        _at_both(Fault.TLS),
        LOST,
        "caa-forbids",
        "add-records",
        ('example.fr. 3600 IN CAA 0 issue "letsencrypt.org"',),
        LOST_NAMES,
        beside=("tls-fails",),
    ),
    "caa-names-others-than-an-issuer-of-ones-own": Told(
        f'{ZONE}@ CAA 0 issue "letsencrypt.org"\n',
        {**GOOD, AC: hop(certificate=certificate("autoconfig.example.fr", issuer="My CA"))},
        FINE,
        "caa-forbids",
        "add-issuer",
        harms=False,
    ),
    "caa-that-nobody-knows": Told(
        f'{ZONE}{SERVER} CAA 128 tbs "unknown"\n',
        GOOD,
        FINE,
        "caa-unknown",
        "remove-records",
        (f'{SERVER} 3600 IN CAA 128 tbs "unknown"',),
        harms=False,
    ),
    **{
        what: Told(ZONE, {**GOOD, AC: answer}, LOST[:2], what, cure, lines, LOST_NAMES[:2])
        for what, cure, lines, answer in (
            ("web-page", "look-at-server", (), hop(body=PAGE, media_type="text/html")),
            ("empty-document", "look-at-server", (), hop(body=b"<clientConfig/>")),
            ("unreadable", "mend-document", (), hop(body=XML[:-5])),
            ("bytes-before-xml", "mend-document", (), hop(body=b"\n" + XML)),
            ("byte-order-mark", "mend-document", (), hop(body=b"\xef\xbb\xbf" + XML)),
            ("other-media-type", "mend-media-type", (), hop(media_type="Text/XML; charset=utf-8")),
        )
    },
    **{
        what: Told(
            f"{ZONE}{SERVER} AAAA 2001:db8::1",
            {**GOOD, AC: answers},
            verdicts,
            what,
            "mend-address",
            lines,
            programs,
            harms=bool(programs),
        )
        for what, lines, verdicts, programs, answers in (
            (
                "ipv6-fails",
                (f"{SERVER} 3600 IN AAAA 2001:db8::1",),
                LOST[:2],
                LOST_NAMES[:2],
                (over(6, fault(Fault.TLS_NAME)), over(4, hop())),
            ),
            (
                "ipv4-fails",
                (f"{SERVER} 3600 IN A 192.0.2.1",),
                FINE,
                (),
                (over(6, hop()), over(4, hop(404))),
            ),
            (
                "families-differ",
                (f"{SERVER} 3600 IN AAAA 2001:db8::1",),
                FINE,
                (),
                (over(6, hop()), over(4, hop(body=POX))),
            ),
        )
    },
    "ipv6-of-the-domain": Told(
        f"{ZONE}@ A 192.0.2.3\n@ AAAA 2001:db8::3",
        {**GOOD, WELL: (over(6, fault(Fault.TIMEOUT)), over(4, hop()))},
        [verdict("Chat", UNDECIDED)],
        "ipv6-fails",
        "mend-address",
        ("example.fr. 3600 IN AAAA 2001:db8::3",),
        ("Chat",),
    ),
    "all-hang": Told(
        f"{ZONE}@ A 192.0.2.3",
        {url: fault(Fault.TIMEOUT) for url in (AC, AD, WELL, HTTP_AC)},
        [verdict(each, UNDECIDED) for each in LOST_NAMES],
        "no-answer",
        "open-port",
        (),
        LOST_NAMES,
    ),
    "password-goes-elsewhere": Told(
        ZONE,
        {**GOOD, AD: (hop(302), hop(401, b"", url="https://old.example/autodiscover.xml"))},
        FINE,
        "password-elsewhere",
        "look-at-server",
    ),
    "http-differs": Told(
        ZONE, {**GOOD, HTTP_AC: hop(body=POX)}, FINE, "http-differs", "mend-http", harms=False
    ),
    "redirect-to-http": Told(
        ZONE,
        {**GOOD, AC: (hop(302), hop(url="http://other.example/"))},
        LOST[:2],
        "redirect-to-http",
        "mend-redirect",
        (),
        LOST_NAMES[:2],
    ),
    "redirect-relative": Told(
        ZONE,
        {**GOOD, AC: (hop(302, given_location="/x.xml"), hop())},
        LOST[:2],
        "redirect-relative",
        "mend-redirect",
        (),
        LOST_NAMES[:2],
    ),
}


@pytest.mark.parametrize("told", CASES.values(), ids=CASES)
def test_what_is_wrong_is_told_once_with_its_cure(told: Told) -> None:
    zone = Zone(told.zone, told.failing)
    found = find(zone, told.web, told.verdicts, told.service, told.target)
    others = sorted(each.what.what for each in found if each.what.what in told.beside)
    (own,) = [each for each in found if each.what.what not in told.beside]
    assert others == sorted(told.beside)
    assert (own.what.what, own.cure.what, own.lines) == (told.what, told.cure, told.lines)
    assert (own.programs, own.harms) == (told.programs, told.harms)


def test_records_are_judged_by_the_service_of_the_domain_where_an_address_has_another() -> None:
    exchange = service_of("exchange-hosted")
    misled = verdict("Post", WRONG, "SRV example.fr", IMAP.host)
    zone = Zone(f"{ZONE}_imaps._tcp SRV 0 0 {IMAP.port} {IMAP.host}.")
    (told,) = find(zone, GOOD, [*FINE[:2], misled], exchange, of_domain=MX_PLAN)
    assert (told.what.what, told.cure.what) == ("address-of-its-own", "by-hand")
    assert told.programs == ("Post",)


def test_version_of_ip_that_the_network_here_does_not_have_is_no_fault_of_the_domain() -> None:
    zone = Zone(f"{ZONE}{SERVER} AAAA 2001:db8::1")
    answers = (over(4, hop()), over(6, fault(Fault.UNREACHABLE)))
    assert find(zone, {**GOOD, AC: answers}, FINE) == ()


def test_error_code_that_no_program_suffers_from_is_none_to_mend() -> None:
    web = {HTTP_AC: hop(), AD: hop(body=POX), AC: hop(404)}
    assert not find(Zone(ZONE), web, [verdict("Bird", RIGHT, HTTP_AC)])


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (hop(body=b"<html><p>Hello</p></html>"), "web-page"),
        (hop(body=b"Hello", media_type="text/plain"), "web-page"),
        (hop(204, b"", ""), "empty-document"),
    ],
    ids=["well-formed", "plain", "nothing"],
)
def test_answer_that_is_no_document_is_told_by_what_it_is(answer: Hop, what: str) -> None:
    (told,) = find(Zone(ZONE), {**GOOD, AC: answer}, LOST[:2])
    assert told.what.what == what

"""The faults, and what each mail program comes to: a person's reading of the facts.

The facts are those of `docs/clients.md` and of the sources that it names, and what real programs
did when they were run; no code of the command took part. The programs are named by their ids in
`autoconfig/programs/programs.toml`.

Most faults are in a domain of Email Pro without SRV records: there Mozilla's database has the wrong
server under the name of the MX, so that "wrong", "nothing" and "right" are told apart.
"""

from collections.abc import Mapping
from functools import partial

from tests.real.world import odd_web as odd
from tests.real.world.addresses import (
    CLOSED,
    DROPPED,
    HTTP_ALONE,
    NO_CERTIFICATE,
    ODD,
    OLD_TLS,
    OURS,
    OWNERS,
    PLAIN,
    SILENT,
    UNREACHABLE,
    Place,
)
from tests.real.world.case import RESULTS, Fault
from tests.real.world.certificates import Kind
from tests.real.world.odd_web import NOT_FOUND, Reply, Site, by_path, ours, page, redirect
from tests.real.world.texts import (
    DATABASE,
    EMPTY,
    ERROR,
    HOSTER,
    OLD_HOSTER,
    autodiscover,
    redirect_url,
)
from tests.support.requests import MOZILLA, POX, WELL_KNOWN
from tests.support.services import CATALOGUE
from tests.support.zones import BROKEN_SERVER, GOOGLE_MX, Kept

# ------------------------------------------------------------------ what healthy domains give

MAIL = (
    "thunderbird thunderbird-android delta-chat evolution geary gnome-online-accounts kmail "
    "nextcloud fairemail fairemail-play aerc aerc-debian pimalaya"
)
EXCHANGE = "exchangelib evolution-ews outlook outlook-older activesync apple-exchange"
NEVER = "new-outlook apple others"


def _table(results: Mapping[str, str]) -> dict[str, str]:
    assert set(results) <= set(RESULTS), results
    return {each: result for result, ids in results.items() for each in ids.split()}


_IMAP = _table({"right": f"{MAIL} outlook-older", "unknown": f"{EXCHANGE} {NEVER}"}) | {
    "outlook-older": "right"
}
_ACTIVESYNC = _IMAP | _table({"right": "activesync apple-exchange"})
_EXCHANGE = _table(
    {
        "right": f"{MAIL} exchangelib evolution-ews activesync apple-exchange",
        "asks": "thunderbird outlook outlook-older",  # Exchange is at another site
        "unknown": NEVER,
    }
)
_OWN_EXCHANGE = _EXCHANGE | _table({"right": "thunderbird outlook outlook-older"})
HEALTHY_RESULTS: Mapping[str, Mapping[str, str]] = {
    "mx-plan": _IMAP,
    "zimbra-starter": _IMAP,
    "zimbra-pro": _ACTIVESYNC,
    "zimbra-business": _ACTIVESYNC,
    "email-pro": _IMAP,
    "exchange-hosted": _EXCHANGE,
    "exchange-private": _OWN_EXCHANGE,
    "exchange-dedicated": _OWN_EXCHANGE,
}
"""By the offer, with all records: by program."""

_BARE = _table({"nothing": "aerc-debian"})  # which asks for SRV records alone
_BARE_OTHERS = _BARE | _table({"wrong": "fairemail-play"})  # its table knows one server of OVHcloud
_BARE_EXCHANGE = _BARE_OTHERS | _table({"nothing": "pimalaya"})  # which does not know the type ews
BARE_RESULTS: Mapping[str, Mapping[str, str]] = {
    "email-pro": _BARE_OTHERS,
    "exchange-hosted": _BARE_EXCHANGE,
}
"""By the offer, what differs without SRV records; `_BARE` else."""


def expected(fault: Fault) -> dict[str, str]:
    """By program, what it comes to; without those of which no fact tells it."""
    base = dict(HEALTHY_RESULTS[fault.boss or fault.offer])
    if fault.bare:
        base |= BARE_RESULTS.get(fault.offer, _BARE)
    found = base | _table(fault.results)
    return {each: result for each, result in found.items() if each not in fault.open.split()}


HEALTHY = tuple(
    Fault(f"{offer.id}-{region}", f"a healthy domain of {offer.name}", offer.id, region)
    for offer in CATALOGUE.offers.values()
    for region in offer.region
)

# ------------------------------------------------------------------------- faults of one kind

Pro = partial(Fault, offer="email-pro", bare=True)
Exchange = partial(Fault, offer="exchange-hosted")

MISLED = "thunderbird thunderbird-android evolution gnome-online-accounts"
"""Where the domain has no document, these take that of the provider in Mozilla's database."""
LOST = "geary kmail nextcloud aerc pimalaya"
"""These have none then. Delta Chat, FairEmail and Outlook have Autodiscover left."""
NO_DOCUMENT = {"wrong": MISLED, "nothing": LOST}
BY_HTTP = {"asks": "thunderbird-android", "nothing": "geary aerc pimalaya"}
"""The document is there by plain http alone. Delta Chat has Autodiscover left."""
ALL_MAIL_ASKS = f"{MISLED} {LOST} delta-chat fairemail"
"""These ask `autoconfig.` of the domain before they have anything else that is right."""

_html = page(
    200,
    b"<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>Welcome</title></head>"
    b"<body><p>Our site<br>is new</body></html>\n",
)
_hoster = odd.xml_page(OLD_HOSTER)
_wrong = odd.xml_page(DATABASE)


def _sends(**changes: object) -> Site:
    """Our own answer, of which something is changed."""
    return Site(ours(lambda reply: reply._replace(**changes)))  # type: ignore[arg-type]


def _text(old: bytes, new: bytes, count: int = -1) -> Site:
    """Our own answer, with other text in it."""
    return Site(ours(lambda reply: _replaced(reply, old, new, count)))


def _replaced(reply: Reply, old: bytes, new: bytes, count: int) -> Reply:
    return reply._replace(body=reply.body.replace(old, new, count))


CERTIFICATES = (
    *(
        Pro(
            name,
            f"the certificate of autoconfig {what}; plain http is well",
            sites={"autoconfig": Site(ours(), kind)},
            results=BY_HTTP,
            problems=problems,
        )
        for name, what, kind, problems in (
            ("certificate-expired", "has expired", Kind.EXPIRED, ("certificate-expired",)),
            ("certificate-future", "begins tomorrow", Kind.NOT_YET, ()),
            ("certificate-name", "is for a hoster's name", Kind.OTHER_NAME, ("certificate-name",)),
            ("certificate-apex", "is for the domain alone", Kind.APEX_ONLY, ("certificate-name",)),
            ("certificate-self", "is self-signed", Kind.SELF_SIGNED, ("certificate-self-signed",)),
            ("certificate-private", "is of a private CA", Kind.PRIVATE_CA, ()),
            ("certificate-issuer", "is of no known CA", Kind.UNKNOWN_CA, ("certificate-issuer",)),
            ("certificate-chain", "lacks its chain", Kind.INCOMPLETE, ("certificate-issuer",)),
        )
    ),
    Pro(
        "certificate-soon",
        "the certificate of autoconfig ends in some days",
        sites={"autoconfig": Site(ours(), Kind.SOON)},
        problems=("certificate-soon",),
    ),
    Pro(
        "certificate-wildcard",
        "the certificate is for every name of the domain, which is well",
        sites={"autoconfig": Site(ours(), Kind.WILDCARD)},
    ),
    Pro(
        "certificate-none",
        "autoconfig has no certificate for that name, and refuses the handshake",
        places={"autoconfig": NO_CERTIFICATE},
        results=BY_HTTP,
        problems=("tls-fails",),
    ),
    Pro(
        "old-tls",
        "autoconfig knows TLS 1.1 alone",
        places={"autoconfig": OLD_TLS},
        results=BY_HTTP,
        problems=("tls-fails",),
    ),
    Pro(
        "plain-on-443",
        "autoconfig speaks plain HTTP on port 443",
        places={"autoconfig": PLAIN},
        results=BY_HTTP,
        problems=("plain-on-tls-port",),
    ),
    Pro(
        "https-refused",
        "nobody listens on port 443 of autoconfig",
        places={"autoconfig": HTTP_ALONE},
        results=BY_HTTP,
        problems=("port-closed",),
    ),
    Pro(
        "certificate-expired-http-old",
        "the certificate has expired, and http has an old hoster's document",
        sites={"autoconfig": Site(_hoster, Kind.EXPIRED)},
        results={"wrong": f"{MISLED} kmail nextcloud", "nothing": "geary aerc pimalaya"},
        open="fairemail",  # which tries the old servers, and then those of Autodiscover
        problems=("certificate-expired", "wrong-document"),
    ),
    Pro(
        "http-to-broken-https",
        "plain http redirects to https, where the certificate has expired",
        sites={
            "autoconfig": Site(
                ours(), Kind.EXPIRED, http=redirect("https://{host}{target}", status=301)
            )
        },
        results=NO_DOCUMENT,
        problems=("certificate-expired",),
    ),
    Exchange(
        "autodiscover-certificate",
        "the certificate of autodiscover is for another name; http redirects",
        sites={"autodiscover": Site(ours(), Kind.OTHER_NAME)},
        problems=("certificate-name",),
    ),
)

NAMES = (
    Pro(
        "refused",
        "nobody listens at the address of autoconfig",
        places={"autoconfig": CLOSED},
        results=NO_DOCUMENT,
        problems=("port-closed",),
    ),
    Pro(
        "no-such-name",
        "autoconfig has no record",
        without=("autoconfig",),
        results=NO_DOCUMENT,
        problems=("missing-misled",),
    ),
    Pro(
        "no-address",
        "autoconfig has a TXT record alone",
        places={"autoconfig": Place()},
        records='autoconfig IN TXT "to do"\n',
        results=NO_DOCUMENT,
    ),
    Pro(
        "dangling-alias",
        "autoconfig is an alias of a name that does not exist",
        places={"autoconfig": Place()},
        records="autoconfig IN CNAME gone.hoster.example.\n",
        results=NO_DOCUMENT,
        problems=("dead-end",),
    ),
    Pro(
        "left-over-aliases",
        "both names still lead to the provider's old service, which is gone",
        places={"autoconfig": Place(), "autodiscover": Place()},
        records="".join(
            f"{name} IN CNAME mailconfig.ovh.net.\n" for name in ("autoconfig", "autodiscover")
        ),
        results={"wrong": f"{MISLED} fairemail", "nothing": f"{LOST} delta-chat outlook-older"},
        problems=("record-left-over",),
    ),
    Fault(
        "nothing-published",
        "an MX Plan domain has its MX and nothing else",
        bare=True,
        without=("autoconfig", "autodiscover"),
        results={"asks": "thunderbird-android", "nothing": f"{LOST} delta-chat outlook-older"},
    ),
    Pro(
        "nothing-published-pro",
        "an Email Pro domain has its MX and nothing else",
        without=("autoconfig", "autodiscover"),
        results={"wrong": f"{MISLED} fairemail", "nothing": f"{LOST} delta-chat outlook-older"},
        problems=("missing-misled",),
    ),
    Fault(
        "nothing-published-canada",
        "a Canadian domain has its MX and nothing else",
        region="ca",
        bare=True,
        without=("autoconfig", "autodiscover"),
        results={
            "wrong": "evolution",  # which goes by the name server, of ovh.net here
            "nothing": (
                f"thunderbird thunderbird-android gnome-online-accounts {LOST} delta-chat "
                "fairemail fairemail-play outlook-older"
            ),
        },
        problems=("missing-misled",),
    ),
    Pro(
        "wildcard",
        "the names have no record, and *. leads to a site that answers all with a page",
        sites={"autoconfig": Site(_html), "autodiscover": Site(_html)},
        places={"autoconfig": Place(), "autodiscover": Place()},
        records=ODD.records("*"),
        results={"wrong": f"{MISLED} fairemail", "nothing": f"{LOST} delta-chat outlook-older"},
        problems=("wildcard",),
    ),
    Pro(
        "wildcard-beside",
        "*. leads to a site, and the names have records of their own: well",
        sites={"*": Site(_html)},
    ),
    Pro(
        "lame-name",
        "the name servers of autoconfig fail",
        places={"autoconfig": Place()},
        records=f"autoconfig IN NS {BROKEN_SERVER}\n",
        results={"undecided": ALL_MAIL_ASKS},
        problems=("look-up-failed",),
    ),
    Pro(
        "alias-loop",
        "autoconfig and web are aliases of one another",
        places={"autoconfig": Place()},
        records="autoconfig IN CNAME web\nweb IN CNAME autoconfig\n",
        results={"undecided": ALL_MAIL_ASKS},
        problems=("look-up-failed",),
    ),
    Pro(
        "lame-zone",
        "every name server of the domain fails",
        kept=Kept.LAME,
        results={"undecided": f"{MAIL} outlook-older"},
        problems=("look-up-failed",),
    ),
    Pro(
        "silent-zone",
        "no name server of the domain answers",
        kept=Kept.SILENT,
        results={"undecided": f"{MAIL} outlook-older"},
        problems=("look-up-failed",),
    ),
    Pro(
        "no-domain",
        "the domain does not exist",
        kept=Kept.NOWHERE,
        results={"nothing": f"{MAIL} outlook-older"},
    ),
    Pro(
        "mail-elsewhere",
        "the MX lead to another provider, which no program minds that finds the document",
        mx=GOOGLE_MX,
        results={"nothing": "fairemail-play"},
        problems=("drift-mail-elsewhere",),
    ),
    Pro(
        "signed",
        "the zone is signed: well",
        kept=Kept.SIGNED,
    ),
    Pro(
        "forged",
        "the zone is signed, and has other MX than those: the resolver refuses them",
        kept=Kept.FORGED,
        open="fairemail fairemail-play",
        problems=("look-up-failed",),
    ),
    Pro(
        "caa",
        "CAA permits another issuer than that of the certificate",
        records='@ IN CAA 0 issue "digicert.com"\n',
        problems=("caa-forbids",),
    ),
    Pro(
        "unicode",
        "the domain has letters that are not ASCII: well",
        name="xn--exmple-cua.example",
    ),
    Fault(
        "below-ovh",
        "FairEmail's own table has every domain below .ovh, whatever it is",
        offer="email-pro",
        name="w-email-pro.ovh",
        results={"wrong": "fairemail fairemail-play"},
    ),
)

SRV = (
    Fault(
        "old-srv",
        "SRV records of an old MX Plan zone are left in one of Email Pro",
        offer="email-pro",
        bare=True,
        records=(
            "_imaps._tcp IN SRV 0 0 993 ssl0.ovh.net.\n"
            "_submission._tcp IN SRV 0 0 465 ssl0.ovh.net.\n"
            "_autodiscover._tcp IN SRV 0 0 443 mailconfig.ovh.net.\n"
        ),
        results={"wrong": "aerc aerc-debian"},
        problems=("record-left-over", "record-other-offer"),
    ),
    Fault(
        "submission-465",
        "the record for STARTTLS names port 465, as OVHcloud's default does",
        bare=True,
        records=(
            "_imaps._tcp IN SRV 0 0 993 ssl0.ovh.net.\n"
            "_submission._tcp IN SRV 0 0 465 ssl0.ovh.net.\n"
        ),
        results={"wrong": "aerc aerc-debian"},
    ),
    Fault(
        "srv-elsewhere",
        "SRV records lead to an old hoster",
        without=("_imaps._tcp", "_submission._tcp"),
        records=(
            "_imaps._tcp IN SRV 0 0 993 imap.hoster.example.\n"
            "_submission._tcp IN SRV 0 0 587 smtp.hoster.example.\n"
        ),
        results={"wrong": "aerc aerc-debian"},
        problems=("record-not-of-service",),
    ),
    Exchange(
        "srv-alone",
        "Exchange has the SRV record, and no name autodiscover",
        without=("autodiscover",),
    ),
    Exchange(
        "no-autodiscover",
        "Exchange has neither the SRV record nor the name autodiscover",
        without=("autodiscover", "_autodiscover._tcp"),
        results={
            "right": "thunderbird",
            "nothing": "exchangelib evolution-ews outlook outlook-older activesync apple-exchange",
        },
    ),
    Exchange(
        "srv-of-another-server",
        "the SRV record names another Exchange server, and there is no name autodiscover",
        without=("autodiscover", "_autodiscover._tcp"),
        records="_autodiscover._tcp IN SRV 0 0 443 ex5.mail.ovh.net.\n",
        open=EXCHANGE,  # the other server refuses the password, and so leads to nothing
        problems=("drift-other-service",),
    ),
)

OLD_DOCUMENTS = (
    Pro(
        "old-document",
        "an old hoster answers for autoconfig, by https and http",
        sites={"autoconfig": Site(_hoster)},
        results={"wrong": f"{MISLED} {LOST} delta-chat"},
        open="fairemail",  # which tries the old servers, and then those of Autodiscover
        problems=("wrong-document",),
    ),
    Pro(
        "other-offer",
        "the document names the servers of MX Plan, as many articles have it",
        sites={"autoconfig": Site(_wrong)},
        results={"wrong": f"{MISLED} {LOST} delta-chat"},
        open="fairemail",
        problems=("wrong-document",),
    ),
    Pro(
        "old-well-known",
        "the site has an old document, which comes after ours",
        sites={"@": Site(by_path({WELL_KNOWN: _hoster}))},
        problems=("wrong-document",),
    ),
    Pro(
        "old-well-known-alone",
        "the site has an old document, and there is no name autoconfig",
        sites={"@": Site(by_path({WELL_KNOWN: _hoster}))},
        without=("autoconfig",),
        results={
            "wrong": f"{MISLED} kmail nextcloud aerc pimalaya delta-chat",
            "nothing": "geary",
        },
        open="fairemail",
        problems=("wrong-document",),
    ),
    Pro(
        "old-by-http",
        "an old hoster still answers by plain http",
        sites={"autoconfig": Site(ours(), http=_hoster)},
        problems=("http-differs",),
    ),
    Pro(
        "old-in-database",
        "Mozilla's database has an old document of the domain",
        database=OLD_HOSTER,
        results={"wrong": "kmail"},
    ),
    Pro(
        "old-autodiscover",
        "an old hoster answers for autodiscover",
        sites={"autodiscover": Site(by_path({POX: odd.xml_page(autodiscover(*HOSTER))}))},
        results={"wrong": "outlook-older"},
        problems=("wrong-document",),
    ),
    Fault(
        "provider-answers",
        "nothing is published, and an old document stands under the MX's name",
        bare=True,
        without=("autoconfig", "autodiscover"),
        provider={"autoconfig.mail.ovh.net": ODD},
        results={
            "wrong": "thunderbird thunderbird-android nextcloud",
            "nothing": "geary kmail aerc pimalaya delta-chat outlook-older",
        },
    ),
    Fault(
        "address-of-its-own",
        "one address of an MX Plan domain is on Exchange; some programs ask without it",
        boss="exchange-hosted",
        results={
            "wrong": (
                "thunderbird-android evolution geary kmail fairemail-play aerc aerc-debian pimalaya"
            ),
        },
        open="fairemail",
    ),
)

ANSWERS = (
    *(
        Pro(
            f"media-type-{name}",
            f"our document comes as {media_type}",
            sites={"autoconfig": _sends(media_type=media_type)},
            results={"wrong": "thunderbird"},
            problems=("other-media-type",),
        )
        for name, media_type in (
            ("html", "text/html"),
            ("octets", "application/octet-stream"),
            ("capitals", "Text/XML"),
            ("none", None),
        )
    ),
    Pro(
        "media-type-application",
        "our document comes as application/xml: well",
        sites={"autoconfig": _sends(media_type="application/xml")},
    ),
    Pro(
        "blank-before-xml",
        "an empty line stands before our document",
        sites={"autoconfig": _text(b"<?xml", b"\n<?xml", 1)},
        results={"wrong": "thunderbird"},
        open="thunderbird-android geary gnome-online-accounts kmail nextcloud aerc pimalaya",
        problems=("bytes-before-xml",),
    ),
    Pro(
        "byte-order-mark",
        "a byte order mark stands before our document",
        sites={"autoconfig": _text(b"<?xml", b"\xef\xbb\xbf<?xml", 1)},
        results={"wrong": "evolution"},
        open="thunderbird-android geary gnome-online-accounts kmail nextcloud aerc pimalaya",
        problems=("byte-order-mark",),
    ),
    Pro(
        "no-id",
        "the document has no id",
        sites={"autoconfig": Site(ours(lambda reply: _without(reply, b" id=")))},
        results={"wrong": "thunderbird thunderbird-android"},
    ),
    Pro(
        "no-domain-element",
        "the document names no domain",
        sites={"autoconfig": Site(ours(lambda reply: _without(reply, b"<domain>")))},
        results={"wrong": "thunderbird thunderbird-android"},
    ),
    Pro(
        "odd-socket",
        "the IMAP server's socketType is TLS, a word that the format does not have",
        sites={"autoconfig": _text(b"<socketType>SSL<", b"<socketType>TLS<", 1)},
        results={"wrong": "thunderbird-android nextcloud aerc geary gnome-online-accounts"},
        open="evolution pimalaya thunderbird",  # Thunderbird takes POP3 then
    ),
    Pro(
        "oauth-alone",
        "the document has OAuth2 as its only authentication",
        sites={"autoconfig": _text(b">password-cleartext<", b">OAuth2<")},
        results={"wrong": "thunderbird"},
        open=f"{MAIL.replace('thunderbird ', '')}",
    ),
    Pro(
        "no-outgoing",
        "the document has no SMTP server",
        sites={"autoconfig": Site(ours(lambda reply: _without(reply, b"<outgoingServer")))},
        results={"wrong": "thunderbird thunderbird-android"},
        open=f"evolution delta-chat {LOST} gnome-online-accounts fairemail",
    ),
    Pro(
        "empty-document",
        "autoconfig answers with an empty clientConfig",
        sites={"autoconfig": Site(odd.xml_page(EMPTY))},
        results={
            "wrong": "thunderbird thunderbird-android",
            "nothing": f"{LOST} delta-chat evolution gnome-online-accounts",
        },
        problems=("empty-document",),
    ),
    Pro(
        "no-content",
        "autoconfig answers 204",
        sites={"autoconfig": Site(page(204, media_type=None))},
        results={"wrong": MISLED, "nothing": f"{LOST} delta-chat"},
    ),
    Pro(
        "web-page",
        "autoconfig answers with a page",
        sites={"autoconfig": Site(_html)},
        results=NO_DOCUMENT,
        problems=("web-page",),
    ),
    Pro(
        "web-page-by-http",
        "plain http answers with a page, and https has an expired certificate",
        sites={"autoconfig": Site(_html, Kind.EXPIRED)},
        results=NO_DOCUMENT,
    ),
    Pro(
        "login-page",
        "autoconfig redirects to a login page",
        sites={
            "autoconfig": Site(by_path({"/login": _html}, redirect("https://{host}/login?to=mail")))
        },
        results=NO_DOCUMENT,
        problems=("web-page",),
    ),
    Pro(
        "site-answers-all",
        "the owner's site answers everything with a page, after ours",
        sites={"@": Site(_html)},
        problems=("web-page",),
    ),
    Exchange(
        "site-answers-all-exchange",
        "the owner's site answers everything with a page, and Exchange programs ask it first",
        sites={"@": Site(_html)},
        problems=("web-page",),
    ),
    Pro(
        "site-alone-answers-all",
        "the owner's site answers everything with a page, and there is no name autoconfig",
        sites={"@": Site(_html)},
        without=("autoconfig",),
        results=NO_DOCUMENT,
    ),
    Pro(
        "site-redirects",
        "the owner's site redirects everything to www: well",
        sites={"@": Site(redirect("https://www.hoster.example/"))},
    ),
    *(
        Pro(
            f"status-{status}",
            f"autoconfig answers {status}",
            sites={"autoconfig": Site(page(status))},
            results=NO_DOCUMENT,
            problems=("error-code",),
        )
        for status in (401, 403, 404, 500, 503)
    ),
    Pro(
        "error-with-document",
        "autoconfig answers 404, with a right document",
        sites={"autoconfig": _sends(status=404)},
        results=NO_DOCUMENT,
    ),
)


def _without(reply: Reply, what: bytes) -> Reply:
    """The answer without an attribute, or without the lines of an element."""
    start = reply.body.find(what)
    if what.endswith(b"="):
        end = reply.body.index(b'"', reply.body.index(b'"', start) + 1) + 1
        return reply._replace(body=reply.body[:start] + reply.body[end:])
    close = b"</" + what.strip(b"<>").split()[0] + b">"
    end = reply.body.rindex(close) + len(close)
    return reply._replace(body=reply.body[:start] + reply.body[end:])


REDIRECTS = (
    Pro(
        "redirect",
        "autoconfig redirects to another path, by an absolute address",
        sites={
            "autoconfig": Site(
                by_path(
                    {MOZILLA: redirect("https://{host}/v1.1{target}")},
                    ours(),
                )
            )
        },
        results={"nothing": "pimalaya"},
    ),
    Pro(
        "redirect-relative",
        "autoconfig redirects to another path, by a relative address",
        sites={"autoconfig": Site(by_path({MOZILLA: redirect("/v1.1{target}")}, ours()))},
        results={"nothing": "pimalaya"},
        problems=("redirect-relative",),
    ),
    Pro(
        "redirect-from-http",
        "plain http redirects to https: well",
        sites={"autoconfig": Site(ours(), http=redirect("https://{host}{target}", 301))},
    ),
    Pro(
        "redirect-to-old-hoster",
        "autoconfig redirects to an old hoster, who has a document",
        sites={"autoconfig": Site(redirect("https://autoconfig.hoster.example{target}"))},
        results={
            "wrong": f"{MISLED} {LOST.replace(' pimalaya', '')} delta-chat",
            "nothing": "pimalaya",
        },
        open="fairemail",
        problems=("wrong-document",),
    ),
    Pro(
        "redirect-loop",
        "autoconfig redirects to itself",
        sites={"autoconfig": Site(redirect("https://{host}{target}"))},
        results=NO_DOCUMENT,
        problems=("redirects-without-end",),
    ),
    Pro(
        "redirect-nowhere",
        "autoconfig redirects to a name that does not exist",
        sites={"autoconfig": Site(redirect("https://gone.hoster.example{target}"))},
        results=NO_DOCUMENT,
        problems=("redirect-nowhere",),
    ),
    Pro(
        "redirect-to-nonsense",
        "autoconfig redirects to what is no address of the web",
        sites={"autoconfig": Site(redirect("http://[bad/"))},
        results=NO_DOCUMENT,
        problems=("bad-redirect",),
    ),
)

EXCHANGE_FAULTS = (
    Exchange(
        "autodiscover-error",
        "autodiscover answers 200 with an error",
        sites={"autodiscover": Site(by_path({POX: odd.xml_page(ERROR)}))},
        results={"right": "thunderbird", "nothing": "exchangelib"},  # the end for both
        open="outlook outlook-older",
    ),
    Exchange(
        "autodiscover-page",
        "autodiscover answers with a page",
        sites={"autodiscover": Site(_html)},
        results={"right": "thunderbird"},
        problems=("web-page",),
    ),
    Exchange(
        "autodiscover-redirect-url",
        "autodiscover answers with the element RedirectUrl in place of a redirect",
        sites={
            "autodiscover": Site(
                by_path(
                    {
                        POX: odd.xml_page(
                            redirect_url("https://ex4.mail.ovh.net/autodiscover/autodiscover.xml")
                        )
                    }
                )
            )
        },
        results={"right": "thunderbird"},
        open="exchangelib evolution-ews activesync apple-exchange outlook outlook-older",
    ),
    Exchange(
        "autodiscover-mail-settings",
        "autodiscover answers with settings of mail, as a panel does",
        sites={"autodiscover": Site(by_path({POX: odd.xml_page(autodiscover(*HOSTER))}))},
        results={"right": "thunderbird", "wrong": "outlook-older"},
        open="exchangelib outlook",
    ),
    Exchange(
        "autodiscover-elsewhere",
        "autodiscover redirects to an Exchange server of an old hoster",
        sites={"autodiscover": Site(redirect("https://www.hoster.example" + POX))},
        open="outlook outlook-older activesync apple-exchange",  # the others pass over a refusal
        problems=("wrong-elsewhere",),
    ),
    Exchange(
        "autodiscover-404",
        "autodiscover answers 404; the SRV record is left",
        sites={"autodiscover": Site(NOT_FOUND)},
    ),
    Exchange(
        "site-hangs-exchange",
        "the owner's site never answers, and Exchange programs ask it first",
        sites={"@": Site(odd.hang)},
        results={
            "undecided": f"{EXCHANGE} pimalaya"  # which passes over the document
        },
        problems=("no-answer",),
    ),
)

HANGING = (
    *(
        Pro(
            name,
            f"autoconfig: {what}",
            sites={"autoconfig": site} if site else {},
            places={"autoconfig": place},
            results={"undecided": ALL_MAIL_ASKS},
            problems=(problem,),
        )
        for name, what, place, site, problem in (
            ("hang-connect", "packets are lost", DROPPED, None, "no-answer"),
            ("hang-tls", "a connection, and then silence", SILENT, None, "no-answer"),
            ("hang-answer", "a request, and then silence", ODD, Site(odd.hang), "no-answer"),
            ("trickle", "some octets a second", ODD, Site(odd.trickle), "no-answer"),
            ("unreachable", "there is no route", UNREACHABLE, None, "unreachable"),
        )
    ),
    Pro(
        "site-hangs",
        "the owner's site never answers, which matters to Outlook alone",
        sites={"@": Site(odd.hang)},
        results={"undecided": "outlook-older"},
        problems=("no-answer",),
    ),
    Pro(
        "everything-hangs",
        "no host of the domain answers",
        places=dict.fromkeys(("autoconfig", "autodiscover", "@"), DROPPED),
        results={"undecided": f"{ALL_MAIL_ASKS} outlook-older"},
        problems=("no-answer",),
    ),
)

FAMILIES = (
    Pro(
        "six-refused",
        "nobody listens at the IPv6 address of autoconfig",
        places={"autoconfig": Place(OURS.four, CLOSED.six)},
        problems=("ipv6-fails",),
    ),
    Pro(
        "six-lost",
        "packets for the IPv6 address of autoconfig are lost",
        places={"autoconfig": Place(OURS.four, DROPPED.six)},
        problems=("ipv6-fails",),
    ),
    Pro(
        "six-old",
        "the IPv6 address of autoconfig is still that of an old hoster",
        sites={"autoconfig": Site(_hoster)},
        places={"autoconfig": Place(OURS.four, ODD.six)},
        results={"wrong": f"{MISLED} {LOST} delta-chat"},
        open="fairemail",
        problems=("families-differ",),
    ),
    Pro(
        "four-old",
        "the IPv4 address of autoconfig is still that of an old hoster",
        sites={"autoconfig": Site(_hoster)},
        places={"autoconfig": Place(ODD.four, OURS.six)},
        problems=("families-differ",),
    ),
    Pro(
        "six-page",
        "the IPv6 address of autoconfig is that of a web site",
        places={"autoconfig": Place(OURS.four, OWNERS.six)},
        results=NO_DOCUMENT,
        problems=("ipv6-fails",),
    ),
    Pro(
        "four-alone",
        "autoconfig has an IPv4 address alone: well",
        places={"autoconfig": Place(OURS.four)},
    ),
    Pro(
        "six-alone",
        "autoconfig has an IPv6 address alone: well, where there is IPv6",
        places={"autoconfig": Place("", OURS.six)},
    ),
)

HOSTILE = (
    *(
        Pro(
            f"hostile-{name}",
            what,
            sites={"autoconfig": Site(manner)},
            results=NO_DOCUMENT,
            problems=problems,
        )
        for name, what, manner, problems in (
            ("endless", "a body without end", odd.endless, ("too-large",)),
            ("head", "a head without end", odd.endless_head, ()),
            ("bomb", "64 MiB in 300 kB", odd.bomb, ("too-large",)),
            ("garbage", "what is not HTTP", odd.not_http, ("not-http",)),
            ("closed", "the connection ends without an answer", odd.close, ("closes",)),
        )
    ),
    Pro(
        "hostile-laughs",
        "billion laughs",
        sites={"autoconfig": Site(odd.LAUGHS)},
        results={"wrong": "thunderbird evolution", "nothing": "delta-chat"},
        open=f"thunderbird-android gnome-online-accounts {LOST}",
    ),
    *(
        Pro(
            f"hostile-{name}",
            what,
            sites={"autoconfig": Site(manner)},
            open=f"{MAIL}",  # it depends on each one's parser; the check must hold
        )
        for name, what, manner in (
            ("outside", "entities outside", odd.OUTSIDE),
            ("deep", "50,000 elements within one another", odd.DEEP),
            ("huge", "30,000 providers", odd.HUGE),
        )
    ),
)

MAIL_CERTIFICATES = tuple(
    Fault(
        f"mail-{name}",
        f"the certificate of the customer's own mail server {what}",
        offer="exchange-private",
        mail=kind,
    )
    for name, what, kind in (
        ("name", "is for a hoster's name", Kind.OTHER_NAME),
        ("expired", "has expired", Kind.EXPIRED),
        ("self-signed", "is self-signed", Kind.SELF_SIGNED),
        ("issuer", "is of no known CA", Kind.UNKNOWN_CA),
    )
)
"""Their programs come to what they come to else: none looks at a mail server before it has it."""

PROVIDER_SITES = {
    "autoconfig.hoster.example": Site(_hoster),
    "autoconfig.mail.ovh.net": Site(_hoster),
    "www.hoster.example": Site(by_path({POX: page(401)}, _html)),
}
"""Hosts that stand in no domain of the world."""

FAULTS: tuple[Fault, ...] = (
    *CERTIFICATES,
    *NAMES,
    *SRV,
    *OLD_DOCUMENTS,
    *ANSWERS,
    *REDIRECTS,
    *EXCHANGE_FAULTS,
    *HANGING,
    *FAMILIES,
    *HOSTILE,
    *MAIL_CERTIFICATES,
)

"""Certificates of every kind, and what is no TLS."""

from tests.real.world.addresses import HTTP_ALONE, NO_CERTIFICATE, OLD_TLS, PLAIN
from tests.real.world.case import Fault
from tests.real.world.certificates import Kind
from tests.real.world.faults.kinds import OLD_PAGE, Exchange, Pro
from tests.real.world.faults.results import BY_HTTP, MISLED, NO_DOCUMENT
from tests.real.world.odd_web import Site, ours, redirect

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
            ("certificate-future", "begins tomorrow", Kind.NOT_YET, ("certificate-early",)),
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
        open="geary",  # which takes what its system's library takes
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
        sites={"autoconfig": Site(OLD_PAGE, Kind.EXPIRED)},
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
